import { TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

describe('a row of its own', () => {
  it('is created with its Location, read, changed and deleted', async () => {
    const created = await org.api('POST', '/sobjects/contact', { lastname: ' Sato ', FirstName: 'Yuki', Email: '' });
    expect(created).toMatchObject({ status: 201, body: { success: true, errors: [] } });
    const id = String(created.body.id);
    expect(id).toHaveLength(18);
    expect(created.headers.get('location')).toBe(`/services/data/v67.0/sobjects/Contact/${id}`);
    expect(
      await org.api('PATCH', `/sobjects/Contact/${id.slice(0, 15)}`, { Title: 'Dr', Score__c: 1.005 }),
    ).toMatchObject({
      status: 204,
      body: '',
    });
    const read = await org.api('GET', `/sobjects/Contact/${id}?fields=Name,Email,Title,Score__c,CreatedDate`);
    expect(read.body).toMatchObject({ Id: id, Name: 'Yuki Sato', Email: null, Title: 'Dr', Score__c: 1.01 });
    expect(read.body.CreatedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
    expect(Object.keys(read.body)[0]).toBe('attributes');
    expect((await org.api('DELETE', `/sobjects/Contact/${id}`)).status).toBe(204);
    expect((await org.api('GET', `/sobjects/Contact/${id}`)).status).toBe(404);
  });

  it('is found and upserted by external id: 201, then 200', async () => {
    const path = '/sobjects/Contact/Patron_Key__c/c-1';
    expect(await org.api('PATCH', `${path}?updateOnly=true`, { LastName: 'Sato' })).toMatchObject({ status: 404 });
    const created = await org.api('PATCH', path, { LastName: 'Sato' });
    expect(created).toMatchObject({ status: 201, body: { success: true, errors: [], created: true } });
    const updated = await org.api('PATCH', path, { Title: 'Dr' });
    expect(updated).toMatchObject({
      status: 200,
      body: { id: created.body.id, success: true, errors: [], created: false },
    });
    expect((await org.api('GET', path)).body).toMatchObject({ Patron_Key__c: 'c-1', LastName: 'Sato', Title: 'Dr' });
    expect((await org.api('DELETE', path)).status).toBe(204);
    expect((await org.api('GET', path)).status).toBe(404);
  });

  it('is upserted by e-mail, which is an idLookup field', async () => {
    const answer = await org.api('PATCH', `/sobjects/Contact/Email/${encodeURIComponent('a@example.com')}`, {
      LastName: 'Sato',
    });
    expect(answer).toMatchObject({ status: 201, body: { created: true } });
  });

  it('is updated by Id as a key with a body, as the API does since v46', async () => {
    const id = await org.create('Account', { Name: 'Acme' });
    const answer = await org.api('PATCH', `/sobjects/Account/Id/${id}?updateOnly=true`, { Phone: '1' });
    expect(answer).toMatchObject({ status: 200, body: { id, created: false } });
  });

  it.each([
    [
      'POST',
      '/sobjects/Contact',
      { Id: '003Em0000000001', LastName: 'Sato' },
      'The Id field should not be specified in the sobject data.',
    ],
    [
      'PATCH',
      '/sobjects/Contact/Patron_Key__c/c-1',
      { Patron_Key__c: 'c-1' },
      'The Patron_Key__c field should not be specified in the sobject data.',
    ],
  ])('may not carry its key in the body: %s %s', async (method, path, body, message) => {
    expect(await org.api(method, path, body)).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALID_FIELD', message }],
    });
  });
});

