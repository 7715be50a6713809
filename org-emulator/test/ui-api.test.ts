import { TestOrg, visit } from './support';

let started: TestOrg;
let org: TestOrg;
let rep: TestOrg;
let accountId: string;
let contactId: string;

beforeAll(async () => {
  started = await TestOrg.start();
});
afterAll(() => started.close());
beforeEach(async () => {
  await started.control('POST', '/reset');
  org = started.as(started.emulator.adminUserId);
  rep = started.as(started.emulator.users.standard[0]);
  accountId = await org.create('Account', { Name: 'Alpha Works' });
  contactId = await org.create('Contact', {
    FirstName: 'Ana',
    LastName: 'Alpha',
    AccountId: accountId,
    Patron_Key__c: 'p-1',
  });
});

const read = (who: TestOrg, query: string) => who.api('GET', `/ui-api/records/${contactId}?${query}`);

describe('a record', () => {
  it('is read with the fields of it and of its parents', async () => {
    const { status, body } = await read(
      org,
      'fields=Contact.Name,Contact.Account.Name&optionalFields=Contact.Patron_Key__c,Contact.Nothing__c',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      apiName: 'Contact',
      childRelationships: {},
      id: contactId,
      recordTypeInfo: null,
      lastModifiedById: org.emulator.adminUserId,
      lastModifiedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.000Z$/),
    });
    expect(Object.keys(body.fields)).toEqual(['Account', 'Name', 'Patron_Key__c']);
    expect(body.fields.Name).toEqual({ displayValue: null, value: 'Ana Alpha' });
    expect(body.fields.Account).toMatchObject({
      displayValue: 'Alpha Works',
      value: { apiName: 'Account', id: accountId, fields: { Name: { value: 'Alpha Works' } } },
    });
  });

  it('lacks an optional field that the user may not see; a field that he wants is refused', async () => {
    const { body } = await read(rep, 'fields=Contact.LastName&optionalFields=Contact.Patron_Key__c');
    expect(Object.keys(body.fields)).toEqual(['LastName']);
    const refused = await read(rep, 'fields=Contact.Patron_Key__c');
    expect([refused.status, refused.body[0].errorCode]).toEqual([400, 'INVALID_FIELD']);
    expect(refused.body[0].message).toMatch(/^No such column 'Patron_Key__c' on entity 'Contact'/);
    for (const query of ['fields=Lead.LastName', 'fields=LastName', ''])
      expect((await read(org, query)).status).toBe(400);
  });

  it('is not there, not shared, or of an object that the UI API does not serve', async () => {
    const eventId = await org.create('Event', visit({ WhoId: contactId }));
    await org.control('POST', '/settings', { privateObjects: ['Contact'] });
    const hidden = await read(rep, 'fields=Contact.LastName');
    expect([hidden.status, hidden.body[0].errorCode]).toEqual([403, 'INSUFFICIENT_ACCESS']);
    const event = await org.api('GET', `/ui-api/records/${eventId}?fields=Event.Subject`);
    expect(event.body).toEqual([{ message: 'Object Event is not supported in UI API', errorCode: 'INVALID_TYPE' }]);
    await org.api('DELETE', `/sobjects/Contact/${contactId}`);
    expect((await read(org, 'fields=Contact.LastName')).status).toBe(404);
    expect((await org.api('GET', '/ui-api/records/nothing?fields=Contact.LastName')).status).toBe(404);
  });

  it('is changed, made and deleted by the rules of any write', async () => {
    const path = `/ui-api/records/${contactId}`;
    const changed = await org.api('PATCH', path, { fields: { LastName: 'Omega' } });
    expect([changed.status, changed.body.fields]).toEqual([200, { LastName: { displayValue: null, value: 'Omega' } }]);
    const made = await org.api('POST', '/ui-api/records', { apiName: 'Lead', fields: { LastName: 'B', Company: 'C' } });
    expect([made.status, made.body.apiName]).toEqual([201, 'Lead']);
    const refused = await org.api('PATCH', path, { fields: { LastName: null } });
    expect(refused.status).toBe(400);
    expect(refused.body[0]).toMatchObject({
      enhancedErrorType: 'RecordError',
      message: 'An error occurred while trying to update the record. Please try again.',
      output: {
        errors: [],
        fieldErrors: { LastName: [{ errorCode: 'REQUIRED_FIELD_MISSING', fieldLabel: 'Last Name' }] },
      },
    });
    const readOnly = await rep.api('PATCH', path, { fields: { Patron_Key__c: 'p-2' } });
    expect(readOnly.body[0].output.errors[0].errorCode).toBe('INVALID_FIELD');
    expect((await org.api('DELETE', path)).status).toBe(204);
    expect((await org.api('PUT', `/ui-api/records/${accountId}`)).status).toBe(405);
    expect((await org.api('PATCH', `/ui-api/records/${accountId}`, {})).status).toBe(400);
  });
});

describe('an object', () => {
  it('is described as the user sees it', async () => {
    const { body } = await org.api('GET', '/ui-api/object-info/Contact');
    expect(body).toMatchObject({ apiName: 'Contact', keyPrefix: '003', updateable: true, label: 'Contact' });
    expect(body.fields.AccountId).toMatchObject({
      dataType: 'Reference',
      reference: true,
      relationshipName: 'Account',
      referenceToInfos: [{ apiName: 'Account', nameFields: ['Name'] }],
    });
    expect(body.fields.LastName.required).toBe(true);
    expect(body.fields.Patron_Key__c).toBeDefined();
    const seen = await rep.api('GET', '/ui-api/object-info/Contact');
    expect(seen.body.fields.Patron_Key__c).toBeUndefined();
  });

  it('tells the values of its picklists by record type', async () => {
    const { body } = await org.api('GET', '/ui-api/object-info/Opportunity');
    const recordTypeId = Object.keys(body.recordTypeInfos)[0];
    const path = `/ui-api/object-info/Opportunity/picklist-values/${recordTypeId}`;
    const one = await org.api('GET', `${path}/StageName`);
    expect(one.body.values[0]).toEqual({ attributes: null, label: 'Prospecting', validFor: [], value: 'Prospecting' });
    const all = await org.api('GET', path);
    expect(all.body.picklistFieldValues.StageName).toEqual(one.body);
    for (const wrong of [`${path}/Name`, path.replace(String(recordTypeId), '012000000000009AAA')]) {
      expect((await org.api('GET', wrong)).status).toBe(404);
    }
  });

  it('is not served, or not seen', async () => {
    const task = await org.api('GET', '/ui-api/object-info/Task');
    expect([task.status, task.body[0].message]).toEqual([400, 'Object Task is not supported in UI API']);
    const integration = started.as(started.emulator.users.integration);
    expect((await integration.api('GET', '/ui-api/object-info/Lead')).status).toBe(403);
    expect((await org.api('GET', '/ui-api/object-info/Nothing')).status).toBe(403);
    for (const path of ['/ui-api', '/ui-api/layout/Contact', '/ui-api/object-info/Contact/create']) {
      expect((await org.api('GET', path)).status).toBe(404);
    }
  });
});
