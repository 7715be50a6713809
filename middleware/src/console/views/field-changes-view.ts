import { html, type Html } from '../../page/html';

/** One field that was or would be written. */
interface FieldChange {
  field: string;
  before?: unknown;
  after?: unknown;
  /** What sets it. */
  rule: string;
}

/**
 * Fields with what the record held, what it holds then, and why.
 * @param isNew there is no old value of anything.
 */
export function fieldChangesView(caption: string | null, changes: readonly FieldChange[], isNew = false): Html {
  return html`<div class="scroll">
    <table class="values">
      ${
        caption !== null &&
        html`<caption>
          ${caption}
        </caption>`
      }
      <thead>
        <tr>
          <th scope="col">Field</th>
          ${!isNew && html`<th scope="col">Old value</th>`}
          <th scope="col">${isNew ? 'Value' : 'New value'}</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ field, before, after, rule }) =>
            html`<tr>
              <th scope="row"><code>${field}</code></th>
              ${!isNew && html`<td>${valueText(before)}</td>`}
              <td>${valueText(after)}</td>
              <td class="soft">${rule}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A value as people read it; nothing at all is told in words. */
export function valueText(value: unknown): Html {
  if (value === null || value === undefined || value === '') return html`<span class="soft">empty</span>`;
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`;
  return html`<span class="value">${typeof value === 'string' ? value : JSON.stringify(value)}</span>`;
}