describe('a value of the wrong type', () => {
  it.each([
    [{ LastName: 5 }, 'string from VALUE_NUMBER_INT value 5', 13],
    [{ LastName: 'x', Title: { a: 1 } }, 'string from START_OBJECT value {', 25],
    [{ LastName: 'x', HasOptedOut: 1 }, null, 0],
    [{ LastName: 'x', Birthdate: '1990-02-30' }, 'date from VALUE_STRING value 1990-02-30', 29],
    [{ LastName: 'x', Score__c: 'many' }, 'double from VALUE_STRING value many', 28],
  ])('%j is refused where it stands', async (body, text, column) => {
    const answer = await org.api('POST', '/sobjects/Contact', body);
    expect(answer.status).toBe(400);
    if (text === null) expect(answer.body[0].errorCode).toBe('INVALID_FIELD');
    else {
      expect(answer.body).toEqual([
        {
          message: `Cannot deserialize instance of ${text} or request may be missing a required field at [line:1, column:${column}]`,
          errorCode: 'JSON_PARSER_ERROR',
        },
      ]);
    }
  });

  it('refuses a date-time without a zone', async () => {
    const answer = await org.api('POST', '/sobjects/Event', visit({ StartDateTime: '2026-12-01T01:00:00' }));
    expect(answer.body[0].message).toMatch(
      /^Cannot deserialize instance of datetime from VALUE_STRING value 2026-12-01T01:00:00 or/,
    );
  });

  it('refuses a body that is no JSON', async () => {
    const answer = await org.api('POST', '/sobjects/Contact', '{"LastName": Sato}');
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR' }] });
    expect(answer.body[0].message).toMatch(/^Unexpected character \('S' \(code 83\)\) at \[line:1, column:14\]$/);
  });
});

describe('a reference', () => {
  it.each([
    ['no id at all', 'nonsense', 'MALFORMED_ID'],
    ['of another object', '00QEm0000000001', 'MALFORMED_ID'],
    ['to nobody', '001Em0000000999', 'INVALID_CROSS_REFERENCE_KEY'],
  ])('%s is refused', async (_what, AccountId, errorCode) => {
    const answer = await org.api('POST', '/sobjects/Contact', { LastName: 'Sato', AccountId });
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode, fields: ['AccountId'] }] });
  });

  it('to a record in the bin is refused', async () => {
    const AccountId = await org.create('Account', { Name: 'Acme' });
    await org.api('DELETE', `/sobjects/Account/${AccountId}`);
    const answer = await org.api('POST', '/sobjects/Contact', { LastName: 'Sato', AccountId });
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode: 'ENTITY_IS_DELETED' }] });
  });

  it('is made by a nested external id, and cleared by null', async () => {
    const AccountId = await org.create('Account', { Name: 'Acme' });
    const id = await org.create('Contact', { LastName: 'Sato', AccountId });
    await org.create('Campaign', { Name: 'Fair' });
    await org.api('PATCH', `/sobjects/Contact/${id}`, { Favourite_Campaign__r: { Name: 'Fair' }, AccountId: null });
    const { body } = await org.query(`SELECT AccountId, Favourite_Campaign__r.Name FROM Contact WHERE Id = '${id}'`);
    expect(body.records[0]).toMatchObject({ AccountId: null, Favourite_Campaign__r: { Name: 'Fair' } });
  });

  it.each([
    [
      { Favourite_Campaign__r: { Name: 'Nowhere' } },
      'INVALID_FIELD',
      'Foreign key external ID: Nowhere not found for field Name in entity Campaign',
    ],
    [
      { Favourite_Campaign__r: { Status: 'Planned' } },
      'INVALID_FIELD',
      'Field name provided, Status does not match an External ID, Salesforce Id, or indexed field for Campaign',
    ],
    [
      { Favourite_Campaign__r: { Name: 'a', Status: 'b' } },
      'INVALID_FIELD',
      'Nested object Favourite_Campaign__r must hold one external id field of Campaign and nothing else',
    ],
  ])('by a nested object %j is refused', async (fields, errorCode, message) => {
    const answer = await org.api('POST', '/sobjects/Contact', { LastName: 'Sato', ...fields });
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode, message }] });
  });

  it('by a nested key that several records have is refused with their ids', async () => {
    const ids = [await org.create('Campaign', { Name: 'Fair' }), await org.create('Campaign', { Name: 'fair' })];
    const answer = await org.api('POST', '/sobjects/Contact', {
      LastName: 'Sato',
      Favourite_Campaign__r: { Name: 'Fair' },
    });
    expect(answer.body).toEqual([
      {
        message: `Name: more than one record found for external id field: [${ids.join(', ')}]`,
        errorCode: 'DUPLICATE_EXTERNAL_ID',
        fields: ['Name'],
      },
    ]);
  });
});

