import type { RecordRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { classifyError } from '../salesforce/error-table';
import { parentsOf, type PlannedRow } from './requests';

/** Rows that were refused for the same thing: a field, record type, picklist, right or owner. */
export interface AlikeRows {
  /** What they were refused for. */
  problem: string;
  /** The one that is sent alone for all of them. */
  first: PlannedRow;
  /** The others, each followed by what points at it. */
  others: PlannedRow[];
}

/**
 * Sorts rows that failed among others by what to send again alone. Of rows that were refused alike for something that
 * lies in the org, one is enough: when it fails alone, the others would too, however many they are. Pure.
 *
 * @param failed records before what points at them.
 * @returns what to send now, in the same order, and what waits for the outcome of the first of its kind.
 */
export function splitAlike(
  failed: readonly PlannedRow[],
  results: ReadonlyMap<PlannedRow['row'], RowResult>,
): { toSend: PlannedRow[]; alike: AlikeRows[] } {
  const groups = new Map<string, AlikeRows>();
  const groupOf = new Map<RecordRow, AlikeRows>();
  const toSend: PlannedRow[] = [];
  for (const planned of failed) {
    const held = parentsOf(planned)
      .map((row) => groupOf.get(row))
      .find((group) => group !== undefined);
    const problem = scopedProblem(planned, results.get(planned.row));
    const known = held ?? (problem === null ? undefined : groups.get(problem));
    if (known === undefined) {
      toSend.push(planned);
      if (problem !== null) groups.set(problem, { problem, first: planned, others: [] });
      continue;
    }
    known.others.push(planned);
    if (planned.kind === 'record') groupOf.set(planned.row, known);
  }
  return { toSend, alike: [...groups.values()].filter(({ others }) => others.length > 0) };
}

/** What a row was refused for, where that strikes others alike; null when it was written or refused for its own values. */
export function scopedProblem(planned: PlannedRow, result: RowResult | undefined): string | null {
  if (result?.success !== false || planned.kind === 'deletion') return null;
  const [error] = result.errors;
  if (error === undefined || classifyError(error).class !== 'scoped') return null;
  const sobject = planned.kind === 'record' ? planned.row.sobject : 'Event';
  return JSON.stringify([error.code, sobject, [...error.fields].sort()]);
}
