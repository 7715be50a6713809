import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeGate, importSettings, openGate, readStatus, retry } from '../src/admin/admin';
import { dryRunBody } from '../src/admin/dry-run';
import type { DryRun } from '../src/sync/dry-run';
import type { MappingRow } from '../src/settings/mapping-row';
import type { MappedObject } from '../src/settings/objects';
import type { Rules } from '../src/settings/rules';
import { DEFAULT_SETTINGS } from '../src/settings/settings';
import { startConnector, type AnsweredRecord, type Connector } from './support/connector';
import { folded } from './support/folded';
import { describeOnEmbedded } from './support/postgres';

interface Body {
  payload: Record<string, unknown> & { uid: string; attendees: { email: string }[] };
}

const API = '/services/data/v67.0';
const EVENT = `SELECT Id, Subject, WhoId, WhatId, OwnerId, Event_Status__c, Booking_Id__c, IsDeleted FROM Event`;

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not come true within 20 s.');
}

/** A Cal.com body about a visitor of one test alone. */
function body(name: string, visitor: string, more: Record<string, unknown> = {}): Body {
  const read = JSON.parse(readFileSync(join(__dirname, `fixtures/source/calcom/${name}.json`), 'utf8')) as Body;
  const text = JSON.stringify(read.payload)
    .replaceAll(String(read.payload.attendees[0]?.email), `${visitor}@customer.example`)
    .replaceAll(/"(uid|rescheduleUid|iCalUID)":"([^"]*)"/g, `"$1":"${visitor}-$2"`);
  return { ...read, payload: { ...(JSON.parse(text) as Body['payload']), ...more } };
}

