import { jsonOfField } from '../../records/read-field';
import type { FieldValue } from '../../records/table';
import type { Field } from '../../schema/field';
import { html, type Html } from '../html';
import type { PageContext } from '../page-context';
import { type FoundRecord, isLive, nameOf, pathOf } from '../reader';
import { sayDate, sayDateTime, toIso } from '../times';

/** The value of a field as a reader sees it; null when there is nothing to show. An unticked box is nothing. */
export function valueView(context: PageContext, { object, row }: FoundRecord, field: Field): Html | null {
  const value = jsonOfField(context.org, object, row, field);
  if (value === null || value === undefined || value === '' || value === false) return null;
  if (typeof value === 'object') return addressView(value as Record<string, FieldValue>);
  const scalar = value as Exclude<FieldValue, null>;
  // A whole day is midnight UTC: in any other zone its time, and often its date, would be wrong.
  if (field.type === 'datetime' && row.IsAllDayEvent === true && /^(Start|End|Activity)DateTime$/.test(field.name)) {
    const day = String(scalar).slice(0, 10);
    return html`<time datetime="${day}">${sayDate(day)}</time>`;
  }
  return scalarView(context, field, scalar);
}

/** A record by its id: its name, as a link where the user may read it; the bare id where there is no such record. */
export function recordLink(context: PageContext, id: string): Html {
  const found = context.org.store.find(id);
  if (!found) return html`${id}`;
  if (!isLive(found.row)) return html`<span class="gone">${nameOf(found)} (deleted)</span>`;
  if (!context.canRead(found.object, found.row)) return html`${nameOf(found)}`;
  return html`<a href="${pathOf(found)}">${nameOf(found)}</a>`;
}

/** Text as it was typed, its web addresses made links. */
export function textView(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? webLink(part) : part))}`;
}

function scalarView(context: PageContext, field: Field, value: Exclude<FieldValue, null>): Html {
  const text = String(value);
  switch (field.type) {
    case 'boolean':
      return html`Yes`;
    case 'reference':
      return recordLink(context, text);
    case 'datetime':
      return html`<time datetime="${toIso(text)}">${sayDateTime(text, context)}</time>`;
    case 'date':
      return html`<time datetime="${text}">${sayDate(text)}</time>`;
    case 'currency':
      return html`${Number(value).toLocaleString('en-US', { style: 'currency', currency: 'USD' })}`;
    case 'percent':
      return html`${Number(value).toLocaleString('en-US')}%`;
    case 'int':
    case 'long':
    case 'double':
      return html`${Number(value).toLocaleString('en-US', { maximumFractionDigits: 18 })}`;
    case 'email':
      return html`<a href="mailto:${text}">${text}</a>`;
    case 'phone':
      return html`<a href="tel:${text.replace(/[^\d+*#,;]/g, '')}">${text}</a>`;
    case 'picklist':
      return html`${labelOf(field, text)}`;
    case 'multipicklist':
      return html`${text
        .split(';')
        .map((part) => labelOf(field, part))
        .join('; ')}`;
    default:
      return textView(text);
  }
}

function labelOf(field: Field, value: string): string {
  return field.picklistValues.find((entry) => entry.value === value)?.label ?? value;
}

function webLink(url: string): Html {
  return URL.canParse(url) ? html`<a href="${url}" rel="noopener noreferrer">${url}</a>` : html`${url}`;
}

function addressView({ street, city, state, postalCode, country }: Record<string, FieldValue>): Html | null {
  const town = [city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  const lines = [street, town, country].filter(Boolean).join('\n');
  return lines === '' ? null : html`${lines}`;
}
