import { readDueBookings } from '../src/booking/booking.store';
import { saveDeliveries } from '../src/booking/delivery.store';
import { foldAll, startFolder, type FolderOptions } from '../src/booking/folder';
import { foldDeliveries, type Folded } from '../src/booking/folding.store';
import { readRefused } from '../src/booking/replay.store';
import { stripRawBodies } from '../src/booking/retention.store';
import { readWork } from '../src/booking/work.store';
import { readDelivery } from '../src/source/kinds';
import { copyRows } from '../src/store/copy-rows';
import type { Store } from '../src/store/store';
import { exampleBody } from './fixtures/source/build';
import { bookingEvent, delivery } from './support/builders';
import { folded, saveAndFold } from './support/folded';
import { describeOnStores, describePostgres } from './support/postgres';
import { seed } from './support/seed';

const LATER = new Date('2026-12-01T00:00:00.000Z');
const TRUNCATE = 'truncate booking_event, booking_key, booking_log, booking, delivery cascade';

const booked = (uid: string) => delivery(`d-${uid}`, [bookingEvent({ bookingKey: uid })]);
const bookings = async (store: Store) =>
  (await readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 1_000, LATER)).map(({ booking }) => booking);

/** A folder that tells nobody, and gives way to nothing. */
const start = (store: Store, more: Partial<FolderOptions> = {}) =>
  startFolder({
    store,
    readDelivery,
    quietMs: () => Infinity,
    onFolded: () => undefined,
    log: { warn: () => undefined },
    pollMs: 60_000,
    ...more,
  });

