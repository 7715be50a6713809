import type { BookingState, BookingStatus } from './booking';
import {
  NO_DETAILS,
  type BookingCustomer,
  type BookingDetails,
  type BookingEvent,
  type BookingEventKind,
  type BookingHost,
} from './booking-event';
import { compare, orderKeys } from './lineage';

/** Ties at one instant: a booking is made before it is changed, and changed before it ends. */
const KIND_ORDER: Record<BookingEventKind, number> = {
  scheduled: 0,
  rescheduled: 1,
  updated: 2,
  reassigned: 3,
  completed: 4,
  noShow: 5,
  noShowCleared: 6,
  canceled: 7,
};

/**
 * Folds everything known of one booking into what it is now. Pure; any order of `events`, and any repetition of
 * them, gives the same state.
 *
 * @param events all booking events of one lineage; at least one.
 * @throws RangeError when there is no event: a booking that nothing happened to does not exist.
 */
export function foldBooking(events: BookingEvent[]): BookingState {
  const ordered = events.length === 1 ? events : inOrder(events);
  const last = ordered.at(-1);
  if (last === undefined) throw new RangeError('A booking needs at least one booking event, got none.');
  return stateOf(ordered.reduce(apply, { ...START, bookedBy: bookedBy(ordered) }), last.occurredAt);
}

/**
 * Whose booking it is, as an e-mail, by all that does not tell who came: that may name a guest alone, and be heard before
 * anything else is. Null when nobody is named, or when no event tells who came.
 */
function bookedBy(ordered: BookingEvent[]): string | null {
  if (!ordered.some(isAboutPresence)) return null;
  const others = ordered.filter((event) => !isAboutPresence(event));
  return others.reduce(apply, START).details.customer?.email ?? null;
}

function isAboutPresence({ kind }: BookingEvent): boolean {
  return kind === 'noShow' || kind === 'noShowCleared';
}

/** Events without repetitions, oldest first: along the lineage, then by time, the source's counter and kind. */
function inOrder(events: BookingEvent[]): BookingEvent[] {
  const position = new Map(orderKeys(events).map((key, index) => [key, index]));
  const at = (event: BookingEvent): number => position.get(event.bookingKey) ?? 0;
  const distinct = [...new Map(events.map((event) => [eventText(event), event]))];
  return distinct
    .sort(
      ([textA, a], [textB, b]) =>
        at(a) - at(b) ||
        compare(a.occurredAt, b.occurredAt) ||
        (a.sequence ?? -1) - (b.sequence ?? -1) ||
        KIND_ORDER[a.kind] - KIND_ORDER[b.kind] ||
        compare(textA, textB),
    )
    .map(([, event]) => event);
}

interface Progress {
  details: BookingDetails;
  /** See `bookedBy`: for what is told of somebody before the booking itself is. */
  bookedBy: string | null;
  /** Scheduled or Rescheduled, whichever the booking last was; null before it was either. */
  base: 'Scheduled' | 'Rescheduled' | null;
  isCanceled: boolean;
  isCompleted: boolean;
  isNoShow: boolean;
  reason: string | null;
  actor: BookingState['actor'];
  /** Told by the old half of a reschedule, for the new half that says nothing. */
  oldHalf: { reason: string | null; actor: BookingState['actor'] } | null;
}

const START: Progress = {
  details: NO_DETAILS,
  bookedBy: null,
  base: null,
  isCanceled: false,
  isCompleted: false,
  isNoShow: false,
  reason: null,
  actor: null,
  oldHalf: null,
};

function stateOf(progress: Progress, changedAt: string): BookingState {
  const { details, reason, actor } = progress;
  return { ...details, status: statusOf(progress), reason, actor, changedAt };
}

function statusOf({ isCanceled, isNoShow, isCompleted, base }: Progress): BookingStatus {
  if (isCanceled) return 'Canceled';
  if (isNoShow) return 'No-show'; // beats Completed: the clock says only that the time has passed
  if (isCompleted) return 'Completed';
  return base ?? 'Scheduled';
}

function apply(before: Progress, event: BookingEvent): Progress {
  if (event.replacedByKey !== null && event.replacedByKey !== event.bookingKey) return applyOldHalf(before, event);
  const isOfGuest = isAboutPresence(event) && isOfSomebodyElse(before, event);
  const known = { ...before, details: filled(before.details, isOfGuest ? { ...event, customer: null } : event) };
  switch (event.kind) {
    case 'scheduled':
    case 'rescheduled':
      return applyBooked(before, event);
    case 'updated':
    case 'reassigned':
      return { ...before, details: overridden(before.details, event) };
    case 'canceled':
      return { ...known, isCanceled: true, reason: event.reason, actor: event.actor, oldHalf: null };
    // After a cancel these are recorded in the booking's story, but change nothing.
    case 'completed':
      return before.isCanceled ? known : { ...known, isCompleted: true };
    case 'noShow':
      return before.isCanceled || isOfGuest ? known : { ...known, isNoShow: true };
    case 'noShowCleared':
      return isOfGuest ? known : { ...known, isNoShow: false };
  }
}

