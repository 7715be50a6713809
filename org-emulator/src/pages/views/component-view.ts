import { html, type Html } from '../html';
import type { PageComponents } from '../page-components';
import type { FoundRecord } from '../reader';

/** The places that the components' script fills; each says that it waits until then. */
export function componentPlaces({ shown, told }: PageComponents, record?: FoundRecord): Html {
  return html`<div class="components" data-component-page="${JSON.stringify(told)}">
    ${shown.map(
      ({ name, label }) =>
        html`<section
          class="component slds-scope"
          aria-label="${label}"
          data-component="${name}"
          data-record-id="${record?.row.Id ?? ''}"
          data-object-api-name="${record?.object.name ?? ''}"
        >
          <p class="none">“${label}” is being compiled…</p>
        </section>`,
    )}
  </div>`;
}
