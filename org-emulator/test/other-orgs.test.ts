import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestOrg, visit } from './support';

/** Describes as orgs other than the recorded one give them: other API versions, many fields, packages, person accounts. */
const CUSTOM_FIELDS = 400;

const base = (prefix: string): Record<string, unknown>[] => [
  { name: 'Id', label: `${prefix} ID`, type: 'id', createable: false, updateable: false, nillable: false },
  { name: 'IsDeleted', label: 'Deleted', type: 'boolean', createable: false, updateable: false, nillable: false },
  { name: 'SystemModstamp', label: 'Modstamp', type: 'datetime', createable: false, updateable: false },
];
const field = (name: string, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  label: name,
  type: 'string',
  length: 80,
  createable: true,
  updateable: true,
  nillable: true,
  ...fields,
});
const customFields = Array.from({ length: CUSTOM_FIELDS }, (_, n) =>
  field(n % 2 === 0 ? `Field_${n}__c` : `ns__Field_${n}__c`, { custom: true, length: 20 }),
);
const recordType = (recordTypeId: string, fields: Record<string, unknown>): Record<string, unknown> => ({
  available: true,
  defaultRecordTypeMapping: false,
  recordTypeId,
  urls: {},
  ...fields,
});

/** As v40 answers: no childRelationships, and none of the keys that came later. */
const CONTACT_V40 = {
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  fields: [
    ...base('Contact'),
    field('LastName', { nillable: false }),
    field('FirstName'),
    field('Name', { createable: false, updateable: false, nameField: true, length: 121 }),
    field('Email', { type: 'email', idLookup: true }),
    field('AccountId', { type: 'reference', referenceTo: ['Account'], relationshipName: 'Account', length: 18 }),
    field('OwnerId', { type: 'reference', referenceTo: ['User'], relationshipName: 'Owner', length: 18 }),
    field('ns__Key__c', { custom: true, externalId: true, unique: true }),
    ...customFields,
  ],
};

/** As v62 answers an org with person accounts, a package, and a record type of theirs with the name of one of its own. */
const ACCOUNT_V62 = {
  name: 'Account',
  label: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  associateEntityType: null,
  associateParentEntity: null,
  createable: true,
  custom: false,
  hasSubtypes: true,
  isInterface: false,
  queryable: true,
  retrieveable: true,
  sobjectDescribeOption: 'FULL',
  updateable: true,
  fields: [
    ...base('Account'),
    field('Name', { nillable: true, extraTypeInfo: 'switchablepersonname', nameField: true }),
    field('LastName', { extraTypeInfo: 'switchablepersonname' }),
    field('FirstName'),
    field('IsPersonAccount', { type: 'boolean', createable: false, updateable: false, nillable: false }),
    field('PersonContactId', { type: 'reference', referenceTo: ['Contact'], createable: false, updateable: false }),
    field('PersonEmail', { type: 'email' }),
    field('RecordTypeId', { type: 'reference', referenceTo: ['RecordType'], relationshipName: 'RecordType' }),
    field('Legacy__pc', { custom: true, aiPredictionField: false, polymorphicForeignKey: false }),
    ...customFields,
  ],
  childRelationships: [
    { childSObject: 'Contact', field: 'AccountId', relationshipName: 'Contacts', cascadeDelete: true },
    { childSObject: 'ns__Unknown__c', field: 'ns__Account__c', relationshipName: 'ns__Unknowns__r' },
  ],
  recordTypeInfos: [
    recordType('012000000000AAA', { name: 'Client', developerName: 'Client', active: true, master: false }),
    recordType('012000000000BBB', { name: 'Client (package)', developerName: 'Client', active: true, master: false }),
    recordType('012000000000CCC', { name: 'Patron', developerName: 'Person_Patron', active: true, master: false }),
    recordType('012000000000DDD', {
      name: 'Old',
      developerName: 'Old',
      active: false,
      available: false,
      master: false,
    }),
    recordType('012000000000000AAA', { name: 'Master', developerName: 'Master', active: true, master: true }),
  ],
};

let org: TestOrg;
beforeAll(async () => {
  const describeDir = mkdtempSync(join(tmpdir(), 'describe-'));
  for (const describe of [CONTACT_V40, ACCOUNT_V62]) {
    writeFileSync(join(describeDir, `${describe.name}.json`), JSON.stringify(describe));
  }
  writeFileSync(
    join(describeDir, 'global.json'),
    JSON.stringify({ encoding: 'UTF-8', maxBatchSize: 200, sobjects: [] }),
  );
  org = await TestOrg.start({ describeDir });
});
afterAll(() => org.close());

