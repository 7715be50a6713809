import type { Db } from '../store/db';
import { storableJson } from '../store/jsonb';
import { inAnswerOrder } from './answer-order';
import type { Booking, BookingState } from './booking';
import type { Parts, Step, Written } from './outcome';

/** A booking that is due, with what the loop remembers of it. */
export interface DueBooking {
  booking: Booking;
  /** Since when it is due; null for one that was read though it is not. */
  dueAt: Date | null;
  attempts: number;
  parts: Parts;
  written: Written | null;
}

/** A lane of an org, and how many share the org's bookings. */
export interface LanePlace {
  orgId: string;
  /** From 0. */
  lane: number;
  lanes: number;
}

/** Which lane settles, and under which connection: a settlement of another holder or generation is void. */
export interface LaneHold extends LanePlace {
  generation: number;
  token: string;
}

/** What a turn came to for one booking. */
export interface Settlement {
  bookingId: string;
  /** The revision that was acted on: a newer one stays due. */
  revision: number;
  settingsVersion: number;
  /** Whose booking it is; left out when that was not looked at: it stays as it is. */
  customerId?: string;
  parts: Parts;
  written: Written | null;
  /** When to look again; null when nothing is left to be done until the booking changes. */
  dueAt: Date | null;
  attempts: number;
  /** The decision log of this turn. */
  steps: Step[];
}

/** What its webhooks leave open was asked for, or nobody can: see `completion.store.ts`. */
const IS_ASKED = `(b.asked_revision = b.revision
                 or b.source_id not in (select id from source where api_credential_sealed is not null))`;

interface BookingRow {
  id: string;
  team_id: string;
  source_id: string;
  root_key: string;
  keys: string[] | null;
  revision: number;
  state: BookingState;
  merged_into: string | null;
  due_at: Date | null;
  attempts: number;
  parts: Parts;
  written: Written | null;
}

const COLUMNS = `b.id, b.team_id, b.source_id, b.root_key, b.revision, b.state, b.merged_into, b.due_at, b.attempts,
            b.parts, b.written, (select array_agg(k.native_key) from booking_key k where k.booking_id = b.id) as keys`;

/** Whether a booking goes by the lane $2 of $3; one without a hash goes by none while there are two. */
const IS_OF_LANE = '($3::integer = 1 or mod(b.lane_hash, $3::integer) = $2::integer)';

/** Whether a booking is one of team t that the lane has to look at, now or later. */
const IS_MINE = `b.team_id = t.id and b.due_at is not null and ${IS_OF_LANE} and ${IS_ASKED}`;

/**
 * Due bookings of an org's teams that go by a lane: soonest start first, what the clock did last. The lane's holder is
 * the only one who asks.
 * @param except ids of bookings that are being written at this moment.
 */
export async function readDueBookings(
  db: Db,
  { orgId, lane, lanes }: LanePlace,
  limit: number,
  now: Date,
  except: string[] = [],
): Promise<DueBooking[]> {
  const { rows } = await db.query<BookingRow>({
    name: 'read-due-bookings',
    // Team by team, so that an index in this order can end each reading early, however many are due.
    text: `select ${COLUMNS}
     from team t cross join lateral (
       select b.* from booking b
       where ${IS_MINE} and b.due_at <= $5 and b.id <> all ($6::uuid[])
       order by b.priority, b.starts_at nulls last, b.id limit $4
     ) b
     where t.org_id = $1 and t.held_at is null
     order by b.priority, b.starts_at nulls last, b.id limit $4`,
    values: [orgId, lane, lanes, limit, now.toISOString(), except],
  });
  return rows.map(toDueBooking);
}

/** Bookings of a source that native keys lead to, due or not. */
export async function readBookingsByKeys(db: Db, sourceId: string, keys: string[]): Promise<DueBooking[]> {
  const { rows } = await db.query<BookingRow>(
    `select ${COLUMNS} from booking b
     where b.id in (select booking_id from booking_key where source_id = $1 and native_key = any ($2::text[]))
     order by b.id`,
    [sourceId, keys],
  );
  return rows.map(toDueBooking);
}

