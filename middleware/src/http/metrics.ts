import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Backlog } from '../booking/status.store';

/** What is counted, in Prometheus' text format at `/metrics`. No label holds anything of a person. */
export interface Metrics {
  registry: Registry;
  deliveries: Counter<'source' | 'kind' | 'outcome'>;
  folded: Counter;
  apiCalls: Counter<'org' | 'purpose'>;
  turnSeconds: Histogram<'org'>;
  bookings: Counter<'org' | 'outcome'>;
}

/** What is shown of an org's API budget. */
export interface ShownBudget {
  orgId: string;
  /** Calls that the connector may still make; null when nothing is known. */
  left: number | null;
  gauge: { used: number; max: number } | null;
}

/** @param readBacklog asked at each scrape, as is `readBudgets`. */
export function createMetrics(
  readBacklog: () => Promise<Backlog>,
  now: () => Date,
  readBudgets: () => Promise<ShownBudget[]> = () => Promise.resolve([]),
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'booking_connector_pending_bookings',
    help: 'Bookings that the loop has yet to look at.',
    registers,
    async collect() {
      this.set((await readBacklog()).pending);
    },
  });
  new Gauge({
    name: 'booking_connector_oldest_pending_seconds',
    help: 'How long the oldest pending booking has been due.',
    registers,
    async collect() {
      const { oldestPendingAt } = await readBacklog();
      this.set(oldestPendingAt === null ? 0 : Math.max(0, (now().getTime() - oldestPendingAt.getTime()) / 1000));
    },
  });
  budgetGauge('calls_left', 'Calls that the connector may still make, by reserve and cap.', ({ left }) => left);
  budgetGauge('calls_used', 'Calls of the last 24 hours by all applications, smoothed.', ({ gauge }) => gauge?.used);
  budgetGauge('calls_allowance', 'Daily allowance of the org.', ({ gauge }) => gauge?.max);
  return {
    registry,
    deliveries: new Counter({
      name: 'booking_connector_deliveries_total',
      help: 'Webhook deliveries by what became of them; unverified ones were not stored.',
      labelNames: ['source', 'kind', 'outcome'],
      registers,
    }),
    folded: new Counter({
      name: 'booking_connector_folded_deliveries_total',
      help: 'Stored deliveries that were looked at again, to be folded into their bookings.',
      registers,
    }),
    apiCalls: new Counter({
      name: 'booking_connector_salesforce_api_calls_total',
      help: 'Calls that count towards the daily allowance of the org.',
      labelNames: ['org', 'purpose'],
      registers,
    }),
    turnSeconds: new Histogram({
      name: 'booking_connector_turn_seconds',
      help: 'Duration of a turn that had something to do.',
      labelNames: ['org'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    bookings: new Counter({
      name: 'booking_connector_bookings_total',
      help: 'Bookings that a turn looked at, by what came of it.',
      labelNames: ['org', 'outcome'],
      registers,
    }),
  };

  function budgetGauge(name: string, help: string, valueOf: (budget: ShownBudget) => number | null | undefined): void {
    new Gauge({
      name: `booking_connector_salesforce_api_${name}`,
      help,
      labelNames: ['org'],
      registers,
      async collect() {
        this.reset();
        for (const budget of await readBudgets()) {
          const value = valueOf(budget);
          if (value != null) this.set({ org: budget.orgId }, value);
        }
      },
    });
  }
}
