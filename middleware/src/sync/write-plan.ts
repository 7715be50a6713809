import type { EventRow, Plan } from '../plan/plan';
import { answerOf, readRows, type RowResult } from '../salesforce/composite';
import type { CallPurpose } from '../salesforce/org-connection';
import type { OrgView } from '../salesforce/org-view';
import { scopedProblem, splitAlike } from './alike';
import { eventsWithoutRelated, failedRows } from './failed-rows';
import { byIds, needsNestedKey, refusedForKeys, takesNestedKeys } from './nested-keys';
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

/** What became of a plan's rows, and what that taught of the org. */
export interface WrittenPlan {
  /** A row without a result was not sent, or has not failed alone yet: it waits for the next turn. */
  results: Map<PlannedRow['row'], RowResult>;
  /** See {@link TurnOutcome}. */
  takesNestedKeys: boolean | null;
}

/** Writes a plan, and sends again alone what failed among others. */
export async function writePlan(plan: Plan, org: OrgView, deps: ReconcileDeps): Promise<WrittenPlan> {
  const results: WrittenPlan['results'] = new Map();
  const isByIds = deps.takesNestedKeys === false;
  const atOnce = isByIds ? plan.events.filter((event) => !needsNestedKey(event)) : plan.events;
  const requests = writeRequests({ ...plan, events: atOnce }, org);
  await sendAll(requests, 'write', results, deps);
  const learnt = takesNestedKeys(plan.events, results);
  const held = isByIds ? plan.events.filter(needsNestedKey) : refusedForKeys(plan.events, results);
  const heldRequests = await writeByIds(plan, held, isByIds ? 'write' : 'resend', results, org, deps);
  await writeFailedAlone([...requests, ...heldRequests], results, org, deps);
  await writeWithoutRelated(plan, results, org, deps);
  return { results, takesNestedKeys: learnt };
}

/**
 * Writes Events by the ids that the records they point at have got just now, where the org takes no nested keys.
 *
 * @returns the requests that were sent, and a last one, which was not, with the Events whose records were refused: they go
 *   along with them when those are sent again.
 */
async function writeByIds(
  plan: Plan,
  held: EventRow[],
  purpose: CallPurpose,
  results: WrittenPlan['results'],
  org: OrgView,
  deps: ReconcileDeps,
): Promise<Pick<WriteRequest, 'rows'>[]> {
  if (held.length === 0) return [];
  for (const event of held) results.delete(event);
  const ready = new Map(held.map((event) => [event, byIds(event, results)]));
  plan.events = plan.events.map((event) => ready.get(event) ?? event);
  const events = [...ready.values()].filter((event) => event !== null);
  for (const { bookingId } of events) {
    const outcome = 'written in a further call, by the ids of its records: the org takes no external ids there';
    plan.decisions.get(bookingId)?.steps.push({ step: 'Event', outcome });
  }
  const requests = writeRequests({ ...plan, records: [], deletions: [], events }, org);
  // Without a result they wait for the next turn, which finds their records.
  if (deps.callsLeft() > 0) await sendAll(requests, purpose, results, deps);
  const waiting = held.filter((event) => ready.get(event) === null);
  return [...requests, { rows: waiting.map((row) => ({ kind: 'event', row })) }];
}

async function sendAll(
  requests: WriteRequest[],
  purpose: CallPurpose,
  results: WrittenPlan['results'],
  deps: ReconcileDeps,
): Promise<void> {
  for (const call of intoCalls(requests)) {
    // Nothing more is sent to an org that refuses every row.
    if (refusalOf(results.values()) === null) await send(call, purpose, results, deps);
  }
}

async function writeFailedAlone(
  requests: Pick<WriteRequest, 'rows'>[],
  results: WrittenPlan['results'],
  org: OrgView,
  deps: ReconcileDeps,
): Promise<void> {
  const failed = failedRows(requests, results);
  const before = new Map(results);
  // Who is not sent alone in this turn has not failed alone: without a result he waits for the next one.
  for (const { row } of failed) results.delete(row);
  if (refusalOf(results.values()) !== null) return;

  const { toSend, alike } = splitAlike(failed, before);
  const sent = await sendAlone(toSend, MAX_ALONE_CALLS, results, org, deps);
  const left: PlannedRow[] = [];
  for (const { problem, first, others } of alike) {
    if (!results.has(first.row)) continue;
    // The first has failed alone for the same thing: so would they.
    if (scopedProblem(first, results.get(first.row)) === problem) {
      for (const { row } of others) {
        const result = before.get(row);
        if (result !== undefined) results.set(row, result);
      }
    } else left.push(...others);
  }
  await sendAlone(left, MAX_ALONE_CALLS - sent, results, org, deps);
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
  // Their other parents are there: ids are surer than keys.
  const changed = new Map(events.map((event) => [event.bookingId, byIds(event, results) ?? event]));
  plan.events = plan.events.map((event) => changed.get(event.bookingId) ?? event);
  for (const { bookingId } of events) {
    const outcome = 'written without the record that was refused';
    plan.decisions.get(bookingId)?.steps.push({ step: 'Event', outcome });
  }
  for (const call of intoCalls(newEventRequests([...changed.values()], org))) await send(call, 'resend', results, deps);
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
  { session, beforeWrite, whileWriting }: ReconcileDeps,
): Promise<void> {
  await beforeWrite();
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
