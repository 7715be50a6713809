import { normaliseId } from '../records/record-id';
import { parseDate, parseDateTime } from '../records/timestamps';
import type { FieldValue } from '../records/table';
import type { Field } from '../schema/field';
import { jsonParserError, RowError } from './row-error';

/**
 * Turns the JSON value of a field into the value that is stored: dates and date-times in the API's form, numbers rounded
 * to the field's scale, text trimmed, empty text as null, ids with 18 characters.
 *
 * @param where text that says where in the body the value stands, such as `[line:1, column:17]`.
 * @throws RowError JSON_PARSER_ERROR for a value of the wrong type, MALFORMED_ID for a reference that is no id.
 */
export function coerce(field: Field, value: unknown, where: () => string): FieldValue {
  if (value === null || value === undefined) {
    if (field.type === 'boolean') throw mismatch(field, value, where);
    return null;
  }
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(field, value, where);
      return value;
    case 'int':
    case 'long':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch(field, value, where);
      return value;
    case 'double':
    case 'currency':
    case 'percent':
      if (typeof value !== 'number') throw mismatch(field, value, where);
      return roundTo(value, field.scale);
    case 'date': {
      const date = typeof value === 'string' ? parseDate(value) : null;
      if (date === null) throw mismatch(field, value, where);
      return date;
    }
    case 'datetime': {
      const dateTime = typeof value === 'string' && hasZone(value) ? parseDateTime(value) : null;
      if (dateTime === null) throw mismatch(field, value, where);
      return dateTime;
    }
    case 'reference':
    case 'id': {
      if (typeof value !== 'string') throw mismatch(field, value, where);
      if (value === '') return null;
      const id = normaliseId(value);
      if (id === null)
        throw new RowError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name]);
      return id;
    }
    default: {
      if (typeof value !== 'string') throw mismatch(field, value, where);
      const trimmed = value.trim();
      return trimmed === '' ? null : trimmed;
    }
  }
}

function hasZone(value: string): boolean {
  return /T.*(Z|[+-]\d\d:?\d\d)$/.test(value);
}

function roundTo(value: number, scale: number): number {
  const rounded = Number(`${Math.round(Number(`${value}e${scale}`))}e-${scale}`);
  return Number.isNaN(rounded) ? value : rounded;
}

function mismatch(field: Field, value: unknown, where: () => string): RowError {
  const expected = ['boolean', 'int', 'long', 'double', 'currency', 'percent', 'date', 'datetime'].includes(field.type)
    ? field.type
    : 'string';
  return jsonParserError(
    `Cannot deserialize instance of ${expected} from ${tokenOf(value)} or request may be missing a required field at ${where()}`,
  );
}

function tokenOf(value: unknown): string {
  if (value === null || value === undefined) return 'VALUE_NULL value null';
  if (value === true) return 'VALUE_TRUE value true';
  if (value === false) return 'VALUE_FALSE value false';
  if (typeof value === 'number') {
    return `${Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT'} value ${value}`;
  }
  if (typeof value === 'string') return `VALUE_STRING value ${value}`;
  return Array.isArray(value) ? 'START_ARRAY value [' : 'START_OBJECT value {';
}

/**
 * Where a value stands in a JSON text, the way the platform's parser counts: lines and columns from 1. The first place
 * where the key has that value; `[line:1, column:1]` when the text is not at hand.
 */
export function locateValue(body: string | undefined, key: string, value: unknown): string {
  const start =
    body?.search(new RegExp(`"${escapeRegExp(key)}"\\s*:\\s*${escapeRegExp(JSON.stringify(value) ?? 'null')}`)) ?? -1;
  if (body === undefined || start < 0) return '[line:1, column:1]';
  const colon = body.indexOf(':', start + key.length + 2);
  let at = colon + 1;
  while (/\s/.test(body.charAt(at))) at += 1;
  const lines = body.slice(0, at).split('\n');
  return `[line:${lines.length}, column:${(lines.at(-1) ?? '').length + 1}]`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
