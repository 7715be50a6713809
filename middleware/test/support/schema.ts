import type { OrgView } from '../../src/match/org-view';
import { createFieldNames } from '../../src/salesforce/field-names';
import { byName, type FieldSchema, type ObjectSchema, type OrgSchema } from '../../src/salesforce/schema';

/** A text field that may be empty and written; each case spoils or adds one thing. */
export function field(name: string, more: Partial<FieldSchema> = {}): FieldSchema {
  return {
    name,
    label: name,
    type: 'string',
    length: 255,
    precision: 0,
    scale: 0,
    digits: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaultedOnCreate: false,
    externalId: false,
    unique: false,
    idLookup: false,
    filterable: true,
    calculated: false,
    autoNumber: false,
    custom: name.endsWith('__c'),
    permissionable: true,
    restrictedPicklist: false,
    picklistValues: [],
    controllerName: null,
    compoundFieldName: null,
    referenceTo: [],
    relationshipName: null,
    polymorphic: false,
    ...more,
  };
}

/** A picklist with these active values; values in `inactive` are there, but switched off. */
export function picklist(name: string, values: string[], { restricted = true, inactive = [] as string[] } = {}) {
  const option = (active: boolean) => (value: string) => ({ value, label: value, active, default: false });
  return field(name, {
    type: 'picklist',
    restrictedPicklist: restricted,
    picklistValues: [...values.map(option(true)), ...inactive.map(option(false))],
  });
}

/** An object that may be created and changed. */
export function objectSchema(
  name: string,
  keyPrefix: string,
  fields: FieldSchema[],
  more: Partial<ObjectSchema> = {},
): ObjectSchema {
  return {
    name,
    label: name,
    keyPrefix,
    createable: true,
    updateable: true,
    deletable: true,
    custom: false,
    fields: byName(fields),
    recordTypes: [],
    ...more,
  };
}

const READ_ONLY = { createable: false, updateable: false };
const ID = field('Id', { type: 'id', length: 18, nillable: false, ...READ_ONLY });
const OWNER = field('OwnerId', { type: 'reference', length: 18, nillable: false, defaultedOnCreate: true });
const NAME = [
  field('FirstName', { length: 40 }),
  field('LastName', { length: 80, nillable: false }),
  field('Email', { type: 'email', length: 80 }),
  field('Phone', { type: 'phone', length: 40 }),
  field('MobilePhone', { type: 'phone', length: 40 }),
];
const readOnlyFlag = (name: string) => field(name, { type: 'boolean', length: 0, nillable: false, ...READ_ONLY });
/** What every record says of itself. */
const SYSTEM = [
  ID,
  OWNER,
  field('LastModifiedDate', { type: 'datetime', length: 0, nillable: false, ...READ_ONLY }),
  readOnlyFlag('IsDeleted'),
];
/** Where a merged record went. */
const MASTER = field('MasterRecordId', { type: 'reference', length: 18, ...READ_ONLY });
const datetime = (name: string) => field(name, { type: 'datetime', length: 0 });
const reference = (name: string, ...referenceTo: string[]) =>
  field(name, { type: 'reference', length: 18, referenceTo, polymorphic: referenceTo.length > 1 });

