import type { RecordRow } from './plan';

/** Rows of a batch: one for each record and one for each new record's key, however many bookings need it. */
export class Rows {
  readonly all: RecordRow[] = [];
  readonly #created = new Map<string, RecordRow>();
  readonly #updated = new Map<string, RecordRow>();

  /** The new record that the first of these keys to be known has named before in this batch. */
  created(keys: string[]): RecordRow | null {
    return keys.map((key) => this.#created.get(key)).find((row) => row !== undefined) ?? null;
  }

  /** @param keys everything by which another booking of the batch may mean the same new record. */
  create(keys: string[], row: RecordRow): RecordRow {
    this.all.push(row);
    for (const key of keys) this.#created.set(key, row);
    return row;
  }

  /** One more booking needs a new record; its keys name it as well from now on. */
  share(row: RecordRow, keys: string[], bookingId: string): RecordRow {
    for (const key of keys) this.#created.set(key, row);
    row.bookingIds.push(bookingId);
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
    same.autoAssign ||= row.autoAssign && same.fields['OwnerId'] === undefined;
    const { OwnerId, ...others } = row.fields;
    const owner = same.autoAssign || OwnerId === undefined ? {} : { OwnerId };
    same.fields = { ...others, ...owner, ...same.fields };
    same.bookingIds.push(...row.bookingIds);
    return same;
  }
}
