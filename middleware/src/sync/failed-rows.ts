import type { EventRow, RecordRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { parentsOf, type PlannedRow, type WriteRequest } from './requests';
import { isWorthSendingAlone } from './settle';

/**
 * Rows to send again, each alone. One that failed as the only row of its collection has failed alone already, unless it
 * was for a duplicate rule: only a single row's answer names the records found. What points at a refused new record
 * goes along with it, and stays behind when that is not sent again. Pure.
 *
 * @param requests in the order in which they were sent; rows that were held back for the ids of their parents come last.
 * @returns records before what points at them.
 */
export function failedRows(
  requests: Pick<WriteRequest, 'rows'>[],
  results: ReadonlyMap<PlannedRow['row'], RowResult>,
): PlannedRow[] {
  const resent = new Set<RecordRow>();
  const refused = new Set<RecordRow>();
  const failed: PlannedRow[] = [];
  for (const { rows } of requests) {
    for (const planned of rows) {
      const result = results.get(planned.row);
      if (result?.success === true || planned.kind === 'deletion') continue;
      const parents = parentsOf(planned).filter((row) => refused.has(row));
      const isSent =
        parents.length > 0
          ? parents.every((row) => resent.has(row))
          : result !== undefined && isWorthSendingAlone(result) && (rows.length > 1 || isDuplicate(result));
      if (planned.kind === 'record' && planned.row.recordId === null) {
        refused.add(planned.row);
        if (isSent) resent.add(planned.row);
      }
      if (isSent) failed.push(planned);
    }
  }
  return failed;
}

/**
 * Events that failed for nothing but the Case or Opportunity that they point at, which Salesforce refuses for good: they
 * are written without it. Pure.
 */
export function eventsWithoutRelated(
  events: EventRow[],
  results: ReadonlyMap<PlannedRow['row'], RowResult>,
): EventRow[] {
  const isRefused = (row: RecordRow): boolean => {
    const result = results.get(row);
    return result !== undefined && isWorthSendingAlone(result);
  };
  return events.flatMap((event) => {
    const { what, whatElse = null, ...others } = event;
    const isTheirs = what !== null && 'row' in what && what.row.part === 'related' && isRefused(what.row);
    if (!isTheirs || results.get(event)?.success === true) return [];
    const without: EventRow = { ...others, what: whatElse };
    const parents = parentsOf({ kind: 'event', row: without });
    const isReady = without.who !== null || whatElse !== null;
    return isReady && parents.every((row) => results.get(row)?.success === true) ? [without] : [];
  });
}

function isDuplicate(result: RowResult): boolean {
  return !result.success && result.errors.some(({ code }) => code === 'DUPLICATES_DETECTED');
}
