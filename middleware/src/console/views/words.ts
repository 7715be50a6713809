import { html, type Html } from '../../page/html';

/** "1 booking", "12 bookings". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** An instant for people, in UTC: pages know nobody's zone. */
export function when(at: Date | string): Html {
  return instant(at, 'HH:MM'.length);
}

/** The same to the second. */
export function whenExactly(at: Date | string): Html {
  return instant(at, 'HH:MM:SS'.length);
}

function instant(at: Date | string, timeLength: number): Html {
  const date = new Date(at);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const time = date.toISOString().slice(11, 11 + timeLength);
  return html`<time datetime="${date.toISOString()}">${day}, ${time} UTC</time>`;
}

const STEPS: readonly [limitMs: number, unitMs: number, name: string][] = [
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [Infinity, 86_400_000, 'day'],
];

/** How long ago an instant is, in its largest unit: "3 hours ago". */
export function ago(at: Date | string, now: Date): Html {
  const date = new Date(at);
  return html`<time datetime="${date.toISOString()}">${howLong(now.getTime() - date.getTime())}</time>`;
}

function howLong(ms: number): string {
  if (ms < 60_000) return 'just now';
  const [, unitMs, name] = STEPS.find(([limitMs]) => ms < limitMs) ?? [0, 86_400_000, 'day'];
  return `${counted(Math.floor(ms / unitMs), name)} ago`;
}

/** When an appointment is: an instant, or a date for one that lasts the whole day. */
export function appointment(startsAt: string | null): Html {
  if (startsAt === null) return html`<span class="soft">no time</span>`;
  return startsAt.length > 10 ? when(startsAt) : html`<time datetime="${startsAt}">${startsAt}, all day</time>`;
}

/**
 * An appointment by the clock of somebody's own zone: "2 Mar 2027, 10:00 in Africa/Lagos".
 * @returns null where that tells no more than {@link appointment} does, and for a zone that there is not.
 */
export function appointmentIn(startsAt: string | null, timeZone: string | null): string | null {
  if (startsAt === null || startsAt.length <= 10 || timeZone === null) return null;
  const date = new Date(startsAt);
  const spelled = (zone: string): string =>
    date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  try {
    return spelled(timeZone) === spelled('UTC') ? null : `${spelled(timeZone)} in ${timeZone}`;
  } catch {
    return null;
  }
}
