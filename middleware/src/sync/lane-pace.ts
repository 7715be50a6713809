import type { PendingBookings } from '../booking/booking.store';
import { MAX_BATCH, type KnownBudget } from './budget.store';
import type { Org } from './org.store';
import { decideTurn, MAX_TURN_CALLS, TURN_CALLS, type Decision } from './turn-decision';

/** What a lane knows at the moment when it decides, besides what it remembers. */
export interface LaneMoment {
  org: Pick<Org, 'lanes' | 'takesNestedKeys'>;
  pending: PendingBookings;
  /** Somebody asked for a turn now. */
  isForced: boolean;
  /** The session has to ask for the schema first. */
  isCold: boolean;
  now: Date;
  random: () => number;
}

/** What a lane remembers of its turns to decide on the next one. Not kept: it is no trait of the org. */
export class LanePace {
  /** Most bookings of a turn while the one is looked for that nothing can be done with. */
  #narrowed = MAX_BATCH;
  #callsPerTurn = TURN_CALLS;
  /** Raised when a turn needed more than what was left. */
  #neededCalls = TURN_CALLS;
  /** On the monotonic clock. */
  #lastTurnAt: number | null = null;

  /** Whether to take a turn now, and of how many bookings. */
  decide({ facts, probing, batchLimit }: KnownBudget, moment: LaneMoment): Decision {
    const { org, pending, isForced, isCold, now, random } = moment;
    // An org without nested keys needs a further write, of the Events.
    const writes = org.takesNestedKeys === false ? 1 : 0;
    return decideTurn(
      {
        ...{ facts, probing, isForced, lanes: org.lanes },
        batchLimit: Math.min(batchLimit, this.#narrowed),
        callsPerTurn: this.#callsPerTurn,
        neededCalls: Math.max(this.#neededCalls, TURN_CALLS + writes) + (isCold ? 1 : 0),
        pending: {
          acted: pending.acted,
          clocked: pending.clocked,
          clockedForMs: pending.clockedSince === null ? 0 : now.getTime() - pending.clockedSince.getTime(),
        },
        sinceLastTurnMs: this.#lastTurnAt === null ? null : performance.now() - this.#lastTurnAt,
      },
      now,
      random,
    );
  }

  /** A turn begins. */
  begin(): void {
    this.#lastTurnAt = performance.now();
  }

  /** A turn of some bookings has made so many calls. */
  made(calls: number): void {
    this.#callsPerTurn += (calls - this.#callsPerTurn) / 5;
  }

  /** A turn went well: the next may be larger. */
  wentWell(): void {
    this.#neededCalls = TURN_CALLS;
    this.#narrowed = Math.min(MAX_BATCH, this.#narrowed * 2);
  }

  /** A turn needed more than the calls that were set aside: the next has fewer bookings, or waits until more are left. */
  neededMore(calls: number, limit: number): void {
    if (calls >= MAX_TURN_CALLS && limit > 1) this.#narrowed = Math.floor(limit / 2);
    else this.#neededCalls = Math.min(MAX_TURN_CALLS - 1, calls + 1);
  }

  /** Half as many bookings: one of them is at fault. */
  narrow(limit: number): void {
    this.#narrowed = Math.floor(limit / 2);
  }
}
