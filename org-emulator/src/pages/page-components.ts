import type { Request, Response } from 'express';
import type { ComponentBundler } from '../components/component-bundler';
import type { Org } from '../org/org';
import type { PageComponent, QuickAction, Screen } from '../screen/screen';
import { readerOf } from '../ui-api/field-value';
import { cookieOf, SESSION_COOKIE } from './cookies';
import type { PageContext } from './page-context';

/** The components of a page, and what they need to run. */
export interface PageComponents {
  shown: PageComponent[];
  /** What runs a component when it is pressed. */
  actions: QuickAction[];
  /** The address of the compiled script. */
  script: string;
  /** What the script is told of the user and his language. */
  told: {
    userId: string;
    lang: string;
    locale: string;
    timeZone: string;
    apiVersion: string;
    labels: Record<string, string>;
  };
}

/** The API version that the components' requests are made with. */
const API_VERSION = 'v67.0';

/** The components for the record page of an object. */
export function recordPageComponents({ components }: Screen, sobject: string): PageComponent[] {
  return components.filter(
    ({ targets, objects }) =>
      targets.includes('lightning__RecordPage') && (objects.length === 0 || objects.includes(sobject)),
  );
}

/** The components that are a page of their own. */
export function appPages({ components }: Screen): PageComponent[] {
  return components.filter(({ targets }) => targets.some((target) => /^lightning__(AppPage|Tab)$/.test(target)));
}

/**
 * Gets components ready for a page: has them compiled, and gathers what they are told. Undefined when none is shown, and
 * no action runs one.
 */
export function pageComponents(
  context: PageContext,
  bundler: ComponentBundler,
  screen: Screen,
  { shown, actions }: { shown: PageComponent[]; actions: QuickAction[] },
): PageComponents | undefined {
  if (shown.length + actions.length === 0) return undefined;
  const { org, userId, timeZone } = context;
  const user = org.store.find(userId)?.row;
  const language = typeof user?.LanguageLocaleKey === 'string' ? user.LanguageLocaleKey : 'en_US';
  const labels = screen.labels(language);
  const key = bundler.prepare({
    files: screen.bundleFiles,
    components: screen.components.map(({ name }) => name),
    labels: Object.keys(labels).sort(),
    fields: fieldsOf(org),
  });
  const { locale } = readerOf(org, userId);
  return {
    shown,
    actions,
    script: `/lightning/components/${key}/main.js`,
    told: { userId, lang: language.replace(/_/g, '-'), locale, timeZone, apiVersion: API_VERSION, labels },
  };
}

/** The fields that a component may import, whoever sees them. */
function fieldsOf({ schema }: Org): Record<string, string[]> {
  return Object.fromEntries(schema.objects.map((object) => [object.name, object.fields.map(({ name }) => name)]));
}

/** Sessions of the pages, as far as this module needs them. */
export interface PageSessions {
  session(token: string): { userId: string } | undefined;
  open(userId: string): string;
}

/** Gives the browser a session of the user whom the page shows, unless it has one. */
export function ensureSession(req: Request, res: Response, sessions: PageSessions, userId: string): void {
  const token = cookieOf(req, SESSION_COOKIE);
  if (token !== undefined && sessions.session(token)?.userId === userId) return;
  res.cookie(SESSION_COOKIE, sessions.open(userId), { httpOnly: true, sameSite: 'strict', path: '/lightning' });
}
