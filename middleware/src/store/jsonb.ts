/**
 * A value as PostgreSQL's jsonb can hold it: without NUL characters and lone surrogates, which JSON allows, which
 * senders do send, and which would fail a whole group of rows. Pure.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return storableText(value) as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)])) as T;
  }
  return value;
}

/** Text as PostgreSQL can hold it. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
