import { results, row, TestOrg, visit, type RowResult } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const contact = (fields: Record<string, unknown>): unknown => row('Contact', { LastName: 'Sato', ...fields });

describe('a collection', () => {
  it('keeps the good rows and the order, without created', async () => {
    const { status, body } = await org.api('POST', '/composite/sobjects', {
      allOrNone: false,
      records: [contact({}), contact({ Email: 'x' }), row('Account', { Name: 'Acme' }), row('Nope', {})],
    });
    expect(status).toBe(200);
    expect((body as RowResult[]).map((result) => result.success)).toEqual([true, false, true, false]);
    expect(Object.keys(body[0])).toEqual(['id', 'success', 'errors']);
    expect(Object.keys(body[1])).toEqual(['success', 'errors']);
    expect(body[3].errors[0].statusCode).toBe('INVALID_TYPE');
  });

  it('writes nothing of an all-or-none that fails', async () => {
    const { body } = await org.api('PATCH', '/composite/sobjects/Contact/Patron_Key__c', {
      allOrNone: true,
      records: [contact({ Patron_Key__c: 'a' }), contact({ Patron_Key__c: 'b', OwnerId: 'INVALID_OWNER' })],
    });
    expect(body[0]).toMatchObject({
      success: false,
      created: true,
      errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }],
    });
    expect(body[1]).toMatchObject({ success: false, created: true, errors: [{ statusCode: 'MALFORMED_ID' }] });
    expect((await org.query('SELECT COUNT() FROM Contact')).body.totalSize).toBe(0);
  });

  it('takes 200 rows and no more, at least one, and ten chunks', async () => {
    const rows = (count: number): unknown => ({ records: Array.from({ length: count }, () => contact({})) });
    expect((await org.api('POST', '/composite/sobjects', rows(200))).body).toHaveLength(200);
    expect((await org.api('POST', '/composite/sobjects', rows(201))).body[0].errorCode).toBe('EXCEEDED_ID_LIMIT');
    expect((await org.api('POST', '/composite/sobjects', rows(0))).body[0]).toMatchObject({
      errorCode: 'REQUIRED_FIELD_MISSING',
      message: 'At least 1 record is required',
    });
    const mixed = (count: number): unknown => ({
      records: Array.from({ length: count }, (_, n) => (n % 2 ? contact({}) : row('Account', { Name: 'Acme' }))),
    });
    expect((await org.api('POST', '/composite/sobjects', mixed(10))).status).toBe(200);
    expect((await org.api('POST', '/composite/sobjects', mixed(11))).body[0].message).toMatch(/more than 10 chunks/);
  });

  it('updates and deletes by id, and tells rows apart that are gone', async () => {
    const kept = await org.create('Contact', { LastName: 'Sato' });
    const binned = await org.create('Contact', { LastName: 'Mori' });
    await org.api('DELETE', `/composite/sobjects?ids=${binned}&allOrNone=false`);
    const { body } = await org.api('PATCH', '/composite/sobjects', {
      records: [kept, binned, '003Em0000000999', 'x', '001Em0000000999'].map((id) =>
        row('Contact', { id, Title: 'Dr' }),
      ),
    });
    expect(body[0]).toEqual({ id: kept, success: true, errors: [] });
    expect((body as RowResult[]).slice(1).map((result) => result.errors[0]?.statusCode)).toEqual([
      'ENTITY_IS_DELETED',
      'INVALID_CROSS_REFERENCE_KEY',
      'MALFORMED_ID',
      'MALFORMED_ID',
    ]);
    const deleted = await org.api('DELETE', `/composite/sobjects?ids=${kept},${binned}&allOrNone=true`);
    expect(results(deleted).map((result) => result.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'ENTITY_IS_DELETED',
    ]);
    expect((await org.api('GET', `/sobjects/Contact/${kept}`)).status).toBe(200);
  });

  it('refuses the same id twice in one update', async () => {
    const id = await org.create('Contact', { LastName: 'Sato' });
    const { body } = await org.api('PATCH', '/composite/sobjects', {
      records: [row('Contact', { id }), row('Contact', { id })],
    });
    expect(body[1].errors[0]).toEqual({
      statusCode: 'DUPLICATE_VALUE',
      message: `duplicate id specified: ${id}`,
      fields: [],
    });
  });

  it('reads records by id, null for those that are not there', async () => {
    const id = await org.create('Contact', { LastName: 'Sato' });
    const url = '/composite/sobjects/Contact';
    const expected = [{ Id: id, LastName: 'Sato' }, null];
    const ids = [id, '003Em0000000999'];
    expect((await org.api('GET', `${url}?ids=${ids.join(',')}&fields=LastName`)).body).toMatchObject(expected);
    expect((await org.api('POST', url, { ids, fields: ['LastName'] })).body).toMatchObject(expected);
  });
});

