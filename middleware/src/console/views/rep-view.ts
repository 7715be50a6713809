import { html, type Html } from '../../page/html';

/** The first page of the role rep: everything else he comes to from a record in Salesforce. */
export function repView(name: string): Html {
  return html`<h1>Welcome, ${name}</h1>
    <section class="card narrow">
      <p>
        You are signed in. Press <strong>View customer</strong> on a Lead, Contact, Account, Opportunity or Case in
        Salesforce: it opens what the customer has booked.
      </p>
      <p class="soft">
        The other pages of this console are for those who look after the connection. To see them, ask whoever runs the
        connector for a link with the role member.
      </p>
    </section>
    <p><a href="/console/me">Your Salesforce user</a>: who owns the Events of bookings that you host.</p>`;
}
