import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import type { Connection } from './connections-view';
import { ICONS } from './icons';
import { whenExactly } from './words';

/**
 * The last page before Salesforce. A link leads there and no form: browsers hold the target of a form against the policy
 * of the page, also after a redirect.
 */
export function leaveView({
  connection,
  begun,
}: {
  connection: Connection;
  begun: OrderResult<'beginOrgSignIn'>;
}): Html {
  const { id, callbackUrl, signedInAs } = connection;
  return html`<p class="crumb"><a href="/console/salesforce/${id}">${id}</a></p>
    <h1>Sign in to ${id}</h1>
    <section class="card">
      <ol class="setup">
        <li>
          <p>
            Sign in at <strong>${new URL(begun.url).host}</strong> as the API
            user${signedInAs !== null && html` (so far <strong>${signedInAs}</strong>)`}, not as yourself.
          </p>
        </li>
        <li><p>Press Allow. Salesforce then leads you back here.</p></li>
      </ol>
      <p class="actions">
        <a class="button brand-button" href="${begun.url}" rel="noreferrer">Go to Salesforce</a>
        <a class="button" href="/console/salesforce/${id}">Cancel</a>
      </p>
      <p class="soft">Good once, until ${whenExactly(begun.expiresAt)}, in this browser.</p>
    </section>
    <section class="card">
      <h2>If Salesforce does not lead you back</h2>
      <p>It shows a page with an error then, and tells nobody else. What its words mean:</p>
      <ul class="bullets">
        <li>
          <code>redirect_uri_mismatch</code>: The app does not list <code>${callbackUrl}</code> as a callback URL, to
          the letter.
        </li>
        <li>
          <code>invalid_client_id</code>: The consumer key is another one, or the app is younger than ten minutes.
        </li>
        <li>
          <code>OAUTH_APP_ACCESS_DENIED</code>: The policies of the app do not permit this user: pre-authorize the
          permission set.
        </li>
        <li>
          <code>OAUTH_APP_BLOCKED</code>: An admin has blocked the app, in Setup under Connected Apps OAuth Usage.
        </li>
        <li>
          <code>OAUTH_APPROVAL_ERROR_GENERIC</code>: Often a scope that the app lacks (api, refresh_token), or a user
          who is for the API only.
        </li>
      </ul>
    </section>`;
}

/** Salesforce, or the connector, did not go through with a sign-in. */
export function refusedSignInView(message: string): Html {
  return html`<p class="crumb"><a href="/console/salesforce">Salesforce</a></p>
    <h1>Not signed in</h1>
    <section class="card">
      <div class="notice bad" role="alert">
        ${ICONS.warning}
        <p>${message}</p>
      </div>
      <p>Nothing was changed. <a href="/console/salesforce">Choose the org</a>, and begin again.</p>
    </section>`;
}
