import { ruleDescriptions } from '../../admin/settings';
import type { OrderResult } from '../../admin/orders/orders';
import { html, type Html, type HtmlPart } from '../../page/html';
import { valueText } from './field-changes-view';
import { counted } from './words';

type Settings = OrderResult<'exportSettings'>['settings'];
type Required = OrderResult<'requiredFields'>['fields'];
type MappingRow = Settings['mappings']['Lead'][number];

/** What each rule decides, in the words of the published schema. */
const RULE_WORDS = ruleDescriptions();

/** The rules of a document, each with what it decides. */
export function rulesView({ rules }: Settings): Html {
  return html`<section class="card table" aria-labelledby="rules">
    <h2 id="rules">Rules</h2>
    <table>
      <tbody>
        ${Object.entries<unknown>(rules).map(
          ([rule, value]) =>
            html`<tr>
              <th scope="row"><code>${rule}</code><span class="below">${RULE_WORDS[rule]}</span></th>
              <td class="rule-value">${ruleValue(value)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function ruleValue(value: unknown): HtmlPart {
  if (value === null) return html`<span class="soft">none</span>`;
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value !== 'object') return valueText(value);
  const entries = Object.entries(value as Record<string, unknown>).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return html`<span class="soft">nothing of its own</span>`;
  return html`<dl class="pairs">
    ${entries.map(
      ([name, inner]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${innerText(inner)}</dd>
        </div>`,
    )}
  </dl>`;
}

function innerText(value: unknown): HtmlPart {
  if (typeof value !== 'object' || value === null) return valueText(value);
  const { onCreate, onExisting } = value as { onCreate?: Owner; onExisting?: Owner };
  if (onCreate === undefined || onExisting === undefined) return JSON.stringify(value);
  return `${ownerText(onCreate)} when new, ${ownerText(onExisting)} when there`;
}

type Owner = Settings['rules']['owner']['Lead']['onCreate'];

function ownerText(owner: Owner): string {
  switch (owner.kind) {
    case 'user':
      return owner.username;
    case 'queue':
      return `queue ${owner.queue}`;
    case 'assignmentRules':
      return 'assignment rules';
    default:
      return owner.kind;
  }
}

/** Which fields get which values, a table for each object. */
export function mappingsView({ mappings }: Settings): Html {
  return html`<section class="card" aria-labelledby="mappings">
    <h2 id="mappings">Fields</h2>
    ${Object.entries(mappings).map(
      ([object, rows]) =>
        html`<details>
          <summary>${object} <span class="soft">${counted(rows.length, 'row')}</span></summary>
          ${rows.length > 0 && mappingTable(object, rows)}
        </details>`,
    )}
  </section>`;
}

function mappingTable(object: string, rows: readonly MappingRow[]): Html {
  return html`<div class="scroll">
    <table class="values">
      <thead>
        <tr>
          <th scope="col">Field of ${object}</th>
          <th scope="col">Value</th>
          <th scope="col">When</th>
          <th scope="col">If it does not fit</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ field, from, text, when, cut, ifBad }) =>
            html`<tr>
              <th scope="row"><code>${field}</code></th>
              <td>${from === undefined ? html`the text “${text}”` : html`<code>${from}</code>`}</td>
              <td>${when ?? html`<span class="soft">by the rule</span>`}</td>
              <td>${cut && 'cut; '}${ifBad ?? html`<span class="soft">by the rule</span>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const COVERAGE = {
  connector: 'every booking gives it',
  mapping: 'mapped',
  chosen: 'the chosen value stands in',
  placeholder: 'a placeholder stands in',
  nothing: 'nothing gives it a value',
} as const;

/** Fields that Salesforce requires, with what gives them a value, and the values chosen for them. */
export function requiredView({ required: chosen, placeholders }: Settings, fields: Required | null): Html {
  const values = Object.entries(chosen).flatMap(([object, of]) =>
    Object.entries(of ?? {}).map(([field, { text }]) => ({ name: `${object}.${field}`, text })),
  );
  return html`<section class="card" aria-labelledby="required">
    <h2 id="required">Required fields</h2>
    ${
      fields !== null &&
      fields.length > 0 &&
      html`<div class="scroll">
        <table class="values">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Gets its value</th>
              <th scope="col">What can be done</th>
            </tr>
          </thead>
          <tbody>
            ${fields.map(
              ({ object, field, label, team, pages, remedies }) =>
                html`<tr>
                  <th scope="row"><code>${object}.${field}</code><span class="below">${label}</span></th>
                  <td>
                    ${COVERAGE[team.by]}
                    ${team.mayBeEmpty && html`<span class="pill warn">bookings without a value wait</span>`}
                    ${Object.entries(pages).map(([page, { by }]) => html`<span class="below">${page}: ${COVERAGE[by]}</span>`)}
                  </td>
                  <td class="soft">
                    ${
                      team.mayBeEmpty &&
                      html`<ul class="bullets">
                        ${remedies.map((remedy) => html`<li>${remedy}</li>`)}
                      </ul>`
                    }
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
    ${
      values.length > 0 &&
      html`<dl class="pairs">
        ${values.map(
          ({ name, text }) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${text}</dd>
            </div>`,
        )}
      </dl>`
    }
    <details>
      <summary>Placeholders, by type of field</summary>
      ${ruleValue(placeholders)}
    </details>
  </section>`;
}
