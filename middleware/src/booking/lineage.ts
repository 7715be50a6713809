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
  const groups: (Group<E> | null)[] = [];
  const ofKey = new Map<string, Group<E>>();
  const ofId = new Map<string, Group<E>>();
  for (const event of events) {
    const keys = keysOf(event);
    const ids = keys.flatMap((key) => known.get(key) ?? []);
    const touched = new Set<Group<E>>();
    for (const group of [...keys.map((key) => ofKey.get(key)), ...ids.map((id) => ofId.get(id))]) {
      if (group !== undefined) touched.add(group);
    }
    const [first, ...others] = [...touched].sort((a, b) => a.place - b.place);
    const group = first ?? { place: groups.length, keys: new Set(), events: [], bookingIds: new Set() };
    if (first === undefined) groups.push(group);
    for (const other of others) {
      groups[other.place] = null;
      add(group, other.keys, other.bookingIds, other.events);
    }
    add(group, keys, ids, [event]);
    const isJoined = others.length > 0;
    for (const key of isJoined ? group.keys : keys) ofKey.set(key, group);
    for (const id of isJoined ? group.bookingIds : ids) ofId.set(id, group);
  }
  return groups.flatMap((group) =>
    group === null ? [] : [{ keys: [...group.keys], events: group.events, bookingIds: [...group.bookingIds] }],
  );
}

/** A lineage that grows. */
interface Group<E> {
  /** Among the groups, in order of first sight. */
  place: number;
  keys: Set<string>;
  events: E[];
  bookingIds: Set<string>;
}

function add<E>(group: Group<E>, keys: Iterable<string>, ids: Iterable<string>, events: E[]): void {
  for (const key of keys) group.keys.add(key);
  for (const id of ids) group.bookingIds.add(id);
  group.events.push(...events);
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