describe('an owner', () => {
  it.each([
    [
      'inactive',
      'INACTIVE_OWNER_OR_USER',
      /^operation performed with inactive user \[005\w{12}\] as owner of contact$/,
    ],
    ['chatter', 'OP_WITH_INVALID_USER_TYPE_EXCEPTION', /^Operation not valid for this user type$/],
  ] as const)('who is %s is refused', async (who, errorCode, message) => {
    const answer = await org.api('POST', '/sobjects/Contact', { LastName: 'Sato', OwnerId: org.emulator.users[who] });
    expect(answer).toMatchObject({ status: 400, body: [{ errorCode }] });
    expect(answer.body[0].message).toMatch(message);
  });

  it('is the caller unless an assignment rule runs, which the header stops', async () => {
    const [host] = org.emulator.users.standard;
    await org.control('POST', '/settings', { assignmentRules: { Lead: host } });
    const owner = async (headers: Record<string, string>): Promise<string> => {
      const { body } = await org.api('POST', '/sobjects/Lead', { LastName: 'Sato', Company: 'Acme' }, headers);
      return (await org.api('GET', `/sobjects/Lead/${String(body.id)}`)).body.OwnerId as string;
    };
    expect(await owner({})).toBe(host);
    expect(await owner({ 'Sforce-Auto-Assign': 'FALSE' })).toBe(org.emulator.adminUserId);
  });

  it('may be a queue of that object only', async () => {
    const queue = await org.create('Group', { Name: 'Callbacks', Type: 'Queue' });
    await org.create('QueueSobject', { QueueId: queue, SobjectType: 'Lead' });
    await org.create('Lead', { LastName: 'Sato', Company: 'Acme', OwnerId: queue });
    expect((await org.api('POST', '/sobjects/Case', { OwnerId: queue })).body[0].errorCode).toBe('INVALID_OPERATION');
    expect((await org.api('POST', '/sobjects/Contact', { LastName: 'Sato', OwnerId: queue })).body[0].errorCode).toBe(
      'MALFORMED_ID',
    );
  });
});

describe('duplicate rules', () => {
  const rule = (action: string): object => ({ duplicateRules: [{ sobject: 'Contact', action }] });
  const save = (
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: { duplicateResut?: { allowSave: boolean } }[] }> =>
    org.api('POST', '/sobjects/Contact', { LastName: 'Sato', Email: 'a@example.com' }, headers);
  const allowSave = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true; includeRecordDetails=false' };

  it.each([
    ['block', 400, 400],
    ['alert', 400, 201],
    ['report', 201, 201],
  ])('%s answers %i, and %i when the save is allowed', async (action, status, statusAllowed) => {
    await save();
    await org.control('POST', '/settings', rule(action));
    const refused = await save();
    expect(refused.status).toBe(status);
    if (status === 400) expect(refused.body[0]?.duplicateResut?.allowSave).toBe(action === 'alert');
    expect((await save(allowSave)).status).toBe(statusAllowed);
  });

  it('gives no ids in a collection', async () => {
    await save();
    await org.control('POST', '/settings', rule('alert'));
    const answer = await org.api('POST', '/composite/sobjects', {
      records: [{ attributes: { type: 'Contact' }, LastName: 'Sato', Email: 'a@example.com' }],
    });
    expect(answer.body).toEqual([
      {
        success: false,
        errors: [{ statusCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?', fields: [] }],
      },
    ]);
  });
});

it('takes doubled slashes and prints prettily when asked', async () => {
  const answer = await fetch(`${org.emulator.url}//services/data/v67.0/limits`, {
    headers: { authorization: `Bearer ${org.emulator.accessToken}`, 'X-PrettyPrint': '1' },
  });
  expect(await answer.text()).toMatch(/^\{\n {2}"DailyApiRequests": \{\n/);
});

it('names its versions and resources', async () => {
  const versions = await (await fetch(`${org.emulator.url}/services/data`)).json();
  expect(versions).toContainEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' });
  expect(versions).toContainEqual({ label: "Summer '14", url: '/services/data/v31.0', version: '31.0' });
  expect((await org.api('GET', '')).body).toMatchObject({
    sobjects: '/services/data/v67.0/sobjects',
    identity: `${org.emulator.url}/id/${org.emulator.orgId}/${org.emulator.adminUserId}`,
  });
});
