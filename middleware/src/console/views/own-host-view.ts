import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { when, whenExactly } from './words';

/** Which Salesforce user somebody is, and the button to say so. */
export function ownHostView({ own, csrf }: { own: OrderResult<'getOwnHost'>; csrf: string }): Html {
  const { email, link, cannot } = own;
  const button = link === null ? 'Link me to Salesforce' : 'Link me again';
  return html`<h1>Your Salesforce user</h1>
    <p class="lead">
      The Events of bookings that you host belong to your Salesforce user. The connector finds him by your e-mail
      address; where Salesforce has another one, link yourself by signing in there.
    </p>
    <section class="card narrow">
      <p>
        ${
          email === null
            ? 'Your sign-in names no e-mail address: the one that Salesforce knows and has verified is linked.'
            : html`Your address as a host: <strong>${email}</strong>`
        }
      </p>
      ${
        link === null
          ? email !== null && html`<p>It is not linked: it counts as it is.</p>`
          : html`<p>
              Linked to <strong>${link.username}</strong> since ${when(link.linkedAt)},
              ${link.via === 'admin' ? `by an admin, ${link.linkedBy}.` : 'by signing in.'}
            </p>`
      }
      ${
        cannot === null
          ? html`<div class="actions">
              ${form('/console/me/link', csrf, html`<button class="button brand-button" type="submit">${button}</button>`)}
              ${
                link?.via === 'signIn' &&
                form('/console/me/unlink', csrf, html`<button class="button" type="submit">End the link</button>`)
              }
            </div>`
          : html`<p class="soft">${cannot}</p>`
      }
    </section>`;
}

/** The last page before Salesforce; a link leads there, as forms may not lead to other sites. */
export function leaveAsSelfView({ begun, email }: { begun: OrderResult<'beginHostLink'>; email: string | null }): Html {
  return html`<p class="crumb"><a href="/console/me">Your Salesforce user</a></p>
    <h1>Link yourself</h1>
    <section class="card">
      <ol class="setup">
        <li>
          <p>Sign in at <strong>${new URL(begun.url).host}</strong> as yourself, and press Allow.</p>
        </li>
        <li>
          <p>
            Salesforce leads you back here. The connector asks it who you are, and for nothing else: it keeps no token,
            and can do nothing in your name.
          </p>
        </li>
        <li>
          <p>
            Bookings of ${email !== null && html`<strong>${email}</strong> and of `}the address that Salesforce has
            verified then belong to that user.
          </p>
        </li>
      </ol>
      <p class="actions">
        <a class="button brand-button" href="${begun.url}" rel="noreferrer">Go to Salesforce</a>
        <a class="button" href="/console/me">Cancel</a>
      </p>
      <p class="soft">
        Good once, until ${whenExactly(begun.expiresAt)}, in this browser. If Salesforce shows an error and does not
        lead you back, show its words to an admin: the app may lack a scope (openid; id, profile, email, address,
        phone), the callback URL, or the permission for you to use it.
      </p>
    </section>`;
}

/** It came to nothing. */
export function refusedLinkView(message: string): Html {
  return html`<p class="crumb"><a href="/console/me">Your Salesforce user</a></p>
    <h1>Not linked</h1>
    <section class="card">
      <div class="notice bad" role="alert">
        ${ICONS.warning}
        <p>${message}</p>
      </div>
      <p>Nothing was changed. <a href="/console/me">Begin again</a></p>
    </section>`;
}
