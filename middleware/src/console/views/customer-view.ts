import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html, type HtmlPart } from '../../page/html';
import { statusBadge } from './badges';
import { factList } from './facts';
import { outsideLink } from './outside-link';
import { appointment, appointmentIn } from './words';

type Customer = OrderResult<'readCustomer'>;
type BookingOfCustomer = Customer['upcoming'][number];

/** A customer with his bookings: nothing on it can be changed. */
export function customerView({ customer, isMember }: { customer: Customer; isMember: boolean }): Html {
  const { name, email, record, pages, upcoming, past, hasOlder } = customer;
  return html`${isMember && html`<p class="crumb"><a href="/console/bookings">Bookings</a></p>`}
    <div class="heading">
      <h1>${name ?? email ?? 'A customer without a name'}</h1>
      <p class="buttons">
        ${pages.map(({ sourceId, url }) => outsideLink(url, `Open in ${sourceId}`, 'button'))}
        ${record?.url && outsideLink(record.url, `View ${record.sobject} in Salesforce`, 'button brand-button')}
      </p>
    </div>
    <div class="columns">
      <div>
        ${listOf('upcoming', 'Upcoming', upcoming, isMember, 'Nothing is booked at present.')}
        ${listOf('past', 'Past', past, isMember, 'There was no appointment yet.')}
        ${hasOlder && html`<p class="soft">There are older bookings, which are not shown.</p>`}
      </div>
      ${facts(customer)}
    </div>`;
}

function listOf(
  id: string,
  title: string,
  bookings: readonly BookingOfCustomer[],
  isMember: boolean,
  none: string,
): Html {
  return html`<section class="card" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${bookings.length === 0 && html`<p class="soft">${none}</p>`}
    ${
      bookings.length > 0 &&
      html`<ul class="appointments">
        ${bookings.map((booking) => appointmentView(booking, isMember))}
      </ul>`
    }
  </section>`;
}

function appointmentView(booking: BookingOfCustomer, isMember: boolean): Html {
  const { id, status, reason, startsAt, timeZone, subject, page, host, location, joinUrl, manageUrl, event } = booking;
  const title = subject ?? page ?? 'An appointment';
  const details: [string, HtmlPart][] = [
    ['Host', host],
    ['Page', page === title ? null : page],
    ["Customer's clock", appointmentIn(startsAt, timeZone)],
    ['Location', location === joinUrl ? null : location],
    ['Reason', reason],
  ];
  return html`<li>
    <div class="entry-line">
      <h3>${isMember ? html`<a href="/console/bookings/${id}">${title}</a>` : title} ${statusBadge(status)}</h3>
      <p class="soft">${appointment(startsAt)}</p>
    </div>
    ${factList(details, 'inline')}
    <p class="ways">
      ${joinUrl !== null && outsideLink(joinUrl, 'Join')}
      ${manageUrl !== null && outsideLink(manageUrl, 'Change or cancel')}
      ${event?.url && outsideLink(event.url, 'View in Salesforce')}
    </p>
  </li>`;
}

function facts({ id, email, phone, company, timeZone }: Customer): Html {
  const rows: [string, HtmlPart][] = [
    ['E-mail', email],
    ['Phone', phone],
    ['Company', company],
    ['Time zone', timeZone],
    ['Booking Customer ID', html`<code>${id}</code>`],
  ];
  return html`<aside class="card" aria-labelledby="facts">
    <h2 id="facts">The customer</h2>
    ${factList(rows)}
  </aside>`;
}

/** What there is to say of an id that is nobody's. */
export function noCustomerView(): Html {
  return html`<h1>There is no such customer</h1>
    <section class="card narrow">
      <p>This connector knows no customer of the id that the record has. It may be that</p>
      <ul class="bullets">
        <li>
          the id was typed in or copied from somewhere else: see <strong>Booking Customer ID</strong> on the record,
        </li>
        <li>the customer belongs to another team than you,</li>
        <li>the record was copied from another org, as in a sandbox, whose bookings go to another connector.</li>
      </ul>
      <p class="soft">Nothing is wrong with the record. Its bookings are in its activities in Salesforce.</p>
    </section>`;
}
