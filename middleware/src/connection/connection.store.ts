import type { Organization } from '../salesforce/organization';
import type { Db } from '../store/db';
import type { SignInFlow } from '../sync/org.store';
import { dropOtherOrg } from './other-org.store';

/** What a connection is made of; secrets are sealed. */
export interface Credentials {
  loginUrl: string;
  flow: SignInFlow;
  clientId: string;
  clientSecretSealed: string | null;
  username: string | null;
  privateKeySealed: string | null;
  /** PEM, to be uploaded to the app; null where the key was not made here. */
  certificate: string | null;
}

/** What of a connection only its own page shows. */
export interface ConnectionDetails {
  orgId: string;
  certificate: string | null;
  /** Username of the API user, as the last look told. */
  signedInAs: string | null;
  /** When the present session was granted. */
  sessionAt: Date | null;
}

interface DetailsRow {
  id: string;
  certificate: string | null;
  signed_in_as: string | null;
  session_at: Date | null;
}

/** Of every org. */
export async function readConnectionDetails(db: Db): Promise<Map<string, ConnectionDetails>> {
  const { rows } = await db.query<DetailsRow>('select id, certificate, signed_in_as, session_at from org');
  return new Map(
    rows.map((row) => [
      row.id,
      {
        orgId: row.id,
        certificate: row.certificate,
        signedInAs: row.signed_in_as,
        sessionAt: row.session_at,
      },
    ]),
  );
}

const columns = (made: Credentials): unknown[] => [
  made.loginUrl,
  made.flow,
  made.clientId,
  made.clientSecretSealed,
  made.username,
  made.privateKeySealed,
  made.certificate,
];

/** Adds an org. @returns false when there is one of that id. */
export async function insertOrg(
  db: Db,
  { id, fromEnvironment, ...made }: Credentials & { id: string; fromEnvironment: boolean },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into org (id, from_environment, created_at, login_url, flow, client_id, client_secret_sealed, username,
       private_key_sealed, certificate)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
    [id, fromEnvironment, now.toISOString(), ...columns(made)],
  );
  return rowCount === 1;
}

/** Changes how an org is signed in to. The session of before is dropped: it may be somebody else's. */
export async function updateCredentials(
  db: Db,
  { id, fromEnvironment, ...made }: Credentials & { id: string; fromEnvironment: boolean },
): Promise<void> {
  await dropOtherOrg(db, id);
  await db.query(
    `update org set from_environment = $2, login_url = $3, flow = $4, client_id = $5, client_secret_sealed = $6,
       username = $7, private_key_sealed = $8, certificate = $9, sign_in_version = sign_in_version + 1,
       session_sealed = null, session_at = null
     where id = $1`,
    [id, fromEnvironment, ...columns(made)],
  );
}

/** The session as kept, and whether the connection that asks for it is still the present one. */
export interface KeptSession {
  sealed: string | null;
  isPresent: boolean;
}

/** @param signInVersion of the connection that asks. */
export async function readSession(db: Db, orgId: string, signInVersion: number): Promise<KeptSession> {
  const { rows } = await db.query<KeptSession>(
    `select session_sealed as sealed, sign_in_version = $2 and access <> 'disconnected' as "isPresent"
     from org where id = $1`,
    [orgId, signInVersion],
  );
  return rows[0] ?? { sealed: null, isPresent: false };
}

/** Keeps a session. @returns false, with nothing kept, when the connection was changed meanwhile. */
export async function saveSession(
  db: Db,
  orgId: string,
  { sealed, signInVersion, now }: { sealed: string; signInVersion: number; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update org set session_sealed = $2, session_at = $4
     where id = $1 and sign_in_version = $3 and access <> 'disconnected'`,
    [orgId, sealed, signInVersion, now.toISOString()],
  );
  return rowCount === 1;
}

/** The session that a person got in the browser: from now on it is the org's, whoever's was before. */
export async function replaceSession(db: Db, orgId: string, sealed: string, now: Date): Promise<void> {
  await db.query(
    `update org set session_sealed = $2, session_at = $3, sign_in_version = sign_in_version + 1, access = 'connected',
       access_since = $3, access_code = null, access_cause = null, access_remedy = null, renewing_by = null,
       renewing_until = null
     where id = $1`,
    [orgId, sealed, now.toISOString()],
  );
}

/** Why an org does not let the connector in, in words for the admin. */
export interface Loss {
  code: string;
  cause: string;
  remedy: string;
}

/**
 * Marks that the org does not let the connector in. The instant of the first time stays.
 *
 * @param signInVersion of the connection that was refused: a refusal of an older one says nothing of the present one.
 * @param isFinal the session is of no use any more, and is dropped.
 * @returns false when it was not the present connection.
 */
export async function markLost(
  db: Db,
  orgId: string,
  { code, cause, remedy }: Loss,
  { signInVersion, isFinal, now }: { signInVersion: number; isFinal: boolean; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update org set access = case when access = 'new' then 'new' else 'lost' end,
       access_since = case when access = 'lost' then access_since else $6::timestamptz end,
       access_code = $2, access_cause = $3, access_remedy = $4,
       session_sealed = case when $7 then null else session_sealed end
     where id = $1 and sign_in_version = $5 and access <> 'disconnected'`,
    [orgId, code, cause, remedy, signInVersion, now.toISOString(), isFinal],
  );
  return rowCount === 1;
}

/** Marks that the org lets the connector in. @returns false when it was marked so, or an admin ended it meanwhile. */
export async function markConnected(db: Db, orgId: string, signInVersion: number, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update org set access = 'connected', access_since = $3, access_code = null, access_cause = null, access_remedy = null
     where id = $1 and sign_in_version = $2 and access in ('new', 'lost')`,
    [orgId, signInVersion, now.toISOString()],
  );
  return rowCount === 1;
}

/** Marks that an admin ended the connection; its settings stay. */
export async function markDisconnected(db: Db, orgId: string, { code, cause, remedy }: Loss, now: Date): Promise<void> {
  await dropOtherOrg(db, orgId);
  await db.query(
    `update org set access = 'disconnected', access_since = $5, access_code = $2, access_cause = $3, access_remedy = $4,
       session_sealed = null, session_at = null, sign_in_version = sign_in_version + 1
     where id = $1`,
    [orgId, code, cause, remedy, now.toISOString()],
  );
}

/** An admin wants to be let in again: tried anew, under another version. */
export async function reopenOrg(db: Db, orgId: string): Promise<void> {
  await db.query(
    `update org set sign_in_version = sign_in_version + 1, session_sealed = null,
       access = case when access = 'disconnected' then 'lost' else access end
     where id = $1`,
    [orgId],
  );
}

/** Remembers who the connector is in an org. */
export async function saveIdentity(
  db: Db,
  orgId: string,
  { username, organization }: { username: string; organization: Organization | null },
): Promise<void> {
  await db.query(
    `update org set signed_in_as = nullif($2, ''), organization_name = coalesce($3, organization_name),
       is_sandbox = coalesce($4, is_sandbox)
     where id = $1`,
    [orgId, username, organization?.name ?? null, organization?.isSandbox ?? null],
  );
}
