import type { LaneHold, Settlement } from '../booking/booking.store';
import type { Candidate } from '../match/candidate';
import { match } from '../match/match';
import type { Found, FoundRecord, FollowUp, Match } from '../match/match-types';
import { followUpQueries, namesIn, queriesFor, type ReadQuery } from '../match/queries';
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
import { failedRows } from './failed-rows';
import { writeRelations } from './relations';
import {
  aloneRequests,
  groupsIntoCalls,
  intoCalls,
  writeRequests,
  type PlannedRow,
  type WriteRequest,
} from './requests';
import { hasTooMuch, settle } from './settle';
import type { ReconcileDeps, TurnOutcome } from './turn-deps';

/** Calls that a turn may spend on sending failed rows alone; what is left waits for the next turn. */
const MAX_ALONE_CALLS = 4;
/** How often a turn follows where records went: Salesforce's own trail of merges may be that long. */
const MAX_FOLLOW_UPS = 5;

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
  const settlements = await writeRelations(plan.relations, candidates, settled, deps);
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
  const queries = queriesFor(candidates, org, session.directory(now()));
  const found = await readAll(queries, deps);
  session.learn(found, namesIn(queries), now());
  const followed = new Set<string>();
  for (let round = 0; ; round += 1) {
    const { matches, followUps } = match(candidates, found, session.directory(now()), org);
    const news = round < MAX_FOLLOW_UPS ? unasked(followUps, followed) : [];
    if (news.length === 0) return matches;
    for (const [sobject, records] of await readAll(followUpQueries(news, candidates, org), deps)) {
      found.set(sobject, merged(found.get(sobject) ?? [], records));
    }
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

/** Ids that were not asked for yet: a record that is gone for good must not be asked for again and again. */
function unasked(followUps: FollowUp[], followed: Set<string>): FollowUp[] {
  return followUps
    .map(({ sobject, ids }) => ({ sobject, ids: ids.filter((id) => !followed.has(id)) }))
    .filter(({ ids }) => ids.length > 0)
    .map((followUp) => {
      for (const id of followUp.ids) followed.add(id);
      return followUp;
    });
}

function merged(known: readonly FoundRecord[], more: readonly FoundRecord[]): FoundRecord[] {
  return [...new Map([...known, ...more].map((record) => [record['Id'], record])).values()];
}

function replaced(settlements: Settlement[], again: Settlement[]): Settlement[] {
  const news = new Map(again.map((settlement) => [settlement.bookingId, settlement]));
  return settlements.map((settlement) => news.get(settlement.bookingId) ?? settlement);
}

async function readAll(
  queries: ReadQuery[],
  { session }: Pick<ReconcileDeps, 'session'>,
): Promise<Map<string, readonly FoundRecord[]>> {
  const found = new Map<string, readonly FoundRecord[]>();
  for (let start = 0; start < queries.length; start += MAX_QUERY_OR_COLLECTION) {
    const some = queries.slice(start, start + MAX_QUERY_OR_COLLECTION);
    const answers = await session.connection.composite(
      some.map(({ sobject, soql, all }) => queryRequest(sobject, soql, { all })),
      'read',
    );
    for (const { sobject } of some) found.set(sobject, readRecords(answerOf(answers, sobject)));
  }
  return found satisfies Found;
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
