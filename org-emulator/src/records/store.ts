import type { ObjectSchema } from '../schema/object-schema';
import type { OrgSchema } from '../schema/org-schema';
import { INSTANCE, makeId } from './record-id';
import { Table, type StoredRecord } from './table';

/** A record change that is committed; `deleted` means that it went to the recycle bin, or for good. */
export interface RecordChange {
  sobject: string;
  id: string;
  change: 'created' | 'updated' | 'deleted';
}

/** Is called once per committed transaction, with its changes in order, several per record folded into one. */
export type ChangeListener = (changes: RecordChange[]) => void;

/** All records by object, deleted ones included, and how far each sequence has counted. */
export interface StoreContent {
  records: Record<string, StoredRecord[]>;
  sequences: Record<string, number>;
}

interface JournalEntry {
  table: Table;
  id: string;
  before: StoredRecord | undefined;
}

/**
 * The records of an org, in memory. Every write happens inside `transaction`, which is synchronous: nobody sees half of
 * one. A savepoint is a position in the journal of what rows were before.
 */
export class RecordStore {
  private tables = new Map<string, Table>();
  private sequences = new Map<string, number>();
  private journal: JournalEntry[] = [];
  private depth = 0;
  private readonly listeners = new Set<ChangeListener>();

  /** @param instance the instance part of the records' ids. */
  constructor(
    private readonly schema: OrgSchema,
    private readonly instance: string = INSTANCE,
  ) {}

  /** The table of an object. */
  table(object: ObjectSchema): Table {
    let table = this.tables.get(object.name);
    if (!table) {
      // A user's view of an object may lack fields; the table keeps them all.
      table = new Table(this.schema.object(object.name) ?? object);
      this.tables.set(object.name, table);
    }
    return table;
  }

  /** The row of an 18-character id of any object, deleted or not. */
  find(id: string): { object: ObjectSchema; row: StoredRecord } | undefined {
    const object = this.schema.objectOfId(id);
    const row = object && this.table(object).get(id);
    return object && row ? { object, row } : undefined;
  }

  /** An id that no record of the object has had. Ids are not given back by a rollback, as in a real org. */
  nextId(object: ObjectSchema): string {
    return makeId(object.keyPrefix, this.nextNumber(object.keyPrefix), this.instance);
  }

  /** The next number of a named sequence, from 1: auto-numbers and ids. */
  nextNumber(sequence: string): number {
    const n = (this.sequences.get(sequence) ?? 0) + 1;
    this.sequences.set(sequence, n);
    return n;
  }

  /** Stores a row, or removes it for good when `row` is undefined. Only inside a transaction. */
  put(object: ObjectSchema, id: string, row: StoredRecord | undefined): void {
    if (this.depth === 0) throw new Error('Records are written inside a transaction only');
    const table = this.table(object);
    this.journal.push({ table, id, before: table.put(id, row) });
  }

  /**
   * Runs work whose writes are kept when it returns and undone when it throws. Transactions nest; listeners hear of the
   * changes when the outermost one has been kept.
   */
  transaction<T>(work: (rollback: () => void) => T): T {
    const savepoint = this.journal.length;
    const rollback = (): void => {
      this.undoTo(savepoint);
    };
    this.depth += 1;
    try {
      return work(rollback);
    } catch (error) {
      rollback();
      throw error;
    } finally {
      this.depth -= 1;
      if (this.depth === 0) this.commit();
    }
  }

  /** Adds a listener and returns the function that removes it. */
  onChange(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Forgets every record and sequence. */
  clear(): void {
    this.tables = new Map();
    this.sequences = new Map();
    this.journal = [];
  }

  /** The records as they are now; later writes do not change what was returned. */
  content(): StoreContent {
    const records = [...this.tables].map(([name, table]): [string, StoredRecord[]] => [name, [...table.all()]]);
    return { records: Object.fromEntries(records), sequences: Object.fromEntries(this.sequences) };
  }

  /** Puts other records in the place of all there are. Throws, and changes nothing, when the org lacks an object of them. */
  replace(content: StoreContent): void {
    const groups = Object.entries(content.records).map(([name, rows]) => {
      const object = this.schema.object(name);
      if (!object) throw new Error(`This org has no object ${name}`);
      return { object, rows };
    });
    this.clear();
    this.sequences = new Map(Object.entries(content.sequences));
    for (const { object, rows } of groups) {
      const table = this.table(object);
      for (const row of rows) table.put(row.Id, row);
    }
  }

  private undoTo(savepoint: number): void {
    while (this.journal.length > savepoint) {
      const entry = this.journal.pop();
      if (entry) entry.table.put(entry.id, entry.before);
    }
  }

  private commit(): void {
    const entries = this.journal;
    this.journal = [];
    if (entries.length === 0 || this.listeners.size === 0) return;
    const changes = foldJournal(entries);
    if (changes.length === 0) return;
    for (const listener of [...this.listeners]) listener(changes);
  }
}

function foldJournal(entries: JournalEntry[]): RecordChange[] {
  const first = new Map<string, JournalEntry>();
  for (const entry of entries) if (!first.has(entry.id)) first.set(entry.id, entry);
  return [...first.values()].flatMap(({ table, id, before }) => {
    const after = table.get(id);
    if (before === after) return [];
    const existed = before !== undefined && before.IsDeleted !== true;
    const exists = after !== undefined && after.IsDeleted !== true;
    if (!existed && !exists) return [];
    const change = !existed ? 'created' : exists ? 'updated' : 'deleted';
    return [{ sobject: table.object.name, id, change }];
  });
}
