import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSource, readStatus, retry, type AdminDeps, type NewSource } from '../src/admin/admin';
import { replayRefused } from '../src/admin/replay';
import { listSources, rotateSource, testSource } from '../src/admin/sources';
import { startApp, type App } from '../src/app';
import { readDueBookings } from '../src/booking/booking.store';
import { folded, saveAndFold } from './support/folded';
import { startRetention } from '../src/booking/retention';
import { stripRawBodies } from '../src/booking/retention.store';
import { readConfig } from '../src/config';
import { createSecretBox } from '../src/security/secret-box';
import { calcomSignature } from '../src/source/calcom';
import { kinds, OWN_MAPPING } from '../src/source/kinds';
import type { Store } from '../src/store/store';
import { exampleBody, KINDS, SENDERS, sign } from './fixtures/source/build';
import { bookingEvent, delivery } from './support/builders';
import { describeOnStores, SILENT } from './support/postgres';
import { seed } from './support/seed';

const NOW = new Date('2026-10-05T12:00:00.000Z');

/** A mapping that anything makes a booking of. */
const GREEDY = {
  name: 'greedy',
  kind: "'scheduled'",
  bookingKey: "'one'",
  occurredAt: '$receivedAt',
  startsAt: "'2027-02-01T10:00:00Z'",
  durationMinutes: '30',
};

