import type { Booking } from '../booking/booking';
import type { JsonValue } from '../booking/booking-event';
import { personName } from '../customer/person-name';

/** Everything that a mapping row can name, by its dotted name. Absent and null mean the same: no value. */
export type Values = ReadonlyMap<string, JsonValue>;

/** The values of a booking for field mappings. Guests' manage and cancel links are bearer secrets and are not among them. Pure. */
export function valuesOf(booking: Booking): Values {
  const { state } = booking;
  const { customer, host } = state;
  const name = customer === null ? null : personName(customer);
  return new Map<string, JsonValue>([
    ['source.id', booking.sourceId],
    ['booking.subject', state.subject ?? state.page?.name ?? null],
    ['booking.status', state.status],
    ['booking.reason', state.reason],
    ['booking.startsAt', state.startsAt],
    ['booking.endsAt', state.endsAt],
    ['booking.timeZone', state.timeZone],
    ['booking.location', state.location ?? state.joinUrl],
    ['booking.joinUrl', state.joinUrl],
    ['booking.description', descriptionOf(booking)],
    ['customer.id', customer?.id ?? null],
    ['customer.email', customer?.email ?? null],
    ['customer.name', customer?.name ?? null],
    ['customer.firstName', name?.firstName ?? null],
    // A person record needs a last name: the e-mail address is the one name that somebody without a name has.
    ['customer.lastName', name?.lastName ?? customer?.email ?? null],
    ['customer.phone', customer?.phone ?? null],
    ['customer.company', customer?.company ?? null],
    ['customer.timeZone', customer?.timeZone ?? null],
    ['host.email', host?.email ?? null],
    ['host.name', host?.name ?? null],
    ['page.id', state.page?.id ?? null],
    ['page.name', state.page?.name ?? state.page?.id ?? null],
    ...Object.entries(state.campaign ?? {}).map(([key, value]) => [`campaign.${key}`, value] as const),
    ...Object.entries(state.answers ?? {}).map(([key, value]) => [`answers.${key}`, value] as const),
  ]);
}

/** The answers and how to join, one line each: what a rep wants to read before the appointment. */
function descriptionOf({ state }: Booking): string | null {
  const answers = Object.entries(state.answers ?? {})
    .map(([question, answer]) => [question, textOf(answer)] as const)
    .filter(([, answer]) => answer !== null)
    .map(([question, answer]) => `${question}: ${answer}`);
  const lines = [...answers, ...(state.joinUrl === null ? [] : [`Join: ${state.joinUrl}`])];
  return lines.length > 0 ? lines.join('\n') : null;
}

/** A value as a person would read it; null for what says nothing. Pure. */
export function textOf(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return (
      value
        .map(textOf)
        .filter((item) => item !== null)
        .join(', ') || null
    );
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