describe('a collection upsert', () => {
  const upsert = (records: unknown[], path = 'Contact/Patron_Key__c'): ReturnType<TestOrg['api']> =>
    org.api('PATCH', `/composite/sobjects/${path}`, { records });

  it('says of each row whether it was created', async () => {
    await upsert([contact({ Patron_Key__c: 'a' })]);
    const { body } = await upsert([contact({ Patron_Key__c: 'A', Title: 'Dr' }), contact({ Patron_Key__c: 'b' })]);
    expect((body as RowResult[]).map((result) => result.created)).toEqual([false, true]);
    expect(Object.keys(body[0])).toEqual(['id', 'success', 'errors', 'created']);
  });

  it('refuses every row whose key stands twice, whatever its case', async () => {
    const { body } = await upsert([
      contact({ Patron_Key__c: 'c-901' }),
      contact({ Patron_Key__c: 'x' }),
      contact({ Patron_Key__c: 'C-901' }),
    ]);
    expect((body as RowResult[]).map((result) => result.success)).toEqual([false, true, false]);
    expect(body[0].errors[0]).toMatchObject({
      statusCode: 'DUPLICATE_VALUE',
      message: 'Duplicate external id specified: c-901',
    });
  });

  it('refuses a key that several records have, without the 300 of a single row', async () => {
    const opportunity = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-24', Patron_Key__c: 'o' };
    await org.create('Opportunity', opportunity);
    await org.create('Opportunity', opportunity);
    const { status, body } = await upsert([row('Opportunity', opportunity)], 'Opportunity/Patron_Key__c');
    expect(status).toBe(200);
    expect(body[0].errors[0].statusCode).toBe('DUPLICATE_EXTERNAL_ID');
  });

  it.each([
    [{ LastName: 'Sato' }, 'MISSING_ARGUMENT', 'Patron_Key__c not specified'],
    [
      { LastName: 'Sato', Patron_Key__c: 'a', Id: '003Em0000000001' },
      'INVALID_FIELD',
      'cannot specify both an external ID reference Patron_Key__c and a salesforce id, Id',
    ],
  ])('refuses a row %j', async (fields, statusCode, message) => {
    expect((await upsert([row('Contact', fields)])).body[0].errors[0]).toMatchObject({ statusCode, message });
  });

  it('takes external ids only, not Id', async () => {
    expect((await upsert([contact({})], 'Contact/Id')).status).toBe(404);
    expect((await upsert([contact({})], 'Contact/Email')).body[0].errors[0].statusCode).toBe('MISSING_ARGUMENT');
  });

  it('does not find a record in the bin: a new one is created', async () => {
    const first = (await upsert([contact({ Patron_Key__c: 'a' })])).body[0].id as string;
    await org.api('DELETE', `/sobjects/Contact/${first}`);
    const { body } = await upsert([contact({ Patron_Key__c: 'a' })]);
    expect(body[0]).toMatchObject({ success: true, created: true });
    expect(body[0].id).not.toBe(first);
  });

  it('does not find an archived event, whose key is taken all the same, unless switched', async () => {
    const old = row('Event', visit({ Visit_Key__c: 'v', StartDateTime: '2020-01-01T00:00:00Z' }));
    await upsert([old], 'Event/Visit_Key__c');
    expect((await upsert([old], 'Event/Visit_Key__c')).body[0].errors[0].statusCode).toBe('DUPLICATE_VALUE');
    await org.control('POST', '/settings', { upsertFindsArchived: true });
    expect((await upsert([old], 'Event/Visit_Key__c')).body[0]).toMatchObject({ success: true, created: false });
  });

  it('cannot refer to a neighbour by the neighbour’s new key', async () => {
    const { body } = await upsert([
      contact({ Patron_Key__c: 'boss' }),
      contact({ Patron_Key__c: 'a', ReportsTo: { Patron_Key__c: 'boss' } }),
    ]);
    expect((body as RowResult[]).map((result) => result.success)).toEqual([true, false]);
  });

  it('compares a case-sensitive key with its case', async () => {
    const { body } = await upsert([row('Event', visit({ Visit_Key__c: 'v' }))], 'Event/Visit_Key__c');
    const other = await upsert([row('Event', visit({ Visit_Key__c: 'V' }))], 'Event/Visit_Key__c');
    expect(body[0].id).not.toBe(other.body[0].id);
  });
});

describe('a polymorphic lookup', () => {
  it('is refused in a nested key when the org does not take it, and for a type it cannot point to', async () => {
    await org.create('Contact', { LastName: 'Sato', Patron_Key__c: 'c' });
    const event = (type: string): unknown => ({
      records: [row('Event', visit({ Who: { attributes: { type }, Patron_Key__c: 'c' } }))],
    });
    expect((await org.api('POST', '/composite/sobjects', event('Account'))).body[0].success).toBe(false);
    expect((await org.api('POST', '/composite/sobjects', event('Contact'))).body[0].success).toBe(true);
    const refusal = async (): Promise<unknown> =>
      (await org.api('POST', '/composite/sobjects', event('Contact'))).body[0].errors[0];
    await org.control('POST', '/settings', { nestedPolymorphicKeys: 'unknown' });
    const message = "No such column 'Who' on sobject of type Event";
    expect(await refusal()).toMatchObject({ statusCode: 'INVALID_FIELD', message });
    await org.control('POST', '/settings', { nestedPolymorphicKeys: 'notParsed' });
    expect(await refusal()).toMatchObject({ statusCode: 'JSON_PARSER_ERROR' });
  });

  it('is not given twice', async () => {
    const WhoId = await org.create('Contact', { LastName: 'Sato', Patron_Key__c: 'c' });
    const answer = await org.api(
      'POST',
      '/sobjects/Event',
      visit({ WhoId, Who: row('Contact', { Patron_Key__c: 'c' }) }),
    );
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_FIELD' }] });
  });
});
