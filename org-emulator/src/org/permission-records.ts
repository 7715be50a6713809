import { makeId } from '../records/record-id';
import { toApiDateTime } from '../records/timestamps';
import type { FieldValue, StoredRecord } from '../records/table';
import type { UserAccess } from './access';
import type { Org } from './org';

/**
 * What the user who asks may do in general: one row, which every user of the API may read of himself.
 *
 * @see Object Reference, UserPermissionAccess
 */
export function userPermissionAccessRow(org: Org, access: UserAccess): StoredRecord {
  const object = org.object('UserPermissionAccess');
  const row: Record<string, FieldValue> = { LastCacheUpdate: toApiDateTime(org.clock.now()) };
  for (const { name } of object.fields) {
    const permission = /^Permissions(\w+)$/.exec(name)?.[1];
    if (permission !== undefined) row[name] = access.has(permission);
  }
  return { Id: makeId(object.keyPrefix, 1), ...row };
}

/**
 * The rights on objects that the deployed permission sets grant, one row for each set and object.
 *
 * @see Object Reference, ObjectPermissions
 */
export function objectPermissionRows(org: Org): StoredRecord[] {
  const object = org.object('ObjectPermissions');
  const ids = new Map([...org.store.table(org.object('PermissionSet')).all()].map((row) => [row.Name, row.Id]));
  const rows = org.schema.permissionSets.flatMap(({ name, objects }) =>
    [...objects].map(([sobject, rights]) => ({
      ParentId: ids.get(name) ?? null,
      SobjectType: org.schema.object(sobject)?.name ?? sobject,
      PermissionsCreate: rights.create,
      PermissionsRead: rights.read,
      PermissionsEdit: rights.edit,
      PermissionsDelete: rights.delete,
      PermissionsViewAllRecords: rights.viewAll,
      PermissionsModifyAllRecords: rights.modifyAll,
    })),
  );
  return rows.map((row, at) => ({ Id: makeId(object.keyPrefix, at + 1), ...row }));
}
