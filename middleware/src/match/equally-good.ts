import type { Rules } from '../settings/rules';
import { textIn } from './found-record';
import type { FoundRecord } from './match-types';

/**
 * The one of several records that a sign leads to, by the rule for those that are equally good. Pure.
 *
 * @returns null when there is none.
 */
export function equallyGood<T extends { recordId: string; record: FoundRecord | null }>(
  records: readonly T[],
  rule: Rules['ambiguous'],
): T | 'ambiguous' | null {
  const [first, ...others] = records;
  if (first === undefined) return null;
  if (others.length > 0 && rule === 'park') return 'ambiguous';
  return others.reduce((one, other) => (isLater(other, one) ? other : one), first);
}

/** The time of the change, then the id: the same records in another order give the same choice. */
function isLater<T extends { recordId: string; record: FoundRecord | null }>(one: T, other: T): boolean {
  const [at, otherAt] = [one, other].map(({ record }) => textIn(record, 'LastModifiedDate') ?? '');
  if (at === otherAt) return one.recordId > other.recordId;
  return String(at) > String(otherAt);
}
