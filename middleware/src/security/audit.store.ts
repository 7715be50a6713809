import type { Db } from '../store/db';
import { storable } from '../store/jsonb';
import type { Person, Role } from './role';

/** Which way somebody came. */
export const WAYS = ['cli', 'api', 'console'] as const;
export type Way = (typeof WAYS)[number];

/** Somebody who orders something. */
export interface Actor extends Person {
  via: Way;
}

/** What came of an order: carried out, refused for a reason of its own, or broken off by a fault. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** One line of the audit. */
export interface AuditEntry {
  id: string;
  at: Date;
  name: string;
  role: Role;
  via: Way;
  action: string;
  args: unknown;
  /** Null while it is under way, and when the server died in it. */
  outcome: AuditOutcome | null;
}

/**
 * Writes down that somebody is about to do something: before it is done, so that nothing is done unseen.
 * @param args without secrets and personal data.
 * @returns the entry's id, for `closeAudit`.
 */
export async function openAudit(
  db: Db,
  { actor, action, args, at }: { actor: Actor; action: string; args: object; at: Date },
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into audit (at, name, role, team_id, via, action, args) values ($1, $2, $3, $4, $5, $6, $7::jsonb)
     returning id`,
    [at.toISOString(), actor.name, actor.role, actor.teamId, actor.via, action, JSON.stringify(storable(args))],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('Inserting an audit entry returned no row.');
  return row.id;
}

/** Writes down what came of it. */
export async function closeAudit(db: Db, id: string, outcome: AuditOutcome): Promise<void> {
  await db.query('update audit set outcome = $2 where id = $1', [id, outcome]);
}

/** The newest entries of a team. @param before id of the last one that was read; null to begin. */
export async function readAudit(
  db: Db,
  { teamId, before, limit }: { teamId: string; before: string | null; limit: number },
): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditEntry>(
    `select id, at, name, role, via, action, args, outcome from audit
     where team_id = $1 and ($2::bigint is null or id < $2::bigint) order by id desc limit $3`,
    [teamId, before, limit],
  );
  return rows;
}
