import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { form } from './layout';
import { counted, when } from './words';

type Refused = OrderResult<'listRefused'>;

/** Webhooks that proved themselves, were accepted, and were not understood. */
export function deliveriesView({ count, deliveries, next, csrf }: Refused & { csrf: string; now: Date }): Html {
  if (count === 0) {
    return html`<h1>Refused webhooks</h1>
      <section class="card empty">
        <h2>Every webhook was understood</h2>
        <p class="soft">What a source sends and the connector cannot read is kept here, with what is wrong.</p>
      </section>`;
  }
  return html`<div class="heading">
      <h1>Refused webhooks</h1>
      ${form('/console/retry', csrf, html`<button class="button" type="submit">Look at all of them again</button>`)}
    </div>
    <p class="lead">
      ${counted(count, 'webhook')} proved to be genuine, but could not be read. When the mapping of the source is put
      right, or after an update, look at them again.
    </p>
    ${deliveries.map((delivery) => deliveryCard(delivery, csrf))}
    ${next !== null && html`<p class="pager"><a class="button" href="/console/deliveries?after=${next}">Older</a></p>`}`;
}

function deliveryCard({ id, sourceId, receivedAt, faults, isKept }: Refused['deliveries'][number], csrf: string): Html {
  return html`<article class="card split" aria-label="Webhook ${id}">
    <div>
      <p><strong>${sourceId}</strong> <span class="soft">number ${id}, ${when(receivedAt)}</span></p>
      <ul class="faults">
        ${faults.map(({ field, error }) => html`<li>${field !== '' && html`<code>${field}</code> `}${error}</li>`)}
      </ul>
    </div>
    ${
      isKept
        ? form(
            `/console/deliveries/${id}/replay`,
            csrf,
            html`<button class="button" type="submit" aria-label="Look at webhook ${id} again">Look again</button>`,
          )
        : html`<p class="soft">Its body is no longer kept.</p>`
    }
  </article>`;
}
