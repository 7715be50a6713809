import express, { Router } from 'express';
import { join } from 'node:path';
import type { AdminDeps } from '../admin/admin';
import type { Guard } from '../http/guard';
import type { ProblemLog } from '../http/problem';
import { bookingRoutes } from './booking-routes';
import { connectionRoutes } from './connection-routes';
import { customerRoutes } from './customer-routes';
import { deliveryRoutes } from './delivery-routes';
import { doctorRoutes } from './doctor-routes';
import { dryRunRoutes } from './dry-run-routes';
import { hostRoutes } from './host-routes';
import { errorPage, noStore, pageMakers, securityHeaders } from './page-maker';
import { overviewRoutes } from './overview-routes';
import { problemRoutes } from './problem-routes';
import { takeReturn } from './return-path';
import { settingsRoutes } from './settings-routes';
import { sourceRoutes } from './source-routes';
import { outsideView } from './views/outside-view';
import { enterView } from './views/sign-in-view';

export type { Page, PageMaker } from './page-maker';

/** Reachable from `src` and from `dist` alike. */
const PUBLIC_DIR = join(__dirname, '../../console/public');

/**
 * `/console`: pages, rendered here, that do what the API does. They need no JavaScript.
 */
export function consoleRouter(admin: AdminDeps, guard: Guard, log: ProblemLog): Router {
  const router = Router();
  router.use(securityHeaders());
  router.use('/assets', express.static(PUBLIC_DIR, { index: false, maxAge: '1h' }));
  router.use(noStore);
  router.use(express.urlencoded({ extended: false, limit: '1mb' }));

  router.get('/enter', (req, res) => {
    const { token } = req.query;
    // Nothing is looked up or used up here: programs that show a preview of a link open it too.
    res.type('html').send(enterView(typeof token === 'string' ? token : '').text);
  });
  router.post('/enter', async (req, res) => {
    const { token } = (req.body ?? {}) as { token?: unknown };
    await guard.enter(req, res, typeof token === 'string' ? token : '');
    res.redirect(303, takeReturn(req, res) ?? '/console');
  });

  const { anybody, page } = pageMakers(admin, guard);
  router.post(
    '/sign-out',
    anybody(async ({ req, res }) => {
      await guard.leave(req, res);
      res.redirect(303, '/console');
    }),
  );
  // Before the connections: Salesforce comes back to one address, whatever it was asked.
  router.use(hostRoutes(page, anybody));
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
  router.use(customerRoutes(anybody));
  router.use((_req, res) => {
    res.status(404).type('html').send(outsideView('There is no such page', 'Go back to the overview.').text);
  });
  router.use(errorPage(log));
  return router;
}
