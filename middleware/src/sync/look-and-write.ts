import type { LaneHold } from '../booking/booking.store';
import type { Candidate } from '../match/candidate';
import { match, type Found, type FoundRecord } from '../match/match';
import { hostOf, queriesFor, type OrgView, type ReadQuery } from '../match/queries';
import { planBatch } from '../plan/plan-batch';
import type { Plan } from '../plan/plan';
import {
  answerOf,
  MAX_QUERY_OR_COLLECTION,
  queryRequest,
  readRecords,
  readRows,
  type RowResult,
} from '../salesforce/composite';
import type { CallPurpose } from '../salesforce/org-connection';
import {
  aloneRequests,
  groupsIntoCalls,
  intoCalls,
  writeRequests,
  type PlannedRow,
  type WriteRequest,
} from './requests';
import { failedRows } from './failed-rows';
import { hasTooMuch, settle } from './settle';
import type { ReconcileDeps, TurnOutcome } from './turn-deps';

/** Calls that a turn may spend on sending failed rows alone; what is left waits for the next turn. */
const MAX_ALONE_CALLS = 4;

/** The two-call way: read what the bookings could belong to, match, plan, write. */
export async function lookAndWrite(
  candidates: Candidate[],
  attempts: ReadonlyMap<string, number>,
  hold: LaneHold,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<TurnOutcome> {
  const known = deps.session.users(deps.now());
  const queries = queriesFor(candidates, org, new Set(known.keys()));
  const found = await readAll(queries, deps);
  if (queries.some(({ sobject }) => sobject === 'User')) {
    const asked = candidates.flatMap((candidate) => [
      hostOf(candidate),
      candidate.settings.settings.rules.fallbackOwner?.toLowerCase() ?? null,
    ]);
    const unknown = asked.filter((name) => name !== null && !known.has(name)).filter((name) => name !== null);
    deps.session.learnUsers(found, unknown, deps.now());
  }
  const matches = match(candidates, found, deps.session.users(deps.now()), org);
  const plan = planBatch(candidates, matches, org, hold.generation);
  const results = await writePlan(plan, org, deps);
  const settlements = settle(candidates, plan, results, { now: deps.now(), random: deps.random, attempts });
  return { settlements, isTooMuch: hasTooMuch(results) };
}

async function readAll(queries: ReadQuery[], { session }: ReconcileDeps): Promise<Found> {
  const found = new Map<string, FoundRecord[]>();
  for (let start = 0; start < queries.length; start += MAX_QUERY_OR_COLLECTION) {
    const some = queries.slice(start, start + MAX_QUERY_OR_COLLECTION);
    const answers = await session.connection.composite(
      some.map(({ sobject, soql, all }) => queryRequest(sobject, soql, { all })),
      'read',
    );
    for (const { sobject } of some) found.set(sobject, readRecords(answerOf(answers, sobject)));
  }
  return found;
}

async function writePlan(plan: Plan, org: OrgView, deps: ReconcileDeps): Promise<Map<PlannedRow['row'], RowResult>> {
  const results = new Map<PlannedRow['row'], RowResult>();
  const requests = writeRequests(plan, org);
  for (const call of intoCalls(requests)) await send(call, 'write', results, deps);

  const failed = failedRows(requests, results);
  // Who is not sent alone in this turn has not failed alone: without a result he waits for the next one.
  for (const { row } of failed) results.delete(row);
  const calls = groupsIntoCalls(aloneRequests(failed, org));
  for (const call of calls.slice(0, Math.min(MAX_ALONE_CALLS, deps.callsLeft())))
    await send(call, 'resend', results, deps);
  return results;
}

async function send(
  call: WriteRequest[],
  purpose: CallPurpose,
  results: Map<PlannedRow['row'], RowResult>,
  { session, assertHeld }: ReconcileDeps,
): Promise<void> {
  assertHeld();
  const answers = await session.connection.composite(
    call.map(({ request }) => request),
    purpose,
  );
  for (const { request, rows } of call) {
    const read = readRows(answerOf(answers, request.referenceId), rows.length);
    rows.forEach((planned, index) => {
      const result = read[index];
      if (result !== undefined) results.set(planned.row, result);
    });
  }
}
