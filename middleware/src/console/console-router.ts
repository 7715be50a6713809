import express, { Router, type ErrorRequestHandler, type RequestHandler } from 'express';
import helmet from 'helmet';
import { join } from 'node:path';
import type { AdminDeps } from '../admin/admin';
import type { Guard } from '../http/guard';
import { toProblem, type ProblemLog } from '../http/problem';
import { readOpenNotices } from '../notice/notice.store';
import { hasRole } from '../security/role';
import { bookingRoutes } from './booking-routes';
import { connectionRoutes } from './connection-routes';
import { deliveryRoutes } from './delivery-routes';
import { doctorRoutes } from './doctor-routes';
import { dryRunRoutes } from './dry-run-routes';
import { overviewRoutes } from './overview-routes';
import { problemRoutes } from './problem-routes';
import { settingsRoutes } from './settings-routes';
import { sourceRoutes } from './source-routes';
import { outsideView } from './views/outside-view';
import { repView } from './views/rep-view';
import { enterView, signInView } from './views/sign-in-view';
import { Visit } from './visit';

/** Reachable from `src` and from `dist` alike. */
const PUBLIC_DIR = join(__dirname, '../../console/public');

/** What one route of the console does for a signed-in person. */
export type Page = (visit: Visit) => Promise<void>;

/** Makes a route of a page: who is not signed in is shown how, and forms of other sites are refused. */
export type PageMaker = (page: Page) => RequestHandler;

/**
 * `/console`: pages, rendered here, that do what the API does. They need no JavaScript.
 */
export function consoleRouter(admin: AdminDeps, guard: Guard, log: ProblemLog): Router {
  const router = Router();
  router.use(securityHeaders());
  router.use('/assets', express.static(PUBLIC_DIR, { index: false, maxAge: '1h' }));
  router.use((_req, res, next) => {
    res.set('cache-control', 'no-store');
    next();
  });
  router.use(express.urlencoded({ extended: false, limit: '1mb' }));

  router.get('/enter', (req, res) => {
    const { token } = req.query;
    // Nothing is looked up or used up here: programs that show a preview of a link open it too.
    res.type('html').send(enterView(typeof token === 'string' ? token : '').text);
  });
  router.post('/enter', async (req, res) => {
    const { token } = (req.body ?? {}) as { token?: unknown };
    await guard.enter(req, res, typeof token === 'string' ? token : '');
    res.redirect(303, '/console');
  });

  const anybody: PageMaker = (run) => async (req, res) => {
    const visitor = await guard.identify(req);
    if (visitor === null) return void res.status(401).type('html').send(signInView().text);
    guard.assertOwnRequest(req, visitor);
    const notices = hasRole(visitor.actor.role, 'member') ? await readOpenNotices(admin.store) : [];
    await run(new Visit(admin, visitor, req, res, notices));
  };
  const page: PageMaker = (run) =>
    anybody(async (visit) => {
      if (visit.may('member')) return run(visit);
      visit.send('overview', 'Welcome', repView(visit.visitor.actor.name), visit.req.path === '/' ? 200 : 403);
    });
  router.post(
    '/sign-out',
    anybody(async ({ req, res }) => {
      await guard.leave(req, res);
      res.redirect(303, '/console');
    }),
  );
  for (const routes of [
    overviewRoutes,
    bookingRoutes,
    problemRoutes,
    deliveryRoutes,
    doctorRoutes,
    sourceRoutes,
    connectionRoutes,
    settingsRoutes,
    dryRunRoutes,
  ])
    router.use(routes(page));
  router.use((_req, res) => {
    res.status(404).type('html').send(outsideView('There is no such page', 'Go back to the overview.').text);
  });
  router.use(errorPage(log));
  return router;
}

/** Nothing but the console's own files, and no frame around it. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Without any referrer, browsers send forms with the origin "null".
    referrerPolicy: { policy: 'same-origin' },
  });
}

/** A refusal in words. What nobody expected is logged, and told without detail. */
function errorPage(log: ProblemLog): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const { status, detail, headers } = toProblem(error);
    if (status >= 500) log.error({ err: error, path: req.path }, 'A page failed');
    const text = status === 500 ? 'Try it again. If it stays like this, the log of the server says why.' : detail;
    const title = TITLES[status] ?? 'That did not work';
    res.status(status).set(headers).type('html').send(outsideView(title, text).text);
  };
}

const TITLES: Record<number, string> = {
  401: 'This does not sign you in',
  500: 'Something went wrong here',
  502: 'Salesforce could not be asked',
};
