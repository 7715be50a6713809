import { isDeepStrictEqual } from 'node:util';
import type { BookingStatus } from '../../src/booking/booking';
import type { BookingCustomer, BookingEvent, BookingHost } from '../../src/booking/booking-event';

/** What the reference tells of a booking: enough to see that it is the right one in the right state. */
export interface ReferenceBooking {
  keys: string[];
  status: BookingStatus;
  startsAt: string | null;
  endsAt: string | null;
  allDay: boolean | null;
  reason: string | null;
  actor: 'customer' | 'host' | null;
  host: BookingHost | null;
  customer: BookingCustomer | null;
  location: string | null;
  joinUrl: string | null;
  changedAt: string;
}

/**
 * What the bookings of one source are, found the slow way: by looking through everything again and again. It shares no
 * code with the product, so that the two can only agree by both being right.
 */
export function referenceFold(told: BookingEvent[]): ReferenceBooking[] {
  return groupsOf(seatEventsOf(distinctOf(told))).map(({ keys, events }) => bookingOf(keys, inOrder(keys, events)));
}

function distinctOf(events: BookingEvent[]): BookingEvent[] {
  const distinct: BookingEvent[] = [];
  for (const event of events) if (!distinct.some((other) => isDeepStrictEqual(other, event))) distinct.push(event);
  return distinct;
}

/** What is told of the whole of a shared booking, told of each of its seats instead. */
function seatEventsOf(events: BookingEvent[]): BookingEvent[] {
  const result: BookingEvent[] = [];
  for (const event of events) {
    const seats = [
      ...new Set(events.map((other) => other.bookingKey).filter((key) => key.startsWith(`${event.bookingKey}:`))),
    ];
    if (seats.length === 0) result.push(event);
    for (const seat of seats) {
      const seatEmail = events.find((other) => other.bookingKey === seat && other.customer?.email)?.customer?.email;
      const email = event.customer?.email;
      const isPersonal = event.kind === 'noShow' || event.kind === 'noShowCleared';
      if (isPersonal && email && !isSame(email, seatEmail)) continue;
      // Whose seat moved is told by the seats.
      const links = { replacesKey: null, replacedByKey: null };
      result.push({ ...event, ...links, bookingKey: seat, customer: null, answers: null, guests: null });
    }
  }
  return distinctOf(result);
}

function namedBy({ bookingKey, replacesKey, replacedByKey }: BookingEvent): string[] {
  return [bookingKey, replacesKey, replacedByKey].filter((key) => key !== null);
}

/** Paints every event with a number of its own, then gives neighbours the lower number until nothing changes. */
function groupsOf(events: BookingEvent[]): { keys: string[]; events: BookingEvent[] }[] {
  const color = events.map((_, index) => index);
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const [i, a] of events.entries()) {
      for (const [j, b] of events.entries()) {
        if (color[i] === color[j] || !namedBy(a).some((key) => namedBy(b).includes(key))) continue;
        color[i] = color[j] = Math.min(color[i]!, color[j]!);
        hasChanged = true;
      }
    }
  }
  return [...new Set(color)].map((one) => {
    const members = events.filter((_, index) => color[index] === one);
    return { keys: [...new Set(members.flatMap(namedBy))].sort(byCodeUnit), events: members };
  });
}

/** Along the chain of keys; of one key by time. Where the chain is a ring, the key that was heard of first begins. */
function inOrder(keys: string[], events: BookingEvent[]): BookingEvent[] {
  const isBefore = (older: string, newer: string): boolean =>
    older !== newer &&
    events.some(
      (event) =>
        (event.bookingKey === newer && event.replacesKey === older) ||
        (event.bookingKey === older && event.replacedByKey === newer),
    );
  const firstHeardOf = (key: string): string =>
    events
      .filter((event) => event.bookingKey === key)
      .map((event) => event.occurredAt)
      .sort(byCodeUnit)[0] ?? 'never';
  const chain: string[] = [];
  while (chain.length < keys.length) {
    const left = keys.filter((key) => !chain.includes(key));
    const free = left.filter((key) => !left.some((older) => isBefore(older, key)));
    const candidates = free.length > 0 ? free : left;
    candidates.sort((a, b) => byCodeUnit(firstHeardOf(a), firstHeardOf(b)) || byCodeUnit(a, b));
    chain.push(candidates[0]!);
  }
  return chain.flatMap((key) =>
    events
      .filter((event) => event.bookingKey === key)
      .sort(
        (a, b) =>
          byCodeUnit(a.occurredAt, b.occurredAt) ||
          (a.sequence ?? -1) - (b.sequence ?? -1) ||
          RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind) ||
          byCodeUnit(textOf(a), textOf(b)),
      ),
  );
}

const RANKS = [
  ...['scheduled', 'rescheduled', 'updated', 'reassigned'],
  ...['completed', 'noShow', 'noShowCleared', 'canceled'],
];

