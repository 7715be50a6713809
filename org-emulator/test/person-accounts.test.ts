import { row, TestOrg, visit } from './support';

let org: TestOrg;
let personType: string;
beforeEach(async () => {
  org = await TestOrg.start({ settings: { personAccounts: true } });
  const { body } = await org.query("SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true");
  personType = String(body.records[0].Id);
});
afterEach(() => org.close());

const person = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  RecordTypeId: personType,
  FirstName: 'Yuki',
  LastName: 'Sato',
  PersonEmail: 'a@example.com',
  Patron_Key__pc: 'c-1',
  ...fields,
});
async function personOf(id: string): Promise<{ contactId: string; account: Record<string, unknown> }> {
  const { body } = await org.api('GET', `/sobjects/Account/${id}`);
  return { contactId: String(body.PersonContactId), account: body as Record<string, unknown> };
}

it('describes an account that needs neither name by itself', async () => {
  const { body } = await org.api('GET', '/sobjects/Account/describe');
  const fields = new Map((body.fields as { name: string }[]).map((field) => [field.name, field]));
  expect(fields.get('Name')).toMatchObject({ nillable: true, extraTypeInfo: 'switchablepersonname' });
  expect(fields.get('LastName')).toMatchObject({ nillable: true, extraTypeInfo: 'switchablepersonname' });
  expect(fields.get('PersonEmail')).toMatchObject({ type: 'email', idLookup: false });
  expect(fields.get('IsPersonAccount')).toMatchObject({ type: 'boolean', createable: false });
});

it('makes a contact of a person, to whom events are related by id or by key', async () => {
  const id = await org.create('Account', person());
  const { contactId, account } = await personOf(id);
  expect(account).toMatchObject({ IsPersonAccount: true, Name: 'Yuki Sato' });
  const contact = (await org.api('GET', `/sobjects/Contact/${contactId}`)).body;
  expect(contact).toMatchObject({ Email: 'a@example.com', AccountId: id, Patron_Key__c: 'c-1', IsPersonAccount: true });
  for (const who of [{ WhoId: contactId }, { Who: row('Contact', { Patron_Key__c: 'c-1' }) }]) {
    const event = await org.create('Event', visit(who));
    expect((await org.api('GET', `/sobjects/Event/${event}`)).body).toMatchObject({ WhoId: contactId, AccountId: id });
  }
});

it('knows a person by a last name alone', async () => {
  const { account } = await personOf(await org.create('Account', { LastName: 'Mori' }));
  expect(account).toMatchObject({ IsPersonAccount: true, RecordTypeId: personType });
});

it('keeps person and contact alike, from either side', async () => {
  const id = await org.create('Account', person());
  const { contactId } = await personOf(id);
  await org.api('PATCH', `/sobjects/Account/${id}`, { LastName: 'Satoh', PersonTitle: 'Dr' });
  expect((await org.api('GET', `/sobjects/Contact/${contactId}`)).body).toMatchObject({
    Name: 'Yuki Satoh',
    Title: 'Dr',
  });
  await org.api('PATCH', `/sobjects/Contact/${contactId}`, { LastName: 'Abe', Email: 'b@example.com' });
  expect((await personOf(id)).account).toMatchObject({ Name: 'Yuki Abe', PersonEmail: 'b@example.com' });
});

it.each([
  ['a person with a Name', { Name: 'Acme' }, true, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'Name'],
  ['a person without a last name', { LastName: null }, true, 'REQUIRED_FIELD_MISSING', 'LastName'],
  ['a company without a name', { Phone: '1' }, false, 'REQUIRED_FIELD_MISSING', 'Name'],
  [
    'a company with an address of a person',
    { Name: 'Acme', PersonEmail: 'a@example.com' },
    false,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    'PersonEmail',
  ],
])('refuses %s', async (_what, fields, isPerson, errorCode, field) => {
  const { status, body } = await org.api('POST', '/sobjects/Account', isPerson ? person(fields) : fields);
  expect({ status, ...body[0] }).toMatchObject({ status: 400, errorCode, fields: [field] });
});

it('refuses a key that another contact has', async () => {
  await org.create('Contact', { LastName: 'Mori', Patron_Key__c: 'c-1' });
  expect((await org.api('POST', '/sobjects/Account', person())).body[0].errorCode).toBe('DUPLICATE_VALUE');
});

it('turns a company into a person by its record type alone', async () => {
  const id = await org.create('Account', { Name: 'Acme' });
  const url = `/sobjects/Account/${id}`;
  expect((await org.api('PATCH', url, { RecordTypeId: personType, Phone: '1' })).body[0].errorCode).toBe(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  );
  expect((await org.api('PATCH', url, { RecordTypeId: personType })).status).toBe(204);
  expect((await personOf(id)).account).toMatchObject({ IsPersonAccount: true, LastName: 'Acme' });
});

it('deletes the contact with the person, and not by itself', async () => {
  const id = await org.create('Account', person());
  const { contactId } = await personOf(id);
  expect((await org.api('DELETE', `/sobjects/Contact/${contactId}`)).status).toBe(400);
  expect((await org.api('DELETE', `/sobjects/Account/${id}`)).status).toBe(204);
  expect((await org.api('GET', `/sobjects/Contact/${contactId}`)).status).toBe(404);
});

it('converts a lead without a company into a person', async () => {
  const leadId = await org.create('Lead', { LastName: 'Sato', Email: 'a@example.com' });
  const { body } = await org.control('POST', '/convert-lead', { leadId });
  expect(await personOf(String(body.accountId))).toMatchObject({
    contactId: body.contactId,
    account: { IsPersonAccount: true, PersonEmail: 'a@example.com' },
  });
});

it('stays on once it is on', async () => {
  await org.control('POST', '/settings', { personAccounts: false });
  await org.control('POST', '/reset');
  expect((await org.control('GET', '/settings')).body.personAccounts).toBe(true);
  await org.create('Account', person({ RecordTypeId: undefined }));
});

it('guards a person’s custom fields by those of the contact', async () => {
  const [host] = org.emulator.users.standard;
  const seen = async (): Promise<boolean> => {
    const { body } = await org.as(host).api('GET', '/sobjects/Account/describe');
    return (body.fields as { name: string }[]).some(({ name }) => name === 'Patron_Key__pc');
  };
  expect(await seen()).toBe(false);
  const set = (await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Visit_Writer'")).body.records[0]
    .Id as string;
  await org.create('PermissionSetAssignment', { PermissionSetId: set, AssigneeId: host });
  expect(await seen()).toBe(true);
});
