import { Router } from 'express';
import type { AdminDeps } from '../admin/admin';
import type { Guard } from '../http/guard';
import type { ProblemLog } from '../http/problem';
import { customerLinkRoutes } from './customer-routes';
import { errorPage, noStore, pageMakers, securityHeaders } from './page-maker';
import { outsideView } from './views/outside-view';

/** `/go`: addresses that records in Salesforce keep for good, and that lead to where things are at present. */
export function goRouter(admin: AdminDeps, guard: Guard, log: ProblemLog): Router {
  const router = Router();
  router.use(securityHeaders(), noStore);
  router.use(customerLinkRoutes(pageMakers(admin, guard).anybody));
  router.use((_req, res) => {
    res.status(404).type('html').send(outsideView('There is nothing here', 'The link may have been cut off.').text);
  });
  router.use(errorPage(log));
  return router;
}