/** Reads the story backwards: each answer is the last thing that was said about it. */
function bookingOf(keys: string[], story: BookingEvent[]): ReferenceBooking {
  const isOldHalf = (event: BookingEvent): boolean =>
    event.replacedByKey !== null && event.replacedByKey !== event.bookingKey;
  const isBooked = (event: BookingEvent): boolean =>
    !isOldHalf(event) && (event.kind === 'scheduled' || event.kind === 'rescheduled');
  const isCancel = (event: BookingEvent): boolean => !isOldHalf(event) && event.kind === 'canceled';
  const lastBefore = (place: number, isIt: (event: BookingEvent) => boolean): number =>
    story.slice(0, place).findLastIndex(isIt);

  /** The old half that a booked event answers; -1 when there is none, or another event came between. */
  const oldHalfOf = (place: number): number => {
    const before = lastBefore(place, isOldHalf);
    return before > lastBefore(place, (event) => isBooked(event) || isCancel(event)) ? before : -1;
  };
  const isMove = (place: number): boolean => {
    const event = story[place]!;
    const continues = event.replacesKey !== null && event.replacesKey !== event.bookingKey;
    return isBooked(event) && (event.kind === 'rescheduled' || continues || oldHalfOf(place) >= 0);
  };
  /** Whether the booking begins here, or begins again: moved, made for the first time, or made again after a cancel. */
  const isStart = (place: number): boolean =>
    isBooked(story[place]!) &&
    (isMove(place) ||
      !story.slice(0, place).some((event) => isBooked(event) || isOldHalf(event)) ||
      lastBefore(place, isCancel) > lastBefore(place, isBooked));

  const places = story.map((_, place) => place);
  const start = places.findLast(isStart) ?? -1;
  const life = story.slice(start + 1);
  const firstCancel = life.findIndex(isCancel);
  const untilCancel = firstCancel === -1 ? life : life.slice(0, firstCancel);
  const withoutGuests = guestsLeftOut(story, isOldHalf);
  const isOfCustomer = (event: BookingEvent): boolean => withoutGuests.includes(event);
  const marks = [
    ...untilCancel.filter((event) => !isOldHalf(event) && event.kind === 'noShow' && isOfCustomer(event)),
    ...life.filter((event) => !isOldHalf(event) && event.kind === 'noShowCleared' && isOfCustomer(event)),
  ].sort((a, b) => story.indexOf(a) - story.indexOf(b));
  const hasMoved = (start >= 0 && isMove(start)) || life.some(isOldHalf);
  const status =
    firstCancel >= 0
      ? 'Canceled'
      : marks.at(-1)?.kind === 'noShow'
        ? 'No-show'
        : untilCancel.some((event) => !isOldHalf(event) && event.kind === 'completed')
          ? 'Completed'
          : hasMoved
            ? 'Rescheduled'
            : 'Scheduled';

  const change = places.findLast((place) => place === start || isCancel(story[place]!) || isOldHalf(story[place]!));
  const why = change === undefined ? null : { ...story[change]! };
  if (why !== null && change === start) {
    const oldHalf = story[oldHalfOf(start)];
    const isPlain = !isMove(start);
    why.reason = isPlain ? null : (why.reason ?? oldHalf?.reason ?? null);
    why.actor = isPlain ? null : (why.actor ?? oldHalf?.actor ?? null);
  }
  const timed = lastWord(story, isOldHalf, ({ startsAt }) => startsAt !== null);
  const placed = lastWord(story, isOldHalf, ({ location, joinUrl }) => location !== null || joinUrl !== null);
  return {
    keys,
    status,
    startsAt: timed?.startsAt ?? null,
    endsAt: timed?.endsAt ?? null,
    allDay: timed?.allDay ?? null,
    reason: why?.reason ?? null,
    actor: why?.actor ?? null,
    host: personAfter(story, isOldHalf, 'host'),
    customer: personAfter(withoutGuests, isOldHalf, 'customer'),
    location: placed?.location ?? null,
    joinUrl: placed?.joinUrl ?? null,
    changedAt: story.at(-1)!.occurredAt,
  };
}

/** The story with nobody named where it tells who came, and that was another one than who had booked. */
function guestsLeftOut(story: BookingEvent[], isOldHalf: (event: BookingEvent) => boolean): BookingEvent[] {
  const tellsWhoCame = ({ kind }: BookingEvent): boolean => kind.startsWith('noShow');
  const others = story.filter((event) => !tellsWhoCame(event));
  const told: BookingEvent[] = [];
  for (const event of story) {
    const known = (personAfter(told, isOldHalf, 'customer') ?? personAfter(others, isOldHalf, 'customer'))?.email;
    const named = event.customer?.email;
    const isGuest = tellsWhoCame(event) && !isOldHalf(event) && known && named && !isSame(known, named);
    told.push(isGuest ? { ...event, customer: null } : event);
  }
  return told;
}

const KINDS_THAT_CORRECT = ['scheduled', 'rescheduled', 'updated', 'reassigned'];

/** The event whose word counts on something: the last one that corrects it, else the first one that names it. */
function lastWord(
  story: BookingEvent[],
  isOldHalf: (event: BookingEvent) => boolean,
  names: (event: BookingEvent) => boolean,
): BookingEvent | undefined {
  const naming = story.filter(names);
  return naming.findLast((event) => !isOldHalf(event) && KINDS_THAT_CORRECT.includes(event.kind)) ?? naming[0];
}

/** A person as the story leaves them: one who is corrected is replaced, unless it is the same one. */
function personAfter<F extends 'host' | 'customer'>(
  story: BookingEvent[],
  isOldHalf: (event: BookingEvent) => boolean,
  field: F,
): BookingEvent[F] {
  let person: Record<string, string | null> | null = null;
  for (const event of story) {
    const named = event[field] as unknown as Record<string, string | null> | null;
    if (named === null) continue;
    if (person === null) {
      person = { ...named };
      continue;
    }
    const isCorrection = !isOldHalf(event) && KINDS_THAT_CORRECT.includes(event.kind);
    const isOther =
      (person['id'] && named['id'] && !isSame(person['id'], named['id'])) ||
      (person['email'] && named['email'] && !isSame(person['email'], named['email']));
    if (isOther) {
      if (isCorrection) person = { ...named };
      continue;
    }
    for (const [name, value] of Object.entries(named)) {
      if (value !== null && (isCorrection || person[name] === null)) person[name] = value;
    }
  }
  return person as BookingEvent[F];
}

function isSame(a: string, b: string | null | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One text per content, whatever the order of the fields. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields).sort(byCodeUnit);
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(fields[name])}`).join(',')}}`;
}
