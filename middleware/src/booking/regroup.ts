import { createHash } from 'node:crypto';
import type { BookingState } from './booking';
import type { BookingEvent } from './booking-event';
import { withClock } from './clock';
import { eventText, foldBooking } from './fold';
import { joinLineages } from './lineage';
import { baseKeyOf, spreadOverSeats } from './seats';

/** A booking as the store has it before new events are added. */
export interface KnownBooking {
  id: string;
  rootKey: string;
  createdAt: Date;
  mergedInto: string | null;
  /** The end at which the clock completed it; null when it did not. */
  completedEndsAt: string | null;
  keys: string[];
  events: BookingEvent[];
}

/** A booking event with the delivery that told it. */
export interface ToldEvent {
  event: BookingEvent;
  /** Null for events that the store has already. */
  deliveryId: string | null;
}

/** What becomes of one booking: new or changed. */
export interface RegroupedBooking {
  id: string;
  rootKey: string;
  state: BookingState;
  /** The booking that it turned out to be, or, for the whole of a shared booking, one of its seats. */
  mergedInto: string | null;
  /** Native keys that lead to it from now on. */
  keys: string[];
  /** Events to store with it, by their hash; those that it has are not among them. */
  added: (ToldEvent & { hash: string })[];
}

/**
 * Puts new events and the bookings that they touch together: seats get what is told of the whole, keys that a
 * reschedule joins become one booking, and each is folded anew. Pure but for `newId`.
 *
 * @param known every booking that one of the events' keys leads to, of one source.
 * @returns only what is new or changed: a repetition changes nothing.
 */
export function regroup(known: KnownBooking[], fresh: ToldEvent[], newId: () => string): RegroupedBooking[] {
  const stored = known.flatMap(({ events }) => events.map((event): ToldEvent => ({ event, deliveryId: null })));
  const { own, shared } = spreadOverSeats([...stored, ...fresh]);
  const owner = new Map(known.flatMap(({ id, keys }) => keys.map((key) => [key, id] as const)));
  for (const key of shared.keys()) owner.delete(key); // its own booking stands for the whole, not for a seat

  const byId = new Map(known.map((booking) => [booking.id, booking]));
  const bookings: RegroupedBooking[] = [];
  for (const lineage of joinLineages(own.map(withKeys), owner)) {
    const touched = lineage.bookingIds.flatMap((id) => byId.get(id) ?? []).sort(byAge);
    const survivor = touched[0] ?? { id: newId(), rootKey: lineage.keys[0] ?? '', completedEndsAt: null, events: [] };
    const added = unknownTo(survivor, lineage.events);
    const keys = [...new Set([...lineage.keys, ...touched.flatMap(({ keys: owned }) => owned)])];
    if (added.length === 0 && touched.length === 1) continue;
    const state = withClock(foldBooking(lineage.events.map(({ event }) => event)), survivor.completedEndsAt);
    bookings.push({ id: survivor.id, rootKey: survivor.rootKey, state, mergedInto: null, keys, added });
    for (const twin of touched.slice(1)) {
      bookings.push({ id: twin.id, rootKey: twin.rootKey, state, mergedInto: survivor.id, keys: [], added: [] });
    }
  }
  return [...bookings, ...wholesOf(shared, known, bookings, newId)];
}

/** The whole of a shared booking is kept for the seats that come later, and is itself never written. */
function wholesOf(
  shared: Map<string, ToldEvent[]>,
  known: KnownBooking[],
  seats: RegroupedBooking[],
  newId: () => string,
): RegroupedBooking[] {
  return [...shared].flatMap(([key, events]) => {
    const hasSeat = ({ keys }: { keys: string[] }): boolean => keys.some((other) => baseKeyOf(other) === key);
    const seat = known.find(hasSeat) ?? seats.find(hasSeat);
    const found = known.find(({ keys }) => keys.includes(key));
    const whole = found ?? { id: newId(), rootKey: key, mergedInto: null, events: [] };
    const added = unknownTo(whole, events);
    if (seat === undefined || (added.length === 0 && whole.mergedInto !== null)) return [];
    const state = foldBooking(events.map(({ event }) => event));
    return [{ id: whole.id, rootKey: whole.rootKey, state, mergedInto: seat.id, keys: [key], added }];
  });
}

function unknownTo(booking: { events: BookingEvent[] }, told: ToldEvent[]): (ToldEvent & { hash: string })[] {
  const known = new Set(booking.events.map(hashOf));
  const added = new Map<string, ToldEvent & { hash: string }>();
  for (const item of told) {
    const hash = hashOf(item.event);
    if (!known.has(hash) && !added.has(hash)) added.set(hash, { ...item, hash });
  }
  return [...added.values()];
}

function withKeys(told: ToldEvent): ToldEvent & Pick<BookingEvent, 'bookingKey' | 'replacesKey' | 'replacedByKey'> {
  const { bookingKey, replacesKey, replacedByKey } = told.event;
  return { ...told, bookingKey, replacesKey, replacedByKey };
}

function byAge(a: KnownBooking, b: KnownBooking): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** The same fact told twice has one hash. */
function hashOf(event: BookingEvent): string {
  return createHash('sha256').update(eventText(event)).digest('base64url');
}
