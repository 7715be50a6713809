import { connectOrg, type CallReport, type ConnectionLog, type OrgConnection } from '../salesforce/org-connection';
import type { SecretBox } from '../security/secret-box';
import type { Db } from '../store/db';
import { recordSpending } from '../sync/budget.store';
import type { CallMeter } from '../sync/call-meter';
import type { Org } from '../sync/org.store';
import { watchAccess } from './access';
import { openCredentials } from './credentials';
import { nextGrant } from './grant';
import { sessionCache } from './session-cache';

/** What connecting to orgs needs. */
export interface ConnectDeps {
  store: Db;
  secrets: SecretBox;
  /** Whether an org on this machine, the emulator, is accepted. */
  allowLoopback: boolean;
  log: ConnectionLog;
  now: () => Date;
  /** Called after each call that no lane makes. */
  onCall?: (orgId: string, purpose: string, durationMs: number) => void;
}

/** Connects to an org; nothing is sent before the connection's first call. */
export type Connect = (org: Org, meter?: Pick<CallMeter, 'beforeCall' | 'onCall'>) => OrgConnection;

/**
 * Makes the function that connects to an org. All connections of an org, in all processes, use one session; each records
 * when the org lets nobody in any more.
 *
 * @returns it takes the meter of a lane; without one each call is counted by itself, as what an admin's look at the org
 *   costs comes out of the same allowance.
 */
export function createConnect({ store, secrets, allowLoopback, log, now, onCall }: ConnectDeps): Connect {
  const count = (orgId: string, { purpose, durationMs, limitInfo }: CallReport): void => {
    onCall?.(orgId, purpose, durationMs);
    const spending = { calls: new Map([[purpose, 1]]), readings: limitInfo === null ? [] : [limitInfo], batch: null };
    recordSpending(store, orgId, null, spending, now()).catch((error: unknown) =>
      log.warn({ orgId, err: error }, 'A call could not be counted'),
    );
  };
  return (org, meter) => {
    const credentials = openCredentials(secrets, org);
    const connection = connectOrg({
      loginUrl: org.loginUrl,
      clientId: org.clientId,
      clientSecret: credentials.clientSecret,
      grant: (previous) => nextGrant(credentials, previous, { now: now(), allowLoopback }),
      allowLoopback,
      ...(meter ?? { onCall: (call: CallReport) => count(org.id, call) }),
      log,
      now,
      tokenCache: sessionCache(org, { store, secrets, now }),
    });
    // What an org says that is only looked at tells nothing of the one that is written to.
    return org.isOther === true ? connection : watchAccess(connection, org, { store, now, log });
  };
}
