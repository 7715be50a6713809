import type { DemoBookable, DemoBooking, DemoHost } from '../demo-booking';
import { html, type Html } from '../../page/html';
import { sayDay, sayTime } from '../time-zone';
import { avatar, ICONS } from './icons';
import { statusBadge } from './status';

/** What can be booked, and what was booked here. */
export function homeView(offers: { bookable: DemoBookable; host: DemoHost }[], latest: DemoBooking[]): Html {
  return html`<div class="intro">
      <h1>Book a time</h1>
      <p class="lead">
        Book, move or cancel a meeting here, as one of your customers would, and watch it arrive in Salesforce.
      </p>
    </div>
    <ul class="offers">
      ${offers.map(offer)}
    </ul>
    ${
      latest.length > 0 &&
      html`<section class="latest" aria-labelledby="latest">
        <h2 id="latest">Booked here</h2>
        <ul class="rows">
          ${latest.map(bookedRow)}
        </ul>
      </section>`
    }`;
}

function offer({ bookable, host }: { bookable: DemoBookable; host: DemoHost }): Html {
  return html`<li class="card offer">
    <h2><a href="/book/${bookable.slug}">${bookable.title}</a></h2>
    <p>${bookable.description}</p>
    <p class="meta">
      <span>${ICONS.clock}${bookable.lengthMinutes} min</span>
      <span>${avatar(host.name)}${host.name}</span>
    </p>
  </li>`;
}

function bookedRow(booking: DemoBooking): Html {
  const { customer, bookable, startsAt } = booking;
  return html`<li>
    <a href="/booking/${booking.uid}">${bookable.title}, ${customer.name}</a>
    <span class="meta">${sayDay(startsAt, customer.timeZone)}, ${sayTime(startsAt, customer.timeZone)}</span>
    ${statusBadge(booking)}
  </li>`;
}
