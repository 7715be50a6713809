import type { Db } from '../store/db';
import type { PartOutcome, Parts } from './outcome';

/** Has the lanes of an org look at it anew before their next turn, and those that pause try again. */
export const LOOK_ANEW = 'update org set resumes = resumes + 1';

/** A part of a booking that waits for a human. */
export interface ParkedPart {
  bookingId: string;
  sourceId: string;
  rootKey: string;
  part: string;
  outcome: Extract<PartOutcome, { state: 'parked' }>;
}

/** Bookings of a team that wait for a human, newest first. */
export async function readParked(db: Db, teamId: string, limit: number): Promise<ParkedPart[]> {
  const { rows } = await db.query<{ id: string; source_id: string; root_key: string; parts: Parts }>(
    `select id, source_id, root_key, parts from booking
     where team_id = $2 and jsonb_path_exists(parts, '$.* ? (@.state == "parked")')
     order by updated_at desc limit $1`,
    [limit, teamId],
  );
  return rows.flatMap((row) =>
    Object.entries(row.parts).flatMap(([part, outcome]) =>
      outcome.state === 'parked'
        ? [{ bookingId: row.id, sourceId: row.source_id, rootKey: row.root_key, part, outcome }]
        : [],
    ),
  );
}

/**
 * Makes parked bookings of a team due again, and its org to be looked at anew first: in the same statement, for the lane
 * may be at work just then, and would park them once more by what it knew before.
 *
 * @param bookingId one of them, or null for all.
 * @returns how many there were.
 */
export async function retryParked(
  db: Db,
  { teamId, bookingId }: { teamId: string; bookingId: string | null },
  now: Date,
): Promise<number> {
  const { rowCount } = await db.query(
    `with looking as (${LOOK_ANEW} where id = (select org_id from team where id = $3))
     update booking set due_at = $2, attempts = 0
     where team_id = $3 and jsonb_path_exists(parts, '$.* ? (@.state == "parked")')
       and ($1::text is null or id::text = $1)`,
    [bookingId, now.toISOString(), teamId],
  );
  return rowCount ?? 0;
}
