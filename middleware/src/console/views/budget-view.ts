import type { OrderResult } from '../../admin/orders/orders';
import { attribute, html, type Html } from '../../page/html';
import { form } from './layout';
import { ago, counted, when } from './words';

type Budget = OrderResult<'readBudgets'>['budgets'][number];

const HOUR_MS = 3_600_000;
/** The window is 24 hours and the part of an hour that is not over. */
const SHOWN_HOURS = 25;
const CHART = { height: 72, bar: 16, gap: 4 };

const PURPOSES: Record<string, string> = {
  read: 'looking records up',
  write: 'writing records',
  describe: 'reading the schema',
  probe: 'trying whether there is room again',
  unaccounted: 'by a turn that was cut off',
  other: 'for admins and the rest',
};

/** What may be spent and was spent of an org's API calls. */
export function budgetCard(budget: Budget, { csrf, mayAct, now }: { csrf: string; mayAct: boolean; now: Date }): Html {
  const { calls, overviewUrl, nextProbeAt } = budget;
  return html`<section class="card" aria-labelledby="budget-${budget.orgId}">
    <div class="heading">
      <h2 id="budget-${budget.orgId}">API calls of the last 24 hours</h2>
      ${overviewUrl !== null && html`<a href="${overviewUrl}">The org's own figures</a>`}
    </div>
    ${
      nextProbeAt !== null &&
      html`<div class="notice warn">
        <p>Nothing may be sent now. The next try is due at ${when(nextProbeAt)}.</p>
      </div>`
    }
    <dl class="figures">
      <div>
        <dt>By the connector</dt>
        <dd>${number(calls.total)}</dd>
      </div>
      <div>
        <dt>Left for it</dt>
        <dd>${leftWords(budget)}</dd>
      </div>
      <div>
        <dt>By all applications</dt>
        <dd>${gaugeWords(budget, now)}</dd>
      </div>
      <div>
        <dt>Allowed</dt>
        <dd class="plain">${allowedWords(budget)}</dd>
      </div>
    </dl>
    ${gaugeBar(budget)}
    ${calls.total > 0 && html`<div class="columns even">${hours(budget, now)}${purposes(calls)}</div>`}
    ${mayAct && limitsForm(budget, csrf)}
  </section>`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function leftWords({ left, limit }: Budget): Html {
  if (left === null) return html`<span class="plain soft">known after the first call</span>`;
  return html`${number(left)} <span class="soft">by the ${limit ?? 'reserve'}</span>`;
}

function gaugeWords({ gauge }: Budget, now: Date): Html {
  if (gauge === null) return html`<span class="plain soft">not seen yet</span>`;
  return html`${number(gauge.used)} <span class="soft">of ${number(gauge.max)}, ${ago(gauge.seenAt, now)}</span>`;
}

function allowedWords({ reservePercent, dailyCap, lanes }: Budget): string {
  const cap = dailyCap === null ? 'no cap of its own' : `at most ${number(dailyCap)} in 24 hours`;
  return `all but ${reservePercent} % of the org's; ${cap}; ${counted(lanes, 'lane')}`;
}

/** The org's allowance as a bar: what others used, what the connector used, and where the reserve begins. */
function gaugeBar({ gauge, calls, reservePercent }: Budget): Html | null {
  if (gauge === null || gauge.max === 0) return null;
  const share = (value: number): number =>
    value === 0 ? 0 : Math.max(2, Math.round(Math.min(1, value / gauge.max) * 1_000));
  const [own, used] = [share(Math.min(calls.total, gauge.used)), share(gauge.used)];
  const reserve = 1_000 - reservePercent * 10;
  return html`<figure class="gauge">
    <svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="track" width="1000" height="12" />
      <rect class="reserve" x="${reserve}" width="${1_000 - reserve}" height="12" />
      <rect class="others" width="${used}" height="12" />
      <rect class="own" width="${own}" height="12" />
    </svg>
    <figcaption class="legend soft">
      <span class="own">the connector</span><span class="others">other applications</span
      ><span class="reserve">reserve of ${reservePercent} %</span>
    </figcaption>
  </figure>`;
}

