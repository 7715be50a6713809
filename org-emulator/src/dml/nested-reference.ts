import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { duplicateExternalId, findByKey } from './find-by-key';
import { jsonParserError, noSuchColumn, RowError } from './row-error';
import type { WriteContext } from './write-context';

/** The platform's words for a row or nested object whose type is not known in time. */
export const ATTRIBUTES_FIRST =
  'Nested object for polymorphic foreign key must have an attributes field before any other fields.';

/** A nested object as a row holds it. */
interface NestedReference {
  lookup: Field;
  /** The key in the row. */
  relationship: string;
  nested: unknown;
}

/**
 * The id of the parent that a nested object names by an external id: `"Account":{"Key__c":"x"}`, and for a lookup with
 * several targets `"Who":{"attributes":{"type":"Contact"},"Key__c":"x"}` with `attributes` as its first key.
 *
 * @param object what the row is of.
 * @returns an 18-character id, or null when the nested object is null.
 * @throws RowError INVALID_FIELD when no parent has the key, DUPLICATE_EXTERNAL_ID when several have it,
 * JSON_PARSER_ERROR when the type is missing.
 * @see REST API Developer Guide, "Relate records by external id"
 */
export function resolveNestedReference(
  context: WriteContext,
  object: ObjectSchema,
  { lookup, relationship, nested }: NestedReference,
): string | null {
  if (nested === null) return null;
  if (typeof nested !== 'object' || Array.isArray(nested)) {
    throw jsonParserError(`Cannot deserialize instance of ${relationship} from a value that is no object`);
  }
  const parent = parentObject(context, object, { lookup, relationship, nested });
  const keys = Object.keys(nested).filter((key) => key !== 'attributes');
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new RowError(
      'INVALID_FIELD',
      `Nested object ${relationship} must hold one external id field of ${parent.name} and nothing else`,
      [relationship],
    );
  }
  const field = parent.field(key);
  if (!field) throw noSuchColumn(key, parent.name);
  if (!field.externalId && !field.idLookup) {
    throw new RowError(
      'INVALID_FIELD',
      `Field name provided, ${field.name} does not match an External ID, Salesforce Id, or indexed field for ${parent.name}`,
      [field.name],
    );
  }
  const value = (nested as Record<string, unknown>)[key];
  const found = findByKey(context, parent, field, value);
  const [first] = found;
  if (!first) {
    throw new RowError(
      'INVALID_FIELD',
      `Foreign key external ID: ${textOf(value)} not found for field ${field.name} in entity ${parent.name}`,
    );
  }
  if (found.length > 1) throw duplicateExternalId(field, found);
  return first.Id;
}

function parentObject(
  context: WriteContext,
  object: ObjectSchema,
  { lookup, relationship, nested }: NestedReference & { nested: object },
): ObjectSchema {
  const { org } = context;
  const isPolymorphic = lookup.polymorphicForeignKey || lookup.referenceTo.length > 1;
  const [firstKey] = Object.keys(nested);
  const attributes = (nested as { attributes?: { type?: unknown } }).attributes;
  if (isPolymorphic) {
    const { nestedPolymorphicKeys } = org.settings;
    if (nestedPolymorphicKeys === 'notParsed') throw jsonParserError(ATTRIBUTES_FIRST);
    if (nestedPolymorphicKeys === 'unknown') throw noSuchColumn(relationship, object.name);
    if (firstKey !== 'attributes' || typeof attributes?.type !== 'string') throw jsonParserError(ATTRIBUTES_FIRST);
  }
  const typeName = isPolymorphic ? String(attributes?.type) : (lookup.referenceTo[0] ?? '');
  const parent = context.access.object(typeName);
  const isTarget = lookup.referenceTo.some((target) => target.toLowerCase() === typeName.toLowerCase());
  if (!parent || !isTarget) {
    throw new RowError('INVALID_FIELD', `The relationship ${relationship} cannot point to ${typeName}`, [relationship]);
  }
  return parent;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
