import { TestOrg, visit, type Answer } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const FIELDS =
  'RecordId, HasReadAccess, HasEditAccess, HasDeleteAccess, HasTransferAccess, HasAllAccess, MaxAccessLevel';
const ask = (userId: string, ids: string[]): Promise<Answer> =>
  org.query(`SELECT ${FIELDS} FROM UserRecordAccess WHERE UserId = '${userId}' AND RecordId IN ('${ids.join("','")}')`);
const level = async (userId: string, id: string): Promise<unknown> =>
  (await ask(userId, [id])).body.records[0].MaxAccessLevel;

it('tells of one user and several records what he may do', async () => {
  const [host, other] = org.emulator.users.standard;
  const own = await org.create('Event', visit({ OwnerId: host }));
  const foreign = await org.create('Event', visit({ OwnerId: other }));
  expect((await ask(host, [own, foreign.slice(0, 15)])).body.records).toMatchObject([
    {
      RecordId: own,
      HasReadAccess: true,
      HasEditAccess: true,
      HasDeleteAccess: true,
      HasAllAccess: true,
      MaxAccessLevel: 'All',
    },
    { RecordId: foreign, HasReadAccess: false, HasEditAccess: false, MaxAccessLevel: 'None' },
  ]);
  const editable = `SELECT RecordId FROM UserRecordAccess WHERE UserId = '${host}' AND RecordId IN ('${own}', '${foreign}') AND HasEditAccess = true`;
  expect((await org.query(editable)).body.records).toMatchObject([{ RecordId: own }]);
});

it('follows sharing, the bin and object rights', async () => {
  const [host] = org.emulator.users.standard;
  const account = await org.create('Account', { Name: 'Acme' });
  const event = await org.create('Event', visit({ WhatId: account }));
  expect(await level(host, event)).toBe('Read');
  await org.control('POST', '/settings', { activitySharing: 'controlledByParent' });
  expect(await level(host, event)).toBe('Delete');
  expect(await level(org.emulator.adminUserId, event)).toBe('All');
  expect(await level(org.emulator.users.integration, event)).toBe('None');
  await org.api('DELETE', `/sobjects/Event/${event}`);
  expect(await level(org.emulator.adminUserId, event)).toBe('None');
});

it.each([
  '',
  "WHERE UserId = '005000000000001AAA'",
  "WHERE UserId = '005000000000001AAA' OR RecordId = '00U000000000001'",
])('must name one user and some records: %s', async (where) => {
  const { status, body } = await org.query(`SELECT RecordId FROM UserRecordAccess ${where}`);
  expect([status, body[0].errorCode]).toEqual([400, 'MALFORMED_QUERY']);
});

it('takes 200 records and no more', async () => {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `00U${String(n).padStart(12, '0')}`);
  expect((await ask(org.emulator.adminUserId, ids(200))).body.totalSize).toBe(200);
  expect((await ask(org.emulator.adminUserId, ids(201))).status).toBe(400);
});
