import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import type { RowError } from './row-error';

/** A fault that strikes single rows as they are saved: the error, or undefined to let the row pass. */
export type RowFault = (sobject: string, id: string) => RowError | undefined;

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
  rowFault?: RowFault | undefined;
  /** The text of the request, to say where a wrong value stands. */
  bodyText?: string | undefined;
}
