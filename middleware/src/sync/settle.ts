import type { Settlement } from '../booking/booking.store';
import type { PartOutcome, Parts, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import type { Plan } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { classifyError, type ErrorClass } from '../salesforce/error-table';
import type { PlannedRow } from './requests';

/** Results of a turn's rows. A row without one was never sent. */
export type Results = ReadonlyMap<PlannedRow['row'], RowResult>;

/** Delay before a booking is looked at again after `attempts` failures, in milliseconds; jittered, at most 15 minutes. */
export function retryDelayMs(attempts: number, random: () => number): number {
  return Math.min(2_000 * 2 ** Math.min(attempts, 10), 15 * 60_000) * (0.5 + random() / 2);
}

/** Classes that ask for the same again, in one way or another, without anybody having to act on this booking. */
const TRANSIENT: ReadonlySet<ErrorClass> = new Set([
  'retrySoon',
  'retryLater',
  'signIn',
  'orgWide',
  'tooMuch',
  'lookAgain',
]);

/** How often a booking may look again before a human has to. */
const MAX_LOOKS = 5;

/**
 * What the results of a turn's write mean for each booking: every part written, waiting or parked. Pure.
 *
 * @param attempts failures so far, by booking id.
 */
export function settle(
  candidates: Candidate[],
  plan: Plan,
  results: Results,
  { now, random, attempts }: { now: Date; random: () => number; attempts: ReadonlyMap<string, number> },
): Settlement[] {
  const personOf = new Map(plan.people.flatMap((row) => row.bookingIds.map((id) => [id, row] as const)));
  const eventOf = new Map(plan.events.map((row) => [row.bookingId, row]));
  const deletionOf = new Map(plan.deletions.map((row) => [row.bookingId, row]));

  return candidates.map((candidate) => {
    const { booking } = candidate;
    const decision = plan.decisions.get(booking.id);
    const tried = attempts.get(booking.id) ?? 0;
    const parts: Parts = { ...decision?.parts };
    const person = personOf.get(booking.id);
    const event = eventOf.get(booking.id);
    const deletion = deletionOf.get(booking.id);
    let personLink = decision?.expected?.person ?? null;
    let eventId = decision?.eventId ?? null;

    if (person !== undefined) {
      const result = named(results.get(person), person.recordId);
      parts.person = outcomeOf(result, person.sobject, tried);
      if (result?.success === true && person.recordId === null) {
        personLink = { sobject: person.sobject, recordId: result.id };
      }
    }
    if (event !== undefined) {
      const result = named(results.get(event), event.recordId);
      const isPersonRefused = person?.recordId === null && parts.person?.state !== 'written';
      // The Event of a refused person fails for that reason alone, whatever the error says.
      parts.event = isPersonRefused
        ? { state: 'waiting', cause: 'the Event waits for its person', isRetried: false }
        : outcomeOf(result, 'Event', tried);
      if (result?.success === true) eventId = result.id;
    }
    if (deletion !== undefined) {
      const result = results.get(deletion);
      const isDone = result !== undefined && (result.success || isGone(result));
      if (!isDone) parts.event = outcomeOf(result, 'Event', tried);
    }

    const expected = decision?.expected ?? null;
    const isKnown = parts.event?.state === 'written' || parts.event?.state === 'notWanted';
    const written: Written | null =
      isKnown && eventId !== null && expected !== null
        ? {
            ...expected,
            eventId,
            // Null while something is left to do for the person: the next change then reads and plans it again.
            person: parts.person?.state === 'written' ? personLink : null,
            whoId: expected.whoId ?? personLink?.recordId ?? null,
          }
        : candidate.written;
    const retries = Object.values(parts).filter((part) => part.state === 'waiting' && part.isRetried);
    const dueAt = retries.length === 0 ? null : new Date(now.getTime() + retryDelayMs(tried, random));
    return {
      bookingId: booking.id,
      revision: booking.revision,
      settingsVersion: candidate.settings.version,
      parts,
      written,
      dueAt,
      attempts: dueAt === null ? 0 : tried + 1,
      steps: decision?.steps ?? [],
    };
  });
}

/** The result with the id that the row had: an update of a single row is answered without one. */
function named(result: RowResult | undefined, recordId: string | null): RowResult | undefined {
  return result?.success === true && recordId !== null ? { ...result, id: recordId } : result;
}

/** What the result of one row means for its part. */
export function outcomeOf(result: RowResult | undefined, sobject: string, attempts: number): PartOutcome {
  if (result === undefined) return { state: 'waiting', cause: 'it was not its turn yet', isRetried: true };
  if (result.success) return { state: 'written', sobject, recordId: result.id };
  const [error = { code: 'NO_ERROR_GIVEN', message: '', fields: [] }] = result.errors;
  const { class: errorClass, cause, remedy } = classifyError(error);
  const mayLookAgain = errorClass !== 'lookAgain' || (attempts < MAX_LOOKS && error.code !== 'DUPLICATES_DETECTED');
  if (TRANSIENT.has(errorClass) && mayLookAgain) return { state: 'waiting', cause, isRetried: true };
  const found = (error.duplicateIds ?? []).map(({ sobject: type, id }) => `${type} ${id}`).join(', ');
  return {
    state: 'parked',
    code: error.code,
    cause: [
      cause,
      error.message === '' ? '' : `Salesforce says: ${error.message}`,
      found === '' ? '' : `Found: ${found}.`,
    ]
      .filter((text) => text !== '')
      .join(' '),
    remedy,
    sobject,
    fields: error.fields,
  };
}

/** Whether a row failed in a way that sending it again, alone, may change or explain. */
export function isWorthSendingAlone(result: RowResult): boolean {
  if (result.success) return false;
  return result.errors.some(
    (error) => !TRANSIENT.has(classifyError(error).class) || error.code === 'DUPLICATES_DETECTED',
  );
}

function isGone(result: RowResult): boolean {
  return (
    !result.success &&
    result.errors.some(({ code }) => code === 'ENTITY_IS_DELETED' || code === 'INVALID_CROSS_REFERENCE_KEY')
  );
}

/** Whether the org could not bear so many rows at once. */
export function hasTooMuch(results: ReadonlyMap<unknown, RowResult>): boolean {
  return [...results.values()].some(
    (result) => !result.success && result.errors.some((error) => classifyError(error).class === 'tooMuch'),
  );
}
