import type { Db } from '../store/db';
import type { PartOutcome, Parts } from './outcome';

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
 * Makes parked bookings of a team due again.
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
    `update booking set due_at = $2, attempts = 0
     where team_id = $3 and jsonb_path_exists(parts, '$.* ? (@.state == "parked")')
       and ($1::text is null or id::text = $1)`,
    [bookingId, now.toISOString(), teamId],
  );
  return rowCount ?? 0;
}
