import type { RecordRow } from './plan';

/** Rows of a batch: one for each record and one for each new record's key, however many bookings need it. */
export class Rows {
  readonly all: RecordRow[] = [];
  readonly #created = new Map<string, RecordRow>();
  readonly #updated = new Map<string, RecordRow>();

  /** A row for a new record that one of the keys has named before in this batch. The keys name it from now on. */
  shared(keys: string[]): RecordRow | null {
    const row = keys.map((key) => this.#created.get(key)).find((found) => found !== undefined);
    if (row === undefined) return null;
    for (const key of keys) this.#created.set(key, row);
    return row;
  }

  /** @param keys everything by which another booking of the batch may mean the same new record. */
  create(keys: string[], row: RecordRow): RecordRow {
    for (const key of keys) this.#created.set(key, row);
    this.all.push(row);
    return row;
  }

  /** The first booking of a record says what it wants; later ones of the batch add the rest. */
  update(row: RecordRow & { recordId: string }): RecordRow {
    const same = this.#updated.get(row.recordId);
    if (same === undefined) {
      this.#updated.set(row.recordId, row);
      this.all.push(row);
      return row;
    }
    same.fields = { ...row.fields, ...same.fields };
    same.bookingIds.push(...row.bookingIds);
    return same;
  }
}
