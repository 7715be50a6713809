import type { OrderResult } from '../../admin/orders/orders';
import { ENVIRONMENT_WORDS } from '../../sync/environment';
import { html, type Html } from '../../page/html';
import { environmentBadge } from './environment-badge';
import { ICONS } from './icons';
import { form } from './layout';
import { counted } from './words';

type Comparison = OrderResult<'compareOrg'>;
type Difference = Comparison['differences'][number];

/** What an org lacks for the settings, beside the org that bookings go to; and the button that has them go there. */
export function compareView({
  comparison,
  csrf,
  mayChange,
}: {
  comparison: Comparison;
  csrf: string;
  mayChange: boolean;
}): Html {
  const { org, present, isOther, settingsVersion, fine } = comparison;
  return html`<p class="crumb">
      <a href="/console/salesforce">Salesforce</a> <a href="/console/salesforce/${org.id}">${org.id}</a>
    </p>
    <h1>Compare the orgs</h1>
    <p class="lead">
      What version ${settingsVersion} of your settings needs and ${org.name} lacks. Both orgs were asked just now;
      nothing was changed. ${counted(fine, 'check')} came out fine.
    </p>
    <section class="card">
      <dl class="facts wide">
        <div>
          <dt>Bookings go to</dt>
          <dd>
            ${present === null ? 'no org' : html`${environmentBadge(present)} ${present.name}, connected as ${present.id}`}
          </dd>
        </div>
        <div>
          <dt>Compared with</dt>
          <dd>
            ${environmentBadge(org)} ${org.name}, ${isOther ? 'to which the connection leads now,' : 'connected as'}
            ${org.id} <code>${org.salesforceOrgId}</code>
          </dd>
        </div>
      </dl>
    </section>
    ${differencesCard(comparison)} ${switchCard(comparison, csrf, mayChange)}`;
}

/** Whether bookings go elsewhere now. */
function isMove({ org, present, isOther }: Comparison): boolean {
  return isOther || present?.id !== org.id;
}

function differencesCard(comparison: Comparison): Html {
  const { differences, org, present } = comparison;
  if (differences.length === 0)
    return html`<div class="notice good" role="status">
      ${ICONS.check}
      <p>Nothing is missing in ${org.name}.</p>
    </div>`;
  const hasOther = present !== null && isMove(comparison);
  return html`<div class="card table">
    <table>
      <thead>
        <tr>
          <th scope="col">Found in ${org.id}</th>
          ${hasOther && html`<th scope="col">In ${present.id}${comparison.isOther && ' before'}</th>`}
          <th scope="col">What to do</th>
        </tr>
      </thead>
      <tbody>
        ${differences.map((difference) => row(difference, hasOther))}
      </tbody>
    </table>
  </div>`;
}

const PRESENT: Record<Difference['present'], [tone: string, word: string]> = {
  fine: ['good', 'Fine'],
  same: ['warn', 'The same'],
  notKnown: ['calm', 'Not known'],
};

function row({ check, state, why, remedy, setupUrl, present }: Difference, hasOther: boolean): Html {
  const [tone, word] = PRESENT[present];
  return html`<tr>
    <th scope="row">
      <span class="pill ${state === 'failure' ? 'bad' : 'warn'}"
        >${state === 'failure' ? 'In the way' : 'Look at it'}</span
      >
      ${check} <span class="below">${why}</span>
    </th>
    ${hasOther && html`<td><span class="pill ${tone}">${word}</span></td>`}
    <td>
      ${remedy}
      ${setupUrl !== null && html`<span class="below"><a href="${setupUrl}" rel="noreferrer">Open Setup</a></span>`}
    </td>
  </tr>`;
}

function switchCard(comparison: Comparison, csrf: string, mayChange: boolean): Html | null {
  const { org, isReady } = comparison;
  if (!mayChange || !isMove(comparison)) return null;
  return html`<section class="card" aria-labelledby="switch">
    <h2 id="switch">Have your bookings go to ${org.name} (${ENVIRONMENT_WORDS[org.environment]})</h2>
    <p>
      Settings stay as they are. From then on bookings are accepted and wait; on the overview you choose which of them
      are written: those that are still to come, all, or none.
    </p>
    ${form(
      `/console/salesforce/${org.id}/switch`,
      csrf,
      html`<input type="hidden" name="salesforceOrgId" value="${org.salesforceOrgId ?? ''}" />
        ${
          !isReady &&
          html`<label class="check"
            ><input type="checkbox" name="anyway" value="yes" required /> although something is missing there without
            which bookings would fail</label
          >`
        }
        <p class="actions"><button class="button brand-button" type="submit">Switch to ${org.name}</button></p>`,
    )}
  </section>`;
}
