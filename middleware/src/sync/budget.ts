import type { Gauge } from '../salesforce/api-usage';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Own calls of one hour. */
export interface HourCalls {
  /** The start of the hour, UTC. */
  hour: Date;
  calls: number;
}

/** What an admin allows, what was used, and what the org says. */
export interface BudgetFacts {
  /** Of the org's allowance, left to other applications. */
  reservePercent: number;
  /** Most own calls in 24 hours; null: no limit of our own. */
  dailyCap: number | null;
  /** Null before the org was first seen. */
  gauge: Gauge | null;
  /** Own calls by hour, of at least the last 25 hours. */
  ownCalls: readonly HourCalls[];
  /** Set aside for turns of other lanes that run. */
  claimed: number;
}

/** What may still be spent, and what comes back when. */
export interface Budget {
  /** Calls that may be made now, never below 0; null: nothing limits them, as far as is known. */
  left: number | null;
  /** What `left` would be if nobody had made a call; null as above. */
  ceiling: number | null;
  /** Which of the two limits leaves less. */
  limit: 'cap' | 'reserve' | null;
  /** Own calls that the admin's cap still allows; null: there is none. */
  capLeft: number | null;
  /** Set aside for turns of other lanes that run; `left` is without them. */
  claimed: number;
  /** Own calls of the last 24 hours. */
  own: number;
  /** When own calls fall out of the window, soonest first. */
  returning: { calls: number; inMs: number }[];
}

/** The start of the hour that an instant is in, UTC. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

/**
 * The oldest hour whose calls still count: an hour counts whole until its last minute is 24 hours old, so that the sum
 * is never less than the calls of the last 24 hours.
 */
export function firstCountedHour(now: Date): Date {
  return hourOf(new Date(now.getTime() - DAY_MS));
}

/** What is left under the admin's reserve and cap. Pure. */
export function budgetOf({ reservePercent, dailyCap, gauge, ownCalls, claimed }: BudgetFacts, now: Date): Budget {
  const first = firstCountedHour(now).getTime();
  const counted = ownCalls.filter(({ hour, calls }) => hour.getTime() >= first && calls > 0);
  const own = counted.reduce((sum, { calls }) => sum + calls, 0);
  const returning = counted
    .map(({ hour, calls }) => ({ calls, inMs: hour.getTime() + HOUR_MS + DAY_MS - now.getTime() }))
    .sort((a, b) => a.inMs - b.inMs);
  const limits: { limit: 'cap' | 'reserve'; ceiling: number; left: number }[] = [];
  if (dailyCap !== null) limits.push({ limit: 'cap', ceiling: dailyCap, left: leftOf(dailyCap - own) });
  // What was seen more than a day ago says nothing of the last 24 hours.
  if (gauge !== null && now.getTime() - gauge.seenAt.getTime() < DAY_MS) {
    const ceiling = Math.floor((gauge.max * (100 - reservePercent)) / 100);
    limits.push({ limit: 'reserve', ceiling, left: leftOf(ceiling - gauge.used) });
  }
  const capLeft = limits.find(({ limit }) => limit === 'cap')?.left ?? null;
  const [tightest = { limit: null, ceiling: null, left: null }] = limits.sort((a, b) => a.left - b.left);
  return { ...tightest, capLeft, claimed, own, returning };

  function leftOf(calls: number): number {
    return Math.max(0, Math.floor(calls) - claimed);
  }
}
