import type { DueBooking, Settlement } from '../booking/booking.store';
import { isScoped, type PartOutcome, type Parts } from '../booking/outcome';
import type { OrgSchema } from '../salesforce/schema';

/** A view younger than this is believed: the org has just shown it. */
const FRESH_MS = 60_000;

/** Refusals that a right makes which was taken away since the org was described. */
const OF_RIGHTS: ReadonlySet<string> = new Set([
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INVALID_FIELD',
  'INVALID_FIELD_FOR_INSERT_UPDATE',
  'INVALID_TYPE',
]);

/**
 * Settlements in which nobody waits for a human yet because of what an old view of the org let him try: the org is
 * described anew, and the next turn, at once, tells which right is missing. Pure.
 *
 * @param readAt when the org was described.
 * @returns null when the view counts, or nothing was refused for a right.
 */
export function doubtRights(settlements: readonly Settlement[], readAt: string, now: Date): Settlement[] | null {
  if (now.getTime() - new Date(readAt).getTime() < FRESH_MS) return null;
  const isDoubted = ({ parts }: Settlement): boolean => Object.values(parts).some(isOfRight);
  if (!settlements.some(isDoubted)) return null;
  return settlements.map((settlement) =>
    isDoubted(settlement)
      ? { ...settlement, parts: withoutDoubted(settlement.parts), dueAt: now, attempts: 0 }
      : settlement,
  );
}

function withoutDoubted(parts: Parts): Parts {
  const cause = 'what the API user may do is read again';
  return Object.fromEntries(
    Object.entries(parts).map(([part, outcome]) => [
      part,
      isOfRight(outcome) ? { state: 'waiting', cause, isRetried: true } : outcome,
    ]),
  );
}

function isOfRight(outcome: PartOutcome): boolean {
  return isScoped(outcome) && OF_RIGHTS.has(outcome.code);
}

/**
 * Whether bookings are due that were parked under this very schema and made due since it was read: somebody may have put
 * right in the org what was missing, and pressed "retry", or the booking has changed. Those that a turn itself tries
 * again do not count. Pure.
 */
export function doubtSchema(
  due: readonly Pick<DueBooking, 'dueAt' | 'attempts' | 'parts'>[],
  { stamp, readAt }: Pick<OrgSchema, 'stamp' | 'readAt'>,
): boolean {
  const wasRead = new Date(readAt).getTime();
  return due.some(
    ({ dueAt, attempts, parts }) =>
      attempts === 0 &&
      dueAt !== null &&
      dueAt.getTime() >= wasRead &&
      Object.values(parts).some((outcome) => isScoped(outcome) && (outcome.schemaStamp ?? null) === stamp),
  );
}
