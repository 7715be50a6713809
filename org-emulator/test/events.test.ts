import { row, TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

async function saved(fields: Record<string, unknown>): Promise<Record<string, unknown>> {
  const id = await org.create('Event', fields);
  return (await org.api('GET', `/sobjects/Event/${id}`)).body as Record<string, unknown>;
}
const start = { StartDateTime: '2026-12-01T10:00:00+09:00' };

describe('the time of an Event', () => {
  it.each([
    [{ ...start, DurationInMinutes: 30 }],
    [{ ...start, EndDateTime: '2026-12-01T01:30:00Z' }],
    [{ ...start, EndDateTime: '2026-12-01T01:30:00Z', DurationInMinutes: 30 }],
    [{ ActivityDateTime: '2026-12-01T01:00:00Z', DurationInMinutes: 30 }],
  ])('is complete from %j', async (fields) => {
    expect(await saved(fields)).toMatchObject({
      StartDateTime: '2026-12-01T01:00:00.000+0000',
      ActivityDateTime: '2026-12-01T01:00:00.000+0000',
      ActivityDate: '2026-12-01',
      EndDateTime: '2026-12-01T01:30:00.000+0000',
      EndDate: '2026-12-01',
      DurationInMinutes: 30,
      IsAllDayEvent: false,
      ShowAs: 'Busy',
    });
  });

  it.each([
    [{ IsAllDayEvent: true, ActivityDate: '2026-12-01' }, 1440, '2026-12-01'],
    [
      { IsAllDayEvent: true, StartDateTime: '2026-12-01T00:00:00Z', EndDateTime: '2026-12-03T00:00:00Z' },
      4320,
      '2026-12-03',
    ],
    [{ IsAllDayEvent: true, ActivityDate: '2026-12-01', DurationInMinutes: 2880 }, 2880, '2026-12-02'],
  ])('of whole days is midnight UTC: %j', async (fields, minutes, lastDay) => {
    expect(await saved(fields)).toMatchObject({
      ActivityDate: '2026-12-01',
      StartDateTime: '2026-12-01T00:00:00.000+0000',
      DurationInMinutes: minutes,
      EndDate: lastDay,
    });
  });

  it.each([
    [{}, 'REQUIRED_FIELD_MISSING'],
    [start, 'REQUIRED_FIELD_MISSING'],
    [{ DurationInMinutes: 30 }, 'REQUIRED_FIELD_MISSING'],
    [{ IsAllDayEvent: true }, 'REQUIRED_FIELD_MISSING'],
    [{ ...start, DurationInMinutes: 30, EndDateTime: '2026-12-01T02:00:00Z' }, 'FIELD_INTEGRITY_EXCEPTION'],
    [{ ...start, ActivityDateTime: '2026-12-02T01:00:00Z', DurationInMinutes: 30 }, 'FIELD_INTEGRITY_EXCEPTION'],
    [{ ...start, EndDateTime: '2026-12-01T00:00:00Z' }, 'FIELD_INTEGRITY_EXCEPTION'],
    [{ ...start, DurationInMinutes: 14 * 1440 + 1 }, 'FIELD_INTEGRITY_EXCEPTION'],
  ])('is refused: %j', async (fields, errorCode) => {
    const { status, body } = await org.api('POST', '/sobjects/Event', fields);
    expect({ status, errorCode: body[0].errorCode }).toEqual({ status: 400, errorCode });
  });

  it('may not exceed a day where multi-day events are off', async () => {
    await org.control('POST', '/settings', { multiDayEvents: false });
    expect((await org.api('POST', '/sobjects/Event', { ...start, DurationInMinutes: 1440 })).status).toBe(201);
    expect((await org.api('POST', '/sobjects/Event', { ...start, DurationInMinutes: 1441 })).status).toBe(400);
  });

  it('keeps its length when only the start moves', async () => {
    const { Id } = await saved({ ...start, DurationInMinutes: 45 });
    await org.api('PATCH', `/sobjects/Event/${String(Id)}`, { StartDateTime: '2026-12-02T05:00:00Z' });
    expect((await org.api('GET', `/sobjects/Event/${String(Id)}`)).body).toMatchObject({
      EndDateTime: '2026-12-02T05:45:00.000+0000',
      ActivityDate: '2026-12-02',
    });
  });
});

describe('what an Event is related to', () => {
  it('is nothing else beside a lead; after the lead is exchanged it may be', async () => {
    const lead = await org.create('Lead', { LastName: 'Abe', Company: 'Beta' });
    const account = await org.create('Account', { Name: 'Acme' });
    const contact = await org.create('Contact', { LastName: 'Sato', AccountId: account });
    const refused = await org.api('POST', '/sobjects/Event', visit({ WhoId: lead, WhatId: account }));
    expect(refused).toMatchObject({
      status: 400,
      body: [{ errorCode: 'FIELD_INTEGRITY_EXCEPTION', fields: ['WhatId'] }],
    });
    const id = await org.create('Event', visit({ WhoId: lead }));
    expect((await org.api('PATCH', `/sobjects/Event/${id}`, { WhatId: account })).status).toBe(400);
    expect((await org.api('PATCH', `/sobjects/Event/${id}`, { WhoId: contact, WhatId: account })).status).toBe(204);
  });

  it.each([
    ['the account itself', 'Account'],
    ['the account of the case', 'Case'],
    ['the account of the contact', 'none'],
  ])('gives it an account: %s', async (_what, related) => {
    const account = await org.create('Account', { Name: 'Acme' });
    const contact = await org.create('Contact', { LastName: 'Sato', AccountId: account });
    const WhatId =
      related === 'Account' ? account : related === 'Case' ? await org.create('Case', { ContactId: contact }) : null;
    expect(await saved(visit({ WhoId: contact, WhatId }))).toMatchObject({ AccountId: account });
  });

  it('goes to the bin with its person', async () => {
    const contact = await org.create('Contact', { LastName: 'Sato' });
    const event = await org.create('Event', visit({ WhoId: contact }));
    await org.api('DELETE', `/sobjects/Contact/${contact}`);
    expect((await org.api('PATCH', `/sobjects/Event/${event}`, { Subject: 'x' })).body[0].errorCode).toBe(
      'ENTITY_IS_DELETED',
    );
  });
});

it('has no fields that only other orgs have', async () => {
  for (const field of ['Type', 'RecordTypeId', 'EventWhoIds', 'ShowTime']) {
    const { body } = await org.api('POST', '/sobjects/Event', visit({ [field]: 'x' }));
    expect(body[0].message).toBe(`No such column '${field}' on sobject of type Event`);
  }
});

it('is owned by users, never by a queue', async () => {
  const queue = await org.create('Group', { Name: 'Callbacks', Type: 'Queue' });
  expect((await org.api('POST', '/sobjects/Event', visit({ OwnerId: queue }))).body[0].errorCode).toBe('MALFORMED_ID');
});

describe('an activity setting of Private', () => {
  const asHost = (): TestOrg => org.as(org.emulator.users.standard[0]);

  it('lets owners change their Events, and nobody beside them', async () => {
    const [host, other] = org.emulator.users.standard;
    const id = await org.create('Event', visit({ OwnerId: host }));
    expect((await asHost().api('PATCH', `/sobjects/Event/${id}`, { Subject: 'mine' })).status).toBe(204);
    const refused = await org
      .as(other)
      .api('PATCH', '/composite/sobjects', { records: [row('Event', { id, Subject: 'not mine' })] });
    expect(refused.body[0].errors[0]).toEqual({
      statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
      message: 'insufficient access rights on object id',
      fields: [],
    });
    expect((await org.as(other).api('GET', `/sobjects/Event/${id}`)).status).toBe(404);
    expect((await org.as(other).query('SELECT Id FROM Event')).body.totalSize).toBe(0);
  });

  it('lets users above the owner in the role hierarchy change them', async () => {
    const [host, boss] = org.emulator.users.standard;
    const top = await org.create('UserRole', { Name: 'Top' });
    const below = await org.create('UserRole', { Name: 'Below', ParentRoleId: top });
    await org.api('PATCH', `/sobjects/User/${boss}`, { UserRoleId: top });
    await org.api('PATCH', `/sobjects/User/${host}`, { UserRoleId: below });
    const id = await org.create('Event', visit({ OwnerId: host }));
    expect((await org.as(boss).api('DELETE', `/sobjects/Event/${id}`)).status).toBe(204);
    const bossEvent = await org.create('Event', visit({ OwnerId: boss }));
    expect((await asHost().api('DELETE', `/sobjects/Event/${bossEvent}`)).status).toBe(403);
  });

  it('shows an Event to readers of its parent; Controlled by Parent lets them edit', async () => {
    const account = await org.create('Account', { Name: 'Acme' });
    const id = await org.create('Event', visit({ WhatId: account }));
    expect((await asHost().api('GET', `/sobjects/Event/${id}`)).status).toBe(200);
    expect((await asHost().api('PATCH', `/sobjects/Event/${id}`, { Subject: 'x' })).status).toBe(403);
    await org.control('POST', '/settings', { activitySharing: 'controlledByParent' });
    expect((await asHost().api('PATCH', `/sobjects/Event/${id}`, { Subject: 'x' })).status).toBe(204);
  });
});
