import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeGate, importSettings, openGate, retry } from '../src/admin/admin';
import { DEFAULT_SETTINGS } from '../src/settings/settings';
import { startConnector, type Connector } from './support/connector';
import { folded } from './support/folded';
import { describeOnStores } from './support/postgres';

type Body = { createdAt: string; payload: Record<string, unknown> & { attendees: Record<string, unknown>[] } };

const EVENT_FIELDS = `Id, Subject, StartDateTime, EndDateTime, OwnerId, WhoId, Event_Status__c, Cancel_Reschedule_Reason__c,
  Booking_Id__c, Booking_Source__c, Meeting_Type__c, Description, Location, IsDeleted`;
const EVENTS = `SELECT ${EVENT_FIELDS} FROM Event`;
const LEADS = 'SELECT Id, FirstName, LastName, Email, Company, Booking_Customer_Id__c FROM Lead';
const CONTACTS = 'SELECT Id, LastName, Email, Booking_Customer_Id__c FROM Contact';

function fixture(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures/source', path), 'utf8')) as Record<string, unknown>;
}

/** A Cal.com body about a visitor of this test alone. */
function calcom(name: string, visitor: string, more: Record<string, unknown> = {}): Body {
  const body = fixture(`calcom/${name}.json`) as Body;
  const email = `${visitor}@example.test`;
  const text = JSON.stringify(body.payload)
    .replaceAll(String(body.payload.attendees[0]?.email), email)
    .replaceAll(/"(uid|rescheduleUid|iCalUID)":"([^"]*)"/g, `"$1":"${visitor}-$2"`);
  return { ...body, payload: { ...(JSON.parse(text) as Body['payload']), ...more } };
}

