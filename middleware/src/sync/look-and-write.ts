import type { LaneHold, Settlement } from '../booking/booking.store';
import type { Candidate } from '../match/candidate';
import { askedOf } from '../match/directory';
import { followUpQueries, MAX_FOLLOW_UPS, withFollowUps } from '../match/follow-ups';
import { match } from '../match/match';
import type { Found, FoundRecord, Match } from '../match/match-types';
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

/** The two-call way: read what the bookings could belong to, match, plan, write. */
export async function lookAndWrite(
  candidates: Candidate[],
  tried: ReadonlyMap<string, Tried>,
  hold: LaneHold,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<TurnOutcome> {
  const plan = planOf(candidates, await look(candidates, org, deps), hold, org, deps);
  const results = await writePlan(plan, org, deps);
  const refusal = refusalOf(results.values());
  const settled = settle(candidates, plan, results, {
    now: deps.now(),
    random: deps.random,
    tried,
    isOrgRefusing: refusal !== null,
  });
  const isTooMuch = hasTooMuch(results);
  if (refusal !== null) return { settlements: settled, isTooMuch, refusal };
  const settlements = await writeRelations(plan.relations, candidates, settled, tried, org, deps);

  const adopting = await adoptDuplicates(plan, results, candidates, deps);
  // With an adopted record nobody is created, so this goes no deeper.
  if (adopting.length === 0) return { settlements, isTooMuch, refusal };
  const again = await lookAndWrite(adopting, tried, hold, org, deps);
  return {
    settlements: replaced(settlements, again.settlements),
    isTooMuch: isTooMuch || again.isTooMuch,
    refusal: again.refusal,
  };
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
