import { children, child, text } from '../src/xml/xml-element';
import {
  deployByRest,
  deployBySoap,
  EVERY_TYPE,
  everyType,
  manifest,
  resultOf,
  soap,
  type Files,
} from './metadata-support';
import { TestOrg } from './support';

const NONE = { deployDir: [] };
const ALL = 37;
let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start(NONE);
});
afterEach(() => org.close());

function fieldNames(described: { fields: { name: string }[] }): string[] {
  return described.fields.map(({ name }) => name);
}

/** Assigns the deployed permission set, without which nobody sees the fields. */
async function assignPermissionSet(): Promise<void> {
  const { body } = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Club_Member'");
  await org.create('PermissionSetAssignment', {
    PermissionSetId: body.records[0].Id,
    AssigneeId: org.emulator.adminUserId,
  });
}

it('reports every component, by REST and by SOAP the same', async () => {
  const byRest = await deployByRest(org, everyType());
  expect(byRest).toMatchObject({ status: 'Succeeded', success: true, numberComponentsDeployed: ALL });
  expect(byRest.details.componentFailures).toEqual([]);
  const created = byRest.details.componentSuccesses;
  expect(created.every((message) => message.created === true && message.success === true)).toBe(true);
  expect(created.find(({ componentType }) => componentType === 'CustomField')).toMatchObject({
    fullName: expect.stringMatching(/^\w+\.\w+__c$/),
    fileName: expect.stringMatching(/^objects\/\w+\.object$/),
  });

  // The CLI packs files in the order in which it has read them, which differs from one run to the next.
  const inAnotherOrder = new Map([...everyType()].reverse());
  const again = child(await deployBySoap(org, inAnotherOrder), 'details');
  const messages = children(again, 'componentSuccesses');
  expect(messages.map((message) => `${text(message, 'componentType')} ${text(message, 'fullName')}`).sort()).toEqual(
    created.map(({ componentType, fullName }) => `${componentType} ${fullName}`).sort(),
  );
  expect(messages.every((message) => text(message, 'changed') === 'false')).toBe(true);
});

it('makes fields, picklists, permission sets, custom metadata and formulas act', async () => {
  await deployByRest(org, everyType());
  const hidden = await org.api('GET', '/sobjects/Membership__c/describe');
  expect(fieldNames(hidden.body)).not.toContain('Level__c');
  await assignPermissionSet();
  const { body: described } = await org.api('GET', '/sobjects/Membership__c/describe');
  const level = (described.fields as { name: string }[]).find(({ name }) => name === 'Level__c');
  expect(level).toMatchObject({
    type: 'picklist',
    restrictedPicklist: true,
    picklistValues: [{ value: 'Gold' }, { value: 'Silver' }],
  });
  const contactId = await org.create('Contact', { LastName: 'Mc Coy' });
  const membership = { Name: 'M', Member__c: contactId, Number__c: '001' };
  const refused = await org.api('POST', '/sobjects/Membership__c', { ...membership, Level__c: 'Lead' });
  expect(refused.body[0].errorCode).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  await org.create('Membership__c', { ...membership, Level__c: 'Gold' });
  const { body: found } = await org.query('SELECT Level__c, Greeting__c, Member__r.Club_Page__c FROM Membership__c');
  expect(found.records[0]).toMatchObject({
    Greeting__c: 'Dear Mc Coy (gold)',
    Member__r: {
      Club_Page__c: `<a href="https://club.example/join?id=${contactId}&name=Mc+Coy" target="_blank">Join the club</a>`,
    },
  });
  const { body: settings } = await org.query(
    'SELECT QualifiedApiName, MasterLabel, Page__c, Seats__c FROM Club_Setting__mdt',
  );
  expect(settings.records[0]).toMatchObject({
    QualifiedApiName: 'Main',
    Page__c: 'https://club.example/join',
    Seats__c: 12,
  });
});

it('gives the administrator no permission set by a deployment, unlike an installed package', async () => {
  const assigned = 'SELECT Id FROM PermissionSetAssignment';
  await deployByRest(org, everyType());
  expect((await org.query(assigned)).body.totalSize).toBe(0);
  const installed = await TestOrg.start({ deployDir: EVERY_TYPE });
  try {
    expect((await installed.query(assigned)).body.totalSize).toBe(1);
  } finally {
    await installed.close();
  }
});

it('changes nothing when it only checks, and deploys what was checked without its files', async () => {
  const validated = await deployBySoap(
    org,
    everyType(),
    '<checkOnly>true</checkOnly><testLevel>RunLocalTests</testLevel>',
  );
  expect(text(validated, 'status')).toBe('Succeeded');
  expect((await org.api('GET', '/sobjects/Membership__c')).status).toBe(404);
  const answer = await soap(org, 'deployRecentValidation', `<validationId>${text(validated, 'id')}</validationId>`);
  const result = await resultOf(org, text(answer, 'result') ?? '');
  expect(result).toMatchObject({ status: 'Succeeded', numberComponentsDeployed: ALL });
  expect((await org.api('GET', '/sobjects/Membership__c')).status).toBe(200);
});

