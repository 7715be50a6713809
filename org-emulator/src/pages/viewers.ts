import { type Request, Router } from 'express';
import type { Org } from '../org/org';
import { normaliseId } from '../records/record-id';
import type { StoredRecord } from '../records/table';
import { USER_COOKIE } from './cookies';
import type { PageResponder } from './page-responder';

/** Every active user, in the order in which they came: as each of them the org can be looked at. */
export function viewers(org: Org): StoredRecord[] {
  return [...org.store.table(org.object('User')).all()].filter(({ IsActive }) => IsActive === true);
}

/** The active user of an id or a username; undefined when there is none. */
export function findUser(org: Org, named: string): StoredRecord | undefined {
  const id = normaliseId(named);
  const username = named.trim().toLowerCase();
  return viewers(org).find((row) => row.Id === id || String(row.Username).toLowerCase() === username);
}

/** `?user=<id or username>` on any page keeps in a cookie as whom the browser looks, and shows the page as that user. */
export function viewerRoutes(respond: PageResponder): Router {
  const router = Router();
  router.get(/.*/, (req, res, next) => {
    const { user } = req.query;
    if (typeof user !== 'string') return next();
    const found = findUser(respond.org, user);
    if (!found) {
      const text = 'Choose a user of this org who is active, by id or username: the home page lists them.';
      return respond.sendMessage(req, res, 400, 'There is no such user', text);
    }
    res.cookie(USER_COOKIE, found.Id, { httpOnly: true, sameSite: 'strict', path: '/' });
    res.redirect(303, addressWithout(req, 'user'));
  });
  return router;
}

/** The address of a request without one of its parameters. */
export function addressWithout(req: Request, parameter: string): string {
  const rest = new URLSearchParams();
  for (const [name, value] of Object.entries(req.query)) {
    if (name !== parameter && typeof value === 'string') rest.set(name, value);
  }
  return `${req.baseUrl}${req.path}${rest.size === 0 ? '' : `?${rest.toString()}`}`;
}
