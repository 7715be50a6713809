import { RowError } from './row-error';
import { systemUpdate } from './system-write';
import type { WriteContext } from './write-context';

/**
 * Takes a record out of the recycle bin, as a user does there; the REST API itself cannot.
 *
 * @throws RowError UNDELETE_FAILED when it is not in the bin, DUPLICATE_VALUE when a unique value is taken meanwhile.
 */
export function undeleteRow(context: WriteContext, id: string): void {
  const { org, userId } = context;
  const found = org.store.find(id);
  if (found?.row.IsDeleted !== true) throw new RowError('UNDELETE_FAILED', 'Entity is not in the recycle bin');
  const { object, row } = found;
  for (const field of object.fields.filter(({ unique }) => unique)) {
    const taken = org.store.table(object).lookup(field, row[field.name] ?? null) ?? [];
    const other = taken.find((candidate) => candidate.Id !== id && candidate.IsDeleted !== true);
    if (!other) continue;
    throw new RowError(
      'DUPLICATE_VALUE',
      `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id.slice(0, 15)}`,
    );
  }
  org.store.transaction(() => {
    systemUpdate(org, object, row, { IsDeleted: false }, userId);
  });
}

/** Removes everything in the recycle bin for good, or what one id names. Returns how many records went. */
export function emptyBin(context: WriteContext, id?: string): number {
  const { org } = context;
  return org.store.transaction(() => {
    let removed = 0;
    for (const object of org.schema.objects) {
      for (const row of [...org.store.table(object).all()]) {
        if (row.IsDeleted !== true || (id !== undefined && row.Id !== id)) continue;
        org.store.put(object, row.Id, undefined);
        removed += 1;
      }
    }
    return removed;
  });
}