describeOnStores('folding', ({ open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  afterEach(() => store.query(TRUNCATE));

  it('counts a delivery as pending from the moment on that it is stored, and its booking after that', async () => {
    const received = delivery('d1', [bookingEvent()]);
    await saveDeliveries(store, [received, delivery('d2', [], { understanding: { ignored: 'a test' } })]);
    expect(await bookings(store)).toEqual([]);
    const backlog = { pending: 1, oldestPendingAt: received.receivedAt };
    expect(await readWork(store, new Date())).toMatchObject(backlog);
    await foldAll(store, readDelivery);
    expect(await bookings(store)).toHaveLength(1);
    expect(await readWork(store, new Date())).toMatchObject(backlog);
  });

  it('folds each delivery once, in the order in which they came, slice after slice', async () => {
    const events = ['a', 'b', 'c'].map((subject, index) =>
      bookingEvent({ kind: 'updated', subject, occurredAt: `2026-10-05T01:12:1${index}.000Z` }),
    );
    await saveDeliveries(
      store,
      events.map((event, index) => delivery(`d${index}`, [event])),
    );
    expect(await foldDeliveries(store, 2, readDelivery)).toMatchObject({ deliveries: 2, told: 2, left: 1 });
    expect((await bookings(store))[0]).toMatchObject({ revision: 1, state: { subject: 'b' } });
    expect(await foldDeliveries(store, 2, readDelivery)).toMatchObject({ deliveries: 1, told: 1, left: 0 });
    expect((await bookings(store))[0]).toMatchObject({ revision: 2, state: { subject: 'c' } });
    expect(await foldDeliveries(store, 2, readDelivery)).toMatchObject({ deliveries: 0, told: 0, left: 0 });
  });

  it('reads what is only kept, in its turn, and keeps with what tells nothing why', async () => {
    const unread = (key: string, rawBody: Buffer) => delivery(key, [], { rawBody, understanding: null });
    await saveDeliveries(store, [
      unread('d1', exampleBody('calcom', 'BOOKING_CREATED')),
      delivery('d2', [], { understanding: { ignored: 'known before' } }),
      unread('d3', exampleBody('calcom', 'PING')),
      unread('d4', Buffer.from('nothing')),
      unread('d5', exampleBody('calcom', 'BOOKING_CANCELLED')),
    ]);
    expect(await readWork(store, new Date())).toMatchObject({ unfolded: 4 });
    const folded = await foldDeliveries(store, 10, readDelivery);
    expect(folded).toMatchObject({ deliveries: 5, told: 2, left: 0 });
    expect(folded.read).toEqual(
      ['stored', 'ignored', 'refused', 'stored'].map((outcome) => ({ sourceId: 'cal', kind: 'calcom', outcome })),
    );
    expect(await bookings(store)).toMatchObject([{ revision: 1, state: { status: 'Canceled' } }]);
    const { rows } = await store.query('select delivery_key, outcome, detail from delivery order by id');
    expect(rows).toEqual([
      { delivery_key: 'd1', outcome: 'stored', detail: null },
      { delivery_key: 'd2', outcome: 'ignored', detail: 'known before' },
      { delivery_key: 'd3', outcome: 'ignored', detail: expect.stringContaining('PING') },
      {
        delivery_key: 'd4',
        outcome: 'refused',
        detail: [{ field: 'body', error: expect.stringContaining('not JSON') }],
      },
      { delivery_key: 'd5', outcome: 'stored', detail: null },
    ]);
    expect(await foldDeliveries(store, 10, readDelivery)).toMatchObject({ deliveries: 0 });
  });

  it('folds deliveries that contradict each other in one slice: a booking with seats that also moved as one without', async () => {
    const names = ['BOOKING_CREATED', 'BOOKING_CREATED.seat', 'BOOKING_RESCHEDULED'];
    await saveDeliveries(
      store,
      names.map((name) => delivery(name, [], { rawBody: exampleBody('calcom', name), understanding: null })),
    );
    expect(await foldDeliveries(store, 10, readDelivery)).toMatchObject({ deliveries: 3, told: 3, left: 0 });
    expect((await readRefused(store, 'default', 10)).count).toBe(0);
    expect(await bookings(store)).not.toHaveLength(0);
  });

  it('refuses what cannot be read for a fault of the reader, and counts it', async () => {
    const [bad, good] = [Buffer.from('bad'), exampleBody('calcom', 'BOOKING_CREATED')];
    await saveDeliveries(store, [
      delivery('d1', [], { rawBody: bad, understanding: null }),
      delivery('d2', [], { rawBody: good, understanding: null }),
    ]);
    const told: Folded[] = [];
    const folder = start(store, {
      readDelivery: (kind, body, receivedAt) => {
        if (body.equals(bad)) throw new TypeError('a fault of ours');
        return readDelivery(kind, body, receivedAt);
      },
      onFolded: (one) => void told.push(one),
    });
    try {
      await folded(store);
    } finally {
      await folder.stop();
    }
    expect(await bookings(store)).toHaveLength(1);
    expect((await readRefused(store, 'default', 10)).newest).toMatchObject([{ isKept: true }]);
    expect(told.flatMap(({ read }) => read.map(({ outcome }) => outcome))).toEqual(['refused', 'stored']);
  });

  it('goes on at its start with what was left, and when it is woken', async () => {
    await saveDeliveries(store, [booked('left')]);
    const folder = start(store);
    try {
      await folded(store);
      expect((await bookings(store)).map(({ rootKey }) => rootKey)).toEqual(['left']);
      await saveDeliveries(store, [booked('woken')]);
      folder.wake();
      await folded(store);
      expect((await bookings(store)).map(({ rootKey }) => rootKey).sort()).toEqual(['left', 'woken']);
    } finally {
      await folder.stop();
    }
  });

  it('gives way to deliveries that are being stored, but not for ever', async () => {
    await saveDeliveries(store, [booked('waits')]);
    const startedAt = performance.now();
    const folder = start(store, { quietMs: () => 0, evenLagMs: 2_000 });
    try {
      await folded(store);
      // A slice of 20 ms has waited enough when 20 ms * (2,000 / lag)² have passed: after 431 ms.
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(431);
    } finally {
      await folder.stop();
    }
  });

  it('refuses a delivery that cannot be folded, says so, and folds those around it', async () => {
    const group = ['one', 'two', 'three'].map(booked);
    await saveDeliveries(store, group);
    // A time that no source lets through: the database does not take it.
    await store.query(
      `update delivery set events = replace(events::text, '2026-10-07T04:30:00.000Z', 'once upon a time')::json
       where delivery_key = 'd-two'`,
    );
    const warned: object[] = [];
    const folder = start(store, { log: { warn: (fields) => void warned.push(fields) } });
    try {
      await folded(store);
    } finally {
      await folder.stop();
    }
    expect((await bookings(store)).map(({ rootKey }) => rootKey).sort()).toEqual(['one', 'three']);
    expect(warned).toHaveLength(1);
    const { count, newest } = await readRefused(store, 'default', 10);
    expect(count).toBe(1);
    expect(newest[0]).toMatchObject({
      isKept: true,
      faults: [{ field: 'body', error: 'could not be folded into its booking' }],
    });
  });

  it('keeps the body of what is not folded yet, however old', async () => {
    await saveAndFold(store, [booked('folded')]);
    await saveDeliveries(store, [booked('waits')]);
    expect(await stripRawBodies(store, LATER, 10)).toBe(1);
    const { rows } = await store.query('select delivery_key from delivery where raw_body is not null');
    expect(rows).toEqual([{ delivery_key: 'd-waits' }]);
  });
});

describePostgres('folding by several instances', ({ open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  afterEach(() => store.query(TRUNCATE));

  it('folds every delivery once, while all of them store and fold', async () => {
    const uids = Array.from({ length: 120 }, (_, index) => `uid-${index}`);
    const folders = [start(store, { slice: 7 }), start(store, { slice: 5 }), start(store, { slice: 3 })];
    try {
      await Promise.all(
        uids.map(async (uid, index) => {
          await saveDeliveries(store, [booked(uid)]);
          folders[index % folders.length]?.wake();
        }),
      );
      await folded(store);
    } finally {
      await Promise.all(folders.map((folder) => folder.stop()));
    }
    const found = await bookings(store);
    expect(found.map(({ rootKey }) => rootKey).sort()).toEqual([...uids].sort());
    expect(found.every(({ revision }) => revision === 1)).toBe(true);
  });

  it.each([1, 20])('never passes over a group that is stored, but not committed yet: of %d', async (count) => {
    const groupOf = (name: string) => Array.from({ length: count }, (_, index) => booked(`${name}-${index}`));
    const groups = { early: groupOf('early'), late: groupOf('late') };
    let slow: Promise<unknown> = Promise.resolve();
    await store.transaction(async (client) => {
      const inside: Pick<Store, 'kind' | 'query' | 'copy'> = {
        kind: store.kind,
        query: (sql, values) => client.query(sql, values),
        copy: (statement, rows) => copyRows(client, statement, rows),
      };
      await saveDeliveries(inside, groups.early);
      // Drawn later, this id must not be seen, let alone folded, before the earlier one is.
      slow = saveDeliveries(store, groups.late);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await foldAll(store, readDelivery);
    });
    await slow;
    await foldAll(store, readDelivery);
    expect(await bookings(store)).toHaveLength(2 * count);
  });
});
