import type { Db } from '../store/db';
import { hashOf, newBearerSecret } from './bearer-secret';
import type { Person, Role } from './role';

/** In front of every token, so that it is known for what it is where it should not be: in a log, in a repository. */
const PREFIX = 'bct_';
/** How exactly it is known when a token was last used. */
const USED_MS = 60_000;

/** A token as it is listed: never the token itself. */
export interface ApiToken {
  id: string;
  name: string;
  role: Role;
  createdAt: Date;
  /** To the minute; null when it never was. */
  usedAt: Date | null;
  revokedAt: Date | null;
}

interface TokenRow {
  id: string;
  name: string;
  role: Role;
  team_id: string;
  created_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
}

/** Makes a token for a program. @returns it with the token, which is not kept. */
export async function createApiToken(
  db: Db,
  { name, role, teamId }: Person,
  now: Date,
): Promise<ApiToken & { token: string }> {
  const token = `${PREFIX}${newBearerSecret()}`;
  const { rows } = await db.query<TokenRow>(
    `insert into api_token (token_hash, name, role, team_id, created_at) values ($1, $2, $3, $4, $5) returning *`,
    [hashOf(token), name, role, teamId, now.toISOString()],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('Inserting a token returned no row.');
  return { ...toToken(row), token };
}

/** Whose token it is. @returns null when there is none, or it was revoked. */
export async function findApiToken(db: Db, token: string, now: Date): Promise<Person | null> {
  const { rows } = await db.query<TokenRow>('select * from api_token where token_hash = $1 and revoked_at is null', [
    hashOf(token),
  ]);
  const [row] = rows;
  if (row === undefined) return null;
  if (row.used_at === null || now.getTime() - row.used_at.getTime() > USED_MS) {
    await db.query('update api_token set used_at = $2 where id = $1', [row.id, now.toISOString()]);
  }
  return { name: row.name, role: row.role, teamId: row.team_id };
}

/** Every token of a team, revoked ones too, in the order in which they were made. */
export async function readApiTokens(db: Db, teamId: string): Promise<ApiToken[]> {
  const { rows } = await db.query<TokenRow>('select * from api_token where team_id = $1 order by id', [teamId]);
  return rows.map(toToken);
}

/** Takes a token out of use for good. @returns whether there was one in use. */
export async function revokeApiToken(
  db: Db,
  { id, teamId }: { id: string; teamId: string },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update api_token set revoked_at = $3 where id::text = $1 and team_id = $2 and revoked_at is null`,
    [id, teamId, now.toISOString()],
  );
  return rowCount === 1;
}

function toToken(row: TokenRow): ApiToken {
  const { id, name, role, created_at: createdAt, used_at: usedAt, revoked_at: revokedAt } = row;
  return { id, name, role, createdAt, usedAt, revokedAt };
}
