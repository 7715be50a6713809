import type { Db } from '../store/db';
import { IS_PARKED } from './list.store';
import type { PartOutcome } from './outcome';
import { problemId, scopeOf, type ProblemKey, type Scope, type Trait } from './problem';

/** Parked parts that one remedy mends. */
export interface Problem extends ProblemKey {
  id: string;
  /** How many bookings have it. */
  count: number;
  /** How many of them are due again and have not been looked at yet. */
  retrying: number;
  /** Of the newest one: messages quote values, so each may say another. */
  cause: string;
  remedy: string;
  scope: Scope;
  /** When the first of them was parked, or changed since. */
  since: Date;
  /** The newest of them. */
  samples: { bookingId: string; sourceId: string; rootKey: string; page: string | null }[];
}

const MOST_PROBLEMS = 100;
const SAMPLES = 5;
/** How many of a problem's bookings, and of the newest bookings, are compared to see whom it hits. */
const COMPARED = 500;

type ParkedOutcome = Extract<PartOutcome, { state: 'parked' }>;

interface ProblemRow {
  code: string;
  sobject: string | null;
  fields: string[];
  count: string;
  retrying: string;
  since: Date;
  newest: ParkedOutcome;
  bookings: {
    id: string;
    source_id: string;
    root_key: string;
    page_id: string | null;
    page: string | null;
    host: string | null;
  }[];
}

const HOST = `coalesce(b.state #>> '{host,email}', b.state #>> '{host,id}')`;

/** What waits for a human in a team, by cause; what hits most bookings first. */
export async function readProblems(db: Db, teamId: string): Promise<Problem[]> {
  const { rows } = await db.query<ProblemRow>(
    `select code, sobject, fields, count(*) as count, count(*) filter (where is_due) as retrying,
            min(updated_at) as since, (array_agg(outcome order by updated_at desc))[1] as newest,
            to_jsonb((array_agg(booking order by updated_at desc))[1:$2]) as bookings
     from (
       select p.outcome, p.outcome ->> 'code' as code, p.outcome ->> 'sobject' as sobject, p.outcome -> 'fields' as fields,
              b.due_at is not null as is_due, b.updated_at,
              jsonb_build_object('id', b.id, 'source_id', b.source_id, 'root_key', b.root_key,
                'page_id', b.state #>> '{page,id}', 'page', coalesce(b.state #>> '{page,name}', b.state #>> '{page,id}'),
                'host', ${HOST}) as booking
       from booking b cross join lateral jsonb_each(b.parts) as p (part, outcome)
       where b.team_id = $1 and ${IS_PARKED} and p.outcome ->> 'state' = 'parked'
     ) as parked
     group by code, sobject, fields
     order by count(*) desc, min(updated_at)
     limit $3`,
    [teamId, COMPARED, MOST_PROBLEMS],
  );
  const written = rows.length === 0 ? [] : await readWritten(db, teamId);
  return rows.map((row) => {
    const { code, sobject, fields, since, newest, bookings } = row;
    const hit = bookings.map((booking): Trait => ({
      sourceId: booking.source_id,
      page: booking.page_id,
      host: booking.host,
    }));
    const spared = written.filter(
      ({ at, sobjects }) => at >= since && (sobject === null || sobjects.includes(sobject)),
    );
    const scope = scopeOf(hit, spared);
    return {
      id: problemId({ code, sobject, fields }),
      code,
      sobject,
      fields,
      count: Number(row.count),
      retrying: Number(row.retrying),
      cause: newest.cause,
      remedy: newest.remedy,
      scope: scope.kind === 'page' ? { ...scope, name: bookings[0]?.page ?? scope.name } : scope,
      since,
      samples: bookings
        .slice(0, SAMPLES)
        .map(({ id, source_id: sourceId, root_key: rootKey, page }) => ({ bookingId: id, sourceId, rootKey, page })),
    };
  });
}

/** The newest bookings that were written, at least in part, and which objects. */
async function readWritten(db: Db, teamId: string): Promise<(Trait & { at: Date; sobjects: string[] })[]> {
  const { rows } = await db.query<Trait & { at: Date; sobjects: string[] | null }>(
    `select b.source_id as "sourceId", b.state #>> '{page,id}' as page, ${HOST} as host, b.updated_at as at,
            (select array_agg(distinct p.outcome ->> 'sobject') from jsonb_each(b.parts) as p (part, outcome)
             where p.outcome ->> 'state' = 'written') as sobjects
     from (select * from booking where team_id = $1 order by created_at desc, id desc limit $2) as b`,
    [teamId, COMPARED],
  );
  return rows.flatMap((row) => (row.sobjects === null ? [] : [{ ...row, sobjects: row.sobjects }]));
}

/** Makes the bookings of one problem due again. @returns how many there were. */
export async function retryProblem(
  db: Db,
  { teamId, code, sobject, fields }: ProblemKey & { teamId: string },
  now: Date,
): Promise<number> {
  const { rowCount } = await db.query(
    `update booking b set due_at = $5, attempts = 0
     where b.team_id = $1 and ${IS_PARKED} and exists (
       select from jsonb_each(b.parts) as p (part, outcome)
       where p.outcome ->> 'state' = 'parked' and p.outcome ->> 'code' = $2
         and p.outcome ->> 'sobject' is not distinct from $3 and p.outcome -> 'fields' = $4::jsonb)`,
    [teamId, code, sobject, JSON.stringify(fields), now.toISOString()],
  );
  return rowCount ?? 0;
}
