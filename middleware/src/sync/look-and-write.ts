import { markOwnersInDoubt, type LaneHold, type Settlement } from '../booking/booking.store';
import type { Candidate } from '../match/candidate';
import { askedOf } from '../match/directory';
import { followUpQueries, MAX_FOLLOW_UPS, withFollowUps } from '../match/follow-ups';
import { match } from '../match/match';
import type { Directory, Found, FoundRecord, Match } from '../match/match-types';
import { queriesFor, type ReadQuery } from '../match/queries';
import { planBatch } from '../plan/plan-batch';
import type { Plan } from '../plan/plan';
import { answerOf, MAX_QUERY_OR_COLLECTION, queryRequest, readRecords } from '../salesforce/composite';
import type { OrgView } from '../salesforce/org-view';
import { adoptDuplicates } from './duplicates';
import { refusalOf } from './org-refusal';
import { writeRelations } from './relations';
import { hasTooMuch, settle } from './settle';
import type { ReconcileDeps, Tried, TurnOutcome } from './turn-deps';
import { writePlan } from './write-plan';

/** What a look at the org found: a match for each booking, and the users and queues that these go by. */
export interface Looked {
  matches: Map<string, Match>;
  directory: Directory;
}

/**
 * The two-call way: read what the bookings could belong to, match, plan, write.
 *
 * @param looked what was read already; null: it is read now.
 */
export async function lookAndWrite(
  candidates: Candidate[],
  tried: ReadonlyMap<string, Tried>,
  hold: LaneHold,
  org: OrgView,
  deps: ReconcileDeps,
  looked: Looked | null = null,
): Promise<TurnOutcome> {
  const plan = planOf(candidates, looked ?? (await look(candidates, org, deps)), hold, org, deps);
  // Should the answer be lost, or we die, and the former host come back, his Event is to come back to him too.
  const handedOver = plan.events.filter(({ recordId, fields }) => recordId !== null && fields['OwnerId'] !== undefined);
  if (handedOver.length > 0) {
    await markOwnersInDoubt(
      deps.store,
      handedOver.map(({ bookingId }) => bookingId),
    );
  }
  const { results, takesNestedKeys: learnt } = await writePlan(plan, org, deps);
  const refusal = refusalOf(results.values());
  const settled = settle(candidates, plan, results, {
    now: deps.now(),
    random: deps.random,
    tried,
    isOrgRefusing: refusal !== null,
  });
  const isTooMuch = hasTooMuch(results);
  if (refusal !== null) return { settlements: settled, isTooMuch, refusal, takesNestedKeys: learnt };
  const settlements = await writeRelations(plan.relations, candidates, settled, tried, org, deps);

  const adopting = await adoptDuplicates(plan, results, candidates, deps);
  // With an adopted record nobody is created, so this goes no deeper.
  if (adopting.length === 0) return { settlements, isTooMuch, refusal, takesNestedKeys: learnt };
  const takesNestedKeys = learnt ?? deps.takesNestedKeys;
  const again = await lookAndWrite(adopting, tried, hold, org, { ...deps, takesNestedKeys });
  return {
    settlements: replaced(settlements, again.settlements),
    isTooMuch: isTooMuch || again.isTooMuch,
    refusal: again.refusal,
    takesNestedKeys: again.takesNestedKeys ?? learnt,
  };
}

/** Reads everything that the candidates could belong to, follows where records went, and matches. */
export async function look(
  candidates: Candidate[],
  org: OrgView,
  deps: Pick<ReconcileDeps, 'session' | 'now'>,
): Promise<Looked> {
  const { session, now } = deps;
  const before = session.directory(now());
  const asked = askedOf(candidates, before);
  let found: Found = await readAll(queriesFor(candidates, org, before), deps);
  session.learn(found, asked, now());
  // Who was known when the questions were put was not asked for, and counts although his time may have run out since.
  const directory = joined(before, session.directory(now()));
  for (let round = 0; ; round += 1) {
    const { matches, followUps } = match(candidates, found, directory, org);
    if (followUps.length === 0 || round === MAX_FOLLOW_UPS) return { matches, directory };
    found = withFollowUps(found, followUps, await readAll(followUpQueries(followUps, candidates, org), deps));
  }
}

/** Plans against what was found; the dry run does the same and stops here. */
export function planOf(
  candidates: Candidate[],
  { matches, directory }: { matches: ReadonlyMap<string, Match>; directory: Directory },
  { generation }: Pick<LaneHold, 'generation'>,
  org: OrgView,
  { now }: Pick<ReconcileDeps, 'now'>,
): Plan {
  return planBatch(candidates, matches, { org, directory, generation, now: now() });
}

function joined(older: Directory, newer: Directory): Directory {
  return {
    users: new Map([...older.users, ...newer.users]),
    queues: new Map([...older.queues, ...newer.queues]),
  };
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
