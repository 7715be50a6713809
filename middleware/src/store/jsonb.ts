/**
 * A value as PostgreSQL's jsonb can hold it: without NUL characters and lone surrogates, which JSON allows, which
 * senders do send, and which would fail a whole group of rows. The value itself where there is none. Pure.
 */
export function storable<T>(value: T): T {
  return isStorableJson(JSON.stringify(value)) ? value : cleaned(value);
}

/** Text as PostgreSQL can hold it. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** JSON of a value as PostgreSQL's json and jsonb can hold it. Pure. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return isStorableJson(text) ? text : JSON.stringify(cleaned(value));
}

/** Both are written as escapes; an escaped backslash before such letters only costs the longer way. */
function isStorableJson(text: string): boolean {
  return !/\\u(?:0000|d[89a-f])/.test(text);
}

function cleaned<T>(value: T): T {
  if (typeof value === 'string') return storableText(value) as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), cleaned(inner)])) as T;
  }
  return value;
}
