import type { OrderResult } from '../../admin/orders/orders';
import type { BookingStatus } from '../../booking/booking';
import { html, type Html } from '../../page/html';
import { outcomeBadge, partsInWords, statusBadge } from './badges';
import { fieldChangesView } from './field-changes-view';
import { stepView } from './step-view';

/** What would become of one booking. */
export type PlannedBooking = NonNullable<OrderResult<'dryRunLatest'>['differences'][number]['now']>;

const ACTIONS = { create: 'New', update: 'Change of', delete: 'Delete' } as const;

/** What was looked for and decided, what would be written, and what would wait. */
export function planView({ steps, writes, parts }: PlannedBooking): Html {
  const open = partsInWords(parts).filter(({ outcome }) => outcome.state !== 'written');
  return html`<ol class="steps">
      ${steps.filter((step) => !('after' in step)).map(stepView)}
    </ol>
    ${writes.length === 0 && html`<p>Nothing would be written.</p>`}
    ${writes.map(({ action, sobject, recordId, fields }) => {
      const title = `${ACTIONS[action]} ${sobject}${recordId === null ? '' : ` ${recordId}`}`;
      return fields.length === 0
        ? html`<p><strong>${title}</strong></p>`
        : fieldChangesView(title, fields, action === 'create');
    })}
    ${
      open.length > 0 &&
      html`<dl class="parts">
        ${open.map(
          ({ word, outcome }) =>
            html`<div>
              <dt>${word}</dt>
              <dd>
                ${outcomeBadge(outcome)} ${'cause' in outcome && outcome.cause}
                ${outcome.state === 'parked' && html`<p><strong>What to do:</strong> ${outcome.remedy}</p>`}
              </dd>
            </div>`,
        )}
      </dl>`
    }`;
}

/** Which booking a plan is of. */
export function planTitle({ bookingId, status }: PlannedBooking): Html {
  return html`<code>${bookingId}</code> ${statusBadge(status as BookingStatus)}`;
}
