import type { OrderResult } from '../../admin/orders/orders';
import { attribute, html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form as formOf } from './layout';
import { planTitle, planView } from './plan-view';
import { counted } from './words';

/** What was typed. */
export interface DryRunForm {
  source: string;
  body: string;
  last: string;
  asNew: boolean;
  /** Settings to try. */
  document: string;
}

/** What came of it. */
export type DryRunResult =
  | { of: 'body'; answer: OrderResult<'dryRunBody'> }
  | { of: 'latest'; answer: OrderResult<'dryRunLatest'> }
  | { of: 'refusal'; message: string };

interface DryRunPage {
  sources: string[];
  kinds: string[];
  form: DryRunForm;
  result: DryRunResult | null;
  csrf: string;
}

/** Two forms, and above them what came of one. */
export function dryRunView(page: DryRunPage): Html {
  return html`<h1>Dry run</h1>
    <p class="lead">
      Reads the connected org and plans as a turn does, with the very same rules. Nothing is written, neither there nor
      here.
    </p>
    ${page.result !== null && resultView(page.result)} ${bodyForm(page)} ${latestForm(page)}`;
}

function resultView(result: DryRunResult): Html {
  switch (result.of) {
    case 'refusal':
      return notice('bad', html`<p>${result.message}</p>`);
    case 'body':
      return bodyResult(result.answer);
    case 'latest':
      return latestResult(result.answer);
  }
}

function notice(tone: 'bad' | 'good' | 'calm', content: Html): Html {
  return html`<div class="notice ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">
    ${tone === 'bad' ? ICONS.warning : ICONS.check}
    <div>${content}</div>
  </div>`;
}

function bodyResult(answer: OrderResult<'dryRunBody'>): Html {
  if ('ignored' in answer) return notice('calm', html`<p>It would be ignored: ${answer.ignored}</p>`);
  if ('refused' in answer) {
    return notice(
      'bad',
      html`<p>The body cannot be understood.</p>
        <ul class="faults">
          ${answer.refused.map(({ field, error }) => html`<li><code>${field}</code> ${error}</li>`)}
        </ul>`,
    );
  }
  return html`<section aria-label="What would happen">
    ${notice('good', html`<p>The turn would make ${counted(answer.apiCalls, 'API call')}. Nothing was written.</p>`)}
    ${answer.bookings.map(
      (booking) =>
        html`<article class="card">
          <h2>${planTitle(booking)}</h2>
          ${planView(booking)}
        </article>`,
    )}
  </section>`;
}

function latestResult({ bookings, differences }: OrderResult<'dryRunLatest'>): Html {
  if (differences.length === 0) {
    return notice('good', html`<p>Nothing would differ for the last ${counted(bookings, 'booking')}.</p>`);
  }
  return html`<section aria-label="What would differ">
    ${notice('calm', html`<p>${differences.length} of ${counted(bookings, 'booking')} would differ.</p>`)}
    ${differences.map(
      ({ bookingId, now, then }) =>
        html`<article class="card">
          <h2>${now === null ? bookingId : planTitle(now)}</h2>
          <div class="columns even">
            <div>
              <h3>With the settings of now</h3>
              ${now === null ? html`<p>Nothing.</p>` : planView(now)}
            </div>
            <div>
              <h3>With the settings below</h3>
              ${then === null ? html`<p>Nothing.</p>` : planView(then)}
            </div>
          </div>
        </article>`,
    )}
  </section>`;
}

function bodyForm({ sources, kinds, form, csrf }: DryRunPage): Html {
  const option = (name: string): Html =>
    html`<option value="${name}" ${attribute('selected', name === form.source)}>${name}</option>`;
  return html`<section class="card" aria-labelledby="try-body">
    <h2 id="try-body">What would this webhook do?</h2>
    ${formOf(
      '/console/dry-run',
      csrf,
      html`<div class="field narrow">
          <label for="source">Source, or kind of source</label>
          <select id="source" name="source" required>
            ${sources.length > 0 && html`<optgroup label="Sources">${sources.map(option)}</optgroup>`}
            <optgroup label="Kinds">${kinds.filter((kind) => kind !== 'mapped').map(option)}</optgroup>
          </select>
        </div>
        <div class="field">
          <label for="body">Body of the webhook</label>
          <textarea id="body" name="body" rows="10" required spellcheck="false">${form.body}</textarea>
        </div>
        <div class="actions"><button class="button brand-button" type="submit">Try it</button></div>`,
    )}
  </section>`;
}

function latestForm({ form, csrf }: DryRunPage): Html {
  return html`<section class="card" aria-labelledby="try-settings">
    <h2 id="try-settings">What would these settings change?</h2>
    ${formOf(
      '/console/dry-run/latest',
      csrf,
      html`<div class="limits">
          <div class="field">
            <label for="last">Bookings, those that changed last</label>
            <input id="last" name="last" type="number" min="1" max="200" required value="${form.last}" />
          </div>
          <label class="check">
            <input type="checkbox" name="asNew" value="yes" ${attribute('checked', form.asNew)} />
            as if they had never been written
          </label>
        </div>
        <div class="field">
          <label for="document">Settings to try: change what you think of changing</label>
          <textarea id="document" name="document" rows="14" required spellcheck="false">${form.document}</textarea>
        </div>
        <div class="actions"><button class="button brand-button" type="submit">Compare</button></div>`,
    )}
  </section>`;
}