it('describes every field and record type, two of one developer name too', async () => {
  const account = (await org.api('GET', '/sobjects/Account/describe')).body;
  const fields = (account.fields as { name: string }[]).map(({ name }) => name);
  expect(fields.filter((name) => /Field_\d+__c$/.test(name))).toHaveLength(CUSTOM_FIELDS);
  expect(fields).toContain('Legacy__pc');
  const infos = account.recordTypeInfos as { developerName: string }[];
  expect(infos.filter(({ developerName }) => developerName === 'Client')).toHaveLength(2);
  const contact = (await org.api('GET', '/sobjects/Contact/describe')).body;
  const email = (contact.fields as { name: string }[]).find(({ name }) => name === 'Email');
  expect(email).toMatchObject({ calculated: false });
  expect(contact.recordTypeInfos).toMatchObject([{ master: true }]);
});

it('finds, writes and refuses by the fields of a package', async () => {
  const account = await org.create('Account', { Name: 'Edge', ns__Field_1__c: 'x' });
  const path = '/sobjects/Contact/ns__Key__c/k-1';
  expect((await org.api('PATCH', path, { LastName: 'Sato', AccountId: account, Field_0__c: 'y' })).status).toBe(201);
  expect((await org.api('PATCH', path, { ns__Field_3__c: 'z' })).body).toMatchObject({ created: false });
  const { body } = await org.query(
    "SELECT Field_0__c, ns__Field_3__c, Account.ns__Field_1__c FROM Contact WHERE ns__Key__c = 'K-1'",
  );
  expect(body.records).toMatchObject([{ Field_0__c: 'y', ns__Field_3__c: 'z', Account: { ns__Field_1__c: 'x' } }]);
  const long = await org.api('PATCH', path, { ns__Field_5__c: 'x'.repeat(21) });
  expect(long.body[0].errorCode).toBe('STRING_TOO_LONG');
});

it('lists the described record types as records, person types among them', async () => {
  const { body } = await org.query(
    "SELECT Id, Name, DeveloperName, SobjectType, IsActive, IsPersonType FROM RecordType WHERE SobjectType = 'Account' ORDER BY Id",
  );
  expect(body.records).toMatchObject([
    { Id: '012000000000AAAAA2', Name: 'Client', DeveloperName: 'Client', SobjectType: 'Account', IsActive: true },
    { Name: 'Client (package)', DeveloperName: 'Client', IsPersonType: false },
    { Name: 'Patron', DeveloperName: 'Person_Patron', IsActive: true, IsPersonType: true },
    { Name: 'Old', IsActive: false },
  ]);
  const infos = (await org.api('GET', '/sobjects/Account/describe')).body.recordTypeInfos as { recordTypeId: string }[];
  expect(infos.map(({ recordTypeId }) => recordTypeId)).toContain(body.records[2].Id);
});

it('has person accounts because the describe says so', async () => {
  expect((await org.control('GET', '/settings')).body.personAccounts).toBe(true);
  const { body } = await org.query('SELECT Id FROM RecordType WHERE IsPersonType = true');
  const personType = String(body.records[0].Id);
  for (const fields of [{ RecordTypeId: personType }, {}]) {
    const id = await org.create('Account', { LastName: 'Sato', PersonEmail: 'a@example.com', ...fields });
    const account = (await org.api('GET', `/sobjects/Account/${id}`)).body;
    expect(account).toMatchObject({ IsPersonAccount: true, Name: 'Sato', RecordTypeId: personType });
    const person = (await org.api('GET', `/sobjects/Contact/${String(account.PersonContactId)}`)).body;
    expect(person).toMatchObject({ LastName: 'Sato', Email: 'a@example.com', AccountId: id, IsPersonAccount: true });
    const renamed = await org.api('PATCH', `/sobjects/Account/${id}`, { Name: 'Mori' });
    expect(renamed.body).toMatchObject([{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Name'] }]);
  }
  const company = await org.create('Account', { Name: 'Acme' });
  expect((await org.api('GET', `/sobjects/Account/${company}`)).body).toMatchObject({
    IsPersonAccount: false,
    PersonContactId: null,
  });
  expect((await org.api('POST', '/sobjects/Lead', { LastName: 'Abe' })).status).toBe(201);
});

it('has no standard field of persons that the describe lacks, and the mirror of each deployed one', async () => {
  const { fields } = (await org.api('GET', '/sobjects/Account/describe')).body as { fields: { name: string }[] };
  const names = fields.map(({ name }) => name).filter((name) => /^Person|__pc$/.test(name) && !/^Field/.test(name));
  expect(names).toEqual(expect.arrayContaining(['PersonEmail', 'PersonContactId', 'Legacy__pc', 'Patron_Key__pc']));
  expect(names).not.toContain('PersonTitle');
});

it('has the same record types after a reset', async () => {
  const ids = async (): Promise<unknown> => (await org.query('SELECT Id FROM RecordType ORDER BY Id')).body.records;
  const before = await ids();
  await org.control('POST', '/reset');
  expect(await ids()).toEqual(before);
});

it('keeps activities for them', async () => {
  const contact = await org.create('Contact', { LastName: 'Mori' });
  const event = await org.create('Event', visit({ WhoId: contact }));
  const { body } = await org.query(`SELECT Who.Name FROM Event WHERE Id = '${event}'`);
  expect(body.records).toHaveLength(1);
});
