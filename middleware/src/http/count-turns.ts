import type { LaneDeps } from '../sync/lane';
import { createLagReader } from '../booking/lag.store';
import type { Db } from '../store/db';
import type { Metrics } from './metrics';

/** Makes what counts the turns of lanes, and how long their bookings took to reach Salesforce. */
export function countTurns(metrics: Metrics, store: Db): NonNullable<LaneDeps['onTurn']> {
  const readLags = createLagReader(store);
  return (place, { startedAt, durationMs, written, waiting, parked }) => {
    const { orgId: org } = place;
    metrics.turnSeconds.observe({ org }, durationMs / 1000);
    for (const [outcome, count] of Object.entries({ written, waiting, parked }))
      metrics.bookings.inc({ org, outcome }, count);
    // Beside the lane; when the store fails, a figure is missing and nothing else.
    readLags(place, startedAt).then(
      (lags) => lags.forEach((seconds) => metrics.writtenLagSeconds.observe({ org }, Math.max(0, seconds))),
      () => undefined,
    );
  };
}
