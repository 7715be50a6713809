import { row, TestOrg, visit, type Answer } from './support';

let org: TestOrg;
let accountId: string;
let leadId: string;

beforeAll(async () => {
  org = await TestOrg.start();
  await org.control('POST', '/clock', { now: '2026-11-20T12:00:00Z' });
  accountId = await org.create('Account', { Name: 'Acme' });
  const people = [
    {
      LastName: 'Sato',
      FirstName: 'Yuki',
      Email: 'Yuki@Example.com',
      AccountId: accountId,
      Patron_Key__c: 'C-1',
      Score__c: 5,
    },
    { LastName: 'Mori', Email: 'mori@example.com', AccountId: accountId, Score__c: 1.5, Description: 'long' },
    { LastName: "O'Hara_1", Email: null, Score__c: null, Birthdate: '1990-02-28' },
  ];
  await org.api('POST', '/composite/sobjects', { records: people.map((person) => row('Contact', person)) });
  leadId = await org.create('Lead', { LastName: 'Abe', Company: 'Beta', Email: 'abe@example.com' });
  await org.api('POST', '/composite/sobjects', {
    records: [
      row('Event', visit({ Visit_Key__c: 'oh-1', WhoId: leadId, StartDateTime: '2026-11-20T01:00:00Z' })),
      row('Event', visit({ Visit_Key__c: 'OH-1', WhatId: accountId, StartDateTime: '2026-11-25T01:00:00+09:00' })),
      row('Event', visit({ Visit_Key__c: 'old', StartDateTime: '2025-11-20T01:00:00Z' })),
    ],
  });
});
afterAll(() => org.close());

const found = (answer: Answer, field: string): unknown[] => {
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return (answer.body.records as Record<string, unknown>[]).map((record) => record[field]);
};

describe('WHERE', () => {
  it.each([
    ["LastName = 'sato'", ['Sato']],
    ["LastName != 'sato'", ['Mori', "O'Hara_1"]],
    ["Email IN ('YUKI@example.com', 'nobody@example.com') OR Patron_Key__c IN ('c-1')", ['Sato']],
    ["Email NOT IN ('yuki@example.com')", ['Mori', "O'Hara_1"]],
    ['Email = null', ["O'Hara_1"]],
    ["Email = ''", ["O'Hara_1"]],
    ['Email != NULL AND Score__c > 1.5', ['Sato']],
    ['Score__c >= 1.5', ['Sato', 'Mori']],
    ['Score__c < 5', ['Mori']],
    ["LastName = 'O\\'Hara_1'", ["O'Hara_1"]],
    ["LastName LIKE 's%'", ['Sato']],
    ["LastName LIKE '%ar_\\_1'", ["O'Hara_1"]],
    ["LastName LIKE 'mor_'", ['Mori']],
    ["(LastName = 'Sato' OR LastName = 'Mori') AND (NOT FirstName = 'Yuki')", ['Mori']],
    ["NOT LastName = 'Sato'", ['Mori', "O'Hara_1"]],
    ["Account.Name = 'acme'", ['Sato', 'Mori']],
    ["Owner.Username = 'ada.admin@example.com'", ['Sato', 'Mori', "O'Hara_1"]],
    ['Birthdate = 1990-02-28', ["O'Hara_1"]],
    ['CreatedDate = TODAY', ['Sato', 'Mori', "O'Hara_1"]],
    ['CreatedDate < 2026-11-20T12:00:00+00:00', []],
    ['CreatedDate <= 2026-11-20T12:00:00Z', ['Sato', 'Mori', "O'Hara_1"]],
    ['AccountId IN (SELECT Id FROM Account)', ['Sato', 'Mori']],
    ['Id NOT IN (SELECT ContactId FROM Opportunity)', ['Sato', 'Mori', "O'Hara_1"]],
    ['IsDeleted = true', []],
  ])('%s', async (where, expected) => {
    const answer = await org.query(`SELECT LastName FROM Contact WHERE ${where} ORDER BY CreatedDate, Id`);
    expect(found(answer, 'LastName').sort()).toEqual([...expected].sort());
  });

  it.each([
    ["Visit_Key__c = 'oh-1'", ['oh-1']],
    ["Visit_Key__c IN ('OH-1','old')", ['OH-1']],
    ['StartDateTime = TODAY', ['oh-1']],
    ['StartDateTime > TODAY', ['OH-1']],
    ['StartDateTime = NEXT_N_DAYS:4', ['OH-1']],
    ['ActivityDate = 2026-11-24', ['OH-1']],
    ["Who.Type = 'Lead'", ['oh-1']],
    ["Who.Email = 'abe@example.com'", ['oh-1']],
    ['IsArchived = false', ['oh-1', 'OH-1']],
  ])('of Event: %s', async (where, expected) => {
    expect(found(await org.query(`SELECT Visit_Key__c FROM Event WHERE ${where}`), 'Visit_Key__c').sort()).toEqual(
      expected.sort(),
    );
  });

  it('finds by 15-character ids', async () => {
    expect(found(await org.query(`SELECT Name FROM Account WHERE Id = '${accountId.slice(0, 15)}'`), 'Name')).toEqual([
      'Acme',
    ]);
  });
});

