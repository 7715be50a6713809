import { normaliseId } from '../records/record-id';
import { notFound } from '../rest/api-error';
import type { ApiContext } from '../rest/api-request';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';

/**
 * The values of one picklist, or of all of an object, as a record type offers them: the active ones. Record types of this
 * emulator offer every value.
 *
 * @throws ApiError when the object has no such record type, or no such picklist.
 * @see User Interface API Developer Guide, "Picklist Values"
 */
export function picklistValues(
  { apiVersion }: ApiContext,
  object: ObjectSchema,
  recordTypeId: string,
  fieldName?: string,
): Record<string, unknown> {
  const id = normaliseId(recordTypeId);
  if (!object.recordTypeInfos.some((info) => info.recordTypeId === id)) throw notFound();
  const root = `/services/data/${apiVersion}/ui-api/object-info/${object.name}/picklist-values/${recordTypeId}`;
  const picklists = object.fields.filter(({ type }) => ['picklist', 'multipicklist', 'combobox'].includes(type));
  if (fieldName === undefined) {
    const all = picklists.map((field) => [field.name, valuesOf(object, field, `${root}/${field.name}`)]);
    return { eTag: etagOf(picklists), picklistFieldValues: Object.fromEntries(all) as Record<string, unknown> };
  }
  const field = picklists.find(({ name }) => name.toLowerCase() === fieldName.toLowerCase());
  if (!field) throw notFound();
  return valuesOf(object, field, `${root}/${field.name}`);
}

function valuesOf(object: ObjectSchema, field: Field, url: string): Record<string, unknown> {
  const entries = field.picklistValues.filter(({ active }) => active);
  const values = entries.map(({ value, label, validFor }) => ({
    attributes: null,
    label: label ?? value,
    validFor: validFor === null ? [] : indexesOf(validFor),
    value,
  }));
  const preset = entries.findIndex(({ defaultValue }) => defaultValue);
  return {
    controllerValues: controllerValues(object, field),
    defaultValue: preset < 0 ? null : values[preset],
    eTag: etagOf([field]),
    url,
    values,
  };
}

/** The values of the field that decides which values are valid, each with its index. */
function controllerValues(object: ObjectSchema, { controllerName }: Field): Record<string, number> {
  const controller = controllerName === null ? undefined : object.field(controllerName);
  if (controller?.type === 'boolean') return { false: 0, true: 1 };
  return Object.fromEntries((controller?.picklistValues ?? []).map(({ value }, index) => [value, index]));
}

/** A describe's bitmap, in base64 with the first value in the highest bit, as the indexes that it means. */
function indexesOf(validFor: string): number[] {
  return [...Buffer.from(validFor, 'base64')].flatMap((byte, at) =>
    Array.from({ length: 8 }, (_, bit) => bit)
      .filter((bit) => (byte & (0x80 >> bit)) !== 0)
      .map((bit) => at * 8 + bit),
  );
}

/** An opaque text that changes with the values. */
function etagOf(fields: Field[]): string {
  let hash = 0;
  for (const char of JSON.stringify(fields.map(({ name, picklistValues: values }) => [name, values]))) {
    hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
