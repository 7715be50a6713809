import type { Booking } from '../booking/booking';
import { bookingExternalId } from '../booking/booking';
import type { JsonValue } from '../booking/booking-event';
import { personName } from '../customer/person-name';
import { textOf } from '../salesforce/convert';

/** Everything that a mapping row can name, by its dotted name. Undefined and null mean the same: no value. */
export interface Values {
  get(name: string): JsonValue | undefined;
  names(): string[];
}

/**
 * The values of a booking for field mappings; `settings/value-names.ts` tells what each is. What few mappings ask for
 * and takes time is worked out when it is asked for. Pure.
 */
export function valuesOf(booking: Booking): Values {
  const values = plainValues(booking);
  return {
    get: (name) => (name in WORKED_OUT ? WORKED_OUT[name]?.(booking) : values.get(name)),
    names: () => [...values.keys(), ...Object.keys(WORKED_OUT)],
  };
}

/** In an object without a prototype: names come out of an admin's settings. */
const WORKED_OUT: Readonly<Record<string, (booking: Booking) => JsonValue>> = Object.assign(
  Object.create(null) as object,
  {
    'booking.startDate': ({ state }: Booking) => localPart(state.startsAt, state, 'date'),
    'booking.startTime': ({ state }: Booking) => localPart(state.startsAt, state, 'time'),
    'booking.description': descriptionOf,
  },
);

function plainValues(booking: Booking): ReadonlyMap<string, JsonValue> {
  const { state } = booking;
  const { customer, host, payment } = state;
  const name = customer === null ? null : personName(customer);
  return new Map<string, JsonValue>([
    ['source.id', booking.sourceId],
    ['booking.id', bookingExternalId(booking)],
    ['booking.subject', state.subject ?? state.page?.name ?? null],
    ['booking.status', state.status],
    ['booking.reason', state.reason],
    ['booking.startsAt', state.startsAt],
    ['booking.endsAt', state.endsAt],
    ['booking.durationMinutes', durationMinutes(state.startsAt, state.endsAt)],
    ['booking.allDay', state.allDay],
    ['booking.timeZone', state.timeZone],
    ['booking.location', state.location ?? state.joinUrl],
    ['booking.joinUrl', state.joinUrl],
    ['booking.manageUrl', state.manageUrl],
    ['booking.cancelUrl', state.cancelUrl],
    ['customer.id', customer?.id ?? null],
    ['customer.email', customer?.email ?? null],
    ['customer.name', customer?.name ?? null],
    ['customer.firstName', name?.firstName ?? null],
    // A person record needs a last name: the e-mail address is the one name that somebody without a name has.
    ['customer.lastName', name?.lastName ?? customer?.email ?? null],
    ['customer.phone', customer?.phone ?? null],
    ['customer.company', customer?.company ?? null],
    ['customer.timeZone', customer?.timeZone ?? null],
    ['host.id', host?.id ?? null],
    ['host.email', host?.email ?? null],
    ['host.name', host?.name ?? null],
    ['page.id', state.page?.id ?? null],
    ['page.name', state.page?.name ?? state.page?.id ?? null],
    ['guests.emails', (state.guests ?? []).map(({ email }) => email)],
    ['payment.amount', payment?.amount ?? null],
    ['payment.currency', payment?.currency ?? null],
    ['payment.reference', payment?.reference ?? null],
    ...Object.entries(state.campaign ?? {}).map(([key, value]) => [`campaign.${key}`, value] as const),
    ...Object.entries(state.answers ?? {}).map(([key, value]) => [`answers.${key}`, value] as const),
  ]);
}

/** The answers and how to join, one line each, and a reason that is longer than its field: what a rep wants to read. */
function descriptionOf({ state }: Booking): string | null {
  const answers = Object.entries(state.answers ?? {})
    .map(([question, answer]) => [question, textOf(answer)] as const)
    .filter(([, answer]) => answer !== null)
    .map(([question, answer]) => `${question}: ${answer}`);
  const lines = [
    ...answers,
    ...(state.joinUrl === null ? [] : [`Join: ${state.joinUrl}`]),
    ...((state.reason?.length ?? 0) > REASON_LENGTH ? [`Reason: ${state.reason}`] : []),
  ];
  return lines.length > 0 ? lines.join('\n') : null;
}

/** What the package's field for the reason holds; a longer one is told in full in the description. */
const REASON_LENGTH = 255;

/** The day or the time of day at which it starts, where the appointment was made: UTC may be another day. */
function localPart(
  startsAt: string | null,
  { allDay, timeZone }: { allDay: boolean | null; timeZone: string | null },
  part: 'date' | 'time',
): string | null {
  if (startsAt === null) return null;
  if (allDay === true) return part === 'date' ? startsAt.slice(0, 10) : null;
  const at = new Date(startsAt);
  if (Number.isNaN(at.getTime())) return null;
  const local = inZone(at, timeZone ?? 'UTC') ?? inZone(at, 'UTC') ?? '';
  return part === 'date' ? local.slice(0, 10) : local.slice(11, 16);
}

/** As `2026-10-07 13:30`; null for a zone that this machine does not know. */
function inZone(at: Date, timeZone: string): string | null {
  return formatIn(timeZone)?.format(at) ?? null;
}

/** To make a format takes a hundred times as long as to use it. */
const FORMATS = new Map<string, Intl.DateTimeFormat | null>();
/** More zones than there are; what is no zone comes from outside, and must not fill the memory. */
const MAX_FORMATS = 1_000;

function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  const known = FORMATS.get(timeZone);
  if (known !== undefined) return known;
  if (FORMATS.size >= MAX_FORMATS) FORMATS.clear();
  const format = newFormat(timeZone);
  FORMATS.set(timeZone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  } catch {
    return null;
  }
}

function durationMinutes(startsAt: string | null, endsAt: string | null): number | null {
  if (startsAt === null || endsAt === null) return null;
  const minutes = (new Date(endsAt).getTime() - new Date(startsAt).getTime()) / 60_000;
  return Number.isFinite(minutes) && minutes >= 0 ? Math.round(minutes) : null;
}
