import { budgetOf, type Budget, type BudgetFacts } from './budget';
import { pace, probeDelayMs, type PacingInput } from './pacing';

/** A turn reads and writes. */
export const TURN_CALLS = 2;
/** Most calls that are set aside for one turn. */
export const MAX_TURN_CALLS = 16;

/** What an org is tried by that refuses for its allowance, or of which nothing may be spent. It belongs to the org: one lane tries. */
export interface Probing {
  /** The last refusal or try: only what the gauge showed later tells that there is room. */
  since: Date;
  /** Tries so far that were in vain. */
  tries: number;
  /** When the next try is due. */
  at: Date;
}

/** What a lane knows when it decides. */
export interface DecisionInput extends Omit<PacingInput, 'budget'> {
  facts: BudgetFacts;
  /** Null when the org was not known to refuse. */
  probing: Probing | null;
  /** Somebody asked for a turn now: no saving, and a try at once. The cap holds all the same. */
  isForced: boolean;
}

/** What the lane does now, and what is then known of the org. */
export type Decision = { probing: Probing | null; budget: Budget } & (
  | { kind: 'nothing' }
  /** A turn. `calls`: how many it may make. */
  | { kind: 'go'; limit: number; calls: number; isProbe: boolean }
  | { kind: 'sleep'; waitMs: number; why: 'saving' | 'lingering' | 'cap' | 'reserve' }
);

/** Whether to take a turn now, under the budget of the org and what is known of its refusals. Pure. */
export function decideTurn(input: DecisionInput, now: Date, random: () => number): Decision {
  const { facts, isForced, neededCalls, lanes, batchLimit } = input;
  const budget = budgetOf(facts, now);
  const next = pace({ ...input, budget });
  if (next.kind === 'nothing') return { kind: 'nothing', probing: input.probing, budget };
  if (next.kind === 'spent' && next.limit === 'cap') {
    // Without a known end, calls fall out at the latest when the hour of the first ones does.
    return {
      kind: 'sleep',
      waitMs: next.waitMs ?? probeDelayMs(0, random),
      why: 'cap',
      probing: input.probing,
      budget,
    };
  }
  const isRefused = input.probing !== null && !hasShownRoomSince(facts, input.probing);
  if (next.kind === 'spent' || isRefused) {
    const probing = input.probing ?? { since: now, tries: 0, at: after(probeDelayMs(0, random)) };
    const waitMs = probing.at.getTime() - now.getTime();
    if (waitMs > 0 && !isForced) return { kind: 'sleep', waitMs, why: 'reserve', probing, budget };
    const tries = probing.tries + 1;
    const tried = { since: now, tries, at: after(probeDelayMs(tries, random)) };
    return { kind: 'go', limit: batchLimit, calls: neededCalls, isProbe: true, probing: tried, budget };
  }
  if (next.kind === 'wait' && !(isForced && (budget.left ?? Infinity) >= neededCalls)) {
    return { kind: 'sleep', waitMs: next.waitMs, why: next.why, probing: null, budget };
  }
  const limit = next.kind === 'go' ? next.limit : batchLimit;
  const share = Math.max(neededCalls, Math.floor((budget.left ?? Infinity) / lanes));
  const calls = Math.min(MAX_TURN_CALLS, share, budget.left ?? Infinity);
  return { kind: 'go', limit, calls, isProbe: false, probing: null, budget };

  function after(delayMs: number): Date {
    return new Date(now.getTime() + delayMs);
  }
}

/** Whether the one call of a look at the org may be made now: never one of the reserve, nor the last ones for a turn. Pure. */
export function decideLook({ facts, probing }: Pick<DecisionInput, 'facts' | 'probing'>, now: Date): Decision {
  const budget = budgetOf(facts, now);
  const hasRoom = probing === null && (budget.left === null || budget.left > TURN_CALLS);
  return hasRoom
    ? { kind: 'go', limit: 0, calls: 1, isProbe: false, probing, budget }
    : { kind: 'nothing', probing, budget };
}

/** Whether the gauge was read again since the refusal, by whichever lane; whether it shows room is the pace's to say. */
function hasShownRoomSince({ gauge }: BudgetFacts, { since }: Probing): boolean {
  return gauge !== null && gauge.seenAt > since;
}
