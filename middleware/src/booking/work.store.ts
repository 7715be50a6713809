import type { Db } from '../store/db';
import { IS_PARKED } from './list.store';

/** How much is to be done, as the metrics show it. */
export interface Work {
  /** Bookings that the loop has yet to look at; a delivery that is not folded yet counts as one. */
  pending: number;
  /** When the oldest of them fell due; null when nothing is pending. */
  oldestPendingAt: Date | null;
  /** Of the pending ones, those that are tried again later. */
  waiting: number;
  /** Deliveries that are on disk and not in their bookings yet. */
  unfolded: number;
  /** When the oldest of them was received. */
  oldestUnfoldedAt: Date | null;
}

/** Reads how much is to be done, for all teams or for one. */
export async function readWork(db: Db, now: Date, teamId: string | null = null): Promise<Work> {
  const { rows } = await db.query<{
    due: string;
    waiting: string;
    oldest_due: Date | null;
    unfolded: string;
    oldest_unfolded: Date | null;
  }>(
    `select b.*, d.* from
       (select count(*) as due, count(*) filter (where due_at > $1::timestamptz) as waiting, min(due_at) as oldest_due
        from booking where due_at is not null and ($2::text is null or team_id = $2)) as b,
       (select count(*) as unfolded, min(received_at) as oldest_unfolded
        from delivery where id > (select up_to from folding) and outcome = 'stored'
          and ($2::text is null or source_id in (select id from source where team_id = $2))) as d`,
    [now.toISOString(), teamId],
  );
  const [row] = rows;
  const [dueAt, receivedAt] = [row?.oldest_due ?? null, row?.oldest_unfolded ?? null];
  return {
    pending: Number(row?.due ?? 0) + Number(row?.unfolded ?? 0),
    oldestPendingAt: dueAt !== null && receivedAt !== null && receivedAt < dueAt ? receivedAt : (dueAt ?? receivedAt),
    waiting: Number(row?.waiting ?? 0),
    unfolded: Number(row?.unfolded ?? 0),
    oldestUnfoldedAt: receivedAt,
  };
}

/**
 * Counts bookings that wait for a human, by the code of what stopped them; one with several counts for the first by
 * name, and one that is being tried again for none.
 * @param most codes at most: the rarest are left out.
 */
export async function countParked(db: Db, most: number): Promise<{ code: string; count: number }[]> {
  const { rows } = await db.query<{ code: string; count: string }>(
    `select code, count(*) as count from (
       select min(p.outcome ->> 'code') as code
       from booking b cross join lateral jsonb_each(b.parts) as p (part, outcome)
       where ${IS_PARKED} and b.due_at is null and p.outcome ->> 'state' = 'parked'
       group by b.id) as parked
     group by code order by count(*) desc, code limit $1`,
    [most],
  );
  return rows.map(({ code, count }) => ({ code, count: Number(count) }));
}
