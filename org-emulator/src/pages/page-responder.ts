import type { Request, Response } from 'express';
import type { Org } from '../org/org';
import type { ComponentBundler } from '../components/component-bundler';
import type { PageComponent, QuickAction, Screen } from '../screen/screen';
import { normaliseId } from '../records/record-id';
import { html, type Html } from './html';
import { pageContext, type PageContext } from './page-context';
import { findLive, type FoundRecord, nameOf } from './reader';
import { layout, messageView, type Page } from './views/layout';
import { appPages, ensureSession, pageComponents, type PageComponents, type PageSessions } from './page-components';
import { recordLink } from './views/value-view';

/** What the responder needs of the emulator. */
export interface PageSource {
  org: Org;
  /** What people see of the deployed packages, as it is now. Throws when a file cannot be understood. */
  screen(): Screen;
  bundler: ComponentBundler;
  sessions: PageSessions;
}

/** Nothing but the org's own files, and no script but theirs: whatever a record holds is text. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** The components' engine writes their styles into the page. */
const POLICY_WITH_COMPONENTS = SECURITY_HEADERS['Content-Security-Policy'].replace(
  "style-src 'self'",
  "style-src 'self' 'unsafe-inline'",
);

const NO_SCREEN: Screen = {
  webLinks: () => [],
  quickActions: () => [],
  components: [],
  labels: () => ({}),
  resource: () => undefined,
  bundleFiles: [],
};

/** Answers requests for pages: in full, in part, or with the reason why there is none. */
export class PageResponder {
  readonly org: Org;
  constructor(private readonly source: PageSource) {
    this.org = source.org;
  }

  /** What people see of the deployed packages; nothing of them, and why, when their files cannot be understood. */
  screen(): Screen & { fault: string | null } {
    try {
      return { ...this.source.screen(), fault: null };
    } catch (error) {
      return { ...NO_SCREEN, fault: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Gets components ready for a page and signs their requests in as its user; undefined when there are none to show. */
  components(
    req: Request,
    res: Response,
    context: PageContext,
    shown: PageComponent[],
    actions: QuickAction[] = [],
  ): PageComponents | undefined {
    const { bundler, sessions } = this.source;
    const components = pageComponents(context, bundler, this.screen(), { shown, actions });
    if (components) ensureSession(req, res, sessions, context.userId);
    return components;
  }

  /** The record of an id in an address, deleted or not; undefined for anything that is no id of this org. */
  recordOf(sent: unknown): FoundRecord | undefined {
    const id = typeof sent === 'string' ? normaliseId(sent) : null;
    return id === null ? undefined : this.org.store.find(id);
  }

  /** A whole page. */
  send(req: Request, res: Response, page: Page, status = 200): void {
    res
      .status(status)
      .set(SECURITY_HEADERS)
      .set(page.components === undefined ? {} : { 'Content-Security-Policy': POLICY_WITH_COMPONENTS })
      .type('html')
      .send(layout(pageContext(this.org, req), page, appPages(this.screen())).text);
  }

  /** A part of a page, as the page's script asks for it. */
  sendPart(res: Response, part: Html): void {
    res.set(SECURITY_HEADERS).type('html').send(part.text);
  }

  /** A page that says one thing. */
  sendMessage(req: Request, res: Response, status: number, title: string, text: Html | string): void {
    this.send(req, res, { title, content: messageView(title, text) }, status);
  }

  /** A record that is in the recycle bin, or was merged into another. */
  sendDeleted(req: Request, res: Response, record: FoundRecord): void {
    const { object, row } = record;
    const context = pageContext(this.org, req);
    const winner = typeof row.MasterRecordId === 'string' ? findLive(context, row.MasterRecordId) : undefined;
    const text = winner
      ? html`It was merged into ${recordLink(context, winner.row.Id)}.`
      : html`It is in the recycle bin: a query does not find it, <code>queryAll</code> still does.`;
    this.sendMessage(req, res, 410, `${object.flags.label} “${nameOf(record)}” was deleted`, text);
  }

  /** A record that rights or sharing keep from the user. */
  sendNoAccess(req: Request, res: Response): void {
    const { org, userId } = pageContext(this.org, req);
    const name = String(org.store.find(userId)?.row.Name);
    const text = `${name} may not read it: the object rights or the sharing of the org forbid it. Look as another user, above.`;
    this.sendMessage(req, res, 403, 'You don’t have access to this record', text);
  }

  /** An id that is not known. */
  sendUnknown(req: Request, res: Response): void {
    const text =
      'The id is not one of this org, or the record was removed for good. The org forgets everything at a restart.';
    this.sendMessage(req, res, 404, 'There is no such record', text);
  }
}