function hours({ calls: { perHour } }: Budget, now: Date): Html {
  const current = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const byHour = new Map(perHour.map(({ hour, calls }) => [new Date(hour).getTime(), calls]));
  const shown = Array.from({ length: SHOWN_HOURS }, (_, index) => {
    const hour = current - (SHOWN_HOURS - 1 - index) * HOUR_MS;
    return { hour, calls: byHour.get(hour) ?? 0 };
  });
  const most = Math.max(1, ...shown.map(({ calls }) => calls));
  const width = SHOWN_HOURS * (CHART.bar + CHART.gap) - CHART.gap;
  return html`<figure class="chart">
    <figcaption>Per hour, UTC</figcaption>
    <svg
      viewBox="0 0 ${width} ${CHART.height + 16}"
      role="img"
      aria-label="Calls per hour; the list below says the same."
    >
      <line class="ground" x1="0" x2="${width}" y1="${CHART.height}" y2="${CHART.height}" />
      ${shown.map(({ hour, calls }, index) => {
        const height = calls === 0 ? 0 : Math.max(2, Math.round((calls / most) * (CHART.height - 4)));
        const x = index * (CHART.bar + CHART.gap);
        return html`<g>
          <rect class="bar" x="${x}" y="${CHART.height - height}" width="${CHART.bar}" height="${height}" rx="2">
            <title>${hourWords(hour)}: ${calls}</title>
          </rect>
          ${index % 6 === 0 && hourLabel(hour, index === SHOWN_HOURS - 1 ? { x: x + CHART.bar, anchor: 'end' } : { x, anchor: 'start' })}
        </g>`;
      })}
    </svg>
    <details>
      <summary>As a list</summary>
      <ul class="inline-list">
        ${shown.filter(({ calls }) => calls > 0).map(({ hour, calls }) => html`<li>${hourWords(hour)}: ${number(calls)}</li>`)}
      </ul>
    </details>
  </figure>`;
}

function hourLabel(hour: number, { x, anchor }: { x: number; anchor: 'start' | 'end' }): Html {
  return html`<text x="${x}" y="${CHART.height + 13}" text-anchor="${anchor}">${hourWords(hour)}</text>`;
}

function hourWords(hour: number): string {
  return new Date(hour).toISOString().slice(11, 16);
}

function purposes({ byPurpose, total }: Budget['calls']): Html {
  const rows = Object.entries(byPurpose).sort(([, a], [, b]) => b - a);
  return html`<table class="bars">
    <caption>
      By purpose
    </caption>
    <tbody>
      ${rows.map(
        ([purpose, calls]) =>
          html`<tr>
            <th scope="row">${PURPOSES[purpose] ?? purpose}</th>
            <td class="number">${number(calls)}</td>
            <td class="share">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="bar" width="${Math.max(1, Math.round((calls / total) * 100))}" height="8" />
              </svg>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function limitsForm({ orgId, reservePercent, dailyCap, lanes }: Budget, csrf: string): Html {
  const lane = (count: number): Html =>
    html`<option value="${count}" ${attribute('selected', lanes === count)}>${counted(count, 'lane')}</option>`;
  return html`<details>
    <summary>Change what it may use</summary>
    ${form(
      '/console/budget',
      csrf,
      html`<input type="hidden" name="org" value="${orgId}" />
        <div class="limits">
          <div class="field">
            <label for="reserve-${orgId}">Left to others, in percent</label>
            <input
              id="reserve-${orgId}"
              name="reserve"
              type="number"
              min="0"
              max="95"
              required
              value="${reservePercent}"
            />
          </div>
          <div class="field">
            <label for="cap-${orgId}">Most calls in 24 hours; empty: no cap</label>
            <input id="cap-${orgId}" name="cap" type="number" min="10" value="${dailyCap ?? ''}" />
          </div>
          <div class="field">
            <label for="lanes-${orgId}">Writers side by side</label>
            <select id="lanes-${orgId}" name="lanes">
              ${lane(1)}${lane(2)}
            </select>
          </div>
          <button class="button" type="submit">Save</button>
        </div>`,
    )}
  </details>`;
}
