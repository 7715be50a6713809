import { row, TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const V = '/services/data/v67.0';
interface Subanswer {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each case knows the body that it expects
  body: any;
  httpStatusCode: number;
  httpHeaders: Record<string, string>;
  referenceId: string;
}

async function run(compositeRequest: unknown[], flags: Record<string, unknown> = {}): Promise<Subanswer[]> {
  const { status, body } = await org.api('POST', '/composite', { ...flags, compositeRequest });
  expect(status).toBe(200);
  return body.compositeResponse as Subanswer[];
}
const post = (referenceId: string, sobject: string, body: unknown, rest: object = {}): object => ({
  method: 'POST',
  url: `${V}/sobjects/${sobject}`,
  referenceId,
  body,
  ...rest,
});
const query = (referenceId: string, soql: string): object => ({
  method: 'GET',
  url: `${V}/query?q=${encodeURIComponent(soql).replaceAll('%40%7B', '@{').replaceAll('%7D', '}')}`,
  referenceId,
});

it('refers to earlier answers by field, by place in a list and inside records', async () => {
  const [person, , found, event, page] = await run([
    post('person', 'Contact', { LastName: 'Sato' }),
    {
      method: 'POST',
      url: `${V}/composite/sobjects`,
      referenceId: 'rows',
      body: { records: [row('Account', { Name: 'Acme' })] },
    },
    query('found', "SELECT Id FROM Contact WHERE Id = '@{person.id}'"),
    post('event', 'Event', visit({ WhoId: '@{found.records[0].Id}', WhatId: '@{rows[0].id}' })),
    { method: 'GET', url: `${V}/sobjects/Event/@{event.id}?fields=WhoId,AccountId`, referenceId: 'page' },
  ]);
  expect(person).toMatchObject({
    httpStatusCode: 201,
    httpHeaders: { Location: `${V}/sobjects/Contact/${person?.body.id}` },
  });
  expect(found?.body.records[0].Id).toBe(person?.body.id);
  expect(event?.httpStatusCode).toBe(201);
  expect(page?.body).toMatchObject({ WhoId: person?.body.id });
  expect(page?.body.AccountId).toMatch(/^001/);
});

it('fails what refers to a failed row, and goes on with the rest', async () => {
  const [persons, dependent, independent] = await run([
    {
      method: 'POST',
      url: `${V}/composite/sobjects`,
      referenceId: 'persons',
      body: { records: [row('Contact', { LastName: 'Sato' }), row('Contact', {})] },
    },
    post('dependent', 'Event', visit({ WhoId: '@{persons[1].id}' })),
    post('independent', 'Event', visit({ WhoId: '@{persons[0].id}' })),
  ]);
  expect(persons?.httpStatusCode).toBe(200);
  expect(dependent).toEqual({
    body: [
      {
        errorCode: 'PROCESSING_HALTED',
        message: 'Invalid reference specified. No value for persons[1].id found in persons',
      },
    ],
    httpHeaders: {},
    httpStatusCode: 400,
    referenceId: 'dependent',
  });
  expect(independent?.httpStatusCode).toBe(201);
});

it.each([
  ['a later subrequest', '@{second.id}'],
  ['a key in other case', '@{first.ID}'],
  ['nobody', '@{nobody.id}'],
])('refuses a reference to %s', async (_what, WhoId) => {
  const [, dependent] = await run([
    post('first', 'Contact', { LastName: 'Sato' }),
    post('dependent', 'Event', visit({ WhoId })),
    post('second', 'Contact', { LastName: 'Mori' }),
  ]);
  expect(dependent?.body[0].errorCode).toBe('PROCESSING_HALTED');
});

it('undoes everything of an all-or-none, a partly failed collection included', async () => {
  const [first, rows, last] = await run(
    [
      post('first', 'Contact', { LastName: 'Sato' }),
      {
        method: 'POST',
        url: `${V}/composite/sobjects`,
        referenceId: 'rows',
        body: { allOrNone: false, records: [row('Contact', { LastName: 'Mori' }), row('Contact', {})] },
      },
      post('last', 'Contact', { LastName: 'Abe' }),
    ],
    { allOrNone: true },
  );
  expect(first?.body[0].errorCode).toBe('PROCESSING_HALTED');
  expect(rows?.httpStatusCode).toBe(200);
  expect(last?.body[0].errorCode).toBe('PROCESSING_HALTED');
  expect((await org.query('SELECT COUNT() FROM Contact')).body.totalSize).toBe(0);
  const { body } = await org.control('GET', '/calls');
  expect(body.calls[0].sobjects).toEqual({});
});

it('honours the headers of the subrequest only', async () => {
  const [host] = org.emulator.users.standard;
  await org.control('POST', '/settings', { assignmentRules: { Lead: host } });
  const lead = { LastName: 'Sato', Company: 'Acme' };
  const { body } = await org.api(
    'POST',
    '/composite',
    {
      compositeRequest: [
        post('outer', 'Lead', lead),
        post('inner', 'Lead', lead, { httpHeaders: { 'Sforce-Auto-Assign': 'FALSE' } }),
      ],
    },
    { 'Sforce-Auto-Assign': 'FALSE' },
  );
  const owners = await Promise.all(
    (body.compositeResponse as Subanswer[]).map(
      async (answer) => (await org.api('GET', `/sobjects/Lead/${answer.body.id}`)).body.OwnerId as string,
    ),
  );
  expect(owners).toEqual([host, org.emulator.adminUserId]);
});

it('carries the matches of a duplicate rule in a single-row subrequest', async () => {
  await org.create('Contact', { LastName: 'Sato', Email: 'a@example.com' });
  await org.control('POST', '/settings', { duplicateRules: [{ sobject: 'Contact', action: 'alert' }] });
  const body = { LastName: 'Sato', Email: 'a@example.com' };
  const [refused, saved] = await run([
    post('refused', 'Contact', body),
    post('saved', 'Contact', body, { httpHeaders: { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' } }),
  ]);
  expect(refused?.body[0].duplicateResut.matchResults[0].matchRecords[0].record.Id).toMatch(/^003/);
  expect(saved?.httpStatusCode).toBe(201);
});

it('answers a describe, also with 304 when nothing changed', async () => {
  const [fresh] = await run([{ method: 'GET', url: `${V}/sobjects/Event/describe`, referenceId: 'd' }]);
  expect(fresh?.body.name).toBe('Event');
  const [unchanged] = await run([
    {
      method: 'GET',
      url: `${V}/sobjects/Event/describe`,
      referenceId: 'd',
      httpHeaders: { 'If-Modified-Since': fresh?.httpHeaders['Last-Modified'] },
    },
  ]);
  expect(unchanged).toMatchObject({ body: null, httpStatusCode: 304, httpHeaders: { ETag: fresh?.httpHeaders.ETag } });
});

it('reads the next page of an earlier query', async () => {
  for (let n = 0; n < 11; n += 1) {
    await org.api('POST', '/composite/sobjects', {
      records: Array.from({ length: 200 }, () => row('Contact', { LastName: 'Sato' })),
    });
  }
  const [first, second, past] = await run([
    query('first', 'SELECT Id FROM Contact'),
    { method: 'GET', url: '@{first.nextRecordsUrl}', referenceId: 'second' },
    { method: 'GET', url: '@{second.nextRecordsUrl}', referenceId: 'past' },
  ]);
  expect([first?.body.records.length, second?.body.records.length]).toEqual([2000, 200]);
  expect(past).toMatchObject({
    httpStatusCode: 400,
    body: [{ message: 'Invalid reference specified. No value for second.nextRecordsUrl found in second' }],
  });
});

describe('a composite that breaks the rules of its envelope', () => {
  const limits = (n: number): object => ({ method: 'GET', url: `${V}/limits`, referenceId: `r${n}` });
  it.each<[string, unknown[]]>([
    ['26 subrequests', Array.from({ length: 26 }, (_, n) => limits(n))],
    ['6 queries and collections', Array.from({ length: 6 }, (_, n) => query(`q${n}`, 'SELECT Id FROM Lead'))],
    ['no subrequest', []],
    ['an unknown method', [{ ...limits(1), method: 'HEAD' }]],
    ['no url', [{ method: 'GET', referenceId: 'a' }]],
    ['a bad reference id', [{ ...limits(1), referenceId: 'a-b' }]],
    ['the same reference id twice', [limits(1), limits(1)]],
    ['an inherited header', [{ ...limits(1), httpHeaders: { Authorization: 'Bearer x' } }]],
  ])('is refused as a whole: %s', async (_what, compositeRequest) => {
    const { status, body } = await org.api('POST', '/composite', { compositeRequest });
    expect(status).toBe(400);
    expect(body[0]).toHaveProperty('errorCode');
  });

  it('takes 25 subrequests of which five are queries or collections', async () => {
    const heavy = Array.from({ length: 5 }, (_, n) => query(`q${n}`, 'SELECT Id FROM Lead'));
    const light = Array.from({ length: 20 }, (_, n) => limits(n));
    expect(await run([...heavy, ...light])).toHaveLength(25);
    expect((await org.control('GET', '/calls')).body.apiCalls).toBe(1);
  });

  it('does not search, nor nest', async () => {
    const [search, nested] = await run([
      { method: 'GET', url: `${V}/parameterizedSearch?q=x`, referenceId: 'search' },
      { method: 'POST', url: `${V}/composite`, referenceId: 'nested', body: { compositeRequest: [] } },
    ]);
    expect([search?.httpStatusCode, nested?.httpStatusCode]).toEqual([404, 404]);
  });
});
