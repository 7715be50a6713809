import type { FieldFault } from '../../admin/refused';
import { html, type Html } from '../../page/html';
import { connectionFields } from './connection-form';
import { accessBadge, FLOW_WORDS, lossNotice, type Connection } from './connections-view';
import { environmentBadge } from './environment-badge';
import { factList } from './facts';
import { ICONS } from './icons';
import { form } from './layout';
import { ago } from './words';

interface Shown {
  connection: Connection;
  faults: FieldFault[];
  now: Date;
  csrf: string;
  mayChange: boolean;
  /** Of whoever looks at it. */
  teamId: string;
}

/** How one org is connected, and what can be done about it. */
export function connectionView(shown: Shown): Html {
  const { connection, now, csrf } = shown;
  const { id, access } = connection;
  return html`<p class="crumb"><a href="/console/salesforce">Salesforce</a></p>
    <div class="heading">
      <h1>${id} ${environmentBadge(connection)} ${accessBadge(access)}</h1>
      ${action(id, 'test', csrf, html`<button class="button" type="submit">Test</button>`)}
    </div>
    ${lossNotice(access, now)} ${switchCard(shown)} ${stepsCard(shown)} ${factsCard(shown)} ${changeCard(shown)}`;
}

/** Where bookings of the own team go to another org, or this connection leads to another one. */
function switchCard({ connection, teamId }: Shown): Html | null {
  const { id, teams, other, access } = connection;
  if (other === null && (teams.includes(teamId) || access.state !== 'connected')) return null;
  return html`<section class="card" aria-labelledby="switch">
    <h2 id="switch">${other === null ? 'Have your bookings go here' : 'It leads to another org'}</h2>
    ${
      other === null
        ? html`<p>Your bookings go to another org. See first what this one lacks for your settings.</p>`
        : html`<p>
            ${environmentBadge(other)} <strong>${other.name}</strong> <code>${other.salesforceOrgId}</code>. A sandbox
            that was refreshed is another org. Nothing is written there until you say so; bookings are accepted and
            wait.
          </p>`
    }
    <p class="actions"><a class="button brand-button" href="/console/salesforce/${id}/compare">Compare the orgs</a></p>
  </section>`;
}

function action(id: string, name: string, csrf: string, content: Html): Html {
  return form(`/console/salesforce/${id}/${name}`, csrf, content);
}

/** What is to be done next, when something is. */
function stepsCard({ connection, csrf, mayChange }: Shown): Html | null {
  const { id, flow, access, certificate, callbackUrl, username } = connection;
  if (!mayChange || access.state === 'connected') return null;
  const word = access.state === 'new' ? 'Connect' : 'Reconnect';
  const button = (label: string): Html => html`<button class="button brand-button" type="submit">${label}</button>`;
  if (flow === 'authorizationCode')
    return steps(word, [
      html`<p>The app lists this callback URL, to the letter:</p>
        <pre><code>${callbackUrl}</code></pre>`,
      html`<p>
          Sign in to Salesforce as the API user, and allow the access. Any user of the org with the right permissions
          will do, also another one than before.
        </p>
        ${action(id, 'sign-in', csrf, button(`${word} through Salesforce`))}`,
    ]);
  if (flow === 'jwtBearer' && certificate !== null)
    return steps(word, [
      html`<p>Upload this certificate to the app, under OAuth Settings, JWT Bearer Flow.</p>
        <p><a class="button" href="/console/salesforce/${id}/certificate">Download the certificate</a></p>`,
      html`<p>In the policies of the app, pre-authorize the permission set of <strong>${username}</strong>.</p>`,
      html`<p>Then try it. A new app is known to Salesforce after ten minutes only.</p>
        ${action(id, 'reconnect', csrf, button(word))}`,
    ]);
  return html`<section class="card" aria-labelledby="next">
    <h2 id="next">${word}</h2>
    <p>Bookings go on where they stopped.</p>
    ${action(id, 'reconnect', csrf, button(word))}
  </section>`;
}

function steps(title: string, items: Html[]): Html {
  return html`<section class="card" aria-labelledby="next">
    <h2 id="next">${title}</h2>
    <ol class="setup">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ol>
  </section>`;
}

function factsCard({ connection, now, csrf, mayChange }: Shown): Html {
  const { id, flow, loginUrl, instanceUrl, access, signedInAs, organization, salesforceOrgId, teams } = connection;
  const facts: [string, Html | string][] = [
    [
      'Org',
      html`${organization?.name ?? 'not known yet'} ${salesforceOrgId !== null && html`<code>${salesforceOrgId}</code>`}`,
    ],
    ['API user', signedInAs ?? connection.username ?? 'not known yet'],
    ['Signs in', FLOW_WORDS[flow]],
    ['Address', html`<code>${instanceUrl ?? loginUrl}</code>`],
    ['Consumer key', html`<code>${shortened(connection.clientId)}</code>`],
    ['Bookings of', teams.length === 0 ? 'no team yet: nothing is written to it' : teams.join(', ')],
  ];
  return html`<section class="card" aria-labelledby="facts">
    <h2 id="facts">The connection</h2>
    ${factList(facts, 'wide')}
    ${
      connection.fromEnvironment &&
      html`<p class="soft">
        The environment of the server names this org (SALESFORCE_LOGIN_URL): it is changed there.
      </p>`
    }
    ${
      mayChange &&
      access.state !== 'disconnected' &&
      access.state !== 'new' &&
      action(
        id,
        'disconnect',
        csrf,
        html`<p class="actions">
          <button class="button" type="submit">Disconnect</button>
          <span class="soft">Ends the token at Salesforce. Settings stay; bookings are accepted and wait.</span>
        </p>`,
      )
    }
    ${
      access.state === 'connected' &&
      access.since !== null &&
      html`<p class="soft">Connected since ${ago(access.since, now)}.</p>`
    }
  </section>`;
}

/** A key is no secret, but nobody needs all of its 85 characters. */
function shortened(key: string): string {
  return key.length > 28 ? `${key.slice(0, 14)}…${key.slice(-6)}` : key;
}

function changeCard({ connection, faults, csrf, mayChange }: Shown): Html | null {
  const { id, flow, loginUrl, clientId, username, fromEnvironment, certificate } = connection;
  if (!mayChange || fromEnvironment) return null;
  const typed = { id, flow, host: loginUrl, clientId, username: username ?? '' };
  const isWrong = faults.length > 0;
  return html`<section class="card">
    ${
      isWrong &&
      html`<div class="notice bad" role="alert">
        ${ICONS.warning}
        <p>It was not changed: look at what is wrong below.</p>
      </div>`
    }
    <details ${isWrong ? html`open` : ''}>
      <summary>Change how it signs in</summary>
      ${action(
        id,
        'reconnect',
        csrf,
        html`<input type="hidden" name="change" value="yes" />
          ${connectionFields(typed, faults, { isNew: false })}
          ${
            certificate !== null &&
            html`<label class="check"
              ><input type="checkbox" name="newKey" value="yes" /> make a new key and certificate</label
            >`
          }
          <p class="actions"><button class="button brand-button" type="submit">Save and reconnect</button></p>`,
      )}
    </details>
  </section>`;
}
