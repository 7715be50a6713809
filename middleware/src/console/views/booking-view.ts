import type { OrderResult } from '../../admin/orders/orders';
import { urlOfOutcome } from '../../admin/record-links';
import type { PartOutcome } from '../../booking/outcome';
import { html, type Html, type HtmlPart } from '../../page/html';
import { outcomeBadge, partsInWords, progressBadge, statusBadge } from './badges';
import { chapterView } from './chapter-view';
import { factList } from './facts';
import { ICONS } from './icons';
import { form } from './layout';
import { outsideLink } from './outside-link';
import { appointment, when } from './words';

/** Everything that is known of one booking. */
export type Story = OrderResult<'readBooking'>;

interface BookingPage {
  story: Story;
  csrf: string;
  now: Date;
}

/** One booking: what it is, what became of it in Salesforce, and how it came to that. */
export function bookingView(page: BookingPage): Html {
  const { story } = page;
  const { state } = story;
  const isParked = Object.values(story.parts).some((part) => part.state === 'parked');
  const progress = story.dueAt !== null ? 'pending' : isParked ? 'parked' : 'settled';
  return html`<p class="crumb"><a href="/console/bookings">Bookings</a></p>
    <div class="heading">
      <h1>${state.subject ?? story.rootKey}</h1>
      <p class="buttons">${statusBadge(state.status)} ${progressBadge(progress)} ${eventLink(story)}</p>
    </div>
    ${
      story.mergedInto !== null &&
      html`<div class="notice calm">
        <p>It turned out to be another half of <a href="/console/bookings/${story.mergedInto}">this booking</a>.</p>
      </div>`
    }
    <div class="columns">
      <div>${inSalesforce(page, isParked)}${timeline(page)}</div>
      ${facts(story)}
    </div>`;
}

function inSalesforce({ story, csrf }: BookingPage, isParked: boolean): Html {
  const parts = partsInWords(story.parts);
  return html`<section class="card" aria-labelledby="parts">
    <div class="heading">
      <h2 id="parts">In Salesforce</h2>
      ${
        isParked &&
        form(
          `/console/bookings/${story.id}/retry`,
          csrf,
          html`<button class="button brand-button" type="submit">Try again</button>`,
        )
      }
    </div>
    ${parts.length === 0 && html`<p class="soft">Nothing was written yet.</p>`}
    <dl class="parts">
      ${parts.map(
        ({ word, outcome }) =>
          html`<div>
            <dt>${word}</dt>
            <dd>${outcomeBadge(outcome)} ${outcomeWords(outcome, story)}</dd>
          </div>`,
      )}
    </dl>
    ${
      story.dueAt !== null &&
      html`<p class="soft">
        It is looked at next at ${when(story.dueAt)}${story.attempts > 0 && ` (${story.attempts} failed before)`}.
      </p>`
    }
  </section>`;
}

/** What became of a part, with the record or the remedy. */
function outcomeWords(outcome: PartOutcome, story: Story): HtmlPart {
  switch (outcome.state) {
    case 'written':
      return recordLink(outcome, story);
    case 'parked':
      return html`<div class="notice warn">
        ${ICONS.warning}
        <div>
          <p>${outcome.cause}</p>
          <p><strong>What to do:</strong> ${outcome.remedy}</p>
          <p class="tags">
            <code>${outcome.code}</code
            >${outcome.sobject !== null && html`<code>${outcome.sobject}</code>`}${outcome.fields.map((field) => html`<code>${field}</code>`)}
          </p>
        </div>
      </div>`;
    default:
      return html`<span class="soft">${outcome.cause}</span>`;
  }
}

/** Of an org that was connected before there is no way to the record. */
function recordLink(outcome: Extract<PartOutcome, { state: 'written' }>, { salesforce }: Story): Html {
  const url = urlOfOutcome(salesforce, outcome);
  const text = `${outcome.sobject} ${outcome.recordId}`;
  return url === null ? html`${text}` : outsideLink(url, text);
}

function eventLink({ salesforce }: Story): Html | null {
  const url = salesforce.find(({ part }) => part === 'event')?.url ?? null;
  return url === null ? null : outsideLink(url, 'View in Salesforce', 'button');
}

function timeline({ story }: BookingPage): Html {
  return html`<section class="card" aria-labelledby="story">
    <h2 id="story">Its story</h2>
    <ol class="timeline">
      ${story.chapters.map((chapter) => chapterView(chapter))}
    </ol>
  </section>`;
}

function facts({ state, customerId, sourceId, rootKey, keys, revision, createdAt }: Story): Html {
  const rows: [string, HtmlPart][] = [
    ['When', appointment(state.startsAt)],
    ['Customer', customerLink(customerId, state.customer)],
    ['E-mail', state.customer?.email],
    ['Phone', state.customer?.phone],
    ['Host', state.host?.name ?? state.host?.email],
    ['Page', state.page?.name ?? state.page?.id],
    ['Location', state.location],
    ['Reason', state.reason],
    ['Source', sourceId],
    ['Booking id', html`<code>${sourceId}:${rootKey}</code>`],
    ['Other keys', keys.filter((key) => key !== rootKey).map((key) => html`<code>${key}</code> `)],
    ['Changes', revision],
    ['Received', when(createdAt)],
  ];
  return html`<aside class="card" aria-labelledby="facts">
    <h2 id="facts">The booking</h2>
    ${factList(rows)}
  </aside>`;
}

function customerLink(id: string | null, customer: Story['state']['customer']): HtmlPart {
  const name = customer?.name ?? customer?.email ?? 'The customer';
  return id === null ? customer?.name : html`<a href="/console/customers/${id}">${name}</a>`;
}
