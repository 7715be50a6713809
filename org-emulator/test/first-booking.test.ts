import { row, TestOrg, visit } from './support';

let org: TestOrg;
beforeAll(async () => {
  org = await TestOrg.start();
});
afterAll(() => org.close());

it('takes persons and their events in one composite, related by nested external ids', async () => {
  const url = '/services/data/v67.0/composite/sobjects';
  const { status, body } = await org.api('POST', '/composite', {
    allOrNone: false,
    collateSubrequests: false,
    compositeRequest: [
      {
        method: 'PATCH',
        referenceId: 'contacts',
        url: `${url}/Contact/Patron_Key__c`,
        httpHeaders: { 'Sforce-Auto-Assign': 'FALSE', 'Sforce-Duplicate-Rule-Header': 'allowSave=false' },
        body: {
          allOrNone: false,
          records: [
            row('Contact', { Patron_Key__c: 'c-901', LastName: 'Sato', Email: 'a@example.com' }),
            row('Contact', { Patron_Key__c: 'c-902', LastName: 'Mori', Email: 'not an address' }),
          ],
        },
      },
      {
        method: 'PATCH',
        referenceId: 'events',
        url: `${url}/Event/Visit_Key__c`,
        body: {
          allOrNone: false,
          records: ['c-901', 'c-902'].map((key, at) =>
            row('Event', visit({ Visit_Key__c: `oh-${at}`, Who: row('Contact', { Patron_Key__c: key }) })),
          ),
        },
      },
      {
        method: 'GET',
        referenceId: 'readBack',
        url: `/services/data/v67.0/query?q=SELECT+Id,Who.Name+FROM+Event+WHERE+Id='@{events[0].id}'`,
      },
    ],
  });
  expect(status).toBe(200);
  const [contacts, events, readBack] = body.compositeResponse;
  expect(contacts.body[0]).toMatchObject({ success: true, created: true, errors: [] });
  expect(contacts.body[1].errors[0].statusCode).toBe('INVALID_EMAIL_ADDRESS');
  expect(events.body[0].success).toBe(true);
  expect(events.body[1].errors).toEqual([
    {
      statusCode: 'INVALID_FIELD',
      message: 'Foreign key external ID: c-902 not found for field Patron_Key__c in entity Contact',
      fields: [],
    },
  ]);
  expect(readBack.body.records[0].Who.Name).toBe('Sato');
  expect(readBack.httpStatusCode).toBe(200);
});

it('lists the call with what it wrote', async () => {
  const { body } = await org.control('GET', '/calls');
  expect(body.apiCalls).toBe(1);
  expect(body.calls[0]).toMatchObject({
    n: 1,
    method: 'POST',
    state: 'answered',
    status: 200,
    clientGone: false,
    apiCalls: 1,
    sobjects: { Contact: { created: 1, updated: 0, deleted: 0 }, Event: { created: 1, updated: 0, deleted: 0 } },
  });
  expect(body.calls[0].subrequests).toMatchObject([
    { method: 'PATCH', referenceId: 'contacts', status: 200 },
    { method: 'PATCH', referenceId: 'events', status: 200 },
    { method: 'GET', referenceId: 'readBack', status: 200 },
  ]);
});

it('signs in with client credentials', async () => {
  const { url, clientId, clientSecret } = org.emulator;
  const response = await fetch(`${url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  const token = (await response.json()) as { access_token: string; instance_url: string };
  expect(token.access_token).toMatch(/^00D\w{12}![.\w]+$/);
  const limits = await fetch(`${token.instance_url}/services/data/v67.0/limits`, {
    headers: { authorization: `Bearer ${token.access_token}` },
  });
  expect(limits.status).toBe(200);
  expect(limits.headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/15000$/);
});
