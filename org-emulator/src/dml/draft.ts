import type { FieldValue, StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import type { WriteContext } from './write-context';

/** A row on its way into the store. Rules read and change `row` before it is validated. */
export interface Draft {
  context: WriteContext;
  object: ObjectSchema;
  id: string;
  /** The row as it is stored now; undefined for an insert. */
  before: StoredRecord | undefined;
  /** The row as it will be stored. */
  row: Record<string, FieldValue>;
  /** Names of the fields that the request gave a value for, null included. */
  given: ReadonlySet<string>;
  /** The people of an Event, when the request gave their list. */
  whoIds?: string[];
}

/** What one object demands and derives beyond its fields' own properties. */
export interface ObjectRules {
  sobject: string;
  /** Refuses the row with a RowError, or derives fields of it. */
  beforeSave?(draft: Draft): void;
  /** Writes what follows from the row once it is stored. */
  afterSave?(draft: Draft): void;
  /** Refuses with a RowError that a user deletes the row by itself. */
  beforeDelete?(context: WriteContext, row: StoredRecord): void;
  /** What a delete takes with it, beyond cascading children. */
  afterDelete?(context: WriteContext, row: StoredRecord): void;
}

/** The value of a field of a draft; null when it has none. */
export function valueOf(draft: Draft, field: string): FieldValue {
  return draft.row[field] ?? null;
}

/** Whether this write changes the field: it is inserted with a value, or its value differs from the stored one. */
export function isChanged(draft: Draft, field: string): boolean {
  return (draft.row[field] ?? null) !== (draft.before?.[field] ?? null);
}