describe('the sources of a running connector', () => {
  let folder: string;
  let app: App;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-sources-'));
    app = await startApp(readConfig({ PORT: '0', DATA_DIR: folder }), SILENT);
  }, 30_000);
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const counts = async () => {
    await folded(app.admin.store);
    const { rows } = await app.admin.store.query<{ deliveries: number; bookings: number }>(
      `select (select count(*)::int from delivery) as deliveries, (select count(*)::int from booking) as bookings`,
    );
    return rows[0]!;
  };

  const OWN = { ...GREEDY, name: 'own', bookingKey: 'id', tokenHeader: 'x-own-token' };
  const everyKind = [...kinds.keys(), OWN_MAPPING].map((kind): NewSource => ({
    id: `t-${kind.replace(':', '-')}`,
    kind,
    mapping: kind === OWN_MAPPING ? OWN : undefined,
  }));
  it.each(everyKind)(
    'tests a source of the kind $kind: kept as ignored, no booking, and not counted as a delivery of the system',
    async (source) => {
      await createSource(app.admin, source);
      const before = await counts();
      const test = await testSource(app.admin, { id: source.id });
      expect(test).toMatchObject({
        id: source.id,
        isPassed: true,
        webhookUrl: `${app.url}/webhooks/${source.id}`,
        lastDeliveryAt: null,
        last24Hours: { stored: 0, ignored: 0, refused: 0 },
      });
      expect(test.doesNotProve.join()).toContain('that the scheduling system reaches the address');
      expect(await counts()).toEqual({ deliveries: before.deliveries + 1, bookings: 0 });
      const { rows } = await app.admin.store.query('select outcome, is_test from delivery where source_id = $1', [
        source.id,
      ]);
      expect(rows).toEqual([{ outcome: 'ignored', is_test: true }]);
      expect((await readStatus(app.admin)).refused.count).toBe(0);
    },
  );

  it('sends no test to a source that would make a booking of it', async () => {
    await createSource(app.admin, { id: 'greedy', kind: 'mapped', mapping: GREEDY });
    const before = await counts();
    const test = await testSource(app.admin, { id: 'greedy' });
    expect(test).toMatchObject({ isPassed: false, said: expect.stringContaining('takes any body for a booking') });
    expect(await counts()).toEqual(before);
  });

  it('lists what came, and when', async () => {
    const { secret } = await createSource(app.admin, { id: 'listed', kind: 'calcom' });
    const send = (body: Buffer) =>
      fetch(`${app.url}/webhooks/listed`, {
        method: 'POST',
        headers: { 'x-cal-signature-256': calcomSignature(secret, body) },
        body: new Uint8Array(body),
      });
    for (const name of ['BOOKING_CREATED', 'BOOKING_CREATED', 'PING']) await send(exampleBody('calcom', name));
    await send(Buffer.from('nothing'));
    await folded(app.admin.store);
    const listed = (await listSources(app.admin)).find(({ id }) => id === 'listed');
    expect(listed).toMatchObject({
      kind: 'calcom',
      secrets: 1,
      completeAfterMinutes: null,
      last24Hours: { stored: 1, ignored: 1, refused: 1 },
    });
    expect(Date.now() - (listed?.lastDeliveryAt?.getTime() ?? 0)).toBeLessThan(60_000);
    await app.admin.store.query('truncate booking_event, booking_key, booking_log, booking, delivery cascade');
  });

  it.each(KINDS)('accepts both secrets of %s while they are rotated, and the new one afterwards', async (kind) => {
    const id = `r-${kind}`;
    const { secret: old } = await createSource(app.admin, { id, kind });
    const { secret: added } = await rotateSource(app.admin, { id, finish: false });
    const body = exampleBody(kind, SENDERS[kind].booked);
    const statusWith = async (secret: string | null) => {
      const headers = sign(kind, secret ?? '', body, new Date());
      const answer = await fetch(`${app.url}/webhooks/${id}`, { method: 'POST', headers, body: new Uint8Array(body) });
      return answer.status;
    };
    expect([await statusWith(old), await statusWith(added)]).toEqual([202, 202]);
    await rotateSource(app.admin, { id, finish: true });
    const sealed = await app.admin.store.query<{ secrets_sealed: string[] }>(
      'select secrets_sealed from source where id = $1',
      [id],
    );
    expect(sealed.rows[0]?.secrets_sealed.map((text) => app.admin.secrets.open(text, `source:${id}`))).toEqual([added]);
  });

  describe('when something else answers at the address', () => {
    let server: Server | undefined;
    afterEach(() => server?.close());

    const at = async (listener: RequestListener): Promise<AdminDeps> => {
      server = createServer(listener).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { store, teamId, secrets, now, wake, laneStates, org, connect, allowLoopback } = app.admin;
      return { store, teamId, secrets, now, wake, laneStates, org, connect, allowLoopback, baseUrl };
    };

    beforeAll(() => createSource(app.admin, { id: 'lost', kind: 'calcom' }));

    it.each<[string, RequestListener, string]>([
      ['another connector with the same secret', (_req, res) => void res.writeHead(202).end('{}'), 'did not arrive in'],
      ['another connector with another secret', (_req, res) => void res.writeHead(401).end(), '(401)'],
      [
        'a connector without the source',
        (_req, res) => void res.writeHead(404).end('{"code":"unknown-source"}'),
        'PUBLIC_URL leads to another one',
      ],
      ['a web page', (_req, res) => void res.writeHead(200).end('<html>'), 'Something other than the connector'],
      ['a proxy that redirects', (_req, res) => void res.writeHead(308, { location: '/x' }).end(), 'sends callers'],
      ['a server that hangs up', (req) => void req.socket.destroy(), 'cannot be reached'],
    ])('says so: %s', async (_title, listener, said) => {
      const test = await testSource(await at(listener), { id: 'lost' });
      expect(test).toMatchObject({ isPassed: false, said: expect.stringContaining(said), proves: [] });
    });
  });
});

