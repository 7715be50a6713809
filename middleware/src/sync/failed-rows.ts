import type { RowResult } from '../salesforce/composite';
import type { PlannedRow, WriteRequest } from './requests';
import { isWorthSendingAlone } from './settle';

/**
 * Rows to send again, each alone. One that failed as the only row of its collection has failed alone already, unless it
 * was for a duplicate rule: only a single row's answer names the records found. Events go along with their person.
 */
export function failedRows(requests: WriteRequest[], results: ReadonlyMap<PlannedRow['row'], RowResult>): PlannedRow[] {
  const rows = requests.flatMap(({ rows: all }) => all.map((planned) => ({ planned, isAmongOthers: all.length > 1 })));
  const resent = rows.filter(({ planned, isAmongOthers }) => {
    const result = results.get(planned.row);
    if (result === undefined || result.success || planned.kind === 'deletion') return false;
    return isWorthSendingAlone(result) && (isAmongOthers || isDuplicate(result));
  });
  const refused = new Set(
    rows
      .filter(
        ({ planned }) =>
          planned.kind === 'person' && planned.row.recordId === null && results.get(planned.row)?.success === false,
      )
      .flatMap(({ planned }) => (planned.kind === 'person' ? planned.row.bookingIds : [])),
  );
  const people = resent.filter(({ planned }) => planned.kind === 'person').map(({ planned }) => planned);
  const resentPeople = new Set(people.flatMap((planned) => (planned.kind === 'person' ? planned.row.bookingIds : [])));
  const events = rows
    .map(({ planned }) => planned)
    .filter((planned) => planned.kind === 'event')
    .filter((planned) =>
      refused.has(planned.row.bookingId)
        ? resentPeople.has(planned.row.bookingId)
        : resent.some((other) => other.planned === planned),
    );
  return [...people, ...events];
}

function isDuplicate(result: RowResult): boolean {
  return !result.success && result.errors.some(({ code }) => code === 'DUPLICATES_DETECTED');
}
