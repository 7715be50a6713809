import { isSupportedType } from '../salesforce/convert';
import type { OrgView } from '../salesforce/org-view';
import type { FieldSchema } from '../salesforce/schema';
import { sobjectOf, type MappedObject } from './objects';
import { placeholderKind, type Placeholders } from './placeholders';
import { requiredFields } from './required-fields';

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

/** The times of an Event, which describe does not give as required: every booking has them. */
const TIMES = ['StartDateTime', 'EndDateTime'];

/** The required fields of an object as an admin needs to see them, with what can be done; see `requiredFields`. Pure. */
export function explainRequired(object: MappedObject, org: OrgView): RequiredField[] {
  const described = org.schema.objects[sobjectOf(object)];
  const times = (object === 'Event' ? TIMES : [])
    .map((name) => described?.fields[name])
    .filter((field) => field !== undefined);
  return [...times, ...requiredFields(object, org)].map((field) => ({
    object,
    sobject: sobjectOf(object),
    field: org.names.local(field.name),
    name: field.name,
    label: field.label,
    type: field.type,
    isSupported: isSupportedType(field.type),
    isOwn: times.includes(field),
    placeholder: placeholderKind(field),
    picklistValues: field.picklistValues.filter(({ active }) => active).map(({ value }) => value),
    remedies: remediesOf(object, field, org.names.local(field.name)),
  }));
}

function remediesOf(object: MappedObject, field: FieldSchema, local: string): string[] {
  const inSalesforce = [
    `give ${field.name} a default value in Salesforce`,
    `make ${field.name} optional, and required on the page layout only, for entry by hand`,
  ];
  if (!isSupportedType(field.type)) return inSalesforce;
  return [
    `map ${local} to a question that is required on the booking page`,
    `choose a value under required.${object}.${local}`,
    ...(placeholderKind(field) === null ? [] : ['set the rule missingRequired to "placeholder"']),
    ...inSalesforce,
  ];
}
