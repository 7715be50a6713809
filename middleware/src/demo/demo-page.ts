import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { join } from 'node:path';
import { bookRoutes } from './book-routes';
import { bookingRoutes } from './booking-routes';
import type { DemoPageOptions } from './demo-options';
import { Desk } from './desk';
import { homeView } from './views/home-view';
import { messageView } from './views/message-view';

/** Reachable from `src` and from `dist` alike. */
const PUBLIC_DIR = join(__dirname, '../../demo/public');
const LATEST = 5;

/**
 * A small scheduling page that stands in for Cal.com: what is booked, moved, canceled and held here is told to the
 * connector with Cal.com's own bodies and signature. Keeps everything in memory.
 */
export function createDemoPage(options: DemoPageOptions): Express {
  const desk = new Desk(options);
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use('/assets', express.static(PUBLIC_DIR, { index: false }));
  app.use(ownFormsOnly(desk));
  app.use(express.urlencoded({ extended: false, limit: '20kb' }));
  app.get('/', (_req, res) => desk.send(res, 'Book a time', homeView(desk.offers, desk.bookings.latest(LATEST))));
  app.use('/book', bookRoutes(desk));
  app.use('/booking', bookingRoutes(desk));
  app.get('/video/:id', (_req, res) => {
    const told = 'A scheduling system would open the video call here. This one is a demo, so there is no call.';
    desk.send(res, 'Video call', messageView('No call today', told));
  });
  app.use((_req, res) => desk.sendNotFound(res));
  app.use(errorPage(desk));
  return app;
}

/** Nothing but the page's own files, no frame around it, and no promise of https: it is served on this machine only. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
}

/** Other sites may link here, but not send our forms. */
function ownFormsOnly(desk: Desk): RequestHandler {
  return (req, res, next) => {
    res.set('cache-control', 'no-store');
    const isForeign = req.method === 'POST' && !['same-origin', 'none', undefined].includes(req.get('sec-fetch-site'));
    if (!isForeign) return next();
    const content = messageView('This form was sent from another site', 'Go back and use the form here.');
    desk.send(res, 'Refused', content, 403);
  };
}

function errorPage(desk: Desk): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const { status } = (error ?? {}) as { status?: unknown };
    const isTheirs = typeof status === 'number' && status >= 400 && status < 500;
    const told = isTheirs ? 'The form could not be read. Go back and send it again.' : 'Something went wrong here.';
    desk.send(res, 'Error', messageView('That did not work', told), isTheirs ? status : 500);
  };
}
