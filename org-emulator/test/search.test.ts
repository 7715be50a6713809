import { TestOrg, visit, type Answer } from './support';

let org: TestOrg;
beforeAll(async () => {
  org = await TestOrg.start();
  const account = await org.create('Account', { Name: 'Sato & Sons', Phone: '555 123' });
  await org.create('Contact', { FirstName: 'Ana', LastName: 'Sato', Email: 'ana@example.com', AccountId: account });
  await org.create('Contact', { FirstName: 'Ben', LastName: 'Satoh', Description: 'A friend of Sato, Ana' });
  await org.create('Lead', { LastName: 'Sato', Company: 'Acme', Email: 'sato@example.org', Phone: '555 777' });
  await org.create('Event', visit({ Subject: 'Meet Sato' }));
  const gone = await org.create('Contact', { LastName: 'Sato' });
  await org.api('DELETE', `/sobjects/Contact/${gone}`);
});
afterAll(() => org.close());

const search = (sosl: string, token = org): Promise<Answer> =>
  token.api('GET', `/search?q=${encodeURIComponent(sosl)}`);
const names = async (sosl: string): Promise<unknown[]> => {
  const { body } = await search(sosl);
  return (body.searchRecords as { Name: unknown }[]).map(({ Name }) => Name);
};

it('answers records in the order of RETURNING, with the fields asked for', async () => {
  const { status, body } = await search('FIND {sato} IN ALL FIELDS RETURNING Lead(Name, Company), Contact(Id), Event');
  expect(status).toBe(200);
  expect(body.searchRecords).toMatchObject([
    { attributes: { type: 'Lead', url: expect.stringMatching(/sobjects\/Lead\/00Q/) }, Name: 'Sato', Company: 'Acme' },
    { attributes: { type: 'Contact' }, Id: expect.stringMatching(/^003/) },
    { attributes: { type: 'Contact' } },
    { attributes: { type: 'Event' }, Id: expect.stringMatching(/^00U/) },
  ]);
});

it.each<[string, string[]]>([
  ['{sato} IN NAME FIELDS RETURNING Contact(Name)', ['Ana Sato']],
  ['{sato*} IN NAME FIELDS RETURNING Contact(Name)', ['Ana Sato', 'Ben Satoh']],
  ['{s?toh} IN NAME FIELDS RETURNING Contact(Name)', ['Ben Satoh']],
  ['{"ana sato"} RETURNING Contact(Name)', ['Ana Sato']],
  ['{sato ana} RETURNING Contact(Name)', ['Ana Sato', 'Ben Satoh']],
  ['{sato AND ben} RETURNING Contact(Name)', ['Ben Satoh']],
  ['{sato AND NOT friend} RETURNING Contact(Name)', ['Ana Sato']],
  ['{(nobody OR satoh) AND ben} RETURNING Contact(Name)', ['Ben Satoh']],
  ['{ana@example.com} IN EMAIL FIELDS RETURNING Contact(Name), Lead(Name)', ['Ana Sato']],
  ['{555} IN PHONE FIELDS RETURNING Account(Name), Lead(Name)', ['Sato & Sons', 'Sato']],
  ['{Sato \\& Sons} RETURNING Account(Name)', ['Sato & Sons']],
  ["{sato} RETURNING Contact(Name WHERE Name LIKE '%(x)%' OR Email = NULL)", ['Ben Satoh']],
  ['{sato*} IN NAME FIELDS RETURNING Contact(Name ORDER BY LastName DESC LIMIT 1)', ['Ben Satoh']],
  ['{sato} RETURNING Account(Name), Contact(Name), Lead(Name) LIMIT 2', ['Sato & Sons', 'Ana Sato']],
  ['{nobody} RETURNING Contact(Name)', []],
])('FIND %s finds %j', async (sosl, expected) => {
  expect(await names(`FIND ${sosl}`)).toEqual(expected);
});

it('looks at every object that can be searched when none is named', async () => {
  const { body } = await search('FIND {"Meet Sato"}');
  expect(body.searchRecords).toMatchObject([{ attributes: { type: 'Event' } }]);
});

it('shows nobody what he may not read, and answered a bare list in old versions', async () => {
  const robot = org.as(org.emulator.users.integration);
  expect((await search('FIND {sato} RETURNING Contact(Id)', robot)).body[0].errorCode).toBe('INVALID_TYPE');
  expect((await search('FIND {sato}', robot)).body.searchRecords).toEqual([]);
  const old = await org.request('GET', '/services/data/v36.0/search?q=FIND+%7Bsatoh%7D+RETURNING+Contact(Name)');
  expect(old.body).toMatchObject([{ Name: 'Ben Satoh' }]);
});

it.each([
  ['SELECT Id FROM Contact', 'MALFORMED_SEARCH', 'A search must begin with FIND {search term}'],
  ['FIND {a}', 'MALFORMED_SEARCH', 'search term must be longer than one character: a'],
  ['FIND {sato OR}', 'MALFORMED_SEARCH', 'A search term is missing'],
  ['FIND {(sato} ', 'MALFORMED_SEARCH', 'The parentheses of the search term do not match'],
  ['FIND {sato} IN SIDEBAR FIELDS', 'MALFORMED_SEARCH', /^SIDEBAR FIELDS is not supported/],
  ['FIND {sato} RETURNING Contact(Id', 'MALFORMED_SEARCH', /parenthesis/],
  ['FIND {sato} RETURNING Contact(Id) WITH SNIPPET', 'MALFORMED_SEARCH', /WITH SNIPPET$/],
  ['FIND {sato} RETURNING Contact(WHERE Name = 1)', 'MALFORMED_SEARCH', /must name a field/],
  ['FIND {sato} RETURNING Contact(Nope)', 'INVALID_FIELD', /No such column 'Nope' on entity 'Contact'/],
  ['FIND {sato} RETURNING CampaignMember(Id)', 'MALFORMED_SEARCH', /CampaignMember does not support search/],
  ['FIND {sato} RETURNING Nope(Id)', 'INVALID_TYPE', /sObject type 'Nope' is not supported/],
])('refuses %s', async (sosl, errorCode, message) => {
  const { status, body } = await search(sosl);
  expect([status, body[0].errorCode]).toEqual([400, errorCode]);
  expect(body[0].message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
});

it('is no resource of a composite', async () => {
  const url = '/services/data/v67.0/search?q=FIND+{sato}';
  const { body } = await org.api('POST', '/composite', {
    compositeRequest: [{ method: 'GET', url, referenceId: 's' }],
  });
  expect(body.compositeResponse[0].httpStatusCode).toBe(404);
});