describeOnStores('refused deliveries', ({ open }) => {
  let store: Store;
  let admin: AdminDeps;
  let woken = 0;
  const body = exampleBody('calcom', 'BOOKING_CREATED');
  const FAULTS = [{ field: 'payload', error: 'expected an object, got nothing' }];

  beforeAll(async () => {
    store = await open();
    await seed(store);
    admin = {
      store,
      teamId: 'default',
      secrets: createSecretBox(Buffer.alloc(32, 1)),
      now: () => NOW,
      baseUrl: 'https://bookings.example.com',
      wake: () => void (woken += 1),
      laneStates: () => ({}),
      allowLoopback: false,
      connect: () => {
        throw new Error('No org is asked here.');
      },
      org: {
        view: () => Promise.resolve(null),
        directory: () => Promise.resolve(null),
        session: () => Promise.resolve(null),
      },
    };
  });
  afterEach(() => store.query('truncate booking_event, booking_key, booking_log, booking, delivery cascade'));

  /** Refused by an older version, which did not understand the body. */
  const refuse = (key: string, rawBody: Buffer = body) =>
    saveAndFold(store, [delivery(key, [], { rawBody, understanding: { refused: FAULTS } })]);
  const replay = async () => (await retry(admin, { bookingId: null })).replayed;
  const rows = async () =>
    (await store.query('select delivery_key, outcome, detail, received_at from delivery order by id')).rows;

  it('are told with their faults, newest first, and without their bodies', async () => {
    await refuse('d1');
    await refuse('d2');
    await stripRawBodies(store, NOW, 1);
    const { refused } = await readStatus(admin);
    expect(refused).toMatchObject({
      count: 2,
      newest: [
        { sourceId: 'cal', faults: FAULTS, isKept: true },
        { sourceId: 'cal', faults: FAULTS, isKept: false },
      ],
    });
    expect(JSON.stringify(await readStatus(admin))).not.toContain('attendees');
  });

  it('are stored as the same delivery when they are understood now, once', async () => {
    await refuse('d1');
    const before = woken;
    expect(await replay()).toEqual({ stored: 1, ignored: 0, refused: 0, failed: 0 });
    expect(woken).toBe(before + 1);
    expect(await rows()).toEqual([
      { delivery_key: 'd1', outcome: 'stored', detail: null, received_at: new Date('2026-10-05T01:12:11.000Z') },
    ]);
    const due = await readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 10, NOW);
    expect(due).toMatchObject([{ booking: { revision: 1, state: { status: 'Scheduled' } } }]);
    const { rows: events } = await store.query('select delivery_id from booking_event');
    expect(events).toHaveLength(1);
    expect(await replay()).toEqual({ stored: 0, ignored: 0, refused: 0, failed: 0 });
    expect((await readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 10, NOW))[0]?.booking.revision).toBe(1);
    // The sender repeats it: it is known.
    expect(await refuse('d1')).toEqual(['duplicate']);
  });

  it('change a booking that other deliveries made, however late they are understood', async () => {
    const uid = (JSON.parse(body.toString()) as { payload: { uid: string } }).payload.uid;
    await refuse('d1');
    const canceled = bookingEvent({ kind: 'canceled', bookingKey: uid, occurredAt: '2027-10-05T02:00:00.000Z' });
    await saveAndFold(store, [delivery('d2', [canceled])]);
    await replay();
    const due = await readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 10, NOW);
    expect(due).toMatchObject([{ booking: { revision: 2, state: { status: 'Canceled' } } }]);
  });

  it('may be ignored now, or stay refused with the faults of today', async () => {
    await refuse('d1', exampleBody('calcom', 'PING'));
    await refuse('d2', Buffer.from('{}'));
    expect(await replay()).toEqual({ stored: 0, ignored: 1, refused: 1, failed: 0 });
    expect(await rows()).toMatchObject([
      { outcome: 'ignored', detail: expect.stringContaining('PING') },
      { outcome: 'refused', detail: [{ field: 'triggerEvent' }] },
    ]);
  });

  it('are left alone when their body is stripped, and when one booking is tried again', async () => {
    await refuse('d1');
    expect((await retry(admin, { bookingId: 'one' })).replayed.stored).toBe(0);
    await stripRawBodies(store, NOW, 10);
    expect(await replay()).toEqual({ stored: 0, ignored: 0, refused: 0, failed: 0 });
    expect(await rows()).toMatchObject([{ outcome: 'refused', detail: FAULTS }]);
  });

  it('are replayed in portions, and by two at the same time once', async () => {
    for (let index = 0; index < 5; index += 1) {
      await refuse(
        `d${index}`,
        exampleBody('calcom', 'BOOKING_CREATED', (sent) => void (sent.payload.uid = `u${index}`)),
      );
    }
    const first = await replayRefused(store, { teamId: 'default', after: null, now: () => NOW, mostMs: -1 });
    expect(first).toMatchObject({ replayed: { stored: 1 }, next: expect.any(String) });
    const [one, other] = await Promise.all([
      retry(admin, { bookingId: null, after: first.next }),
      retry(admin, { bookingId: null, after: first.next }),
    ]);
    expect(one.replayed.stored + other.replayed.stored).toBe(4);
    expect(await readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 10, NOW)).toHaveLength(5);
  });

  it('one that cannot be stored costs its neighbours nothing', async () => {
    await refuse('d1');
    await refuse(
      'd2',
      exampleBody('calcom', 'BOOKING_CREATED', (sent) => void (sent.payload.uid = 'other')),
    );
    await store.query(`create function fail_one() returns trigger language plpgsql as $$
      begin if new.root_key <> 'other' then raise 'not this one'; end if; return new; end $$`);
    await store.query('create trigger fail_one before insert on booking for each row execute function fail_one()');
    expect(await replay()).toEqual({ stored: 1, ignored: 0, refused: 0, failed: 1 });
    await store.query('drop trigger fail_one on booking');
    expect(await rows()).toMatchObject([{ outcome: 'refused', detail: FAULTS }, { outcome: 'stored' }]);
    expect((await replay()).stored).toBe(1);
  });

  it('are translated with the mapping that their source has now', async () => {
    await createSource(admin, { id: 'own', kind: 'mapped', mapping: { ...GREEDY, bookingKey: 'id' } });
    const own = { sourceId: 'own', rawBody: Buffer.from('{"number":"n1"}') };
    await saveAndFold(store, [delivery('d1', [], { ...own, understanding: { refused: FAULTS } })]);
    expect((await replay()).refused).toBe(1);
    await store.query(`update source set mapping = mapping || '{"bookingKey":"number +"}' where id = 'own'`);
    expect(await replay()).toEqual({ stored: 0, ignored: 0, refused: 0, failed: 1 });
    await store.query(`update source set mapping = mapping || '{"bookingKey":"number"}' where id = 'own'`);
    expect((await replay()).stored).toBe(1);
  });
});

