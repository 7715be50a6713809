import type { OrderResult } from '../../admin/orders/orders';
import type { FieldFault } from '../../admin/refused';
import { attribute, html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { isSystem, systemName } from './system-name';
import { ago } from './words';

type Sources = OrderResult<'listSources'>['sources'];

/** Every source, with a test of each. */
export function sourcesView({
  sources,
  now,
  csrf,
  mayCreate,
}: {
  sources: Sources;
  now: Date;
  csrf: string;
  mayCreate: boolean;
}): Html {
  return html`<div class="heading">
      <h1>Sources</h1>
      ${mayCreate && html`<a class="button brand-button" href="/console/sources/new">New source</a>`}
    </div>
    ${
      sources.length === 0
        ? html`<section class="card empty">
            <h2>There is no source yet</h2>
            <p class="soft">
              A source is a scheduling system that sends its bookings here: its address and its secret.
            </p>
          </section>`
        : html`<div class="card table">
            <table>
              <thead>
                <tr>
                  <th scope="col">Source</th>
                  <th scope="col">Last webhook</th>
                  <th scope="col">In 24 hours</th>
                  <th scope="col"><span class="hidden">Test</span></th>
                </tr>
              </thead>
              <tbody>
                ${sources.map((source) => sourceRow(source, now, csrf))}
              </tbody>
            </table>
          </div>`
    }`;
}

function sourceRow(
  { id, kind, webhookUrl, secrets, lastDeliveryAt, last24Hours }: Sources[number],
  now: Date,
  csrf: string,
): Html {
  const { stored, ignored, refused } = last24Hours;
  return html`<tr>
    <th scope="row">
      <a href="/console/sources/${id}">${id}</a> <span class="pill calm">${systemName(kind)}</span>
      ${secrets > 1 && html`<span class="pill busy">two secrets</span>`}
      <span class="below">${webhookUrl}</span>
    </th>
    <td>${lastDeliveryAt === null ? html`<span class="soft">never</span>` : ago(lastDeliveryAt, now)}</td>
    <td>
      ${stored} stored, ${ignored} ignored, ${refused > 0 ? html`<strong>${refused} refused</strong>` : '0 refused'}
    </td>
    <td class="act">
      ${form(
        `/console/sources/${id}/test`,
        csrf,
        html`<button class="button" type="submit" aria-label="Test ${id}">Test</button>`,
      )}
    </td>
  </tr>`;
}

/** What was typed into the form; never the secret, which is typed again. */
export interface SourceForm {
  id: string;
  kind: string;
  mapping: string;
}

/** The form of a new source, with what is wrong beside each field. */
export function newSourceView({
  kinds,
  form: typed,
  faults,
  csrf,
}: {
  kinds: string[];
  form: SourceForm;
  faults: FieldFault[];
  csrf: string;
}): Html {
  const faultOf = (name: string): string | null => faults.find(({ field }) => field === name)?.error ?? null;
  const others = faults.filter(({ field }) => !['id', 'kind', 'secret'].includes(field));
  const content = html`${input('id', 'Name', { value: typed.id, fault: faultOf('id'), hint: 'Lower-case letters, digits and hyphens. It is part of the address and of every booking id, and can never be changed.' })}
    <div class="field">
      <label for="kind">System</label>
      <select
        id="kind"
        name="kind"
        required
        ${attribute('aria-describedby', faultOf('kind') === null ? null : 'kind-fault')}
      >
        <option value="">Choose</option>
        ${kinds.map(
          (kind) =>
            html`<option value="${kind}" ${attribute('selected', kind === typed.kind)}>
              ${systemName(kind)}${!isSystem(kind) && ' (any other system)'}
            </option>`,
        )}
      </select>
      ${faultView('kind', faultOf('kind'))}
    </div>
    ${input('secret', 'Secret', { value: '', fault: faultOf('secret'), isOptional: true, hint: 'Only where the system dictates one. Else one is made up and shown once.' })}
    <div class="field">
      <label for="mapping">Mapping <span class="soft">only for “${systemName('mapped')}”</span></label>
      <textarea id="mapping" name="mapping" rows="6" spellcheck="false" aria-describedby="mapping-hint">
${typed.mapping}</textarea>
      <p class="hint" id="mapping-hint">JSON: which expression gives which field. See docs/sources/mapped.md.</p>
      ${others.map(({ field, error }) => html`<p class="fault">${field !== '' && html`<code>${field}</code> `}${error}</p>`)}
    </div>
    <p class="actions">
      <button class="button brand-button" type="submit">Create</button>
      <a class="button" href="/console/sources">Cancel</a>
    </p>`;
  return html`<p class="crumb"><a href="/console/sources">Sources</a></p>
    <h1>New source</h1>
    ${
      faults.length > 0 &&
      html`<div class="notice bad" role="alert">
        ${ICONS.warning}
        <p>It was not created: look at what is wrong below.</p>
      </div>`
    }
    <section class="card narrow">${form('/console/sources', csrf, content)}</section>`;
}

function input(
  name: string,
  label: string,
  {
    value,
    fault,
    hint,
    isOptional = false,
  }: { value: string; fault: string | null; hint: string; isOptional?: boolean },
): Html {
  return html`<div class="field">
    <label for="${name}">${label}${isOptional && html` <span class="soft">optional</span>`}</label>
    <input
      id="${name}"
      name="${name}"
      value="${value}"
      autocomplete="off"
      spellcheck="false"
      aria-describedby="${name}-hint${fault !== null && ` ${name}-fault`}"
      ${attribute('required', !isOptional)}
      ${attribute('aria-invalid', fault === null ? null : 'true')}
    />
    <p class="hint" id="${name}-hint">${hint}</p>
    ${faultView(name, fault)}
  </div>`;
}

function faultView(name: string, fault: string | null): Html | null {
  return fault === null ? null : html`<p class="fault" id="${name}-fault">${fault}</p>`;
}
