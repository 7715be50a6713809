import { attribute, html, type Html } from '../html';
import type { PageContext } from '../page-context';
import { PAGE_OBJECTS } from '../page-objects';
import { viewers } from '../viewers';
import type { PageComponent } from '../../screen/screen';
import type { PageComponents } from '../page-components';
import { hasSlds, type SldsVersion } from '../../components/slds';
import { objectIcon } from './icons';

/** What a page is, around its content. */
export interface Page {
  title: string;
  content: Html;
  /** The object whose tab is open; `home` for the first one, none elsewhere. */
  tab?: string;
  /** What stands in the search box. */
  search?: string;
  /** The components that the content has places for. */
  components?: PageComponents | undefined;
  /** Seconds after which a browser without scripts looks again. */
  lookAgainAfterSeconds?: number;
}

/** A whole page; `apps` are the components that have a tab of their own. */
export function layout(context: PageContext, page: Page, apps: readonly PageComponent[]): Html {
  const { org, timeZone, slds } = context;
  const { title, content, tab, search, components, lookAgainAfterSeconds } = page;
  return html`<!doctype html>
    <html lang="en" data-time-zone="${timeZone}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Org emulator</title>
        <link rel="icon" href="/lightning/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/lightning/assets/layers.css" />
        <script src="/lightning/assets/pages.js" defer></script>
        ${
          components &&
          html`<link rel="stylesheet" href="/lightning/assets/slds-${slds}.css" />
            <script type="module" src="${components.script}"></script>`
        }
        ${
          lookAgainAfterSeconds !== undefined &&
          html`<noscript><meta http-equiv="refresh" content="${lookAgainAfterSeconds}" /></noscript>`
        }
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <aside class="honest" aria-label="About this page">
          <strong>Org emulator — not Salesforce.</strong> A stand-in on your machine, read-only here.
        </aside>
        <header class="top">
          <a class="brand" href="/"
            ><img src="/lightning/assets/icon.svg" alt="" width="28" height="28" />${orgName(org)}</a
          >
          <form class="search" role="search" action="/" method="get">
            <label class="hidden" for="q">Search by name or e-mail</label>
            <input id="q" name="q" type="search" value="${search ?? ''}" placeholder="Search by name or e-mail…" />
          </form>
          ${viewerChoice(context, search)}
          <span class="live" data-live-state hidden><span class="dot"></span><span data-live-text>Live</span></span>
        </header>
        <nav class="tabs" aria-label="Objects">
          <ul>
            <li><a href="/" ${attribute('aria-current', tab === 'home' && 'page')}>Home</a></li>
            ${PAGE_OBJECTS.map(({ sobject }) => tabLink(context, sobject, tab === sobject))}
            ${apps.map(
              ({ name, label }) =>
                html`<li>
                  <a href="/lightning/n/${name}" ${attribute('aria-current', tab === name && 'page')}>${label}</a>
                </li>`,
            )}
          </ul>
        </nav>
        <main id="content" tabindex="-1">${content}</main>
        <footer class="foot">
          Times are shown in ${timeZone.replace(/_/g, ' ')}.${components && otherDesignSystem(slds)}
        </footer>
        <p class="hidden" role="status" aria-live="polite" id="announcer"></p>
      </body>
    </html>`;
}

/** A page that says one thing. */
export function messageView(title: string, text: Html | string): Html {
  return html`<section class="card message">
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button" href="/">Go to the home page</a></p>
  </section>`;
}

/** The name of the org. */
export function orgName(org: PageContext['org']): string {
  const name = org.store.find(org.ids.organizationId)?.row.Name;
  return typeof name === 'string' ? name : 'Emulated org';
}

/** As whom the org is looked at. Without scripts the button sends it. */
function viewerChoice({ org, userId }: PageContext, search: string | undefined): Html {
  return html`<form class="viewer" method="get">
    <label for="viewer">Viewing as</label>
    <select id="viewer" name="user">
      ${viewers(org).map(
        ({ Id, Name }) => html`<option value="${Id}" ${attribute('selected', Id === userId)}>${String(Name)}</option>`,
      )}
    </select>
    ${search !== undefined && html`<input type="hidden" name="q" value="${search}" />`}
    <noscript><button class="button">Switch</button></noscript>
  </form>`;
}

function tabLink(context: PageContext, sobject: string, isOpen: boolean): Html | null {
  const object = context.object(sobject);
  if (!object) return null;
  return html`<li>
    <a href="/lightning/o/${sobject}/list" ${attribute('aria-current', isOpen && 'page')}
      >${objectIcon(sobject)}${object.flags.labelPlural}</a
    >
  </li>`;
}

/** The way to see the same components as orgs of the other theme show them. */
function otherDesignSystem(slds: SldsVersion): Html | null {
  const other = slds === '1' ? '2' : '1';
  if (!hasSlds(other)) return null;
  return html` Components are drawn with SLDS ${slds}; <a href="?slds=${other}">draw them with SLDS ${other}</a>.`;
}
