import { daysBetween, epochOf } from '../records/timestamps';

/** In whose time a page is written, and what time it is. */
export interface PageTime {
  now: Date;
  /** IANA name. */
  timeZone: string;
}

/** Tells whether a text names a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A date-time of the API in words: `Nov 25, 2026, 10:00 AM`. */
export function sayDateTime(apiDateTime: string, { timeZone }: PageTime): string {
  return format(instantOf(apiDateTime), timeZone, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
}

/** A calendar date of the API in words: `Nov 25, 2026`. */
export function sayDate(apiDate: string): string {
  const date = new Date(`${apiDate}T00:00:00Z`);
  return format(date, 'UTC', { year: 'numeric', month: 'short', day: 'numeric' });
}

/** From when to when an event takes place: `10:00 – 10:30 AM`, or `All day`. */
export function sayTimes(startsAt: string, endsAt: string, isAllDay: boolean, { timeZone }: PageTime): string {
  if (isAllDay) return 'All day';
  const parts = { hour: 'numeric', minute: '2-digit' } as const;
  const [start, end] = [startsAt, endsAt].map((at) => format(instantOf(at), timeZone, parts)) as [string, string];
  return start.slice(-2) === end.slice(-2) ? `${start.slice(0, -3)} – ${end}` : `${start} – ${end}`;
}

/** The day of an event as near as it can be said: `Today`, `Tomorrow`, `Wed, Nov 25`, with the year where it is another. */
export function sayDay(startsAt: string, isAllDay: boolean, { now, timeZone }: PageTime): string {
  const zone = isAllDay ? 'UTC' : timeZone; // whole days are midnight UTC and are never shifted
  const day = calendarDay(instantOf(startsAt), zone);
  const today = calendarDay(now, timeZone);
  const word = new Map([
    [-1, 'Yesterday'],
    [0, 'Today'],
    [1, 'Tomorrow'],
  ]).get(daysBetween(today, day));
  if (word !== undefined) return word;
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  return format(instantOf(startsAt), zone, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

/** The month of an event: `November 2026`. */
export function sayMonth(startsAt: string, isAllDay: boolean, { timeZone }: PageTime): string {
  return format(instantOf(startsAt), isAllDay ? 'UTC' : timeZone, { year: 'numeric', month: 'long' });
}

/** A date-time of the API as HTML's `datetime` wants it. */
export function toIso(apiDateTime: string): string {
  return instantOf(apiDateTime).toISOString();
}

function instantOf(apiDateTime: string): Date {
  return new Date(epochOf(apiDateTime));
}

function calendarDay(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

function format(instant: Date, timeZone: string, parts: Intl.DateTimeFormatOptions): string {
  // Newer Node versions part the time from AM and PM by a narrow space, which few fonts have.
  return new Intl.DateTimeFormat('en-US', { timeZone, ...parts }).format(instant).replace(/\u202f/g, ' ');
}
