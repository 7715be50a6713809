import type { IncomingMessage, RequestListener } from 'node:http';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { LaneState } from '../sync/lane';
import type { Metrics } from './metrics';
import { HttpProblem, notFound, problemHandler, type ProblemLog } from './problem';
import { webhookReceiver, type ReceiveWebhook, type WebhookDeps } from './webhook-route';

export interface ServerDeps extends WebhookDeps {
  metrics: Metrics;
  log: ProblemLog;
  /** Rejects when the store does not answer. */
  pingStore: () => Promise<void>;
  laneStates: () => Record<string, LaneState>;
  /** How many reverse proxies stand in front, whose word for a caller's address is taken. Default 0. */
  trustedProxies?: number;
  /** The API and the console, by where they are. */
  routers?: Readonly<Record<string, Router>>;
}

/** The usual spelling of a webhook's address; Express knows the others. */
const WEBHOOK = /^\/webhooks\/([\w.~-]+)(?:\?|$)/;

/**
 * Every route of the server. Webhooks are taken in front of Express, whose way to a route costs more than reading,
 * checking and translating a delivery; it answers those that are refused, and everything else.
 */
export function createServer(deps: ServerDeps): RequestListener {
  const receive = webhookReceiver(deps);
  const refusals = new WeakMap<IncomingMessage, unknown>();
  const app = createApp(deps, receive, refusals);
  return (req, res) => {
    const [, sourceId] = (req.method === 'POST' && WEBHOOK.exec(req.url ?? '')) || [];
    if (sourceId === undefined) return void app(req, res);
    receive(req, res, sourceId).catch((error: unknown) => {
      refusals.set(req, error);
      app(req, res);
    });
  };
}

/** @param refusals what went wrong with requests that were tried already. */
function createApp(deps: ServerDeps, receive: ReceiveWebhook, refusals: WeakMap<IncomingMessage, unknown>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustedProxies ?? 0);
  // Pages allow more for themselves; nothing that is answered here is one.
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    }),
  );
  app.use((req, _res, next) => next(refusals.get(req)));
  app.post('/webhooks/:sourceId', (req, res) => receive(req, res, req.params.sourceId));
  app.all('/webhooks/:sourceId', () => {
    throw new HttpProblem(405, 'method', 'Deliveries are sent by POST.', { allow: 'POST' });
  });
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
  for (const [path, router] of Object.entries(deps.routers ?? {})) app.use(path, router);
  app.use(notFound);
  app.use(problemHandler(deps.log));
  return app;
}
