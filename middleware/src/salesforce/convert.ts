import { isRecordId } from './record-id';
import type { FieldSchema } from './schema';

/** As in `Row`: what JSON takes for a field. */
type FieldValue = string | number | boolean | null;

/** A value that fits its field, or why it does not. */
export type Conversion = { value: FieldValue } | { problem: string };

const TEXT_TYPES = new Set([
  'string',
  'textarea',
  'phone',
  'url',
  'combobox',
  'picklist',
  'email',
  'reference',
  'encryptedstring',
]);
const NUMBER_TYPES = new Set(['int', 'double', 'currency', 'percent']);
const OTHER_TYPES = new Set(['multipicklist', 'boolean', 'date', 'datetime', 'time']);

/** Whether a field of that type can be written at all. Compound fields are written by their parts. */
export function isSupportedType(type: string): boolean {
  return TEXT_TYPES.has(type) || NUMBER_TYPES.has(type) || OTHER_TYPES.has(type);
}

/**
 * Converts a value to what the field's type takes. Pure.
 *
 * @param cut whether text that is longer than the field may be cut.
 * @returns null as value for no value; a problem in words, without the value itself, when it cannot be converted.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm
 */
export function convert(value: unknown, field: FieldSchema, cut: boolean): Conversion {
  const text = textOf(value)?.trim() ?? '';
  if (text === '') return { value: null };
  if (TEXT_TYPES.has(field.type)) return convertText(text, field, cut);
  if (NUMBER_TYPES.has(field.type)) return convertNumber(text, field);
  switch (field.type) {
    case 'multipicklist':
      return convertMultiPicklist(Array.isArray(value) ? value.map(textOf) : text.split(';'), field);
    case 'boolean':
      return convertBoolean(text);
    case 'time':
      return convertTime(text);
    case 'date':
    case 'datetime':
      return convertInstant(text, field.type);
    default:
      return { problem: `fields of type ${field.type} cannot be written` };
  }
}

function convertText(text: string, field: FieldSchema, cut: boolean): Conversion {
  if (field.type === 'picklist' && field.restrictedPicklist) return convertPicklist(text, field);
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(text)) return { problem: 'is no e-mail address' };
  if (field.type === 'reference' && !isRecordId(text)) return { problem: 'is no record id' };
  if (field.length === 0 || text.length <= field.length) return { value: text };
  if (cut) return { value: cutAt(text, field.length) };
  return { problem: `is longer than the field's ${field.length} characters` };
}

/** An active value in its exact case: Salesforce refuses every other spelling. */
function convertPicklist(text: string, field: FieldSchema): Conversion {
  const active = field.picklistValues.filter((option) => option.active);
  const same =
    active.find((option) => option.value === text) ??
    active.find((option) => option.value.toLowerCase() === text.toLowerCase());
  return same === undefined ? { problem: 'is no active value of the picklist' } : { value: same.value };
}

/** The chosen values in Salesforce's own form, with semicolons between them. */
function convertMultiPicklist(chosen: (string | null)[], field: FieldSchema): Conversion {
  const values: string[] = [];
  for (const text of chosen.map((one) => one?.trim() ?? '').filter((one) => one !== '')) {
    const converted = field.restrictedPicklist ? convertPicklist(text, field) : { value: text };
    if ('problem' in converted) return converted;
    values.push(String(converted.value));
  }
  return { value: values.join(';') || null };
}

function convertBoolean(text: string): Conversion {
  if (/^(true|yes|1|on)$/i.test(text)) return { value: true };
  return /^(false|no|0|off)$/i.test(text) ? { value: false } : { problem: 'is neither yes nor no' };
}

function convertNumber(text: string, field: FieldSchema): Conversion {
  const number = numberOf(text, field.type);
  if (number === null) return { problem: 'is no number' };
  if (field.type === 'int' && !Number.isInteger(number)) return { problem: 'is no whole number' };
  const digits = field.type === 'int' ? field.digits : field.precision - field.scale;
  if (digits > 0 && Math.abs(number) >= 10 ** digits) return { problem: `has more than ${digits} digits` };
  return { value: number };
}

/** Digits with commas between thousands, as English forms write them; other commas could be decimal ones. */
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** A number as a person types it: `1,200.50`, `$ 30`, `EUR 30`, `12 %`. Null for what could be read in two ways. */
function numberOf(text: string, type: string): number | null {
  const bare =
    type === 'currency'
      ? text.replace(/^(?:\p{Sc}|[A-Z]{3}\b)\s*|\s*(?:\p{Sc}|\b[A-Z]{3})$/gu, '')
      : type === 'percent'
        ? text.replace(/\s*%$/, '')
        : text;
  const plain = GROUPED.test(bare) ? bare.replaceAll(',', '') : bare;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain))
    ? Number(plain)
    : null;
}

/** A time of day, as `9:30`, `09:30:00` or `9:30 PM`. Salesforce takes it with a Z and means no zone by it. */
function convertTime(text: string): Conversion {
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?m\.?)?Z?$/i.exec(text);
  if (parts === null) return { problem: 'is no time of day' };
  const [, hours = '', minutes = '', seconds = '00', half] = parts;
  const isTwelveHours = half !== undefined;
  const hour = isTwelveHours ? (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours);
  if (hour > 23 || (isTwelveHours && (Number(hours) < 1 || Number(hours) > 12)))
    return { problem: 'is no time of day' };
  if (Number(minutes) > 59 || Number(seconds) > 59) return { problem: 'is no time of day' };
  return { value: `${String(hour).padStart(2, '0')}:${minutes}:${seconds}.000Z` };
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Dates and instants of ISO 8601 only: JavaScript would read "Room 12" as a date, and a time without a zone as ours. */
function convertInstant(text: string, type: 'date' | 'datetime'): Conversion {
  const isWritten = (ISO_DATE.test(text) || ISO_INSTANT.test(text)) && isDay(text.slice(0, 10));
  const at = new Date(text);
  if (!isWritten || Number.isNaN(at.getTime())) return { problem: 'is no date' };
  return { value: type === 'date' ? at.toISOString().slice(0, 10) : at.toISOString() };
}

/** JavaScript takes the 31st of February for the 3rd of March. */
function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

/** Cuts without splitting a character that takes two code units. Pure. */
export function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}

/** Whether the org's value and ours mean the same: instants are compared as instants, empty text is no value. Pure. */
export function isSame(actual: unknown, desired: FieldValue, type: string | undefined): boolean {
  const held = actual === '' || actual === undefined ? null : actual;
  if (held === desired) return true;
  if (type !== 'datetime' || typeof held !== 'string' || typeof desired !== 'string') return false;
  return new Date(held).getTime() === new Date(desired).getTime();
}

/** A value as a person would read it; null for what says nothing. Pure. */
export function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return (
      value
        .map(textOf)
        .filter((item) => item !== null)
        .join(', ') || null
    );
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value) ?? null;
}
