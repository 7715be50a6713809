import { readDueBookings, settleBookings, type LaneHold, type Settlement } from '../booking/booking.store';
import { saveLinks } from '../customer/customer.store';
import type { Candidate } from '../match/candidate';
import { planChange } from '../plan/plan-change';
import { toCandidates } from './candidates';
import { lookAndWrite } from './look-and-write';
import type { ReconcileDeps } from './turn-deps';
import { writeChanges } from './write-changes';

/** What a turn did, in numbers. */
export interface TurnReport {
  bookings: number;
  written: number;
  waiting: number;
  parked: number;
  /** The org could not bear so many rows at once: the lane makes its batches smaller. */
  isTooMuch: boolean;
}

/**
 * Brings up to `limit` due bookings of one org in line with what is desired: one read call and one write call, or one
 * call alone when all of them were written before. Safe to repeat: it acts on the state it reads, not on the webhooks
 * that woke it.
 *
 * @throws OrgUnavailableError and the other errors of `salesforce` when the org could not be asked; then nothing is
 *   settled and every booking stays due.
 */
export async function reconcileOrg(hold: LaneHold, deps: ReconcileDeps, limit: number): Promise<TurnReport> {
  const due = await readDueBookings(deps.store, hold, limit, deps.now());
  if (due.length === 0) return { bookings: 0, written: 0, waiting: 0, parked: 0, isTooMuch: false };
  const candidates = await toCandidates(due, hold, deps);
  const attempts = new Map(due.map(({ booking, attempts: count }) => [booking.id, count]));
  const org = await deps.session.view();

  const changes = candidates.map((candidate) => planChange(candidate, org, deps.now()));
  const outcome = changes.every((change) => change !== null)
    ? await writeChanges(changes, attempts, org, deps)
    : await lookAndWrite(candidates, attempts, hold, org, deps);

  await deps.store.transaction(async (client) => {
    const counted = await settleBookings(client, hold, outcome.settlements, deps.now());
    if (counted) await saveLinks(client, hold, linksOf(candidates, outcome.settlements), deps.now());
  });
  return report(outcome.settlements, outcome.isTooMuch);
}

function linksOf(
  candidates: Candidate[],
  settlements: Settlement[],
): { customerId: string; sobject: string; recordId: string }[] {
  const customers = new Map(candidates.map(({ booking, customerId }) => [booking.id, customerId]));
  return settlements.flatMap(({ bookingId, parts }) => {
    const customerId = customers.get(bookingId);
    return parts.person?.state === 'written' && customerId !== undefined
      ? [{ customerId, sobject: parts.person.sobject, recordId: parts.person.recordId }]
      : [];
  });
}

function report(settlements: Settlement[], isTooMuch: boolean): TurnReport {
  const count = (state: string): number =>
    settlements.filter(({ parts }) => Object.values(parts).some((part) => part.state === state)).length;
  return {
    bookings: settlements.length,
    written: settlements.filter(({ parts }) => parts.event?.state === 'written').length,
    waiting: count('waiting'),
    parked: count('parked'),
    isTooMuch,
  };
}
