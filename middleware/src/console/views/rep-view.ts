import { html, type Html } from '../../page/html';

/** All that there is for the role rep. */
export function repView(name: string): Html {
  return html`<h1>Welcome, ${name}</h1>
    <section class="card narrow">
      <p>There is nothing for the role rep here yet. Bookings are in Salesforce: look at the Events of your records.</p>
      <p class="soft">To see more, ask whoever runs the connector for a link with the role member.</p>
    </section>`;
}
