import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';

type Check = OrderResult<'checkSettings'>;

/** What is wrong with settings in the connected org, with what to do. */
export function settingsCheckView({ isAccepted, problems, notChecked }: Check): Html {
  if (problems.length === 0 && notChecked === null) {
    return html`<div class="notice good" role="status">
      ${ICONS.check}
      <p>Nothing is wrong with them in the connected org.</p>
    </div>`;
  }
  return html`${notChecked !== null && html`<div class="notice calm"><p>${notChecked}</p></div>`}
  ${
    problems.length > 0 &&
    html`<div class="notice ${isAccepted ? 'warn' : 'bad'}" role="${isAccepted ? 'status' : 'alert'}">
      ${ICONS.warning}
      <div>
        <p><strong>${isAccepted ? 'They work, but look at this:' : 'They cannot work like this:'}</strong></p>
        <ul class="settings-problems">
          ${problems.map(
            ({ severity, field, error, remedy }) =>
              html`<li>
                <p>
                  <span class="pill ${severity === 'error' ? 'bad' : 'warn'}">${severity}</span> <code>${field}</code>
                  ${error}.
                </p>
                <p><strong>What to do:</strong> ${remedy}</p>
              </li>`,
          )}
        </ul>
      </div>
    </div>`
  }`;
}
