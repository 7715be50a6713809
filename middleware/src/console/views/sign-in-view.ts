import { html, type Html } from '../../page/html';
import { outside } from './outside-view';

/** How to sign in. @param wanted the page that somebody is led back to; null when he came by himself. */
export function signInView(wanted: string | null = null): Html {
  if (wanted !== null && CUSTOMER.test(wanted)) return customerSignInView();
  return outside(
    'Sign in',
    html`<p>The console is opened by a link that is good once, for 15 minutes. On the server, run:</p>
      <pre><code>booking-connector link</code></pre>
      <p class="soft">The server also prints one when it starts. Or ask whoever runs it for a link of your own.</p>`,
  );
}

const CUSTOMER = /^\/(?:go|console)\/customers\//;

/** For somebody who pressed "View customer" in Salesforce, and may never have heard of this server. */
function customerSignInView(): Html {
  return outside(
    'Sign in to see the customer',
    html`<p>
        The page of a customer is shown to people who are signed in here. Ask the administrator of your bookings for a
        link with the role <strong>rep</strong>, and open it in this browser: it leads back to the customer.
      </p>
      <p class="soft">The administrator makes it on the server; it is good once, for 15 minutes:</p>
      <pre><code>booking-connector link --role rep --name "your name"</code></pre>`,
  );
}

/** What a one-time link leads to: opening it signs nobody in, because previews of links open it too. */
export function enterView(token: string): Html {
  return outside(
    'Sign in',
    html`<p>This link signs you in once.</p>
      <form method="post" action="/console/enter">
        <input type="hidden" name="token" value="${token}" />
        <button class="button brand-button" type="submit">Sign in to the console</button>
      </form>`,
  );
}
