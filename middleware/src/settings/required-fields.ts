import { isWritableType } from '../salesforce/convert';
import type { OrgView } from '../salesforce/org-view';
import { requiredOnCreate, type FieldSchema } from '../salesforce/schema';
import { belongsTo } from './field-reasons';
import { sobjectOf, type MappedObject } from './objects';
import { placeholderKind, type Placeholders } from './placeholders';

/** A field without which Salesforce refuses a new record, and which it does not fill itself. */
export interface RequiredField {
  object: MappedObject;
  sobject: string;
  /** API name without the package's namespace, as settings name it. */
  field: string;
  /** API name in the org. */
  name: string;
  label: string;
  type: string;
  /** Whether the connector can write fields of this type. */
  isSupported: boolean;
  /** The connector fills it from what every booking has: the times of an Event. */
  isOwn: boolean;
  /** Which placeholder fits; null when its type has none, as picklists and lookups. */
  placeholder: keyof Placeholders | null;
  /** Values that a new record may have, of a picklist; else empty. */
  picklistValues: string[];
  /** What an admin can do, best first. */
  remedies: string[];
}

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
  Event: ['StartDateTime', 'EndDateTime'],
};
const OWN: readonly string[] = ['StartDateTime', 'EndDateTime'];

/**
 * The universally required fields of an object that have no default in Salesforce, supported or not, in describe's
 * order. What a layout, a validation rule or a trigger asks for is not in describe and not in this list. Pure.
 *
 * @returns none when the object is missing or invisible.
 */
export function requiredFields(object: MappedObject, { schema, names }: OrgView): RequiredField[] {
  const described = schema.objects[sobjectOf(object)];
  if (described === undefined) return [];
  const required = new Set(requiredOnCreate(described).map(({ name }) => name));
  for (const name of ALWAYS[object]) required.add(name);
  return Object.values(described.fields)
    .filter((field) => required.has(field.name) && belongsTo(object, field.name))
    .map((field) => ({
      object,
      sobject: described.name,
      field: names.local(field.name),
      name: field.name,
      label: field.label,
      type: field.type,
      isSupported: isWritableType(field.type),
      isOwn: object === 'Event' && OWN.includes(field.name),
      placeholder: placeholderKind(field),
      picklistValues: field.picklistValues.filter(({ active }) => active).map(({ value }) => value),
      remedies: remediesOf(object, field, names.local(field.name)),
    }));
}

function remediesOf(object: MappedObject, field: FieldSchema, local: string): string[] {
  const inSalesforce = [
    `give ${field.name} a default value in Salesforce`,
    `make ${field.name} optional, and required on the page layout only, for entry by hand`,
  ];
  if (!isWritableType(field.type)) return inSalesforce;
  return [
    `map ${local} to a question that is required on the booking page`,
    `choose a value under required.${object}.${local}`,
    ...(placeholderKind(field) === null ? [] : ['set the rule missingRequired to "placeholder"']),
    ...inSalesforce,
  ];
}