function objects(namespace: string | null, personAccounts: boolean): ObjectSchema[] {
  const ours = (name: string, more: Partial<FieldSchema> = {}) =>
    field(namespace === null ? name : `${namespace}__${name}`, more);
  const key = { externalId: true, unique: true, idLookup: true };
  const sharedKey = { externalId: true, idLookup: true };
  const customerId = ours('Booking_Customer_Id__c', key);
  const bookingId = ours('Booking_Id__c', key);
  return [
    objectSchema('Event', '00U', [
      ID,
      OWNER,
      reference('WhoId', 'Contact', 'Lead'),
      reference('WhatId', 'Account', 'Case', 'Opportunity'),
      field('Subject', { type: 'combobox' }),
      field('Location'),
      field('Description', { type: 'textarea', length: 32_000 }),
      datetime('StartDateTime'),
      datetime('EndDateTime'),
      field('IsAllDayEvent', { type: 'boolean', length: 0, nillable: false, defaultedOnCreate: true }),
      readOnlyFlag('IsDeleted'),
      readOnlyFlag('IsChild'),
      bookingId,
      ours('Event_Status__c', { type: 'picklist' }),
      ours('Cancel_Reschedule_Reason__c'),
      ours('Meeting_Type__c'),
      ours('Campaign__c'),
      ours('Booking_Source__c'),
    ]),
    objectSchema('Lead', '00Q', [
      ...SYSTEM,
      MASTER,
      ...NAME,
      field('Company', { nillable: false }),
      readOnlyFlag('IsConverted'),
      field('ConvertedContactId', { type: 'reference', length: 18, ...READ_ONLY }),
      field('ConvertedAccountId', { type: 'reference', length: 18, ...READ_ONLY }),
      customerId,
    ]),
    objectSchema('Contact', '003', [
      ...SYSTEM,
      MASTER,
      ...NAME,
      reference('AccountId', 'Account'),
      customerId,
      ...(personAccounts ? [readOnlyFlag('IsPersonAccount')] : []),
    ]),
    objectSchema('Account', '001', [
      ...SYSTEM,
      MASTER,
      field('Name', { nillable: personAccounts }),
      field('Website', { type: 'url' }),
      field('Phone', { type: 'phone', length: 40 }),
      customerId,
      ...(personAccounts ? PERSON_ACCOUNT : []),
    ]),
    objectSchema('Opportunity', '006', [
      ...SYSTEM,
      field('Name', { length: 120, nillable: false }),
      field('StageName', { type: 'picklist', nillable: false }),
      field('CloseDate', { type: 'date', length: 0, nillable: false }),
      field('Description', { type: 'textarea', length: 32_000, filterable: false }),
      reference('AccountId', 'Account'),
      reference('ContactId', 'Contact'),
      ours('Booking_Customer_Id__c', sharedKey),
      bookingId,
    ]),
    objectSchema('Case', '500', [
      ...SYSTEM,
      MASTER,
      field('Subject'),
      field('Description', { type: 'textarea', length: 32_000, filterable: false }),
      field('Origin', { type: 'picklist' }),
      field('SuppliedEmail', { type: 'email', length: 80 }),
      field('SuppliedName', { length: 80 }),
      field('SuppliedPhone', { type: 'phone', length: 40 }),
      field('SuppliedCompany', { length: 80 }),
      reference('ContactId', 'Contact'),
      reference('AccountId', 'Account'),
      ours('Booking_Customer_Id__c', sharedKey),
      bookingId,
    ]),
    objectSchema('User', '005', [ID]),
    objectSchema('Campaign', '701', [ID]),
    objectSchema('Group', '00G', [ID, field('DeveloperName', { length: 80 })]),
    objectSchema('EventRelation', '0RE', [
      ID,
      reference('EventId', 'Event'),
      reference('RelationId', 'Contact', 'Lead', 'User'),
    ]),
  ];
}

/** What Account has more where the org has person accounts. */
const PERSON_ACCOUNT = [
  readOnlyFlag('IsPersonAccount'),
  field('PersonContactId', { type: 'reference', length: 18, ...READ_ONLY }),
  field('FirstName', { length: 40 }),
  field('LastName', { length: 80 }),
  field('PersonEmail', { type: 'email', length: 80 }),
  field('PersonMobilePhone', { type: 'phone', length: 40 }),
];

/**
 * A small org with the package: Event, its relations, Lead, Contact, Account, Opportunity, Case, User and Group.
 *
 * @param without objects (`Contact`) and fields (`Contact.Email`) that the user may not see.
 * @param fields more fields by object; one of a known name takes its place.
 */
export function orgSchema({
  without = [],
  fields = {},
  namespace = null,
  personAccounts = false,
}: {
  without?: string[];
  fields?: Record<string, FieldSchema[]>;
  namespace?: string | null;
  personAccounts?: boolean;
} = {}): OrgSchema {
  const visible = objects(namespace, personAccounts)
    .filter(({ name }) => !without.includes(name))
    .map((object) => ({
      ...object,
      fields: byName(
        [...Object.values(object.fields), ...(fields[object.name] ?? [])].filter(
          ({ name }) => !without.includes(`${object.name}.${name}`),
        ),
      ),
    }));
  return { objects: byName(visible), stamp: null, readAt: '2026-10-01T00:00:00.000Z' };
}

/** {@link orgSchema} with its names. */
export function orgView(options: Parameters<typeof orgSchema>[0] = {}): OrgView {
  return { schema: orgSchema(options), names: createFieldNames(options.namespace ?? null) };
}
