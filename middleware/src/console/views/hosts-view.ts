import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { when } from './words';

type Hosts = OrderResult<'listHosts'>;
type Host = Hosts['hosts'][number];

const BY: Record<NonNullable<Host['user']>['by'], string> = {
  rule: 'by the settings',
  link: 'by link',
  email: 'by e-mail',
  username: 'by username',
};

/** Every host of bookings, and who owns his Events in Salesforce. */
export function hostsView({ hosts, notAsked, csrf, mayChange }: Hosts & { csrf: string; mayChange: boolean }): Html {
  return html`<div class="heading">
      <h1>Hosts</h1>
      <a class="button" href="/console/me">Your own Salesforce user</a>
    </div>
    <p class="lead">
      Who hosts bookings, and which Salesforce user owns the Events: the user whom the settings name, whom the host is
      linked to, who has his e-mail address, or has it as username. Else it is the fallback owner.
    </p>
    ${
      notAsked !== null &&
      html`<div class="notice warn" role="status">
        ${ICONS.warning}
        <p>Who the users are is not known now. ${notAsked}</p>
      </div>`
    }
    ${
      hosts.length === 0
        ? html`<section class="card empty"><h2>No booking has named a host yet</h2></section>`
        : html`<div class="card table">
            <table>
              <thead>
                <tr>
                  <th scope="col">Host</th>
                  <th scope="col">Bookings</th>
                  <th scope="col">Salesforce user</th>
                  ${mayChange && html`<th scope="col"><span class="hidden">End the link</span></th>`}
                </tr>
              </thead>
              <tbody>
                ${hosts.map((host) => row(host, notAsked !== null, csrf, mayChange))}
              </tbody>
            </table>
          </div>`
    }
    ${mayChange && linkForm(csrf)}`;
}

function row(
  { email, name, upcoming, lastStartsAt, link, user, said }: Host,
  isUnknown: boolean,
  csrf: string,
  mayChange: boolean,
): Html {
  return html`<tr>
    <th scope="row">${email} ${name !== null && html`<span class="below">${name}</span>`}</th>
    <td>
      ${upcoming} to come
      <span class="below">${lastStartsAt === null ? 'none so far' : html`the last at ${when(lastStartsAt)}`}</span>
    </td>
    <td>
      ${
        user === null
          ? !isUnknown && html`<span class="pill warn">no user</span>`
          : html`${user.username} <span class="pill calm">${BY[user.by]}</span>`
      }
      ${
        link !== null &&
        html`<span class="below"
          >linked to ${link.username} by ${link.linkedBy}${link.via === 'signIn' && ', who signed in as him'}</span
        >`
      }
      ${said !== null && html`<span class="below">${said}</span>`}
    </td>
    ${
      mayChange &&
      html`<td class="act">
        ${
          link !== null &&
          form(
            '/console/hosts/unlink',
            csrf,
            html`<input type="hidden" name="host" value="${email}" />
              <button class="button" type="submit">End the link<span class="hidden"> of ${email}</span></button>`,
          )
        }
      </td>`
    }
  </tr>`;
}

function linkForm(csrf: string): Html {
  return html`<section class="card" aria-labelledby="link">
    <h2 id="link">Link a host to a user</h2>
    <p>
      Where Salesforce has another address than the scheduling system. Hosts can do it themselves: give them a sign-in
      link made with their address, <code>booking-connector link --role rep --email ...</code>
    </p>
    ${form(
      '/console/hosts/link',
      csrf,
      html`<div class="field">
          <label for="host">E-mail address of the host</label>
          <input id="host" name="host" type="email" autocomplete="off" required />
        </div>
        <div class="field">
          <label for="user">Username in Salesforce</label>
          <input id="user" name="user" type="text" autocomplete="off" spellcheck="false" required />
        </div>
        <p class="actions"><button class="button brand-button" type="submit">Link</button></p>`,
    )}
  </section>`;
}
