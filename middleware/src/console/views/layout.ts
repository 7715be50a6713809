import type { NamedOrg } from '../../sync/environment';
import type { Actor } from '../../security/audit.store';
import { hasRole } from '../../security/role';
import { attribute, html, type Html } from '../../page/html';
import type { Notice } from '../../notice/notice';
import type { News } from '../news';
import { presentOrg } from './environment-badge';
import { ICONS } from './icons';
import { when } from './words';

const SECTIONS = {
  overview: ['/console', 'Overview'],
  bookings: ['/console/bookings', 'Bookings'],
  problems: ['/console/problems', 'Waiting for you'],
  deliveries: ['/console/deliveries', 'Refused webhooks'],
  doctor: ['/console/doctor', 'Health of the org'],
  sources: ['/console/sources', 'Sources'],
  salesforce: ['/console/salesforce', 'Salesforce'],
  hosts: ['/console/hosts', 'Hosts'],
  settings: ['/console/settings', 'Settings'],
  dryRun: ['/console/dry-run', 'Dry run'],
} as const;
/** Where in the console a page is. */
export type Section = keyof typeof SECTIONS;

/** A whole page around its content. */
export function layout({
  title,
  section,
  content,
  news,
  notices,
  csrf,
  actor,
  org,
}: {
  title: string;
  section: Section;
  content: Html;
  news: News | null;
  notices: readonly Notice[];
  csrf: string;
  actor: Actor;
  /** Where bookings of the team go; null: nowhere. */
  org: NamedOrg | null;
}): Html {
  return documentOf(
    title,
    html`<header class="top">
        <a class="brand" href="/console"
          ><img src="/console/assets/icon.svg" alt="" width="28" height="28" />Booking Connector</a
        >
        <div class="who">
          ${presentOrg(org)}
          <span><a href="/console/me">${actor.name}</a> <span class="pill calm">${actor.role}</span></span>
          ${form('/console/sign-out', csrf, html`<button class="link" type="submit">Sign out</button>`)}
        </div>
      </header>
      ${hasRole(actor.role, 'member') && navigation(section)}
      <main id="content" tabindex="-1">${notices.map(noticeView)}${news && newsView(news)}${content}</main>`,
  );
}

function navigation(section: Section): Html {
  return html`<nav class="sections" aria-label="Console">
    <ul>
      ${Object.entries(SECTIONS).map(
        ([name, [href, label]]) =>
          html`<li>
            <a href="${href}" ${attribute('aria-current', name === section ? 'page' : null)}>${label}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** The frame of every page, signed in or not. */
export function documentOf(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>${title} · Booking Connector</title>
        <link rel="icon" href="/console/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/console/assets/console.css" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${body}
      </body>
    </html>`;
}

function newsView({ tone, text }: News): Html {
  return html`<div class="notice ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">
    ${tone === 'bad' ? ICONS.warning : ICONS.check}
    <p>${text}</p>
  </div>`;
}

/** What an admin must know, while it lasts. */
function noticeView({ severity, what, remedy, raisedAt }: Notice): Html {
  return html`<section class="notice lasting ${severity === 'error' ? 'bad' : 'warn'}" aria-label="Notice">
    ${ICONS.warning}
    <div>
      <p><strong>${what}</strong> <span class="soft">since ${when(raisedAt)}</span></p>
      <p>${remedy}</p>
    </div>
  </section>`;
}

/** A form that other sites cannot send. */
export function form(action: string, csrf: string, content: Html): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="csrf" value="${csrf}" />
    ${content}
  </form>`;
}
