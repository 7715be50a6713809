import { hashOf } from '../security/bearer-secret';
import type { Db } from '../store/db';

/** How long somebody has at the pages of Salesforce. */
export const SIGN_IN_MINUTES = 10;

/** A sign-in that was begun in a browser. */
export interface BegunSignIn {
  orgId: string;
  verifierSealed: string;
  callbackUrl: string;
}

/** What seals the code verifier of a begun sign-in. */
export function verifierContext(orgId: string): string {
  return `org:${orgId}:verifier`;
}

/**
 * Keeps a begun sign-in, and sweeps out expired ones.
 * @param state comes back from Salesforce. @param session whoever begins it shows this again at its end. Only hashes are kept.
 * @returns when it ends.
 */
export async function saveSignIn(
  db: Db,
  { state, session, orgId, verifierSealed, callbackUrl }: BegunSignIn & { state: string; session: string },
  now: Date,
): Promise<Date> {
  const expiresAt = new Date(now.getTime() + SIGN_IN_MINUTES * 60_000);
  await db.query(
    `with swept as (delete from org_sign_in where expires_at <= $6)
     insert into org_sign_in (state_hash, session_hash, org_id, verifier_sealed, callback_url, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [hashOf(state), hashOf(session), orgId, verifierSealed, callbackUrl, now.toISOString(), expiresAt.toISOString()],
  );
  return expiresAt;
}

/** Uses a begun sign-in up. @returns null when there is none of this session, or it was used or has expired. */
export async function takeSignIn(
  db: Db,
  { state, session, now }: { state: string; session: string; now: Date },
): Promise<BegunSignIn | null> {
  const { rows } = await db.query<{ org_id: string; verifier_sealed: string; callback_url: string }>(
    `delete from org_sign_in where state_hash = $1 and session_hash = $2 and expires_at > $3
     returning org_id, verifier_sealed, callback_url`,
    [hashOf(state), hashOf(session), now.toISOString()],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { orgId: row.org_id, verifierSealed: row.verifier_sealed, callbackUrl: row.callback_url };
}
