import express, { Router, type Request, type RequestHandler } from 'express';
import type { AdminDeps } from '../../admin/admin';
import { carryOut } from '../../admin/orders/orders';
import { unauthorized, type Guard } from '../guard';
import { HttpProblem } from '../problem';
import { openApiDocument } from './openapi';
import { ROUTES, type ApiRoute } from './routes';

/** Largest body: a settings document. */
const BODY_LIMIT = '1mb';

/** `/api/v1`: every order as JSON over HTTP, for signed-in people and for programs with a token. */
export function apiRouter(admin: AdminDeps, guard: Guard): Router {
  const router = Router();
  const document = openApiDocument();
  router.use((_req, res, next) => {
    res.set('cache-control', 'no-store');
    next();
  });
  router.get('/openapi.json', (_req, res) => void res.json(document));
  router.use(jsonOnly, express.json({ limit: BODY_LIMIT }));
  for (const route of ROUTES) {
    router[route.method](route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (req, res) => {
      const visitor = await guard.identify(req);
      if (visitor === null) throw unauthorized('Sign in to the console, or send a token: Authorization: Bearer ...');
      guard.assertOwnRequest(req, visitor);
      const answer = await carryOut(admin, visitor.actor, route.order, argsOf(route, req));
      res.status(route.status ?? 200).json(answer);
    });
  }
  return router;
}

/** A form of another site can send no JSON without being asked first. */
const jsonOnly: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is('application/json')) {
    throw new HttpProblem(415, 'not-json', 'Send JSON, with Content-Type: application/json.');
  }
  next();
};

function argsOf({ method, fixed, bodyAs }: ApiRoute, req: Request): Record<string, unknown> {
  if (bodyAs !== undefined) return { ...req.query, [bodyAs.arg]: req.body as unknown, ...req.params };
  const body: unknown = method === 'get' ? req.query : (req.body ?? {});
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpProblem(422, 'invalid-args', 'Send a JSON object.', {}, [{ field: '', error: 'Send an object.' }]);
  }
  // What the path and the route say comes last: a body cannot change which booking is meant.
  return { ...body, ...fixed, ...req.params };
}
