import type { BookingState } from '../booking/booking';
import type { Written } from '../booking/outcome';
import type { Db } from '../store/db';
import { knownCustomers } from './customer.store';

/** A booking of a customer. */
export interface CustomerBooking {
  id: string;
  sourceId: string;
  state: BookingState;
  /** What Salesforce holds of it, as far as known; null before the first write. */
  written: Written | null;
}

interface BookingRow {
  id: string;
  source_id: string;
  state: BookingState;
  written: Written | null;
}

/** How many of the newest bookings that wait for their first turn are looked through. */
const MOST_WAITING = 500;

/**
 * The bookings of a customer, the latest start first. Those that no turn has looked at yet are among them, as far as
 * they are of a customer who is known and few enough wait.
 *
 * @param most how many at most; one more than is to be shown tells whether there are more.
 */
export async function readBookingsOfCustomer(
  db: Db,
  { customerId, teamId }: { customerId: string; teamId: string },
  most: number,
): Promise<CustomerBooking[]> {
  const { rows } = await db.query<BookingRow>(
    `select id, source_id, state, written from booking
     where customer_id = $1 and team_id = $2 and merged_into is null
     order by starts_at desc nulls first, id limit $3`,
    [customerId, teamId, most],
  );
  const waiting = await readWaiting(db, { customerId, teamId });
  return [...waiting, ...rows].map(toBooking).sort(latestFirst).slice(0, most);
}

async function readWaiting(
  db: Db,
  { customerId, teamId }: { customerId: string; teamId: string },
): Promise<BookingRow[]> {
  const { rows } = await db.query<BookingRow>(
    `select id, source_id, state, written from booking
     where team_id = $1 and customer_id is null and due_at is not null and merged_into is null
     order by due_at desc limit $2`,
    [teamId, MOST_WAITING],
  );
  const customers = await knownCustomers(
    db,
    rows.map(({ id, source_id: sourceId, state: { customer } }) => ({
      bookingId: id,
      teamId,
      sourceId,
      sourceCustomerId: customer?.id ?? null,
      email: customer?.email ?? null,
    })),
  );
  return rows.filter(({ id }) => customers.get(id) === customerId);
}

function toBooking({ id, source_id: sourceId, state, written }: BookingRow): CustomerBooking {
  return { id, sourceId, state, written };
}

/** What has no time comes first. */
function latestFirst(a: CustomerBooking, b: CustomerBooking): number {
  const [first, second] = [a, b].map(({ state }) => (state.startsAt === null ? Infinity : Date.parse(state.startsAt)));
  return first === second ? 0 : Number(second) - Number(first);
}
