import type { BookingEvent, BookingEventKind } from '../../booking/booking-event';
import { html, type Html, type HtmlPart } from '../../page/html';
import type { Story } from './booking-view';
import { outcomeBadge, partsInWords } from './badges';
import { factList } from './facts';
import { ICONS } from './icons';
import { stepsView } from './step-view';
import { appointment, when, whenExactly } from './words';

type Chapter = Story['chapters'][number];

const KINDS: Record<BookingEventKind, string> = {
  scheduled: 'Booked',
  rescheduled: 'Moved to another time',
  canceled: 'Canceled',
  completed: 'Completed',
  noShow: 'Nobody came',
  noShowCleared: 'The no-show was taken back',
  reassigned: 'Given to another host',
  updated: 'Changed',
};

/** One line of a booking's story. */
export function chapterView(chapter: Chapter): Html {
  switch (chapter.what) {
    case 'delivery':
      return entry('inbox', chapter.at, html`Webhook ${chapter.deliveryId} arrived`, deliveryBody(chapter));
    case 'event':
      return entry('event', chapter.at, KINDS[chapter.event.kind], eventBody(chapter));
    case 'turn':
      return entry('turn', chapter.at, 'The connector looked at it', turnBody(chapter));
  }
}

function entry(icon: keyof typeof ICONS, at: Date, title: HtmlPart, body: Html | null): Html {
  return html`<li class="${icon}">
    <span class="dot">${ICONS[icon]}</span>
    <div class="entry">
      <p class="entry-line"><strong>${title}</strong> <span class="soft">${whenExactly(at)}</span></p>
      ${body}
    </div>
  </li>`;
}

function deliveryBody({ outcome, isKept }: Extract<Chapter, { what: 'delivery' }>): Html | null {
  if (outcome === 'stored' && isKept) return null;
  return html`<p class="soft">
    ${outcome !== 'stored' && `It was ${outcome}. `}${!isKept && 'Its body is no longer kept.'}
  </p>`;
}

function eventBody({ event, deliveryId, askFault }: Extract<Chapter, { what: 'event' }>): Html {
  const facts = factsOf(event);
  return html`${deliveryId === null && html`<p class="soft">By the clock: its end had passed.</p>`}
  ${facts.length > 0 && factList(facts, 'inline')}
  ${askFault !== null && html`<p class="soft">What it left out was asked for in vain: ${askFault}</p>`}`;
}

function factsOf(event: BookingEvent): [string, HtmlPart][] {
  const rows: [string, HtmlPart][] = [
    ['When', event.startsAt === null ? null : appointment(event.startsAt)],
    ['Page', event.page?.name],
    ['Host', event.host?.name ?? event.host?.email],
    ['By', event.actor],
    ['Reason', event.reason],
    ['Said to have happened', when(event.occurredAt)],
  ];
  return rows.filter(([, value]) => value !== null && value !== undefined);
}

function turnBody({ steps, parts, settingsVersion }: Extract<Chapter, { what: 'turn' }>): Html {
  return html`${stepsView(steps)}
    <ul class="outcomes">
      ${partsInWords(parts).map(({ word, outcome }) => html`<li>${word} ${outcomeBadge(outcome)}</li>`)}
    </ul>
    ${settingsVersion > 0 && html`<p class="soft">By version ${settingsVersion} of the settings.</p>`}`;
}
