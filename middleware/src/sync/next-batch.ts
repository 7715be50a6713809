import type { LaneHold } from '../booking/booking.store';
import type { Candidate } from '../match/candidate';
import { prepareBatch, type PreparedBatch, type ReadAhead } from './turn';
import type { ReconcileDeps } from './turn-deps';

/** Longest time that what was read of our own store or of the org waits for its use. */
const MAX_AGE_MS = 5_000;

interface Next {
  hold: LaneHold;
  limit: number;
  read: () => Promise<PreparedBatch | null>;
  batch: Promise<PreparedBatch | null>;
  /** Null while the org was not asked. */
  ahead: Promise<ReadAhead | null> | null;
  /** When the latest of these was begun, on the monotonic clock. */
  at: number;
}

/**
 * The next batch, made ready while the one before it has the org or the store to itself: our own store is read while that
 * one is written, and the org is asked while it is settled. Only a full batch is used: a smaller one might have grown
 * meanwhile, and would cost calls. Faults show when the batch is read in earnest, in its turn.
 */
export class NextBatch {
  #next: Next | null = null;

  /** Begins to read our own store, unless that was begun for this turn already. */
  prepare(hold: LaneHold, deps: Pick<ReconcileDeps, 'store' | 'now'>, limit: number, except: string[]): void {
    if (this.#next !== null) return;
    const read = (): Promise<PreparedBatch | null> =>
      prepareBatch(hold, deps, limit, except).then(
        (batch) => (batch.due.length === limit ? batch : null),
        () => null,
      );
    this.#next = { hold, limit, read, batch: read(), ahead: null, at: performance.now() };
  }

  /** Begins to ask the org, if there is a batch to ask for. */
  ask(lookAhead: (candidates: Candidate[]) => Promise<ReadAhead | null>): void {
    const next = this.#next;
    if (next === null || next.ahead !== null) return;
    // The write may have taken long: what was read before it is read again.
    if (isOld(next)) next.batch = next.read();
    next.ahead = next.batch.then((batch) => (batch === null ? null : lookAhead(batch.candidates))).catch(() => null);
    next.at = performance.now();
  }

  /** What was made ready for this hold and limit, if it may be used; nothing is kept. */
  async take({ token, generation, lanes }: LaneHold, limit: number): Promise<PreparedBatch | null> {
    const next = this.#next;
    this.#next = null;
    if (next === null || isOld(next) || next.limit !== limit) return null;
    const { hold } = next;
    if (hold.token !== token || hold.generation !== generation || hold.lanes !== lanes) return null;
    const batch = await next.batch;
    return batch === null ? null : { ...batch, ahead: next.ahead };
  }

  /** What was made ready does not count any more. @returns when nothing of it is under way. */
  async drop(): Promise<void> {
    const next = this.#next;
    this.#next = null;
    await next?.batch;
    await next?.ahead;
  }
}

function isOld({ at }: Next): boolean {
  return performance.now() - at > MAX_AGE_MS;
}
