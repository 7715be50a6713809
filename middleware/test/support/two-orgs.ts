import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { until } from '../../bench/support/until';
import { createSource, importSettings, type AdminDeps } from '../../src/admin/admin';
import { carryOutCommand } from '../../src/admin/orders/orders';
import { startApp, type App } from '../../src/app';
import { readConfig } from '../../src/config';
import { DEFAULT_SETTINGS, type Settings } from '../../src/settings/settings';
import { bookingEvent, customer, delivery } from './builders';
import { FORCE_APP, SECRET } from './connections';
import { saveAndFold } from './folded';
import { orgActions } from './org-actions';
import { SILENT, type TestDatabase } from './postgres';

export const ONLY_IN_SANDBOX = 'only.sandbox@example.com';
export const PAST = '2026-03-01T04:30:00.000Z';
export const TO_COME = '2030-03-01T04:30:00.000Z';

/** A connector, and two orgs that have no id in common: a sandbox and production. */
export class World {
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
    await enrich(sandbox);
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
export function eventsOf({ org }: Emulator, teamId: string): string[] {
  return [...org.store.table(org.object('Event')).all()]
    .map((row) => String(row['Booking_Id__c']))
    .filter((id) => id.startsWith(`${teamId}-cal:`))
    .map((id) => id.slice(`${teamId}-cal:`.length))
    .sort();
}

export function recordsOf({ org }: Emulator, sobject: string): Record<string, unknown>[] {
  return [...org.store.table(org.object(sobject)).all()];
}

/** Ids of the Events of a team in an org, by the booking. */
export function idsOf(emulator: Emulator, teamId: string): Record<string, unknown> {
  const events = recordsOf(emulator, 'Event').filter(({ Booking_Id__c: id }) =>
    String(id).startsWith(`${teamId}-cal:`),
  );
  const byBooking = events.map(({ Booking_Id__c: id, Id }): [string, unknown] => [String(id).split(':')[1] ?? '', Id]);
  return Object.fromEntries(byBooking.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Bodies of everything that is sent from now on. */
export function recordBodies(): { to: (emulator: Emulator) => string[]; stop: () => void } {
  const spy = jest.spyOn(ClientRequest.prototype, 'write');
  return {
    to: ({ url }) =>
      spy.mock.calls.flatMap(([chunk], at) =>
        url.endsWith(String((spy.mock.contexts[at] as ClientRequest).getHeader('host'))) ? [String(chunk)] : [],
      ),
    stop: () => spy.mockRestore(),
  };
}

/** Gives the sandbox a record type, a field and a user that production lacks. */
async function enrich(sandbox: Emulator): Promise<void> {
  sandbox.deploy(join(__dirname, '../fixtures/salesforce/record-types'));
  await deployField(sandbox, 'Shoe_Size__c');
  const profile = recordsOf(sandbox, 'User').find(({ Username }) => Username === sandbox.username)?.['ProfileId'];
  await orgActions({ emulator: sandbox }).create('User', {
    ...{
      Username: ONLY_IN_SANDBOX,
      Email: ONLY_IN_SANDBOX,
      LastName: 'Only',
      Alias: 'only',
      CommunityNickname: 'only',
    },
    ...{ TimeZoneSidKey: 'GMT', LocaleSidKey: 'en_US', EmailEncodingKey: 'UTF-8', LanguageLocaleKey: 'en_US' },
    ...{ IsActive: true, ProfileId: profile },
  });
}

/** Deploys a text field of Lead, which the administrator may write. */
async function deployField(emulator: Emulator, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'test-switch-field-'));
  const xml = (type: string, content: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?><${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>`;
  const fields = join(folder, 'objects/Lead/fields');
  await mkdir(fields, { recursive: true });
  await mkdir(join(folder, 'permissionsets'));
  await writeFile(
    join(fields, `${name}.field-meta.xml`),
    xml('CustomField', `<fullName>${name}</fullName><label>${name}</label><length>40</length><type>Text</type>`),
  );
  await writeFile(
    join(folder, 'permissionsets/Field.permissionset-meta.xml'),
    xml(
      'PermissionSet',
      `<fieldPermissions><editable>true</editable><field>Lead.${name}</field><readable>true</readable></fieldPermissions><label>Field</label>`,
    ),
  );
  emulator.deploy(folder);
  await rm(folder, { recursive: true });
}

export const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}-${String(at).padStart(3, '0')}`);
