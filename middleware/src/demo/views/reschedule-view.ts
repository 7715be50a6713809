import type { DemoBooking } from '../demo-booking';
import type { FormErrors, FormValues } from '../forms';
import { html, type Html } from '../../page/html';
import { dayOf } from '../time-zone';
import { errorSummary, type Field, fieldInput } from './field';
import { summary, when } from './summary';

const REASON: Field = {
  name: 'reason',
  label: 'Why does it move?',
  isOptional: true,
  hint: 'Salesforce shows the reason with the event.',
  rows: 3,
  maxLength: 255,
};

/** A booking, the time it is to move to, and what was typed before. */
export interface Move {
  booking: DemoBooking;
  startsAt: Date;
  timeZone: string;
  values: FormValues;
  errors: FormErrors;
}

/** Confirms that a booking moves to another time. */
export function rescheduleView({ booking, startsAt, timeZone, values, errors }: Move): Html {
  const { bookable, host } = booking;
  const path = `/booking/${booking.uid}/reschedule`;
  const back = `${path}?day=${dayOf(startsAt, timeZone)}&timeZone=${encodeURIComponent(timeZone)}`;
  const before = html`<div class="moving">
    <h2>Until now</h2>
    <p class="struck">${when(booking.startsAt, bookable.lengthMinutes, timeZone)}</p>
    <p><a href="${back}">Choose another time</a></p>
  </div>`;
  return html`<section class="card split">
    ${summary(bookable, host, { startsAt, timeZone }, before)}
    <div class="work">
      <h2>Move the booking of ${booking.customer.name}</h2>
      ${errorSummary([REASON], errors)}
      <form method="post" action="${path}" novalidate data-once>
        <input type="hidden" name="start" value="${startsAt.toISOString()}" />
        <input type="hidden" name="timeZone" value="${timeZone}" />
        ${fieldInput(REASON, values, errors)}
        <p class="actions">
          <button class="button" type="submit">Move it</button>
          <a class="button quiet" href="/booking/${booking.uid}">Keep the old time</a>
        </p>
      </form>
    </div>
  </section>`;
}
