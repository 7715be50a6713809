import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { counted, when } from './words';

type Line = OrderResult<'doctor'>['lines'][number];

const WORDS: Record<Line['state'], string> = { ok: 'Fine', warning: 'Look at it', failure: 'In the way' };
const TONES: Record<Line['state'], string> = { ok: 'good', warning: 'warn', failure: 'bad' };
/** Rights have names of their own: `Edit Lead.Phone`, `View All Contact`, `API Enabled`. */
const RIGHT = /^(?:(?:Read|Create|Edit|View All) [A-Z]\w*(?:\.\w+)?|API Enabled|Access Activities|Edit Events)$/;

/** What is in the way first, each with what to do; what is fine is folded away. */
export function doctorView({ lines, now }: { lines: Line[]; now: Date }): Html {
  const of = (state: Line['state']): Line[] => lines.filter((line) => line.state === state);
  const [failures, warnings, fine] = [of('failure'), of('warning'), of('ok')];
  const rights = fine.filter(({ check }) => RIGHT.test(check));
  const others = fine.filter((line) => !rights.includes(line));
  return html`<h1>Health of the org</h1>
    <p class="lead">
      Whether Salesforce lets the connector do what your settings ask for. Looked at just now, ${when(now)}; open the
      page again to look again.
    </p>
    ${summary(failures.length, warnings.length, fine.length)} ${failures.map(lineCard)} ${warnings.map(lineCard)}
    <section class="card" aria-labelledby="permission-set">
      <h2 id="permission-set">The rights that your settings need</h2>
      <p>
        A permission set with exactly these rights, in the source format. It changes with the settings: write it again
        after you have changed them.
      </p>
      <p class="actions">
        <a class="button brand-button" href="/console/doctor/permission-set">Download the permission set</a>
        <a href="/console/doctor/permission-set?links=yes"
          >The same, for booking links that name Accounts, Cases or Opportunities</a
        >
      </p>
      ${rights.length > 0 && fineList(`${counted(rights.length, 'right')} that the API user has`, rights, false)}
    </section>
    ${others.length > 0 && html`<section class="card">${fineList('What is fine', others, true)}</section>`}`;
}

function summary(failures: number, warnings: number, fine: number): Html {
  const tone = failures > 0 ? 'bad' : warnings > 0 ? 'warn' : 'good';
  const text =
    failures > 0
      ? `${counted(failures, 'thing')} in the way`
      : warnings > 0
        ? 'Nothing is in the way'
        : 'Everything is as it should be';
  return html`<div class="notice ${tone}" role="status">
    ${tone === 'good' ? ICONS.check : ICONS.warning}
    <p>
      ${text}${warnings > 0 && `, ${counted(warnings, 'thing')} to look at`}. ${counted(fine, 'check')} came out fine.
    </p>
  </div>`;
}

/** One finding. */
function lineCard({ check, state, why, remedy, setupUrl }: Line): Html {
  return html`<article class="card problem ${state}">
    <div class="problem-text">
      <h3>${title(check)} <span class="pill ${TONES[state]}">${WORDS[state]}</span></h3>
      <p>${why}</p>
      ${remedy !== null && html`<p class="remedy"><strong>What to do:</strong> ${remedy}</p>`}
    </div>
    ${
      setupUrl !== null &&
      html`<div class="problem-act">
        <a class="button" href="${setupUrl}" rel="noreferrer" aria-label="Open Setup for ${check}">Open Setup</a>
      </div>`
    }
  </article>`;
}

/** As a heading. */
function title(check: string): string {
  return check.charAt(0).toUpperCase() + check.slice(1);
}

function fineList(heading: string, lines: Line[], isOpen: boolean): Html {
  const list = html`<dl class="findings">
    ${lines.map(
      ({ check, why }) =>
        html`<div>
          <dt>${ICONS.check} ${title(check)}</dt>
          <dd class="soft">${why}</dd>
        </div>`,
    )}
  </dl>`;
  return isOpen
    ? html`<h2>${heading}</h2>
        ${list}`
    : html`<details>
        <summary>${heading}</summary>
        ${list}
      </details>`;
}
