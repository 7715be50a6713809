import { makeId } from '../records/record-id';
import type { QueryResult } from '../soql/run-query';

/** One page of a result. */
export interface Page {
  totalSize: number;
  records: unknown[];
  /** Names the next page; null on the last. */
  nextLocator: string | null;
}

/** How many open results an org keeps; the oldest is forgotten first. */
const MAX_OPEN = 100;

/** The results that are read page by page, each as it was when its query ran. */
export class QueryCursors {
  private readonly open = new Map<string, { result: QueryResult; pageSize: number }>();
  private count = 0;

  /** The first page of a result, which stays open when there are more. */
  first(result: QueryResult, pageSize: number): Page {
    if (result.records.length <= pageSize) {
      return { totalSize: result.totalSize, records: result.records, nextLocator: null };
    }
    this.count += 1;
    const id = makeId('0r8', this.count);
    this.open.set(id, { result, pageSize });
    const [oldest] = this.open.keys();
    if (this.open.size > MAX_OPEN && oldest !== undefined) this.open.delete(oldest);
    return this.page(id, 0);
  }

  /** The page of a locator such as `0r8…-2000`; null when the result is not open or has no such page. */
  next(locator: string): Page | null {
    const [id = '', offset] = locator.split('-');
    const cursor = this.open.get(id);
    const at = Number(offset);
    if (!cursor || !Number.isInteger(at) || at <= 0 || at >= cursor.result.records.length) return null;
    return this.page(id, at);
  }

  private page(id: string, offset: number): Page {
    const cursor = this.open.get(id);
    if (!cursor) throw new Error(`No open query ${id}`);
    const { result, pageSize } = cursor;
    const end = offset + pageSize;
    return {
      totalSize: result.totalSize,
      records: result.records.slice(offset, end),
      nextLocator: end < result.records.length ? `${id}-${end}` : null,
    };
  }
}
