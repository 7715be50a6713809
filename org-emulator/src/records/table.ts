import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';

/** A value as it is stored: date-times in the API's own form, references as 18-character ids. */
export type FieldValue = string | number | boolean | null;

/** One stored record, its keys in the schema's spelling. An absent key is null. */
export interface StoredRecord {
  readonly Id: string;
  readonly [field: string]: FieldValue;
}

/**
 * The rows of one object, deleted ones included (`IsDeleted`), with an index per key, e-mail and reference field. Rows
 * are never changed in place, so a savepoint is the row as it was.
 */
export class Table {
  private readonly rows = new Map<string, StoredRecord>();
  private readonly indexes = new Map<string, Map<string, Set<string>>>();

  constructor(readonly object: ObjectSchema) {}

  /** The row of an 18-character id, deleted or not. */
  get(id: string): StoredRecord | undefined {
    return this.rows.get(id);
  }

  /** Every row in the order of creation, deleted ones included. */
  all(): Iterable<StoredRecord> {
    return this.rows.values();
  }

  get size(): number {
    return this.rows.size;
  }

  /**
   * The rows whose indexed field has this value, deleted ones included; text compares without case unless the field is
   * case-sensitive. Undefined when the field has no index.
   */
  lookup(field: Field, value: FieldValue): StoredRecord[] | undefined {
    const index = this.indexFor(field);
    if (!index || value === null) return undefined;
    const ids = index.get(indexKey(field, value));
    if (!ids) return [];
    return [...ids].map((id) => this.rows.get(id)).filter((row) => row !== undefined);
  }

  /** Stores a row, or removes it when `row` is undefined. Returns the row as it was. */
  put(id: string, row: StoredRecord | undefined): StoredRecord | undefined {
    const before = this.rows.get(id);
    if (row) this.rows.set(id, row);
    else this.rows.delete(id);
    for (const field of this.object.indexedFields) {
      const index = this.indexes.get(field.name);
      if (!index) continue;
      const was = before?.[field.name] ?? null;
      const is = row?.[field.name] ?? null;
      if (was === is) continue;
      if (was !== null) index.get(indexKey(field, was))?.delete(id);
      if (is !== null) add(index, indexKey(field, is), id);
    }
    return before;
  }

  private indexFor(field: Field): Map<string, Set<string>> | undefined {
    const existing = this.indexes.get(field.name);
    if (existing) return existing;
    if (!this.object.indexedFields.includes(field)) return undefined;
    // Built on first use, so that a field that is deployed later is indexed too.
    const index = new Map<string, Set<string>>();
    for (const row of this.rows.values()) {
      const value = row[field.name] ?? null;
      if (value !== null) add(index, indexKey(field, value), row.Id);
    }
    this.indexes.set(field.name, index);
    return index;
  }
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function indexKey(field: Field, value: Exclude<FieldValue, null>): string {
  const text = String(value);
  return field.caseSensitive || field.type === 'reference' ? text : text.toLowerCase();
}
