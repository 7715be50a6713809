import { evaluateFormula } from '../formula/evaluate';
import type { Org } from '../org/org';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import type { FieldValue, StoredRecord } from './table';
import { daysBetween } from './timestamps';

/** After so many days a past activity is archived. */
const ARCHIVE_AFTER_DAYS = 365;

/** The value of a field of a row, with what is derived when it is read: archiving goes by today's date. */
export function readField(org: Org, object: ObjectSchema, row: StoredRecord, field: Field): FieldValue {
  if (field.name === 'IsArchived') return isArchived(org, object, row);
  if (field.calculatedFormula !== null) return evaluateFormula(org, object, row, field);
  return row[field.name] ?? null;
}

/** Whether an activity is old enough to be archived: plain queries hide it. */
export function isArchived(org: Org, object: ObjectSchema, row: StoredRecord): boolean {
  if (object.name !== 'Event' && object.name !== 'Task') return false;
  if (object.name === 'Task' && row.IsClosed !== true) return false;
  const date = row.ActivityDate;
  if (typeof date !== 'string') return false;
  return daysBetween(date, org.clock.now().toISOString().slice(0, 10)) >= ARCHIVE_AFTER_DAYS;
}

/** The JSON of a field in an answer: compound addresses are put together from their parts. */
export function jsonOfField(org: Org, object: ObjectSchema, row: StoredRecord, field: Field): unknown {
  if (field.type !== 'address') return readField(org, object, row, field);
  const prefix = field.name.replace(/Address$/, '');
  const part = (name: string): FieldValue => row[`${prefix}${name}`] ?? null;
  const address = {
    city: part('City'),
    country: part('Country'),
    geocodeAccuracy: part('GeocodeAccuracy'),
    latitude: part('Latitude'),
    longitude: part('Longitude'),
    postalCode: part('PostalCode'),
    state: part('State'),
    street: part('Street'),
  };
  return Object.values(address).every((value) => value === null) ? null : address;
}
