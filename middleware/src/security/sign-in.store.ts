import type { Db } from '../store/db';
import { hashOf, newBearerSecret } from './bearer-secret';
import type { Person, Role } from './role';

/** How long a link to sign in by is good. */
export const LINK_MINUTES = 15;
/** How exactly it is known when a session was last used: writing it at every request would be too much. */
const SEEN_MS = 60_000;

interface PersonRow {
  name: string;
  role: Role;
  team_id: string;
  email: string | null;
}

/**
 * Makes a secret that signs somebody in once, within {@link LINK_MINUTES}. Expired ones are swept out.
 * @returns the secret, which is not kept.
 */
export async function createSignInLink(
  db: Db,
  { name, role, teamId, email = null }: Person,
  now: Date,
): Promise<string> {
  const secret = newBearerSecret();
  await db.query(
    `with swept as (delete from sign_in_link where expires_at <= $5)
     insert into sign_in_link (token_hash, name, role, team_id, created_at, expires_at, email)
     values ($1, $2, $3, $4, $5, $5::timestamptz + make_interval(mins => $6), $7)`,
    [hashOf(secret), name, role, teamId, now.toISOString(), LINK_MINUTES, email],
  );
  return secret;
}

/** Uses a link up. @returns whom it signs in; null when there is none, or it was used or has expired. */
export async function useSignInLink(db: Db, secret: string, now: Date): Promise<Person | null> {
  const { rows } = await db.query<PersonRow>(
    'delete from sign_in_link where token_hash = $1 and expires_at > $2 returning name, role, team_id, email',
    [hashOf(secret), now.toISOString()],
  );
  return rows.map(toPerson)[0] ?? null;
}

/** How long sessions last. */
export interface SessionLimits {
  idleMinutes: number;
  hours: number;
}

/** Starts a session. Ended ones are swept out. @returns its secret, which is not kept. */
export async function startSession(db: Db, person: Person, limits: SessionLimits, now: Date): Promise<string> {
  const secret = newBearerSecret();
  await db.query(
    `with swept as (
       delete from console_session where expires_at <= $5 or seen_at <= $5::timestamptz - make_interval(mins => $7)
     )
     insert into console_session (token_hash, name, role, team_id, created_at, seen_at, expires_at, email)
     values ($1, $2, $3, $4, $5, $5, $5::timestamptz + make_interval(hours => $6), $8)`,
    [
      hashOf(secret),
      person.name,
      person.role,
      person.teamId,
      now.toISOString(),
      limits.hours,
      limits.idleMinutes,
      person.email ?? null,
    ],
  );
  return secret;
}

/** Whose session it is, which counts as used by that. @returns null when there is none, or it has ended. */
export async function findSession(db: Db, secret: string, limits: SessionLimits, now: Date): Promise<Person | null> {
  const hash = hashOf(secret);
  const { rows } = await db.query<PersonRow & { seen_at: Date }>(
    `select name, role, team_id, email, seen_at from console_session
     where token_hash = $1 and expires_at > $2 and seen_at > $2::timestamptz - make_interval(mins => $3)`,
    [hash, now.toISOString(), limits.idleMinutes],
  );
  const [row] = rows;
  if (row === undefined) return null;
  if (now.getTime() - row.seen_at.getTime() > SEEN_MS) {
    await db.query('update console_session set seen_at = $2 where token_hash = $1', [hash, now.toISOString()]);
  }
  return toPerson(row);
}

/** Ends a session; one that has ended already is no fault. */
export async function endSession(db: Db, secret: string): Promise<void> {
  await db.query('delete from console_session where token_hash = $1', [hashOf(secret)]);
}

function toPerson({ name, role, team_id: teamId, email }: PersonRow): Person {
  return { name, role, teamId, email };
}
