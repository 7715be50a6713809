import type { ObjectSchema, RecordTypeSchema } from '../salesforce/schema';

/** What a record type named in the settings comes to in an org. */
export type RecordTypeSearch =
  | { kind: 'found'; recordType: RecordTypeSchema }
  | { kind: 'missing' }
  /** Two share the developer name, as Account and Person Account record types may. */
  | { kind: 'ambiguous'; ids: string[] }
  | { kind: 'inactive' }
  | { kind: 'unavailable' };

/** The record type of that id (15 or 18 characters) or developer name. Pure. */
export function findRecordType(object: ObjectSchema, named: string): RecordTypeSearch {
  const byId = object.recordTypes.filter(({ id }) => id === named || (named.length === 15 && id.startsWith(named)));
  const found = byId.length > 0 ? byId : object.recordTypes.filter(({ developerName }) => developerName === named);
  const usable = found.filter(({ active, available }) => active && available);
  if (usable.length > 1) return { kind: 'ambiguous', ids: usable.map(({ id }) => id) };
  const [recordType] = usable;
  if (recordType !== undefined) return { kind: 'found', recordType };
  if (found.length === 0) return { kind: 'missing' };
  return found.some(({ active }) => active) ? { kind: 'unavailable' } : { kind: 'inactive' };
}
