import type { Db } from '../store/db';
import type { Booking } from './booking';
import { IS_LEFT_OUT } from './hold.store';
import { isScoped, type Parts } from './outcome';

/** How often a problem's bookings are let go at most, in minutes. */
const RELEASE_MINUTES = 15;
/** The wait for the next try of one booking doubles with each that comes to nothing, up to so many minutes. */
const MAX_PROBE_MINUTES = 24 * 60;

/** A booking that waits for something which lies in the org: as the partial index of `006-problems.sql` has it. */
const IS_SCOPED = `jsonb_path_exists(b.parts, '$.* ? (@.state == "parked" && @.class == "scoped")')`;

const HOST = `coalesce(b.state #>> '{host,email}', b.state #>> '{host,id}')`;

/** What a turn made of one booking. */
export interface Turned {
  booking: Booking;
  /** The parts before the turn, and after it. */
  before: Parts;
  after: Parts;
}

/** @returns whether bookings of an org wait for something which lies in the org. */
export async function hasScopedProblems(db: Db, orgId: string): Promise<boolean> {
  const { rows } = await db.query(
    `select 1 from booking b join team t on t.id = b.team_id where t.org_id = $1 and ${IS_SCOPED} limit 1`,
    [orgId],
  );
  return rows.length > 0;
}

/**
 * Makes bookings due that were parked under another schema of their org than this one: what was missing may be there.
 * @returns how many there were.
 */
export async function releaseForSchema(
  db: Db,
  { orgId, stamp }: { orgId: string; stamp: string | null },
  now: Date,
): Promise<number> {
  const { rowCount } = await db.query(
    `update booking b set due_at = $3, attempts = 0
     from team t
     where t.id = b.team_id and t.org_id = $1 and b.due_at is null and ${IS_SCOPED} and exists (
       select from jsonb_each(b.parts) as p (part, outcome)
       where p.outcome ->> 'state' = 'parked' and p.outcome ->> 'class' = 'scoped'
         and p.outcome ->> 'schemaStamp' is distinct from $2)`,
    [orgId, stamp, now.toISOString()],
  );
  return rowCount ?? 0;
}

/**
 * Lets parked bookings go when others show that what they wait for may be mended in Salesforce. One that had a problem
 * and was written frees all that have the same. One that never had it, of the same page and host and with a record of the
 * same object, has one of them tried: rarely, and ever more rarely while that comes to nothing. Those of the turn itself
 * were tried just now and stay.
 *
 * @returns how many bookings became due.
 */
