import type { Db } from '../store/db';

/**
 * Takes the right to renew an org's session, unless somebody else has it.
 *
 * @param leaseMs how long a dead holder keeps it, by the database's clock.
 * @returns null while somebody else has it; `isUnfinished`: the one before never said what came of his.
 */
export async function takeRenewal(
  db: Db,
  orgId: string,
  { holder, leaseMs }: { holder: string; leaseMs: number },
): Promise<{ isUnfinished: boolean } | null> {
  const { rows } = await db.query<{ before: string | null }>(
    `with before as (select id, renewing_by from org where id = $1 for update)
     update org o set renewing_by = $2, renewing_until = clock_timestamp() + make_interval(secs => $3)
     from before where o.id = before.id and (o.renewing_by is null or o.renewing_until <= clock_timestamp())
     returning before.renewing_by as before`,
    [orgId, holder, leaseMs / 1000],
  );
  return rows[0] === undefined ? null : { isUnfinished: rows[0].before !== null };
}

/**
 * Gives it back.
 * @param isSettled what came of it is known: a new session is kept, or Salesforce refused. Else the name stays behind, so
 *   that the next one knows.
 */
export async function endRenewal(db: Db, orgId: string, holder: string, isSettled: boolean): Promise<void> {
  await db.query(
    `update org set renewing_until = clock_timestamp(), renewing_by = case when $3 then null else renewing_by end
     where id = $1 and renewing_by = $2`,
    [orgId, holder, isSettled],
  );
}

/** Ends the time of every holder: right when they are known to be dead, as with an embedded store, which one process holds. */
export async function freeRenewals(db: Db): Promise<void> {
  await db.query('update org set renewing_until = clock_timestamp() where renewing_by is not null');
}
