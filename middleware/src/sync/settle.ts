import type { Settlement } from '../booking/booking.store';
import type { PartOutcome, Parts, Step, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import type { Decision, EventDeletion, EventParent, EventRow, Plan, RecordRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { classifyError, OWN_CODES, type ErrorClass } from '../salesforce/error-table';
import { parentsOf, type PlannedRow } from './requests';
import { UNTRIED, type Tried } from './turn-deps';

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

/** How often in a row Salesforce is read again for a booking before a human has to look. */
const MAX_LOOKS = 2;

/** What a settlement is made with. */
export interface SettleContext {
  now: Date;
  random: () => number;
  /** By booking id. */
  tried: ReadonlyMap<string, Tried>;
  /** The org refuses every row: what waits for that is due at once when the lane goes on, and has not failed. */
  isOrgRefusing: boolean;
}

/**
 * What the results of a turn's write mean for each booking: every part written, waiting or parked. Pure.
 */
export function settle(candidates: Candidate[], plan: Plan, results: Results, context: SettleContext): Settlement[] {
  const rows = rowsByBooking(plan);
  return candidates.map((candidate) => {
    const { id } = candidate.booking;
    const tried = context.tried.get(id) ?? UNTRIED;
    const ofBooking = rows.get(id) ?? NO_ROWS;
    const settled = settleParts(candidate, plan.decisions.get(id), ofBooking, results, tried.looks);
    return settlementOf(candidate, plan.decisions.get(id)?.steps ?? [], settled, tried, context);
  });
}

/** The rows that a booking has in the plan. */
interface BookingRows {
  records: RecordRow[];
  event: EventRow | null;
  deletion: EventDeletion | null;
}

const NO_ROWS: BookingRows = { records: [], event: null, deletion: null };

function rowsByBooking(plan: Plan): Map<string, BookingRows> {
  const rows = new Map<string, BookingRows>();
  const of = (id: string): BookingRows => {
    const known = rows.get(id) ?? { ...NO_ROWS, records: [] };
    rows.set(id, known);
    return known;
  };
  for (const row of plan.records) for (const id of row.bookingIds) of(id).records.push(row);
  for (const row of plan.events) of(row.bookingId).event = row;
  for (const row of plan.deletions) of(row.bookingId).deletion = row;
  return rows;
}

/** What the parts of one booking came to, and what Salesforce holds of it now. */
export interface SettledParts {
  parts: Parts;
  written: Written | null;
  /** Something is to be done differently at once. */
  isDueNow: boolean;
}

function settleParts(
  { written: before }: Candidate,
  decision: Decision | undefined,
  { records, event, deletion }: BookingRows,
  results: Results,
  looks: number,
): SettledParts {
  const parts: Parts = { ...decision?.parts };
  const links: Record<RecordRow['part'], { sobject: string; recordId: string } | null> = {
    person: decision?.expected?.person ?? null,
    related: decision?.expected?.related ?? null,
  };
  // An Account that a new Contact needs comes before it: what the Contact came to tells of both.
  for (const row of records) {
    parts[row.part] = recordOutcome(row, results, looks);
    const result = results.get(row);
    if (result?.success === true && row.recordId === null)
      links[row.part] = { sobject: row.object, recordId: result.id };
  }
  let eventId = decision?.eventId ?? null;
  const expected = decision?.expected ?? null;
  if (event !== null) {
    const result = named(results.get(event), event.recordId);
    // The Event of a refused record fails for that reason alone, whatever the error says.
    const missing = result?.success === true ? undefined : missingParent(event, results);
    parts.event =
      missing === undefined
        ? outcomeOf(result, 'Event', looks)
        : { state: 'waiting', cause: `the Event waits for its ${nounOf(missing)}`, isRetried: false };
    if (result?.success === true) eventId = result.id;
  }
  let cannotDelete = false;
  if (deletion !== null) {
    const result = results.get(deletion);
    const isDone = result !== undefined && (result.success || isGone(result));
    const outcome = isDone ? null : outcomeOf(result, 'Event', looks);
    if (outcome !== null) parts.event = outcome;
    // Who may not delete the Event changes it instead, in the next turn.
    cannotDelete = outcome?.state === 'parked' && before?.cannotDelete !== true;
  }
  if (cannotDelete) {
    const cause = 'Salesforce does not let the connector delete the Event: it is kept with its status';
    parts.event = { state: 'waiting', cause, isRetried: true };
    const known = before ?? (expected === null || eventId === null ? null : { ...expected, eventId });
    return { parts, written: known === null ? null : { ...known, cannotDelete: true }, isDueNow: known !== null };
  }
  tellFlaws(parts, decision, ['person', 'related']);
  const isKnown = parts.event?.state === 'written' || parts.event?.state === 'notWanted';
  if (!isKnown || eventId === null || expected === null) {
    // Whoever looks again reads first, also where the Event was written before.
    const written = before !== null && isLookedAtAgain(parts) ? { ...before, isStale: true as const } : before;
    return { parts, written, isDueNow: false };
  }
  const written: Written = {
    ...expected,
    eventId,
    // Null while something is left to do for the person: the next change then reads and plans it again.
    person: parts.person?.state === 'written' ? links.person : null,
    whoId: expected.whoId ?? newId(event?.who ?? null, results),
    whatId: expected.whatId ?? newId(event?.what ?? null, results),
    related: parts.related === undefined || parts.related.state === 'written' ? links.related : null,
  };
  tellFlaws(parts, decision, ['event']);
  return { parts, written, isDueNow: false };
}

/** What is written and yet not as it should be waits for a human. */
function tellFlaws(parts: Parts, decision: Decision | undefined, of: ('person' | 'related' | 'event')[]): void {
  for (const part of of) {
    const flaw = decision?.flaws?.[part];
    if (parts[part]?.state === 'written' && flaw !== undefined) parts[part] = flaw;
  }
}

/** Makes the settlement of a booking of what its parts came to: when to look again, how often it failed. */
export function settlementOf(
  { booking, settings }: Candidate,
  steps: Step[],
  { parts, written, isDueNow }: SettledParts,
  { attempts }: Tried,
  { now, random, isOrgRefusing }: Pick<SettleContext, 'now' | 'random' | 'isOrgRefusing'>,
): Settlement {
  const isRetried = Object.values(parts).some((part) => part.state === 'waiting' && part.isRetried);
  // What follows on what was just done is no failure, and need not wait.
  const isNext = isDueNow || (written?.isStale === true && !hasFailed(parts));
  // The second look waits a little: what was just written may not be found at once.
  const looks = looksOf(parts);
  const isAtOnce = isNext || isOrgRefusing || looks === 1;
  const dueAt = isRetried ? new Date(now.getTime() + (isAtOnce ? 0 : retryDelayMs(attempts, random))) : null;
  return {
    bookingId: booking.id,
    revision: booking.revision,
    settingsVersion: settings.version,
    parts,
    written,
    dueAt,
    attempts: dueAt === null || isNext ? 0 : attempts + (isOrgRefusing || looks > 0 ? 0 : 1),
    steps,
  };
}

/** Whether a part waits for something else than the booking's own next step. */
function hasFailed({ person, related, event }: Parts): boolean {
  return [person, related, event].some((part) => part?.state === 'waiting' && part.isRetried);
}

/** What a record row came to; one that points at a refused record shares its fate, with its cause. */
function recordOutcome(row: RecordRow, results: Results, looks: number): PartOutcome {
  const refused = Object.values(row.references).find((parent) => results.get(parent)?.success !== true);
  if (refused !== undefined && results.get(row)?.success !== true) return recordOutcome(refused, results, looks);
  return outcomeOf(named(results.get(row), row.recordId), row.object, looks);
}

/** How often in a row Salesforce was read again for a booking, as its parts tell. */
export function looksOf(parts: Parts): number {
  return Math.max(0, ...Object.values(parts).map((part) => (part.state === 'waiting' ? (part.looks ?? 0) : 0)));
}

function isLookedAtAgain(parts: Parts): boolean {
  return looksOf(parts) > 0;
}

/** A new record that an Event points at and that was not written. */
function missingParent(event: EventRow, results: Results): RecordRow | undefined {
  return parentsOf({ kind: 'event', row: event }).find((row) => results.get(row)?.success !== true);
}

function nounOf({ part, object }: RecordRow): string {
  return part === 'person' ? 'person' : object;
}

function newId(parent: EventParent, results: Results): string | null {
  if (parent === null) return null;
  if ('recordId' in parent) return parent.recordId;
  const result = results.get(parent.row);
  return result?.success === true ? result.id : null;
}

/** The result with the id that the row had: an update of a single row is answered without one. */
function named(result: RowResult | undefined, recordId: string | null): RowResult | undefined {
  return result?.success === true && recordId !== null ? { ...result, id: recordId } : result;
}

/**
 * What the result of one row means for its part.
 *
 * @param looks how often in a row Salesforce was read again for the booking before.
 */
export function outcomeOf(result: RowResult | undefined, sobject: string, looks: number): PartOutcome {
  if (result === undefined) return { state: 'waiting', cause: 'it was not its turn yet', isRetried: true };
  if (result.success) return { state: 'written', sobject, recordId: result.id };
  const [error = { code: OWN_CODES.noErrorGiven, message: '', fields: [] }] = result.errors;
  const { class: errorClass, cause, remedy } = classifyError(error);
  if (errorClass === 'lookAgain') {
    // Reading again says nothing new of a duplicate: what the org found is known.
    if (looks < MAX_LOOKS && error.code !== 'DUPLICATES_DETECTED')
      return { state: 'waiting', cause, isRetried: true, looks: looks + 1 };
  } else if (TRANSIENT.has(errorClass)) return { state: 'waiting', cause, isRetried: true };
  const found = (error.duplicateIds ?? []).map(({ sobject: type, id }) => `${type} ${id}`).join(', ');
  return {
    state: 'parked',
    class: errorClass === 'scoped' ? 'scoped' : 'booking',
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