export async function releaseMended(db: Db, turned: readonly Turned[], now: Date): Promise<number> {
  const written = turned.flatMap(({ booking, before, after }) =>
    Object.entries(after).flatMap(([part, outcome]) => {
      if (outcome.state !== 'written') return [];
      const was = before[part as keyof Parts];
      const had = was !== undefined && isScoped(was) ? was : null;
      return [
        {
          team_id: booking.teamId,
          source_id: booking.sourceId,
          page: booking.state.page?.id ?? null,
          host: booking.state.host?.email ?? booking.state.host?.id ?? null,
          sobject: had?.sobject ?? outcome.sobject,
          code: had?.code ?? null,
          fields: had?.fields ?? null,
        },
      ];
    }),
  );
  if (written.length === 0) return 0;
  const { rowCount } = await db.query(
    `with written as (
       select * from jsonb_to_recordset($1::jsonb) as w (
         team_id text, source_id text, page text, host text, sobject text, code text, fields jsonb)
     ), waiting as (
       select b.id, b.team_id, b.source_id, b.state #>> '{page,id}' as page, ${HOST} as host, b.starts_at,
              p.outcome ->> 'code' as code, coalesce(p.outcome ->> 'sobject', '') as sobject, p.outcome -> 'fields' as fields
       from booking b cross join lateral jsonb_each(b.parts) as p (part, outcome)
       where b.team_id in (select team_id from written) and b.due_at is null and ${IS_SCOPED}
         and b.id <> all ($5::uuid[])
         and p.outcome ->> 'state' = 'parked' and p.outcome ->> 'class' = 'scoped'
     ), mended as (
       insert into problem_release as r (team_id, code, sobject, fields, next_probe_at, released_at)
       select distinct team_id, code, coalesce(sobject, ''), fields, $2::timestamptz + $3::interval, $2::timestamptz
       from written where code is not null
       -- In one order, so that two lanes that release at once do not wait for one another.
       order by 1, 2, 3, 4
       on conflict (team_id, code, sobject, fields) do update set released_at = $2, probes = 0
         where r.released_at is null or r.released_at <= $2::timestamptz - $3::interval
       returning team_id, code, sobject, fields
     ), probed as (
       insert into problem_release as r (team_id, code, sobject, fields, next_probe_at, probes)
       select distinct n.team_id, n.code, n.sobject, n.fields, $2::timestamptz + $3::interval, 1
       from waiting n join written w on w.team_id = n.team_id and w.source_id = n.source_id and w.sobject = n.sobject
         and w.page is not distinct from n.page and w.host is not distinct from n.host
       where w.code is null and not exists (
         select from written o where o.code = n.code and o.team_id = n.team_id and coalesce(o.sobject, '') = n.sobject
           and o.fields = n.fields)
       order by 1, 2, 3, 4
       on conflict (team_id, code, sobject, fields) do update set
         probes = r.probes + 1,
         next_probe_at = $2::timestamptz + least($3::interval * power(2, r.probes), $4::interval)
         where r.next_probe_at <= $2
       returning team_id, code, sobject, fields
     ), freed as (
       select n.id from waiting n join mended using (team_id, code, sobject, fields)
       union
       (select distinct on (n.team_id, n.code, n.sobject, n.fields) n.id
        from waiting n join probed using (team_id, code, sobject, fields)
        order by n.team_id, n.code, n.sobject, n.fields,
          exists (select from written w where w.source_id = n.source_id and w.page is not distinct from n.page
            and w.host is not distinct from n.host) desc, n.starts_at)
     ), forgotten as (
       delete from problem_release where next_probe_at < $2::timestamptz - interval '7 days'
         and (released_at is null or released_at < $2::timestamptz - interval '7 days')
     )
     update booking b set due_at = $2, attempts = 0 from freed where b.id = freed.id`,
    [
      JSON.stringify(written),
      now.toISOString(),
      `${RELEASE_MINUTES} minutes`,
      `${MAX_PROBE_MINUTES} minutes`,
      turned.map(({ booking }) => booking.id),
    ],
  );
  return rowCount ?? 0;
}

/**
 * Makes the future bookings of a team due, written or not, so that the present settings count for them. Their Events are
 * read before they are written: rules for persons and owners depend on what is there.
 *
 * @param page of one page only; null for all.
 * @returns how many there are.
 */
export async function replanFuture(
  db: Db,
  { teamId, page }: { teamId: string; page: { sourceId: string; pageId: string } | null },
  now: Date,
): Promise<number> {
  const { rowCount } = await db.query(
    `update booking b set due_at = $2, attempts = 0, revision = revision + 1,
       replan = coalesce(b.replan, '{}') || '{"isStale": true}',
       written = case when jsonb_typeof(b.written) = 'object' then b.written || '{"isStale": true}' end
     where b.team_id = $1 and b.starts_at > $2 and b.merged_into is null
       and ($3::text is null or (b.source_id = $3 and b.state #>> '{page,id}' = $4))`,
    [teamId, now.toISOString(), page?.sourceId ?? null, page?.pageId ?? null],
  );
  return rowCount ?? 0;
}

/**
 * Makes future bookings of some hosts due, so that the owner of their Events is chosen anew: unless somebody gave the
 * Event to another owner since it was written. What was left out when the start gate was opened stays so.
 *
 * @param hosts e-mails in lower case.
 * @returns how many there are.
 */
export async function replanHosts(
  db: Db,
  { teamId, hosts }: { teamId: string; hosts: readonly string[] },
  now: Date,
): Promise<number> {
  if (hosts.length === 0) return 0;
  const { rowCount } = await db.query(
    `update booking b set due_at = $2, attempts = 0, revision = revision + 1,
       replan = coalesce(b.replan, '{}') || '{"isStale": true, "isOwnerStale": true}',
       written = case when jsonb_typeof(b.written) = 'object'
         then b.written || '{"isStale": true, "isOwnerStale": true}' end
     from team t join org o on o.id = t.org_id
     where t.id = b.team_id and not ${IS_LEFT_OUT} and b.team_id = $1 and b.starts_at > $2 and b.merged_into is null
       and lower(btrim(b.state #>> '{host,email}')) = any ($3::text[])`,
    [teamId, now.toISOString(), hosts],
  );
  return rowCount ?? 0;
}
