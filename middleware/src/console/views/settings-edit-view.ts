import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { settingsCheckView } from './settings-check-view';

/** A document as somebody edits it. */
export interface EditedSettings {
  text: string;
  /** The version that it was made from. */
  madeFrom: number;
  /** What a check of it found; null when it was not checked. */
  check: OrderResult<'checkSettings'> | null;
  /** Why it could not be checked or saved. */
  fault?: string;
}

/** The settings as one document in a text field. */
export function settingsEditView({
  text,
  madeFrom,
  check,
  fault,
  csrf,
  maySave,
}: EditedSettings & { csrf: string; maySave: boolean }): Html {
  return html`<p class="crumb"><a href="/console/settings">Settings</a></p>
    <h1>Change the settings</h1>
    <p class="lead">
      One document, as docs/settings.md explains it. Paste one from a file, or change what is there. It is checked in
      the connected org first, and nothing is saved that cannot work there.
    </p>
    ${
      fault !== undefined &&
      html`<div class="notice bad" role="alert">
        ${ICONS.warning}
        <p>${fault}</p>
      </div>`
    }
    ${check !== null && settingsCheckView(check)}
    <section class="card">
      ${form(
        '/console/settings',
        csrf,
        html`<input type="hidden" name="madeFrom" value="${madeFrom}" />
          <div class="field">
            <label for="document">Document, made from version ${madeFrom}</label>
            <textarea id="document" name="document" rows="28" required spellcheck="false">${text}</textarea>
          </div>
          <div class="actions">
            ${maySave && html`<button class="button brand-button" type="submit" name="do" value="save">Check and save</button>`}
            <button class="button" type="submit" name="do" value="check">Check only</button>
          </div>`,
      )}
    </section>`;
}
