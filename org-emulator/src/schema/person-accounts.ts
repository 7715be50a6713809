import { makeField, type Field, type FieldInit } from './field';
import type { ObjectSchema } from './object-schema';

const READ_ONLY = { createable: false, updateable: false, permissionable: false } as const;

/** Fields of the person contact that its account shows under another name. */
const RENAMED: [contactField: string, accountField: string][] = [
  ['Email', 'PersonEmail'],
  ['Title', 'PersonTitle'],
  ['MobilePhone', 'PersonMobilePhone'],
  ['HomePhone', 'PersonHomePhone'],
  ['OtherPhone', 'PersonOtherPhone'],
  ['AssistantPhone', 'PersonAssistantPhone'],
  ['AssistantName', 'PersonAssistantName'],
  ['Birthdate', 'PersonBirthdate'],
  ['LeadSource', 'PersonLeadSource'],
  ['Department', 'PersonDepartment'],
  ...['Street', 'City', 'State', 'PostalCode', 'Country'].flatMap((part): [string, string][] => [
    [`Mailing${part}`, `PersonMailing${part}`],
    [`Other${part}`, `PersonOther${part}`],
  ]),
];
const SAME_NAME = ['LastName', 'FirstName', 'Salutation', 'Phone', 'Fax'];

/** Which field of the account shows which field of its person contact, custom fields included. */
export function personFieldPairs(contact: ObjectSchema): [contactField: string, accountField: string][] {
  const custom = contact.fields.filter((field) => field.custom && field.name.endsWith('__c'));
  return [
    ...SAME_NAME.map((name): [string, string] => [name, name]),
    ...RENAMED,
    ...custom.map(({ name }): [string, string] => [name, name.replace(/__c$/, '__pc')]),
  ];
}

/** Whether a described record type of Account is one of persons. A describe does not say; new orgs name theirs PersonAccount. */
export function isPersonRecordType({ developerName, name }: { developerName: string; name: string }): boolean {
  return /person/i.test(developerName) || /person/i.test(name);
}

/**
 * Gives Account and Contact the fields of an org with person accounts: names of two kinds, neither required by itself,
 * and on Account the person contact's fields. A lead without a company then converts to a person. An Account that was
 * recorded in such an org has its standard fields already; the mirrors of custom fields are added to any.
 */
export function addPersonAccountFields(account: ObjectSchema, contact: ObjectSchema, lead: ObjectSchema): void {
  const isRecorded = account.field('IsPersonAccount') !== undefined;
  const flag = makeField({ name: 'IsPersonAccount', label: 'Is Person Account', type: 'boolean', ...READ_ONLY });
  if (!isRecorded) {
    account.putField(flag);
    replace(account, 'Name', { nillable: true, extraTypeInfo: 'switchablepersonname' });
  }
  if (!contact.field('IsPersonAccount')) contact.putField(flag);
  if (!account.field('PersonContactId')) {
    account.putField(
      makeField({
        name: 'PersonContactId',
        label: 'Contact ID',
        type: 'reference',
        referenceTo: ['Contact'],
        relationshipName: 'PersonContact',
        ...READ_ONLY,
      }),
    );
  }
  replace(lead, 'Company', { nillable: true });
  for (const [contactField, accountField] of personFieldPairs(contact)) {
    const original = contact.field(contactField);
    if (!original || account.field(accountField) || (isRecorded && !accountField.endsWith('__pc'))) continue;
    account.putField(personField(original, accountField));
  }
}

function personField(original: Field, name: string): Field {
  return {
    ...original,
    name,
    nillable: true,
    // The mirror of a key is no key: records are not looked up by it.
    idLookup: false,
    unique: false,
    compoundFieldName: null,
    relationshipName: original.relationshipName?.replace(/__r$/, '__pr') ?? null,
    ...(name === 'LastName' ? { extraTypeInfo: 'switchablepersonname' } : {}),
  };
}

function replace(object: ObjectSchema, name: string, changes: Partial<FieldInit>): void {
  const field = object.field(name);
  if (field) object.putField({ ...field, ...changes });
}
