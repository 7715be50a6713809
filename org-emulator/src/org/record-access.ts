import type { FieldValue, StoredRecord } from '../records/table';
import type { Org } from './org';
import { canEditRow, canReadRow } from './sharing';

/**
 * What a user may do with one record, as a row of UserRecordAccess. A record that is not there, or in the bin, gives no
 * access.
 *
 * @see Object Reference, UserRecordAccess
 */
export function recordAccessOf(org: Org, userId: string, recordId: string): StoredRecord {
  const found = org.store.find(recordId);
  const access = org.access(userId);
  const object = found && found.row.IsDeleted !== true ? found.object : undefined;
  const rights = object && access.rights(object.name);
  const reads = found !== undefined && object !== undefined && canReadRow(org, access, object, found.row);
  const edits = found !== undefined && object !== undefined && canEditRow(org, access, object, found.row);
  const canRead = rights?.read === true && reads;
  const canEdit = canRead && rights.edit && edits;
  const canDelete = canRead && rights.delete && edits;
  const isOwner = found?.row.OwnerId === userId;
  const canTransfer = canEdit && (isOwner || rights.modifyAll);
  const hasAll = canTransfer && canDelete;
  const levels: [level: string, has: boolean][] = [
    ['All', hasAll],
    ['Transfer', canTransfer],
    ['Delete', canDelete],
    ['Edit', canEdit],
    ['Read', canRead],
  ];
  const row: Record<string, FieldValue> = {
    UserId: userId,
    RecordId: recordId,
    HasReadAccess: canRead,
    HasEditAccess: canEdit,
    HasDeleteAccess: canDelete,
    HasTransferAccess: canTransfer,
    HasAllAccess: hasAll,
    MaxAccessLevel: levels.find(([, has]) => has)?.[0] ?? 'None',
  };
  return { Id: NO_ID, ...row };
}

/** The rows are worked out, not stored, so they have no id. */
const NO_ID = '000000000000000AAA';
