import type { Db } from '../store/db';
import { IS_LEFT_OUT } from './hold.store';

/**
 * Completes bookings whose end has passed, of sources that never say so themselves: at most `limit` at once. They become
 * due behind everything that somebody did; one that was left out when the start gate was opened stays so.
 *
 * @returns how many there were.
 */
export async function completeByClock(db: Db, orgId: string, limit: number, now: Date): Promise<number> {
  const { rowCount } = await db.query(
    `update booking b set
       completed_ends_at = to_char(b.ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       state = jsonb_set(b.state, '{status}', '"Completed"'),
       status = 'Completed',
       revision = b.revision + 1,
       due_at = case when ${IS_LEFT_OUT} then null else coalesce(b.due_at, $3) end,
       priority = case when b.due_at is null then 1 else b.priority end,
       updated_at = $3
     from org o
     where o.id = $1 and b.id in (
       select c.id from booking c
       join source s on s.id = c.source_id
       join team t on t.id = s.team_id
       where t.org_id = $1
         and t.held_at is null
         and c.status in ('Scheduled', 'Rescheduled')
         and c.merged_into is null
         and s.complete_after_minutes is not null
         and c.ends_at <= $3::timestamptz - make_interval(mins => s.complete_after_minutes)
       order by c.ends_at
       limit $2
       for update of c skip locked)`,
    [orgId, limit, now.toISOString()],
  );
  return rowCount ?? 0;
}
