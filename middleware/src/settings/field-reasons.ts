import { isSupportedType } from '../salesforce/convert';
import type { FieldNames } from '../salesforce/field-names';
import type { FieldSchema, ObjectSchema } from '../salesforce/schema';
import type { MappedObject } from './objects';
import { ownFieldReason } from './own-fields';

/** Why a field cannot be written at all. */
export interface NotWritable {
  kind: 'connector' | 'formula' | 'autoNumber' | 'compound' | 'type' | 'readOnly' | 'otherObject';
  /** A sentence without its full stop, about the field. */
  reason: string;
  remedy: string;
}

/** Fields of a Person Account's person, which an Account of a company does not have; and the other way. */
const PERSON_ONLY = /(^Person[A-Z]|__pc$)|^(FirstName|LastName|MiddleName|Salutation|Suffix)$/;

/** Whether a field of the sobject Account belongs to the records that a rule means by Account or PersonAccount. Pure. */
export function belongsTo(object: MappedObject, field: string): boolean {
  if (object === 'Account') return !PERSON_ONLY.test(field);
  return object !== 'PersonAccount' || field !== 'Name';
}

/**
 * Why no row may write a field, whatever the rules say; null when one may, at least on new records or on old ones. Pure.
 */
export function notWritable(
  object: MappedObject,
  field: FieldSchema,
  schema: ObjectSchema,
  names: FieldNames,
): NotWritable | null {
  const own = ownFieldReason(object, names.local(field.name));
  if (own !== null) {
    return {
      kind: 'connector',
      reason: `${field.name} is not for mappings, because ${own}`,
      remedy: 'Remove the row.',
    };
  }
  if (!belongsTo(object, field.name)) {
    const [what, other] =
      object === 'Account' ? ['a person', 'under PersonAccount'] : ['a company', 'FirstName and LastName'];
    return {
      kind: 'otherObject',
      reason: `${field.name} belongs to the Account of ${what}`,
      remedy: `Map ${other} instead.`,
    };
  }
  const parts = Object.values(schema.fields).filter(
    ({ compoundFieldName, name }) => compoundFieldName === field.name && name !== field.name,
  );
  if (parts.length > 0 && !field.createable && !field.updateable) {
    const named = parts.map(({ name }) => name).join(', ');
    return { kind: 'compound', reason: `${field.name} is made of other fields`, remedy: `Map ${named} instead.` };
  }
  if (field.calculated) {
    return { kind: 'formula', reason: `${field.name} is a formula`, remedy: 'Map a field that the formula reads.' };
  }
  if (field.autoNumber) {
    return { kind: 'autoNumber', reason: `${field.name} is numbered by Salesforce`, remedy: 'Remove the row.' };
  }
  if (!isSupportedType(field.type) || field.type === 'id') {
    return {
      kind: 'type',
      reason: `${field.name} is of type ${field.type}, which the connector does not write`,
      remedy: 'Choose a field of another type.',
    };
  }
  if (!field.createable && !field.updateable) {
    return {
      kind: 'readOnly',
      reason: `${field.name} is read-only for the API user`,
      remedy: `Give the API user edit access to ${field.name} by a permission set, unless Salesforce itself fills it.`,
    };
  }
  return null;
}