describeOnEmbedded('what becomes of a booking, by the rules', (database) => {
  let connector: Connector;

  beforeAll(async () => {
    connector = await startConnector(database, {
      emulator: { personAccounts: true },
      deploy: [join(__dirname, 'fixtures/salesforce/record-types')],
    });
  }, 60_000);
  afterAll(() => connector.stop());

  /** Saves rules, and rows behind the default ones. */
  async function decide(
    rules: Partial<Rules>,
    {
      rows = {},
      required = {},
      pages = {},
    }: {
      rows?: Partial<Record<MappedObject, Partial<MappingRow>[]>>;
      required?: object;
      pages?: object;
    } = {},
  ): Promise<void> {
    const mappings = Object.fromEntries(
      Object.entries(DEFAULT_SETTINGS.mappings).map(([object, known]) => [
        object,
        [...known, ...(rows[object as MappedObject] ?? [])],
      ]),
    );
    const fallbackOwner = connector.emulator.username;
    const document = {
      rules: { ...DEFAULT_SETTINGS.rules, fallbackOwner, ...rules },
      mappings,
      required,
      pages,
    };
    await importSettings(connector.app.admin, { document, author: 'test' });
  }
  const rest = async (method: string, path: string, sent?: unknown): Promise<AnsweredRecord> => {
    const response = await fetch(connector.emulator.url + path, {
      method,
      headers: { authorization: `Bearer ${connector.emulator.accessToken}`, 'content-type': 'application/json' },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as AnsweredRecord;
  };
  const create = async (sobject: string, fields: object): Promise<string> =>
    String((await rest('POST', `${API}/sobjects/${sobject}`, fields))['id']);
  /** Sends a body and gives the booking's Event once all is quiet. */
  const book = async (sent: Body, soql = EVENT): Promise<AnsweredRecord | undefined> => {
    expect((await connector.sendCalcom(sent)).status).toBe(202);
    const [event] = await connector.settled(`${soql} WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`);
    return event;
  };
  const rootOf = ({ payload }: Body): string => String(payload.uid);
  const parts = async (sent: Body): Promise<Record<string, { state: string; code?: string; cause?: string }>> => {
    const { rows } = await connector.app.admin.store.query<{ parts: Record<string, { state: string }> }>(
      'select parts from booking where root_key = $1',
      [rootOf(sent)],
    );
    return rows[0]?.parts ?? {};
  };

  it('makes a Contact in a new Account of the company, which a colleague then shares', async () => {
    await decide({ unknownCustomer: 'Contact', contactAccount: 'create' });
    const company = (visitor: string) =>
      body('BOOKING_CREATED', visitor, {
        responses: {
          name: { label: 'your_name', value: `Visitor ${visitor}`, isHidden: false },
          email: { label: 'email_address', value: `${visitor}@customer.example`, isHidden: false },
          company: { label: 'company', value: 'Quince & Co', isHidden: false },
        },
      });
    const first = await book(company('contact-one'));
    const second = await book(company('contact-two'));
    const contacts = await connector.query(
      `SELECT Id, AccountId, Account.Name FROM Contact WHERE Id IN ('${String(first?.WhoId)}','${String(second?.WhoId)}')`,
    );
    expect(contacts).toHaveLength(2);
    expect(contacts[0]?.['AccountId']).toBe(contacts[1]?.['AccountId']);
    expect(contacts[0]).toMatchObject({ Account: { Name: 'Quince & Co' } });
  });

  it('makes a Person Account, and gives the Event its contact in the next turn', async () => {
    await decide({ unknownCustomer: 'PersonAccount', searchOrder: ['PersonAccount', 'Contact', 'Lead'] });
    const event = await book(body('BOOKING_CREATED', 'person-account'));
    const [account] = await connector.query(
      "SELECT Id, PersonContactId, PersonEmail, IsPersonAccount, Booking_Customer_Id__c FROM Account WHERE PersonEmail = 'person-account@customer.example'",
    );
    expect(account).toMatchObject({ IsPersonAccount: true, Booking_Customer_Id__c: expect.stringMatching(/^c-/) });
    expect(event).toMatchObject({ WhoId: account?.['PersonContactId'] });

    const again = await book(body('BOOKING_CREATED', 'person-account', { uid: 'person-account-again' }));
    expect(again).toMatchObject({ WhoId: account?.['PersonContactId'] });
    expect(
      await connector.query("SELECT Id FROM Account WHERE PersonEmail = 'person-account@customer.example'"),
    ).toHaveLength(1);
  });

  it('gives every booking a Case of its own, once, with the Contact', async () => {
    await decide({ unknownCustomer: 'Contact', alsoCreate: 'Case' });
    const sent = body('BOOKING_CREATED', 'case');
    const event = await book(sent);
    const cases = 'SELECT Id, ContactId, Subject, Origin, Booking_Id__c FROM Case';
    const [made] = await connector.query(`${cases} WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`);
    expect(made).toMatchObject({ ContactId: event?.WhoId, Origin: 'Web' });
    expect(event).toMatchObject({ WhatId: made?.['Id'] });

    await connector.sendCalcom(
      body('BOOKING_RESCHEDULED', 'case', { uid: `${rootOf(sent)}-moved`, rescheduleUid: rootOf(sent) }),
    );
    await connector.idle();
    expect(await parts(sent)).toMatchObject({ related: { state: 'written', recordId: made?.['Id'] } });
    expect(await connector.query(`${cases} WHERE ContactId = '${String(event?.WhoId)}'`)).toHaveLength(1);
  });

  it('writes the Event although its Case is refused, and adds the Case when it can be made', async () => {
    await decide({ unknownCustomer: 'Contact', alsoCreate: 'Case' });
    const effect = { rowError: { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No Cases today.' } };
    await rest('POST', '/__emulator__/faults', { match: { sobject: 'Case', path: '/composite$', nth: 2 }, effect });
    await rest('POST', '/__emulator__/faults', { match: { sobject: 'Case', path: '/composite$', nth: 3 }, effect });
    const sent = body('BOOKING_CREATED', 'case-refused');
    const event = await book(sent);
    await rest('DELETE', '/__emulator__/faults');
    expect(event).toMatchObject({ WhoId: expect.stringMatching(/^003/), WhatId: null });
    expect(await parts(sent)).toMatchObject({ event: { state: 'written' }, related: { state: 'parked' } });

    await retry(connector.app.admin, { bookingId: null });
    const [made] = await connector.settled(`SELECT Id FROM Case WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`);
    expect(await connector.query(`${EVENT} WHERE Id = '${String(event?.Id)}'`)).toMatchObject([
      { WhatId: made?.['Id'] },
    ]);
  });

  it('makes one record of a new customer who books twice at once, also on pages with different rules', async () => {
    const pages = { 'cal:77001': { rules: { unknownCustomer: 'Contact', searchOrder: ['Contact', 'Lead'] } } };
    await decide({ unknownCustomer: 'Lead', searchOrder: ['Lead', 'Contact'] }, { pages });
    await closeGate(connector.app.admin);
    const first = body('BOOKING_CREATED', 'twice');
    const second = body('BOOKING_CREATED', 'twice', { uid: 'twice-second', eventTypeId: 77_001 });
    await connector.sendCalcom(first);
    await connector.sendCalcom(second);
    await openGate(connector.app.admin, { backlog: true });
    const keys = [first, second].map((sent) => `'cal:${rootOf(sent)}'`).join(',');
    const events = await connector.settled(`${EVENT} WHERE Booking_Id__c IN (${keys})`);
    expect(events).toHaveLength(2);
    expect(new Set(events.map(({ WhoId }) => WhoId)).size).toBe(1);
    const people = await Promise.all(
      ['Lead', 'Contact'].map((sobject) =>
        connector.query(`SELECT Id FROM ${sobject} WHERE Email = 'twice@customer.example'`),
      ),
    );
    expect(people.flat()).toHaveLength(1);
  });

  it('gives new records the record type of their page', async () => {
    const sent = body('BOOKING_CREATED', 'typed');
    const page = String(sent.payload['eventTypeId']);
    const pages = { 'cal:77002': { rules: { recordTypes: { Lead: 'Partner' } } }, [`cal:${page}`]: { rules: {} } };
    await decide({ recordTypes: { Lead: 'Inbound' } }, { pages });
    await book(sent);
    await book(body('BOOKING_CREATED', 'typed-partner', { eventTypeId: 77_002 }));
    const typeOf = (visitor: string) =>
      connector.query(`SELECT RecordType.DeveloperName FROM Lead WHERE Email = '${visitor}@customer.example'`);
    expect(await typeOf('typed')).toMatchObject([{ RecordType: { DeveloperName: 'Inbound' } }]);
    expect(await typeOf('typed-partner')).toMatchObject([{ RecordType: { DeveloperName: 'Partner' } }]);
  });

  it('keeps clients as Opportunities alone where the team wants it', async () => {
    await decide(
      { unknownCustomer: 'Opportunity', searchOrder: ['Opportunity'] },
      { required: { Opportunity: { StageName: { text: 'Prospecting' } } } },
    );
    const event = await book(body('BOOKING_CREATED', 'client'));
    expect(event).toMatchObject({ WhoId: null, WhatId: expect.stringMatching(/^006/) });
    const again = await book(body('BOOKING_CREATED', 'client', { uid: 'client-again' }));
    expect(again).toMatchObject({ WhatId: event?.['WhatId'] });
  });

  it('deletes the Event of a canceled booking where the rule says so, and writes a new one when it is revived', async () => {
    await decide({ cancel: 'delete' });
    const sent = body('BOOKING_CREATED', 'deleted');
    const event = await book(sent);
    expect(event).toMatchObject({ IsDeleted: false });
    await connector.sendCalcom(body('BOOKING_CANCELLED', 'deleted', { uid: sent.payload.uid }));
    expect(await connector.settled(`${EVENT} WHERE Id = '${String(event?.Id)}'`)).toMatchObject([{ IsDeleted: true }]);

    await connector.sendCalcom({ ...sent, createdAt: '2030-01-01T00:00:00.000Z' });
    const events = await connector.settled(
      `${EVENT} WHERE Booking_Id__c = 'cal:${rootOf(sent)}' AND IsDeleted = false`,
    );
    expect(events).toMatchObject([{ Event_Status__c: 'Scheduled', WhoId: event?.WhoId }]);
    expect(events[0]?.Id).not.toBe(event?.Id);
  });

  it('keeps one Event of two bookings that turn out to be one', async () => {
    await decide({});
    const [root, twin] = ['twin-root', 'twin-later'];
    const older = await book(body('BOOKING_CREATED', 'twin', { uid: root }));
    const younger = await book(body('BOOKING_CREATED', 'twin', { uid: twin }));
    expect(younger?.Id).not.toBe(older?.Id);
    await connector.sendCalcom(body('BOOKING_RESCHEDULED', 'twin', { uid: twin, rescheduleUid: root }));
    const ids = `'${String(older?.Id)}','${String(younger?.Id)}'`;
    const events = await connector.settled(`${EVENT} WHERE Id IN (${ids})`);
    const byId = Object.fromEntries(events.map((event) => [event.Id, event]));
    expect(byId[String(older?.Id)]).toMatchObject({ IsDeleted: false, Event_Status__c: 'Rescheduled' });
    expect(byId[String(younger?.Id)]).toMatchObject({ IsDeleted: true });
  });

  it('leaves the Event of a canceled booking alone that somebody restored', async () => {
    await decide({ cancel: 'delete' });
    const sent = body('BOOKING_CREATED', 'restored');
    const event = await book(sent);
    const cancel = body('BOOKING_CANCELLED', 'restored', { uid: sent.payload.uid });
    await connector.sendCalcom(cancel);
    await connector.idle();
    await rest('POST', '/__emulator__/undelete', { ids: [event?.Id] });
    const again = { ...cancel, createdAt: '2030-01-01T00:00:00.000Z' };
    again.payload = { ...again.payload, cancellationReason: 'Another reason' };
    expect((await connector.sendCalcom(again)).status).toBe(202);
    expect(await connector.settled(`${EVENT} WHERE Id = '${String(event?.Id)}'`)).toMatchObject([
      { IsDeleted: false, Event_Status__c: 'Scheduled' },
    ]);
  });

  it('keeps the Event of a canceled booking with its status where Salesforce refuses to delete it', async () => {
    await decide({ cancel: 'delete' });
    const sent = body('BOOKING_CREATED', 'undeletable');
    const event = await book(sent);
    const { flags } = connector.emulator.org.object('Event');
    Object.assign(flags, { deletable: false });
    await connector.sendCalcom(body('BOOKING_CANCELLED', 'undeletable', { uid: sent.payload.uid }));
    expect(await connector.settled(`${EVENT} WHERE Id = '${String(event?.Id)}'`)).toMatchObject([
      { IsDeleted: false, Event_Status__c: 'Canceled', Subject: expect.stringMatching(/^Canceled: /) },
    ]);
    Object.assign(flags, { deletable: true });
    expect((await parts(sent))['event']).toMatchObject({ state: 'written' });
  });

  it('writes nothing at all of a booking that was canceled before it was written', async () => {
    await decide({ cancel: 'delete' });
    await connector.sendCalcom(body('BOOKING_CANCELLED', 'never'));
    await connector.idle();
    expect(await connector.query("SELECT Id FROM Lead WHERE Email = 'never@customer.example'")).toEqual([]);
  });

  it('tells a canceled booking in its subject', async () => {
    await decide({});
    const sent = body('BOOKING_CREATED', 'prefixed');
    const event = await book(sent);
    await connector.sendCalcom(body('BOOKING_CANCELLED', 'prefixed', { uid: sent.payload.uid }));
    expect(await connector.settled(`${EVENT} WHERE Id = '${String(event?.Id)}'`)).toMatchObject([
      { Subject: `Canceled: ${String(event?.['Subject'])}`, Event_Status__c: 'Canceled' },
    ]);
  });

  it('gives Leads to a queue, and leaves them to assignment rules, as the owner rule says', async () => {
    const queue = await create('Group', { Name: 'Inbound', DeveloperName: 'Inbound', Type: 'Queue' });
    await create('QueueSobject', { QueueId: queue, SobjectType: 'Lead' });
    const owner = (onCreate: object) => ({
      ...DEFAULT_SETTINGS.rules.owner,
      Lead: { onCreate, onExisting: { kind: 'keep' } },
    });
    await decide({ owner: owner({ kind: 'queue', queue: 'Inbound' }) } as Partial<Rules>);
    await book(body('BOOKING_CREATED', 'queued'));
    expect(await connector.query("SELECT OwnerId FROM Lead WHERE Email = 'queued@customer.example'")).toMatchObject([
      { OwnerId: queue },
    ]);

    const username = String(connector.emulator.users.standard[0]);
    const [user] = await connector.query(`SELECT Id FROM User WHERE Username = '${username}'`);
    const seller = String(user?.['Id']);
    await rest('POST', '/__emulator__/settings', { assignmentRules: { Lead: seller } });
    await decide({ owner: owner({ kind: 'assignmentRules' }) } as Partial<Rules>);
    await book(body('BOOKING_CREATED', 'assigned'));
    expect(await connector.query("SELECT OwnerId FROM Lead WHERE Email = 'assigned@customer.example'")).toMatchObject([
      { OwnerId: seller },
    ]);
    await rest('POST', '/__emulator__/settings', { assignmentRules: {} });
  });

  it.each([
    ['leave', 'Old name'],
    ['fillEmpty', 'Old name'],
    ['overwrite', 'Example Offices KK'],
  ] as const)('with the rule "%s" a Lead that is there has the company %s', async (rule, expected) => {
    const visitor = `existing-${rule.toLowerCase()}`;
    const lead = await create('Lead', { LastName: 'Old', Company: 'Old name', Email: `${visitor}@customer.example` });
    await decide(
      { existing: { ...DEFAULT_SETTINGS.rules.existing, Lead: rule } },
      { rows: { Lead: [{ field: 'Title', text: 'Booked' }] } },
    );
    const withCompany = body('BOOKING_CREATED', visitor, {
      responses: {
        name: { label: 'your_name', value: 'New Name', isHidden: false },
        email: { label: 'email_address', value: `${visitor}@customer.example`, isHidden: false },
        company: { label: 'company', value: 'Example Offices KK', isHidden: false },
      },
    });
    expect(await book(withCompany)).toMatchObject({ WhoId: lead });
    expect(await connector.query(`SELECT Company, Title FROM Lead WHERE Id = '${lead}'`)).toMatchObject([
      { Company: expected, Title: rule === 'leave' ? null : 'Booked' },
    ]);
  });

  it('goes on with the record that a duplicate rule names, when it has the e-mail', async () => {
    await decide({ unknownCustomer: 'Contact', searchOrder: ['Contact', 'Lead'] });
    await rest('POST', '/__emulator__/settings', { duplicateRules: [{ sobject: 'Contact', action: 'alert' }] });
    // Somebody makes the Contact between our look and our write.
    const { id } = await rest('POST', '/__emulator__/faults', {
      match: { path: '/composite$', nth: 2 },
      effect: { hold: 'beforeCommit' },
    });
    const sent = body('BOOKING_CREATED', 'adopted');
    const booked = book(sent);
    await until(async () => {
      const { faults } = (await rest('GET', '/__emulator__/faults')) as { faults?: { held?: number }[] };
      return faults?.some(({ held = 0 }) => held > 0) === true;
    });
    const contact = await create('Contact', { LastName: 'Quick', Email: 'adopted@customer.example' });
    await rest('POST', `/__emulator__/faults/${String(id)}/release`);
    expect(await booked).toMatchObject({ WhoId: contact });
    await rest('DELETE', '/__emulator__/faults');
    await rest('POST', '/__emulator__/settings', { duplicateRules: [] });
  });

  it('invites guests who are Contacts, and adds the person to the campaign that the booking names', async () => {
    const guest = await create('Contact', { LastName: 'Guest', Email: 'guest@customer.example' });
    const campaignId = await create('Campaign', { Name: 'Autumn' });
    await decide({ unknownCustomer: 'Contact', guests: 'invite', campaignMember: { campaignId, status: null } });
    const sent = body('BOOKING_CREATED', 'host-of-guests');
    const attendees = [
      ...sent.payload.attendees,
      { ...sent.payload.attendees[0], name: 'Guest', email: 'guest@customer.example' },
    ];
    const withGuest = {
      ...sent,
      payload: {
        ...sent.payload,
        attendees,
        responses: {
          ...(sent.payload['responses'] as object),
          guests: { label: 'guests', value: ['guest@customer.example'], isHidden: false },
        },
      },
    } as Body;
    const event = await book(withGuest);
    expect(
      await connector.query(
        `SELECT RelationId FROM EventRelation WHERE EventId = '${String(event?.Id)}' AND RelationId = '${guest}'`,
      ),
    ).toMatchObject([{ RelationId: guest }]);
    expect(
      await connector.query(`SELECT ContactId FROM CampaignMember WHERE CampaignId = '${campaignId}'`),
    ).toMatchObject([{ ContactId: event?.['WhoId'] }]);
    expect((await parts(withGuest))['relations']).toMatchObject({ state: 'written' });
  });

  it('writes nothing for a page that is switched off, and no Event where Events are off', async () => {
    const sent = body('BOOKING_CREATED', 'switched-off');
    const page = String(sent.payload['eventTypeId']);
    await decide({}, { pages: { [`cal:${page}`]: { enabled: false } } });
    expect(await book(sent)).toBeUndefined();
    expect(await connector.query("SELECT Id FROM Lead WHERE Email = 'switched-off@customer.example'")).toEqual([]);

    await decide({}, { pages: { [`cal:${page}`]: { rules: { event: 'off' } } } });
    expect(await book(body('BOOKING_CREATED', 'no-event'))).toBeUndefined();
    expect(await connector.query("SELECT Id FROM Lead WHERE Email = 'no-event@customer.example'")).toHaveLength(1);
  });

  it('follows a merge, a conversion, and the id that an admin moved', async () => {
    await decide({ searchOrder: ['Contact', 'Lead'] });
    const first = await book(body('BOOKING_CREATED', 'merged'));
    const master = await create('Lead', { LastName: 'Master', Company: 'Master', Email: 'master@customer.example' });
    await rest('POST', '/__emulator__/merge', { masterId: master, loserIds: [first?.['WhoId']] });
    const second = await book(body('BOOKING_CREATED', 'merged', { uid: 'merged-second' }));
    expect(second).toMatchObject({ WhoId: master });

    const converted = await rest('POST', '/__emulator__/convert-lead', { leadId: master });
    const third = await book(body('BOOKING_CREATED', 'merged', { uid: 'merged-third' }));
    expect(third).toMatchObject({ WhoId: converted['contactId'] });

    const other = await create('Contact', { LastName: 'Other', Email: 'other@customer.example' });
    const [held] = await connector.query(
      `SELECT Booking_Customer_Id__c FROM Contact WHERE Id = '${String(converted['contactId'])}'`,
    );
    await rest('PATCH', `${API}/sobjects/Contact/${String(converted['contactId'])}`, { Booking_Customer_Id__c: null });
    await rest('PATCH', `${API}/sobjects/Contact/${other}`, {
      Booking_Customer_Id__c: held?.['Booking_Customer_Id__c'],
    });
    const fourth = await book(body('BOOKING_CREATED', 'merged', { uid: 'merged-fourth' }));
    expect(fourth).toMatchObject({ WhoId: other });
  });

  it('waits for a human where a required field gets no value, or takes the placeholder where the rules say so', async () => {
    const noCompany = (visitor: string) =>
      body('BOOKING_CREATED', visitor, {
        responses: {
          name: { label: 'your_name', value: 'No Company', isHidden: false },
          email: { label: 'email_address', value: `${visitor}@customer.example`, isHidden: false },
        },
        userFieldsResponses: {},
      });
    await rest('POST', '/__emulator__/settings', {
      validationRules: [
        { sobject: 'Contact', field: 'Title', refuses: 'blank', message: 'Give a title.', errorField: 'Title' },
      ],
    });
    await decide({ unknownCustomer: 'Contact' });
    const sent = noCompany('untitled');
    expect(await book(sent)).toBeUndefined();
    expect((await parts(sent))['person']).toMatchObject({
      state: 'parked',
      code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      fields: ['Title'],
    });
    const { parked } = await readStatus(connector.app.admin);
    expect(parked.map(({ rootKey }) => rootKey)).toContain(sent.payload.uid);
    await rest('POST', '/__emulator__/settings', { validationRules: [] });
    // Saved settings release what was parked: a fix may be among them.
    await decide({ unknownCustomer: 'Contact' }, { rows: { Contact: [{ field: 'Title', text: 'Visitor' }] } });
    expect(await connector.settled(`${EVENT} WHERE Booking_Id__c = 'cal:${sent.payload.uid}'`)).toHaveLength(1);
  });

  it('gives an Event to the present host although the answer to its creation was lost', async () => {
    await decide({ unknownCustomer: 'Lead', searchOrder: ['Contact', 'Lead'] });
    const users = await connector.query(
      "SELECT Id, Email FROM User WHERE IsActive = true AND Profile.Name = 'Standard User'",
    );
    const [seller, host] = users.map((user) => ({ id: user['Id'], email: String(user['Email']) }));
    if (seller === undefined || host === undefined) throw new Error('Expected two users who can host.');
    const by = (email: string) => ({
      organizer: { id: 11, name: 'Host', email, timeZone: 'UTC', language: { locale: 'en' } },
    });
    const sent = body('BOOKING_CREATED', 'unanswered', by(seller.email));
    await rest('POST', '/__emulator__/faults', {
      match: { path: '/composite$', nth: 2 },
      effect: { drop: 'afterCommit' },
    });
    await connector.sendCalcom(sent);
    const event = `${EVENT} WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`;
    await until(async () => (await connector.query(event)).length === 1);
    // The org stays out of reach until the host has changed.
    await rest('POST', '/__emulator__/faults', { match: { path: '/composite$' }, effect: { html: 503 } });
    await connector.sendCalcom(body('BOOKING_REASSIGNED', 'unanswered', { uid: sent.payload.uid, ...by(host.email) }));
    await folded(connector.app.admin.store);
    await rest('DELETE', '/__emulator__/faults');
    connector.app.admin.wake();
    const [written] = await connector.settled(event);
    expect(written?.['OwnerId']).toBe(host.id);
  });

  it('gives an Event back to its former host although the answer was lost that gave it to another one', async () => {
    await decide({ unknownCustomer: 'Lead', searchOrder: ['Contact', 'Lead'] });
    const [first, second] = await connector.query(
      "SELECT Id, Email FROM User WHERE IsActive = true AND Profile.Name = 'Standard User'",
    );
    const by = (email: unknown) => ({
      organizer: { id: 11, name: 'Host', email, timeZone: 'UTC', language: { locale: 'en' } },
    });
    const sent = body('BOOKING_CREATED', 'lent', by(first?.['Email']));
    const reassigned = (email: unknown, createdAt: string) => ({
      ...body('BOOKING_REASSIGNED', 'lent', { uid: sent.payload.uid, ...by(email) }),
      createdAt,
    });
    expect(await book(sent)).toMatchObject({ OwnerId: first?.['Id'] });
    await rest('POST', '/__emulator__/faults', {
      match: { path: '/composite$', nth: 2 },
      effect: { drop: 'afterCommit' },
    });
    await connector.sendCalcom(reassigned(second?.['Email'], '2027-12-01T00:00:00.000Z'));
    const event = `${EVENT} WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`;
    await until(async () => (await connector.query(event))[0]?.['OwnerId'] === second?.['Id']);
    await rest('POST', '/__emulator__/faults', { match: { path: '/composite$' }, effect: { html: 503 } });
    await connector.sendCalcom(reassigned(first?.['Email'], '2027-12-02T00:00:00.000Z'));
    await folded(connector.app.admin.store);
    await rest('DELETE', '/__emulator__/faults');
    connector.app.admin.wake();
    expect(await connector.settled(event)).toMatchObject([{ OwnerId: first?.['Id'] }]);

    // Told that it was written, it leaves the Event to whomever somebody gives it.
    await rest('PATCH', `${API}/sobjects/Event/${String((await connector.query(event))[0]?.['Id'])}`, {
      OwnerId: second?.['Id'],
    });
    await connector.sendCalcom(body('BOOKING_CANCELLED', 'lent', { uid: sent.payload.uid, ...by(first?.['Email']) }));
    expect(await connector.settled(event)).toMatchObject([{ OwnerId: second?.['Id'] }]);
  });

  it('goes on with the record into which its Lead was merged before anybody told that it was made', async () => {
    await decide({ unknownCustomer: 'Lead', searchOrder: ['Contact', 'Lead'] });
    const master = await create('Lead', { LastName: 'Kept', Company: 'Kept', Email: 'kept@customer.example' });
    const sent = body('BOOKING_CREATED', 'merged-away');
    // The Event is refused: it would lead to the master too.
    const refuses = { refuses: 'equal', value: `cal:${rootOf(sent)}`, message: 'Not now' };
    const refusal = { sobject: 'Event', field: 'Booking_Id__c', ...refuses };
    await rest('POST', '/__emulator__/settings', { validationRules: [refusal] });
    await rest('POST', '/__emulator__/faults', {
      match: { path: '/composite$', nth: 2 },
      effect: { drop: 'afterCommit' },
    });
    await connector.sendCalcom(sent);
    const leads = "SELECT Id FROM Lead WHERE Email = 'merged-away@customer.example' AND IsDeleted = false";
    await until(async () => (await connector.query(leads)).length === 1);
    await rest('POST', '/__emulator__/faults', { match: { path: '/composite$' }, effect: { html: 503 } });
    const [lead] = await connector.query(leads);
    await rest('POST', '/__emulator__/merge', { masterId: master, loserIds: [lead?.['Id']] });
    await rest('POST', '/__emulator__/settings', { validationRules: [] });
    await rest('DELETE', '/__emulator__/faults');
    connector.app.admin.wake();
    const [event] = await connector.settled(`${EVENT} WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`);
    expect(event).toMatchObject({ WhoId: master });
    expect(await connector.query(leads)).toEqual([]);
  });

  it('puts a change right whose answer was lost, although the booking is meanwhile as it was before', async () => {
    await decide({});
    const sent = body('BOOKING_CREATED', 'undone');
    const before = await book(sent);
    await rest('POST', '/__emulator__/faults', {
      match: { path: '/composite$', nth: 1 },
      effect: { drop: 'afterCommit' },
    });
    const { uid } = sent.payload;
    await connector.sendCalcom(body('BOOKING_CANCELLED', 'undone', { uid }));
    const event = `${EVENT} WHERE Booking_Id__c = 'cal:${rootOf(sent)}'`;
    await until(async () => (await connector.query(event))[0]?.['Event_Status__c'] === 'Canceled');
    await rest('POST', '/__emulator__/faults', { match: { path: '/composite$' }, effect: { html: 503 } });
    const again = { ...body('BOOKING_CREATED', 'undone'), createdAt: '2027-12-01T00:00:00.000Z' };
    await connector.sendCalcom(again);
    await folded(connector.app.admin.store);
    await rest('DELETE', '/__emulator__/faults');
    connector.app.admin.wake();
    expect(await connector.settled(event)).toMatchObject([
      { Id: before?.['Id'], Subject: before?.['Subject'], Event_Status__c: 'Scheduled' },
    ]);
  });

  it('writes what the dry run planned, field by field', async () => {
    await decide({ unknownCustomer: 'Contact', alsoCreate: 'Case', contactAccount: 'create' });
    const sent = body('BOOKING_CREATED', 'planned');
    await connector.resetCalls();
    const run = (await dryRunBody(connector.app.admin, { source: 'cal', body: JSON.stringify(sent) })) as DryRun;
    const before = await connector.calls();
    expect(
      before.calls.flatMap(({ subrequests = [] }) => subrequests).filter(({ method }) => method !== 'GET'),
    ).toEqual([]);
    expect(
      (await connector.app.admin.store.query('select 1 from booking where root_key = $1', [sent.payload.uid])).rows,
    ).toEqual([]);

    const event = await book(sent);
    const writes = run.bookings[0]?.writes ?? [];
    expect(writes.map(({ action, sobject }) => `${action} ${sobject}`)).toEqual(
      ['create Account', 'create Contact', 'create Case', 'create Event'].filter((line) =>
        writes.some(({ action, sobject }) => line === `${action} ${sobject}`),
      ),
    );
    const ids: Record<string, string | undefined> = {
      Contact: event?.['WhoId'] as string,
      Case: event?.['WhatId'] as string,
      Event: event?.['Id'] as string,
    };
    for (const { sobject, fields } of writes) {
      const id = ids[sobject];
      if (typeof id !== 'string') continue;
      const plain = fields.filter(({ after }) => typeof after !== 'string' || !after.startsWith('the new '));
      const names = plain.map(({ field }) => field);
      const [record] = await connector.query(`SELECT ${names.join(', ')} FROM ${sobject} WHERE Id = '${id}'`);
      for (const { field, after } of plain) {
        const held = record?.[field];
        const isInstant = typeof held === 'string' && /^\d{4}-\d\d-\d\dT.*\+0000$/.test(held);
        // A new customer's id is made up anew: the dry run stores nothing.
        if (field.endsWith('Booking_Customer_Id__c')) expect(held).toMatch(/^c-/);
        else expect(isInstant ? new Date(held).toISOString() : held).toBe(after);
      }
    }
  });
});
