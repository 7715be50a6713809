import type { Budget } from './budget';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** With this share of the ceiling left, or more, nothing waits. */
const PLENTY = 0.8;
/** With this share left, or less, turns keep the pace that lasts. */
const SCARCE = 0.25;
/** How long completions by the clock wait for company: with plenty left, and with little. */
const LINGER_MS = { plenty: 2 * MINUTE_MS, scarce: 60 * MINUTE_MS };
/** Most completions by the clock that go along with what somebody did, so that these need not wait for a large turn. */
export const CLOCK_SLICE = 50;

/** How soon to look again when the turn of another lane has set aside what is left. */
const OTHER_LANE_MS = 1_000;

/** Waits between two tries of a lane that may not spend, in milliseconds. */
const PROBE_MS = [5, 10, 20, 30].map((minutes) => minutes * MINUTE_MS);

/** What the next turn is decided by. */
export interface PacingInput {
  budget: Budget;
  /** What a turn has cost lately. */
  callsPerTurn: number;
  /** What the next turn may need at least before anything is written. */
  neededCalls: number;
  /** Lanes that share the budget, each keeping its own pace. */
  lanes: number;
  pending: {
    /** Due for something that somebody did. */
    acted: number;
    /** Due for what the clock did alone. */
    clocked: number;
    /** How long the first of these has waited. */
    clockedForMs: number;
  };
  /** Most bookings of a turn that the org bears. */
  batchLimit: number;
  /** Since the turn before began; null when there was none. */
  sinceLastTurnMs: number | null;
}

/** What the lane does next. */
export type Pace =
  | { kind: 'nothing' }
  /** A turn of at most `limit` bookings, at once. */
  | { kind: 'go'; limit: number }
  /** A turn in `waitMs`: to save calls, or because completions by the clock wait for company. */
  | { kind: 'wait'; waitMs: number; why: 'saving' | 'lingering' }
  /** Too little is left for a turn. `waitMs` until own calls that fall out make room; null: other applications must. */
  | { kind: 'spent'; limit: 'cap' | 'reserve'; waitMs: number | null };

/**
 * When the next turn goes, and how large it is. Pure; docs/api-budget.md explains the formula.
 *
 * The pace that lasts is the steady number of calls per millisecond which never runs dry, as own calls fall out of the
 * window. Turns keep `callsPerTurn / pace` apart, times a factor that grows from 0 with plenty left to 1 when it is
 * scarce. A batch that is full already gains nothing by waiting, and waits only once calls are scarce.
 */
export function pace(input: PacingInput): Pace {
  const { budget, pending, batchLimit, lanes, callsPerTurn, neededCalls } = input;
  const count = pending.acted + pending.clocked;
  if (count === 0) return { kind: 'nothing' };
  if (budget.left !== null && budget.left < neededCalls) {
    // What the turn of another lane does not use is free again in a moment.
    if (budget.left + budget.claimed >= neededCalls) return { kind: 'wait', waitMs: OTHER_LANE_MS, why: 'saving' };
    const isCap = budget.capLeft !== null && budget.capLeft < neededCalls;
    return isCap
      ? { kind: 'spent', limit: 'cap', waitMs: untilReturned(budget, neededCalls - budget.left) }
      : { kind: 'spent', limit: 'reserve', waitMs: null };
  }
  const scarcity = scarcityOf(budget);
  const isFull = count >= batchLimit;
  const sinceMs = input.sinceLastTurnMs ?? Infinity;
  const spacingMs = scarcity === 0 ? 0 : (scarcity * callsPerTurn * lanes) / lastingPace(budget);
  const savingMs = isFull && scarcity < 1 ? 0 : spacingMs - sinceMs;
  const lingerMs = LINGER_MS.plenty + (LINGER_MS.scarce - LINGER_MS.plenty) * scarcity;
  const lingeringMs = pending.acted > 0 || isFull ? 0 : lingerMs - pending.clockedForMs;
  const waitMs = Math.ceil(Math.max(savingMs, lingeringMs));
  if (waitMs > 0) return { kind: 'wait', waitMs, why: savingMs >= lingeringMs ? 'saving' : 'lingering' };
  const clocked = pending.acted > 0 ? Math.min(pending.clocked, CLOCK_SLICE) : pending.clocked;
  return { kind: 'go', limit: Math.min(batchLimit, pending.acted + clocked) };
}

/** 0 with plenty left, 1 when little is; between them it grows with the square, gently at first. Pure. */
export function scarcityOf({ left, ceiling }: Budget): number {
  if (left === null || ceiling === null) return 0;
  if (ceiling <= 0) return 1;
  const missing = (PLENTY - left / ceiling) / (PLENTY - SCARCE);
  return Math.min(1, Math.max(0, missing)) ** 2;
}

/**
 * The most calls per millisecond that can be made steadily without running dry within a day: at each moment just before
 * own calls fall out, what was left and has come back by then has to suffice.
 */
function lastingPace({ left, returning }: Budget): number {
  let available = left ?? 0;
  let lowest = Infinity;
  for (const { calls, inMs } of returning) {
    if (inMs > 0) lowest = Math.min(lowest, available / inMs);
    available += calls;
  }
  return Math.min(lowest, available / DAY_MS);
}

function untilReturned({ returning }: Budget, calls: number): number | null {
  let returned = 0;
  for (const { calls: some, inMs } of returning) {
    returned += some;
    if (returned >= calls) return Math.max(1, inMs);
  }
  return null;
}

/**
 * How long a lane sleeps that the org has refused for its allowance, or that has nothing left to spend, before it tries
 * with one turn: 5, 10, 20, then 30 minutes, jittered by a fifth either way.
 *
 * @param tries tries so far that were in vain.
 */
export function probeDelayMs(tries: number, random: () => number): number {
  const delay = PROBE_MS[Math.min(tries, PROBE_MS.length - 1)] ?? 0;
  return delay * (0.8 + 0.4 * random());
}
