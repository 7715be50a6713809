import { TestOrg, visit } from './support';

let started: TestOrg;
let org: TestOrg;
let rep: TestOrg;
let contactId: string;
let leadId: string;
let accountId: string;

beforeAll(async () => {
  started = await TestOrg.start();
});
afterAll(() => started.close());
beforeEach(async () => {
  await started.control('POST', '/reset');
  await started.control('POST', '/clock', { now: '2026-11-20T20:00:00.000Z' });
  org = started.as(started.emulator.adminUserId);
  rep = started.as(started.emulator.users.standard[0]);
  accountId = await org.create('Account', { Name: 'Alpha Works' });
  contactId = await org.create('Contact', {
    FirstName: 'Ana',
    LastName: 'Alpha',
    AccountId: accountId,
    Email: 'a@x.test',
  });
  leadId = await org.create('Lead', { LastName: 'Beta', Company: 'Beta Works' });
});

/** Runs what stands inside `uiapi { query { … } }`. */
async function ask(query: string, variables: Record<string, unknown> = {}, who = org, head = 'query test') {
  const body = { query: `${head} { uiapi { query { ${query} } } }`, variables };
  const { status, body: answer } = await who.api('POST', '/graphql', body);
  expect(status).toBe(200);
  return { found: answer.data.uiapi?.query, errors: answer.errors, answer };
}

/** The values of one field of all edges. */
function values(connection: { edges: { node: Record<string, { value: unknown }> }[] }, field: string): unknown[] {
  return connection.edges.map(({ node }) => node[field]?.value);
}