describe('what is shown', () => {
  it('nests parents, the pseudo object Name for polymorphic ones, and null where there is none', async () => {
    const { body } = await org.query(
      'SELECT Id, Who.Name, Who.Type, What.Name, Account.Owner.Email FROM Event ORDER BY StartDateTime',
    );
    expect(body.records[0].Who).toEqual({
      attributes: { type: 'Name', url: `/services/data/v67.0/sobjects/Lead/${leadId}` },
      Name: 'Abe',
      Type: 'Lead',
    });
    expect(body.records[0].What).toBeNull();
    expect(body.records[0].Account).toBeNull();
    expect(body.records[1].Account.Owner).toMatchObject({
      attributes: { type: 'User' },
      Email: 'ada.admin@example.com',
    });
  });

  it('nests children, null where there are none', async () => {
    const { body } = await org.query(
      "SELECT Name, (SELECT LastName FROM Contacts WHERE Score__c > 2 LIMIT 1), (SELECT Id FROM Cases) FROM Account a WHERE a.Name = 'Acme'",
    );
    expect(body.records[0].Contacts).toMatchObject({ totalSize: 1, done: true, records: [{ LastName: 'Sato' }] });
    expect(body.records[0].Cases).toBeNull();
  });

  it('hides archived and deleted rows, except from queryAll', async () => {
    const id = await org.create('Event', visit({ Visit_Key__c: 'binned' }));
    await org.api('DELETE', `/sobjects/Event/${id}`);
    const soql = "SELECT Visit_Key__c, IsDeleted, IsArchived FROM Event WHERE Visit_Key__c IN ('old','binned')";
    expect((await org.query(soql)).body.totalSize).toBe(0);
    expect((await org.query(soql, 'queryAll')).body.records).toMatchObject([
      { Visit_Key__c: 'old', IsDeleted: false, IsArchived: true },
      { Visit_Key__c: 'binned', IsDeleted: true, IsArchived: false },
    ]);
  });

  it('counts, groups and orders', async () => {
    expect((await org.query('SELECT COUNT() FROM Contact')).body).toEqual({ totalSize: 3, done: true, records: [] });
    const grouped = await org.query('SELECT AccountId, COUNT(Id) n, MAX(Score__c) FROM Contact GROUP BY AccountId');
    expect(grouped.body.records).toContainEqual({
      attributes: { type: 'AggregateResult' },
      AccountId: accountId,
      n: 2,
      expr0: 5,
    });
    expect(
      found(await org.query('SELECT LastName FROM Contact ORDER BY Score__c DESC NULLS LAST, Name'), 'LastName'),
    ).toEqual(['Sato', 'Mori', "O'Hara_1"]);
    expect(
      found(await org.query('SELECT LastName FROM Contact ORDER BY Score__c LIMIT 1 OFFSET 1'), 'LastName'),
    ).toEqual(['Mori']);
  });
});

