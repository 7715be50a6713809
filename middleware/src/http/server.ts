import type { IncomingMessage, RequestListener } from 'node:http';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Metrics } from './metrics';
import { HttpProblem, notFound, problemHandler, type ProblemLog } from './problem';
import { readiness, type ReadinessDeps } from './readiness';
import { webhookReceiver, type ReceiveWebhook, type WebhookDeps } from './webhook-route';

export interface ServerDeps extends WebhookDeps, ReadinessDeps {
  metrics: Metrics;
  log: ProblemLog;
  /** How many reverse proxies stand in front, whose word for a caller's address is taken. Default 0. */
  trustedProxies?: number;
  /** The API and the console, by where they are. */
  routers?: Readonly<Record<string, Router>>;
}

/** Answered while the server stops, too. */
const OF_OPERATORS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

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
    if (deps.isStopping()) {
      // The connection is of no more use to the sender: the next request on it would meet the end of the process.
      res.setHeader('connection', 'close');
      return void app(req, res);
    }
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
  app.use((req, _res, next) => {
    if (!deps.isStopping() || OF_OPERATORS.has(req.path)) return next();
    next(new HttpProblem(503, 'stopping', 'This server is stopping. Send it again.', { 'retry-after': '5' }));
  });
  app.use((req, _res, next) => {
    // Somebody entered the connector's address with a slash at its end where links are made of it.
    req.url = req.url.replace(/^\/{2,}/, '/');
    next();
  });
  app.post('/webhooks/:sourceId', (req, res) => receive(req, res, req.params.sourceId));
  app.all('/webhooks/:sourceId', () => {
    throw new HttpProblem(405, 'method', 'Deliveries are sent by POST.', { allow: 'POST' });
  });
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  app.get('/readyz', readiness(deps));
  app.get('/metrics', async (_req, res) => {
    res.type(deps.metrics.contentType).send(await deps.metrics.text());
  });
  for (const [path, router] of Object.entries(deps.routers ?? {})) app.use(path, router);
  app.use(notFound);
  app.use(problemHandler(deps.log));
  return app;
}
