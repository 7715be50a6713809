import { endNotice, raiseNotice } from '../notice/notice.store';
import { SalesforceError, SignInRefusedError } from '../salesforce/errors';
import type { OrgConnection } from '../salesforce/org-connection';
import type { Db } from '../store/db';
import { namedOrg } from '../sync/environment';
import { OtherOrgError, type Org } from '../sync/org.store';
import { markConnected, markLost, type Loss } from './connection.store';

/** Refusals of a call that mean: this user may not use the API at all, whatever he asks for. */
const API_CLOSED: ReadonlySet<string> = new Set([
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'INVALID_SESSION_ID',
  'ORG_LOCKED',
]);
/** How often a call that succeeds looks whether another process has marked the org as lost. */
const LOOK_MS = 60_000;

/** The key of the notice that an org does not let the connector in. */
export function accessNoticeKey(orgId: string): string {
  return `access:${orgId}`;
}

/**
 * Whether an error means that the org does not let the connector in any more, and why. Pure.
 * @param org whose connection it is. @returns null for faults of the network, a spent allowance, and refusals of single calls and rows.
 */
export function lossOf(error: unknown, org: RefusingOrg): (Loss & { isFinal: boolean }) | null {
  if (error instanceof OtherOrgError)
    return { code: error.code, cause: error.message, remedy: error.remedy, isFinal: true };
  if (!(error instanceof SalesforceError)) return null;
  const { errorCode: code, reason: cause } = error;
  const remedy = remedyOf(error, org);
  const isLoss =
    error instanceof SignInRefusedError
      ? error.class !== 'retryLater' && code !== 'SUPERSEDED'
      : API_CLOSED.has(code) && error.class === 'orgWide';
  if (!isLoss) return null;
  const isFinal = error instanceof SignInRefusedError && error.isTokenDead;
  return { code, cause, remedy, isFinal };
}

/** What tells a sandbox. */
type RefusingOrg = Pick<Org, 'id' | 'organization' | 'instanceUrl' | 'loginUrl'>;

/** Refusals that a sandbox gives too once it was refreshed: its tokens are dead, and its apps may have other keys. */
const OF_REFRESHED: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'invalid_client_id',
  'NO_REFRESH_TOKEN',
  'session_refused',
]);

/** What to do about a refusal. Of a sandbox a dead token has one reason more than of other orgs. Pure. */
export function remedyOf(
  { errorCode, remedy }: Pick<SalesforceError, 'errorCode' | 'remedy'>,
  org: RefusingOrg,
): string {
  if (namedOrg(org).environment !== 'sandbox' || !OF_REFRESHED.has(errorCode)) return remedy;
  return `${remedy} If the sandbox was refreshed, it is another org now: connect it again, and then have bookings go there with "booking-connector org switch ${org.id}".`;
}

export interface AccessDeps {
  store: Db;
  now: () => Date;
  log: { warn(fields: object, message: string): void };
}

/**
 * Records a loss of access, and has it told once. Of an org that never let the connector in yet whoever connects it sees
 * it, unless the environment does.
 */
export async function recordLoss(
  { store, now }: Pick<AccessDeps, 'store' | 'now'>,
  org: Pick<Org, 'id' | 'signInVersion' | 'access' | 'fromEnvironment'>,
  { isFinal, ...loss }: Loss & { isFinal: boolean },
): Promise<void> {
  const { id, signInVersion } = org;
  if (!(await markLost(store, id, loss, { signInVersion, isFinal, now: now() }))) return;
  if (org.access.state === 'new' && !org.fromEnvironment) return;
  await raiseNotice(
    store,
    {
      key: accessNoticeKey(id),
      orgId: id,
      severity: 'error',
      what: `The org ${id} is disconnected: bookings are accepted and wait. ${loss.cause}`,
      remedy: loss.remedy,
    },
    now(),
  );
}

/** Records that the org lets the connector in. */
export async function recordAccess(
  { store, now }: Pick<AccessDeps, 'store' | 'now'>,
  { id, signInVersion }: Pick<Org, 'id' | 'signInVersion'>,
): Promise<void> {
  if (await markConnected(store, id, signInVersion, now())) await endNotice(store, accessNoticeKey(id), now());
}

/** A connection that records when the org does not let it in any more, and when it does again. */
export function watchAccess(connection: OrgConnection, org: Org, deps: AccessDeps): OrgConnection {
  /** As far as this process knows: in the store another one may have marked it. */
  let state = org.access.state;
  let lookedAt = -Infinity;
  const watched = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await work();
      if (state !== 'connected' || performance.now() - lookedAt > LOOK_MS) {
        lookedAt = performance.now();
        // What was asked is answered all the same.
        await recordAccess(deps, org).then(
          () => (state = 'connected'),
          (failure: unknown) =>
            deps.log.warn({ orgId: org.id, err: failure }, 'That an org lets us in is not recorded'),
        );
      }
      return result;
    } catch (error) {
      const loss = lossOf(error, org);
      if (loss !== null) {
        await recordLoss(deps, { ...org, access: { ...org.access, state } }, loss).catch((failure: unknown) =>
          deps.log.warn({ orgId: org.id, err: failure }, 'The loss of an org could not be recorded'),
        );
        if (state !== 'new') state = 'lost';
      }
      throw error;
    }
  };
  return {
    composite: (...args) => watched(() => connection.composite(...args)),
    describe: (...args) => watched(() => connection.describe(...args)),
    identity: () => watched(() => connection.identity()),
    keepAlive: () => watched(() => connection.keepAlive()),
    session: () => watched(() => connection.session()),
    get: (...args) => watched(() => connection.get(...args)),
    get clock() {
      return connection.clock;
    },
    get usage() {
      return connection.usage;
    },
  };
}
