import { isArchived } from '../records/read-field';
import type { StoredRecord } from '../records/table';
import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { coerce } from './coerce';
import { RowError } from './row-error';
import type { WriteContext } from './write-context';

/** The records outside the recycle bin that have a key value. */
export function findByKey(context: WriteContext, object: ObjectSchema, field: Field, value: unknown): StoredRecord[] {
  const key = coerce(field, value, () => '[line:1, column:1]');
  if (key === null) return [];
  const table = context.org.store.table(object);
  const byId = field.type === 'id' ? [table.get(String(key))] : (table.lookup(field, key) ?? []);
  return byId.filter((row): row is StoredRecord => row !== undefined && row.IsDeleted !== true);
}

/** The records that an upsert by this key would update: whether archived activities are among them is a switch. */
export function findForUpsert(
  context: WriteContext,
  object: ObjectSchema,
  field: Field,
  value: unknown,
): StoredRecord[] {
  const found = findByKey(context, object, field, value);
  if (context.org.settings.upsertFindsArchived) return found;
  return found.filter((row) => !isArchived(context.org, object, row));
}

/** Several records have the key that should name one. */
export function duplicateExternalId(field: Field, found: StoredRecord[]): RowError {
  return new RowError(
    'DUPLICATE_EXTERNAL_ID',
    `${field.name}: more than one record found for external id field: [${found.map((row) => row.Id).join(', ')}]`,
    [field.name],
  );
}