describeOnStores('retention of raw bodies', ({ open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  afterEach(() => store.query('truncate booking_event, booking_key, booking_log, booking, delivery cascade'));

  const day = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
  const kept = async () =>
    (
      await store.query<{ delivery_key: string }>(
        'select delivery_key from delivery where raw_body is not null order by delivery_key',
      )
    ).rows.map(({ delivery_key: key }) => key);

  it('strips what is older in slices, the oldest first, and keeps the story', async () => {
    for (const days of [40, 35, 31, 29]) {
      const event = bookingEvent({ bookingKey: `u${days}` });
      await saveAndFold(store, [delivery(`d${days}`, [event], { receivedAt: day(days) })]);
    }
    expect(await stripRawBodies(store, day(30), 2)).toBe(2);
    expect(await kept()).toEqual(['d29', 'd31']);
    expect(await stripRawBodies(store, day(30), 2)).toBe(1);
    expect(await stripRawBodies(store, day(30), 2)).toBe(0);
    expect(await kept()).toEqual(['d29']);
    const { rows } = await store.query(
      `select count(*)::int as events, (select count(*)::int from delivery where outcome = 'stored') as deliveries
       from booking_event`,
    );
    expect(rows).toEqual([{ events: 4, deliveries: 4 }]);
  });

  it('is done at once and again from a timer, slice after slice, until it is stopped', async () => {
    const add = (key: string) =>
      saveAndFold(store, [delivery(key, [], { receivedAt: day(31), understanding: { ignored: 'x' } })]);
    const until = async (isDone: () => Promise<boolean>) => {
      for (const end = Date.now() + 10_000; !(await isDone());) {
        if (Date.now() > end) throw new Error('It was not done in time.');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    for (const key of ['a', 'b', 'c']) await add(key);
    const stop = startRetention({ db: store, days: 30, now: () => NOW, log: SILENT, everyMs: 50, slice: 1 });
    await until(async () => (await kept()).length === 0);
    await add('d');
    await until(async () => (await kept()).length === 0);
    await stop();
    await add('e');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await kept()).toEqual(['e']);
  });
});
