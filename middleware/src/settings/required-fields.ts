import type { OrgView } from '../salesforce/org-view';
import { requiredOnCreate, type FieldSchema } from '../salesforce/schema';
import { sobjectOf, type MappedObject } from './objects';

/** What an object asks for although describe does not say so. */
const ASKED_BY_OBJECT: Readonly<Record<MappedObject, readonly string[]>> = {
  Lead: ['LastName', 'Company'],
  Contact: ['LastName'],
  PersonAccount: ['LastName'],
  Account: ['Name'],
  Case: [],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
  Event: [],
};

/** Fields that a new record of the object must have a value for, as far as can be known before it is refused. Pure. */
export function requiredFields(object: MappedObject, { schema }: OrgView): FieldSchema[] {
  const described = schema.objects[sobjectOf(object)];
  if (described === undefined) return [];
  const asked = ASKED_BY_OBJECT[object]
    .map((name) => described.fields[name])
    .filter((field) => field !== undefined)
    .filter(({ createable }) => createable);
  // A Person Account gets its Name from the parts of it.
  const required = requiredOnCreate(described).filter(({ name }) => !(object === 'PersonAccount' && name === 'Name'));
  return [...new Map([...asked, ...required].map((field) => [field.name, field])).values()];
}
