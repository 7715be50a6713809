import { z } from 'zod';
import { isSupportedType } from '../salesforce/convert';
import type { FieldSchema } from '../salesforce/schema';

const number = z.string().regex(/^-?\d+(\.\d+)?$/, 'Give a number, with a point before decimals.');
const text = z.string().min(1).max(255);

/** What is written into a required field that nothing else fills, by type, where the rules ask for placeholders. */
export const placeholdersSchema = z.strictObject({
  currency: number,
  date: z
    .string()
    .regex(/^(today|\d{4}-\d{2}-\d{2})$/, 'Give a date as 2027-01-31, or today.')
    .describe('An ISO date, or today.'),
  datetime: z
    .string()
    .regex(/^(now|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z)$/, 'Give an instant as 2027-01-31T09:00:00Z, or now.')
    .describe('An ISO instant in UTC, or now.'),
  email: z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/u, 'Give an e-mail address.'),
  geolocation: z
    .string()
    .regex(/^-?\d+(\.\d+)?,\s*-?\d+(\.\d+)?$/, 'Give latitude and longitude, as 35.68,139.77.')
    .describe('Latitude and longitude in degrees, with a comma between them.'),
  number,
  percent: number,
  phone: text.max(40),
  text,
  time: z
    .string()
    .regex(/^(now|([01]\d|2[0-3]):[0-5]\d)$/, 'Give a time of day as 09:30, or now.')
    .describe('A time of day as hh:mm, or now; now is UTC.'),
  url: text,
});
export type Placeholders = z.infer<typeof placeholdersSchema>;

/** An admin may change each. */
export const DEFAULT_PLACEHOLDERS: Placeholders = {
  currency: '0',
  date: 'today',
  datetime: 'now',
  email: 'email@example.com',
  geolocation: '0,0',
  number: '0',
  percent: '0',
  phone: '1234567890',
  text: 'Unspecified',
  time: '00:00',
  url: 'http://NA',
};

const KIND_OF_TYPE: Readonly<Record<string, keyof Placeholders>> = {
  currency: 'currency',
  date: 'date',
  datetime: 'datetime',
  email: 'email',
  double: 'number',
  int: 'number',
  percent: 'percent',
  phone: 'phone',
  string: 'text',
  textarea: 'text',
  combobox: 'text',
  encryptedstring: 'text',
  time: 'time',
  url: 'url',
};

/**
 * Which placeholder a field takes. Pure.
 *
 * @returns null for picklists, of whose values none is the right one for all, lookups, tick boxes, and types that
 *   cannot be written.
 */
export function placeholderKind({ name, type }: Pick<FieldSchema, 'name' | 'type'>): keyof Placeholders | null {
  if (!isSupportedType(type)) return null;
  // A geolocation is written as its two numbers; describe gives the parts these names.
  if (type === 'double' && geolocationPart(name) !== null) return 'geolocation';
  return KIND_OF_TYPE[type] ?? null;
}

/**
 * The placeholder for a field, as a text to be converted to its type. Pure.
 * @returns null when its type has none.
 */
export function placeholderFor(
  field: Pick<FieldSchema, 'name' | 'type'>,
  placeholders: Placeholders,
  now: Date,
): string | null {
  const kind = placeholderKind(field);
  if (kind === null) return null;
  const chosen = placeholders[kind];
  if (kind === 'geolocation') return chosen.split(',')[geolocationPart(field.name) ?? 0]?.trim() ?? null;
  if (chosen === 'today') return now.toISOString().slice(0, 10);
  if (chosen === 'now') return kind === 'time' ? now.toISOString().slice(11, 16) : now.toISOString();
  return chosen;
}

function geolocationPart(name: string): 0 | 1 | null {
  if (/__Latitude__s$/.test(name)) return 0;
  return /__Longitude__s$/.test(name) ? 1 : null;
}
