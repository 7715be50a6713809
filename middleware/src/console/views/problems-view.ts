import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { form } from './layout';
import { ago, counted } from './words';

type Problem = OrderResult<'listProblems'>['problems'][number];

/** What waits for a human: a card for each cause. */
export function problemsView({ problems, csrf, now }: { problems: Problem[]; csrf: string; now: Date }): Html {
  return html`<h1>Waiting for you</h1>
    ${
      problems.length === 0
        ? html`<section class="card empty">
            <h2>Nothing waits for you</h2>
            <p class="soft">
              Bookings that Salesforce refuses, or that need a decision, are here with what to do about them.
            </p>
          </section>`
        : html`<p class="lead">
            Bookings with the same cause are mended together. Do what the remedy says, then try them again: everything
            else of a booking was written already.
          </p>`
    }
    ${problems.map((problem) => problemCard(problem, { csrf, now }))}`;
}

/** One cause, its remedy and a button. */
export function problemCard(problem: Problem, { csrf, now }: { csrf: string; now: Date }): Html {
  const { id, code, sobject, fields, count, retrying, cause, remedy, since, samples } = problem;
  return html`<article class="card problem" aria-labelledby="problem-${id}">
    <div class="problem-text">
      <h2 id="problem-${id}">${cause}</h2>
      <p class="remedy"><strong>What to do:</strong> ${remedy}</p>
      <p class="soft">
        ${scopeWords(problem)} The first of them ${ago(since, now)}.
        ${retrying > 0 && html`<span class="pill busy">${counted(retrying, 'booking')} tried again</span>`}
      </p>
      <p class="tags">
        <code>${code}</code
        >${sobject !== null && html`<code>${sobject}</code>`}${fields.map((field) => html`<code>${field}</code>`)}
      </p>
      <p class="samples">
        ${samples.length < count && 'Such as '}
        ${samples.map(
          ({ bookingId, rootKey }, index) =>
            html`${index > 0 && ', '}<a href="/console/bookings/${bookingId}">${rootKey}</a>`,
        )}
      </p>
    </div>
    <div class="problem-act">
      <p class="figure">${count.toLocaleString('en-US')}</p>
      <p class="soft">${count === 1 ? 'booking' : 'bookings'}</p>
      ${form(
        `/console/problems/${id}/retry`,
        csrf,
        html`<button class="button brand-button" type="submit">
          ${count === 1 ? 'Try again' : `Try all ${count.toLocaleString('en-US')} again`}
        </button>`,
      )}
    </div>
  </article>`;
}

function scopeWords({ scope, sobject, samples }: Problem): string {
  const [sample] = samples;
  switch (scope.kind) {
    case 'one':
      return `One booking so far${sample?.page == null ? '' : `, of the page ${sample.page}`}.`;
    case 'everybody':
      return `It hits everybody: no ${sobject ?? 'booking'} was written since it began.`;
    case 'some':
      return 'Bookings of several pages and hosts; others like them are written.';
    default:
      return `Only bookings of the ${scope.kind} ${scope.name}; others are written.`;
  }
}
