import type { LaneHold } from '../booking/booking.store';
import { prepareBatch, type PreparedBatch } from './turn';
import type { ReconcileDeps } from './turn-deps';

/** Longest time between preparing a batch and its turn. */
const MAX_AGE_MS = 5_000;

/**
 * The next batch, read while the one before it is being written. Only a full one is used: a smaller one might have
 * grown meanwhile, and would cost calls.
 */
export class Prefetch {
  #next: { batch: Promise<PreparedBatch | null>; hold: LaneHold; limit: number; at: number } | null = null;

  /** Starts to read, unless it was started for this turn already. Faults show when the batch is read in earnest. */
  start(hold: LaneHold, deps: Pick<ReconcileDeps, 'store' | 'now'>, limit: number, except: string[]): void {
    if (this.#next !== null) return;
    const batch = prepareBatch(hold, deps, limit, except).catch(() => null);
    this.#next = { batch, hold, limit, at: performance.now() };
  }

  /** What was read for this hold and limit, if it may be used; nothing is kept. */
  async take({ token, generation, lanes }: LaneHold, limit: number): Promise<PreparedBatch | null> {
    const next = this.#next;
    this.#next = null;
    if (next === null || performance.now() - next.at > MAX_AGE_MS) return null;
    const { hold } = next;
    if (hold.token !== token || hold.generation !== generation || hold.lanes !== lanes || next.limit !== limit)
      return null;
    const batch = await next.batch;
    return batch !== null && batch.due.length === limit ? batch : null;
  }

  /** What was read does not count any more. */
  drop(): void {
    this.#next = null;
  }
}
