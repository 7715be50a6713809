import type { CustomField } from './custom-field';
import type { CustomObject } from './custom-object';
import type { PermissionSetDefinition } from './permission-set';
import type { RecordTypeDefinition } from './record-type';

/** What a deployment adds to an org, as far as its data can tell. */
export interface Deployment {
  objects: CustomObject[];
  fields: (CustomField & { sobject: string })[];
  permissionSets: PermissionSetDefinition[];
  recordTypes: RecordTypeDefinition[];
}

/** What a deployment takes from an org, as far as its data can tell. Whatever is not there is passed over. */
export interface Removal {
  objects: string[];
  fields: { sobject: string; name: string }[];
  permissionSets: { name: string; namespace: string | null }[];
  recordTypes: { sobject: string; developerName: string }[];
}