describeOnStores('a connector', (database) => {
  let connector: Connector;

  beforeAll(async () => {
    connector = await startConnector(database);
  }, 60_000);
  afterAll(() => connector.stop());

  const leadOf = async (visitor: string) => connector.settled(`${LEADS} WHERE Email = '${visitor}@example.test'`);
  const eventsOf = async (whoId: unknown) => connector.settled(`${EVENTS} WHERE WhoId = '${String(whoId)}'`);

  it('makes an unknown person a Lead and the booking an Event about it', async () => {
    const body = calcom('BOOKING_CREATED', 'unknown');
    const response = await connector.sendCalcom(body);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ outcome: 'stored' });

    const [lead, ...otherLeads] = await leadOf('unknown');
    expect(otherLeads).toEqual([]);
    expect(lead).toMatchObject({ Email: 'unknown@example.test', Booking_Customer_Id__c: expect.stringMatching(/^c-/) });
    const [event, ...otherEvents] = await eventsOf(lead?.Id);
    expect(otherEvents).toEqual([]);
    expect(event).toMatchObject({
      Event_Status__c: 'Scheduled',
      Cancel_Reschedule_Reason__c: null,
      Booking_Id__c: `cal:${String(body.payload.uid)}`,
      Booking_Source__c: 'cal',
      OwnerId: connector.emulator.adminUserId,
    });
    expect(new Date(String(event?.StartDateTime))).toEqual(new Date(String(body.payload.startTime)));
    expect(new Date(String(event?.EndDateTime))).toEqual(new Date(String(body.payload.endTime)));
  });

  it('changes the same Event through reschedule and cancel, under new uids', async () => {
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'mover'));
    const moved = calcom('BOOKING_RESCHEDULED', 'mover');
    expect((await connector.sendCalcom(moved)).status).toBe(202);
    const [lead] = await leadOf('mover');
    const [event, ...others] = await eventsOf(lead?.Id);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ Event_Status__c: 'Rescheduled', Cancel_Reschedule_Reason__c: expect.any(String) });
    expect(new Date(String(event?.StartDateTime))).toEqual(new Date(String(moved.payload.startTime)));

    const canceled = calcom('BOOKING_CANCELLED', 'mover', {
      uid: moved.payload.uid,
      cancellationReason: 'Plans changed',
    });
    await connector.sendCalcom(canceled);
    expect(await eventsOf(lead?.Id)).toMatchObject([
      { Id: event?.Id, Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'Plans changed', IsDeleted: false },
    ]);
  });

  it('takes the same from OnceHub, where a reschedule keeps the id', async () => {
    for (const name of ['booking.scheduled', 'booking.rescheduled', 'booking.canceled']) {
      const response = await connector.sendOncehub(fixture(`oncehub/${name}.json`));
      expect(response.status).toBe(202);
      await connector.idle();
    }
    const id = (fixture('oncehub/booking.scheduled.json').data as { id: string }).id;
    const canceled = fixture('oncehub/booking.canceled.json').data as {
      cancel_reschedule_information: { reason: string };
    };
    expect(await connector.settled(`${EVENTS} WHERE Booking_Id__c = 'once:${id}'`)).toMatchObject([
      { Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: canceled.cancel_reschedule_information.reason },
    ]);
  });

  it('finds a known Contact by e-mail, gives it the customer id, and then finds it by that', async () => {
    const headers = { authorization: `Bearer ${connector.emulator.accessToken}`, 'content-type': 'application/json' };
    const rest = `${connector.emulator.url}/services/data/v67.0/sobjects/Contact`;
    const create = await fetch(rest, {
      method: 'POST',
      headers,
      body: JSON.stringify({ LastName: 'Known', Email: 'KNOWN@example.test' }),
    });
    const { id } = (await create.json()) as { id: string };
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'known'));
    expect(await leadOf('known')).toEqual([]);
    const [contact] = await connector.query(`${CONTACTS} WHERE Id = '${id}'`);
    expect(contact?.Booking_Customer_Id__c).toMatch(/^c-/);
    expect(await eventsOf(id)).toHaveLength(1);

    // The address in Salesforce changes: the id still leads to the person.
    await fetch(`${rest}/${id}`, { method: 'PATCH', headers, body: JSON.stringify({ Email: 'new@example.test' }) });
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'known', { uid: 'known-second' }));
    expect(await leadOf('known')).toEqual([]);
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('creates a Contact instead, when the settings say so', async () => {
    const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: connector.emulator.username };
    const save = (unknownCustomer: 'Lead' | 'Contact') =>
      importSettings(connector.app.admin, {
        document: { ...DEFAULT_SETTINGS, rules: { ...rules, unknownCustomer } },
        author: 'test',
      });
    await save('Contact');
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'contact'));
    expect(await connector.settled(`${CONTACTS} WHERE Email = 'contact@example.test'`)).toHaveLength(1);
    expect(await leadOf('contact')).toEqual([]);
    await save('Lead');
  });

  it('gives the Event to the host, when the host is an active user', async () => {
    const [host] = await connector.query(
      `SELECT Id, Email FROM User WHERE Id = '${connector.emulator.users.standard[0]}'`,
    );
    const organizer = { name: 'Host', email: host?.Email, timeZone: 'UTC', language: { locale: 'en' } };
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'hosted', { organizer }));
    const [lead] = await leadOf('hosted');
    expect(await eventsOf(lead?.Id)).toMatchObject([{ OwnerId: host?.Id }]);
  });

  it('writes a booking that was canceled before it was first written as one canceled Event', async () => {
    await Promise.all([
      connector.sendCalcom(calcom('BOOKING_CANCELLED', 'early')),
      connector.sendCalcom(calcom('BOOKING_CREATED', 'early')),
    ]);
    const [lead] = await leadOf('early');
    expect(await eventsOf(lead?.Id)).toMatchObject([{ Event_Status__c: 'Canceled' }]);
  });

  it('counts a redelivery once', async () => {
    const body = calcom('BOOKING_CREATED', 'twice');
    await connector.sendCalcom(body);
    await connector.idle();
    await connector.resetCalls();
    const again = await connector.sendCalcom(body);
    expect([again.status, await again.json()]).toEqual([202, { outcome: 'duplicate' }]);
    await connector.idle();
    expect((await connector.calls()).apiCalls).toBe(0);
  });

  it('parks a booking without what the org requires, says so, and goes on when it is retried with a value', async () => {
    const body = calcom('BOOKING_CREATED', 'nocompany');
    const { responses, userFieldsResponses } = body.payload as unknown as Record<string, Record<string, unknown>>;
    delete responses?.company;
    delete userFieldsResponses?.company;
    await connector.sendCalcom(body);
    expect(await leadOf('nocompany')).toEqual([]);
    const { rows } = await connector.app.admin.store.query(
      `select parts from booking where root_key like 'nocompany%'`,
    );
    expect(rows).toMatchObject([
      {
        parts: {
          person: { state: 'parked', code: 'REQUIRED_FIELD_MISSING', fields: ['Company'] },
          event: { state: 'waiting' },
        },
      },
    ]);
    const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: connector.emulator.username };
    const document = { ...DEFAULT_SETTINGS, rules, required: { Lead: { Company: { text: 'Unspecified' } } } };
    await importSettings(connector.app.admin, { document, author: 'test' });
    expect(await leadOf('nocompany')).toMatchObject([{ Company: 'Unspecified' }]);
  });

  it('does not bring back an Event that somebody deleted', async () => {
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'deleted'));
    const [lead] = await leadOf('deleted');
    const [event] = await eventsOf(lead?.Id);
    await fetch(`${connector.emulator.url}/services/data/v67.0/sobjects/Event/${String(event?.Id)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${connector.emulator.accessToken}` },
    });
    await connector.sendCalcom(calcom('BOOKING_RESCHEDULED', 'deleted'));
    expect(await connector.settled(`${EVENTS} WHERE Booking_Id__c LIKE 'cal:deleted%'`)).toMatchObject([
      { IsDeleted: true },
    ]);
  });

  describe('when Salesforce fails', () => {
    const setFault = async (fault: object): Promise<void> => {
      const url = `${connector.emulator.url}/__emulator__/faults`;
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      expect(response.ok).toBe(true);
    };
    afterEach(async () => {
      await fetch(`${connector.emulator.url}/__emulator__/faults`, { method: 'DELETE' });
    });

    it.each([
      ['an outage', { match: { path: '/composite', times: 2 }, effect: { html: 503 } }],
      [
        'a connection cut before the write',
        { match: { path: '/composite', times: 2 }, effect: { drop: 'beforeCommit' } },
      ],
      ['an answer lost after the write', { match: { path: '/composite', nth: 2 }, effect: { drop: 'afterCommit' } }],
      ['an expired session', { match: { path: '/composite', times: 1 }, effect: { expireSession: true } }],
      ['a locked row', { match: { path: '/composite', sobject: 'Lead', nth: 2 }, effect: { rowLock: true } }],
    ])('accepts bookings through %s, and writes them once afterwards', async (title, fault) => {
      const visitor = title.replaceAll(/\W/g, '');
      await setFault(fault);
      const body = calcom('BOOKING_CREATED', visitor);
      expect((await connector.sendCalcom(body)).status).toBe(202);
      const leads = await leadOf(visitor);
      expect(leads).toHaveLength(1);
      expect(await eventsOf(leads[0]?.Id)).toMatchObject([{ Event_Status__c: 'Scheduled', IsDeleted: false }]);
      const faults = (await (await fetch(`${connector.emulator.url}/__emulator__/faults`)).json()) as {
        faults: { strikes: number }[];
      };
      expect(faults.faults[0]?.strikes).toBeGreaterThan(0);
    });
  });

  it('parks only what has failed alone, however many rows fail at once', async () => {
    const visitors = Array.from({ length: 60 }, (_, index) => `bad;row${index}`);
    await closeGate(connector.app.admin);
    await Promise.all(visitors.map((visitor) => connector.sendCalcom(calcom('BOOKING_CREATED', visitor))));
    await connector.resetCalls();
    await openGate(connector.app.admin, { backlog: true });
    await connector.idle();
    const { rows } = await connector.app.admin.store.query(
      `select parts->'person'->>'code' as code, count(*)::int as count from booking
       where root_key like 'bad;row%' group by 1`,
    );
    expect(rows).toEqual([{ code: 'INVALID_EMAIL_ADDRESS', count: 60 }]);
    const { calls } = await connector.calls();
    const sentTo = (path: string) =>
      calls.filter(({ subrequests }) => subrequests.some(({ url }) => url.includes(path)));
    // A call holds twelve people with their Events, and a turn sends four such calls: the rest takes another turn.
    expect(sentTo('/sobjects/Lead/Booking_Customer_Id__c/').length).toBeGreaterThanOrEqual(4);
    expect(sentTo('/queryAll').length).toBeGreaterThan(1);
    await connector.app.admin.store.query(`update booking set parts = '{}' where root_key like 'bad;row%'`);
  });

  it('is not held up by a record id in a link that nobody could have got from Salesforce', async () => {
    const hinted = (id: string) => {
      const body = calcom('BOOKING_CREATED', 'hinted');
      const responses = body.payload.responses as Record<string, unknown>;
      return {
        ...body,
        payload: {
          ...body.payload,
          uid: `hinted-${id}`,
          responses: { ...responses, salesforceId: { label: 'id', value: id } },
        },
      };
    };
    for (const id of ['00QAa00000Bb1CcDEF', '00Q5h00000Kp3ZqEAJ', '00Q5h00000Kp3Zq'])
      await connector.sendCalcom(hinted(id));
    const [lead, ...others] = await leadOf('hinted');
    expect(others).toEqual([]);
    expect(await eventsOf(lead?.Id)).toHaveLength(3);
  });

  it('gives the Event to the new host, also when somebody had given it to another person meanwhile', async () => {
    const [first, second] = await connector.query(
      "SELECT Id, Email FROM User WHERE IsActive = true AND UserType = 'Standard' ORDER BY Username DESC LIMIT 2",
    );
    const by = (host: unknown) => ({
      organizer: { name: 'Host', email: host, timeZone: 'UTC', language: { locale: 'en' } },
    });
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'rehosted', by(first?.Email)));
    const [lead] = await leadOf('rehosted');
    const [event] = await eventsOf(lead?.Id);
    const headers = { authorization: `Bearer ${connector.emulator.accessToken}`, 'content-type': 'application/json' };
    const rest = `${connector.emulator.url}/services/data/v67.0/sobjects`;
    const other = (await (
      await fetch(`${rest}/Contact`, { method: 'POST', headers, body: JSON.stringify({ LastName: 'Other' }) })
    ).json()) as { id: string };
    await fetch(`${rest}/Event/${String(event?.Id)}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ WhoId: other.id }),
    });
    // The change finds the Event moved and reads again; before it does, the host changes too.
    await connector.sendCalcom(calcom('BOOKING_RESCHEDULED', 'rehosted', by(first?.Email)));
    await connector.sendCalcom(
      calcom('BOOKING_REASSIGNED', 'rehosted', {
        ...by(second?.Email),
        uid: calcom('BOOKING_RESCHEDULED', 'rehosted').payload.uid,
      }),
    );
    expect(await eventsOf(other.id)).toMatchObject([
      { Id: event?.Id, Event_Status__c: 'Rescheduled', OwnerId: second?.Id },
    ]);
  });

  it('leaves an org alone that refuses everything, however much arrives, and goes on when an admin asks', async () => {
    const faults = `${connector.emulator.url}/__emulator__/faults`;
    const fault = {
      match: { path: '/composite' },
      effect: { error: { status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' } },
    };
    await fetch(faults, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    await connector.resetCalls();
    const lane = async () =>
      ((await (await fetch(`${connector.app.url}/readyz`)).json()) as { lanes: { main: { state: string } } }).lanes
        .main;
    await connector.sendCalcom(calcom('BOOKING_CREATED', 'limit0'));
    for (const until = Date.now() + 5_000; (await lane()).state !== 'paused' && Date.now() < until;);
    expect(await lane()).toMatchObject({
      state: 'paused',
      cause: expect.stringContaining('API calls'),
      remedy: expect.any(String),
    });
    for (const index of [1, 2, 3]) {
      expect((await connector.sendCalcom(calcom('BOOKING_CREATED', `limit${index}`))).status).toBe(202);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await connector.calls()).calls.filter(({ path }) => path.includes('/composite'))).toHaveLength(1);
    await fetch(faults, { method: 'DELETE' });
    await retry(connector.app.admin, { bookingId: null });
    expect(await leadOf('limit3')).toHaveLength(1);
    expect(await leadOf('limit0')).toHaveLength(1);
  });

  it('refuses well', async () => {
    const url = `${connector.app.url}/webhooks/cal`;
    const send = (address: string, init: RequestInit): Promise<Response> => fetch(address, { method: 'POST', ...init });
    const body = JSON.stringify(calcom('BOOKING_CREATED', 'forged'));
    const cases: [string, Promise<Response>, number][] = [
      ['no signature', send(url, { body }), 401],
      ['a wrong signature', send(url, { body, headers: { 'x-cal-signature-256': '0'.repeat(64) } }), 401],
      ['no secret at the sender', send(url, { body, headers: { 'x-cal-signature-256': 'no-secret-provided' } }), 401],
      ['an unknown source', send(`${connector.app.url}/webhooks/nobody`, { body }), 404],
      ['another address', send(`${connector.app.url}/nothing`, { body }), 404],
      ['a body that is too large', send(url, { body: 'x'.repeat(1_100_000) }), 413],
      ['another method', fetch(url), 405],
    ];
    for (const [title, answer, status] of cases) {
      const response = await answer;
      expect([title, response.status, response.headers.get('content-type')]).toEqual([
        title,
        status,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(await response.json()).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    }
    expect(await leadOf('forged')).toEqual([]);
  });

  it('acknowledges, keeps and counts what is no booking or cannot be understood', async () => {
    for (const body of [
      fixture('calcom/PING.json'),
      { triggerEvent: 'BOOKING_CREATED', createdAt: '2026-10-05T01:12:10.140Z', payload: { title: 'nothing else' } },
      false,
    ]) {
      const response = await connector.sendCalcom(body);
      expect([response.status, await response.json()]).toEqual([202, { outcome: 'stored' }]);
    }
    await folded(connector.app.admin.store);
    const metrics = await (await fetch(`${connector.app.url}/metrics`)).text();
    expect(metrics).toMatch(/deliveries_total\{source="cal",kind="calcom",outcome="ignored"\} 1/);
    expect(metrics).toMatch(/deliveries_total\{source="cal",kind="calcom",outcome="refused"\} 2/);
    expect(metrics).toMatch(/deliveries_total\{source="cal",kind="calcom",outcome="unverified"\} 3/);
  });

  it('says that it is ready, and what its lanes do', async () => {
    const response = await fetch(`${connector.app.url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([
      200,
      // It looks every second whether another instance received something.
      { store: 'ok', lanes: { main: { state: expect.stringMatching(/^(idle|working)$/) } } },
    ]);
  });
});
