import type { FormErrors, FormValues } from '../forms';
import { attribute, html, type Html } from '../../page/html';
import { ICONS } from './icons';

/** One input with its label, its hint and what is wrong with it. */
export interface Field {
  name: string;
  label: string;
  isOptional?: boolean;
  hint?: string;
  type?: 'text' | 'email' | 'tel';
  /** More than one line. */
  rows?: number;
  autocomplete?: string;
  maxLength: number;
}

/** The first lines of a form that was not accepted: what to mend, with a link to each input. */
export function errorSummary(fields: Field[], errors: FormErrors): Html | null {
  const wrong = fields.filter(({ name }) => errors[name] !== undefined);
  if (wrong.length === 0) return null;
  return html`<div class="alert" role="alert" tabindex="-1" data-focus>
    ${ICONS.warning}
    <div>
      <p>${wrong.length === 1 ? 'One thing needs a look:' : `${wrong.length} things need a look:`}</p>
      <ul>
        ${wrong.map(({ name }) => html`<li><a href="#${name}">${errors[name]}</a></li>`)}
      </ul>
    </div>
  </div>`;
}

/** A field, filled with what was typed before. */
export function fieldInput(field: Field, values: FormValues, errors: FormErrors): Html {
  const { name, label, isOptional, hint, type, rows, autocomplete, maxLength } = field;
  const error = errors[name];
  const value = values[name] ?? '';
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const attributes = [
    attribute('aria-describedby', describedBy || null),
    html``,
    attribute('aria-invalid', error === undefined ? null : 'true'),
    html``,
    attribute('autocomplete', autocomplete),
    html``,
    attribute('aria-required', isOptional ? null : 'true'),
  ];
  return html`<div class="field">
    <label for="${name}">${label}${isOptional && html` <span class="optional">optional</span>`}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${
      rows === undefined
        ? html`<input
            id="${name}"
            name="${name}"
            type="${type ?? 'text'}"
            maxlength="${maxLength}"
            value="${value}"
            ${attributes}
          />`
        : html`<textarea id="${name}" name="${name}" rows="${rows}" maxlength="${maxLength}" ${attributes}>
${value}</textarea>`
    }
    ${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
  </div>`;
}