describe('events by GraphQL', () => {
  beforeEach(async () => {
    await org.create(
      'Event',
      visit({ Subject: 'Second', WhoId: contactId, WhatId: accountId, Visit_State__c: 'Planned' }),
    );
    await org.create('Event', visit({ Subject: 'First', WhoId: contactId, StartDateTime: '2026-11-25T18:00:00Z' }));
    await org.create('Event', visit({ Subject: 'Past', WhoId: leadId, StartDateTime: '2026-11-10T18:00:00Z' }));
  });

  it('come with values, wordings, aliases and whom they are about', async () => {
    const { found, errors } = await ask(
      `Event(where: { or: [{ WhoId: { eq: $id } }, { WhatId: { eq: $id } }] }, orderBy: { StartDateTime: { order: DESC } }, first: 1) {
        edges { cursor node {
          Id
          Subject { value displayValue }
          StartDateTime { value displayValue }
          state: Visit_State__c @optional { value displayValue label }
          Who { __typename ... on Contact { Name { value } Email { value } } ... on Lead { Company { value } } }
          What { ... on Account { Name { value } } }
          Owner { ... on User { Name { value } } }
        } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
        totalCount
        pageResultCount
      }`,
      { id: contactId },
      org,
      'query events($id: ID)',
    );
    expect(errors).toEqual([]);
    const { edges, pageInfo, totalCount, pageResultCount } = found.Event;
    expect(edges[0].node).toEqual({
      Id: expect.stringMatching(/^00U/),
      Subject: { value: 'Second', displayValue: null },
      StartDateTime: { value: '2026-12-01T01:00:00.000Z', displayValue: '11/30/26, 5:00 PM' },
      state: { value: 'Planned', displayValue: 'Planned', label: 'Planned' },
      Who: { __typename: 'Contact', Name: { value: 'Ana Alpha' }, Email: { value: 'a@x.test' } },
      What: { Name: { value: 'Alpha Works' } },
      Owner: { Name: { value: 'Ada Admin' } },
    });
    expect({ totalCount, pageResultCount }).toEqual({ totalCount: 2, pageResultCount: 1 });
    expect(pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false, endCursor: edges[0].cursor });
  });

  it('come page by page', async () => {
    const query = `Event(first: 2, after: $after, orderBy: { StartDateTime: { order: ASC } }) {
      edges { node { Subject { value } } } pageInfo { hasNextPage endCursor } }`;
    const page = (after: string | null) => ask(query, { after }, org, 'query events($after: String)');
    const first = (await page(null)).found.Event;
    expect(values(first, 'Subject')).toEqual(['Past', 'First']);
    const second = (await page(first.pageInfo.endCursor)).found.Event;
    expect(values(second, 'Subject')).toEqual(['Second']);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it.each<[string, string[]]>([
    ['{ StartDateTime: { gte: { literal: TODAY } } }', ['First', 'Second']],
    ['{ StartDateTime: { lt: { value: "2026-11-20T00:00:00Z" } } }', ['Past']],
    ['{ StartDateTime: { eq: { range: { next_n_days: 7 } } } }', ['First']],
    ['{ Subject: { like: "%st" } }', ['First', 'Past']],
    ['{ Subject: { in: ["first", "nobody\'s"] } }', ['First']],
    ['{ Subject: { nin: ["First", "Past"] } }', ['Second']],
    ['{ Subject: { ne: "First" }, IsAllDayEvent: { eq: false } }', ['Past', 'Second']],
    ['{ not: { Subject: { eq: "First" } } }', ['Past', 'Second']],
    [
      '{ and: [{ Subject: { gt: "G" } }, { or: [{ WhatId: { ne: null } }, { Subject: { eq: "Past" } }] }] }',
      ['Past', 'Second'],
    ],
    ['{ Who: { Contact: { Name: { like: "Ana%" } } } }', ['First', 'Second']],
    ['{ Account: { Name: { eq: "Alpha Works" } } }', ['First', 'Second']],
    ['{ Subject: { in: [] } }', []],
  ])('are filtered by %s', async (where, subjects) => {
    const { found, errors } = await ask(`Event(where: ${where}) { edges { node { Subject { value } } } }`);
    expect(errors).toEqual([]);
    expect(values(found.Event, 'Subject').sort()).toEqual(subjects);
  });

  it('are the children of the person', async () => {
    const { found } = await ask(
      'Contact { edges { node { Events(first: 1, orderBy: { StartDateTime: { order: ASC } }) { totalCount edges { node { Subject { value } } } } } } }',
    );
    const [{ node }] = found.Contact.edges;
    expect([node.Events.totalCount, values(node.Events, 'Subject')]).toEqual([2, ['First']]);
  });
});

describe('what a user has no right to', () => {
  const withState = 'Event { edges { node { Id Visit_State__c { value } } } }';

  it('does not exist: the whole query is refused', async () => {
    const { answer } = await ask(withState, {}, rep);
    expect(answer).toEqual({
      data: {},
      errors: [
        {
          extensions: { ErrorType: 'ValidationError' },
          locations: [{ line: 1, column: 56 }],
          message:
            "Validation error of type FieldUndefined: Field 'Visit_State__c' in type 'Event' is undefined @ 'uiapi/query/Event/edges/node/Visit_State__c'",
          paths: [],
        },
      ],
      extensions: {},
    });
    expect((await ask(withState)).errors).toEqual([]);
  });

  it('is left out where it is optional', async () => {
    await rep.create('Event', visit({ WhoId: contactId }));
    const { found, errors } = await ask(
      'Event { edges { node { Id state: Visit_State__c @optional { value } Subject @optional { value } } } }',
      {},
      rep,
    );
    expect(errors).toEqual([]);
    expect(Object.keys(found.Event.edges[0].node)).toEqual(['Id', 'Subject']);
  });

  it('is not filtered by, optional or not', async () => {
    const { errors } = await ask('Event(where: { Visit_State__c: { eq: "Planned" } }) { totalCount }', {}, rep);
    expect(errors[0]).toMatchObject({ extensions: { ErrorType: 'ValidationError' } });
    expect(errors[0].message).toMatch(
      /^Validation error of type WrongType: .*Visit_State__c.* @ 'uiapi\/query\/Event'$/,
    );
  });

  it('is no record: sharing decides which ones there are, and which parents', async () => {
    await rep.create('Event', visit({ WhoId: contactId }));
    await org.control('POST', '/settings', { privateObjects: ['Contact'] });
    expect((await ask('Contact { totalCount }', {}, rep)).found.Contact.totalCount).toBe(0);
    const { found } = await ask('Event { edges { node { Who { ... on Contact { Id } } } } }', {}, rep);
    expect(found.Event.edges).toEqual([{ node: { Who: null } }]);
  });

  it('is an object without read access', async () => {
    const { errors } = await ask('Lead { totalCount }', {}, started.as(started.emulator.users.integration));
    expect(errors[0].message).toContain("Field 'Lead' in type 'RecordQuery' is undefined @ 'uiapi/query/Lead'");
  });
});

describe('what is no query', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['a fault of syntax', '{ uiapi {', 'InvalidSyntax', /^Invalid Syntax : /],
    [
      'an unknown object',
      '{ uiapi { query { Accounts { totalCount } } } }',
      'ValidationError',
      /FieldUndefined: Field 'Accounts'/,
    ],
    [
      'no subfields',
      '{ uiapi { query { Contact { edges { node { Name } } } } } }',
      'ValidationError',
      /SubselectionRequired/,
    ],
    [
      'an unknown argument',
      '{ uiapi { query { Contact(limit: 1) { totalCount } } } }',
      'ValidationError',
      /UnknownArgument/,
    ],
    [
      'too large a page',
      '{ uiapi { query { Contact(first: 2001) { totalCount } } } }',
      'DataFetchingException',
      /between 1 and 2000/,
    ],
    [
      'an id that is none',
      '{ uiapi { query { Contact(where: { Id: { eq: "x" } }) { totalCount } } } }',
      'DataFetchingException',
      /invalid ID field: x/,
    ],
    [
      'a date that is none',
      '{ uiapi { query { Event(where: { EndDate: { eq: { value: "soon" } } }) { totalCount } } } }',
      'ValidationError',
      /'soon' is no Date/,
    ],
    ['a mutation', 'mutation { uiapi { query { Contact { totalCount } } } }', 'OperationNotSupported', /queries only/],
  ])('%s', async (_what, query, type, message) => {
    const { status, body } = await org.api('POST', '/graphql', { query });
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toEqual({ ErrorType: type });
    expect(body.errors[0].message).toMatch(message);
  });

  it('a variable that does not fit', async () => {
    const query = 'query test($first: Int) { uiapi { query { Contact(first: $first) { totalCount } } } }';
    const { body } = await org.api('POST', '/graphql', { query, variables: { first: 'many' } });
    expect(body.errors[0].extensions).toEqual({ ErrorType: 'ValidationError' });
  });

  it('a body that holds none, another method, an ended session', async () => {
    expect((await org.api('POST', '/graphql', { nothing: 1 })).status).toBe(400);
    expect((await org.api('GET', '/graphql')).status).toBe(405);
    const { status, body } = await org.api(
      'POST',
      '/graphql',
      { query: '{ uiapi }' },
      { authorization: 'Bearer none' },
    );
    expect([status, body[0].errorCode]).toEqual([401, 'INVALID_SESSION_ID']);
  });
});
