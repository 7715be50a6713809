import type { StoredRecord } from '../../records/table';
import type { ObjectSchema } from '../../schema/object-schema';
import { html, type Html } from '../html';
import type { PageContext } from '../page-context';
import { pageObject } from '../page-objects';
import { nameLabelOf, nameOf, pathOf } from '../reader';
import { sayDateTime, toIso } from '../times';
import { objectIcon } from './icons';
import { valueView } from './value-view';

/** How a list is headed and cut. */
export interface ListOptions {
  heading: string;
  /** At most so many rows are shown. */
  limit: number;
  /** At most so many columns besides name and date. */
  columns: number;
  /** What to say when there is no row. */
  whenEmpty: string;
}

/** A card with rows of one object; says how many more there are. */
export function listCard(context: PageContext, object: ObjectSchema, rows: StoredRecord[], options: ListOptions): Html {
  const { heading, limit, columns, whenEmpty } = options;
  const { name } = object;
  const fields = pageObject(name)
    .columns.flatMap((column) => object.field(column) ?? [])
    .slice(0, columns);
  return html`<section class="card list" aria-labelledby="list-${name}">
    <header>
      ${objectIcon(name)}
      <h2 id="list-${name}">
        <a href="/lightning/o/${name}/list">${heading}</a> <span class="count">(${rows.length})</span>
      </h2>
    </header>
    ${
      rows.length === 0
        ? html`<p class="none">${whenEmpty}</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="${heading}">
            <table>
              <thead>
                <tr>
                  <th scope="col">${nameLabelOf(object)}</th>
                  ${fields.map((field) => html`<th scope="col">${headOf(field.label)}</th>`)}
                  <th scope="col">Created</th>
                </tr>
              </thead>
              <tbody>
                ${rows.slice(0, limit).map((row) => {
                  const record = { object, row };
                  const createdAt = String(row.CreatedDate);
                  return html`<tr data-key="${row.Id}" data-name="${object.flags.label} ${nameOf(record)}">
                    <th scope="row"><a href="${pathOf(record)}">${nameOf(record)}</a></th>
                    ${fields.map((field) => html`<td>${valueView(context, record, field)}</td>`)}
                    <td class="when">
                      <time datetime="${toIso(createdAt)}">${sayDateTime(createdAt, context)}</time>
                    </td>
                  </tr>`;
                })}
              </tbody>
            </table>
          </div>`
    }
    ${
      rows.length > limit &&
      html`<footer><a href="/lightning/o/${name}/list">View all ${rows.length} ${object.flags.labelPlural}</a></footer>`
    }
  </section>`;
}

/** A label of a lookup without the id that its describe carries: `Owner ID` becomes `Owner`. */
export function headOf(label: string): string {
  return label.replace(/ ID(\(s\))?$/, '');
}
