import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { environmentBadge } from './environment-badge';
import { ago } from './words';

/** A connection as its order answers it. */
export type Connection = OrderResult<'listConnections'>['connections'][number];

/** How each flow is called on the pages. */
export const FLOW_WORDS: Record<Connection['flow'], string> = {
  authorizationCode: 'allowed in a browser',
  clientCredentials: 'client credentials',
  jwtBearer: 'JWT bearer, with a key',
};

const ACCESS_WORDS: Record<Connection['access']['state'], [tone: string, word: string]> = {
  new: ['busy', 'Not yet connected'],
  connected: ['good', 'Connected'],
  lost: ['bad', 'Disconnected'],
  disconnected: ['calm', 'Disconnected by an admin'],
};

/** Whether Salesforce lets the connector in; an org that is another one than before has a word of its own. */
export function accessBadge({ state, code }: Connection['access']): Html {
  const [tone, word] = code === 'OTHER_ORG' ? ['bad', 'Another org'] : ACCESS_WORDS[state];
  return html`<span class="pill ${tone}">${word}</span>`;
}

/** Every connected org. */
export function connectionsView({
  connections,
  now,
  csrf,
  mayChange,
}: {
  connections: Connection[];
  now: Date;
  csrf: string;
  mayChange: boolean;
}): Html {
  return html`<div class="heading">
      <h1>Salesforce</h1>
      ${mayChange && html`<a class="button brand-button" href="/console/salesforce/new">Connect an org</a>`}
    </div>
    ${
      connections.length === 0
        ? html`<section class="card empty">
            <h2>No org is connected</h2>
            <p class="soft">
              Bookings are accepted and wait. One user of the org, the API user, lets the connector in once; all
              bookings are written by it, whoever took them. Begin with a sandbox.
            </p>
          </section>`
        : html`<div class="card table">
            <table>
              <thead>
                <tr>
                  <th scope="col">Org</th>
                  <th scope="col">Connection</th>
                  <th scope="col">API user</th>
                  <th scope="col"><span class="hidden">Test</span></th>
                </tr>
              </thead>
              <tbody>
                ${connections.map((connection) => row(connection, now, csrf))}
              </tbody>
            </table>
          </div>`
    }`;
}

function row(connection: Connection, now: Date, csrf: string): Html {
  const { id, access, signedInAs, flow, name, teams, other } = connection;
  return html`<tr>
    <th scope="row">
      <a href="/console/salesforce/${id}">${id}</a> ${environmentBadge(connection)}
      <span class="below">${name}</span>
      <span class="below"
        >${teams.length === 0 ? 'no bookings go there' : `bookings of ${teams.join(', ')} go there`}</span
      >
    </th>
    <td>
      ${accessBadge(access)} ${access.since !== null && html`<span class="soft">${ago(access.since, now)}</span>`}
      ${access.cause !== null && html`<span class="below">${access.cause}</span>`}
      ${other !== null && html`<span class="below"><a href="/console/salesforce/${id}/compare">Look at the other org</a></span>`}
    </td>
    <td>
      ${signedInAs ?? html`<span class="soft">not known yet</span>`}<span class="below">${FLOW_WORDS[flow]}</span>
    </td>
    <td class="act">
      ${form(
        `/console/salesforce/${id}/test`,
        csrf,
        html`<button class="button" type="submit" aria-label="Test ${id}">Test</button>`,
      )}
    </td>
  </tr>`;
}

/** Something is in the way: cause and remedy. Of a loss the notice on every page tells. */
export function lossNotice({ state, cause, remedy, since }: Connection['access'], now: Date): Html | null {
  if (cause === null || state === 'connected' || state === 'lost') return null;
  return html`<div class="notice ${state === 'disconnected' ? 'warn' : 'bad'}" role="alert">
    ${ICONS.warning}
    <div>
      <p>
        <strong>${cause}</strong>
        ${since !== null && html`<span class="soft">${ago(since, now)}</span>`}
      </p>
      ${remedy !== null && html`<p>${remedy}</p>`}
    </div>
  </div>`;
}
