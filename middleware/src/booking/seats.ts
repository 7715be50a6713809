import type { BookingEvent } from './booking-event';

/** The native key of the booking that a seat is part of; null for a key without a seat. Pure. */
export function baseKeyOf(key: string): string | null {
  const colon = key.indexOf(':');
  return colon === -1 ? null : key.slice(0, colon);
}

/**
 * Gives what is told of a whole shared booking (it ended, it moved) to each of its seats, because every seat's customer
 * has a booking of his own; a no-show that names a customer goes to that customer's seat alone.
 *
 * @param events everything known of the bookings, seats among them or not.
 * @returns `own`: events as they belong to seats and to bookings without any; `shared`: the originals that were spread,
 *   by the key of the whole booking. Pure.
 */
export function spreadOverSeats<E extends { event: BookingEvent }>(
  events: E[],
): { own: E[]; shared: Map<string, E[]> } {
  const seats = new Map<string, Map<string, string | null>>();
  for (const { event } of events) {
    const base = baseKeyOf(event.bookingKey);
    if (base === null) continue;
    const ofBase = seats.get(base) ?? new Map<string, string | null>();
    const email = event.customer?.email?.toLowerCase() ?? ofBase.get(event.bookingKey) ?? null;
    seats.set(base, ofBase.set(event.bookingKey, email));
  }
  const own: E[] = [];
  const shared = new Map<string, E[]>();
  for (const item of events) {
    const ofBase = seats.get(item.event.bookingKey);
    if (ofBase === undefined) {
      own.push(item);
      continue;
    }
    shared.set(item.event.bookingKey, [...(shared.get(item.event.bookingKey) ?? []), item]);
    for (const [seatKey, email] of ofBase) {
      if (isMeantFor(item.event, email)) own.push({ ...item, event: ofSeat(item.event, seatKey) });
    }
  }
  return { own, shared };
}

/** Staying away is one person's matter; everything else that is told of the whole is everybody's. */
function isMeantFor({ kind, customer }: BookingEvent, seatEmail: string | null): boolean {
  const isPersonal = kind === 'noShow' || kind === 'noShowCleared';
  const email = customer?.email?.toLowerCase() ?? null;
  return !isPersonal || email === null || email === seatEmail;
}

/**
 * What a seat takes from an event of the whole booking: not its customer, who may be another seat's, and not which
 * booking it continues. Whose seat moved is told of that seat; a key that all seats share would make them one booking.
 */
function ofSeat(event: BookingEvent, seatKey: string): BookingEvent {
  const links = { replacesKey: null, replacedByKey: null };
  return { ...event, ...links, bookingKey: seatKey, customer: null, answers: null, guests: null };
}
