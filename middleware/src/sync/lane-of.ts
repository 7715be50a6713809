import { createHash } from 'node:crypto';
import { assignLanes, readUnassigned, type UnassignedBooking } from '../booking/booking.store';
import { normalizeEmail } from '../customer/email';
import type { Db } from '../store/db';

/** Bookings that get their lane at once. */
const SLICE = 1_000;

/**
 * What decides which lane a booking goes by: its customer's address, so that all bookings of a person, of whatever team
 * of the org, follow one another; without one the source's customer id, else the booking itself. Pure.
 *
 * @returns from 0 to 2,147,483,647.
 */
export function laneHash({ sourceId, rootKey, customer }: Omit<UnassignedBooking, 'id'>): number {
  const email = normalizeEmail(customer?.email ?? null);
  const key = email ?? JSON.stringify([sourceId, customer?.id ?? null, customer?.id == null ? rootKey : null]);
  return createHash('sha256').update(key).digest().readUInt32BE(0) >>> 1;
}

/** Gives every due booking of an org its lane that has none yet. */
export async function assignDueBookings(db: Db, orgId: string): Promise<void> {
  for (let count = SLICE; count === SLICE;) {
    const bookings = await readUnassigned(db, orgId, SLICE);
    count = bookings.length;
    if (count > 0) await assignLanes(db, new Map(bookings.map((booking) => [booking.id, laneHash(booking)])));
  }
}
