import type { LaneHold } from '../booking/booking.store';
import { smoothUsage, type Gauge } from '../salesforce/api-usage';
import type { Db } from '../store/db';
import type { Store } from '../store/store';
import { budgetOf, firstCountedHour, hourOf, type Budget, type BudgetFacts, type HourCalls } from './budget';
import type { Spent } from './call-meter';
import type { Decision, Probing } from './turn-decision';

/** Share of the allowance that is left to other applications until the admin says otherwise, in percent. */
export const DEFAULT_RESERVE_PERCENT = 20;
/** Most bookings of a turn: a collection holds as many rows. The SQL below says it too. */
export const MAX_BATCH = 200;
/** How long hours are kept: longer than they count. */
const KEPT_MS = 72 * 3_600_000;

/** What a lane decides by, as kept for its org. */
export interface KnownBudget {
  facts: BudgetFacts;
  /** Bookings that the org bears in one turn. */
  batchLimit: number;
  probing: Probing | null;
}

interface BudgetRow {
  reserve_percent: number;
  daily_cap: number | null;
  used: number | null;
  allowance: number | null;
  seen_at: Date | null;
  batch_limit: number;
  probe_since: Date | null;
  probe_tries: number;
  probe_at: Date | null;
  claimed: string;
}

/**
 * Decides on a turn of one lane, and sets calls aside for it: one lane of an org at a time, so that two of them never
 * spend the same calls.
 *
 * @param decide pure: from what is kept for the org.
 */
export async function claimCalls(
  store: Store,
  { orgId, lane, token }: LaneHold,
  decide: (known: KnownBudget) => Decision,
  now: Date,
): Promise<Decision> {
  return store.transaction(async (client) => {
    const known = await readKnown(client, { orgId, lane, lock: true }, now);
    const decision = decide(known);
    const { probing } = decision;
    if (decision.kind === 'go') {
      await client.query('update lane set claimed_calls = $4 where org_id = $1 and lane = $2 and token = $3', [
        orgId,
        lane,
        token,
        decision.calls,
      ]);
    }
    if (probing?.at.getTime() !== known.probing?.at.getTime()) await saveProbing(client, orgId, probing);
    return decision;
  });
}

async function readKnown(
  db: Db,
  { orgId, lane, lock }: { orgId: string; lane: number | null; lock: boolean },
  now: Date,
): Promise<KnownBudget> {
  const read = (): Promise<{ rows: BudgetRow[] }> =>
    db.query<BudgetRow>(
      `select b.*, (select coalesce(sum(l.claimed_calls), 0) from lane l
                    where l.org_id = b.org_id and l.lane is distinct from $2::smallint and l.leased_until > now()) as claimed
       from api_budget b where b.org_id = $1 ${lock ? 'for update' : ''}`,
      [orgId, lane],
    );
  let [row] = (await read()).rows;
  if (row === undefined && lock) {
    await db.query('insert into api_budget (org_id) values ($1) on conflict do nothing', [orgId]);
    [row] = (await read()).rows;
  }
  const { rows: hours } = await db.query<{ hour: Date; calls: string }>(
    'select hour, sum(calls) as calls from api_calls where org_id = $1 and hour >= $2 group by hour',
    [orgId, firstCountedHour(now).toISOString()],
  );
  return {
    facts: {
      reservePercent: row?.reserve_percent ?? DEFAULT_RESERVE_PERCENT,
      dailyCap: row?.daily_cap ?? null,
      gauge: row === undefined ? null : gaugeOf(row),
      ownCalls: hours.map(({ hour, calls }): HourCalls => ({ hour, calls: Number(calls) })),
      claimed: Number(row?.claimed ?? 0),
    },
    batchLimit: row?.batch_limit ?? MAX_BATCH,
    probing:
      row?.probe_at == null || row.probe_since === null
        ? null
        : { since: row.probe_since, tries: row.probe_tries, at: row.probe_at },
  };
}

function gaugeOf({ used, allowance, seen_at: seenAt }: BudgetRow): Gauge | null {
  return used === null || allowance === null || seenAt === null ? null : { used, max: allowance, seenAt };
}

/** Remembers how an org is tried that refuses; null: it does not. */
export async function saveProbing(db: Db, orgId: string, probing: Probing | null): Promise<void> {
  await db.query('update api_budget set probe_since = $2, probe_tries = $3, probe_at = $4 where org_id = $1', [
    orgId,
    probing?.since.toISOString() ?? null,
    probing?.tries ?? 0,
    probing?.at.toISOString() ?? null,
  ]);
}

/** What was spent, and what was learnt of the org meanwhile. */
export interface Spending extends Spent {
  /** What the org could bear: too much was sent, all went well, or nothing was learnt. */
  batch: 'tooMuch' | 'clean' | null;
  /** Calls that are under way for the next turn: they stay set aside. Default none. */
  inFlight?: number;
}

/**
 * Counts own calls, takes in the readings of the gauge, and fits the batch to what the org bears, in one statement.
 * Counts also where the lane is not ours any more: the calls were made.
 *
 * @param hold whose turn it was: what was set aside for it is free again, but for what is in flight. Null: no lane made
 *   the calls.
 */
