import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { closeGate, createSource, importSettings, openGate, readStatus, type AdminDeps } from '../src/admin/admin';
import { carryOutCommand } from '../src/admin/orders/orders';
import type { Switched } from '../src/admin/switch-org';
import { startApp, type App } from '../src/app';
import { readConfig } from '../src/config';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import type { Choice } from '../src/booking/hold.store';
import { bookingEvent, customer, delivery } from './support/builders';
import { FORCE_APP, SECRET } from './support/connections';
import { saveAndFold } from './support/folded';
import { describeOnEmbedded, SILENT, type TestDatabase } from './support/postgres';

const PAST = '2026-03-01T04:30:00.000Z';
const TO_COME = '2030-03-01T04:30:00.000Z';

/** A connector, and two orgs that have no id in common: a sandbox and production. */
class World {
  private constructor(
    readonly app: App,
    readonly sandbox: Emulator,
    readonly production: Emulator,
    private readonly folder: string,
  ) {}

  static async start(database: TestDatabase): Promise<World> {
    const org = (idInstance: string, organizationName: string, isSandbox: boolean): Promise<Emulator> =>
      startEmulator({
        deployDir: FORCE_APP,
        idInstance,
        settings: { organizationName, isSandbox, autoApprove: true, limitNoise: 0 },
      });
    const [sandbox, production] = [await org('Sbx', 'Acme UAT', true), await org('Prd', 'Acme', false)];
    const folder = await mkdtemp(join(tmpdir(), 'test-switch-'));
    const place = await database.create();
    const config = readConfig({
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...('databaseUrl' in place ? { DATABASE_URL: place.databaseUrl } : {}),
      SALESFORCE_ALLOW_LOOPBACK: 'true',
    });
    const world = new World(await startApp(config, SILENT), sandbox, production, folder);
    await world.connect('sandbox', sandbox);
    await world.connect('production', production);
    return world;
  }

  connect(id: string, { url, clientId, clientSecret }: Emulator): Promise<unknown> {
    return this.order('connectOrg', { id, flow: 'clientCredentials', host: url, clientId, clientSecret });
  }

  order<T>(name: string, args: object, team = 'default'): Promise<T> {
    return carryOutCommand(this.app.admin, { order: name, args, team }) as Promise<T>;
  }

  /** A team with a source of its own, on the sandbox. */
  async team(id: string, settings: (defaults: Settings) => Settings = (defaults) => defaults): Promise<AdminDeps> {
    if (id !== 'default') await this.order('createTeam', { id, org: 'sandbox' });
    const admin = { ...this.app.admin, teamId: id };
    await createSource(admin, { id: `${id}-cal`, kind: 'calcom', secret: SECRET });
    const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: this.sandbox.username };
    await importSettings(admin, { document: settings({ ...DEFAULT_SETTINGS, rules }), author: 'test' });
    return admin;
  }

  /** New bookings of a team, each of a customer of its own. */
  async book(teamId: string, names: string[], startsAt: string): Promise<void> {
    const events = names.map((name) =>
      bookingEvent({
        bookingKey: name,
        startsAt,
        endsAt: startsAt.replace('04:30', '05:00'),
        customer: customer(`${teamId}-${name}@example.test`),
      }),
    );
    const more = { sourceId: `${teamId}-cal`, teamId };
    await saveAndFold(this.app.admin.store, [delivery(randomUUID(), events, more)]);
    this.app.admin.wake();
  }

  /** A booking changes. */
  async change(teamId: string, name: string, startsAt = TO_COME): Promise<void> {
    const event = bookingEvent({
      kind: 'updated',
      bookingKey: name,
      occurredAt: '2026-11-05T01:12:10.140Z',
      subject: 'Changed',
      startsAt,
      endsAt: startsAt.replace('04:30', '05:00'),
      customer: customer(`${teamId}-${name}@example.test`),
    });
    await saveAndFold(this.app.admin.store, [delivery(randomUUID(), [event], { sourceId: `${teamId}-cal`, teamId })]);
    this.app.admin.wake();
  }

  /** Waits until nothing of a team is pending. */
  idle(teamId: string): Promise<unknown> {
    return until(`nothing of ${teamId} to be pending`, async () => {
      const { rows } = await this.app.admin.store.query(
        'select 1 from booking where team_id = $1 and due_at is not null limit 1',
        [teamId],
      );
      return rows.length === 0 || null;
    });
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await Promise.all([this.sandbox.close(), this.production.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the Events of a team are called in an org, sorted; one that is there twice stands there twice. */
function eventsOf({ org }: Emulator, teamId: string): string[] {
  return [...org.store.table(org.object('Event')).all()]
    .map((row) => String(row['Booking_Id__c']))
    .filter((id) => id.startsWith(`${teamId}-cal:`))
    .map((id) => id.slice(`${teamId}-cal:`.length))
    .sort();
}

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}-${String(at).padStart(3, '0')}`);

describeOnEmbedded('a team that is moved from a sandbox to production', (database) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(database);
    await world.team('default');
  }, 60_000);
  afterAll(() => world.stop());

  const CASES: [Choice, (names: { past: string[]; toCome: string[] }) => string[]][] = [
    ['future', ({ toCome }) => toCome],
    ['all', ({ past, toCome }) => [...past, ...toCome]],
    ['none', () => []],
  ];

  it.each(CASES)(
    'has of 500 pending bookings those written there that are chosen: %s',
    async (bookings, chosen) => {
      const team = await world.team(bookings);
      const written = { past: named('old-past', 5), toCome: named('old-to-come', 5) };
      await openGate(team, { backlog: true });
      await world.book(bookings, written.past, PAST);
      await world.book(bookings, written.toCome, TO_COME);
      await world.idle(bookings);
      const before = [...written.past, ...written.toCome].sort();
      expect(eventsOf(world.sandbox, bookings)).toEqual(before);
      await closeGate(team);
      const pending = { past: named('past', 250), toCome: named('to-come', 250) };
      await world.book(bookings, pending.past, PAST);
      await world.book(bookings, pending.toCome, TO_COME);

      const { held, comparison } = await world.order<Switched>('switchOrg', { id: 'production' }, bookings);
      expect(held).toMatchObject({ from: 'sandbox', future: 255, all: 510, pending: 500 });
      expect(comparison).toMatchObject({ org: { id: 'production', name: 'Acme' }, present: { name: 'Acme UAT' } });
      await world.book(bookings, ['held'], TO_COME);
      await expect(world.order('openGate', { backlog: false }, bookings)).rejects.toThrow(/--bookings future/);
      expect(eventsOf(world.production, bookings)).toEqual([]);

      await world.order('openGate', { bookings }, bookings);
      await world.idle(bookings);
      const known = {
        past: [...written.past, ...pending.past],
        toCome: [...written.toCome, ...pending.toCome, 'held'],
      };
      expect(eventsOf(world.production, bookings)).toEqual(chosen(known).sort());
      expect((await readStatus(team)).parked).toEqual([]);

      // What arrives or changes from now on is written, whatever was chosen.
      await world.book(bookings, ['new'], TO_COME);
      await world.change(bookings, 'to-come-007');
      await world.change(bookings, 'old-to-come-001');
      await world.idle(bookings);
      const later = new Set([...chosen(known), 'new', 'to-come-007', 'old-to-come-001']);
      expect(eventsOf(world.production, bookings)).toEqual([...later].sort());
      expect(eventsOf(world.sandbox, bookings)).toEqual(before);
    },
    60_000,
  );
});
