import type { FoundRecord } from './match-types';

/** @throws TypeError when a record came without its id: then the query was wrong. */
export function idOf(record: FoundRecord): string {
  const id = record['Id'];
  if (typeof id !== 'string') throw new TypeError('Expected a record with an Id, got one without.');
  return id;
}

/** The text of a field; null when it is empty, or no text. */
export function textIn(record: FoundRecord | null, field: string): string | null {
  const value = record?.[field];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The case-sensitive 15 characters of an id: links carry both forms. */
export function shortId(id: string): string {
  return id.slice(0, 15);
}
