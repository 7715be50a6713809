import { z } from 'zod';

const text = z.string().min(1);

/** What is written into a required field that nothing else fills, by type, where the rules ask for placeholders. */
export const placeholdersSchema = z.strictObject({
  currency: text,
  date: text.describe('An ISO date, or today.'),
  datetime: text.describe('An ISO instant, or now.'),
  email: text,
  geolocation: text.describe('Latitude and longitude in degrees, with a comma between them.'),
  number: text,
  percent: text,
  phone: text,
  text: text,
  time: text.describe('hh:mm, or now.'),
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

const PLACEHOLDER_OF_TYPE: Readonly<Record<string, keyof Placeholders>> = {
  currency: 'currency',
  date: 'date',
  datetime: 'datetime',
  email: 'email',
  int: 'number',
  double: 'number',
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
 * The placeholder of a field's type, as text that `convert` takes; null where no value can stand for "unknown": a
 * picklist, a lookup, a checkbox, and types that cannot be written. Pure.
 *
 * @param now what "today" and "now" mean.
 */
export function placeholderFor(
  { type, name, compoundFieldName }: { type: string; name: string; compoundFieldName: string | null },
  placeholders: Placeholders,
  now: Date,
): string | null {
  const component =
    compoundFieldName === null ? null : /__(?<part>Latitude|Longitude)__s$/.exec(name)?.groups?.['part'];
  if (component !== null && component !== undefined) {
    const [latitude = '', longitude = ''] = placeholders.geolocation.split(',');
    return (component === 'Latitude' ? latitude : longitude).trim();
  }
  const kind = PLACEHOLDER_OF_TYPE[type];
  if (kind === undefined) return null;
  const value = placeholders[kind];
  if (value === 'today' || (value === 'now' && kind === 'date')) return now.toISOString().slice(0, 10);
  if (value === 'now') return kind === 'time' ? now.toISOString().slice(11, 16) : now.toISOString();
  return value;
}
