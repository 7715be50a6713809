import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOutCommand } from '../src/admin/orders/orders';
import { createLog } from '../src/log';
import { startConnector, type Connector } from './support/connector';
import { describeOnStores } from './support/postgres';
import { apiOf, signIn, signInLink } from './support/visitor';

/** Where records say that the connector is; a proxy in front of it would have that address. */
const PUBLIC_ADDRESS = 'https://connector.example.test';
const CREATED = readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json'), 'utf8');
const CANCELED = readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CANCELLED.json'), 'utf8');

/** A Cal.com body about a booking of a visitor, with more in its payload. */
function told(text: string, { uid, email }: { uid: string; email: string }, more: object = {}): unknown {
  const { payload } = JSON.parse(text) as { payload: { attendees: { email: string }[] } };
  const named = text
    .replaceAll(String(payload.attendees[0]?.email), email)
    .replaceAll(/"(uid|rescheduleUid|iCalUID)":\s*"([^"]*)"/g, `"$1":"${uid}"`);
  const body = JSON.parse(named) as { payload: object };
  return { ...body, payload: { ...body.payload, ...more, uid } };
}

const AHEAD = { startTime: '2031-03-01T09:00:00Z', endTime: '2031-03-01T09:45:00Z' };
const LATER = { startTime: '2031-06-01T09:00:00Z', endTime: '2031-06-01T09:45:00Z' };
const FURTHER = { startTime: '2032-03-01T09:00:00Z', endTime: '2032-03-01T09:45:00Z' };
const OVER = { startTime: '2021-03-01T09:00:00Z', endTime: '2021-03-01T09:45:00Z' };

interface Customer {
  name: string;
  email: string;
  record: { sobject: string; recordId: string; url: string } | null;
  pages: { sourceId: string; url: string }[];
  upcoming: {
    id: string;
    status: string;
    reason: string | null;
    event: { url: string } | null;
    joinUrl: string | null;
  }[];
  past: { status: string; joinUrl: string | null; manageUrl: string | null }[];
  hasOlder: boolean;
}

