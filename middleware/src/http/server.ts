import express, { type Express } from 'express';
import helmet from 'helmet';
import type { LaneState } from '../sync/lane';
import type { Metrics } from './metrics';
import { notFound, problemHandler, type ProblemLog } from './problem';
import { webhookRoute, type WebhookDeps } from './webhook-route';

export interface ServerDeps extends WebhookDeps {
  metrics: Metrics;
  log: ProblemLog;
  /** Rejects when the store does not answer. */
  pingStore: () => Promise<void>;
  laneStates: () => Record<string, LaneState>;
}

/** Every route of the server. */
export function createServer(deps: ServerDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  app.use(webhookRoute(deps));
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  // Ready as long as deliveries can be stored: an org that cannot be reached must not take the webhooks down.
  app.get('/readyz', async (_req, res) => {
    const store = await deps.pingStore().then(
      () => 'ok',
      () => 'failed',
    );
    res.status(store === 'ok' ? 200 : 503).json({ store, lanes: deps.laneStates() });
  });
  app.get('/metrics', async (_req, res) => {
    res.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
  app.use(notFound);
  app.use(problemHandler(deps.log));
  return app;
}
