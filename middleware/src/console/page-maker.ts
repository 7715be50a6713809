import type { ErrorRequestHandler, RequestHandler } from 'express';
import helmet from 'helmet';
import type { AdminDeps } from '../admin/admin';
import { namedOrg } from '../sync/environment';
import type { Guard } from '../http/guard';
import { routeOf, toProblem, type ProblemLog } from '../http/problem';
import { readOpenNotices } from '../notice/notice.store';
import { hasRole } from '../security/role';
import { readOrgsOfTeam } from '../sync/org.store';
import { rememberReturn } from './return-path';
import { outsideView } from './views/outside-view';
import { repView } from './views/rep-view';
import { signInView } from './views/sign-in-view';
import { Visit } from './visit';

/** What one route of the console does for a signed-in person. */
export type Page = (visit: Visit) => Promise<void>;

/** Makes a route of a page: who is not signed in is shown how, and forms of other sites are refused. */
export type PageMaker = (page: Page) => RequestHandler;

/** Pages for everybody who is signed in, and those for members, in whose place a rep sees what there is for him. */
export function pageMakers(admin: AdminDeps, guard: Guard): { anybody: PageMaker; page: PageMaker } {
  const anybody: PageMaker = (run) => async (req, res) => {
    const visitor = await guard.identify(req);
    if (visitor === null) {
      const wanted = rememberReturn(req, res, { isSecure: admin.baseUrl.startsWith('https:') });
      return void res.status(401).type('html').send(signInView(wanted).text);
    }
    guard.assertOwnRequest(req, visitor);
    const notices = hasRole(visitor.actor.role, 'member') ? await readOpenNotices(admin.store) : [];
    const [org] = await readOrgsOfTeam(admin.store, visitor.actor.teamId);
    await run(new Visit(admin, visitor, req, res, { notices, org: org === undefined ? null : namedOrg(org) }));
  };
  const page: PageMaker = (run) =>
    anybody(async (visit) => {
      if (visit.may('member')) return run(visit);
      visit.send('overview', 'Welcome', repView(visit.visitor.actor.name), visit.req.path === '/' ? 200 : 403);
    });
  return { anybody, page };
}

/** Pages are kept by nobody on the way. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set('cache-control', 'no-store');
  next();
};

/** Nothing but the console's own files, and no frame around it. */
export function securityHeaders(): RequestHandler {
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
export function errorPage(log: ProblemLog): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const { status, detail, headers } = toProblem(error);
    if (status >= 500) log.error({ err: error, route: routeOf(req) }, 'A page failed');
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
