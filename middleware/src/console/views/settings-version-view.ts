import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { form } from './layout';
import { when } from './words';

type Changes = OrderResult<'diffSettings'>['changes'];

interface VersionPage {
  version: number;
  newest: number;
  info: OrderResult<'listSettingsVersions'>['versions'][number] | null;
  /** What it changed. */
  made: Changes;
  /** What going back to it would change. */
  back: Changes;
  csrf: string;
  mayChange: boolean;
}

/** One version: what it changed, and what going back to it would change. */
export function settingsVersionView({ version, newest, info, made, back, csrf, mayChange }: VersionPage): Html {
  return html`<p class="crumb"><a href="/console/settings">Settings</a></p>
    <h1>Version ${version} ${version === newest && html`<span class="pill good">counts now</span>`}</h1>
    ${info !== null && html`<p class="lead">Saved by ${info.author} on ${when(info.createdAt)}.</p>`}
    ${
      version === 0
        ? html`<p class="lead">What the connector comes with.</p>`
        : html`<section class="card" aria-labelledby="made">
            <h2 id="made">What it changed</h2>
            ${changesView(made)}
          </section>`
    }
    ${
      version !== newest &&
      html`<section class="card" aria-labelledby="back">
        <h2 id="back">What going back to it would change</h2>
        ${changesView(back)}
        ${
          mayChange &&
          back.length > 0 &&
          form(
            '/console/settings/rollback',
            csrf,
            html`<input type="hidden" name="version" value="${version}" />
              <input type="hidden" name="expectedVersion" value="${newest}" />
              <button class="button brand-button" type="submit">Go back to version ${version}</button>`,
          )
        }
      </section>`
    }`;
}

function changesView(changes: Changes): Html {
  if (changes.length === 0) return html`<p class="soft">Nothing is different.</p>`;
  return html`<div class="scroll">
    <table class="values">
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ path, before, after }) =>
            html`<tr>
              <th scope="row"><code>${path}</code></th>
              <td>${side(before)}</td>
              <td>${side(after)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function side(value: unknown): Html {
  if (value === undefined) return html`<span class="soft">not there</span>`;
  return html`<code>${JSON.stringify(value)}</code>`;
}
