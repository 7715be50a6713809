import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import { readField } from '../records/read-field';
import type { FieldValue, StoredRecord } from '../records/table';
import { makeField, type Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { noSuchColumn, noSuchRelationship } from './query-error';

/** The columns of the pseudo object `Name`, which a lookup with several targets points to. */
const NAME_COLUMNS = [
  'Id',
  'Name',
  'Type',
  'FirstName',
  'LastName',
  'Title',
  'Email',
  'Phone',
  'Alias',
  'Username',
  'IsActive',
  'ProfileId',
  'UserRoleId',
];
const nameFields = new Map<string, Field>(
  NAME_COLUMNS.map((name) => [
    name.toLowerCase(),
    makeField({
      name,
      label: name,
      type: name === 'IsActive' ? 'boolean' : name.endsWith('Id') ? 'id' : 'string',
      length: 255,
    }),
  ]),
);

/** Up to five relationships from a row to a field: `Account.Owner.Name`. */
export interface FieldPath {
  /** The lookups on the way, the last of which may be polymorphic. */
  steps: Field[];
  field: Field;
  /** The path in the schema's spelling. */
  names: string[];
}

/**
 * Understands a field path of a statement.
 *
 * @throws ApiError INVALID_FIELD with the platform's quotation when a part of it does not exist.
 */
export function resolvePath(access: UserAccess, object: ObjectSchema, path: string, soql: string): FieldPath {
  const parts = path.split('.');
  const column = parts.pop() ?? '';
  const steps: Field[] = [];
  const names: string[] = [];
  let entity: ObjectSchema | 'Name' = object;
  for (const part of parts) {
    const lookup: Field | undefined = entity === 'Name' ? undefined : entity.relationship(part);
    if (!lookup) throw noSuchRelationship(soql, path, part);
    steps.push(lookup);
    names.push(lookup.relationshipName ?? part);
    const target: ObjectSchema | undefined = access.object(lookup.referenceTo[0] ?? '');
    entity = lookup.polymorphicForeignKey || lookup.referenceTo.length > 1 || !target ? 'Name' : target;
  }
  const field = entity === 'Name' ? nameFields.get(column.toLowerCase()) : entity.field(column);
  if (!field) throw noSuchColumn(soql, path, column, entity === 'Name' ? 'Name' : entity.name);
  return { steps, field, names: [...names, field.name] };
}

/** Follows a lookup of a row. Null when it is empty, or when its target is not in this emulator. */
export function followLookup(
  org: Org,
  row: StoredRecord,
  lookup: Field,
): { object: ObjectSchema; row: StoredRecord } | null {
  const id = row[lookup.name];
  return typeof id === 'string' ? (org.store.find(id) ?? null) : null;
}

/** The value at the end of a path from a row; null where the way breaks off. */
export function valueAt(org: Org, object: ObjectSchema, row: StoredRecord, path: FieldPath): FieldValue {
  let current: { object: ObjectSchema; row: StoredRecord } | null = { object, row };
  for (const step of path.steps) {
    current = followLookup(org, current.row, step);
    if (!current) return null;
  }
  return valueOf(org, current.object, current.row, path.field);
}

/** The value of a field, or of a column of `Name`, of the record at the end of a path. */
export function valueOf(org: Org, object: ObjectSchema, row: StoredRecord, field: Field): FieldValue {
  if (nameFields.get(field.name.toLowerCase()) === field) {
    if (field.name === 'Type') return object.name;
    const own = object.field(field.name);
    return own ? readField(org, object, row, own) : null;
  }
  return readField(org, object, row, field);
}