/** A guest who did not come says nothing about the customer. */
function isOfSomebodyElse({ details, bookedBy: booker }: Progress, event: BookingEvent): boolean {
  const [ours, theirs] = [details.customer?.email ?? booker, event.customer?.email ?? null];
  return ours !== null && theirs !== null && ours.toLowerCase() !== theirs.toLowerCase();
}

/** The old half of a reschedule, even when the source calls it a cancel: it tells why, the new half tells when. */
function applyOldHalf(before: Progress, event: BookingEvent): Progress {
  const told = { reason: event.reason, actor: event.actor };
  return { ...before, details: filled(before.details, event), base: 'Rescheduled', ...told, oldHalf: told };
}

function applyBooked(before: Progress, event: BookingEvent): Progress {
  const details = overridden(before.details, event);
  const revived = { ...before, details, isCanceled: false, isCompleted: false, isNoShow: false };
  const continues = event.replacesKey !== null && event.replacesKey !== event.bookingKey;
  if (event.kind === 'rescheduled' || continues || before.oldHalf !== null) {
    const reason = event.reason ?? before.oldHalf?.reason ?? null;
    const actor = event.actor ?? before.oldHalf?.actor ?? null;
    return { ...revived, base: 'Rescheduled', reason, actor, oldHalf: null };
  }
  // A second "scheduled" (paid, confirmed again) of a booking that goes on says nothing new about its moves.
  if (before.base !== null && !before.isCanceled) return { ...before, details };
  return { ...revived, base: 'Scheduled', reason: null, actor: null };
}

/** Takes what the event knows over what was known. */
function overridden(before: BookingDetails, event: BookingDetails): BookingDetails {
  return merged(before, event);
}

/** Takes from the event only what was not known: such events carry a snapshot that may be older than the booking. */
function filled(before: BookingDetails, event: BookingDetails): BookingDetails {
  return merged(event, before);
}

const FIELDS = Object.keys(NO_DETAILS) as (keyof BookingDetails)[];

function merged(weak: BookingDetails, strong: BookingDetails): BookingDetails {
  const details: Record<string, unknown> = {};
  for (const field of FIELDS) details[field] = strong[field] ?? weak[field];
  // Times are one thing: the start of one event never goes with the end of another.
  const times = strong.startsAt === null ? weak : strong;
  // So is where to meet: a meeting that moved from a room to a call has no room any more.
  const place = strong.location === null && strong.joinUrl === null ? weak : strong;
  return {
    ...(details as unknown as BookingDetails),
    startsAt: times.startsAt,
    endsAt: times.endsAt,
    allDay: times.allDay,
    location: place.location,
    joinUrl: place.joinUrl,
    customer: mergedPerson(weak.customer, strong.customer),
    host: mergedPerson(weak.host, strong.host),
    page: mergedPage(weak.page, strong.page),
    answers: mergedRecord(weak.answers, strong.answers),
    campaign: mergedRecord(weak.campaign, strong.campaign),
  };
}

/** Joins what two events say of one person; of two different people the stronger alone stays, so that nobody is a mixture. */
function mergedPerson<P extends BookingCustomer | BookingHost>(weak: P | null, strong: P | null): P | null {
  if (weak === null || strong === null) return strong ?? weak;
  const differs = (['id', 'email'] as const).some((key) => {
    const [a, b] = [weak[key], strong[key]];
    return a !== null && b !== null && a.toLowerCase() !== b.toLowerCase();
  });
  if (differs) return strong;
  return Object.fromEntries(
    Object.keys(strong).map((key) => [key, strong[key as keyof P] ?? weak[key as keyof P]]),
  ) as unknown as P;
}

function mergedPage(weak: BookingDetails['page'], strong: BookingDetails['page']): BookingDetails['page'] {
  if (weak === null || strong === null) return strong ?? weak;
  return weak.id === strong.id ? { id: strong.id, name: strong.name ?? weak.name } : strong;
}

function mergedRecord<V>(weak: Record<string, V> | null, strong: Record<string, V> | null): Record<string, V> | null {
  return weak === null && strong === null ? null : { ...weak, ...strong };
}

/** JSON with sorted keys: two values are the same when it is. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

/** Texts of events by the event: of one that others are compared with, it is asked for again and again. */
const texts = new WeakMap<BookingEvent, string>();

/** The canonical JSON of an event, which nobody changes any more. */
export function eventText(event: BookingEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = canonicalJson(event);
  texts.set(event, text);
  return text;
}
