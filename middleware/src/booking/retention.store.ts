import type { Db } from '../store/db';

/**
 * Strips raw bodies of one slice of deliveries, the oldest first. Outcome, faults and booking events stay: what is lost
 * is the body itself, and with it the chance to replay a refused one. What is not folded yet keeps it.
 *
 * @param before deliveries received earlier lose their body.
 * @returns how many did; fewer than `limit` means that there are no more, or that another instance is at them.
 */
export async function stripRawBodies(db: Db, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `update delivery set raw_body = null, events = null
     where id in (
       select id from delivery where raw_body is not null and received_at < $1 and id <= (select up_to from folding)
       order by received_at limit $2 for update skip locked)`,
    [before.toISOString(), limit],
  );
  return rowCount ?? 0;
}
