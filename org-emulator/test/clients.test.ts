import { join } from 'node:path';
import { results, row, TestOrg } from './support';

/** What general clients of the API, jsforce among them, send and read. */
let org: TestOrg;
beforeAll(async () => {
  org = await TestOrg.start({ deployDir: join(__dirname, 'fixtures', 'jsforce-org') });
});
afterAll(() => org.close());

describe('attributes of a collection row', () => {
  it('may follow the Id of the row, as jsforce sends them', async () => {
    const id = await org.create('Account', { Name: 'Edge' });
    const record = { id, attributes: { type: 'Account' }, Name: 'Edge Two' };
    expect(results(await org.api('PATCH', '/composite/sobjects', { records: [record] }))).toEqual([
      { id, success: true, errors: [] },
    ]);
  });

  it('may follow the key of an upsert', async () => {
    const record = { ExtId__c: 'k-1', attributes: { type: 'UpsertTable__c' }, Name: 'One' };
    const answer = await org.api('PATCH', '/composite/sobjects/UpsertTable__c/ExtId__c', { records: [record] });
    expect(results(answer)[0]).toMatchObject({ success: true, created: true });
  });

  it.each([
    ['another field', { Name: 'One', attributes: { type: 'UpsertTable__c' }, ExtId__c: 'k-2' }],
    ['two fields', { ExtId__c: 'k-2', Name: 'One', attributes: { type: 'UpsertTable__c' } }],
  ])('may not follow %s', async (_what, record) => {
    const answer = await org.api('PATCH', '/composite/sobjects/UpsertTable__c/ExtId__c', { records: [record] });
    expect(results(answer)[0]?.errors[0]?.statusCode).toBe('JSON_PARSER_ERROR');
  });

  it('of several rows rolled back say which row was at fault', async () => {
    const rowOf = (key: string, fields = {}): Record<string, unknown> =>
      row('UpsertTable__c', { ExtId__c: key, Name: key, ...fields });
    const records = [rowOf('r-1'), rowOf('r-2', { OwnerId: 'INVALID_OWNER' })];
    const answer = await org.api('PATCH', '/composite/sobjects/UpsertTable__c/ExtId__c', { allOrNone: true, records });
    expect(results(answer).map(({ created, errors, success }) => [success, created, errors[0]?.statusCode])).toEqual([
      [false, true, 'ALL_OR_NONE_OPERATION_ROLLED_BACK'],
      [false, true, 'MALFORMED_ID'],
    ]);
  });
});

describe('what changed in a time', () => {
  const span = '?start=2026-03-01T10:00:00Z&end=2026-03-01T10:05:00%2B00:00';
  let changed: string;
  let deleted: string;
  beforeAll(async () => {
    await org.control('POST', '/clock', { now: '2026-03-01T09:00:00Z' });
    await org.create('Account', { Name: 'Before' });
    await org.control('POST', '/clock', { now: '2026-03-01T10:05:30Z' });
    changed = await org.create('Account', { Name: 'Changed' });
    deleted = await org.create('Account', { Name: 'Deleted' });
    await org.api('DELETE', `/sobjects/Account/${deleted}`);
    await org.control('POST', '/clock', { now: null });
  });

  it('lists the rows that were written', async () => {
    expect((await org.api('GET', `/sobjects/Account/updated/${span}`)).body).toEqual({
      ids: [changed],
      latestDateCovered: '2026-03-01T10:05:00.000+0000',
    });
  });

  it('lists the rows that were deleted', async () => {
    expect((await org.api('GET', `/sobjects/Account/deleted${span}`)).body).toMatchObject({
      deletedRecords: [{ id: deleted, deletedDate: '2026-03-01T10:05:30.000+0000' }],
    });
  });

  it.each([
    ['an end before the start', '?start=2026-03-02T00:00:00Z&end=2026-03-01T00:00:00Z', 'INVALID_REPLICATION_DATE'],
    ['no date', '?start=now&end=2026-03-01T00:00:00Z', 'INVALID_REPLICATION_DATE'],
    ['no start', '?end=2026-03-01T00:00:00Z', 'MISSING_ARGUMENT'],
  ])('refuses %s', async (_what, query, errorCode) => {
    const answer = await org.api('GET', `/sobjects/Account/updated${query}`);
    expect([answer.status, answer.body[0].errorCode]).toEqual([400, errorCode]);
  });
});

describe('recently viewed records', () => {
  it('are those that the user queried for view, the latest first, without deleted ones', async () => {
    const first = await org.create('Account', { Name: 'First' });
    const second = await org.create('Account', { Name: 'Second' });
    const third = await org.create('Contact', { LastName: 'Third' });
    for (const [sobject, id] of [
      ['Account', first],
      ['Account', second],
      ['Contact', third],
    ]) {
      await org.query(`SELECT Id FROM ${sobject} WHERE Id = '${id}' FOR VIEW`);
    }
    await org.api('DELETE', `/sobjects/Account/${second}`);
    const names = (answer: { body: { Name: string }[] }): string[] => answer.body.map(({ Name }) => Name);
    expect(names(await org.api('GET', '/recent'))).toEqual(['Third', 'First']);
    expect(names(await org.api('GET', '/recent?limit=1'))).toEqual(['Third']);
    expect((await org.api('GET', '/sobjects/Account')).body.recentItems).toMatchObject([
      { Id: first, attributes: { type: 'Account' } },
    ]);
    expect((await org.as(org.emulator.users.standard[0]).api('GET', '/recent')).body).toEqual([]);
  });
});
