import type { RequestHandler } from 'express';
import type { LaneState } from '../sync/lane';

export interface ReadinessDeps {
  /** Rejects when the store does not answer. */
  pingStore: () => Promise<void>;
  /** Since when deliveries cannot be folded into their bookings; null while they can. */
  foldingFailsSince: () => Date | null;
  laneStates: () => Record<string, LaneState>;
  isStopping: () => boolean;
}

/**
 * `GET /readyz`: ready as long as deliveries can be stored, for that is all that a sender waits for. Folding that fails
 * and lanes that pause are told in the body, with their cause, and leave the status alone: taking the instance out would
 * turn bookings away that would have been kept.
 */
export function readiness({ pingStore, foldingFailsSince, laneStates, isStopping }: ReadinessDeps): RequestHandler {
  return async (_req, res) => {
    const store = await pingStore().then(
      () => 'ok',
      () => 'failed',
    );
    const since = foldingFailsSince();
    res.status(store === 'ok' && !isStopping() ? 200 : 503).json({
      store,
      folding: since === null ? { state: 'ok' } : { state: 'failing', since: since.toISOString() },
      lanes: laneStates(),
      ...(isStopping() ? { stopping: true } : {}),
    });
  };
}
