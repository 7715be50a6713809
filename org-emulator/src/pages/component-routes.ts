import { type Request, type Response, Router } from 'express';
import { join } from 'node:path';
import type { ComponentBundler } from '../components/component-bundler';
import { SLDS_VERSIONS, sldsIcon, sldsStylesheet } from '../components/slds';
import { SECURITY_HEADERS } from './page-responder';

const FOREVER = 'public, max-age=31536000, immutable';
const A_DAY = 'public, max-age=86400';

/** The compiled components, and the styles and icons of the design system that they are drawn with. */
export function componentRoutes(bundler: ComponentBundler): Router {
  const router = Router();

  router.get('/components/:key/:file', async (req, res, next) => {
    const bundle = await bundler.bundle(req.params.key);
    if (!bundle) return next();
    if ('error' in bundle) return sendFault(res, bundle.error);
    const { file } = req.params;
    if (!/^[\w.-]+\.js$/.test(file)) return next();
    res.set({ ...SECURITY_HEADERS, 'Cache-Control': FOREVER }).sendFile(join(bundle.directory, file), (fault) => {
      // A browser that has left the page is no fault.
      if (fault instanceof Error && !res.headersSent) next();
    });
  });

  router.get('/assets/slds-:version.css', async (req, res, next) => {
    const version = SLDS_VERSIONS.find((one) => one === req.params.version);
    const sheet = version && (await sldsStylesheet(version));
    if (!sheet) return next();
    res.set({ 'Cache-Control': A_DAY, Vary: 'Accept-Encoding' }).type('css');
    if (acceptsBrotli(req)) res.set('Content-Encoding', 'br').send(sheet.brotli);
    else res.send(sheet.css);
  });

  router.get('/assets/icons/:category/:file', async (req, res, next) => {
    const { category, file } = req.params;
    const svg = await sldsIcon(category, file.replace(/\.svg$/, ''));
    if (svg === undefined) return next();
    res.set('Cache-Control', A_DAY).type('svg').send(svg);
  });

  return router;
}

/** The page asked for a script; it gets one that says why there is none. */
function sendFault(res: Response, reason: string): void {
  const text = JSON.stringify(`The components could not be compiled. ${reason}`);
  const script = `for (const place of document.querySelectorAll('[data-component]')) place.textContent = ${text};`;
  res.set(SECURITY_HEADERS).type('js').send(script);
}

function acceptsBrotli(req: Request): boolean {
  return /\bbr\b/.test(req.get('accept-encoding') ?? '');
}
