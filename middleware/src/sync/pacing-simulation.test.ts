import { budgetOf, hourOf } from './budget';
import { decideTurn, type Probing } from './turn-decision';

/**
 * Days of an org on a virtual clock: bookings arrive, the pure decisions of the lane are carried out as the lane does
 * it, and a turn takes its time and its calls.
 */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2027, 0, 4);
const TURN_MS = 700;

interface World {
  /** Bookings a day, evenly spread but for chance. */
  perDay: number;
  days: number;
  allowance: number;
  reservePercent?: number;
  dailyCap?: number | null;
  /** Calls of other applications in the last 24 hours, at an instant. */
  others?: (now: number) => number;
  callsPerTurn?: number;
}

interface Outcome {
  /** Most own calls in any 24 hours. */
  mostInADay: number;
  /** How long bookings waited for the end of their turn, sorted. */
  lags: number[];
  /** Of which those that came when nothing was under way and nothing was pending. */
  idleLags: number[];
  turns: number;
  /** Longest time between two turns. */
  longestGap: number;
  probes: number;
  left: number;
  /** Least that was left of the allowance of all applications, at any call. */
  leastRemaining: number;
}

function simulate({
  perDay,
  days,
  allowance,
  reservePercent = 20,
  dailyCap = null,
  others = () => 0,
  callsPerTurn = 2,
}: World): Outcome {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const arrivals: number[] = [];
  for (let at = START; at < START + days * DAY;) {
    at += (-Math.log(1 - random()) * DAY) / perDay;
    arrivals.push(at);
  }
  const calls: number[] = [];
  const hours = new Map<number, number>();
  const pending: number[] = [];
  const outcome: Outcome = {
    mostInADay: 0,
    lags: [],
    idleLags: [],
    turns: 0,
    longestGap: 0,
    probes: 0,
    left: 0,
    leastRemaining: Infinity,
  };
  let next = 0;
  let oldest = 0;
  let gauge: { used: number; max: number; seenAt: Date } | null = null;
  let probing: Probing | null = null;
  let lastTurnAt: number | null = null;
  let wasIdle = true;
  const end = START + days * DAY;
  for (let now = START; now < end;) {
    while (next < arrivals.length && (arrivals[next] ?? 0) <= now) pending.push(arrivals[next++] ?? 0);
    const ownCalls = [...hours].map(([hour, count]) => ({ hour: new Date(hour), calls: count }));
    const decision = decideTurn(
      {
        facts: { reservePercent, dailyCap, gauge, ownCalls, claimed: 0 },
        probing,
        isForced: false,
        batchLimit: 200,
        callsPerTurn,
        neededCalls: callsPerTurn,
        lanes: 1,
        pending: { acted: Math.min(pending.length, 200), clocked: 0, clockedForMs: 0 },
        sinceLastTurnMs: lastTurnAt === null ? null : now - lastTurnAt,
      },
      new Date(now),
      random,
    );
    probing = decision.probing;
    if (decision.kind === 'nothing') {
      wasIdle = true;
      now = Math.max(now + 1, arrivals[next] ?? end);
      continue;
    }
    if (decision.kind === 'sleep') {
      // The lane looks again while it waits.
      now += Math.min(decision.waitMs, 10 * SECOND);
      wasIdle = false;
      continue;
    }
    outcome.longestGap = Math.max(outcome.longestGap, now - (lastTurnAt ?? now));
    lastTurnAt = now;
    outcome.turns += 1;
    if (decision.isProbe) outcome.probes += 1;
    const batch = pending.splice(0, decision.limit);
    now += TURN_MS;
    for (let call = 0; call < callsPerTurn; call += 1) calls.push(now);
    const hour = hourOf(new Date(now)).getTime();
    hours.set(hour, (hours.get(hour) ?? 0) + callsPerTurn);
    for (const known of hours.keys()) if (known < now - 26 * HOUR) hours.delete(known);
    while ((calls[oldest] ?? 0) <= now - DAY) oldest += 1;
    const own = calls.length - oldest;
    outcome.mostInADay = Math.max(outcome.mostInADay, own);
    outcome.leastRemaining = Math.min(outcome.leastRemaining, allowance - own - others(now));
    // A gauge with noise: up to three calls off.
    const used = Math.max(0, own + others(now) + Math.round((random() * 2 - 1) * 3));
    gauge = { used, max: allowance, seenAt: new Date(now) };
    for (const at of batch) outcome.lags.push(now - at);
    if (wasIdle && batch.length === 1) outcome.idleLags.push(now - (batch[0] ?? 0));
    wasIdle = false;
  }
  outcome.left = pending.length;
  outcome.lags.sort((a, b) => a - b);
  return outcome;
}

