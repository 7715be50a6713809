import type { Org } from '../org/org';
import { toApiDateTime } from '../records/timestamps';
import type { FieldValue, StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';

/**
 * Changes a stored row as the platform itself does in a conversion, a merge or an undelete: past the rules that a request
 * would meet, with the audit fields stamped. Only inside a transaction.
 */
export function systemUpdate(
  org: Org,
  object: ObjectSchema,
  row: StoredRecord,
  changes: Record<string, FieldValue>,
  userId: string,
): void {
  const now = toApiDateTime(org.clock.now());
  org.store.put(object, row.Id, {
    ...row,
    ...changes,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  });
}

/** Every live row that points to a record, by the lookup that points. */
export function rowsPointingTo(
  org: Org,
  sobject: string,
  id: string,
): { object: ObjectSchema; field: string; row: StoredRecord }[] {
  return org.schema.objects.flatMap((object) =>
    object.fields
      .filter((field) => field.type === 'reference' && field.referenceTo.includes(sobject))
      .flatMap((field) =>
        (org.store.table(object).lookup(field, id) ?? [])
          .filter((row) => row.IsDeleted !== true)
          .map((row) => ({ object, field: field.name, row })),
      ),
  );
}

/** Stores a row that the platform itself makes, past the rules that a request would meet. Only inside a transaction. */
export function systemInsert(org: Org, object: ObjectSchema, id: string, values: Record<string, FieldValue>): void {
  const now = toApiDateTime(org.clock.now());
  org.store.put(object, id, { ...values, Id: id, SystemModstamp: now });
}

/** Removes a row for good. Only inside a transaction. */
export function systemRemove(org: Org, object: ObjectSchema, id: string): void {
  org.store.put(object, id, undefined);
}
