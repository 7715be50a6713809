import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { ago, counted } from './words';

type Finding = OrderResult<'listDrift'>['drift'][number];

/** What has changed in Salesforce so that bookings fail or lose something; nothing while all is as it should be. */
export function driftView(drift: readonly Finding[], now: Date): Html | false {
  return (
    drift.length > 0 &&
    html`<section aria-labelledby="drift">
      <div class="heading"><h2 id="drift">Changed in Salesforce</h2></div>
      ${drift.map((finding) => findingCard(finding, now))}
    </section>`
  );
}

function findingCard({ severity, what, remedy, pages, isTeamWide, foundAt }: Finding, now: Date): Html {
  return html`<div class="notice ${severity === 'error' ? 'bad' : 'warn'}">
    ${ICONS.warning}
    <div>
      <p><strong>${what}</strong></p>
      <p>${remedy}</p>
      <p class="soft">${struck(pages, isTeamWide)} Seen ${ago(foundAt, now)}.</p>
    </div>
  </div>`;
}

const SHOWN_PAGES = 5;

/** Which pages are struck, as a sentence. */
function struck(pages: readonly string[], isTeamWide: boolean): string {
  const rest = pages.length - SHOWN_PAGES;
  const named = pages.slice(0, SHOWN_PAGES).join(', ') + (rest > 0 ? ` and ${counted(rest, 'other')}` : '');
  if (!isTeamWide) return `Pages: ${named}.`;
  return pages.length === 0
    ? 'Every page without settings of its own.'
    : `Every page without settings of its own, and so now: ${named}.`;
}
