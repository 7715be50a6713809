import type { Db } from '../store/db';
import { storable } from '../store/jsonb';
import type { Booking, BookingState } from './booking';
import type { Parts, Step, Written } from './outcome';

/** A booking that is due, with what the loop remembers of it. */
export interface DueBooking {
  booking: Booking;
  attempts: number;
  parts: Parts;
  written: Written | null;
}

/** Which lane settles, and under which connection: a settlement of another holder or generation is void. */
export interface LaneHold {
  orgId: string;
  generation: number;
  token: string;
}

/** What a turn came to for one booking. */
export interface Settlement {
  bookingId: string;
  /** The revision that was acted on: a newer one stays due. */
  revision: number;
  settingsVersion: number;
  parts: Parts;
  written: Written | null;
  /** When to look again; null when nothing is left to be done until the booking changes. */
  dueAt: Date | null;
  attempts: number;
  /** The decision log of this turn. */
  steps: Step[];
}

/** What its webhooks leave open was asked for, or nobody can: see `completion.store.ts`. */
const IS_ASKED = '(s.api_credential_sealed is null or b.asked_revision = b.revision)';

interface BookingRow {
  id: string;
  team_id: string;
  source_id: string;
  root_key: string;
  keys: string[] | null;
  revision: number;
  state: BookingState;
  merged_into: string | null;
  attempts: number;
  parts: Parts;
  written: Written | null;
}

const COLUMNS = `b.id, b.team_id, b.source_id, b.root_key, b.revision, b.state, b.merged_into, b.attempts, b.parts,
            b.written, (select array_agg(k.native_key) from booking_key k where k.booking_id = b.id) as keys`;

/** Due bookings of an org's teams: soonest start first, what the clock did last. The lane's holder is the only one who asks. */
export async function readDueBookings(db: Db, orgId: string, limit: number, now: Date): Promise<DueBooking[]> {
  const { rows } = await db.query<BookingRow>(
    `select ${COLUMNS}
     from booking b join team t on t.id = b.team_id join source s on s.id = b.source_id
     where t.org_id = $1 and b.due_at <= $3 and ${IS_ASKED}
     order by b.priority, b.starts_at nulls last, b.id
     limit $2`,
    [orgId, limit, now.toISOString()],
  );
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
      state: row.state,
      mergedInto: row.merged_into,
    },
    attempts: row.attempts,
    parts: row.parts,
    written: row.written,
  };
}

/** @returns when the next booking of an org falls due, null when none does. */
export async function readNextDueAt(db: Db, orgId: string): Promise<Date | null> {
  const { rows } = await db.query<{ due_at: Date | null }>(
    `select min(b.due_at) as due_at from booking b join team t on t.id = b.team_id join source s on s.id = b.source_id
     where t.org_id = $1 and b.due_at is not null and ${IS_ASKED}`,
    [orgId],
  );
  return rows[0]?.due_at ?? null;
}

/**
 * Records what a turn came to. A booking that changed meanwhile keeps its newer revision due; when the lane was taken
 * over or the connection switched, nothing is recorded and the bookings stay due for whoever holds the lane now.
 *
 * @returns whether the settlement counted.
 */
export async function settleBookings(
  db: Db,
  { orgId, generation, token }: LaneHold,
  settlements: Settlement[],
  now: Date,
): Promise<boolean> {
  const input = settlements.map((settlement) => ({
    id: settlement.bookingId,
    revision: settlement.revision,
    settings_version: settlement.settingsVersion,
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
         where l.org_id = $1 and l.token = $2 and o.generation = $3) as holds
     ), input as (
       select * from jsonb_to_recordset($4::jsonb) as i (
         id uuid, revision integer, settings_version integer, parts jsonb, written jsonb, due_at timestamptz,
         attempts integer, steps jsonb)
     ), settled as (
       update booking b set
         parts = i.parts,
         written = case when jsonb_typeof(i.written) = 'object' then i.written end,
         attempts = case when b.revision = i.revision then i.attempts else b.attempts end,
         due_at = case when b.revision = i.revision then i.due_at else coalesce(b.due_at, $5) end,
         updated_at = $5
       from input i, holder
       where b.id = i.id and holder.holds
     ), left_to_holder as (
       update booking b set due_at = $5 from input i, holder where b.id = i.id and not holder.holds
     ), logged as (
       insert into booking_log (booking_id, revision, settings_version, at, steps, parts)
       select id, revision, settings_version, $5, steps, parts from input, holder where holder.holds
     )
     select holds from holder`,
    [orgId, token, generation, JSON.stringify(storable(input)), now.toISOString()],
  );
  return rows[0]?.holds ?? false;
}
