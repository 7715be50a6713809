import type { OrgView } from '../salesforce/org-view';
import { requiredOnCreate, type FieldSchema, type ObjectSchema } from '../salesforce/schema';
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
  const ofObject = KNOWN.get(described) ?? new Map<MappedObject, FieldSchema[]>();
  KNOWN.set(described, ofObject);
  const known = ofObject.get(object) ?? requiredOf(object, described);
  ofObject.set(object, known);
  return [...known];
}

/** Asked for every new record: worked out once for as long as the schema lives. */
const KNOWN = new WeakMap<ObjectSchema, Map<MappedObject, FieldSchema[]>>();

function requiredOf(object: MappedObject, described: ObjectSchema): FieldSchema[] {
  const required = new Set(requiredOnCreate(described).map(({ name }) => name));
  return Object.values(described.fields).filter(
    (field) =>
      (required.has(field.name) || (ALWAYS[object].includes(field.name) && field.createable)) &&
      belongsTo(object, field.name),
  );
}
