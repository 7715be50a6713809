import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from 'org-emulator';
import { createSource, importSettings, openGate } from '../src/admin/admin';
import { setBudget } from '../src/admin/budget';
import { startApp, type App } from '../src/app';
import { readDueBookings } from '../src/booking/booking.store';
import { calcomBooking } from './support/calcom-booking';
import { folded } from './support/folded';
import { readConfig } from '../src/config';
import { DEFAULT_SETTINGS } from '../src/settings/settings';
import { calcomSignature } from '../src/source/calcom';
import type { Store } from '../src/store/store';
import { freeLanes, releaseLane, takeLane } from '../src/sync/lane.store';
import { describeOnStores, describePostgres, SILENT, type TestDatabase } from './support/postgres';

/** The one lane of an org. */
const MAIN = { orgId: 'main', lane: 0, lanes: 1 };
const LATER = new Date('2027-01-01T00:00:00.000Z');

const SECRET = 'lane-test-secret';

/** An org and as many connectors on one database as are started. */
class Site {
  readonly apps: App[] = [];
  private count = 0;

  static async create(database: TestDatabase): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'test-lane-'));
    const emulator = await startEmulator({ deployDir: join(__dirname, '../../force-app') });
    return new Site(emulator, folder, await database.create());
  }

  private constructor(
    readonly emulator: Emulator,
    private readonly folder: string,
    private readonly place: Awaited<ReturnType<TestDatabase['create']>>,
  ) {}

  async start(leaseMs: number): Promise<App> {
    const { url, clientId, clientSecret, username } = this.emulator;
    const config = readConfig({
      PORT: '0',
      DATA_DIR: 'dataDir' in this.place ? this.place.dataDir : join(this.folder, 'data'),
      ...('databaseUrl' in this.place ? { DATABASE_URL: this.place.databaseUrl } : {}),
      SALESFORCE_LOGIN_URL: url,
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_ALLOW_LOOPBACK: 'true',
      LANE_LEASE_MS: String(leaseMs),
    });
    const app = await startApp(config, SILENT);
    this.apps.push(app);
    if (this.apps.length > 1) return app;
    await createSource(app.admin, { id: 'cal', kind: 'calcom', secret: SECRET });
    const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: username };
    await importSettings(app.admin, { document: { ...DEFAULT_SETTINGS, rules }, author: 'test' });
    await openGate(app.admin, { backlog: true });
    return app;
  }

  /** Sends a new booking to one of the connectors, and gives its `Booking_Id__c`. */
  async book(app: App): Promise<string> {
    this.count += 1;
    const uid = `booking-${this.count}`;
    const body = JSON.stringify(calcomBooking(uid));
    const headers = { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, body) };
    const response = await fetch(`${app.url}/webhooks/cal`, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([202, { outcome: 'stored' }]);
    return `cal:${uid}`;
  }

  /** Waits until Salesforce has an Event of the booking; how long that took, in milliseconds. */
  async written(bookingId: string, withinMs = 20_000): Promise<number> {
    const startedAt = Date.now();
    while (this.eventsOf(bookingId) === 0) {
      if (Date.now() - startedAt > withinMs) throw new Error(`${bookingId} was not written within ${withinMs} ms`);
      await sleep(10);
    }
    return Date.now() - startedAt;
  }

  eventsOf(bookingId: string): number {
    return this.recordsOf('Event').filter((row) => row.Booking_Id__c === bookingId).length;
  }

  recordsOf(sobject: string): Record<string, unknown>[] {
    const { org } = this.emulator;
    return [...org.store.table(org.object(sobject)).all()];
  }

  /**
   * From now on calls to Salesforce wait; gives what ends that.
   *
   * @param fault which calls, and when: by default all of them, when they are done.
   */
  async holdCalls({ nth, hold = 'afterCommit' }: { nth?: number; hold?: string } = {}): Promise<
    () => Promise<unknown>
  > {
    const fault = { match: { path: '/composite$', nth }, effect: { hold } };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#faults, { method: 'POST', headers, body: JSON.stringify(fault) });
    const { id } = (await response.json()) as { id: string };
    return () => fetch(`${this.#faults}/${id}`, { method: 'DELETE' });
  }

  /** How many calls wait; waits until there are so many. */
  async held(atLeast = 1): Promise<number> {
    for (;;) {
      const { faults } = (await (await fetch(this.#faults)).json()) as { faults: { held: number }[] };
      const held = faults.reduce((sum, fault) => sum + fault.held, 0);
      if (held >= atLeast) return held;
      await sleep(10);
    }
  }

  get #faults(): string {
    return `${this.emulator.url}/__emulator__/faults`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.stop()));
    await this.emulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Takes the lane from whoever holds it. */
async function takeAway(store: Store, leaseMs: number) {
  await freeLanes(store);
  return takeLane(store, { orgId: 'main', lane: 0, layout: 1, holder: 'another', leaseMs });
}

const laneOf = (app: App): string | undefined => app.admin.laneStates()['main']?.state;

/** How many calls a connector has made to Salesforce. */
async function callsOf(app: App): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  const counts = [...metrics.matchAll(/^booking_connector_salesforce_api_calls_total\{[^}]*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function settled(app: App): Promise<void> {
  await folded(app.admin.store);
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(20)) {
    const { rows } = await app.admin.store.query('select 1 from booking where due_at is not null limit 1');
    // A lane looks once more whether anything is due before it rests.
    if (rows.length === 0 && laneOf(app) !== 'working') return;
  }
  throw new Error('Bookings are still pending, or the lane does not rest, after 20 s.');
}

describePostgres('several connectors on one database', (database) => {
  let site: Site;

  beforeEach(async () => {
    site = await Site.create(database);
  });
  afterEach(() => site.stop());

  /** Two connectors, the one that holds the lane first. */
  async function startTwo(leaseMs: number): Promise<[App, App]> {
    const holder = await site.start(leaseMs);
    const other = await site.start(leaseMs);
    await site.written(await site.book(holder));
    await settled(holder);
    expect([laneOf(holder), laneOf(other)]).toEqual(['idle', 'held elsewhere']);
    return [holder, other];
  }

  it('share the work: both take deliveries, one writes, each booking once', async () => {
    const [holder, other] = await startTwo(10_000);
    const bookings = await Promise.all(
      Array.from({ length: 20 }, (_, index) => site.book(index % 2 === 0 ? holder : other)),
    );
    await settled(holder);
    expect(bookings.map((id) => site.eventsOf(id))).toEqual(bookings.map(() => 1));
    expect([await callsOf(holder), await callsOf(other)]).toEqual([expect.any(Number), 0]);
  });

  it('have one call to Salesforce under way, however long it takes', async () => {
    const [holder, other] = await startTwo(1_000);
    const letGo = await site.holdCalls();
    await site.book(holder);
    expect(await site.held()).toBe(1);
    await site.book(other);
    await sleep(2_500);
    expect(await site.held()).toBe(1);
    expect(laneOf(other)).toBe('held elsewhere');
    await letGo();
    await settled(holder);
    expect(await callsOf(other)).toBe(0);
  }, 30_000);

  it('write what the one without the lane has taken', async () => {
    const [, other] = await startTwo(10_000);
    const booking = await site.book(other);
    // The holder looks once a second for what others took.
    expect(await site.written(booking)).toBeLessThan(5_000);
    expect(await callsOf(other)).toBe(0);
  });

  it('go on at once when the holder stops, whatever is left of its lease', async () => {
    const [holder, other] = await startTwo(60_000);
    await holder.stop();
    const booking = await site.book(other);
    expect(await site.written(booking)).toBeLessThan(5_000);
    expect(await callsOf(other)).toBeGreaterThan(0);
    await settled(other);
  });

  it('go on when the lease of a holder ends that cannot prolong it', async () => {
    const [holder, other] = await startTwo(1_500);
    await holder.admin.store.close();
    const booking = await site.book(other);
    expect(await site.written(booking)).toBeLessThan(10_000);
    await settled(other);
    expect(site.eventsOf(booking)).toBe(1);
  });

  it('double nothing when the write of a former holder is done late, after the new holder’s', async () => {
    const [holder, other] = await startTwo(1_000);
    // The read goes through; the write is on its way for longer than the lane stays with its sender.
    const letGo = await site.holdCalls({ nth: 2, hold: 'beforeCommit' });
    const booking = await site.book(holder);
    await site.held();
    await takeAway(other.admin.store, 100);
    await site.written(booking);
    await settled(other);
    expect(laneOf(other)).toBe('idle');
    await letGo();
    await sleep(500);
    await settled(other);
    expect(site.eventsOf(booking)).toBe(1);
    expect(site.recordsOf('Lead').filter(({ Email }) => Email === 'booking-2@example.test')).toHaveLength(1);
  }, 30_000);

  it('do again, and not twice, what a holder was doing when it lost the lane', async () => {
    const holder = await site.start(2_000);
    const letGo = await site.holdCalls();
    const booking = await site.book(holder);
    await site.held();
    const taken = await takeAway(holder.admin.store, 60_000);
    await letGo();
    // What it has in hand may still be written while its lease lasts; it settles nothing.
    await sleep(2_500);
    expect(laneOf(holder)).toBe('held elsewhere');
    const due = await readDueBookings(holder.admin.store, MAIN, 10, LATER);
    expect(due).toMatchObject([{ parts: {}, written: null }]);
    await releaseLane(holder.admin.store, { ...MAIN, token: taken?.token ?? '' });
    await settled(holder);
    expect(site.eventsOf(booking)).toBe(1);
  }, 30_000);
});

describeOnStores('an org that is changed between one lane and two', (database) => {
  it('has a writer for each, never two for one booking, and loses and doubles nothing', async () => {
    const site = await Site.create(database);
    try {
      const app = await site.start(10_000);
      await site.written(await site.book(app));
      await settled(app);
      // A turn of the one lane is under way while the org is set to two.
      const letGo = await site.holdCalls({ hold: 'beforeCommit' });
      const bookings = [await site.book(app)];
      await site.held();
      await setBudget(app.admin, { lanes: 2 });
      for (let count = 0; count < 12; count += 1) bookings.push(await site.book(app));
      await sleep(1_000);
      expect(await site.held()).toBe(1);
      await letGo();
      await settled(app);
      // Two calls at once show that both lanes work.
      const letGoOfTwo = await site.holdCalls({ hold: 'beforeCommit' });
      for (let count = 0; count < 12; count += 1) bookings.push(await site.book(app));
      await site.held(2);
      await setBudget(app.admin, { lanes: 1 });
      for (let count = 0; count < 6; count += 1) bookings.push(await site.book(app));
      await letGoOfTwo();
      await settled(app);
      expect(bookings.map((id) => site.eventsOf(id))).toEqual(bookings.map(() => 1));
      expect(site.recordsOf('Lead')).toHaveLength(bookings.length + 1);
    } finally {
      await site.stop();
    }
  }, 60_000);
});

describeOnStores('a connector that is started again after it died', (database) => {
  it('takes the lane: at once on the embedded store, which nobody else can hold; else when the lease ends', async () => {
    const site = await Site.create(database);
    try {
      const dead = await site.start(1_500);
      // The lane as a dead instance leaves it: not given back.
      const leaseMs = database.name === 'pglite' ? 3_600_000 : 1_500;
      await takeAway(dead.admin.store, leaseMs);
      await dead.stop();
      const app = await site.start(1_500);
      const booking = await site.book(app);
      expect(await site.written(booking)).toBeLessThan(5_000);
      await settled(app);
    } finally {
      await site.stop();
    }
  }, 60_000);
});
