import type { Db } from '../store/db';

/** Somebody who hosts bookings of a team. */
export interface SeenHost {
  /** In the form that is compared. */
  email: string;
  /** As the newest booking names him. */
  name: string | null;
  /** How many of his bookings are still to come. */
  upcoming: number;
  /** When the last of all his bookings begins. */
  lastStartsAt: Date;
}

/** The hosts of a team's bookings, those with most to come first. */
export async function readHosts(
  db: Db,
  teamId: string,
  { limit, now }: { limit: number; now: Date },
): Promise<SeenHost[]> {
  const { rows } = await db.query<{ email: string; name: string | null; upcoming: number; last_starts_at: Date }>(
    `select lower(btrim(state #>> '{host,email}')) as email,
       (array_agg(state #>> '{host,name}' order by starts_at desc))[1] as name,
       (count(*) filter (where starts_at > $2 and status in ('Scheduled', 'Rescheduled')))::integer as upcoming,
       max(starts_at) as last_starts_at
     from booking
     where team_id = $1 and merged_into is null and state #>> '{host,email}' like '%@%'
     group by 1 order by upcoming desc, last_starts_at desc, email limit $3::integer`,
    [teamId, now.toISOString(), limit],
  );
  return rows.map((row) => ({
    email: row.email,
    name: row.name,
    upcoming: row.upcoming,
    lastStartsAt: row.last_starts_at,
  }));
}