describe('a statement that is refused', () => {
  const hint = (what: string, suffix: string): string =>
    `If you are attempting to use a custom ${what}, be sure to append the '${suffix}' after the ${what === 'object' ? 'entity' : `custom ${what}`} name. Please reference your WSDL or the describe call for the appropriate names.`;

  it('names the column and points at it', async () => {
    const { status, body } = await org.query('SELECT Id, Foo FROM Contact');
    expect(status).toBe(400);
    expect(body).toEqual([
      {
        message: `\nSELECT Id, Foo FROM Contact\n           ^\nERROR at Row:1:Column:12\nNo such column 'Foo' on entity 'Contact'. ${hint('field', '__c')}`,
        errorCode: 'INVALID_FIELD',
      },
    ]);
  });

  it.each([
    [
      "SELECT Id FROM Contact WHERE Nope.Name = 'x'",
      'INVALID_FIELD',
      "Didn't understand relationship 'Nope' in field path.",
    ],
    [
      "SELECT Id FROM Contact WHERE Description = 'x'",
      'INVALID_FIELD',
      "field 'Description' can not be filtered in a query call",
    ],
    [
      'SELECT Id FROM Contact ORDER BY Description',
      'INVALID_FIELD',
      "field 'Description' can not be sorted in a query call",
    ],
    [
      'SELECT Id FROM Contact WHERE LastName = 5',
      'INVALID_FIELD',
      "value of filter criterion for field 'LastName' must be of type string and should be enclosed in quotes",
    ],
    [
      "SELECT Id FROM Contact WHERE CreatedDate > '2026-01-01'",
      'INVALID_FIELD',
      "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
    ],
    ["SELECT Id FROM Contact WHERE Id = 'x'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: x'],
    ['SELECT Id FROM Event WHERE WhoId IN (SELECT Id FROM Contact)', 'MALFORMED_QUERY', "cannot use: 'WhoId'"],
    ['SELECT Id FROM', 'MALFORMED_QUERY', 'unexpected token'],
    ['SELECT Id FRM Contact', 'MALFORMED_QUERY', "unexpected token: 'Contact'"],
    ["SELECT Id FROM Contact WHERE LastName = 'x", 'MALFORMED_QUERY', 'no viable alternative'],
    [
      "SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      "unexpected token: 'OR'",
    ],
    ["SELECT Id FROM Contact WHERE Name = 'a' AND NOT Name = 'b'", 'MALFORMED_QUERY', "unexpected token: 'NOT'"],
    ['UPDATE Contact', 'MALFORMED_QUERY', "unexpected token: 'UPDATE'"],
    ['SELECT Id FROM Contact OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
    [`SELECT Id FROM Contact WHERE Name = '${'x'.repeat(4001)}'`, 'MALFORMED_QUERY', 'longer than 4000 characters'],
    ['SELECT Id, (SELECT Id FROM Nope) FROM Account', 'INVALID_FIELD', "Didn't understand relationship 'Nope'"],
  ])('%.60s: %s', async (soql, errorCode, text) => {
    const { status, body } = await org.query(soql);
    expect({ status, errorCode: body[0].errorCode }).toEqual({ status: 400, errorCode });
    expect(body[0].message).toContain(text);
  });

  it('takes 100,000 characters and no more, inside a composite', async () => {
    const soql = (length: number): string => {
      const head = 'SELECT Id FROM Contact WHERE Email IN (';
      const values = Array.from(
        { length: Math.floor((length - head.length - 1) / 40) - 1 },
        (_, n) => `'${String(n).padStart(37, 'x')}'`,
      ).join(',');
      const rest = length - head.length - values.length - 4;
      return `${head}${values},'${'y'.repeat(rest)}')`;
    };
    const status = async (length: number): Promise<number> => {
      const url = `/services/data/v67.0/query?q=${encodeURIComponent(soql(length))}`;
      const { body } = await org.api('POST', '/composite', {
        compositeRequest: [{ method: 'GET', url, referenceId: 'q' }],
      });
      return body.compositeResponse[0].httpStatusCode as number;
    };
    expect(soql(100_000)).toHaveLength(100_000);
    expect(await status(100_000)).toBe(200);
    expect(await status(100_001)).toBe(400);
  });
});

describe('pages', () => {
  let many: TestOrg;
  beforeAll(async () => {
    many = await TestOrg.start();
    for (let n = 0; n < 11; n += 1) {
      const records = Array.from({ length: 200 }, (_, at) => row('Contact', { LastName: `Sato ${n * 200 + at}` }));
      await many.api('POST', '/composite/sobjects', { records });
    }
  });
  afterAll(() => many.close());

  it('hold 2,000 rows and say where the next one is', async () => {
    const first = await many.query('SELECT Id FROM Contact');
    expect(first.body).toMatchObject({ totalSize: 2200, done: false });
    expect(first.body.records).toHaveLength(2000);
    expect(first.body.nextRecordsUrl).toMatch(/^\/services\/data\/v67\.0\/query\/0r8\w{15}-2000$/);
    const second = await many.request('GET', String(first.body.nextRecordsUrl));
    expect(second.body).toMatchObject({ totalSize: 2200, done: true });
    expect(second.body.records).toHaveLength(200);
  });

  it('are as small as asked for, and smaller with long texts', async () => {
    const size = async (soql: string, options: Record<string, string> = {}): Promise<number> => {
      const { body } = await many.api('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, options);
      return (body.records as unknown[]).length;
    };
    expect(await size('SELECT Id FROM Contact', { 'Sforce-Query-Options': 'batchSize=300' })).toBe(300);
    expect(await size('SELECT Id FROM Contact', { 'Sforce-Query-Options': 'batchSize=1' })).toBe(200);
    expect(await size('SELECT Id, Description FROM Contact')).toBe(1000);
  });

  it('cannot be asked for by a locator that is not open', async () => {
    const { status, body } = await many.api('GET', '/query/0r8Em0000000001AAA-4000');
    expect({ status, body }).toEqual({
      status: 400,
      body: [{ message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' }],
    });
  });
});
