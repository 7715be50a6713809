import type { Field } from '../schema/field';
import { normaliseId } from '../records/record-id';
import { parseDate, parseDateTime } from '../records/timestamps';
import type { FieldValue } from '../records/table';
import type { ApiError } from '../rest/api-error';
import { spanOfDateLiteral } from './date-literal';
import { likePattern, type Literal } from './literal';
import { queryErrorAtName } from './query-error';

/** What a field's value is compared with: one value, or the days of a date literal. */
export type Operand =
  { value: Exclude<FieldValue, null> } | { span: { from: string; until: string } } | { value: null };

const NUMBER_TYPES = new Set(['int', 'long', 'double', 'currency', 'percent']);

/**
 * Turns a literal into something comparable with a field's stored values.
 *
 * @throws ApiError INVALID_FIELD when the literal is of the wrong type, INVALID_QUERY_FILTER_OPERATOR for an id that is none.
 */
export function operandFor(field: Field, path: string, literal: Literal, soql: string, now: Date): Operand {
  if (literal.kind === 'null') return { value: null };
  if (field.type === 'id' || field.type === 'reference') {
    if (literal.kind !== 'string') throw wrongType(field, path, soql);
    const id = normaliseId(literal.value);
    if (id === null && literal.value !== '') {
      throw queryErrorAtName(soql, path, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
    }
    return { value: id };
  }
  if (field.type === 'boolean') {
    if (literal.kind !== 'boolean') throw wrongType(field, path, soql);
    return { value: literal.value };
  }
  if (NUMBER_TYPES.has(field.type)) {
    if (literal.kind !== 'number') throw wrongType(field, path, soql);
    return { value: literal.value };
  }
  if (field.type === 'date' || field.type === 'datetime') return dateOperand(field, path, literal, soql, now);
  if (literal.kind !== 'string') throw wrongType(field, path, soql);
  // An empty string in a statement means no value, as it does when it is stored.
  return { value: literal.value === '' ? null : literal.value };
}

function dateOperand(field: Field, path: string, literal: Literal, soql: string, now: Date): Operand {
  if (literal.kind === 'dateLiteral') {
    const span = spanOfDateLiteral(literal.value, now);
    if (span) return { span };
  }
  if (field.type === 'date' && literal.kind === 'date' && parseDate(literal.value)) return { value: literal.value };
  if (field.type === 'datetime' && literal.kind === 'datetime') {
    const dateTime = parseDateTime(literal.value);
    if (dateTime) return { value: dateTime };
  }
  throw wrongType(field, path, soql);
}

function wrongType(field: Field, path: string, soql: string): ApiError {
  const isQuoted = !NUMBER_TYPES.has(field.type) && !['boolean', 'date', 'datetime'].includes(field.type);
  const type = field.type === 'datetime' ? 'dateTime' : isQuoted ? 'string' : field.type;
  return queryErrorAtName(
    soql,
    path,
    'INVALID_FIELD',
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ${isQuoted ? '' : 'not '}be enclosed in quotes`,
  );
}

/** Whether a stored value stands in a relation to an operand. Text compares without case unless the field has it. */
export function compare(field: Field, value: FieldValue, operator: string, operand: Operand): boolean {
  if ('span' in operand) return compareWithSpan(field, value, operator, operand.span);
  if (operator === '=') return isEqual(field, value, operand.value);
  if (operator === '!=') return !isEqual(field, value, operand.value);
  if (value === null || operand.value === null) return false;
  const order = orderOf(field, value, operand.value);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return order >= 0;
}

function compareWithSpan(
  field: Field,
  value: FieldValue,
  operator: string,
  span: { from: string; until: string },
): boolean {
  if (value === null) return operator === '!=';
  const day = String(value).slice(0, 10);
  switch (operator) {
    case '=':
      return day >= span.from && day < span.until;
    case '!=':
      return day < span.from || day >= span.until;
    case '<':
      return day < span.from;
    case '<=':
      return day < span.until;
    case '>':
      return day >= span.until;
    default:
      return day >= span.from;
  }
}

function isEqual(field: Field, value: FieldValue, other: FieldValue): boolean {
  if (value === null || other === null) return value === other;
  return foldCase(field, value) === foldCase(field, other);
}

/** Negative, zero or positive as the first value sorts before, with or after the second. */
export function orderOf(field: Field, a: Exclude<FieldValue, null>, b: Exclude<FieldValue, null>): number {
  const left = foldCase(field, a);
  const right = foldCase(field, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function foldCase(field: Field, value: Exclude<FieldValue, null>): string | number | boolean {
  return typeof value === 'string' && !field.caseSensitive && field.type !== 'id' && field.type !== 'reference'
    ? value.toLowerCase()
    : value;
}

/** Whether a text value fits a LIKE pattern. */
export function isLike(value: FieldValue, rawPattern: string): boolean {
  return value !== null && likePattern(rawPattern).test(String(value));
}

/** Whether a multi-select value includes the values of one INCLUDES operand, `a;b` meaning both. */
export function includesAll(value: FieldValue, wanted: string): boolean {
  if (value === null) return false;
  const chosen = new Set(String(value).toLowerCase().split(';'));
  return wanted
    .toLowerCase()
    .split(';')
    .every((entry) => chosen.has(entry));
}
