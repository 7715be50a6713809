import { createHash } from 'node:crypto';

/** What makes two parked parts the same problem: one remedy mends both. */
export interface ProblemKey {
  /** Salesforce's errorCode, or one of our own. */
  code: string;
  sobject: string | null;
  fields: string[];
}

/** A booking as far as it helps to see whom a problem hits. */
export interface Trait {
  sourceId: string;
  page: string | null;
  host: string | null;
}

/** Whom a problem hits. */
export type Scope =
  /** One booking so far: nothing can be told from it. */
  | { kind: 'one' }
  /** All of them have this in common, and no booking that has it was written since. */
  | { kind: 'page' | 'host' | 'source'; name: string }
  /** No record of that object was written since it began. */
  | { kind: 'everybody' }
  /** Bookings of several pages and hosts, and others like them are written. */
  | { kind: 'some' };

/** A short name of a problem, the same as long as it lasts. */
export function problemId({ code, sobject, fields }: ProblemKey): string {
  return createHash('sha256')
    .update(JSON.stringify([code, sobject, fields]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * Whether a problem hits everybody, or only those who have a page, a host or a source in common. Pure.
 *
 * @param hit bookings that have the problem.
 * @param spared bookings whose record of the same object was written since the problem began.
 */
export function scopeOf(hit: readonly Trait[], spared: readonly Trait[]): Scope {
  if (hit.length <= 1) return { kind: 'one' };
  if (spared.length === 0) return { kind: 'everybody' };
  for (const [kind, of] of [
    ['page', ({ page }: Trait) => page],
    ['host', ({ host }: Trait) => host],
    ['source', ({ sourceId }: Trait) => sourceId],
  ] as const) {
    const [name, ...others] = new Set(hit.map(of));
    if (typeof name !== 'string' || others.length > 0) continue;
    if (spared.every((trait) => of(trait) !== name)) return { kind, name };
  }
  return { kind: 'some' };
}
