import type { BookingEvent } from './booking-event';

/** The part of a booking event that says which bookings belong together. */
export type LineageKeys = Pick<BookingEvent, 'bookingKey' | 'replacesKey' | 'replacedByKey'>;

/** Every native key that an event names; a key that points at itself adds nothing. */
export function keysOf(event: LineageKeys): string[] {
  return [...new Set([event.bookingKey, event.replacesKey, event.replacedByKey].filter((key) => key !== null))];
}

/** A set of events that belong to one booking, with the known bookings that they touch. */
export interface Lineage<E extends LineageKeys> {
  /** In order of first sight: the first one is the root key when the booking is new. */
  keys: string[];
  events: E[];
  /** Ids of known bookings, as given; more than one means that they turned out to be one booking. */
  bookingIds: string[];
}

/**
 * Groups events of one source into lineages: two events belong together when a chain of shared native keys joins
 * them, whichever half of a reschedule told it. Pure.
 *
 * @param events in the order of arrival.
 * @param known which booking already owns a native key.
 */
export function joinLineages<E extends LineageKeys>(events: E[], known: ReadonlyMap<string, string>): Lineage<E>[] {
  const groups: Lineage<E>[] = [];
  for (const event of events) {
    const keys = keysOf(event);
    const ids = keys.map((key) => known.get(key)).filter((id) => id !== undefined);
    const touched = groups.filter(
      (group) => group.keys.some((key) => keys.includes(key)) || group.bookingIds.some((id) => ids.includes(id)),
    );
    const [first = { keys: [], events: [], bookingIds: [] }, ...others] = touched;
    if (touched.length === 0) groups.push(first);
    for (const other of others) {
      groups.splice(groups.indexOf(other), 1);
      add(first.keys, other.keys);
      first.events.push(...other.events);
      add(first.bookingIds, other.bookingIds);
    }
    add(first.keys, keys);
    first.events.push(event);
    add(first.bookingIds, ids);
  }
  return groups;
}

/**
 * Native keys of one lineage from the oldest to the current one. A loop (some senders point a booking at itself or
 * back) is cut where the earliest event is, so that every order of arrival gives the same chain. Pure.
 */
export function orderKeys(events: (LineageKeys & { occurredAt: string })[]): string[] {
  const firstSeenAt = new Map<string, string>();
  const predecessors = new Map<string, Set<string>>();
  const link = (older: string, newer: string): void => {
    if (older !== newer) predecessors.set(newer, (predecessors.get(newer) ?? new Set()).add(older));
  };
  for (const event of events) {
    for (const key of keysOf(event)) {
      const seen = firstSeenAt.get(key);
      // Only an event of the key itself dates it; keys that are merely named come as late as possible.
      const at = key === event.bookingKey ? event.occurredAt : '\uffff';
      if (seen === undefined || at < seen) firstSeenAt.set(key, at);
    }
    if (event.replacesKey !== null) link(event.replacesKey, event.bookingKey);
    if (event.replacedByKey !== null) link(event.bookingKey, event.replacedByKey);
  }
  const waiting = [...firstSeenAt].sort(([keyA, atA], [keyB, atB]) => compare(atA, atB) || compare(keyA, keyB));
  const ordered: string[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex(
      ([key]) => ![...(predecessors.get(key) ?? [])].some((older) => !ordered.includes(older)),
    );
    const [next] = waiting.splice(Math.max(free, 0), 1);
    if (next !== undefined) ordered.push(next[0]);
  }
  return ordered;
}

/** Compares two strings by code unit: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function add(target: string[], values: string[]): void {
  for (const value of values) if (!target.includes(value)) target.push(value);
}