/** The bookings of a team that changed last, newest first; those that turned out to be others are not among them. */
export async function readLatestBookings(db: Db, teamId: string, limit: number): Promise<DueBooking[]> {
  const { rows } = await db.query<BookingRow>(
    `select ${COLUMNS} from booking b where b.team_id = $1 and b.merged_into is null
     order by b.updated_at desc, b.id limit $2`,
    [teamId, limit],
  );
  return rows.map(toDueBooking);
}

function toDueBooking(row: BookingRow): DueBooking {
  return {
    booking: {
      id: row.id,
      teamId: row.team_id,
      sourceId: row.source_id,
      rootKey: row.root_key,
      keys: row.keys ?? [row.root_key],
      revision: row.revision,
      state: inAnswerOrder(row.state),
      mergedInto: row.merged_into,
    },
    dueAt: row.due_at,
    attempts: row.attempts,
    parts: row.parts,
    written: row.written,
  };
}

/** What waits for a lane. */
export interface PendingBookings {
  /** Due for something that somebody did. */
  acted: number;
  /** Due for what the clock did alone. */
  clocked: number;
  /** Since when the first of these waits; null when there is none. */
  clockedSince: Date | null;
  /** When the next booking falls due that is not due yet; null when none does. */
  nextDueAt: Date | null;
}

/**
 * How much is due for a lane, and when the next booking will be.
 * @param atMost where counting ends: a backlog of many thousands need not be counted at every turn.
 */
export async function readPending(
  db: Db,
  { orgId, lane, lanes }: LanePlace,
  atMost: number,
  now: Date,
): Promise<PendingBookings> {
  const { rows } = await db.query<{
    acted: string;
    clocked: string;
    clocked_since: Date | null;
    next_due_at: Date | null;
  }>(
    `with present as not materialized (select id from team where org_id = $1 and held_at is null)
     select ${countDue('b.priority = 0')} as acted, ${countDue('b.priority > 0')} as clocked,
            ${firstDue('b.due_at <= $4 and b.priority > 0')} as clocked_since,
            ${firstDue('b.due_at > $4')} as next_due_at`,
    [orgId, lane, lanes, now.toISOString(), atMost],
  );
  const [row] = rows;
  return {
    acted: Number(row?.acted ?? 0),
    clocked: Number(row?.clocked ?? 0),
    clockedSince: row?.clocked_since ?? null,
    nextDueAt: row?.next_due_at ?? null,
  };
}

/** Counts, up to $5, what is due at $4 in teams that are present. */
function countDue(condition: string): string {
  return `(select count(*) from (
             select from present t join booking b on b.team_id = t.id
             where ${IS_MINE} and b.due_at <= $4 and ${condition} limit $5) as counted)`;
}

/** The first time of all at which something is due in teams that are present; team by team, by an index in its order. */
function firstDue(condition: string): string {
  return `(select min(first.due_at) from present t cross join lateral (
             select b.due_at from booking b
             where ${IS_MINE} and ${condition} order by b.due_at limit 1) as first)`;
}

/** A booking that is due and goes by no lane yet, with what its lane is told by. */
export interface UnassignedBooking {
  id: string;
  sourceId: string;
  rootKey: string;
  customer: BookingState['customer'];
}

/** Due bookings of an org that go by no lane yet. */
export async function readUnassigned(db: Db, orgId: string, limit: number): Promise<UnassignedBooking[]> {
  const { rows } = await db.query<UnassignedBooking>(
    `select b.id, b.source_id as "sourceId", b.root_key as "rootKey", b.state -> 'customer' as customer
     from booking b join team t on t.id = b.team_id
     where t.org_id = $1 and b.due_at is not null and b.lane_hash is null
     limit $2`,
    [orgId, limit],
  );
  return rows;
}

/** Fixes which lane bookings go by. What was fixed before stays. */
export async function assignLanes(db: Db, hashes: ReadonlyMap<string, number>): Promise<void> {
  await db.query(
    `update booking b set lane_hash = h.hash
     from unnest($1::uuid[], $2::integer[]) as h (id, hash) where b.id = h.id and b.lane_hash is null`,
    [[...hashes.keys()], [...hashes.values()]],
  );
}

/**
 * Notes that Events are about to be changed without reading them first: until that is settled, nobody knows what they
 * hold, so whoever comes next reads them.
 */
