/** A calendar day as `2026-10-07`. */
export type Day = string;

const MINUTE_MS = 60_000;

/** Tells whether the machine knows a time zone of this IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The time zone of this machine. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone;
}

/** Every time zone that can be chosen, by name; `also` is added when the machine's list leaves it out, as it does UTC. */
export function timeZones(also: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', also])].sort();
}

/** How far ahead of UTC the clocks of a zone are at an instant, in minutes. */
export function utcOffsetMinutes(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((wall - instant.getTime()) / MINUTE_MS);
}

/** The day that the calendars of a zone show at an instant. */
export function dayOf(instant: Date, timeZone: string): Day {
  return new Date(instant.getTime() + utcOffsetMinutes(instant, timeZone) * MINUTE_MS).toISOString().slice(0, 10);
}

/** The instant at which the clocks of a zone show a time of a day, given in minutes after midnight. */
export function instantAt(day: Day, minutes: number, timeZone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS;
  // The offset at the wall time read as UTC is off by an hour within a day of a clock change; at the first guess it is right.
  const guess = new Date(wall - utcOffsetMinutes(new Date(wall), timeZone) * MINUTE_MS);
  return new Date(wall - utcOffsetMinutes(guess, timeZone) * MINUTE_MS);
}

/** A day as people say it: `Wednesday, October 7`, or with a year `Wednesday, October 7, 2026`. */
export function sayDay(instant: Date, timeZone: string, withYear = false): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(withYear ? { year: 'numeric' } : {}),
  }).format(instant);
}

/** A time as people say it: `4:30 PM`. */
export function sayTime(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: '2-digit' })
    .format(instant)
    .replace(/\u202f/g, ' ');
}

/** From when to when: `4:30 – 5:00 PM`, both halves of the day named only where they differ. */
export function sayTimes(startsAt: Date, endsAt: Date, timeZone: string): string {
  const [start, end] = [sayTime(startsAt, timeZone), sayTime(endsAt, timeZone)];
  const isSameHalf = start.slice(-2) === end.slice(-2);
  return `${isSameHalf ? start.slice(0, -3) : start} – ${end}`;
}

/** A time zone as people say it: `Asia/Tokyo` becomes `Asia, Tokyo`. */
export function sayTimeZone(timeZone: string): string {
  return timeZone.replace(/_/g, ' ').replace(/\//g, ', ');
}
