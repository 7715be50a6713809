import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { createGauges, type Readings } from './gauges';

/** What is counted, in Prometheus' text format at `/metrics`. No label holds anything of a person. */
export interface Metrics {
  /** Everything, with the gauges as of now. */
  text(): Promise<string>;
  contentType: string;
  deliveries: Counter<'source' | 'kind' | 'outcome'>;
  folded: Counter;
  apiCalls: Counter<'org' | 'purpose'>;
  bookings: Counter<'org' | 'outcome'>;
  /** Of accepted webhooks, from the begin of the request to the 202. */
  webhookSeconds: Histogram<'kind'>;
  /** From receipt to the booking. */
  foldLagSeconds: Histogram;
  turnSeconds: Histogram<'org'>;
  apiCallSeconds: Histogram<'org' | 'purpose'>;
  /** From receipt to the Event in Salesforce: the lag that users feel. */
  writtenLagSeconds: Histogram<'org'>;
  notices: Counter<'channel' | 'outcome'>;
}

/** Registers everything that is counted. With `readings.ofProcess` memory, processor and event loop are counted too. */
export function createMetrics({ ofProcess = false, ...readings }: Readings & { ofProcess?: boolean }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const setGauges = createGauges(registry, readings);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  return {
    text: async () => {
      await setGauges();
      return registry.metrics();
    },
    contentType: registry.contentType,
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
    bookings: new Counter({
      name: 'booking_connector_bookings_total',
      help: 'Bookings that a turn looked at, by what came of it.',
      labelNames: ['org', 'outcome'],
      registers,
    }),
    webhookSeconds: new Histogram({
      name: 'booking_connector_webhook_seconds',
      help: 'From the begin of an accepted webhook to its 202, when it is on disk.',
      labelNames: ['kind'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    foldLagSeconds: new Histogram({
      name: 'booking_connector_fold_lag_seconds',
      help: 'From the receipt of a delivery until it is in its booking.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
      registers,
    }),
    turnSeconds: new Histogram({
      name: 'booking_connector_turn_seconds',
      help: 'Duration of a turn that had something to do.',
      labelNames: ['org'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    apiCallSeconds: new Histogram({
      name: 'booking_connector_salesforce_api_call_seconds',
      help: 'Duration of a call to Salesforce, answered or not.',
      labelNames: ['org', 'purpose'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
      registers,
    }),
    notices: new Counter({
      name: 'booking_connector_notices_total',
      help: 'Attempts to tell a notice, by the way it was told: sent or failed.',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    writtenLagSeconds: new Histogram({
      name: 'booking_connector_written_lag_seconds',
      help: 'From the receipt of what changed a booking until its Event is written in Salesforce.',
      labelNames: ['org'],
      buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400],
      registers,
    }),
  };
}
