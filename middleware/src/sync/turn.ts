import {
  areTeamsPresent,
  readDueBookings,
  settleBookings,
  type DueBooking,
  type LaneHold,
  type Settlement,
} from '../booking/booking.store';
import { isScoped } from '../booking/outcome';
import { releaseMended, type Turned } from '../booking/release.store';
import { saveLinks } from '../customer/customer.store';
import type { Candidate } from '../match/candidate';
import { planChange, type Change } from '../plan/plan-change';
import type { OrgUnavailableError } from '../salesforce/errors';
import type { OrgView } from '../salesforce/org-view';
import { toCandidates } from './candidates';
import { doubtRights, doubtSchema } from './doubt';
import { look, lookAndWrite, type Looked } from './look-and-write';
import { saveTakesNestedKeys, SwitchedOrgError } from './org.store';
import { assertPackage, hasPackage } from './org-refusal';
import { rememberSchema, seenSince } from './schema-watch';
import { looksOf } from './settle';
import type { ReconcileDeps, TurnOutcome } from './turn-deps';
import { writeChanges } from './write-changes';

/** What a turn is given: whether the lane is still ours is all that it can tell without the store. */
export interface TurnDeps extends Omit<ReconcileDeps, 'beforeWrite'> {
  /** Throws when the lane is not ours any more. */
  assertHeld: () => void;
}

/** What a turn did, in numbers. */
export interface TurnReport {
  bookings: number;
  written: number;
  waiting: number;
  parked: number;
  /** The org could not bear so many rows at once: the lane makes its batches smaller. */
  isTooMuch: boolean;
  /** The org refuses every row: the lane pauses, told why. What was written is settled. */
  refusal: OrgUnavailableError | null;
}

/**
 * Brings a batch of bookings of one org in line with what is desired: one read call and one write call, or one call
 * alone when all of them were written before. Safe to repeat: it acts on the state it reads, not on the webhooks
 * that woke it.
 *
 * @throws OrgUnavailableError and the other errors of `salesforce` when the org could not be asked; then nothing is
 *   settled and every booking stays due. SwitchedOrgError when bookings of the batch go to another org by now.
 */
export async function reconcileOrg(
  hold: LaneHold,
  { due, candidates, ahead }: PreparedBatch,
  given: TurnDeps,
): Promise<TurnReport> {
  if (due.length === 0) return { bookings: 0, written: 0, waiting: 0, parked: 0, isTooMuch: false, refusal: null };
  const tried = new Map(due.map(({ booking, attempts, parts }) => [booking.id, { attempts, looks: looksOf(parts) }]));
  const teamIds = [...new Set(due.map(({ booking }) => booking.teamId))];
  const beforeWrite = async (): Promise<void> => {
    if (!(await areTeamsPresent(given.store, hold, teamIds))) throw new SwitchedOrgError(hold.orgId);
    given.assertHeld();
  };
  const deps: ReconcileDeps = { ...given, beforeWrite };
  const org = await presentView(hold.orgId, due, deps);
  assertPackage(org, candidates[0]?.settings.settings);

  const known = await ahead;
  const looked = known?.org === org ? known.looked : null;
  const changes = looked === null ? changesOf(candidates, org, deps) : null;
  const outcome =
    changes === null
      ? await lookAndWrite(candidates, tried, hold, org, deps, looked)
      : await writeChanges(changes, tried, org, deps);
  // The org has nothing to do for this batch any more, and would wait until it is settled.
  if (outcome.refusal === null && !outcome.isTooMuch) deps.whileSettling?.(org);

  const doubted = doubtRights(outcome.settlements, org.schema.readAt, deps.now());
  if (doubted !== null) deps.session.forget();
  const settlements = ofCustomers(underSchema(doubted ?? outcome.settlements, org.schema.stamp), candidates);
  await deps.store.transaction(async (client) => {
    const counted = await settleBookings(client, hold, settlements, deps.now());
    if (!counted) return;
    const { takesNestedKeys } = outcome;
    if (takesNestedKeys !== null && takesNestedKeys !== deps.takesNestedKeys)
      await saveTakesNestedKeys(client, hold.orgId, takesNestedKeys);
    await saveLinks(client, hold, linksOf(candidates, settlements), deps.now());
    if (settlements.some(({ parts }) => Object.values(parts).some(isScoped)))
      await rememberSchema(client, hold.orgId, org.schema);
    await releaseMended(client, turnedOf(due, settlements), deps.now());
  });
  return report({ ...outcome, settlements });
}

/** Due bookings with everything that our own store knows of them. */
export interface PreparedBatch {
  due: DueBooking[];
  candidates: Candidate[];
  /** What the org was asked ahead of the turn; null: nothing, or in vain. */
  ahead: Promise<ReadAhead | null> | null;
}

