import { type DemoBooking, isChangeable } from '../demo-booking';
import type { DemoDelivery } from '../demo-deliveries';
import type { FormErrors, FormValues } from '../forms';
import { attribute, html, type Html } from '../../page/html';
import { sayDay, sayTimes, sayTimeZone } from '../time-zone';
import { deliveriesView } from './deliveries-view';
import { errorSummary, type Field, fieldInput } from './field';
import { ICONS } from './icons';
import type { Site } from './layout';
import { statusBadge } from './status';

const REASON: Field = {
  name: 'reason',
  label: 'Why?',
  isOptional: true,
  hint: 'Salesforce shows the reason with the event.',
  rows: 2,
  maxLength: 255,
};

/** A cancel that was not accepted: what was typed, and what is wrong with it. */
export interface RefusedCancel {
  values: FormValues;
  errors: FormErrors;
}

/** A booking, what can be done with it, and what was sent about it. */
export function bookingView(
  site: Site,
  booking: DemoBooking,
  deliveries: DemoDelivery[],
  refused: RefusedCancel | null,
): Html {
  return html`<div class="columns">
    <section class="card booking" aria-labelledby="booked">
      ${headline(booking)} ${facts(booking)} ${isChangeable(booking) && changes(booking, refused)}
      ${booking.state === 'booked' && hostActions(booking)}
    </section>
    ${deliveriesView(site, booking, deliveries)}
  </div>`;
}

function headline(booking: DemoBooking): Html {
  const [icon, tone, title] = saidOf(booking);
  return html`<div class="headline">
    <span class="seal ${tone}">${icon}</span>
    <div>
      <h1 id="booked">${title}</h1>
      <p class="meta">${booking.bookable.title} ${statusBadge(booking)}</p>
    </div>
  </div>`;
}

function saidOf({ state, isNoShow, hasEnded, replaces }: DemoBooking): [icon: Html, tone: string, title: string] {
  if (state === 'canceled') return [ICONS.cross, 'bad', 'This booking is canceled'];
  if (state === 'moved') return [ICONS.move, 'calm', 'This booking has moved'];
  if (isNoShow) return [ICONS.cross, 'bad', 'Nobody came'];
  if (hasEnded) return [ICONS.check, 'calm', 'The meeting is over'];
  return [ICONS.check, 'good', replaces === null ? 'You are booked' : 'Moved to a new time'];
}

function facts(booking: DemoBooking): Html {
  const { customer, host, startsAt, endsAt, replaces, state } = booking;
  const zone = customer.timeZone;
  const isOff = state !== 'booked';
  return html`<dl class="facts">
    <div>
      <dt>${ICONS.calendar}<span class="hidden">When</span></dt>
      <dd>
        <span class="${isOff ? 'strong struck' : 'strong'}"
          >${sayDay(startsAt, zone, true)}<br />${sayTimes(startsAt, endsAt, zone)}</span
        >
        <span class="meta">${sayTimeZone(zone)}</span>
        ${
          replaces !== null &&
          html`<span class="meta struck"
            >${sayDay(replaces.startsAt, zone)}, ${sayTimes(replaces.startsAt, replaces.endsAt, zone)}</span
          >`
        }
      </dd>
    </div>
    <div>
      <dt>${ICONS.person}<span class="hidden">Who</span></dt>
      <dd>
        <span class="strong">${customer.name}</span>
        <span class="meta">${[customer.email, customer.phone, customer.company].filter(Boolean).join(' · ')}</span>
        <span class="meta">with ${host.name}</span>
      </dd>
    </div>
    <div>
      <dt>${ICONS.video}<span class="hidden">Where</span></dt>
      <dd><a href="/video/${booking.videoId}">Video call</a></dd>
    </div>
    ${words('Note', customer.note)} ${words('Why it moved', booking.rescheduleReason)}
    ${words('Why it was canceled', booking.cancelReason)}
    ${
      booking.replacedByUid !== null &&
      html`<div>
        <dt>${ICONS.move}<span class="hidden">Now</span></dt>
        <dd><a class="strong" href="/booking/${booking.replacedByUid}">See the new time</a></dd>
      </div>`
    }
  </dl>`;
}

function words(label: string, text: string | null): Html | null {
  if (text === null) return null;
  return html`<div>
    <dt>${ICONS.note}<span class="hidden">${label}</span></dt>
    <dd><span class="meta">${label}</span><span class="words">${text}</span></dd>
  </div>`;
}

function changes(booking: DemoBooking, refused: RefusedCancel | null): Html {
  const values = refused?.values ?? {};
  const errors = refused?.errors ?? {};
  return html`<div class="changes">
    <a class="button quiet" href="/booking/${booking.uid}/reschedule">Reschedule</a>
    <details class="cancel" ${attribute('open', refused !== null)}>
      <summary class="button quiet danger">Cancel the booking</summary>
      <form method="post" action="/booking/${booking.uid}/cancel" novalidate data-once>
        ${errorSummary([REASON], errors)} ${fieldInput(REASON, values, errors)}
        <p class="actions"><button class="button danger" type="submit">Cancel it</button></p>
      </form>
    </details>
  </div>`;
}

function hostActions(booking: DemoBooking): Html {
  const path = `/booking/${booking.uid}`;
  return html`<section class="as-host" aria-labelledby="as-host">
    <h2 id="as-host">As the host</h2>
    <p class="meta">Once the time has come, ${booking.host.name} says how it went. The demo does not make you wait.</p>
    <div class="actions">
      ${
        !booking.hasEnded &&
        html`<form method="post" action="${path}/end" data-once>
          <button class="button quiet small" type="submit">The meeting has ended</button>
        </form>`
      }
      <form method="post" action="${path}/no-show" data-once>
        <input type="hidden" name="noShow" value="${booking.isNoShow ? 'false' : 'true'}" />
        <button class="button quiet small" type="submit">
          ${booking.isNoShow ? 'They came after all' : 'Nobody came (no-show)'}
        </button>
      </form>
    </div>
  </section>`;
}
