import type { JsonValue } from '../booking/booking-event';
import type { FieldValue, Step } from '../booking/outcome';
import type { OrgView } from '../match/queries';
import type { MappingRow } from '../settings/settings';
import { convert } from './convert';
import { textOf, type Values } from './values';

/** Field values by API name, as the REST API takes them. */
export type FieldValues = Record<string, FieldValue>;

/** A required field that got no value. */
export interface MissingField {
  field: string;
  label: string;
}

/** Fields that the connector itself decides on. A row that wrote one would break the match, or move an Event's person. */
const OWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Event: ['Booking_Id__c', 'OwnerId', 'WhatId', 'WhoId'],
  Lead: ['Booking_Customer_Id__c'],
  Contact: ['Booking_Customer_Id__c'],
};

/**
 * Fills the fields of one object from its mapping rows. A field that the org does not have, or that the user may not
 * write, is left out with a step that says so; so is a value that does not fit. Pure.
 *
 * @param mode whether the record is created or changed: decides which flag of the schema counts, and which rows apply.
 * @param existing the record as it is, when it was read: an `onlyIfEmpty` row then writes into an empty field only.
 * @returns null for a field that is to be empty.
 */
export function mapFields(
  {
    sobject,
    rows,
    values,
    mode,
    existing,
  }: {
    sobject: string;
    rows: MappingRow[];
    values: Values;
    mode: 'create' | 'update';
    existing?: Readonly<Record<string, unknown>> | null;
  },
  { schema, names }: OrgView,
  steps: Step[],
): FieldValues {
  const fields: FieldValues = {};
  for (const row of rows) {
    const name = names.name(row.field);
    const field = schema.objects[sobject]?.fields[name];
    if (row.when === 'onCreate' && mode === 'update') continue;
    if (OWN_FIELDS[sobject]?.includes(names.local(name)) === true) {
      steps.push({ step: `${sobject}.${name}`, outcome: 'left out: the connector fills it itself' });
      continue;
    }
    if (field === undefined) {
      steps.push({
        step: `${sobject}.${name}`,
        outcome: 'left out: the org has no such field, or the user may not see it',
      });
      continue;
    }
    if (!(mode === 'create' ? field.createable : field.updateable)) {
      steps.push({ step: `${sobject}.${name}`, outcome: 'left out: the user may not write the field' });
      continue;
    }
    if (row.when === 'onlyIfEmpty' && mode === 'update' && !isEmpty(existing?.[name])) continue;
    const converted = convert(valueOf(row, values), field, row.cut);
    if ('problem' in converted) {
      steps.push({ step: `${sobject}.${name}`, outcome: `left out: the value ${converted.problem}` });
      continue;
    }
    // A field that cannot be empty, such as a checkbox, keeps what it has.
    if (converted.value === null && (row.when === 'onlyIfEmpty' || !field.nillable)) continue;
    fields[name] = converted.value;
  }
  return fields;
}

function valueOf(row: MappingRow, values: Values): JsonValue {
  if (row.from !== undefined) return values.get(row.from) ?? null;
  return (row.text ?? '').replace(/\{([^{}]+)\}/g, (_whole, name: string) => textOf(values.get(name.trim())) ?? '');
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
