import type { DemoBookable, DemoHost } from '../demo-booking';
import type { FormErrors, FormValues } from '../forms';
import { html, type Html } from '../../page/html';
import { dayOf } from '../time-zone';
import { errorSummary, type Field, fieldInput } from './field';
import { summary } from './summary';

const FIELDS: Field[] = [
  { name: 'name', label: 'Your name', autocomplete: 'name', maxLength: 120 },
  { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'email', maxLength: 80 },
  {
    name: 'phone',
    label: 'Phone',
    type: 'tel',
    isOptional: true,
    hint: 'With the country code, such as +44 20 7946 0123',
    autocomplete: 'tel',
    maxLength: 40,
  },
  { name: 'company', label: 'Company', isOptional: true, autocomplete: 'organization', maxLength: 120 },
  { name: 'note', label: 'Anything we should know?', isOptional: true, rows: 3, maxLength: 1000 },
];

/** What the form is about, and what was typed into it before. */
export interface Details {
  bookable: DemoBookable;
  host: DemoHost;
  startsAt: Date;
  timeZone: string;
  values: FormValues;
  errors: FormErrors;
}

/** Who books the chosen time. */
export function detailsView({ bookable, host, startsAt, timeZone, values, errors }: Details): Html {
  const back = `/book/${bookable.slug}?day=${dayOf(startsAt, timeZone)}&timeZone=${encodeURIComponent(timeZone)}`;
  return html`<section class="card split">
    ${summary(bookable, host, { startsAt, timeZone }, html`<p><a href="${back}">Choose another time</a></p>`)}
    <div class="work">
      <h2>Who is coming?</h2>
      ${errorSummary(FIELDS, errors)}
      <form method="post" action="/book/${bookable.slug}" novalidate data-once>
        <input type="hidden" name="start" value="${startsAt.toISOString()}" />
        <input type="hidden" name="timeZone" value="${timeZone}" />
        ${FIELDS.map((field) => fieldInput(field, values, errors))}
        <p class="actions"><button class="button" type="submit">Book this time</button></p>
      </form>
    </div>
  </section>`;
}
