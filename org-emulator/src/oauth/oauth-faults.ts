import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import type { Strike } from '../control/faults';
import { refusalPage } from './consent-page';
import type { EmulatedOrg } from '../server/emulated-org';

/**
 * Lets faults strike the sign-in addresses, those only whose `path` is given: a fault of the data API must not cost a
 * client its token by accident. An `error` is answered in the shape of these addresses.
 */
export function oauthFaults({ faults, org }: EmulatedOrg): RequestHandler {
  return (req, res, next) => {
    if (!req.url.startsWith('/services/oauth2/')) {
      next();
      return;
    }
    const strike = async (): Promise<void> => {
      const strikes = faults.strike(
        { method: req.method, path: req.url, sobjects: new Set(), at: org.clock.now() },
        { onlyByPath: true },
      );
      for (const struck of strikes) {
        await sleep(struck.effect.latencyMs ?? 0);
        if (struck.effect.hold === 'beforeCommit') await struck.untilReleased();
        if (struck.effect.drop === 'beforeCommit') {
          req.socket.destroy();
          return;
        }
        if (struck.effect.hold === 'afterCommit' || struck.effect.drop === 'afterCommit') answerLate(res, struck);
        const { error, html } = struck.effect;
        if (error) {
          // A browser is shown a page, as it is when an administrator has blocked the app.
          const isPage = req.path === '/services/oauth2/authorize';
          if (isPage) res.status(error.status).type('html').send(refusalPage(error.errorCode, error.message));
          else res.status(error.status).json({ error: error.errorCode, error_description: error.message });
          return;
        }
        if (html !== undefined) {
          res.status(html).type('html').send('<html><body><h1>Down For Maintenance</h1></body></html>');
          return;
        }
      }
      next();
    };
    strike().catch(next);
  };
}

/** What was asked is done, a refresh token rotated; only the answer waits, or never comes. */
function answerLate(res: Response, struck: Strike): void {
  const end = res.end.bind(res) as (...args: unknown[]) => Response;
  res.end = ((...args: unknown[]) => {
    if (struck.effect.drop === 'afterCommit') res.socket?.destroy();
    else void struck.untilReleased().then(() => end(...args));
    return res;
  }) as Response['end'];
}
