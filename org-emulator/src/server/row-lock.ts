import type { Strike } from '../control/faults';
import { RowError } from '../dml/row-error';
import type { RowFault } from '../dml/write-context';
import type { EmulatedOrg } from './emulated-org';

/** Makes the rows that a struck request writes find their parents locked; of one object when the fault names it. */
export function rowLockFault(emulated: EmulatedOrg, strikes: Strike[]): RowFault | undefined {
  const locks = strikes.filter(({ effect }) => effect.rowLock);
  if (locks.length === 0) return undefined;
  return (sobject, id) => {
    const isLocked = locks.some(
      (lock) => lock.sobject === undefined || lock.sobject.toLowerCase() === sobject.toLowerCase(),
    );
    if (!isLocked) return undefined;
    return new RowError(
      'UNABLE_TO_LOCK_ROW',
      `unable to obtain exclusive access to this record or 1 records: ${id}`,
      [],
      { status: emulated.org.settings.lockStatus },
    );
  };
}
