import type { StoredRecord } from '../records/table';
import { RowError } from './row-error';
import { rowsPointingTo, systemUpdate } from './system-write';
import type { WriteContext } from './write-context';

const MERGEABLE = ['Account', 'Case', 'Contact', 'Lead'];

/**
 * Merges up to two records into a master, as a user does on the page: what pointed to them points to the master, they go
 * to the bin and carry its id in MasterRecordId. The master keeps its own values, so the losers' are lost.
 *
 * @throws RowError when a record is not there, or the objects differ or cannot be merged.
 * @see SOAP API Developer Guide, merge()
 */
export function mergeRecords(context: WriteContext, masterId: string, loserIds: string[]): void {
  const { org, userId } = context;
  const object = org.schema.objectOfId(masterId);
  const find = (id: string): StoredRecord => {
    const row = object && org.liveRow(object, id);
    if (!row) throw new RowError('INVALID_CROSS_REFERENCE_KEY', `no record to merge: ${id}`);
    return row;
  };
  if (!object || !MERGEABLE.includes(object.name) || loserIds.length < 1 || loserIds.length > 2) {
    throw new RowError(
      'INVALID_OPERATION',
      'merge takes a master and one or two records of Lead, Contact, Account or Case',
    );
  }
  find(masterId);
  const losers = loserIds.map(find);
  org.store.transaction(() => {
    for (const loser of losers) {
      for (const child of rowsPointingTo(org, object.name, loser.Id)) {
        // The row is read again: an earlier lookup of the same row may have been changed a moment ago.
        const row = org.store.table(child.object).get(child.row.Id) ?? child.row;
        systemUpdate(org, child.object, row, { [child.field]: masterId }, userId);
      }
      systemUpdate(org, object, loser, { IsDeleted: true, MasterRecordId: masterId }, userId);
    }
  });
}
