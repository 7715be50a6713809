import type { FaultEffect, Strike } from '../control/faults';
import { RowError } from '../dml/row-error';
import type { RowFaults, SavedRow } from '../dml/write-context';
import type { FieldValue } from '../records/table';
import type { EmulatedOrg } from './emulated-org';

/**
 * The faults that strike single rows of a request: locked parents, a refusal of its own, and automation that bears only
 * so many rows at a time. A fault that names an object strikes its rows only.
 */
export function rowFaultsOf(emulated: EmulatedOrg, strikes: Strike[]): RowFaults | undefined {
  const faults = strikes.filter(({ effect }) => effect.rowLock ?? effect.rowError ?? effect.automationLimit);
  if (faults.length === 0) return undefined;
  return (row) => {
    for (const fault of faults) {
      if (fault.sobject !== undefined && fault.sobject.toLowerCase() !== row.sobject.toLowerCase()) continue;
      const error = errorOf(emulated, fault.effect, row);
      if (error) return error;
    }
    return undefined;
  };
}

function errorOf(emulated: EmulatedOrg, effect: FaultEffect, row: SavedRow): RowError | undefined {
  const { rowLock, rowError, automationLimit } = effect;
  const { sobject, id, values, rowsInTransaction } = row;
  if (rowLock) {
    return new RowError(
      'UNABLE_TO_LOCK_ROW',
      `unable to obtain exclusive access to this record or 1 records: ${id}`,
      [],
      { status: emulated.org.settings.lockStatus },
    );
  }
  if (rowError && hasValues(values, rowError.where ?? {})) {
    return new RowError(rowError.statusCode, rowError.message, rowError.fields);
  }
  if (!automationLimit || rowsInTransaction <= automationLimit.maxRows) return undefined;
  // A governor limit cannot be caught: the whole chunk fails with it, whichever row was the last straw.
  return new RowError(
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    `${sobject}Trigger: execution of BeforeInsert\n\ncaused by: System.LimitException: ${automationLimit.message}`,
  );
}

/** Whether the fields have these values; texts compare without case, as in a query. */
function hasValues(values: SavedRow['values'], wanted: Record<string, FieldValue>): boolean {
  const fold = (value: FieldValue): FieldValue => (typeof value === 'string' ? value.toLowerCase() : value);
  return Object.entries(wanted).every(([field, value]) => fold(values[field] ?? null) === fold(value));
}
