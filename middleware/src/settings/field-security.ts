import type { OrgSchema } from '../salesforce/schema';

/**
 * Fields of standard objects that no permission set governs, as describe says of them: whoever sees the object sees them,
 * and a permission set that lists one is refused. Used where the object itself is not seen.
 */
const UNGOVERNED: Readonly<Record<string, readonly string[]>> = {
  Lead: ['FirstName', 'LastName', 'Salutation', 'MiddleName', 'Suffix', 'Company', 'Status', 'OwnerId', 'RecordTypeId'],
  Contact: ['FirstName', 'LastName', 'Salutation', 'MiddleName', 'Suffix', 'OwnerId', 'RecordTypeId'],
  Account: ['FirstName', 'LastName', 'Salutation', 'MiddleName', 'Suffix', 'Name', 'OwnerId', 'RecordTypeId'],
  Opportunity: ['Name', 'StageName', 'CloseDate', 'ForecastCategoryName', 'OwnerId', 'RecordTypeId', 'ContactId'],
  Case: ['Status', 'OwnerId', 'Comments', 'RecordTypeId'],
};
/** Of Event few fields are governed, so those are named. */
const GOVERNED_OF_EVENT = ['WhoId', 'WhatId', 'Location', 'IsAllDayEvent', 'Description'];

/** Whether field-level security governs a field: by describe where the field is seen, else by what is known of it. Pure. */
export function isGoverned(sobject: string, field: string, { objects }: OrgSchema): boolean {
  const described = objects[sobject]?.fields[field];
  if (described !== undefined) return described.permissionable;
  if (field.endsWith('__c') || field.endsWith('__pc')) return true;
  if (sobject === 'Event') return GOVERNED_OF_EVENT.includes(field);
  return UNGOVERNED[sobject]?.includes(field) !== true;
}
