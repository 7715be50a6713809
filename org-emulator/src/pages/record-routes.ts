import { Router } from 'express';
import { customButtons } from './custom-buttons';
import { html } from './html';
import { recordPageComponents } from './page-components';
import { pageContext, type PageContext } from './page-context';
import type { PageResponder } from './page-responder';
import { type FoundRecord, isLive, liveRows, nameOf, pathOf } from './reader';
import { homeLists } from './views/home-view';
import { listCard } from './views/list-view';
import { RECORD_PARTS, recordPart, recordView } from './views/record-view';

const LIST_LIMIT = 200;
const LIST_COLUMNS = 5;

/** Records and lists at Salesforce's own addresses, and the parts of them that the pages' script asks for again. */
export function recordRoutes(respond: PageResponder): Router {
  const { org } = respond;
  const router = Router();

  router.get(['/r/:sobject/:id/view', '/r/:id/view'], (req, res) => {
    const record = respond.recordOf(req.params.id);
    if (!record) return respond.sendUnknown(req, res);
    const context = pageContext(org, req);
    if (!context.canRead(record.object, record.row)) return respond.sendNoAccess(req, res);
    if (!isLive(record.row)) return respond.sendDeleted(req, res, record);
    const path = pathOf(record);
    if (req.baseUrl + req.path !== path) return res.redirect(302, path);
    const screen = respond.screen();
    const sobject = record.object.name;
    const actions = screen.quickActions(sobject);
    const components = respond.components(req, res, context, recordPageComponents(screen, sobject), actions);
    const buttons = customButtons(context, record, screen.webLinks(sobject));
    const content = recordView(context, record, { buttons, components, fault: screen.fault });
    respond.send(req, res, { title: nameOf(record), content, tab: sobject, components });
  });

  router.get('/o/:sobject/:view', (req, res) => {
    const context = pageContext(org, req);
    const object = context.object(req.params.sobject);
    if (!object) return respond.sendMessage(req, res, 404, 'There is no such object', 'Choose one of the tabs above.');
    const { labelPlural } = object.flags;
    const whenEmpty = `No ${labelPlural} yet.`;
    const options = { heading: labelPlural, limit: LIST_LIMIT, columns: LIST_COLUMNS, whenEmpty };
    const list = listCard(context, object, liveRows(context, object.name), options);
    if (req.params.view === 'part') return respond.sendPart(res, list);
    const content = html`<div class="lists" data-live="/lightning/o/${object.name}/part">${list}</div>`;
    respond.send(req, res, { title: labelPlural, content, tab: object.name });
  });

  router.get('/parts/home', (req, res) => respond.sendPart(res, homeLists(pageContext(org, req))));

  router.get('/parts/record/:id/:part', (req, res) => {
    const record = respond.recordOf(req.params.id);
    const part = RECORD_PARTS.find((name) => name === req.params.part);
    const context = pageContext(org, req);
    if (record && isShown(context, record) && part !== undefined) {
      respond.sendPart(res, recordPart(context, record, part));
    } else {
      res.status(404).end();
    }
  });
  return router;
}

function isShown(context: PageContext, { object, row }: FoundRecord): boolean {
  return isLive(row) && context.canRead(object, row);
}
