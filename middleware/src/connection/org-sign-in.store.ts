import { hashOf } from '../security/bearer-secret';
import type { Db } from '../store/db';

/** How long somebody has at the pages of Salesforce. */
export const SIGN_IN_MINUTES = 10;

/** What a sign-in is for: to connect an org, or to tell who somebody is. One kind does not end the other. */
export type SignInPurpose = 'connect' | 'link';

/** A sign-in that was begun in a browser. */
export interface BegunSignIn {
  orgId: string;
  purpose: SignInPurpose;
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
  { state, session, orgId, purpose, verifierSealed, callbackUrl }: BegunSignIn & { state: string; session: string },
  now: Date,
): Promise<Date> {
  const expiresAt = new Date(now.getTime() + SIGN_IN_MINUTES * 60_000);
  await db.query(
    `with swept as (delete from org_sign_in where expires_at <= $6)
     insert into org_sign_in (state_hash, session_hash, org_id, verifier_sealed, callback_url, created_at, expires_at,
       purpose)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      hashOf(state),
      hashOf(session),
      orgId,
      verifierSealed,
      callbackUrl,
      now.toISOString(),
      expiresAt.toISOString(),
      purpose,
    ],
  );
  return expiresAt;
}

/** Uses a begun sign-in up. @returns null when there is none of this session and purpose, or it was used or has expired. */
export async function takeSignIn(
  db: Db,
  { state, session, purpose, now }: { state: string; session: string; purpose: SignInPurpose; now: Date },
): Promise<BegunSignIn | null> {
  const { rows } = await db.query<{ org_id: string; verifier_sealed: string; callback_url: string }>(
    `delete from org_sign_in where state_hash = $1 and session_hash = $2 and expires_at > $3 and purpose = $4
     returning org_id, verifier_sealed, callback_url`,
    [hashOf(state), hashOf(session), now.toISOString(), purpose],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { orgId: row.org_id, purpose, verifierSealed: row.verifier_sealed, callbackUrl: row.callback_url };
}
