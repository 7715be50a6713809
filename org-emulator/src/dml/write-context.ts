import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import type { FieldValue } from '../records/table';
import type { RowError } from './row-error';

/** A row as a fault sees it, before any rule has run. */
export interface SavedRow {
  sobject: string;
  id: string;
  /** The values that it has and is given, by field name. */
  values: Readonly<Record<string, FieldValue>>;
  rowsInTransaction: number;
}

/** Faults that strike single rows as they are saved: the error of a row, or undefined to let it pass. */
export type RowFaults = (row: SavedRow) => RowError | undefined;

/** The options of `Sforce-Duplicate-Rule-Header`; all off unless the request says so. */
export interface DuplicateRuleOptions {
  allowSave: boolean;
  includeRecordDetails: boolean;
  runAsCurrentUser: boolean;
}

/** Who writes, and how. */
export interface WriteContext {
  org: Org;
  /** 18-character id of the user whose session it is. */
  userId: string;
  /** What he may see and do. */
  access: UserAccess;
  /** `v67.0`, as in the request's path. */
  apiVersion: string;
  /** Whether assignment rules run: they do unless `Sforce-Auto-Assign: FALSE` was sent. */
  autoAssign: boolean;
  duplicateRules: DuplicateRuleOptions;
  /** How many rows of the object are saved together; 1 unless the request is a collection. */
  rowsInTransaction?: number | undefined;
  rowFaults?: RowFaults | undefined;
  /** The text of the request, to say where a wrong value stands. */
  bodyText?: string | undefined;
}
