import type { Plan } from '../plan/plan';
import { answerOf, readRows, type RowResult } from '../salesforce/composite';
import type { CallPurpose } from '../salesforce/org-connection';
import type { OrgView } from '../salesforce/org-view';
import { scopedProblem, splitAlike } from './alike';
import { eventsWithoutRelated, failedRows } from './failed-rows';
import { refusalOf } from './org-refusal';
import {
  aloneRequests,
  groupsIntoCalls,
  intoCalls,
  newEventRequests,
  writeRequests,
  type PlannedRow,
  type WriteRequest,
} from './requests';
import type { ReconcileDeps } from './turn-deps';

/** Calls that a turn may spend on sending failed rows alone; what is left waits for the next turn. */
const MAX_ALONE_CALLS = 4;

/**
 * Writes a plan, and sends again alone what failed among others.
 *
 * @returns the results by row; a row without one was not sent, or has not failed alone yet: it waits for the next turn.
 */
export async function writePlan(
  plan: Plan,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<Map<PlannedRow['row'], RowResult>> {
  const results = new Map<PlannedRow['row'], RowResult>();
  const requests = writeRequests(plan, org);
  for (const call of intoCalls(requests)) {
    // Nothing more is sent to an org that refuses every row.
    if (refusalOf(results.values()) === null) await send(call, 'write', results, deps);
  }

  const failed = failedRows(requests, results);
  const before = new Map(results);
  // Who is not sent alone in this turn has not failed alone: without a result he waits for the next one.
  for (const { row } of failed) results.delete(row);
  if (refusalOf(results.values()) !== null) return results;

  const { toSend, alike } = splitAlike(failed, before);
  const sent = await sendAlone(toSend, MAX_ALONE_CALLS, results, org, deps);
  const left: PlannedRow[] = [];
  for (const { problem, first, others } of alike) {
    if (!results.has(first.row)) continue;
    // The first has failed alone for the same thing: so would they.
    if (scopedProblem(first, results.get(first.row)) === problem) {
      for (const { row } of others) results.set(row, before.get(row) as RowResult);
    } else left.push(...others);
  }
  await sendAlone(left, MAX_ALONE_CALLS - sent, results, org, deps);
  await writeWithoutRelated(plan, results, org, deps);
  return results;
}

/** The Event is what a rep needs: it does not wait until the Case or Opportunity beside it can be made. */
async function writeWithoutRelated(
  plan: Plan,
  results: Map<PlannedRow['row'], RowResult>,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<void> {
  const events = deps.callsLeft() > 0 ? eventsWithoutRelated(plan.events, results) : [];
  if (events.length === 0) return;
  const changed = new Map(events.map((event) => [event.bookingId, event]));
  plan.events = plan.events.map((event) => changed.get(event.bookingId) ?? event);
  for (const { bookingId } of events) {
    const outcome = 'written without the record that was refused';
    plan.decisions.get(bookingId)?.steps.push({ step: 'Event', outcome });
  }
  for (const call of intoCalls(newEventRequests(events, org))) await send(call, 'resend', results, deps);
}

/** @returns how many calls were made. */
async function sendAlone(
  rows: PlannedRow[],
  maxCalls: number,
  results: Map<PlannedRow['row'], RowResult>,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<number> {
  const calls = groupsIntoCalls(aloneRequests(rows, org)).slice(0, Math.max(0, Math.min(maxCalls, deps.callsLeft())));
  for (const call of calls) await send(call, 'resend', results, deps);
  return calls.length;
}

async function send(
  call: WriteRequest[],
  purpose: CallPurpose,
  results: Map<PlannedRow['row'], RowResult>,
  { session, assertHeld, whileWriting }: ReconcileDeps,
): Promise<void> {
  assertHeld();
  const answering = session.connection.composite(
    call.map(({ request }) => request),
    purpose,
  );
  whileWriting?.();
  const answers = await answering;
  for (const { request, rows } of call) {
    const read = readRows(answerOf(answers, request.referenceId), rows.length);
    rows.forEach((planned, index) => {
      const result = read[index];
      if (result !== undefined) results.set(planned.row, result);
    });
  }
}
