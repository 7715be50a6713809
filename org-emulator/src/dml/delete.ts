import { canEditRow } from '../org/sharing';
import { toApiDateTime } from '../records/timestamps';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import { rulesOf } from './object-rules';
import { existingRow, noAccess } from './save';
import type { WriteContext } from './write-context';

/**
 * Moves a row to the recycle bin, with the children that a delete cascades to. Objects without a bin lose it for good.
 *
 * @throws RowError when the record is gone or already in the bin.
 */
export function deleteRow(context: WriteContext, object: ObjectSchema, id: string): void {
  const row = existingRow(context, object, id);
  if (!object.flags.deletable || !canEditRow(context.org, context.access, object, row)) throw noAccess(context);
  for (const rule of rulesOf(object.name)) rule.beforeDelete?.(context, row);
  context.org.store.transaction(() => {
    binRow(context, context.org.object(object.name), row);
  });
}

function binRow(context: WriteContext, object: ObjectSchema, row: StoredRecord): void {
  const { store, clock, schema } = context.org;
  if (object.field('IsDeleted')) {
    const now = toApiDateTime(clock.now());
    store.put(object, row.Id, {
      ...row,
      IsDeleted: true,
      LastModifiedDate: now,
      LastModifiedById: context.userId,
      SystemModstamp: now,
    });
  } else {
    store.put(object, row.Id, undefined);
  }
  for (const { childSObject, field, cascadeDelete } of object.childRelationships) {
    const child = schema.object(childSObject);
    const lookup = child?.field(field);
    if (!child || !lookup || !cascadeDelete) continue;
    for (const childRow of store.table(child).lookup(lookup, row.Id) ?? []) {
      if (childRow.IsDeleted !== true) binRow(context, child, childRow);
    }
  }
  for (const rule of rulesOf(object.name)) rule.afterDelete?.(context, row);
}
