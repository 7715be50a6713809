import type { UserAccess } from '../org/access';
import { duplicateRuleRows, assignmentRuleRows } from '../org/rule-records';
import { objectPermissionRows, userPermissionAccessRow } from '../org/permission-records';
import type { Org } from '../org/org';
import type { StoredRecord } from '../records/table';
import type { ConditionTree } from './condition';
import { userRecordAccessRows } from './user-record-access';

/**
 * Rows of an object that are worked out from the org's rights and switches and stored nowhere.
 *
 * @returns undefined for objects whose rows are stored.
 * @throws ApiError MALFORMED_QUERY where the statement does not name what the object has to be asked for.
 */
export function virtualRows(
  sobject: string,
  org: Org,
  access: UserAccess,
  where: ConditionTree | undefined,
): StoredRecord[] | undefined {
  switch (sobject) {
    case 'UserRecordAccess':
      return userRecordAccessRows(org, where);
    case 'UserPermissionAccess':
      return [userPermissionAccessRow(org, access)];
    case 'ObjectPermissions':
      return objectPermissionRows(org);
    case 'DuplicateRule':
      return duplicateRuleRows(org);
    case 'AssignmentRule':
      return assignmentRuleRows(org);
    default:
      return undefined;
  }
}