export async function recordSpending(
  db: Db,
  orgId: string,
  hold: Pick<LaneHold, 'lane' | 'token'> | null,
  { calls, readings, batch, inFlight = 0 }: Spending,
  now: Date,
): Promise<void> {
  if (calls.size === 0 && hold === null) return;
  const { rows } = await db.query<BudgetRow>('select * from api_budget where org_id = $1', [orgId]);
  const known = rows[0] === undefined ? null : gaugeOf(rows[0]);
  const gauge = readings.reduce<Gauge | null>((before, reading) => smoothUsage(before, reading, now), known);
  await db.query(
    `with made as (
       insert into api_calls (org_id, hour, purpose, calls)
       select $1, $2, purpose, calls from unnest($3::text[], $4::integer[]) as c (purpose, calls)
       on conflict (org_id, hour, purpose) do update set calls = api_calls.calls + excluded.calls
     ), outdated as (
       delete from api_calls where org_id = $1 and hour < $5
     ), freed as (
       update lane set claimed_calls = $12 where org_id = $1 and lane = $6 and token = $7
     )
     insert into api_budget (org_id, used, allowance, seen_at) values ($1, $8, $9, $10)
     on conflict (org_id) do update set
       used = excluded.used, allowance = excluded.allowance, seen_at = excluded.seen_at,
       batch_limit = case $11::text
         when 'tooMuch' then greatest(1, api_budget.batch_limit / 2)
         when 'clean' then least(200, api_budget.batch_limit + (api_budget.batch_limit + 9) / 10)
         else api_budget.batch_limit end`,
    [
      orgId,
      hourOf(now).toISOString(),
      [...calls.keys()],
      [...calls.values()],
      hourOf(new Date(now.getTime() - KEPT_MS)).toISOString(),
      hold?.lane ?? null,
      hold?.token ?? null,
      gauge?.used ?? null,
      gauge?.max ?? null,
      gauge?.seenAt.toISOString() ?? null,
      batch,
      inFlight,
    ],
  );
}

/** Own calls of the last 24 hours. Whole hours are counted: up to an hour more. */
export interface Calls {
  total: number;
  byPurpose: Record<string, number>;
  /** The hours in which calls were made, oldest first. */
  perHour: { hour: Date; calls: number; byPurpose: Record<string, number> }[];
}

/** Own calls of an org in the last 24 hours, by purpose and by hour. */
export async function readCalls(db: Db, orgId: string, now: Date): Promise<Calls> {
  const { rows } = await db.query<{ hour: Date; purpose: string; calls: number }>(
    'select hour, purpose, calls from api_calls where org_id = $1 and hour >= $2 order by hour, purpose',
    [orgId, firstCountedHour(now).toISOString()],
  );
  const answer: Calls = { total: 0, byPurpose: {}, perHour: [] };
  for (const { hour, purpose, calls } of rows) {
    answer.total += calls;
    answer.byPurpose[purpose] = (answer.byPurpose[purpose] ?? 0) + calls;
    let ofHour = answer.perHour.at(-1);
    if (ofHour?.hour.getTime() !== hour.getTime()) {
      ofHour = { hour, calls: 0, byPurpose: {} };
      answer.perHour.push(ofHour);
    }
    ofHour.calls += calls;
    ofHour.byPurpose[purpose] = calls;
  }
  return answer;
}

/** Forgets what was spent and learnt of an org whose connection leads to another one. What an admin allows stays. */
export async function forgetSpending(db: Db, orgId: string): Promise<void> {
  await db.query('delete from api_calls where org_id = $1', [orgId]);
  await db.query(
    `update api_budget set used = null, allowance = null, seen_at = null, batch_limit = $2, probe_since = null,
       probe_tries = 0, probe_at = null
     where org_id = $1`,
    [orgId, MAX_BATCH],
  );
}

/** The budget of an org, as an admin sees it. */
export interface BudgetView extends Pick<Budget, 'left' | 'ceiling' | 'limit'> {
  reservePercent: number;
  dailyCap: number | null;
  /** The org's gauge, smoothed and rounded; null before it was first seen. */
  gauge: Gauge | null;
  batchLimit: number;
  /** When an org that refuses, or of which nothing may be spent, is tried again; null: it is not so. */
  nextProbeAt: Date | null;
  calls: Calls;
}

/** What an admin allows of an org's calls, what is left of it, and what was spent. */
export async function readBudget(db: Db, orgId: string, now: Date): Promise<BudgetView> {
  const { facts, batchLimit, probing } = await readKnown(db, { orgId, lane: null, lock: false }, now);
  const { left, ceiling, limit } = budgetOf({ ...facts, claimed: 0 }, now);
  return {
    reservePercent: facts.reservePercent,
    dailyCap: facts.dailyCap,
    gauge: facts.gauge === null ? null : { ...facts.gauge, used: Math.round(facts.gauge.used) },
    left,
    ceiling,
    limit,
    batchLimit,
    nextProbeAt: probing?.at ?? null,
    calls: await readCalls(db, orgId, now),
  };
}

/** Changes what an admin allows; what is left out stays. */
export async function saveBudgetLimits(
  db: Db,
  orgId: string,
  { reservePercent, dailyCap }: { reservePercent?: number | undefined; dailyCap?: number | null | undefined },
): Promise<void> {
  await db.query(
    `insert into api_budget (org_id, reserve_percent, daily_cap) values ($1, coalesce($2::smallint, $5::smallint), $4::integer)
     on conflict (org_id) do update set
       reserve_percent = coalesce($2::smallint, api_budget.reserve_percent),
       daily_cap = case when $3::boolean then $4::integer else api_budget.daily_cap end`,
    [orgId, reservePercent ?? null, dailyCap !== undefined, dailyCap ?? null, DEFAULT_RESERVE_PERCENT],
  );
}
