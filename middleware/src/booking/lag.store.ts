import type { Db } from '../store/db';
import type { LaneHold } from './booking.store';

/** The first look of a reader may find so many entries of others before it. */
const LOOKED_BACK = 1_000;

/**
 * Makes a reader of how long bookings took from the receipt of their last webhook to their Event in Salesforce, for
 * those that a turn has written. Each revision counts once; what a human had to help first, and what the clock
 * completed, does not count.
 *
 * @returns a function that gives the seconds of each booking that a lane has written since its turn began.
 */
export function createLagReader(
  db: Db,
): (place: Pick<LaneHold, 'orgId' | 'lane' | 'lanes'>, since: Date) => Promise<number[]> {
  /** Entries up to here were looked at, by lane. */
  const seen = new Map<string, string>();
  return async ({ orgId, lane, lanes }, since) => {
    const { rows } = await db.query<{ id: string; seconds: number | null }>(
      `select l.id, case
           when l.parts #>> '{event,state}' = 'written' and b.completed_ends_at is null and not exists (
             select from booking_log e where e.booking_id = l.booking_id and e.id < l.id and e.revision = l.revision
               and e.parts #>> '{event,state}' in ('written', 'parked'))
           then extract(epoch from l.at - (select max(e.recorded_at) from booking_event e
                                           where e.booking_id = l.booking_id and e.recorded_at <= l.at))::float8
           end as seconds
       from booking_log l join booking b on b.id = l.booking_id join team t on t.id = b.team_id
       where l.id > coalesce($1::bigint, (select max(id) from booking_log) - ${LOOKED_BACK})
         and l.at >= $2 and t.org_id = $3 and ($5::integer = 1 or mod(b.lane_hash, $5::integer) = $4::integer)
       order by l.id`,
      [seen.get(`${orgId} ${lane}`) ?? null, since.toISOString(), orgId, lane, lanes],
    );
    const last = rows.at(-1);
    if (last !== undefined) seen.set(`${orgId} ${lane}`, last.id);
    return rows.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  };
}
