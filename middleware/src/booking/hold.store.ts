import type { Db } from '../store/db';
import type { Step } from './outcome';

/** Which bookings are written once the start gate is opened. */
export const CHOICES = ['future', 'all', 'none'] as const;
/**
 * `future`: those that are still to come. `all`: every one. `none`: only what arrives or changes from now on. Of a team
 * that was moved to another org every booking that the connector knows is meant, else those that wait to be written.
 */
export type Choice = (typeof CHOICES)[number];

/** A booking that waits for something which a human has to mend. */
const IS_PARKED = `jsonb_path_exists(b.parts, '$.* ? (@.state == "parked")')`;

/**
 * Whether nobody is to write a booking, aliased `b`, before it changes: it was left out when the gate was opened, or it
 * was written to another org than `o` alone.
 */
export const IS_LEFT_OUT = `(b.due_at is null and (b.parts #>> '{event,state}' is not distinct from 'notWanted'
  or coalesce((b.written ->> 'generation')::integer <> o.generation, false)))`;

/**
 * Has what waits for a human in an org that a team leaves wait for the new one instead: what was wrong there may be right
 * here.
 */
export async function releaseAllParked(db: Db, teamId: string, now: Date): Promise<void> {
  await db.query(
    `update booking b set due_at = coalesce(b.due_at, $2), attempts = 0, parts = '{}' where b.team_id = $1 and ${IS_PARKED}`,
    [teamId, now.toISOString()],
  );
  await db.query('delete from problem_release where team_id = $1', [teamId]);
}

/** How many bookings each choice is about. */
export interface ChoiceCounts {
  future: number;
  all: number;
  /** Those that wait to be written. */
  pending: number;
}

/** Counts what a team that was moved can choose from. Reads every booking of the team. */
export async function countChoices(db: Db, teamId: string, now: Date): Promise<ChoiceCounts> {
  const { rows } = await db.query<Record<keyof ChoiceCounts, string>>(
    `select count(*) filter (where b.starts_at > $2) as future, count(*) as all,
       count(*) filter (where b.due_at is not null) as pending
     from booking b where b.team_id = $1 and b.merged_into is null`,
    [teamId, now.toISOString()],
  );
  const { future = '0', all = '0', pending = '0' } = rows[0] ?? {};
  return { future: Number(future), all: Number(all), pending: Number(pending) };
}

/** What is said in the story of each booking that a choice is about. */
export interface ChoiceWords {
  /** Why it is not written. */
  leftOut: string;
  /** Why it is written, perhaps once more. Null: it waits to be written anyway. */
  chosen: string | null;
}

/**
 * Leaves out the waiting bookings of teams that are not chosen: they stay as they are until they change. Of teams that
 * were moved, the chosen ones become due, written before or not; nothing that is believed of them counts before it was
 * read again.
 *
 * @param isMoved the teams were moved to another org.
 * @returns how many are due, and how many were left out.
 */
export async function chooseBookings(
  db: Db,
  { teamIds, choice, isMoved, words }: { teamIds: string[]; choice: Choice; isMoved: boolean; words: ChoiceWords },
  now: Date,
): Promise<{ due: number; leftOut: number }> {
  const step = (outcome: string): Step[] => [{ step: 'start gate', outcome }];
  const { rows } = await db.query<{ due: string; left_out: string }>(
    `with wanted as materialized (
       select b.id, case $3::text
           -- Of a booking that turned out to be another one, only what was outstanding is left to be done.
           when 'all' then b.merged_into is null or b.due_at is not null
           when 'future' then b.starts_at > $2 and (b.merged_into is null or b.due_at is not null)
           else false end as is_chosen
       from booking b where b.team_id = any ($1::text[]) and ($4 or b.due_at is not null)
     ), chosen as (
       update booking b set due_at = $2, attempts = 0, parts = '{}',
         written = case when jsonb_typeof(b.written) = 'object' then b.written || '{"isStale": true}' end
       from wanted w where w.id = b.id and w.is_chosen and $4
       returning b.id, b.revision, b.team_id
     ), left_out as (
       update booking b set due_at = null, attempts = 0, parts = $5::jsonb
       from wanted w where w.id = b.id and not w.is_chosen and b.due_at is not null
       returning b.id, b.revision, b.team_id
     ), logged as (
       insert into booking_log (booking_id, revision, settings_version, at, steps, parts)
       select t.id, t.revision, coalesce((select max(s.version) from setting s where s.team_id = t.team_id), 0), $2,
         t.steps, t.parts
       from (select l.*, $6::jsonb as steps, $5::jsonb as parts from left_out l
             union all select c.*, $7::jsonb, '{}'::jsonb from chosen c where $7::jsonb is not null) t
     )
     select (select count(*) from wanted where is_chosen) as due, (select count(*) from left_out) as left_out`,
    [
      teamIds,
      now.toISOString(),
      choice,
      isMoved,
      JSON.stringify({ event: { state: 'notWanted', cause: words.leftOut } }),
      JSON.stringify(step(words.leftOut)),
      words.chosen === null ? null : JSON.stringify(step(words.chosen)),
    ],
  );
  return { due: Number(rows[0]?.due ?? 0), leftOut: Number(rows[0]?.left_out ?? 0) };
}
