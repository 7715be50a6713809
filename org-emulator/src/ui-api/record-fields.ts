import { canReadRow } from '../org/sharing';
import type { StoredRecord } from '../records/table';
import { epochOf } from '../records/timestamps';
import type { ApiError } from '../rest/api-error';
import { apiError } from '../rest/api-error';
import type { ApiContext } from '../rest/api-request';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { MASTER_RECORD_TYPE_ID } from '../schema/object-schema';
import { readerOf, shownValue } from './field-value';

/** The fields that a request wants of a record: names, and below a relationship those of the parent. */
export interface FieldTree {
  fields: Set<Field>;
  parents: Map<Field, FieldTree>;
}

/** A relationship of a path leads to at most five records, as in a query. */
const MAX_DEPTH = 5;

/**
 * Understands qualified names, `Contact.Account.Name`.
 *
 * @param isOptional whether a field that is not there, or not seen, is passed over.
 * @throws ApiError INVALID_FIELD for a field that is not there, or that the user does not see.
 */
export function addFields(
  context: ApiContext,
  object: ObjectSchema,
  tree: FieldTree,
  names: readonly string[],
  isOptional: boolean,
): void {
  for (const name of names) {
    const [sobject = '', ...path] = name.split('.');
    const isOwn =
      sobject.toLowerCase() === object.name.toLowerCase() && path.length > 0 && path.length <= MAX_DEPTH + 1;
    if (!(isOwn && addPath(context, object, tree, path)) && !isOptional) throw noSuchField(name, object);
  }
}

function addPath(context: ApiContext, object: ObjectSchema, tree: FieldTree, path: readonly string[]): boolean {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    const field = object.field(first);
    if (field) tree.fields.add(field);
    return field !== undefined;
  }
  const lookup = object.relationship(first);
  const parent = lookup && context.access.object(lookup.referenceTo[0] ?? '');
  if (!lookup || !parent) return false;
  const below = tree.parents.get(lookup) ?? { fields: new Set(), parents: new Map() };
  if (!addPath(context, parent, below, rest)) return false;
  tree.parents.set(lookup, below);
  return true;
}

/**
 * A record as the UI API answers it.
 *
 * @see User Interface API Developer Guide, "Record"
 */
export function recordJson(
  context: ApiContext,
  object: ObjectSchema,
  row: StoredRecord,
  tree: FieldTree,
): Record<string, unknown> {
  const { org, userId } = context;
  const reader = readerOf(org, userId);
  const fields: Record<string, unknown> = {};
  for (const field of tree.fields) fields[field.name] = shownValue(org, object, row, field, reader);
  for (const [lookup, below] of tree.parents) {
    fields[lookup.relationshipName ?? lookup.name] = parentJson(context, row, lookup, below);
  }
  const modifiedAt = instantOf(row.LastModifiedDate);
  const recordTypeId = typeof row.RecordTypeId === 'string' ? row.RecordTypeId : null;
  return {
    apiName: object.name,
    childRelationships: {},
    eTag: etagOf(row),
    fields: Object.fromEntries(Object.entries(fields).sort(([a], [b]) => a.localeCompare(b, 'en'))),
    id: row.Id,
    lastModifiedById: row.LastModifiedById ?? null,
    lastModifiedDate: modifiedAt,
    recordTypeId: object.field('RecordTypeId') ? (recordTypeId ?? MASTER_RECORD_TYPE_ID) : null,
    recordTypeInfo: null,
    systemModstamp: instantOf(row.SystemModstamp),
    weakEtag: modifiedAt === null ? 0 : Date.parse(modifiedAt),
  };
}

function parentJson(context: ApiContext, row: StoredRecord, lookup: Field, tree: FieldTree): unknown {
  const { org, access } = context;
  const id = row[lookup.name];
  const found = typeof id === 'string' ? org.store.find(id) : undefined;
  const object = found && access.object(found.object.name);
  if (!found || !object || !canReadRow(org, access, object, found.row)) return { displayValue: null, value: null };
  const name = object.fields.find(({ nameField }) => nameField)?.name ?? 'Name';
  const called = found.row[name];
  return {
    displayValue: typeof called === 'string' ? called : null,
    value: recordJson(context, object, found.row, tree),
  };
}

function noSuchField(name: string, { name: sobject }: ObjectSchema): ApiError {
  const column = name.split('.').slice(1).join('.') || name;
  const hint = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
  const text = `No such column '${column}' on entity '${sobject}'. ${hint} Please reference your WSDL or the describe call for the appropriate names.`;
  return apiError(400, 'INVALID_FIELD', text);
}

function instantOf(apiDateTime: unknown): string | null {
  return typeof apiDateTime === 'string' ? new Date(epochOf(apiDateTime)).toISOString() : null;
}

/** An opaque text that changes with the record. */
function etagOf(row: StoredRecord): string {
  return Buffer.from(`${row.Id}${String(row.SystemModstamp)}`)
    .toString('hex')
    .slice(0, 32);
}
