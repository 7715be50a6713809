import { Router } from 'express';
import { html } from './html';
import { appPages } from './page-components';
import { pageContext } from './page-context';
import type { PageResponder } from './page-responder';
import { componentPlaces } from './views/component-view';

/** `/lightning/n/<component>`: a component that is a page of its own, with a tab beside those of the objects. */
export function appRoutes(respond: PageResponder): Router {
  const router = Router();
  router.get('/n/:name', (req, res, next) => {
    const app = appPages(respond.screen()).find(({ name }) => name === req.params.name);
    if (!app) return next();
    const components = respond.components(req, res, pageContext(respond.org, req), [app]);
    const content = html`<h1 class="hidden">${app.label}</h1>
      ${components && componentPlaces(components)}`;
    respond.send(req, res, { title: app.label, content, tab: app.name, components });
  });
  return router;
}