it('keeps nothing of a deployment that fails, and without rollback what does not depend on the fault', async () => {
  const files: Files = everyType();
  const path = 'objects/Membership__c.object';
  files.set(path, (files.get(path) ?? '').replace('<type>Picklist</type>', '<type>Pickliste</type>'));
  const rolledBack = await deployByRest(org, files);
  expect(rolledBack).toMatchObject({ status: 'Failed', success: false, numberComponentsDeployed: 0 });
  expect(rolledBack.details.componentFailures.map(({ fullName }) => fullName)).toEqual(['Membership__c.Level__c']);
  expect(org.emulator.org.metadata.all).toEqual([]);

  const partial = await deployByRest(org, files, { rollbackOnError: false, singlePackage: true });
  expect(partial.status).toBe('SucceededPartial');
  const failed = partial.details.componentFailures.map(({ fullName }) => fullName);
  expect(failed).toEqual(
    expect.arrayContaining(['Membership__c.Level__c', 'Club_Member', 'clubCard', 'Memberships', 'Contact_Page']),
  );
  expect(org.emulator.org.metadata.has('CustomField', 'Membership__c.Number__c')).toBe(true);
  expect(org.emulator.org.metadata.has('PermissionSet', 'Club_Member')).toBe(false);
});

it('is refused to users who may not change metadata, and to sessions that ended', async () => {
  const seller = org.as(org.emulator.users.standard[0]);
  const fault = await soap(seller, 'deploy', '<ZipFile></ZipFile>');
  expect(fault.name).toBe('Fault');
  expect(text(fault, 'faultcode')).toMatch(/^sf:/);
  const describe = await soap(seller, 'describeMetadata', '<asOfVersion>67.0</asOfVersion>');
  expect(text(describe, 'faultcode')).toBe('sf:INSUFFICIENT_ACCESS');
  const ended = await soap(org, 'describeMetadata', '', '00D000000000000!nobody');
  expect(text(ended, 'faultcode')).toBe('sf:INVALID_SESSION_ID');
});

it('says what a package lacks or is too much of', async () => {
  const folder = new Map([...everyType()].map(([path, content]): [string, string] => [`pack/${path}`, content]));
  const inFolder = await deployByRest(org, folder, { rollbackOnError: true, checkOnly: true });
  expect(inFolder.status).toBe('Succeeded');
  const problems = async (files: Files): Promise<unknown[]> => {
    const { details } = await deployByRest(org, files);
    return details.componentFailures.map(({ problem }) => problem);
  };
  expect(await problems(new Map([['labels/CustomLabels.labels', '']]))).toEqual(['No package.xml found']);
  expect(await problems(new Map([['package.xml', manifest({ CustomTab: ['Nope__c'] })]]))).toEqual([
    "An object 'Nope__c' of type CustomTab was named in package.xml, but was not found in zipped directory",
  ]);
  expect(await problems(new Map([['package.xml', manifest({ Wibble: ['A'] })]]))).toEqual([
    "Unknown type name 'Wibble' specified in package.xml",
  ]);
  expect(await problems(new Map([['package.xml', manifest({ ApexClass: ['A'] })]]))).toEqual([
    'The emulator does not support the metadata type ApexClass',
  ]);
  expect(await problems(new Map([['package.xml', '<Package><types></Package>']]))).toEqual([
    expect.stringMatching(/^Error parsing file: /),
  ]);
});

it('takes a valid component of a type that nothing here knows', async () => {
  const body = '<label>Wave</label><masterLabel>Wave</masterLabel>';
  const files: Files = new Map([
    ['package.xml', manifest({ LightningMessageChannel: ['Wave'] })],
    [
      'messageChannels/Wave.messageChannel',
      `<LightningMessageChannel xmlns="http://soap.sforce.com/2006/04/metadata"><masterLabel>Wave</masterLabel></LightningMessageChannel>`,
    ],
  ]);
  expect((await deployByRest(org, files)).status).toBe('Succeeded');
  files.set(
    'messageChannels/Wave.messageChannel',
    (files.get('messageChannels/Wave.messageChannel') ?? '').replace('<masterLabel>Wave</masterLabel>', body),
  );
  expect((await deployByRest(org, files)).details.componentFailures[0]?.problem).toBe(
    'Error parsing file: Element {http://soap.sforce.com/2006/04/metadata}label invalid at this location in type LightningMessageChannel',
  );
});

it('shows the deployed buttons and components on the page of a record', async () => {
  await deployByRest(org, everyType());
  const id = await org.create('Contact', { LastName: 'Ito' });
  const { status, body } = await org.request('GET', `/lightning/r/Contact/${id}/view`);
  expect(status).toBe(200);
  expect(body).toContain('Join club');
  expect(body).toContain('clubCard');
});
