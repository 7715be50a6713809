import type { OrderResult } from '../../admin/orders/orders';
import { ENVIRONMENT_WORDS } from '../../sync/environment';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { counted } from './words';

type Org = OrderResult<'status'>['orgs'][number];

/** Which bookings are written to the org that a team was moved to. */
export function choiceForm(
  { id, name, environment }: Org,
  { from, future, all }: NonNullable<Org['held']>,
  { csrf, mayAct }: { csrf: string; mayAct: boolean },
): Html {
  const moved =
    from === null
      ? 'Bookings were linked to this org.'
      : from === id
        ? 'The connection leads to another Salesforce org than before.'
        : `Bookings were moved here from ${from}.`;
  const choices: [value: string, title: string, words: string][] = [
    ['future', `Those that are still to come: ${future}`, 'Also those that were written to the org of before.'],
    ['all', `All that the connector knows: ${all}`, 'Also those that are over.'],
    ['none', 'None of them', 'Only what arrives or changes from now on.'],
  ];
  return html`<div class="notice warn">
      ${ICONS.pause}
      <p>
        <strong>${moved} They wait for your choice.</strong> Which of them are written to ${name}
        (${ENVIRONMENT_WORDS[environment]})? A booking that is there already is found and not written twice.
      </p>
    </div>
    ${
      mayAct
        ? form(
            '/console/gate/open',
            csrf,
            html`<fieldset class="choices">
                <legend>Bookings to write</legend>
                ${choices.map(
                  ([value, title, words]) =>
                    html`<label class="choice">
                      <input type="radio" name="bookings" value="${value}" required />
                      <span><strong>${title}</strong><span class="below">${words}</span></span>
                    </label>`,
                )}
              </fieldset>
              <p class="actions">
                <button class="button brand-button" type="submit">${ICONS.play}Start writing to ${name}</button>
              </p>`,
          )
        : html`<p class="soft">${counted(all, 'booking')} wait until an admin chooses.</p>`
    }`;
}
