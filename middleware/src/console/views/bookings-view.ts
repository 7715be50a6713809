import type { OrderResult } from '../../admin/orders/orders';
import { BOOKING_STATUSES } from '../../booking/booking';
import { PROGRESS } from '../../booking/list.store';
import { attribute, html, type Html } from '../../page/html';
import type { BookingSearch } from '../booking-routes';
import { PROGRESS_WORDS, progressBadge, statusBadge } from './badges';
import { appointment } from './words';

type Listed = OrderResult<'listBookings'>;

/** The list of bookings, with a search above it. */
export function bookingsView({
  bookings,
  next,
  asked,
  sources,
}: Listed & { asked: BookingSearch; sources: string[] }): Html {
  return html`<h1>Bookings</h1>
    ${searchForm(asked, sources)}
    ${bookings.length === 0 ? html`<section class="card empty"><h2>No booking is like that</h2></section>` : table(bookings)}
    ${next !== null && html`<p class="pager"><a class="button" href="${addressOf({ ...asked, after: next })}">Older</a></p>`}`;
}

function searchForm({ key, progress, status, source }: BookingSearch, sources: string[]): Html {
  return html`<form class="card search" method="get" action="/console/bookings" role="search">
    <div class="field grow">
      <label for="key">Booking key</label>
      <input
        id="key"
        name="key"
        type="search"
        value="${key ?? ''}"
        placeholder="The beginning of it"
        maxlength="300"
        autocomplete="off"
      />
    </div>
    ${select(
      'progress',
      'How far',
      progress,
      PROGRESS.map((one) => [one, PROGRESS_WORDS[one]]),
    )}
    ${select(
      'status',
      'Status',
      status,
      BOOKING_STATUSES.map((one) => [one, one]),
    )}
    ${select(
      'source',
      'Source',
      source,
      sources.map((one) => [one, one]),
    )}
    <button class="button" type="submit">Search</button>
  </form>`;
}

function select(
  name: string,
  label: string,
  chosen: string | undefined,
  options: [value: string, word: string][],
): Html {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      <option value="">All</option>
      ${options.map(
        ([value, word]) => html`<option value="${value}" ${attribute('selected', value === chosen)}>${word}</option>`,
      )}
    </select>
  </div>`;
}

function table(bookings: Listed['bookings']): Html {
  return html`<div class="card table">
    <table>
      <thead>
        <tr>
          <th scope="col">Booking</th>
          <th scope="col">Customer</th>
          <th scope="col">When</th>
          <th scope="col">Status</th>
          <th scope="col">Salesforce</th>
        </tr>
      </thead>
      <tbody>
        ${bookings.map(
          (booking) =>
            html`<tr>
              <th scope="row">
                <a href="/console/bookings/${booking.id}">${booking.subject ?? booking.page ?? booking.rootKey}</a>
                <span class="below">${booking.sourceId}: ${booking.rootKey}</span>
              </th>
              <td>${booking.customer?.name}<span class="below">${booking.customer?.email}</span></td>
              <td>
                ${appointment(booking.startsAt)}<span class="below"
                  >${booking.host !== null && `with ${booking.host}`}</span
                >
              </td>
              <td>${statusBadge(booking.status)}</td>
              <td>${progressBadge(booking.progress)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function addressOf(asked: BookingSearch): string {
  const query = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/console/bookings?${new URLSearchParams(query).toString()}`;
}
