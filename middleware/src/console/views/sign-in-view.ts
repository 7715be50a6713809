import { html, type Html } from '../../page/html';
import { outside } from './outside-view';

/** How to sign in. */
export function signInView(): Html {
  return outside(
    'Sign in',
    html`<p>The console is opened by a link that is good once, for 15 minutes. On the server, run:</p>
      <pre><code>booking-connector link</code></pre>
      <p class="soft">The server also prints one when it starts. Or ask whoever runs it for a link of your own.</p>`,
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
