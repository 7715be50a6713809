import type { JsonValue } from '../booking/booking-event';
import type { FieldError } from './source';

/** A JSON object as a sender wrote it: any key may be missing, of another type, or named like a prototype's. */
export type JsonObject = { [key: string]: JsonValue };

/** How deep a body may nest. Real ones stay under 10; deeper ones break whatever walks them later. */
const MAX_DEPTH = 40;
const TOO_DEEP = `nests deeper than ${MAX_DEPTH} levels`;

/** Thrown inside this file only: ends the walk of a body that nests too deep. */
class TooDeepError extends Error {}

/** Reads a delivery's bytes as one JSON object; everything else as `readJson`. */
export function readObject(rawBody: Buffer): { object: JsonObject } | { refused: FieldError[] } {
  const read = readJson(rawBody);
  if ('refused' in read) return read;
  const { value } = read;
  return isObject(value) ? { object: value } : refusedBody(`expected a JSON object, got ${typeName(value)}`);
}

/**
 * A body as it was sent, with what cannot be stored and however deep it nests: to tell a delivery from others, which
 * every sender waits for. Null when it is no JSON object. Never throws.
 */
export function peekObject(rawBody: Buffer): JsonObject | null {
  const parsed = parseOnce(rawBody);
  return 'value' in parsed && isObject(parsed.value) ? parsed.value : null;
}

/**
 * Reads a delivery's bytes as JSON that can be stored: no NUL characters and no halves of surrogate pairs
 * (PostgreSQL refuses both in jsonb), no `__proto__` keys, no numbers beyond a double. Of a repeated key the last counts.
 *
 * @returns the value, or what is wrong with the bytes. Never throws.
 */
export function readJson(rawBody: Buffer): { value: JsonValue } | { refused: FieldError[] } {
  const parsed = parseOnce(rawBody);
  if ('refused' in parsed) return parsed;
  const { text, value } = parsed;
  try {
    // Bytes that are UTF-8 hold neither NUL nor half a pair inside a JSON text but as an escape.
    const isPlain = !text.includes('\\u') && !text.includes('__proto__') && isStorable(value, 0);
    return { value: isPlain ? value : clean(value, 0) };
  } catch (error) {
    if (error instanceof TooDeepError) return refusedBody(TOO_DEEP);
    throw error;
  }
}

type Parsed = { text: string; value: JsonValue } | { refused: FieldError[] };

/**
 * A body is read for its key and, at once after that, for its translation. Only the last one is remembered: what is
 * kept with each body that waits to be stored is copied by every collection of garbage until then.
 */
let last: { rawBody: Buffer; parsed: Parsed } | null = null;

function parseOnce(rawBody: Buffer): Parsed {
  if (last?.rawBody !== rawBody) last = { rawBody, parsed: parse(rawBody) };
  return last.parsed;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(rawBody: Buffer): Parsed {
  try {
    const text = utf8.decode(rawBody);
    return { text, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    // A parser that recurses runs out of stack before anybody can count.
    if (error instanceof RangeError) return refusedBody(TOO_DEEP);
    if (error instanceof SyntaxError) return refusedBody('is not JSON');
    return refusedBody('is not UTF-8 text');
  }
}

function refusedBody(error: string): { refused: FieldError[] } {
  return { refused: [{ field: 'body', error }] };
}

/** Whether the numbers are such that `clean` changes none. */
function isStorable(value: JsonValue, depth: number): boolean {
  if (depth > MAX_DEPTH) throw new TooDeepError();
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every((inner) => isStorable(inner, depth + 1));
  // What JSON.parse makes has its own keys alone: no list of values is made for each object of each body.
  for (const key in value) {
    if (!isStorable(value[key] ?? null, depth + 1)) return false;
  }
  return true;
}

function clean(value: JsonValue, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw new TooDeepError();
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null; // 1e999 parses as Infinity, -0 as -0
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, inner]) => [cleanText(key), clean(inner, depth + 1)]),
  );
}

/** A text that jsonb takes: no NUL, no half of a surrogate pair. For what is decoded after `readObject`. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of own keys; undefined as soon as there is no object or no such key. */
export function at(value: JsonValue | undefined, ...path: string[]): JsonValue | undefined {
  let inner = value;
  for (const key of path) {
    if (!isObject(inner) || !Object.hasOwn(inner, key)) return undefined;
    inner = inner[key];
  }
  return inner;
}

/** The object at a path; null when there is none. */
export function objectAt(value: JsonValue | undefined, ...path: string[]): JsonObject | null {
  const found = at(value, ...path);
  return isObject(found) ? found : null;
}

/** The array at a path; null when there is none. */
export function listAt(value: JsonValue | undefined, ...path: string[]): JsonValue[] | null {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : null;
}

/** The text at a path, trimmed; numbers become text (ids come as either); anything else, and an empty text, is null. */
export function textAt(value: JsonValue | undefined, ...path: string[]): string | null {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' ? found.trim() || null : null;
}

/** The number at a path, also when it was written as a text of digits; null otherwise. */
export function numberAt(value: JsonValue | undefined, ...path: string[]): number | null {
  const found = at(value, ...path);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(found) ? Number(found) : null;
}

/** What a value is, for messages: never the value itself, which may name a person. */
export function typeName(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (value === '') return 'an empty text';
  return typeof value === 'number' ? 'a number' : 'a text of another form';
}

/** Collects everything that is wrong with a body, so that all of it shows at once. */
export class Problems {
  readonly errors: FieldError[] = [];

  add(field: string, error: string): void {
    this.errors.push({ field, error });
  }

  /**
   * Passes a required value on, and notes the field when it could not be read.
   * @param raw the value as sent: only its type goes into the message.
   */
  need<T>(read: T | null, field: string, expected: string, raw: JsonValue | undefined): T | null {
    if (read === null) this.add(field, `expected ${expected}, got ${typeName(raw)}`);
    return read;
  }
}
