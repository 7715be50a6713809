import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { budgetCard } from './budget-view';
import { driftView } from './drift-view';
import { environmentBadge } from './environment-badge';
import { choiceForm } from './gate-view';
import { ICONS } from './icons';
import { form } from './layout';
import { problemCard } from './problems-view';
import { systemName } from './system-name';
import { ago, counted } from './words';

type Status = OrderResult<'status'>;
type Org = Status['orgs'][number];

interface Overview {
  status: Status;
  problems: OrderResult<'listProblems'>['problems'];
  sources: OrderResult<'listSources'>['sources'];
  now: Date;
  csrf: string;
  /** Whether the buttons of the gate are shown. */
  mayAct: boolean;
}

const SHOWN_PROBLEMS = 3;

/** How things are, at a glance. */
export function overviewView(overview: Overview): Html {
  const { status, problems, now, csrf } = overview;
  return html`<h1>Overview</h1>
    ${status.orgs.length === 0 ? noOrg() : status.orgs.map((org) => orgCard(org, overview))}
    ${driftView(status.drift, now)} ${tiles(overview)}
    ${
      problems.length > 0 &&
      html`<section aria-labelledby="problems">
        <div class="heading">
          <h2 id="problems">Waiting for you</h2>
          <a href="/console/problems">See all</a>
        </div>
        ${problems.slice(0, SHOWN_PROBLEMS).map((problem) => problemCard(problem, { csrf, now }))}
      </section>`
    }
    ${sourcesCard(overview)} ${status.orgs.map(({ budget }) => budgetCard(budget, overview))}`;
}

function noOrg(): Html {
  return html`<section class="card">
    <h2>No Salesforce org is connected</h2>
    <p>Bookings are accepted and wait. <a href="/console/salesforce">Connect one</a>.</p>
  </section>`;
}

function orgCard(org: Org, { csrf, mayAct, now, status }: Overview): Html {
  const { loginUrl, startedAt, held, lane, name } = org;
  const isPaused = lane?.state === 'paused';
  return html`<section class="card org" aria-label="Salesforce org">
    <div class="org-line">
      <div>
        <p class="org-name">
          ${environmentBadge(org)} <strong>${name}</strong> <span class="soft">${new URL(loginUrl).host}</span>
        </p>
        <p class="soft">
          ${startedAt === null ? 'Nothing is written to Salesforce.' : html`Writing to Salesforce, started ${ago(startedAt, now)}. ${laneWords(lane)}`}
        </p>
      </div>
      ${mayAct && held === null && (startedAt === null ? openForm(csrf, status.pending) : closeForm(csrf))}
    </div>
    ${held !== null && choiceForm(org, held, { csrf, mayAct })}
    ${
      isPaused &&
      html`<div class="notice bad" role="alert">
        ${ICONS.warning}
        <div>
          <p><strong>Bookings wait:</strong> ${lane.cause}</p>
          ${lane.remedy !== null && html`<p>${lane.remedy}</p>`}
        </div>
      </div>`
    }
  </section>`;
}

const LANE_WORDS = {
  notStarted: '',
  'held elsewhere': 'Another instance of the connector does the writing.',
  working: 'At work.',
  idle: 'All that can be written is.',
  saving: 'API calls are scarce: bookings wait for a larger batch.',
  paused: '',
} as const;

function laneWords(lane: Org['lane']): string {
  return lane === null ? '' : LANE_WORDS[lane.state];
}

function openForm(csrf: string, pending: number): Html {
  return form(
    '/console/gate/open',
    csrf,
    html`<div class="gate">
      ${
        pending > 0 &&
        html`<label class="check">
          <input type="checkbox" name="backlog" value="yes" />
          also the ${counted(pending, 'booking')} received so far
        </label>`
      }
      <button class="button brand-button" type="submit">${ICONS.play}Start writing</button>
    </div>`,
  );
}

function closeForm(csrf: string): Html {
  return form(
    '/console/gate/close',
    csrf,
    html`<button class="button" type="submit">${ICONS.pause}Stop writing</button>`,
  );
}

function tiles({ status, problems, now }: Overview): Html {
  const { pending, oldestPendingAt, refused } = status;
  const parked = problems.reduce((sum, { count }) => sum + count, 0);
  return html`<ul class="tiles">
    <li>
      <a class="tile" href="/console/bookings?progress=pending">
        <span class="figure">${pending.toLocaleString('en-US')}</span>
        <span class="what">on their way</span>
        <span class="soft"
          >${oldestPendingAt === null ? 'nothing waits to be written' : html`the oldest since ${ago(oldestPendingAt, now)}`}</span
        >
      </a>
    </li>
    <li>
      <a class="tile ${parked > 0 && 'warn'}" href="/console/problems">
        <span class="figure">${parked.toLocaleString('en-US')}</span>
        <span class="what">waiting for you</span>
        <span class="soft">${parked === 0 ? 'nothing to mend' : `for ${counted(problems.length, 'cause')}`}</span>
      </a>
    </li>
    <li>
      <a class="tile ${refused.count > 0 && 'warn'}" href="/console/deliveries">
        <span class="figure">${refused.count.toLocaleString('en-US')}</span>
        <span class="what">refused webhooks</span>
        <span class="soft">${refused.count === 0 ? 'all were understood' : 'kept, and not understood'}</span>
      </a>
    </li>
  </ul>`;
}

function sourcesCard({ sources, now }: Overview): Html {
  return html`<section aria-labelledby="sources">
    <div class="heading">
      <h2 id="sources">What comes in</h2>
      <a href="/console/sources">All sources</a>
    </div>
    ${
      sources.length === 0
        ? html`<div class="card">
            <p>There is no source yet. <a href="/console/sources/new">Create the first one.</a></p>
          </div>`
        : html`<div class="card table">
            <table>
              <thead>
                <tr>
                  <th scope="col">Source</th>
                  <th scope="col">System</th>
                  <th scope="col">Last webhook</th>
                  <th scope="col" class="number">Stored in 24 hours</th>
                </tr>
              </thead>
              <tbody>
                ${sources.map(
                  ({ id, kind, lastDeliveryAt, last24Hours }) =>
                    html`<tr>
                      <th scope="row"><a href="/console/sources/${id}">${id}</a></th>
                      <td>${systemName(kind)}</td>
                      <td>
                        ${lastDeliveryAt === null ? html`<span class="soft">never</span>` : ago(lastDeliveryAt, now)}
                      </td>
                      <td class="number">${last24Hours.stored.toLocaleString('en-US')}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}
