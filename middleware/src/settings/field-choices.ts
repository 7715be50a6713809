import type { OrgView } from '../salesforce/org-view';
import { notWritable, type NotWritable } from './field-reasons';
import { sobjectOf, type MappedObject } from './objects';
import { requiredFields } from './required-fields';

/** A field that a mapping row may write. */
export interface FieldChoice {
  /** As settings name it: without the package's namespace. */
  field: string;
  label: string;
  type: string;
  /** Longest text in characters; null for types that are not text. */
  length: number | null;
  /** Universally required and without a default in Salesforce. */
  isRequired: boolean;
  /** On new records. */
  createable: boolean;
  /** On existing records. */
  updateable: boolean;
  /** Active values, of a picklist; else empty. */
  picklistValues: { value: string; label: string }[];
  /** Whether Salesforce refuses every other value. */
  isRestricted: boolean;
  /** The field that decides which values are legal; null when none does. */
  dependsOn: string | null;
}

/** A field that no mapping row may write, and why. */
export interface NoChoice {
  field: string;
  label: string;
  type: string;
  kind: NotWritable['kind'];
  reason: string;
  remedy: string;
}

/** What there is to choose from for one object. */
export interface FieldChoices {
  object: MappedObject;
  sobject: string;
  /** By label. */
  writable: FieldChoice[];
  /** By label. A field that the API user may not see is in neither list: Salesforce does not tell of it. */
  notWritable: NoChoice[];
}

/**
 * The fields of an object that rows may write, and apart from them those that they may not. Pure.
 * @returns null when the object is missing or invisible.
 */
export function fieldChoices(object: MappedObject, org: OrgView): FieldChoices | null {
  const schema = org.schema.objects[sobjectOf(object)];
  if (schema === undefined) return null;
  const required = new Set(requiredFields(object, org).map(({ name }) => name));
  const choices: FieldChoices = { object, sobject: schema.name, writable: [], notWritable: [] };
  const fields = Object.values(schema.fields).sort((a, b) => (a.label + a.name < b.label + b.name ? -1 : 1));
  for (const field of fields) {
    const named = { field: org.names.local(field.name), label: field.label, type: field.type };
    const why = notWritable(object, field, schema, org.names);
    if (why !== null) {
      choices.notWritable.push({ ...named, ...why });
      continue;
    }
    choices.writable.push({
      ...named,
      length: field.length > 0 ? field.length : null,
      isRequired: required.has(field.name),
      createable: field.createable,
      updateable: field.updateable,
      picklistValues: field.picklistValues.filter(({ active }) => active).map(({ value, label }) => ({ value, label })),
      isRestricted: field.restrictedPicklist,
      dependsOn: field.controllerName,
    });
  }
  return choices;
}
