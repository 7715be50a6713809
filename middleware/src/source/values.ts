import { z } from 'zod';
export { NO_DETAILS } from '../booking/booking-event';
import type { BookingEvent, JsonValue } from '../booking/booking-event';
import { type JsonObject, numberAt, type Problems } from './body';

const isoDateTime = z.iso.datetime({ offset: true });

/** The years that a Salesforce date-time can hold, less the past that no booking has. */
const [FIRST_INSTANT, LAST_INSTANT] = [Date.UTC(1970, 0, 1), Date.UTC(4000, 0, 1)];

/** An instant as `toInstant` gives it, on a day that every month has. */
const PLAIN_INSTANT =
  /^(?:19[7-9]\d|[23]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** An ISO 8601 date-time with `Z` or an offset, as UTC with milliseconds; null for anything else (a time without a zone is nobody's). */
export function toInstant(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  // Neither parsed nor formatted again: every delivery of a burst has one in its key.
  if (PLAIN_INSTANT.test(value)) return value;
  const text = value.trim();
  return isoDateTime.safeParse(text).success ? toIso(Date.parse(text)) : null;
}

/** The instant `minutes` later; null when that is not later (by a millisecond or more), over a year later, or out of range. */
export function addMinutes(instant: string, minutes: number): string | null {
  const later = minutes > 0 && minutes <= 366 * 24 * 60 ? toIso(Date.parse(instant) + minutes * 60_000) : null;
  return later !== null && later > instant ? later : null;
}

/** Start and end as instants in UTC; they only go together. */
export interface Times {
  startsAt: string;
  endsAt: string;
}

/**
 * Start and end of a booking, which only go together.
 *
 * @param names of the fields in `holder`; the minutes are read where there is no end.
 * @param path of `holder`, with a dot after it, for messages.
 * @returns null when they are missing and not required, or when a problem was noted.
 */
export function timesOf(
  holder: JsonObject,
  names: { start: string; end: string; minutes?: string },
  path: string,
  isRequired: boolean,
  problems: Problems,
): Times | null {
  const { start, end } = names;
  const startsAt = toInstant(holder[start]);
  const minutes = names.minutes === undefined ? null : numberAt(holder, names.minutes);
  const endsAt = toInstant(holder[end]) ?? (startsAt && minutes ? addMinutes(startsAt, minutes) : null);
  if (startsAt !== null && endsAt !== null && startsAt < endsAt) return { startsAt, endsAt };
  if (!isRequired) return null;
  problems.need(startsAt, `${path}${start}`, 'an ISO 8601 instant', holder[start]);
  problems.need(endsAt, `${path}${end}`, 'an ISO 8601 instant', holder[end]);
  if (startsAt !== null && endsAt !== null)
    problems.add(`${path}${end}`, `expected an instant after ${start}, got one at or before it`);
  return null;
}

function toIso(epochMs: number): string | null {
  return epochMs >= FIRST_INSTANT && epochMs < LAST_INSTANT ? new Date(epochMs).toISOString() : null;
}

/** An e-mail as typed, without the spaces around it; null when it does not look like one. */
export function toEmail(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const email = value.trim();
  return email.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(email) ? email : null;
}

/** Tells whether two e-mails are of one mailbox, as far as anybody can tell from outside. */
export function isSameEmail(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Distinct e-mails in the order given, without those of `except`; the first spelling stays. */
export function toGuests(emails: (string | null)[], except: (string | null)[]): { email: string }[] {
  const known = new Set(except.map((email) => email?.trim().toLowerCase()));
  return emails.flatMap((email) => {
    const mailbox = email?.trim().toLowerCase();
    if (email === null || known.has(mailbox)) return [];
    known.add(mailbox);
    return [{ email }];
  });
}

/** A link that a browser may open (http or https, up to 4,000 characters); null for anything else. */
export function toUrl(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const url = value.trim();
  return url.length <= 4000 && /^https?:\/\/\S+$/i.test(url) && URL.canParse(url) ? url : null;
}

/** An IANA time zone by its shape (`Asia/Tokyo`, `UTC`, `America/Argentina/Ushuaia`); null for anything else. */
export function toTimeZone(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const zone = value.trim();
  return /^[A-Za-z][A-Za-z0-9_+-]{1,30}(\/[A-Za-z0-9_+-]{1,30}){0,2}$/.test(zone) ? zone : null;
}

/** A native key: visible ASCII without a colon, which parts the seat from the booking; null for anything else. */
export function toKey(value: JsonValue | undefined): string | null {
  const key = typeof value === 'string' ? value.trim() : '';
  return /^[!-9;-~]{1,150}$/.test(key) ? key : null;
}

/** Currencies that card processors count in whole units (Stripe's list, which Cal.com follows). */
const ZERO_DECIMAL = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'.split(' ');

/**
 * A payment from an amount in minor units (5000 and `usd` are 50 dollars, 5000 and `jpy` are 5000 yen).
 * @returns amount in major units, currency in capitals; null when nothing was paid or it cannot be told.
 */
export function toPayment(
  minorUnits: number | null,
  currency: string | null,
  reference: string | null,
): BookingEvent['payment'] {
  const isWhole = ZERO_DECIMAL.includes(currency?.toUpperCase() ?? '');
  return toPaymentInMajorUnits(minorUnits === null || isWhole ? minorUnits : minorUnits / 100, currency, reference);
}

/** A payment from an amount in major units (50 and `usd` are 50 dollars); otherwise as `toPayment`. */
export function toPaymentInMajorUnits(
  amount: number | null,
  currency: string | null,
  reference: string | null,
): BookingEvent['payment'] {
  if (amount === null || amount <= 0 || currency === null || !/^[a-z]{3}$/i.test(currency)) return null;
  return { amount, currency: currency.toUpperCase(), reference };
}
