import type { JsonValue } from '../booking/booking-event';
import { readJson } from './body';
import { headerValue } from './signature';
import type { DeliveryHeaders, FieldError } from './source';
import type { Mapping } from './mapping';

type BodyRead = { value: JsonValue } | { refused: FieldError[] };

/** More fields than this in a form are nobody's booking. */
const MAX_FORM_FIELDS = 1000;

/**
 * Reads a body as its mapping says. Without a word of the mapping: JSON, and what is no JSON as a form where it is
 * said to be one, or looks like one and is said to be nothing.
 */
export function readMappedBody(rawBody: Buffer, headers: DeliveryHeaders, format: Mapping['body']): BodyRead {
  if (typeof format === 'object') return readTemplate(rawBody, format.template);
  if (format === 'form') return readForm(rawBody);
  const read = readJson(rawBody);
  if ('value' in read || format === 'json') return read;
  const type = headerValue(headers, 'content-type');
  const isForm = type === null ? looksLikeForm(rawBody) : /^application\/x-www-form-urlencoded\b/i.test(type);
  return isForm ? readForm(rawBody) : read;
}

function looksLikeForm(rawBody: Buffer): boolean {
  return /^[\w.[\]%+-]{1,200}=/.test(rawBody.subarray(0, 300).toString('latin1'));
}

/** A form as an object; a name that comes several times has a list of its values. */
function readForm(rawBody: Buffer): BodyRead {
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(rawBody.toString('utf8'))) {
    count += 1;
    if (count > MAX_FORM_FIELDS) return refused(`has more than ${MAX_FORM_FIELDS} form fields`);
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return storable(
    Object.fromEntries([...fields].map(([name, values]) => [name, values.length > 1 ? values : values[0]!])),
  );
}

/**
 * Reads JSON that a sender made by putting texts into a template without escaping them, so that a quote or a line
 * break in a name breaks it, and a visitor who types `","ref":"...` into his name adds a field.
 *
 * It is read by the names in the order of the template, each where it first comes after the one before: whatever
 * stands in one text can garble that text and those after it, and none before it.
 *
 * A place that the sender left unfilled (`{PHONE}`) is a missing field.
 */
function readTemplate(rawBody: Buffer, names: readonly string[]): BodyRead {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody).trim();
  } catch {
    return refused('is not UTF-8 text');
  }
  const found: { name: string; from: number; startsAt: number }[] = [];
  for (const name of names) {
    const before = found.length === 0 ? '^\\{' : '"\\s{0,99},';
    const marker = new RegExp(`${before}\\s{0,99}"${name}"\\s{0,99}:\\s{0,99}"`, 'g');
    marker.lastIndex = found.at(-1)?.startsAt ?? 0;
    const match = marker.exec(text);
    if (match !== null) found.push({ name, from: match.index, startsAt: match.index + match[0].length });
  }
  const end = /"\s{0,99}\}$/.exec(text.slice(-200));
  const last = found.at(-1);
  const endsAt = end === null ? -1 : text.length - Math.min(200, text.length) + end.index;
  if (last === undefined || endsAt < last.startsAt) {
    return refused('is not written by the template: compare it, field by field, with the one in the documentation');
  }
  const values = found.flatMap(({ name, startsAt }, index): [string, string][] => {
    const value = text.slice(startsAt, found[index + 1]?.from ?? endsAt);
    return /^\{[A-Z0-9_:-]{1,60}\}$/.test(value.trim()) ? [] : [[name, unescaped(value)]];
  });
  return storable(Object.fromEntries(values));
}

/** The text that was meant, should the sender have escaped it after all. */
function unescaped(value: string): string {
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    return value;
  }
}

/** The same rules for texts that did not come as JSON. */
function storable(value: JsonValue): BodyRead {
  return readJson(Buffer.from(JSON.stringify(value)));
}

function refused(error: string): BodyRead {
  return { refused: [{ field: 'body', error }] };
}
