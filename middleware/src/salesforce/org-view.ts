import { createFieldNames, type FieldNames } from './field-names';
import type { OrgSchema } from './schema';

/** An org as its user sees it: what describe says, and how the package's fields are called there. */
export interface OrgView {
  schema: OrgSchema;
  names: FieldNames;
}

/** The objects that every view is made of: one describe call. An object that is absent is missing or invisible. */
export const VIEWED_OBJECTS = [
  'Event',
  'User',
  'Lead',
  'Contact',
  'Account',
  'Case',
  'Opportunity',
  'Campaign',
] as const;

/** The view of an org of which the schema was read. Pure. */
export function orgViewOf(schema: OrgSchema): OrgView {
  return { schema, names: createFieldNames(packageNamespace(schema)) };
}

/** The namespace of the package in this org, read off the one field that every booking needs; null for none. Pure. */
export function packageNamespace(schema: OrgSchema): string | null {
  const names = Object.keys(schema.objects['Event']?.fields ?? {});
  if (names.includes('Booking_Id__c')) return null;
  const prefixed = names
    .map((name) => /^(\w+?)__Booking_Id__c$/.exec(name)?.[1])
    .find((prefix) => prefix !== undefined);
  return prefixed ?? null;
}
