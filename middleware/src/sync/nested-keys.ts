import type { EventParent, EventRow, RecordRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { refusesNestedKey } from '../salesforce/error-table';
import { parentsOf, type PlannedRow } from './requests';

type Results = ReadonlyMap<PlannedRow['row'], RowResult>;

/** Whether an Event points at a record that the same call creates, so that it needs a nested key. Pure. */
export function needsNestedKey(event: EventRow): boolean {
  return parentsOf({ kind: 'event', row: event }).length > 0;
}

/** Events that were refused because the org takes no nested keys. Pure. */
export function refusedForKeys(events: EventRow[], results: Results): EventRow[] {
  return events.filter((event) => {
    const result = results.get(event);
    return needsNestedKey(event) && result?.success === false && result.errors.some(refusesNestedKey);
  });
}

/**
 * What the answers tell about nested keys. Pure.
 * @returns null when they tell nothing.
 */
export function takesNestedKeys(events: EventRow[], results: Results): boolean | null {
  if (refusedForKeys(events, results).length > 0) return false;
  return events.some((event) => needsNestedKey(event) && results.get(event)?.success === true) ? true : null;
}

/** An Event with the ids of its parents; null while one of them is not written. Pure. */
export function byIds(event: EventRow, results: Results): EventRow | null {
  if (!parentsOf({ kind: 'event', row: event }).every((row) => results.get(row)?.success === true)) return null;
  return { ...event, who: withId(event.who, results), what: withId(event.what, results) };
}

function withId(parent: EventParent, results: Results): EventParent {
  const id = parent !== null && 'row' in parent ? idOf(parent.row, results) : null;
  return id === null ? parent : { recordId: id };
}

function idOf(row: RecordRow, results: Results): string | null {
  const result = results.get(row);
  if (result?.success !== true) return null;
  return row.recordId ?? result.id;
}