export async function markInDoubt(db: Db, bookingIds: string[]): Promise<void> {
  await db.query({
    name: 'mark-in-doubt',
    text: `update booking set written = written || '{"isStale": true}' where id = any ($1::uuid[]) and written is not null`,
    values: [bookingIds],
  });
}

/**
 * Notes that the owners of Events are about to be changed: until that is settled, an owner that is there may be ours, and
 * not one whom somebody chose in the org.
 */
export async function markOwnersInDoubt(db: Db, bookingIds: string[]): Promise<void> {
  await db.query({
    name: 'mark-owners-in-doubt',
    text: `update booking set written = written || '{"isStale": true, "isOwnerInDoubt": true}'
           where id = any ($1::uuid[]) and written is not null`,
    values: [bookingIds],
  });
}

/** @returns whether bookings of these teams still go to the Salesforce org that the lane is held for. */
export async function areTeamsPresent(
  db: Db,
  { orgId, generation }: Pick<LaneHold, 'orgId' | 'generation'>,
  teamIds: readonly string[],
): Promise<boolean> {
  const { rows } = await db.query<{ count: number }>({
    name: 'are-teams-present',
    text: `select count(*)::integer as count from team t join org o on o.id = t.org_id
           where t.id = any ($3::text[]) and t.held_at is null and o.id = $1 and o.generation = $2`,
    values: [orgId, generation, teamIds],
  });
  return rows[0]?.count === teamIds.length;
}

/**
 * Records what a turn came to. A booking that changed meanwhile keeps its newer revision due, and is planned anew where
 * that was asked for meanwhile. When the lane was taken over nothing is recorded, and the bookings stay due for whoever
 * holds the lane now. Nothing is recorded either when the connection leads to another Salesforce org, or of bookings
 * whose team was moved to another one: what is due there was an admin's to say.
 *
 * @returns whether the settlement counted.
 */
export async function settleBookings(
  db: Db,
  { orgId, lane, generation, token }: LaneHold,
  settlements: Settlement[],
  now: Date,
): Promise<boolean> {
  const input = settlements.map((settlement) => ({
    id: settlement.bookingId,
    revision: settlement.revision,
    settings_version: settlement.settingsVersion,
    customer_id: settlement.customerId ?? null,
    parts: settlement.parts,
    written: settlement.written,
    due_at: settlement.dueAt?.toISOString() ?? null,
    attempts: settlement.attempts,
    steps: settlement.steps,
  }));
  const { rows } = await db.query<{ holds: boolean }>(
    `with holder as (
       select exists (
         select from lane l join org o on o.id = l.org_id
         where l.org_id = $1 and l.lane = $6 and l.token = $2 and o.generation = $3) as holds,
         exists (select from org o where o.id = $1 and o.generation = $3) as is_same_org
     ), input as (
       select i.* from jsonb_to_recordset($4::jsonb) as i (
         id uuid, revision integer, settings_version integer, customer_id text, parts jsonb, written jsonb, due_at timestamptz,
         attempts integer, steps jsonb)
       join booking b on b.id = i.id join team t on t.id = b.team_id
       where t.org_id = $1 and t.held_at is null
     ), settled as (
       update booking b set
         customer_id = coalesce(i.customer_id, b.customer_id),
         parts = i.parts,
         written = case when jsonb_typeof(i.written) = 'object'
           then i.written || case when b.revision = i.revision then '{}' else coalesce(b.replan, '{}') end end,
         replan = case when b.revision = i.revision then null else b.replan end,
         attempts = case when b.revision = i.revision then i.attempts else b.attempts end,
         due_at = case when b.revision = i.revision then i.due_at else coalesce(b.due_at, $5) end,
         updated_at = $5
       from input i, holder
       where b.id = i.id and holder.holds
     ), left_to_holder as (
       update booking b set due_at = $5 from input i, holder
       where b.id = i.id and not holder.holds and holder.is_same_org
     ), logged as (
       insert into booking_log (booking_id, revision, settings_version, at, steps, parts)
       select id, revision, settings_version, $5, steps, parts from input, holder where holder.holds
     )
     select holds from holder`,
    [orgId, token, generation, storableJson(input), now.toISOString(), lane],
  );
  return rows[0]?.holds ?? false;
}
