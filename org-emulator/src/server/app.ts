import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { controlRouter } from '../control/control-router';
import { oauthRouter } from '../oauth/oauth-router';
import { registerPages } from '../pages/register-pages';
import { apiError, errorBody } from '../rest/api-error';
import { apiExchange } from './api-exchange';
import type { ApiFace } from './api-face';
import { asyncFace } from './async-face';
import { dataFace } from './data-face';
import { metadataFace } from './metadata-face';
import type { EmulatedOrg } from './emulated-org';
import { pageFace } from './page-face';

const FACES: [address: RegExp, face: ApiFace][] = [
  [/^\/services\/data([/?]|$)/, dataFace],
  [/^\/services\/async\//, asyncFace],
  [/^\/lightning\/api\//, pageFace],
  [/^\/services\/Soap\/m\//, metadataFace],
];

/** The HTTP face of an emulated org. */
export function createApp(emulated: EmulatedOrg): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((req, _res, next) => {
    // Clients that join addresses carelessly send `//services/data`; a real org takes it.
    req.url = req.url.replace(/^\/+/, '/');
    next();
  });
  app.use('/__emulator__', controlRouter(emulated));
  app.use((req, res, next) => {
    const face = FACES.find(([address]) => address.test(req.url))?.[1];
    if (face) apiExchange(emulated, face, req, res).catch(next);
    else next();
  });
  app.use(oauthRouter(emulated));
  registerPages(app, emulated);
  app.use('/services', (_req, res) => {
    res.status(404).json(errorBody(apiError(404, 'NOT_FOUND', 'The requested resource does not exist')));
  });
  app.use((_req, res) => {
    res
      .status(404)
      .type('html')
      .send('<html><head><title>URL No Longer Exists</title></head><body><h1>URL No Longer Exists</h1></body></html>');
  });
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    // A fault of the emulator itself: shown as a server would, and told to whoever runs it.
    console.error(error);
    const text = error instanceof Error ? error.message : 'unknown';
    res
      .status(500)
      .json(errorBody(apiError(500, 'UNKNOWN_EXCEPTION', `An unexpected error occurred in the emulator: ${text}`)));
  });
  return app;
}
