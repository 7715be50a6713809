import type { Answer } from '../deliver';
import { isTaken } from '../deliver';
import type { DemoBooking } from '../demo-booking';
import type { DemoDelivery } from '../demo-deliveries';
import { html, type Html } from '../../page/html';
import { sayTime } from '../time-zone';
import { ICONS } from './icons';
import type { Site } from './layout';

const OUTCOMES: Readonly<Record<string, string>> = {
  stored: 'It is on disk; Salesforce comes next.',
  duplicate: 'It had this one already, and takes it once only.',
  ignored: 'It keeps it, and has nothing to do.',
  refused: 'It keeps it, but does not understand the body.',
};

const STATUSES: Readonly<Record<number, string>> = {
  401: 'It does not believe the signature: the secrets differ.',
  404: 'It knows no source at that address.',
  429: 'It asks for a pause.',
};

/** What was sent about a booking and what came back, the newest first. */
export function deliveriesView(site: Site, booking: DemoBooking, deliveries: DemoDelivery[]): Html {
  const recordPageUrl = site.recordPageUrl?.(booking.customer.email);
  return html`<section class="sent" aria-labelledby="sent">
    <h2 id="sent">What just happened</h2>
    ${
      recordPageUrl !== undefined &&
      html`<p><a class="button onward" href="${recordPageUrl}">See it in Salesforce (emulator)${ICONS.move}</a></p>`
    }
    <ol class="deliveries">
      ${deliveries.map((delivery) => deliveryItem(booking, delivery))}
    </ol>
  </section>`;
}

function deliveryItem(booking: DemoBooking, delivery: DemoDelivery): Html {
  const { trigger, answer, request, sentAt, attempts } = delivery;
  const taken = isTaken(answer);
  return html`<li class="${taken ? 'taken' : 'failed'}">
    <p class="trigger"><code>${trigger}</code></p>
    <p class="meta">
      sent at <time datetime="${sentAt.toISOString()}">${sayTime(sentAt, booking.customer.timeZone)}</time>${
        attempts > 1 && `, attempt ${attempts}`
      }
    </p>
    ${answerText(answer)}
    ${
      !taken &&
      html`<form method="post" action="/booking/${booking.uid}/deliveries/${delivery.id}" data-once>
        <button class="button quiet small" type="submit">Send again</button>
        <p class="hint">Cal.com would not: what it could not deliver is lost. The booking itself stands.</p>
      </form>`
    }
    <details>
      <summary>What was sent</summary>
      <p class="hint">The body is one line on the wire; it is indented here.</p>
      <pre tabindex="0" aria-label="Headers of ${trigger}">${headerLines(request.headers)}</pre>
      <pre tabindex="0" aria-label="Body of ${trigger}">${JSON.stringify(JSON.parse(request.rawBody), null, 2)}</pre>
    </details>
  </li>`;
}

function answerText(answer: Answer): Html {
  if ('failed' in answer) {
    return html`<p class="answer"><strong>The connector did not take it.</strong> ${answer.failed}</p>`;
  }
  const { status, outcome, detail } = answer;
  const meaning = isTaken(answer) ? OUTCOMES[outcome ?? ''] : (STATUSES[status] ?? detail);
  return html`<p class="answer">
    <strong>The connector answered ${status}${outcome !== null && html`, <q>${outcome}</q>`}.</strong> ${meaning}
  </p>`;
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
