/** An instant as the API answers it: `2026-05-06T11:29:24.000+0000`, whole seconds, always UTC. Sorts as text. */
export function toApiDateTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}.000+0000`;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** A calendar date `YYYY-MM-DD` that exists, else null. */
export function parseDate(value: string): string | null {
  const parts = DATE.exec(value);
  if (!parts) return null;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value ? value : null;
}

/**
 * A date-time in any ISO form that the API takes in (offset or Z; none means UTC), as the API answers it. Null when it is
 * no date-time. A bare date is midnight UTC.
 */
export function parseDateTime(value: string): string | null {
  if (DATE.test(value)) return parseDate(value) === null ? null : `${value}T00:00:00.000+0000`;
  const parts = DATE_TIME.exec(value);
  if (!parts) return null;
  const [, date = '', hours = '', minutes = '', seconds = '00', zone = 'Z'] = parts;
  if (parseDate(date) === null) return null;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const instant = new Date(`${date}T${hours}:${minutes}:${seconds}${offset}`);
  return Number.isNaN(instant.getTime()) ? null : toApiDateTime(instant);
}

/** Milliseconds since the epoch of a date-time as the API answers it. */
export function epochOf(apiDateTime: string): number {
  return Date.parse(apiDateTime.replace('+0000', 'Z'));
}

/** Whole days from one calendar date to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
