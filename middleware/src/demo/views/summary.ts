import type { DemoBookable, DemoHost } from '../demo-booking';
import { html, type Html } from '../../page/html';
import { sayDay, sayTimes, sayTimeZone } from '../time-zone';
import { avatar, ICONS } from './icons';

/** What is booked with whom, beside the choice of a time and the form. */
export function summary(
  bookable: DemoBookable,
  host: DemoHost,
  chosen: { startsAt: Date; timeZone: string } | null,
  more: Html | null = null,
): Html {
  return html`<aside class="summary">
    <p class="host">${avatar(host.name)}${host.name}</p>
    <h1>${bookable.title}</h1>
    <p class="lead">${bookable.description}</p>
    <ul class="facts">
      ${
        chosen &&
        html`<li class="strong">
          ${ICONS.calendar}<span>${when(chosen.startsAt, bookable.lengthMinutes, chosen.timeZone)}</span>
        </li>`
      }
      <li>${ICONS.clock}<span>${bookable.lengthMinutes} minutes</span></li>
      <li>${ICONS.video}<span>Video call</span></li>
      ${chosen && html`<li>${ICONS.globe}<span>${sayTimeZone(chosen.timeZone)}</span></li>`}
    </ul>
    ${more}
  </aside>`;
}

/** Day and times of an appointment, in two lines. */
export function when(startsAt: Date, lengthMinutes: number, timeZone: string): Html {
  const endsAt = new Date(startsAt.getTime() + lengthMinutes * 60_000);
  return html`<time datetime="${startsAt.toISOString()}"
    >${sayDay(startsAt, timeZone)}<br />${sayTimes(startsAt, endsAt, timeZone)}</time
  >`;
}
