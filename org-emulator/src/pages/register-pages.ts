import express, { type Express, type Request, type Response, Router } from 'express';
import { join } from 'node:path';
import { normaliseId } from '../records/record-id';
import type { EmulatedOrg } from '../server/emulated-org';
import { html, type Html } from './html';
import { pageContext } from './page-context';
import { findLive, findPerson, type FoundRecord, isLive, liveRows, nameOf, pathOf } from './reader';
import { waitingView } from './views/find-view';
import { homeLists, homeView, searchView } from './views/home-view';
import { layout, messageView, type Page } from './views/layout';
import { listCard } from './views/list-view';
import { RECORD_PARTS, type RecordPart, recordPart, recordView } from './views/record-view';
import { recordLink } from './views/value-view';

const PUBLIC_DIR = join(__dirname, '..', '..', 'public');
const LIST_LIMIT = 200;
const LIST_COLUMNS = 5;

/** Nothing but the org's own files, and no script but theirs: whatever a record holds is text. */
const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * Mounts the pages that show what is in the org, read-only and as the administrator sees it: the home page at `/`, records
 * at Salesforce's own addresses (`/lightning/r/Lead/<id>/view`), and `/lightning/find?email=`, which goes to a person.
 */
export function registerPages(app: Express, emulated: EmulatedOrg): void {
  const { org } = emulated;
  const send = (req: Request, res: Response, page: Page, status = 200): void => {
    res
      .status(status)
      .set(SECURITY_HEADERS)
      .type('html')
      .send(layout(pageContext(org, req), page).text);
  };
  const sendPart = (res: Response, part: Html): void => {
    res.set(SECURITY_HEADERS).type('html').send(part.text);
  };
  const sendMessage = (req: Request, res: Response, status: number, title: string, text: Html | string): void => {
    send(req, res, { title, content: messageView(title, text) }, status);
  };
  const recordOf = (sent: unknown): FoundRecord | undefined => {
    const id = typeof sent === 'string' ? normaliseId(sent) : null;
    return id === null ? undefined : org.store.find(id);
  };
  const sendDeleted = (req: Request, res: Response, record: FoundRecord): void => {
    const { object, row } = record;
    const winner = typeof row.MasterRecordId === 'string' ? findLive(org, row.MasterRecordId) : undefined;
    const text = winner
      ? html`It was merged into ${recordLink(pageContext(org, req), winner.row.Id)}.`
      : html`It is in the recycle bin: a query does not find it, <code>queryAll</code> still does.`;
    sendMessage(req, res, 410, `${object.flags.label} “${nameOf(record)}” was deleted`, text);
  };
  const sendUnknown = (req: Request, res: Response): void => {
    const text =
      'The id is not one of this org, or the record was removed for good. The org forgets everything at a restart.';
    sendMessage(req, res, 404, 'There is no such record', text);
  };

  const pages = Router();
  pages.use(
    '/assets',
    express.static(PUBLIC_DIR, {
      index: false,
      setHeaders: (res) => res.setHeader('X-Content-Type-Options', 'nosniff'),
    }),
  );

  pages.get(['/', '/page/home'], (_req, res) => res.redirect(303, '/'));

  pages.get(['/r/:sobject/:id/view', '/r/:id/view'], (req, res) => {
    const record = recordOf(req.params.id);
    if (!record) return sendUnknown(req, res);
    if (!isLive(record.row)) return sendDeleted(req, res, record);
    if (req.path !== pathOf(record).slice('/lightning'.length)) return res.redirect(302, pathOf(record));
    const content = recordView(pageContext(org, req), record);
    send(req, res, { title: nameOf(record), content, tab: record.object.name });
  });

  pages.get('/o/:sobject/:view', (req, res) => {
    const context = pageContext(org, req);
    const object = context.object(req.params.sobject);
    if (!object) return sendMessage(req, res, 404, 'There is no such object', 'Choose one of the tabs above.');
    const { labelPlural } = object.flags;
    const options = {
      heading: labelPlural,
      limit: LIST_LIMIT,
      columns: LIST_COLUMNS,
      whenEmpty: `No ${labelPlural} yet.`,
    };
    const list = listCard(context, object, liveRows(org, object.name), options);
    if (req.params.view === 'part') return sendPart(res, list);
    const content = html`<div class="lists" data-live="/lightning/o/${object.name}/part">${list}</div>`;
    send(req, res, { title: labelPlural, content, tab: object.name });
  });

  pages.get('/parts/home', (req, res) => sendPart(res, homeLists(pageContext(org, req))));

  pages.get('/parts/record/:id/:part', (req, res) => {
    const record = recordOf(req.params.id);
    const part = RECORD_PARTS.find((name): name is RecordPart => name === req.params.part);
    if (!record || !isLive(record.row) || part === undefined) {
      res.status(404).set(SECURITY_HEADERS).end();
      return;
    }
    sendPart(res, recordPart(pageContext(org, req), record, part));
  });

  pages.get('/find', (req, res) => {
    const email = typeof req.query.email === 'string' ? req.query.email.trim().slice(0, 320) : '';
    if (email === '')
      return sendMessage(req, res, 400, 'Whom to find?', 'The address needs an e-mail: ?email=ana@example.com');
    const person = findPerson(org, email);
    if (person) return res.redirect(302, pathOf(person));
    const content = waitingView(email, `/lightning/find/record?email=${encodeURIComponent(email)}`);
    send(req, res, { title: `Waiting for ${email}`, content, lookAgainAfterSeconds: 3 });
  });

  pages.get('/find/record', (req, res) => {
    const person = typeof req.query.email === 'string' ? findPerson(org, req.query.email) : undefined;
    res.set(SECURITY_HEADERS).json({ url: person ? pathOf(person) : null });
  });

  pages.use((req, res) => {
    sendMessage(req, res, 404, 'There is nothing here', 'This emulator has pages for records and lists only.');
  });

  app.get('/', (req, res) => {
    const search = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 200) : '';
    const context = pageContext(org, req);
    if (search === '') return send(req, res, { title: 'Home', content: homeView(context), tab: 'home' });
    send(req, res, { title: `Search for ${search}`, content: searchView(context, search), search });
  });
  app.use('/lightning', pages);
  // Salesforce's short address of a record: only ids that the org knows, so that no other address is taken.
  app.get('/:id', (req, res, next) => {
    const record = recordOf(req.params.id);
    if (!record) return next();
    res.redirect(302, pathOf(record));
  });
}
