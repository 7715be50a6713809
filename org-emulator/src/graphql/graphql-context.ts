import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import type { Reader } from '../ui-api/field-value';

/** Whose query it is. */
export interface GraphqlContext {
  org: Org;
  access: UserAccess;
  apiVersion: string;
  reader: Reader;
}
