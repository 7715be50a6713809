import express, { type Express, Router } from 'express';
import { join } from 'node:path';
import type { EmulatedOrg } from '../server/emulated-org';
import { readScreen } from '../screen/screen';
import { appRoutes } from './app-routes';
import { componentRoutes } from './component-routes';
import { designSystemRoutes } from './design-system';
import { findRoutes } from './find-routes';
import { pageContext } from './page-context';
import { PageResponder } from './page-responder';
import { pathOf } from './reader';
import { recordRoutes } from './record-routes';
import { viewerRoutes } from './viewers';
import { homeView, searchView } from './views/home-view';

/** Reachable from `src` and from `dist` alike. */
const PUBLIC_DIR = join(__dirname, '..', '..', 'public');

/**
 * Mounts the pages that show what is in the org, read-only and as one of its users sees it: the home page at `/`, records
 * at Salesforce's own addresses (`/lightning/r/Lead/<id>/view`), and `/lightning/find?email=`, which goes to a person.
 */
export function registerPages(app: Express, emulated: EmulatedOrg): void {
  const { org, bundler, sessions, client, screens } = emulated;
  const respond = new PageResponder({
    org,
    bundler,
    screen: () => readScreen(screens()),
    sessions: {
      session: (token) => sessions.session(token),
      open: (userId) => sessions.open(userId, client.clientId, 'web').accessToken,
    },
  });
  const choose = Router().use(viewerRoutes(respond), designSystemRoutes(respond));

  app.get('/', choose, (req, res) => {
    const search = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 200) : '';
    const context = pageContext(respond.org, req);
    if (search === '') return respond.send(req, res, { title: 'Home', content: homeView(context), tab: 'home' });
    respond.send(req, res, { title: `Search for ${search}`, content: searchView(context, search), search });
  });

  const pages = Router();
  pages.use(choose);
  pages.use(componentRoutes(bundler));
  pages.use('/assets', express.static(PUBLIC_DIR, { index: false }));
  pages.get(['/', '/page/home'], (_req, res) => res.redirect(303, '/'));
  pages.use(recordRoutes(respond));
  pages.use(findRoutes(respond));
  pages.use(appRoutes(respond));
  pages.use((req, res) => {
    const text = 'This emulator has pages for records, lists and components only.';
    respond.sendMessage(req, res, 404, 'There is nothing here', text);
  });
  app.use('/lightning', pages);

  // What a deployed page may show is its own business, but it gets no script and no access to this origin.
  app.get('/resource/:name', (req, res, next) => {
    const page = respond.screen().resource(req.params.name);
    if (page === undefined) return next();
    res
      .set('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
      .type('html')
      .send(page);
  });

  // Salesforce's short address of a record: only ids that the org knows, so that no other address is taken.
  app.get('/:id', (req, res, next) => {
    const record = respond.recordOf(req.params.id);
    if (!record) return next();
    res.redirect(302, pathOf(record));
  });
}