describeOnStores('a customer', (database) => {
  let connector: Connector;
  let settings: string;
  const lines: string[] = [];
  const idris = { uid: 'idris-1', email: 'idris@visitor.example' };

  beforeAll(async () => {
    settings = await mkdtemp(join(tmpdir(), 'test-settings-record-'));
    await mkdir(join(settings, 'customMetadata'));
    const record = readFileSync(
      join(__dirname, '../../force-app/main/default/customMetadata/Booking_Setting.Default.md-meta.xml'),
      'utf8',
    ).replace(
      '</CustomMetadata>',
      `<values><field>Connector_URL__c</field><value xsi:type="xsd:string">${PUBLIC_ADDRESS}</value></values></CustomMetadata>`,
    );
    await writeFile(join(settings, 'customMetadata/Booking_Setting.Default.md-meta.xml'), record);
    const log = createLog('trace', { write: (line) => void lines.push(line) });
    connector = await startConnector(database, { deploy: [settings], log });
    await connector.sendCalcom(told(CREATED, idris, AHEAD));
    await connector.sendCalcom(told(CREATED, { ...idris, uid: 'idris-2' }, OVER));
    await connector.sendCalcom(told(CREATED, { ...idris, uid: 'idris-3' }, FURTHER));
    await connector.sendCalcom(told(CANCELED, { ...idris, uid: 'idris-3' }, { ...FURTHER, cancellationReason: 'Ill' }));
    await connector.sendCalcom(told(CREATED, { uid: 'other-1', email: 'other@visitor.example' }, AHEAD));
    await connector.idle();
  }, 60_000);
  afterAll(async () => {
    await connector.stop();
    await rm(settings, { recursive: true, force: true });
  });

  /** The link behind "View customer" on the record of an address, as Salesforce calculates it. */
  const linkOf = async (email: string): Promise<URL> => {
    const [lead] = await connector.query(`SELECT Customer_Link__c FROM Lead WHERE Email = '${email}'`);
    return new URL(String(lead?.['Customer_Link__c']));
  };
  /** Opens an address of the record as it reaches the connector behind its public address. */
  const open = async ({ pathname }: Pick<URL, 'pathname'>, cookie = ''): Promise<Response> =>
    fetch(`${connector.app.url}${pathname}`, { redirect: 'manual', headers: { cookie } });
  const idOf = async (email: string): Promise<string> =>
    decodeURIComponent((await linkOf(email)).pathname.replace('/go/customers/', ''));
  const setPage = (customerPage: string | null): Promise<unknown> =>
    carryOutCommand(connector.app.admin, { order: 'updateSource', args: { id: 'cal', customerPage } });
  const read = async (email: string): Promise<Customer> => {
    const { ask } = await apiOf(connector.app, 'rep');
    return (await ask('GET', `/customers/${await idOf(email)}`)).body as Customer;
  };

  it('is opened by the link that Salesforce calculates, for a rep who is signed in', async () => {
    const link = await linkOf(idris.email);
    expect(link.origin).toBe(PUBLIC_ADDRESS);
    const { cookie } = await signIn(connector.app, 'rep');
    const answer = await open(link, cookie);
    const own = `/console/customers/${await idOf(idris.email)}`;
    expect([answer.status, answer.headers.get('location')]).toEqual([302, own]);
    expect([answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]).toEqual([
      'no-store',
      'same-origin',
    ]);
    // Of an address that was entered with a slash at its end.
    expect((await open({ pathname: `/${link.pathname}` }, cookie)).headers.get('location')).toBe(own);
    const page = await (await open({ pathname: own }, cookie)).text();
    expect(page).toContain('<h1>Idris Okafor</h1>');
    expect(page).toMatch(/Upcoming[^]*Scheduled[^]*Canceled[^]*Ill[^]*Past/);
    expect(page).not.toMatch(/other@visitor|<nav|\/console\/bookings/);
  });

  it('is told with the way to each record, in the order of time', async () => {
    const customer = await read(idris.email);
    const [lead] = await connector.query(`SELECT Id FROM Lead WHERE Email = '${idris.email}'`);
    const events = await connector.query(`SELECT Id, StartDateTime FROM Event ORDER BY StartDateTime`);
    expect(customer).toMatchObject({
      name: 'Idris Okafor',
      email: idris.email,
      record: {
        sobject: 'Lead',
        url: `${connector.emulator.url}/lightning/r/Lead/${String(lead?.['Id'])}/view`,
      },
      upcoming: [
        { status: 'Scheduled', joinUrl: 'https://video.host.example/room-1' },
        { status: 'Canceled', reason: 'Ill', joinUrl: null, event: { recordId: events.at(-1)?.['Id'] } },
      ],
      past: [{ joinUrl: null, manageUrl: null, event: { recordId: events[0]?.['Id'] } }],
      hasOlder: false,
    });
  });

  it('leads on to its page in the scheduling system, where that has one', async () => {
    const { cookie } = await signIn(connector.app, 'rep');
    await setPage('https://app.example.test/people?mail={customer.email}');
    const answer = await open(await linkOf(idris.email), cookie);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'https://app.example.test/people?mail=idris%40visitor.example',
    ]);
    // Cal.com has no ids of customers.
    await setPage('https://app.example.test/people/{customer.id}');
    expect((await open(await linkOf(idris.email), cookie)).headers.get('location')).toMatch(/^\/console\/customers\//);
    await setPage(null);
  });

  it.each(['http://app.example.test/{customer.id}', 'https://app.example.test/', 'https://{customer.id}/'])(
    'is not led to %s',
    async (address) => {
      await expect(setPage(address)).rejects.toThrow('customerPage');
    },
  );

  it('is shown to nobody who is not signed in: he is led back after signing in, once', async () => {
    await setPage('https://app.example.test/people?mail={customer.email}');
    const link = await linkOf(idris.email);
    const refused = await open(link);
    expect([refused.status, refused.headers.get('location')]).toEqual([401, null]);
    const page = await refused.text();
    expect(page).toContain('booking-connector link --role rep');
    expect(page).not.toMatch(/idris|Idris/);
    const kept = String(refused.headers.getSetCookie()[0]).replace(/;.*/, '');
    const enter = async (cookie: string): Promise<string | null> => {
      const { token } = await signInLink(connector.app, 'rep');
      const body = new URLSearchParams({ token });
      const options = { method: 'POST', redirect: 'manual', headers: { cookie }, body } as const;
      const answer = await fetch(`${connector.app.url}/console/enter`, options);
      expect(answer.status).toBe(303);
      return answer.headers.get('location');
    };
    expect(await enter(kept)).toBe(link.pathname);
    const twice = await open({ pathname: `/${link.pathname}` });
    expect(await enter(String(twice.headers.getSetCookie()[0]).replace(/;.*/, ''))).toBe(link.pathname);
    expect(await enter('')).toBe('/console');
    for (const elsewhere of ['//evil.example/console/x', 'https://evil.example/', '/api/v1/status']) {
      const forged = Buffer.from(elsewhere).toString('base64url');
      expect(await enter(`booking-connector-return=${forged}`)).toBe('/console');
    }
    await setPage(null);
  });

  it('that nobody knows, or that is of another team, is a page that says what may be', async () => {
    const { store } = connector.app.admin;
    await store.query(`insert into team (id, created_at) values ('third', now())`);
    await store.query(`insert into customer (id, team_id, created_at) values ('c-third', 'third', now())`);
    const { cookie } = await signIn(connector.app, 'rep');
    for (const pathname of ['/go/customers/nobody', '/go/customers/c-third', '/console/customers/c-third']) {
      const answer = await open({ pathname }, cookie);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('There is no such customer');
    }
    const { ask } = await apiOf(connector.app, 'rep');
    expect((await ask('GET', '/customers/c-third')).status).toBe(404);
    expect((await open({ pathname: '/go/elsewhere' }, cookie)).status).toBe(404);
    await store.query(`delete from customer where id = 'c-third'`);
    await store.query(`delete from team where id = 'third'`);
  });

  it('is shown with a booking that waits for its first turn', async () => {
    const { admin } = connector.app;
    await carryOutCommand(admin, { order: 'closeGate', args: {} });
    await connector.sendCalcom(told(CREATED, { ...idris, uid: 'idris-4' }, { ...LATER, title: 'A second talk' }));
    await connector.folded();
    expect((await read(idris.email)).upcoming).toMatchObject([{}, { subject: 'A second talk', event: null }, {}]);
    await carryOutCommand(admin, { order: 'openGate', args: { backlog: true } });
    await connector.idle();
    expect((await read(idris.email)).upcoming).toMatchObject([
      {},
      { subject: 'A second talk', event: { sobject: 'Event' } },
      {},
    ]);
  });

  it('has links to records of the org that is connected now only', async () => {
    const { store } = connector.app.admin;
    const { ask } = await apiOf(connector.app, 'member');
    const { upcoming } = await read(idris.email);
    const path = `/bookings/${upcoming[0]?.id}`;
    const before = (await ask('GET', path)).body as { customerId: string; salesforce: { part: string }[] };
    expect(before.salesforce.map(({ part }) => part)).toEqual(['person', 'event']);
    expect(before.customerId).toBe(await idOf(idris.email));
    const { get } = await signIn(connector.app, 'member');
    const story = await (await get(path)).text();
    expect(story).toMatch(/href="http[^"]*\/lightning\/r\/Event\/[^"]*" target="_blank"[^>]*>View in Salesforce</);
    expect(story).toContain(`/console/customers/${before.customerId}`);

    await store.query(`update org set generation = generation + 1`);
    try {
      expect((await ask('GET', path)).body).toMatchObject({ salesforce: [] });
      expect(await read(idris.email)).toMatchObject({ record: null, upcoming: [{ event: null }, {}, {}] });
      expect(await (await get(path)).text()).not.toContain('/lightning/r/');
    } finally {
      await store.query(`update org set generation = generation - 1`);
    }
  });

  it('has the bookings of before this was noted on them', async () => {
    const { store } = connector.app.admin;
    const noted = async (): Promise<(string | null)[]> => {
      const { rows } = await store.query<{ customer_id: string | null }>('select customer_id from booking order by id');
      return rows.map(({ customer_id: id }) => id);
    };
    const before = await noted();
    await store.query('update booking set customer_id = null');
    const migration = readFileSync(join(__dirname, '../migrations/016-customers.sql'), 'utf8');
    await store.query(/^update booking b[^;]*;/m.exec(migration)?.[0] ?? '');
    expect(new Set(before).size).toBe(2);
    expect(await noted()).toEqual(before);
  });

  it('makes a link of a web address only, whatever a scheduling system sends', async () => {
    const { store } = connector.app.admin;
    await store.query(
      `update booking set state = state || '{"joinUrl": "javascript:alert(1)", "subject": "<b>x</b>"}' where root_key = 'idris-1'`,
    );
    const { cookie } = await signIn(connector.app, 'rep');
    const page = await (await open({ pathname: `/console/customers/${await idOf(idris.email)}` }, cookie)).text();
    expect(page).toContain('&lt;b&gt;x&lt;/b&gt;');
    expect(page).not.toContain('javascript:');
  });

  it('is in no log, by name, address or id, even where a page fails', async () => {
    const { store } = connector.app.admin;
    const id = await idOf(idris.email);
    const { cookie } = await signIn(connector.app, 'rep');
    const { ask } = await apiOf(connector.app, 'rep');
    await store.query('alter table customer_link rename to hidden');
    const answers = [await open({ pathname: `/go/customers/${id}` }, cookie), await ask('GET', `/customers/${id}`)];
    await store.query('alter table hidden rename to customer_link');
    expect(answers.map(({ status }) => status)).toEqual([500, 500]);
    const text = lines.join('');
    expect(text).toContain('"route":"GET /customers/:id"');
    expect(text).not.toContain(id);
    expect(text).not.toMatch(/idris/i);
  });
});
