import type { Step } from '../../booking/outcome';
import { attribute, html, type Html, type HtmlPart } from '../../page/html';
import { factList, type Fact } from './facts';
import { fieldChangesView } from './field-changes-view';
import { counted } from './words';

/** More of them are folded away: a story has many turns. */
const SHOWN_FIELDS = 5;

/** The steps of a turn: what was looked at and decided, then the fields that it wrote. */
export function stepsView(steps: readonly Step[]): Html {
  const written = steps.filter((step) => 'after' in step);
  return html`<ol class="steps">
      ${steps.filter((step) => !written.includes(step)).map(stepView)}
    </ol>
    ${
      written.length > 0 &&
      html`<details ${attribute('open', written.length <= SHOWN_FIELDS)}>
        <summary>${counted(written.length, 'field')} to write</summary>
        ${fieldChangesView(
          null,
          written.map(({ step, before, after, outcome }) => ({ field: step, before, after, rule: outcome })),
        )}
      </details>`
    }`;
}

/**
 * One step of a turn: what was looked at, decided or written, and what came of it. Whatever else a step tells, such as
 * values before and after, is shown as it is: lists of alike things and objects of objects as tables.
 */
export function stepView(logged: Step): Html {
  const { step, outcome, ...more } = logged;
  const told = Object.entries<unknown>(more).filter(([, value]) => value !== null && value !== undefined);
  return html`<li>
    <span class="step-name">${step}</span> <span class="step-outcome">${outcome}</span>
    ${told.map(
      ([name, value]) =>
        html`<div class="told">
          <p class="soft">${name}</p>
          ${valueView(value)}
        </div>`,
    )}
  </li>`;
}

type Row = Record<string, unknown>;

function valueView(value: unknown): HtmlPart {
  if (Array.isArray(value) && value.length > 0 && value.every(isRow)) return tableOf(value);
  if (!isRow(value)) return Array.isArray(value) ? value.map(scalar).join(', ') : scalar(value);
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(([, inner]) => isRow(inner))) {
    return tableOf(entries.map(([name, inner]) => ({ field: name, ...(inner as Row) })));
  }
  return factList(
    entries.map(([name, inner]): Fact => [name, scalar(inner)]),
    'inline',
  );
}

function tableOf(rows: Row[]): Html {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return html`<table class="values">
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map((column) => html`<td>${scalar(row[column])}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return '(empty)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
