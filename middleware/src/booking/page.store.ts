import type { Db } from '../store/db';

/** A page as bookings name it. */
export interface SeenPage {
  sourceId: string;
  pageId: string;
  /** The newest name; null when no booking told one. */
  name: string | null;
  bookings: number;
  lastSeenAt: Date;
}

const MAX_PAGES = 1_000;

/** The pages that a team's bookings are of, the one seen last first; at most a thousand. Reads every booking of the team. */
export async function readPages(db: Db, teamId: string): Promise<SeenPage[]> {
  const { rows } = await db.query<{
    source_id: string;
    page_id: string;
    name: string | null;
    bookings: string;
    last_seen_at: Date;
  }>(
    `select source_id, state->'page'->>'id' as page_id, count(*) as bookings, max(created_at) as last_seen_at,
       (array_agg(state->'page'->>'name' order by updated_at desc)
         filter (where state->'page'->>'name' is not null))[1] as name
     from booking
     where team_id = $1 and merged_into is null and state->'page'->>'id' is not null
     group by 1, 2 order by last_seen_at desc, 1, 2 limit $2::integer`,
    [teamId, MAX_PAGES],
  );
  return rows.map(({ source_id, page_id, name, bookings, last_seen_at }) => ({
    sourceId: source_id,
    pageId: page_id,
    name,
    bookings: Number(bookings),
    lastSeenAt: last_seen_at,
  }));
}

/** The questions that the newest bookings of a page were asked, by name; never what was answered. */
export async function readQuestions(
  db: Db,
  { teamId, sourceId, pageId }: { teamId: string; sourceId: string; pageId: string },
): Promise<string[]> {
  const { rows } = await db.query<{ question: string }>(
    `select distinct question from (
       select state->'answers' as answers from booking
       where team_id = $1 and source_id = $2 and state->'page'->>'id' = $3
         and jsonb_typeof(state->'answers') = 'object'
       order by updated_at desc limit 200
     ) newest, jsonb_object_keys(newest.answers) as question
     order by question limit 500`,
    [teamId, sourceId, pageId],
  );
  return rows.map(({ question }) => question);
}
