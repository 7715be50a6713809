import type { LaneHold, Settlement } from '../booking/booking.store';
import type { Candidate } from '../match/candidate';
import { askedOf } from '../match/directory';
import { followUpQueries, MAX_FOLLOW_UPS, withFollowUps } from '../match/follow-ups';
import { match } from '../match/match';
import type { Found, FoundRecord, Match } from '../match/match-types';
import { queriesFor, type ReadQuery } from '../match/queries';
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
import type { OrgView } from '../salesforce/org-view';
import { adoptDuplicates } from './duplicates';
import { eventsWithoutRelated, failedRows } from './failed-rows';
import { writeRelations } from './relations';
import {
  aloneRequests,
  groupsIntoCalls,
  intoCalls,
  newEventRequests,
  writeRequests,
  type PlannedRow,
  type WriteRequest,
} from './requests';
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
  const plan = planOf(candidates, await look(candidates, org, deps), hold, org, deps);
  const results = await writePlan(plan, org, deps);
  const settled = settle(candidates, plan, results, { now: deps.now(), random: deps.random, attempts });
  const settlements = await writeRelations(plan.relations, candidates, settled, attempts, org, deps);
  const isTooMuch = hasTooMuch(results);

  const adopting = await adoptDuplicates(plan, results, candidates, deps);
  // With an adopted record nobody is created, so this goes no deeper.
  if (adopting.length === 0) return { settlements, isTooMuch };
  const again = await lookAndWrite(adopting, attempts, hold, org, deps);
  return { settlements: replaced(settlements, again.settlements), isTooMuch: isTooMuch || again.isTooMuch };
}

/** Reads everything that the candidates could belong to, follows where records went, and matches. */
export async function look(
  candidates: Candidate[],
  org: OrgView,
  deps: Pick<ReconcileDeps, 'session' | 'now'>,
): Promise<Map<string, Match>> {
  const { session, now } = deps;
  const asked = askedOf(candidates, session.directory(now()));
  let found: Found = await readAll(queriesFor(candidates, org, session.directory(now())), deps);
  session.learn(found, asked, now());
  for (let round = 0; ; round += 1) {
    const { matches, followUps } = match(candidates, found, session.directory(now()), org);
    if (followUps.length === 0 || round === MAX_FOLLOW_UPS) return matches;
    found = withFollowUps(found, followUps, await readAll(followUpQueries(followUps, candidates, org), deps));
  }
}

/** Plans against what was found; the dry run does the same and stops here. */
export function planOf(
  candidates: Candidate[],
  matches: ReadonlyMap<string, Match>,
  { generation }: Pick<LaneHold, 'generation'>,
  org: OrgView,
  { session, now }: Pick<ReconcileDeps, 'session' | 'now'>,
): Plan {
  return planBatch(candidates, matches, { org, directory: session.directory(now()), generation, now: now() });
}

function replaced(settlements: Settlement[], again: Settlement[]): Settlement[] {
  const news = new Map(again.map((settlement) => [settlement.bookingId, settlement]));
  return settlements.map((settlement) => news.get(settlement.bookingId) ?? settlement);
}

async function readAll(queries: ReadQuery[], { session }: Pick<ReconcileDeps, 'session'>): Promise<Found> {
  const found = new Map<string, readonly FoundRecord[]>();
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
  for (const call of calls.slice(0, MAX_ALONE_CALLS)) await send(call, 'resend', results, deps);
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
  const events = eventsWithoutRelated(plan.events, results);
  if (events.length === 0) return;
  const changed = new Map(events.map((event) => [event.bookingId, event]));
  plan.events = plan.events.map((event) => changed.get(event.bookingId) ?? event);
  for (const { bookingId } of events) {
    const outcome = 'written without the record that was refused';
    plan.decisions.get(bookingId)?.steps.push({ step: 'Event', outcome });
  }
  for (const call of intoCalls(newEventRequests(events, org))) await send(call, 'resend', results, deps);
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