/** What a look at the org found, and the schema that it went by: under another one it does not count. */
export interface ReadAhead {
  org: OrgView;
  looked: Looked;
}

/**
 * Asks the org for a batch ahead of its turn. That may be done once the turn before has had its last answer, so that this
 * look finds what that one wrote.
 *
 * @returns null where nothing need be asked: the turn changes what it wrote before.
 * @throws as {@link reconcileOrg}.
 */
export async function lookAhead(
  candidates: Candidate[],
  org: OrgView,
  deps: Pick<ReconcileDeps, 'session' | 'now'>,
): Promise<ReadAhead | null> {
  return changesOf(candidates, org, deps) === null ? { org, looked: await look(candidates, org, deps) } : null;
}

/** The changes of a batch that can be written without reading first; null when one of its bookings cannot. */
function changesOf(candidates: Candidate[], org: OrgView, { now }: Pick<ReconcileDeps, 'now'>): Change[] | null {
  const changes: Change[] = [];
  for (const candidate of candidates) {
    const change = planChange(candidate, org, now());
    if (change === null) return null;
    changes.push(change);
  }
  return changes;
}

/**
 * Reads the bookings of a turn. That may be done while the turn before writes: a booking that changes until its own turn
 * is settled at the revision that was read, and stays due.
 *
 * @param except ids of the bookings that are being written.
 */
export async function prepareBatch(
  hold: LaneHold,
  deps: Pick<ReconcileDeps, 'store' | 'now'>,
  limit: number,
  except: string[] = [],
): Promise<PreparedBatch> {
  const due = await readDueBookings(deps.store, hold, limit, deps.now(), except);
  return { due, candidates: due.length === 0 ? [] : await toCandidates(due, hold, deps), ahead: null };
}

/** The org as it is described now, as far as any instance knows: asked for once more before it is held up to an admin. */
async function presentView(orgId: string, due: DueBooking[], { store, session }: ReconcileDeps): Promise<OrgView> {
  const wasRead = session.known() === null;
  const view = await session.view();
  const { isOutdated, usersChangedAt } = await seenSince(store, orgId, view.schema);
  if (usersChangedAt !== null) session.forgetUsersOf(usersChangedAt);
  const isBelieved = wasRead || hasPackage(view);
  if (isBelieved && !isOutdated && !doubtSchema(due, view.schema)) return view;
  session.forget();
  return session.view();
}

/** Notes under which schema parts were parked that another one may mend. */
function underSchema(settlements: Settlement[], schemaStamp: string | null): Settlement[] {
  return settlements.map((settlement) => ({
    ...settlement,
    parts: Object.fromEntries(
      Object.entries(settlement.parts).map(([part, outcome]) => [
        part,
        isScoped(outcome) ? { ...outcome, schemaStamp } : outcome,
      ]),
    ),
  }));
}

/** Notes whose bookings they are. */
function ofCustomers(settlements: Settlement[], candidates: Candidate[]): Settlement[] {
  const customers = customersOf(candidates);
  return settlements.map((settlement) => {
    const customerId = customers.get(settlement.bookingId);
    return customerId === undefined ? settlement : { ...settlement, customerId };
  });
}

function customersOf(candidates: Candidate[]): ReadonlyMap<string, string> {
  return new Map(candidates.map(({ booking, customerId }) => [booking.id, customerId]));
}

function turnedOf(due: DueBooking[], settlements: Settlement[]): Turned[] {
  const after = new Map(settlements.map(({ bookingId, parts }) => [bookingId, parts]));
  return due.map(({ booking, parts }) => ({ booking, before: parts, after: after.get(booking.id) ?? {} }));
}

function linksOf(
  candidates: Candidate[],
  settlements: Settlement[],
): { customerId: string; sobject: string; recordId: string }[] {
  const customers = customersOf(candidates);
  return settlements.flatMap(({ bookingId, parts }) => {
    const customerId = customers.get(bookingId);
    return parts.person?.state === 'written' && customerId !== undefined
      ? [{ customerId, sobject: parts.person.sobject, recordId: parts.person.recordId }]
      : [];
  });
}

function report({ settlements, isTooMuch, refusal }: TurnOutcome): TurnReport {
  const count = (state: string): number =>
    settlements.filter(({ parts }) => Object.values(parts).some((part) => part.state === state)).length;
  return {
    bookings: settlements.length,
    written: settlements.filter(({ parts }) => parts.event?.state === 'written').length,
    waiting: count('waiting'),
    parked: count('parked'),
    isTooMuch,
    refusal,
  };
}
