import { type Request, Router } from 'express';
import { hasSlds, SLDS_VERSIONS, type SldsVersion } from '../components/slds';
import { cookieOf, SLDS_COOKIE } from './cookies';
import type { PageResponder } from './page-responder';
import { addressWithout } from './viewers';

/** The version that a browser has chosen; the first until it has. */
export function chosenSlds(req: Request): SldsVersion {
  const chosen = cookieOf(req, SLDS_COOKIE);
  return SLDS_VERSIONS.find((version) => version === chosen && hasSlds(version)) ?? '1';
}

/** `?slds=1` or `2` on any page keeps in a cookie with which version of the design system components are drawn. */
export function designSystemRoutes(respond: PageResponder): Router {
  const router = Router();
  router.get(/.*/, (req, res, next) => {
    const { slds } = req.query;
    if (slds === undefined) return next();
    const version = SLDS_VERSIONS.find((one) => one === slds && hasSlds(one));
    if (version === undefined) {
      const text = 'Choose 1 or 2. Both come with the development packages: "npm install" in the repository.';
      return respond.sendMessage(req, res, 400, 'There is no such version of the design system here', text);
    }
    res.cookie(SLDS_COOKIE, version, { httpOnly: true, sameSite: 'strict', path: '/' });
    res.redirect(303, addressWithout(req, 'slds'));
  });
  return router;
}
