import { makeField, type Field } from './field';

const READ_ONLY = {
  createable: false,
  updateable: false,
  nillable: false,
  defaultedOnCreate: true,
  permissionable: false,
} as const;

/** The audit fields that an ordinary object has, in describe order. */
export const AUDIT_FIELD_NAMES = [
  'Id',
  'IsDeleted',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
] as const;

/** The Id and the audit fields of an object, which only the platform writes. */
export function auditFields(objectLabel: string): Field[] {
  const user = (name: string, label: string, relationshipName: string): Field =>
    makeField({ name, label, type: 'reference', referenceTo: ['User'], relationshipName, ...READ_ONLY });
  return [
    makeField({ name: 'Id', label: `${objectLabel} ID`, type: 'id', idLookup: true, ...READ_ONLY }),
    makeField({ name: 'IsDeleted', label: 'Deleted', type: 'boolean', ...READ_ONLY }),
    makeField({ name: 'CreatedDate', label: 'Created Date', type: 'datetime', ...READ_ONLY }),
    user('CreatedById', 'Created By ID', 'CreatedBy'),
    makeField({ name: 'LastModifiedDate', label: 'Last Modified Date', type: 'datetime', ...READ_ONLY }),
    user('LastModifiedById', 'Last Modified By ID', 'LastModifiedBy'),
    makeField({ name: 'SystemModstamp', label: 'System Modstamp', type: 'datetime', ...READ_ONLY }),
  ];
}
