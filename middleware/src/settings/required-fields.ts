import type { OrgView } from '../salesforce/org-view';
import { requiredOnCreate, type FieldSchema } from '../salesforce/schema';
import { belongsTo } from './field-reasons';
import { sobjectOf, type MappedObject } from './objects';

/**
 * Required by Salesforce itself, whatever describe says of them: an org's describe may give them as nillable.
 * `Lead.Company` is not among them: where there are person accounts, a Lead without one is a person.
 */
const ALWAYS: Readonly<Record<MappedObject, readonly string[]>> = {
  Lead: ['LastName'],
  Contact: ['LastName'],
  PersonAccount: ['LastName'],
  Account: ['Name'],
  Case: [],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
  Event: [],
};

/**
 * The universally required fields of an object that have no default in Salesforce, supported or not, in describe's
 * order. What a layout, a validation rule or a trigger asks for is not in describe and not in this list; nor are the
 * times of an Event, which every booking has. Pure.
 *
 * @returns none when the object is missing or invisible.
 */
export function requiredFields(object: MappedObject, { schema }: OrgView): FieldSchema[] {
  const described = schema.objects[sobjectOf(object)];
  if (described === undefined) return [];
  const required = new Set(requiredOnCreate(described).map(({ name }) => name));
  return Object.values(described.fields).filter(
    (field) =>
      (required.has(field.name) || (ALWAYS[object].includes(field.name) && field.createable)) &&
      belongsTo(object, field.name),
  );
}
