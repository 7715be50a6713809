import type { Db } from '../store/db';
import type { BookingState, BookingStatus } from './booking';

/** How far a booking is: the loop has yet to look at it, it waits for a human, or neither. */
export const PROGRESS = ['pending', 'parked', 'settled'] as const;
export type Progress = (typeof PROGRESS)[number];

/** A booking as it stands in the list. */
export interface ListedBooking {
  id: string;
  sourceId: string;
  rootKey: string;
  status: BookingStatus;
  progress: Progress;
  startsAt: string | null;
  subject: string | null;
  page: string | null;
  customer: { name: string | null; email: string | null } | null;
  host: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Which bookings; what is null is not asked for. */
export interface BookingFilter {
  teamId: string;
  progress: Progress | null;
  status: BookingStatus | null;
  sourceId: string | null;
  /** The beginning of a native key, or `<source id>:` in front of one as `Booking_Id__c` has it. */
  key: string | null;
}

/** Where a page of the list ended. */
export interface ListPlace {
  createdAt: string;
  id: string;
}

/** Whether a part waits for a human: word for word the condition of the index `booking_parked`. */
export const IS_PARKED = `jsonb_path_exists(b.parts, '$.* ? (@.state == "parked")')`;

const PROGRESS_SQL: Record<Progress, string> = {
  pending: 'b.due_at is not null',
  parked: IS_PARKED,
  settled: `b.due_at is null and not ${IS_PARKED}`,
};

interface ListedRow {
  id: string;
  source_id: string;
  root_key: string;
  state: BookingState;
  created_at: Date;
  updated_at: Date;
  is_due: boolean;
  is_parked: boolean;
}

/**
 * Bookings of a team, the newest first.
 * @param after where the page before ended; null for the first one.
 */
export async function readBookings(
  db: Db,
  { teamId, progress, status, sourceId, key }: BookingFilter,
  { after, limit }: { after: ListPlace | null; limit: number },
): Promise<ListedBooking[]> {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  // Only what is asked for stands in the statement: a condition that may be empty keeps the planner from its index.
  const conditions = [
    `b.team_id = ${place(teamId)}`,
    ...(progress === null ? [] : [PROGRESS_SQL[progress]]),
    ...(status === null ? [] : [`b.status = ${place(status)}`]),
    ...(sourceId === null ? [] : [`b.source_id = ${place(sourceId)}`]),
    ...(key === null ? [] : [`b.id = any (${idsByKey(place(key))})`]),
    ...(after === null
      ? []
      : [`(b.created_at, b.id) < (${place(after.createdAt)}::timestamptz, ${place(after.id)}::uuid)`]),
  ];
  const { rows } = await db.query<ListedRow>(
    `select b.id, b.source_id, b.root_key, b.state, b.created_at, b.updated_at, b.due_at is not null as is_due,
            ${IS_PARKED} as is_parked
     from booking b
     where ${conditions.join(' and ')}
     order by b.created_at desc, b.id desc
     limit ${place(limit)}`,
    values,
  );
  return rows.map(toListed);
}

/**
 * A range of the key's index for each source; the last code point there is ends it. An array and "offset 0" keep the
 * planner at these ranges first: joined freely, it walks all bookings or all keys.
 */
function idsByKey(key: string): string {
  return `array(
    select found.booking_id from source s
    cross join lateral (
      select case when starts_with(${key}::text, s.id || ':') then substr(${key}::text, length(s.id) + 2) else ${key}::text end as beginning
    ) as wanted
    cross join lateral (
      select k.booking_id from booking_key k
      where k.source_id = s.id and k.native_key >= wanted.beginning
        and k.native_key < wanted.beginning || U&'\\+10FFFF'
      offset 0
    ) as found)`;
}

function toListed(row: ListedRow): ListedBooking {
  const { state } = row;
  return {
    id: row.id,
    sourceId: row.source_id,
    rootKey: row.root_key,
    status: state.status,
    progress: row.is_due ? 'pending' : row.is_parked ? 'parked' : 'settled',
    startsAt: state.startsAt,
    subject: state.subject,
    page: state.page?.name ?? state.page?.id ?? null,
    customer: state.customer === null ? null : { name: state.customer.name, email: state.customer.email },
    host: state.host?.name ?? state.host?.email ?? null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
