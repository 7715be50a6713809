import type { Org } from '../org/org';
import { jsonOfField } from '../records/read-field';
import type { FieldValue, StoredRecord } from '../records/table';
import { epochOf } from '../records/timestamps';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';

/** A field as the UI API and GraphQL tell it: what is stored, and what a person reads; null when that adds nothing. */
export interface ShownValue {
  value: FieldValue;
  displayValue: string | null;
}

/** Who reads, as far as numbers and dates go. */
export interface Reader {
  /** A BCP 47 tag: `de-DE`. */
  locale: string;
  /** IANA name. */
  timeZone: string;
}

/** Locale and time zone of a user; those of the United States and UTC for a user who has none. */
export function readerOf(org: Org, userId: string): Reader {
  const user = org.store.find(userId)?.row;
  const locale = typeof user?.LocaleSidKey === 'string' ? user.LocaleSidKey.replace(/_/g, '-') : 'en-US';
  const timeZone = typeof user?.TimeZoneSidKey === 'string' ? user.TimeZoneSidKey : 'UTC';
  return { locale: Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? 'en-US', timeZone };
}

/** The value of a field of a row with its wording for a reader. An address has no value of its own. */
export function shownValue(
  org: Org,
  object: ObjectSchema,
  row: StoredRecord,
  field: Field,
  reader: Reader,
): ShownValue {
  const json = jsonOfField(org, object, row, field);
  if (json === null || typeof json === 'object') return { value: null, displayValue: null };
  const value = json as Exclude<FieldValue, null>;
  const stored = field.type === 'datetime' ? new Date(epochOf(String(value))).toISOString() : value;
  return { value: stored, displayValue: displayValueOf(field, value, reader) };
}

function displayValueOf(field: Field, value: Exclude<FieldValue, null>, { locale, timeZone }: Reader): string | null {
  const text = String(value);
  switch (field.type) {
    case 'datetime': {
      const at = new Date(epochOf(text));
      return plain(new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', timeZone }).format(at));
    }
    case 'date': {
      const at = new Date(`${text}T00:00:00Z`);
      return new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: 'UTC' }).format(at);
    }
    case 'currency':
      return Number(value).toLocaleString(locale, { style: 'currency', currency: 'USD' });
    case 'percent':
      return `${Number(value).toLocaleString(locale)}%`;
    case 'int':
    case 'long':
    case 'double':
      return Number(value).toLocaleString(locale, { maximumFractionDigits: field.scale });
    case 'picklist':
      return labelOf(field, text);
    case 'multipicklist':
      return text
        .split(';')
        .map((part) => labelOf(field, part))
        .join(';');
    case 'phone':
      return text;
    default:
      return null;
  }
}

function labelOf(field: Field, value: string): string {
  return field.picklistValues.find((entry) => entry.value === value)?.label ?? value;
}

/** Newer Node versions part the time from AM and PM by a narrow space; what is compared should not depend on that. */
function plain(text: string): string {
  return text.replace(/\u202f/g, ' ');
}
