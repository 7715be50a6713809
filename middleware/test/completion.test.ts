import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSource } from '../src/admin/admin';
import { setApiKey } from '../src/admin/api-key';
import { acuitySignature } from '../src/source/acuity';
import { SourceApiError } from '../src/booking/completion';
import { kinds } from '../src/source/kinds';
import { askAgainAfterMs } from '../src/sync/completion';
import { createSourceApi } from '../src/source/completion-api';
import { startConnector, type Connector } from './support/connector';
import { describeOnStores } from './support/postgres';

type Body = { id: string; creation_time: string; data: Record<string, unknown> };
type Answering = (req: IncomingMessage, res: ServerResponse) => void;

const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, 'fixtures/source', `${path}.json`), 'utf8'));

/** The API of a scheduling system on this machine: what it is asked for, and what it answers. */
async function startVendor(): Promise<{
  url: string;
  server: Server;
  asked: string[];
  answer: Map<string, Answering>;
}> {
  const asked: string[] = [];
  const answer = new Map<string, Answering>();
  const server = createServer((req, res) => {
    const path = req.url ?? '';
    asked.push(path);
    const found = [...answer].find(([part]) => path.includes(part))?.[1];
    if (found !== undefined) found(req, res);
    else res.writeHead(404).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked, answer };
}

const json =
  (value: unknown, status = 200): Answering =>
  (_req, res) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

describeOnStores('a connector that asks the API of a scheduling system', (database) => {
  let vendor: Awaited<ReturnType<typeof startVendor>>;
  let connector: Connector;
  let host: { Id: string; Email: string };

  beforeAll(async () => {
    vendor = await startVendor();
    connector = await startConnector(database, { apiBaseUrls: { oncehub: vendor.url, acuity: vendor.url } });
    await setApiKey(connector.app.admin, { id: 'once', apiKey: 'once-key' });
    await createSource(connector.app.admin, { id: 'acu', kind: 'acuity', secret: 'acuity-key' });
    await setApiKey(connector.app.admin, { id: 'acu', apiKey: '4711:acuity-key' });
    const [user] = await connector.query(
      `SELECT Id, Email FROM User WHERE Id = '${connector.emulator.users.standard[0]}'`,
    );
    host = user as typeof host;
  }, 60_000);
  afterAll(async () => {
    await connector.stop();
    vendor.server.closeAllConnections();
    vendor.server.close();
  });

  /** A new booking whose owner is an id alone. */
  const booked = (name: string): Body => {
    const body = structuredClone(fixture('oncehub/booking.scheduled')) as Body;
    const data = { ...body.data, id: `BKNG-${name}`, owner: 'USR-1', external_calendar: null };
    return { ...body, id: `EVNT-${name}`, data };
  };
  const bookingOf = (name: string) => ({
    id: `BKNG-${name}`,
    owner: { id: 'USR-1', email: host.Email, first_name: 'Host' },
    utm_params: { campaign: 'spring_fair' },
  });
  const eventOf = (key: string) =>
    connector.settled(
      `SELECT Id, OwnerId, Event_Status__c, Campaign__c, StartDateTime FROM Event WHERE Booking_Id__c = '${key}'`,
    );
  const logOf = async (key: string): Promise<string> => {
    const { rows } = await connector.app.admin.store.query<{ steps: unknown }>(
      'select l.steps from booking_log l join booking b on b.id = l.booking_id where b.root_key = $1 order by l.id',
      [key],
    );
    return JSON.stringify(rows);
  };

  it('gives the Event to the host that the API names, and writes it once', async () => {
    let key: unknown;
    vendor.answer.set('BKNG-HOST', (req, res) => {
      key = req.headers['api-key'];
      json(bookingOf('HOST'))(req, res);
    });
    expect((await connector.sendOncehub(booked('HOST'))).status).toBe(202);
    expect(await eventOf('once:BKNG-HOST')).toMatchObject([{ OwnerId: host.Id, Campaign__c: 'spring_fair' }]);
    expect(key).toBe('once-key');
    expect(vendor.asked.filter((path) => path.includes('BKNG-HOST'))).toEqual(['/v2/bookings/BKNG-HOST?expand=owner']);
    expect(await logOf('BKNG-HOST')).toContain('asked for what its webhooks leave open');
  });

  it.each([
    ['REFUSED', 401, 'refused the credential (401)'],
    ['GONE', 404, 'does not know it (404)'],
  ])('goes on at once without an answer that will never come (%s, %i), and says so', async (name, status, said) => {
    vendor.answer.set(`BKNG-${name}`, json({ secret: 'said by the vendor' }, status));
    await connector.sendOncehub(booked(name));
    expect(await eventOf(`once:BKNG-${name}`)).toMatchObject([{ OwnerId: connector.emulator.adminUserId }]);
    expect(vendor.asked.filter((path) => path.includes(`BKNG-${name}`))).toHaveLength(1);
    expect(await logOf(`BKNG-${name}`)).toContain(said);
    expect(await logOf(`BKNG-${name}`)).not.toContain('said by the vendor');
  });

  it('waits for an API that fails or talks nonsense, and holds up no other booking meanwhile', async () => {
    const answers: Answering[] = [json({}, 500)];
    vendor.answer.set('BKNG-LATE', (req, res) => (answers.shift() ?? json(bookingOf('LATE')))(req, res));
    const odd: Answering[] = [(_req, res) => void res.end('<html>')];
    vendor.answer.set('BKNG-ODD', (req, res) => (odd.shift() ?? json(bookingOf('ODD')))(req, res));
    vendor.answer.set('BKNG-SLOW', () => undefined); // never answers
    vendor.answer.set('BKNG-NEXT', json(bookingOf('NEXT')));
    for (const name of ['SLOW', 'LATE', 'ODD', 'NEXT']) await connector.sendOncehub(booked(name));
    const find = (name: string) =>
      connector.query(`SELECT OwnerId FROM Event WHERE Booking_Id__c = 'once:BKNG-${name}'`);
    const until = Date.now() + 4_000;
    while ((await find('NEXT')).length === 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
    expect(await find('NEXT')).toMatchObject([{ OwnerId: host.Id }]);
    expect([await find('SLOW'), await find('LATE'), await find('ODD')]).toEqual([[], [], []]);

    vendor.answer.set('BKNG-SLOW', json(bookingOf('SLOW')));
    await connector.idle();
    for (const name of ['SLOW', 'LATE', 'ODD']) expect(await find(name)).toMatchObject([{ OwnerId: host.Id }]);
  }, 40_000);

  it('asks again for what was asked in vain when the key is given anew', async () => {
    vendor.answer.set('BKNG-KEY', json({}, 401));
    await connector.sendOncehub(booked('KEY'));
    expect(await eventOf('once:BKNG-KEY')).toMatchObject([{ OwnerId: connector.emulator.adminUserId }]);
    vendor.answer.set('BKNG-KEY', json(bookingOf('KEY')));
    await setApiKey(connector.app.admin, { id: 'once', apiKey: 'once-key-2' });
    expect(await eventOf('once:BKNG-KEY')).toMatchObject([{ OwnerId: host.Id }]);
  });

  it('brings an appointment of Acuity through its life', async () => {
    const { forms, ...rest } = fixture('acuity/appointment') as { forms: { values: { name: string }[] }[] };
    // The record id of the fixture is of no org.
    const values = forms.flatMap((form) => form.values).filter(({ name }) => name !== 'sfid');
    const appointment = { ...rest, forms: [{ values }] };
    const send = (action: string) => {
      const body = `action=${action}&id=90417&calendarID=77&appointmentTypeID=312`;
      const headers = { 'x-acuity-signature': acuitySignature('acuity-key', body) };
      return fetch(`${connector.app.url}/webhooks/acu`, { method: 'POST', headers, body });
    };
    vendor.answer.set('/api/v1/appointments/90417', json(appointment));
    expect((await send('scheduled')).status).toBe(202);
    await send('changed');
    const [event, ...others] = await eventOf('acu:90417');
    expect(others).toEqual([]);
    expect(event).toMatchObject({ Event_Status__c: 'Scheduled', Campaign__c: 'spring_fair' });

    // The same bytes twice are two moves.
    for (const [datetime, startsAt] of [
      ['2027-03-03T10:15:00-0700', '2027-03-03T17:15:00.000Z'],
      ['2027-03-04T10:15:00-0700', '2027-03-04T17:15:00.000Z'],
    ]) {
      vendor.answer.set('/api/v1/appointments/90417', json({ ...appointment, datetime }));
      await send('rescheduled');
      const [moved] = await eventOf('acu:90417');
      expect(moved).toMatchObject({ Id: event?.Id, Event_Status__c: 'Rescheduled' });
      expect(new Date(String(moved?.StartDateTime)).toISOString()).toBe(startsAt);
    }
    vendor.answer.set('/api/v1/appointments/90417', json({ ...appointment, canceled: true }));
    await send('canceled');
    expect(await eventOf('acu:90417')).toMatchObject([{ Id: event?.Id, Event_Status__c: 'Canceled' }]);
  }, 30_000);

  it('refuses a key that is none, and one for a kind that is not asked', async () => {
    const { admin } = connector.app;
    await expect(setApiKey(admin, { id: 'acu', apiKey: 'key' })).rejects.toThrow('the user id and the API key');
    await expect(setApiKey(admin, { id: 'cal', apiKey: 'key' })).rejects.toThrow('Nothing is asked for');
    await expect(setApiKey(admin, { id: 'nobody', apiKey: 'key' })).rejects.toThrow('no source');
  });
});

describe('the API of a scheduling system', () => {
  let vendor: Awaited<ReturnType<typeof startVendor>>;
  beforeAll(async () => {
    vendor = await startVendor();
  });
  afterAll(() => {
    vendor.server.closeAllConnections();
    vendor.server.close();
  });
  const { access } = kinds.get('oncehub')!.complete!;
  const open = (credential = 'the-key') => createSourceApi({ access, credential, timeoutMs: 300, baseUrl: vendor.url });

  it.each<[string, Answering, boolean]>([
    ['401', json({ said: 'words' }, 401), true],
    ['404', json({}, 404), true],
    ['429', json({}, 429), false],
    ['503', json({}, 503), false],
    ['a redirect', (_req, res) => void res.writeHead(302, { location: 'https://elsewhere.example/' }).end(), false],
    ['no JSON', (_req, res) => void res.end('words'), false],
    ['nothing in time', () => undefined, false],
    ['half an answer', (_req, res) => void (res.writeHead(200), res.write('{'), res.destroy()), false],
    ['too much', (_req, res) => void res.end('x'.repeat(2_100_000)), true],
  ])('answers %s', async (_title, answering, isFinal) => {
    vendor.answer.set('/path', answering);
    const error = await open()
      .get('/path')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceApiError);
    expect(error).toMatchObject({ isFinal });
    expect(String(error)).not.toMatch(/the-key|words|127\.0\.0\.1/);
  });

  it('is asked at no other address, and not with a credential that is none', async () => {
    await expect(open().get('//elsewhere.example/path')).rejects.toThrow('another address');
    await expect(open('two words').get('/path')).rejects.toThrow('the API key');
    expect(() => createSourceApi({ access, credential: 'k', timeoutMs: 1, baseUrl: 'https://other.example' })).toThrow(
      TypeError,
    );
  });
});

describe('asking again', () => {
  const [passing, final] = [new SourceApiError('', false), new SourceApiError('', true)];
  const delays = (isEssential: boolean) =>
    [0, 1, 2, 3, 4, 5, 50].map((failures) => askAgainAfterMs(passing, failures, isEssential, () => 1));

  it('takes about ten minutes, and goes on as long as nothing can be written without', () => {
    expect(delays(false)).toEqual([5_000, 15_000, 45_000, 135_000, 400_000, null, null]);
    expect(delays(true)).toEqual([5_000, 15_000, 45_000, 135_000, 400_000, 400_000, 400_000]);
    expect(askAgainAfterMs(final, 0, true, () => 1)).toBeNull();
  });
});
