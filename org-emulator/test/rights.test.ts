import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

/** Deploys a permission set of that content. */
function deploySet(name: string, content: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'test-rights-'));
  mkdirSync(join(folder, 'permissionsets'));
  writeFileSync(
    join(folder, `permissionsets/${name}.permissionset-meta.xml`),
    `<?xml version="1.0" encoding="UTF-8"?><PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">${content}<label>${name}</label></PermissionSet>`,
  );
  try {
    org.emulator.deploy(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const user = (...names: string[]): string =>
  names.map((name) => `<userPermissions><enabled>true</enabled><name>${name}</name></userPermissions>`).join('');
const RIGHTS = ['allowCreate', 'allowDelete', 'allowEdit', 'allowRead', 'modifyAllRecords', 'viewAllRecords'];
const object = (name: string, rights: string[]): string =>
  `<objectPermissions>${RIGHTS.map((right) => `<${right}>${rights.includes(right)}</${right}>`).join('')}<object>${name}</object></objectPermissions>`;
const field = (name: string): string =>
  `<fieldPermissions><editable>true</editable><field>${name}</field><readable>true</readable></fieldPermissions>`;

/** A user of the profile without any right, with a permission set. */
async function withSet(content: string): Promise<TestOrg> {
  deploySet('Tried', content);
  const one = async (soql: string): Promise<string> => String((await org.query(soql)).body.records[0].Id);
  const profile = await one("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'");
  const id = await org.create('User', {
    ...{ Username: 'mia@example.com', Email: 'mia@example.com', LastName: 'Minimum', Alias: 'mia' },
    ...{ TimeZoneSidKey: 'GMT', LocaleSidKey: 'en_US', EmailEncodingKey: 'UTF-8', LanguageLocaleKey: 'en_US' },
    ...{ CommunityNickname: 'mia', IsActive: true, ProfileId: profile },
  });
  const PermissionSetId = await one("SELECT Id FROM PermissionSet WHERE Name = 'Tried'");
  await org.create('PermissionSetAssignment', { PermissionSetId, AssigneeId: id });
  return org.as(id);
}

it('answers a user without API Enabled as an org without the API', async () => {
  const { status, body } = await (await withSet(user('ActivitiesAccess'))).query('SELECT Id FROM User');
  expect([status, body[0].errorCode]).toEqual([403, 'API_DISABLED_FOR_ORG']);
});

it('tells every user what he may do in general, and of the set-up only who may view it', async () => {
  const minimal = await withSet(user('ApiEnabled', 'ActivitiesAccess'));
  const own = await minimal.query('SELECT PermissionsApiEnabled, PermissionsEditEvent FROM UserPermissionAccess');
  expect(own.body.records).toMatchObject([{ PermissionsApiEnabled: true, PermissionsEditEvent: false }]);
  for (const name of ['DuplicateRule', 'ObjectPermissions', 'PermissionSetAssignment']) {
    expect((await minimal.query(`SELECT Id FROM ${name}`)).body[0].errorCode).toBe('INVALID_TYPE');
    expect((await org.query(`SELECT Id FROM ${name}`)).status).toBe(200);
  }
});

it('shows the rules and org-wide defaults that the settings switch on', async () => {
  await org.control('POST', '/settings', {
    duplicateRules: [{ sobject: 'Lead', action: 'alert' }],
    assignmentRules: { Case: org.emulator.adminUserId },
    privateObjects: ['Contact'],
  });
  expect((await org.query('SELECT SobjectType, IsActive FROM DuplicateRule')).body.records).toMatchObject([
    { SobjectType: 'Lead', IsActive: true },
  ]);
  expect((await org.query('SELECT SobjectType, Active FROM AssignmentRule')).body.records).toMatchObject([
    { SobjectType: 'Case', Active: true },
  ]);
  expect(
    (await org.query('SELECT DefaultContactAccess, DefaultLeadAccess FROM Organization')).body.records,
  ).toMatchObject([{ DefaultContactAccess: 'None', DefaultLeadAccess: 'ReadEditTransfer' }]);
});

it('lists what permission sets grant on objects', async () => {
  await withSet(user('ApiEnabled') + object('Lead', ['allowRead', 'viewAllRecords']));
  const soql = `SELECT SobjectType, PermissionsViewAllRecords, PermissionsEdit FROM ObjectPermissions WHERE SobjectType = 'Lead'
    AND ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment) AND PermissionsViewAllRecords = true`;
  expect((await org.query(soql)).body.records).toMatchObject([{ SobjectType: 'Lead', PermissionsEdit: false }]);
});

it('lists installed packages over the Tooling API to who may view the set-up', async () => {
  await org.control('POST', '/settings', {
    installedPackages: [{ name: 'Booking', namespace: 'bkconn', version: '1.2.0.3' }],
  });
  const path = `/tooling/query?q=${encodeURIComponent(
    'SELECT SubscriberPackage.NamespacePrefix, SubscriberPackageVersion.MajorVersion FROM InstalledSubscriberPackage',
  )}`;
  expect((await org.api('GET', path)).body.records).toMatchObject([
    { SubscriberPackage: { NamespacePrefix: 'bkconn' }, SubscriberPackageVersion: { MajorVersion: 1 } },
  ]);
  const minimal = await withSet(user('ApiEnabled'));
  expect((await minimal.api('GET', path)).body[0].errorCode).toBe('INVALID_TYPE');
});

it.each([
  [user('EditEvent'), /EditEvent depends on permission\(s\): ActivitiesAccess/],
  [object('Lead', ['allowCreate']), /Create Lead depends on permission\(s\): Read Lead/],
  [object('Contact', ['allowRead']), /Read Contact depends on permission\(s\): Read Account/],
  [object('Lead', ['viewAllRecords', 'allowEdit']), /Edit Lead depends on permission\(s\): Read Lead/],
])('refuses a permission set that lacks what a right depends on: %s', (content, message) => {
  expect(() => deploySet('Tried', content)).toThrow(message);
});

it('hides a checkbox of an activity from who has no right to the field', async () => {
  const minimal = await withSet(user('ApiEnabled', 'ActivitiesAccess', 'EditEvent'));
  const event = visit({ IsAllDayEvent: false });
  expect((await minimal.api('POST', '/sobjects/Event', event)).body[0].errorCode).toBe('INVALID_FIELD');
});

it('shows a field of a person account to who has the right to the field of its contact', async () => {
  await org.control('POST', '/settings', { personAccounts: true });
  const names = async (content: string): Promise<string[]> => {
    const { body } = await (await withSet(content)).api('GET', '/sobjects/Account/describe');
    return (body.fields as { name: string }[]).map(({ name }) => name);
  };
  expect(await names(user('ApiEnabled') + object('Account', ['allowRead']) + field('Contact.Email'))).toContain(
    'PersonEmail',
  );
});

it('lets who reads Campaigns add members', async () => {
  const minimal = await withSet(user('ApiEnabled') + object('Campaign', ['allowRead']) + object('Lead', ['allowRead']));
  const campaign = await org.create('Campaign', { Name: 'Spring' });
  const lead = await org.create('Lead', { LastName: 'Alpha', Company: 'Acme' });
  await minimal.create('CampaignMember', { CampaignId: campaign, LeadId: lead });
});
