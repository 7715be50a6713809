import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { form } from './layout';
import { settingsCheckView } from './settings-check-view';
import { mappingsView, requiredView, rulesView } from './settings-document-view';
import { ago, when } from './words';

interface SettingsPage {
  version: number;
  settings: OrderResult<'exportSettings'>['settings'];
  check: OrderResult<'checkSettings'>;
  versions: OrderResult<'listSettingsVersions'>['versions'];
  pages: OrderResult<'listPages'>;
  /** Null when no org could be asked. */
  required: OrderResult<'requiredFields'>['fields'] | null;
  now: Date;
  csrf: string;
  mayChange: boolean;
}

const SHOWN_VERSIONS = 20;

/** The settings that count now, what is wrong with them, and those before. */
export function settingsView(page: SettingsPage): Html {
  const { version, settings, check, required } = page;
  return html`<div class="heading">
      <h1>Settings <span class="pill calm">version ${version}</span></h1>
      <div class="gate">
        <a class="button" href="/console/settings/export">Export</a>
        <a class="button brand-button" href="/console/settings/edit"
          >${page.mayChange ? 'Change or import' : 'Check a document'}</a
        >
      </div>
    </div>
    ${version === 0 && html`<p class="lead">Nobody has changed anything yet: this is what the connector comes with.</p>`}
    ${settingsCheckView(check)} ${pagesCard(page)} ${rulesView(settings)} ${mappingsView(settings)}
    ${requiredView(settings, required)} ${versionsCard(page)}`;
}

function pagesCard({ pages: { pages, newPages }, settings, csrf, mayChange }: SettingsPage): Html {
  const seen = new Set(pages.map(({ key }) => key));
  const rows = [
    ...pages.map(({ key, name, bookings, lastSeenAt, isEnabled, hasOverrides }) => ({
      key,
      name,
      isEnabled,
      hasOverrides,
      seen: { bookings, lastSeenAt },
    })),
    ...Object.entries(settings.pages)
      .filter(([key]) => !seen.has(key))
      .map(([key, { name, enabled, rules, mappings, required }]) => ({
        key,
        name: name ?? null,
        isEnabled: enabled,
        hasOverrides: (rules ?? mappings ?? required) !== undefined,
        seen: null,
      })),
  ];
  return html`<section class="card table" aria-labelledby="pages">
    <div class="card-head">
      <h2 id="pages">Booking pages</h2>
      <p class="soft">Pages that the settings do not name are ${newPages}.</p>
    </div>
    ${
      rows.length > 0 &&
      html`<table>
        <thead>
          <tr>
            <th scope="col">Page</th>
            <th scope="col" class="number">Bookings</th>
            <th scope="col">The newest</th>
            <th scope="col">Written</th>
            ${mayChange && html`<th scope="col"><span class="hidden">Change</span></th>`}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">
                  ${row.name ?? row.key}
                  ${row.hasOverrides && html`<span class="pill busy">has settings of its own</span>`}
                  ${row.name !== null && html`<span class="below">${row.key}</span>`}
                </th>
                <td class="number">${row.seen?.bookings.toLocaleString('en-US') ?? '0'}</td>
                <td>${row.seen === null ? html`<span class="soft">none yet</span>` : when(row.seen.lastSeenAt)}</td>
                <td><span class="pill ${row.isEnabled ? 'good' : 'calm'}">${row.isEnabled ? 'on' : 'off'}</span></td>
                ${mayChange && html`<td class="act">${switchForm(row, csrf)}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>`
    }
  </section>`;
}

function switchForm({ key, isEnabled }: { key: string; isEnabled: boolean }, csrf: string): Html {
  return form(
    '/console/settings/pages',
    csrf,
    html`<input type="hidden" name="key" value="${key}" />
      <input type="hidden" name="enabled" value="${isEnabled ? 'no' : 'yes'}" />
      <button class="button" type="submit">
        Switch ${isEnabled ? 'off' : 'on'}<span class="hidden">: ${key}</span>
      </button>`,
  );
}

function versionsCard({ versions, version: newest, now }: SettingsPage): Html {
  return html`<section class="card table" aria-labelledby="versions">
    <div class="card-head">
      <h2 id="versions">Versions</h2>
      <p class="soft">Every save is kept. A version shows what it changed, and what going back to it would change.</p>
    </div>
    <table>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Saved by</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        ${versions.slice(0, SHOWN_VERSIONS).map(
          ({ version, author, createdAt }) =>
            html`<tr>
              <th scope="row">
                <a href="/console/settings/versions/${version}">Version ${version}</a>
                ${version === newest && html`<span class="pill good">counts now</span>`}
              </th>
              <td>${author}</td>
              <td>${ago(createdAt, now)}</td>
            </tr>`,
        )}
        <tr>
          <th scope="row"><a href="/console/settings/versions/0">Version 0</a></th>
          <td class="soft" colspan="2">what the connector comes with</td>
        </tr>
      </tbody>
    </table>
  </section>`;
}
