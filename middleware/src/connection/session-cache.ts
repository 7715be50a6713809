import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignInRefusedError } from '../salesforce/errors';
import type { TokenCache } from '../salesforce/org-connection';
import type { Token } from '../salesforce/sign-in';
import { SecretError, type SecretBox } from '../security/secret-box';
import type { Db } from '../store/db';
import { confirmOrg, OtherOrgError, type Org } from '../sync/org.store';
import { readSession, saveSession } from './connection.store';
import { readOtherSession, saveOtherOrg } from './other-org.store';
import { endRenewal, takeRenewal } from './renewal.store';

/** Longer than a sign-in takes, which is given up after 30 seconds. */
const LEASE_MS = 45_000;
const LOOK_MS = 100;
/** How often a store is asked to keep a session: with rotation there is no other copy of it. */
const SAVE_ATTEMPTS = 20;
const SAVE_PAUSE_MS = 500;

export interface SessionCacheDeps {
  store: Db;
  secrets: SecretBox;
  now: () => Date;
  /** How long the right to renew is kept by a process that died. Default 45,000. */
  leaseMs?: number;
}

/** What seals an org's session. */
export function sessionContext(orgId: string): string {
  return `org:${orgId}:session`;
}

/**
 * The session of an org, which all processes share: one renews it at a time, and a new one is kept before it is used.
 *
 * When a process dies between Salesforce's answer and the store, or the answer is lost on its way, the next one signs in again. That works with every flow
 * but one: where refresh tokens rotate, the old one is dead by then, and nobody has the new one. Then the sign-in is
 * refused with the code RENEWAL_LOST, and somebody has to sign in.
 */
export function sessionCache(
  org: Pick<Org, 'id' | 'signInVersion' | 'salesforceOrgId' | 'isOther'>,
  { store, secrets, now, leaseMs = LEASE_MS }: SessionCacheDeps,
): TokenCache {
  const holder = randomUUID();
  let saved = 0;

  const load = async (): Promise<Token | null> => {
    const { sealed, isPresent } =
      org.isOther === true ? await readOtherSession(store, org) : await readSession(store, org.id, org.signInVersion);
    if (!isPresent) throw superseded();
    return sealed === null ? null : openSession(sealed);
  };

  const openSession = (sealed: string): Token | null => {
    try {
      return JSON.parse(secrets.open(sealed, sessionContext(org.id))) as Token;
    } catch (error) {
      // Sealed with a key that is gone: as if there were none.
      if (error instanceof SecretError) return null;
      throw error;
    }
  };

  /** @throws OtherOrgError, with where the sign-in led kept for an admin. */
  const keep = async (token: Token, sealed: string): Promise<boolean> => {
    const { orgId: salesforceOrgId, instanceUrl } = token;
    const kept = { sealed, signInVersion: org.signInVersion, now: now() };
    const keepOther = (): Promise<void> => saveOtherOrg(store, org.id, { ...kept, salesforceOrgId, instanceUrl });
    try {
      await confirmOrg(store, org.id, { salesforceOrgId, instanceUrl });
    } catch (error) {
      if (!(error instanceof OtherOrgError)) throw error;
      await keepOther();
      // Whoever looks at that org is where he wants to be.
      if (org.isOther === true && salesforceOrgId === org.salesforceOrgId) return true;
      throw error;
    }
    return org.isOther !== true && (await saveSession(store, org.id, kept));
  };

  const save = async (token: Token): Promise<void> => {
    const sealed = secrets.seal(JSON.stringify(token), sessionContext(org.id));
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (await keep(token, sealed)) {
          saved += 1;
          return;
        }
        throw superseded();
      } catch (error) {
        if (isAnswer(error) || attempt === SAVE_ATTEMPTS) throw error;
        await sleep(SAVE_PAUSE_MS);
      }
    }
  };

  const exclusively = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    let taken = await takeRenewal(store, org.id, { holder, leaseMs });
    for (; taken === null; taken = await takeRenewal(store, org.id, { holder, leaseMs })) await sleep(LOOK_MS);
    let isSettled = false;
    const savedBefore = saved;
    try {
      const result = await work();
      // Who found a session in the store, or only looked, tells nothing of a renewal that nobody ended.
      isSettled = !taken.isUnfinished || saved > savedBefore;
      return result;
    } catch (error) {
      // Anything else, a time-out or a store that fails, may have cost us the token that was granted.
      isSettled = isAnswer(error);
      const isLost = taken.isUnfinished && error instanceof SignInRefusedError && error.isTokenDead;
      throw isLost ? renewalLost() : error;
    } finally {
      await endRenewal(store, org.id, holder, isSettled);
    }
  };

  return { load, save, exclusively };
}

/** Whether it is known what came of a renewal. */
function isAnswer(error: unknown): boolean {
  return error instanceof SignInRefusedError || error instanceof OtherOrgError;
}

/** The connection was changed or ended since it was opened: whoever uses it opens it anew. */
function superseded(): SignInRefusedError {
  return new SignInRefusedError('SUPERSEDED', {
    class: 'signIn',
    cause: 'The connection to the org was changed or ended a moment ago.',
    remedy: 'Nothing to do: the connector goes on with the present one.',
  });
}

function renewalLost(): SignInRefusedError {
  return new SignInRefusedError(
    'RENEWAL_LOST',
    {
      class: 'signIn',
      cause:
        'While the session was renewed, the connector was stopped or the answer of Salesforce was lost, and with it the new refresh token. Salesforce no longer takes the one before.',
      remedy: 'Connect the org again. Nothing else is lost.',
    },
    { isTokenDead: true },
  );
}