const worst = (lags: number[]): number => lags.at(-1) ?? 0;

describe('three days with 1,000 calls a day', () => {
  const world = { days: 3, allowance: 1_250, reservePercent: 20 };

  // Bookings a day, and the longest that one may wait, in minutes.
  it.each([
    [20, 0.1],
    [200, 1],
    [500, 5],
    [2_000, 10],
    [10_000, 10],
    [40_000, 25],
  ])('%i bookings a day stay within the reserve, and none waits longer than %f minutes', (perDay, minutes) => {
    const outcome = simulate({ ...world, perDay });
    expect(outcome.leastRemaining).toBeGreaterThanOrEqual(250 - 3);
    expect(worst(outcome.lags)).toBeLessThan(minutes * MINUTE);
    expect(outcome.probes).toBe(0);
  });

  it.each([200, 2_000, 40_000])('a cap of 1,000 is never exceeded by %i bookings a day', (perDay) => {
    const outcome = simulate({ perDay, days: 2, allowance: 100_000, dailyCap: 1_000 });
    expect(outcome.mostInADay).toBeLessThanOrEqual(1_000);
  });

  it('with more bookings than the calls can carry, the cap holds and turns go on all day', () => {
    const outcome = simulate({ perDay: 150_000, days: 2, allowance: 100_000, dailyCap: 1_000 });
    expect(outcome.mostInADay).toBeLessThanOrEqual(1_000);
    expect(outcome.longestGap).toBeLessThan(30 * MINUTE);
  });
});

describe('with plenty of calls', () => {
  it.each([200, 2_000, 20_000])('%i bookings a day wait for the running turn alone', (perDay) => {
    const outcome = simulate({ perDay, days: 1, allowance: 120_000 });
    expect(worst(outcome.lags)).toBeLessThanOrEqual(2 * TURN_MS);
    expect(worst(outcome.idleLags.sort((a, b) => a - b))).toBeLessThanOrEqual(TURN_MS + 1);
  });
});

describe('when other applications take everything for some hours', () => {
  const from = START + 10 * HOUR;
  const until = START + 20 * HOUR;
  const others = (now: number): number => (now >= from && now < until ? 14_999 : 1_000);
  it('a try every half an hour is all that is spent, and the rest goes out once there is room', () => {
    const outcome = simulate({ perDay: 500, days: 2, allowance: 15_000, others });
    expect(outcome.probes).toBeGreaterThan(10);
    expect(outcome.probes).toBeLessThan(40);
    expect(worst(outcome.lags)).toBeLessThan(45 * MINUTE);
    expect(outcome.left).toBeLessThanOrEqual(1);
  });
});

it('an hour counts whole until its last minute is a day old', () => {
  const ownCalls = [{ hour: new Date(START), calls: 5 }];
  const left = (now: number): number | null =>
    budgetOf({ reservePercent: 0, dailyCap: 5, gauge: null, ownCalls, claimed: 0 }, new Date(now)).left;
  expect(left(START + DAY)).toBe(0);
  expect(left(START + DAY + HOUR - 1)).toBe(0);
  expect(left(START + DAY + HOUR)).toBe(5);
});
