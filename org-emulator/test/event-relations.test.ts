import { row, TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const relations = async (eventId: string): Promise<Record<string, unknown>[]> =>
  (await org.query(`SELECT RelationId FROM EventRelation WHERE EventId = '${eventId}' ORDER BY Id`)).body
    .records as Record<string, unknown>[];
const contact = (LastName: string): Promise<string> => org.create('Contact', { LastName });

describe('an invitation', () => {
  it('makes a group event, to a guest once', async () => {
    const EventId = await org.create('Event', visit());
    const RelationId = await contact('Guest');
    const id = await org.create('EventRelation', { EventId, RelationId });
    expect((await org.api('GET', `/sobjects/EventRelation/${id}`)).body).toMatchObject({ RelationId, Status: 'New' });
    expect((await org.api('GET', `/sobjects/Event/${EventId}`)).body).toMatchObject({
      IsGroupEvent: true,
      IsChild: false,
    });
    expect((await org.query('SELECT Id FROM Event')).body.totalSize).toBe(1);
    const again = await org.api('POST', '/sobjects/EventRelation', { EventId, RelationId });
    expect(again.body[0].errorCode).toBe('DUPLICATE_VALUE');
    expect((await org.api('PATCH', `/sobjects/EventRelation/${id}`, { Status: 'Accepted' })).status).toBe(204);
    expect((await org.api('PATCH', `/sobjects/EventRelation/${id}`, { RelationId })).body[0].errorCode).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    );
  });

  it('gives a user a child event without the key, which changes and goes with its parent', async () => {
    const [host] = org.emulator.users.standard;
    const EventId = await org.create('Event', visit({ Visit_Key__c: 'v-1' }));
    await org.create('EventRelation', { EventId, RelationId: host });
    const children = async (): Promise<Record<string, unknown>[]> =>
      (await org.query('SELECT Id, OwnerId, Visit_Key__c, Subject, StartDateTime FROM Event WHERE IsChild = true')).body
        .records as Record<string, unknown>[];
    const [child] = await children();
    expect(child).toMatchObject({ OwnerId: host, Visit_Key__c: null, Subject: 'Intro' });
    await org.api('PATCH', '/sobjects/Event/Visit_Key__c/v-1', { StartDateTime: '2026-12-05T01:00:00Z' });
    expect(await children()).toMatchObject([{ Id: child?.Id, StartDateTime: '2026-12-05T01:00:00.000+0000' }]);
    const guest = await contact('Guest');
    const refused = await org.api('POST', '/sobjects/EventRelation', { EventId: child?.Id, RelationId: guest });
    expect(refused.status).toBe(400);
    await org.api('DELETE', `/sobjects/Event/${EventId}`);
    expect(await children()).toEqual([]);
  });
});

describe('with Shared Activities', () => {
  beforeEach(async () => {
    await org.control('POST', '/settings', { sharedActivities: true });
  });

  it('an Event has several contacts, the first of which is its WhoId', async () => {
    const [a, b, c] = [await contact('A'), await contact('B'), await contact('C')];
    const id = await org.create('Event', visit({ EventWhoIds: [a, b] }));
    expect((await org.api('GET', `/sobjects/Event/${id}`)).body.WhoId).toBe(a);
    expect((await relations(id)).map(({ RelationId }) => RelationId)).toEqual([a, b]);
    await org.api('PATCH', `/sobjects/Event/${id}`, { EventWhoIds: [c, b] });
    expect((await org.api('GET', `/sobjects/Event/${id}`)).body.WhoId).toBe(c);
    expect((await relations(id)).map(({ RelationId }) => RelationId)).toEqual([b, c]);
    const records = [row('Event', visit({ WhoId: a, EventWhoIds: [b] }))];
    const [saved] = (await org.api('POST', '/composite/sobjects', { records })).body as { id: string }[];
    expect((await relations(String(saved?.id))).map(({ RelationId }) => RelationId)).toEqual([a, b]);
    const flags = await org.query(`SELECT IsParent, IsWhat, IsInvitee FROM EventRelation WHERE EventId = '${id}'`);
    expect(flags.body.records[0]).toMatchObject({ IsParent: true, IsWhat: false, IsInvitee: false });
  });

  it('the describe tells of the list', async () => {
    const { body } = await org.api('GET', '/sobjects/Event/describe');
    expect(body.childRelationships).toContainEqual(expect.objectContaining({ junctionIdListNames: ['EventWhoIds'] }));
    expect((await org.control('POST', '/settings', { sharedActivities: false })).body.sharedActivities).toBe(true);
  });

  it('refuses what is no list of up to 50 contacts or one lead', async () => {
    const lead = await org.create('Lead', { LastName: 'Abe', Company: 'Acme' });
    const someone = await contact('A');
    const code = async (EventWhoIds: unknown): Promise<unknown> =>
      (await org.api('POST', '/sobjects/Event', visit({ EventWhoIds }))).body[0]?.errorCode;
    expect(await code([lead, someone])).toBe('FIELD_INTEGRITY_EXCEPTION');
    expect(await code(['003Em0000000999'])).toBe('INVALID_CROSS_REFERENCE_KEY');
    expect(await code(['x'])).toBe('MALFORMED_ID');
    expect(await code(someone)).toBe('JSON_PARSER_ERROR');
    await org.create('Event', visit({ EventWhoIds: [lead] }));
    const many = await Promise.all(Array.from({ length: 51 }, (_, n) => contact(`N${n}`)));
    expect(await code(many)).toBe('FIELD_INTEGRITY_EXCEPTION');
    await org.create('Event', visit({ EventWhoIds: many.slice(0, 50) }));
  });
});
