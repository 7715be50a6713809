import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { closeGate, createSource, importSettings, openGate, readStatus, type AdminDeps } from '../src/admin/admin';
import type { Comparison } from '../src/admin/compare-org';
import { carryOutCommand } from '../src/admin/orders/orders';
import type { Switched } from '../src/admin/switch-org';
import { startApp, type App } from '../src/app';
import { readConfig } from '../src/config';
import { readOpenNotices } from '../src/notice/notice.store';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import type { Choice } from '../src/booking/hold.store';
import { completeByClock } from '../src/booking/clock.store';
import { saveConfiguredOrg } from '../src/connection/configured-org';
import { findTeam, saveTeam } from '../src/sync/org.store';
import { bookingEvent, customer, delivery } from './support/builders';
import { allow, emulatorPost, FORCE_APP, SECRET, setFault } from './support/connections';
import { saveAndFold } from './support/folded';
import { orgActions } from './support/org-actions';
import { describeOnEmbedded, MIGRATIONS, SILENT, type TestDatabase } from './support/postgres';
import { createApiUser, withoutRight } from './support/rights';
import { apiOf, signIn } from './support/visitor';

const ONLY_IN_SANDBOX = 'only.sandbox@example.com';
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
function eventsOf({ org }: Emulator, teamId: string): string[] {
  return [...org.store.table(org.object('Event')).all()]
    .map((row) => String(row['Booking_Id__c']))
    .filter((id) => id.startsWith(`${teamId}-cal:`))
    .map((id) => id.slice(`${teamId}-cal:`.length))
    .sort();
}

function recordsOf({ org }: Emulator, sobject: string): Record<string, unknown>[] {
  return [...org.store.table(org.object(sobject)).all()];
}

/** Ids of the Events of a team in an org, by the booking. */
function idsOf(emulator: Emulator, teamId: string): Record<string, unknown> {
  const events = recordsOf(emulator, 'Event').filter(({ Booking_Id__c: id }) =>
    String(id).startsWith(`${teamId}-cal:`),
  );
  const byBooking = events.map(({ Booking_Id__c: id, Id }): [string, unknown] => [String(id).split(':')[1] ?? '', Id]);
  return Object.fromEntries(byBooking.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Bodies of everything that is sent from now on. */
function recordBodies(): { to: (emulator: Emulator) => string[]; stop: () => void } {
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
  sandbox.deploy(join(__dirname, 'fixtures/salesforce/record-types'));
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

  it('has nothing written to the sandbox any more by a turn that reads during the switch', async () => {
    const team = await world.team('reading');
    await openGate(team, { backlog: true });
    const held = await setFault(world.sandbox, { path: '/composite$', nth: 1 }, { hold: 'afterCommit' });
    await world.book('reading', ['a', 'b'], TO_COME);
    await until('a call to be held', async () => (await held.look()).held > 0 || null);
    await moveTeam('reading', 'production');
    await held.end();
    await world.order('openGate', { bookings: 'future' }, 'reading');
    await world.idle('reading');
    expect([eventsOf(world.sandbox, 'reading'), eventsOf(world.production, 'reading')]).toEqual([[], ['a', 'b']]);
  }, 60_000);

  it('settles nothing of a turn that writes during the switch', async () => {
    const team = await world.team('writing');
    await openGate(team, { backlog: true });
    const held = await setFault(world.sandbox, { path: '/composite$', nth: 2 }, { hold: 'beforeCommit' });
    await world.book('writing', ['a', 'b'], TO_COME);
    await until('the write to be held', async () => (await held.look()).held > 0 || null);
    await moveTeam('writing', 'production');
    await world.order('openGate', { bookings: 'none' }, 'writing');
    await held.end();
    // What was on its way is done in the sandbox. It counts for nothing, and changes nothing of what was chosen.
    await until('the write to be done', () => Promise.resolve(eventsOf(world.sandbox, 'writing').length === 2 || null));
    await world.change('writing', 'a');
    await world.idle('writing');
    expect(eventsOf(world.production, 'writing')).toEqual(['a']);
    const { rows } = await world.app.admin.store.query(
      `select written, parts from booking where team_id = 'writing' order by root_key`,
    );
    expect(rows).toMatchObject([
      { written: { eventId: expect.stringContaining('Prd') } },
      { written: null, parts: { event: { state: 'notWanted', cause: expect.stringContaining('left out when') } } },
    ]);
  }, 60_000);

  it('finds what was written there when it comes back, and sends no id of one org to the other', async () => {
    const team = await world.team('back');
    await openGate(team, { backlog: true });
    await world.book('back', ['a', 'b', 'c'], TO_COME);
    await world.idle('back');
    const first = idsOf(world.sandbox, 'back');
    const sent = recordBodies();
    try {
      await moveTeam('back', 'production');
      await world.order('openGate', { bookings: 'future' }, 'back');
      await world.idle('back');
      await world.change('back', 'b');
      await world.book('back', ['d'], TO_COME);
      await world.idle('back');
      const inProduction = idsOf(world.production, 'back');
      expect(Object.keys(inProduction)).toEqual(['a', 'b', 'c', 'd']);
      expect(idsOf(world.sandbox, 'back')).toEqual(first);

      await moveTeam('back', 'sandbox');
      await world.change('back', 'c');
      await world.order('openGate', { bookings: 'all' }, 'back');
      await world.idle('back');
      expect(idsOf(world.sandbox, 'back')).toEqual({ ...first, d: expect.any(String) });
      expect(idsOf(world.production, 'back')).toEqual(inProduction);
      const subjects = recordsOf(world.sandbox, 'Event')
        .filter(({ Booking_Id__c: id }) => /^back-cal:[bc]$/.test(String(id)))
        .map(({ Subject }) => Subject);
      expect(subjects).toEqual(['Changed', 'Changed']);
      // One person for each customer, however often the team came.
      const emails = recordsOf(world.sandbox, 'Lead').map(({ Email }) => String(Email));
      expect(emails.filter((email) => email.startsWith('back-')).sort()).toEqual(
        ['a', 'b', 'c', 'd'].map((name) => `back-${name}@example.test`),
      );
      const sentWith = (emulator: Emulator, instance: string): string[] =>
        sent.to(emulator).filter((text) => new RegExp(`\\b\\w{3}${instance}[0-9A-Za-z]{9,12}\\b`).test(text));
      // The detector sees what it is to see: an org's own ids are sent to it.
      expect(sentWith(world.production, 'Prd').length).toBeGreaterThan(0);
      expect(sentWith(world.sandbox, 'Sbx').length).toBeGreaterThan(0);
      expect([sentWith(world.production, 'Sbx'), sentWith(world.sandbox, 'Prd')]).toEqual([[], []]);
    } finally {
      sent.stop();
    }
  }, 60_000);

  it('leaves behind what waited for a human there, and says in the story what became of a booking', async () => {
    const team = await world.team('story');
    await openGate(team, { backlog: true });
    await world.book('story', ['written'], TO_COME);
    await world.idle('story');
    await closeGate(team);
    await world.book('story', ['parked', 'past'], PAST);
    await world.app.admin.store.query(
      `update booking set due_at = null, parts = '{"event":{"state":"parked","class":"scoped","code":"X","cause":"c","remedy":"r","sobject":"Event","fields":[]}}'
       where team_id = 'story' and root_key = 'parked'`,
    );
    expect((await readStatus(team)).parked).toHaveLength(1);
    await moveTeam('story', 'production');
    const status = await readStatus(team);
    expect(status).toMatchObject({ parked: [], pending: 2, orgs: [{ id: 'production', startedAt: null }] });
    expect(status.orgs[0]?.held).toMatchObject({ from: 'sandbox', future: 1, all: 3, pending: 2 });
    const notices = async (): Promise<string[]> => (await readOpenNotices(team.store)).map(({ key }) => key);
    expect(await notices()).toContain('hold:story');
    await world.order('openGate', { bookings: 'none' }, 'story');
    expect(await notices()).not.toContain('hold:story');

    const { bookings } = await world.order<{ bookings: { id: string; rootKey: string; progress: string }[] }>(
      'listBookings',
      {},
      'story',
    );
    expect(bookings.map(({ progress }) => progress)).toEqual(['settled', 'settled', 'settled']);
    const storyOf = (key: string): Promise<{ parts: object }> =>
      world.order('readBooking', { id: bookings.find(({ rootKey }) => rootKey === key)?.id }, 'story');
    const cause = expect.stringContaining('the team was moved from sandbox to production') as string;
    expect(await storyOf('past')).toMatchObject({
      parts: { event: { state: 'notWanted', cause } },
      chapters: expect.arrayContaining([expect.objectContaining({ steps: [{ step: 'start gate', outcome: cause }] })]),
    });
    // The clock completes what is over, and brings nothing back that was left out.
    await team.store.query(`update source set complete_after_minutes = 0 where id = 'story-cal'`);
    await completeByClock(team.store, 'production', 200, new Date());
    await world.idle('story');
    const { bookings: completed } = await world.order<{ bookings: object[] }>(
      'listBookings',
      { status: 'Completed' },
      'story',
    );
    expect([completed.length, eventsOf(world.production, 'story')]).toEqual([2, []]);
    // No link into the org of before.
    const written = await storyOf('written');
    expect(written).toMatchObject({ written: null, parts: { event: { state: 'notWanted' } } });
    expect(JSON.stringify(written.parts)).not.toContain('Sbx');
  }, 60_000);

  it('is shown first what production lacks: a field, a record type, a user, a right; and is held back by it', async () => {
    const { production } = world;
    const { xml } = await world.order<{ xml: string }>('permissions', {});
    const apiUser = await createApiUser(production);
    await apiUser.grant(withoutRight(xml, 'Edit Lead.Email'));
    await emulatorPost(production, '/end-sessions');
    try {
      await world.team('needy', (defaults) => ({
        ...defaults,
        rules: { ...defaults.rules, fallbackOwner: ONLY_IN_SANDBOX, recordTypes: { Lead: 'Inbound' } },
        mappings: {
          ...defaults.mappings,
          Lead: [...defaults.mappings.Lead, { field: 'Shoe_Size__c', from: 'answers.shoe', cut: true }],
        },
      }));
      const comparison = await world.order<Comparison>('compareOrg', { id: 'production' }, 'needy');
      expect(comparison).toMatchObject({ isReady: false, isOther: false, present: { id: 'sandbox' } });
      const found = comparison.differences.map(
        ({ check, state, present }) => `${state} ${check}: ${present} in sandbox`,
      );
      expect(found).toEqual(
        expect.arrayContaining([
          'failure Lead.Shoe_Size__c: fine in sandbox',
          'failure rules.recordTypes.Lead: fine in sandbox',
          'failure rules.fallbackOwner: fine in sandbox',
          'failure Edit Lead.Email: fine in sandbox',
        ]),
      );
      expect(new Set(comparison.differences.map(({ check }) => check)).size).toBe(comparison.differences.length);
      expect(comparison.differences.filter(({ remedy }) => remedy === '')).toEqual([]);
      await expect(world.order('switchOrg', { id: 'production' }, 'needy')).rejects.toThrow(
        /Lead\.Shoe_Size__c: [^]*--anyway/,
      );
      expect((await findTeam(world.app.admin.store, 'needy'))?.orgId).toBe('sandbox');
      expect(await moveTeam('needy', 'production')).toMatchObject({ held: { from: 'sandbox' } });
    } finally {
      await emulatorPost(production, '/settings', { clientCredentialsUserId: production.adminUserId });
      await emulatorPost(production, '/end-sessions');
    }
  }, 60_000);

  it('is told on every page of the console where bookings go, and is moved and asked there', async () => {
    await world.book('default', ['console'], TO_COME);
    await openGate(world.app.admin, { backlog: true });
    await world.idle('default');
    const visitor = await signIn(world.app);
    const badge = (environment: string, name: string): RegExp =>
      new RegExp(`class="present-org"[^>]*><span class="pill env ${environment}">\\w+</span> ${name}<`);
    const page = async (path: string): Promise<string> => (await visitor.get(path)).text();
    for (const path of ['', '/bookings', '/problems', '/sources', '/salesforce', '/settings', '/salesforce/production'])
      expect(await page(path)).toMatch(badge('sandbox', 'Acme UAT'));

    const compared = await page('/salesforce/production/compare');
    expect(compared).toContain('action="/console/salesforce/production/switch"');
    const salesforceOrgId = world.production.orgId;
    const moved = await visitor.post('/salesforce/production/switch', { salesforceOrgId, anyway: 'yes' });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, '/console/']);
    const overview = await page('');
    expect(overview).toMatch(badge('emulator', 'Acme'));
    expect(overview).toContain('They wait for your choice');
    for (const choice of ['future', 'all', 'none']) expect(overview).toContain(`name="bookings" value="${choice}"`);
    expect(eventsOf(world.production, 'default')).toEqual([]);
    await visitor.post('/gate/open', { bookings: 'future' });
    await world.idle('default');
    expect(eventsOf(world.production, 'default')).toEqual(['console']);
    expect(await page('')).not.toContain('They wait for your choice');
  }, 60_000);

  it('stays there when the connector is started again with another org in its environment', async () => {
    const { store, secrets, now } = world.app.admin;
    const named = { loginUrl: world.sandbox.url, clientId: 'x'.repeat(20), clientSecret: 'secret' };
    await world.team('steady');
    await moveTeam('steady', 'production');
    await saveConfiguredOrg({ store, secrets, now: now() }, named, 'steady');
    expect((await findTeam(store, 'steady'))?.orgId).toBe('production');
    await saveTeam(store, 'fresh', now());
    await saveConfiguredOrg({ store, secrets, now: now() }, named, 'fresh');
    expect((await findTeam(store, 'fresh'))?.orgId).toBe('main');
    await store.query(`delete from team where id = 'fresh'`);
  }, 60_000);

  /** Switches although what the sandbox has may not all be there. */
  function moveTeam(team: string, id: string): Promise<unknown> {
    return world.order('switchOrg', { id, anyway: true }, team);
  }
});

describeOnEmbedded('a sandbox that was refreshed', (database) => {
  let world: World;
  let sandbox: Emulator;
  beforeEach(async () => {
    world = await World.start(database);
    sandbox = world.sandbox;
    await openGate(await world.team('default'), { backlog: true });
    await world.book('default', ['before'], TO_COME);
    await world.idle('default');
  }, 60_000);
  afterEach(async () => {
    await world.stop();
    await sandbox.close().catch(() => undefined);
  });

  /** At the same address there is another org now, which knows none of the tokens. */
  async function refresh(): Promise<void> {
    await sandbox.close();
    const port = Number(new URL(world.sandbox.url).port);
    sandbox = await startEmulator({
      ...{ port, deployDir: FORCE_APP, idInstance: 'Rfr' },
      settings: { organizationName: 'Acme UAT again', isSandbox: true, autoApprove: true, limitNoise: 0 },
    });
  }

  const openNotices = async (): Promise<string[]> =>
    (await readOpenNotices(world.app.admin.store)).map(({ key }) => key);

  it('is recognised, told once and not written to; confirmed, it goes on', async () => {
    const { app } = world;
    await refresh();
    await world.book('default', ['during', 'past'], TO_COME);
    await until('the other org to be told', async () => (await openNotices()).includes('access:sandbox') || null);
    await world.order('testConnection', { id: 'sandbox' });
    app.admin.wake();
    const [notice, ...more] = await readOpenNotices(app.admin.store);
    expect([notice?.what, notice?.remedy, more]).toEqual([
      expect.stringContaining(`leads to the Salesforce org ${sandbox.orgId}`),
      expect.stringContaining('org switch sandbox'),
      [],
    ]);
    expect(eventsOf(sandbox, 'default')).toEqual([]);
    expect(await readStatus(app.admin)).toMatchObject({ pending: 2, parked: [] });

    const comparison = await world.order<Comparison>('compareOrg', { id: 'sandbox' });
    expect(comparison).toMatchObject({
      isOther: true,
      isReady: true,
      org: { id: 'sandbox', name: 'Acme UAT again', salesforceOrgId: sandbox.orgId },
      present: { id: 'sandbox', name: 'Acme UAT', salesforceOrgId: world.sandbox.orgId },
    });
    expect(await world.order('listConnections', {})).toMatchObject({
      connections: [{ id: 'production' }, { id: 'sandbox', other: { name: 'Acme UAT again', environment: 'sandbox' } }],
    });
    expect(eventsOf(sandbox, 'default')).toEqual([]);

    const { rows: spent } = await app.admin.store.query(`select 1 from api_calls where org_id = 'sandbox'`);
    expect(spent.length).toBeGreaterThan(0);
    const switched = await world.order<Switched>('switchOrg', { id: 'sandbox' });
    expect(switched.held).toMatchObject({ from: 'sandbox', future: 3, all: 3, pending: 2 });
    expect(await openNotices()).toEqual(['hold:default']);
    await world.order('openGate', { bookings: 'future' });
    await world.idle('default');
    expect(eventsOf(sandbox, 'default')).toEqual(['before', 'during', 'past']);
    expect(await world.order('listConnections', {})).toMatchObject({
      connections: [
        { id: 'production' },
        { id: 'sandbox', other: null, access: { state: 'connected' }, salesforceOrgId: sandbox.orgId },
      ],
    });
    expect(await openNotices()).toEqual([]);
    await world.change('default', 'before');
    await world.idle('default');
    expect(eventsOf(sandbox, 'default')).toEqual(['before', 'during', 'past']);
  }, 60_000);

  it('goes on as if nothing had been when the one of before is put back', async () => {
    const before = idsOf(world.sandbox, 'default');
    const snapshot = world.sandbox.org.snapshot();
    await refresh();
    await world.book('default', ['during'], TO_COME);
    await until('the other org to be told', async () => (await openNotices()).includes('access:sandbox') || null);
    await sandbox.close();
    const port = Number(new URL(world.sandbox.url).port);
    sandbox = await startEmulator({ port, deployDir: FORCE_APP, idInstance: 'Sbx' });
    sandbox.org.restore(snapshot);
    await world.order('reconnectOrg', { id: 'sandbox' });
    await world.idle('default');
    expect(idsOf(sandbox, 'default')).toEqual({ ...before, during: expect.any(String) });
    expect(await openNotices()).toEqual([]);
    await expect(world.order('switchOrg', { id: 'sandbox' })).rejects.toThrow('already');
  }, 60_000);

  it('is named as a reason when the token of a sandbox is dead, and found by signing in again', async () => {
    const { app } = world;
    const { ask } = await apiOf(app);
    const owner = await signIn(app);
    const { url: host, clientId, clientSecret } = world.sandbox;
    const byBrowser = async (): Promise<Response> => {
      const begun = await ask('POST', '/orgs/sandbox/sign-in', { session: owner.csrf });
      return allow(owner, String((begun.body as { url: string }).url));
    };
    await world.order('reconnectOrg', { id: 'sandbox', flow: 'authorizationCode', host, clientId, clientSecret });
    expect((await byBrowser()).status).toBe(303);
    await world.book('default', ['second'], TO_COME);
    await world.idle('default');

    await refresh();
    const { tried } = await world.order<{ tried: object }>('testConnection', { id: 'sandbox' });
    expect(tried).toMatchObject({
      said: expect.stringContaining('revoked or has expired'),
      remedy: expect.stringContaining('If the sandbox was refreshed'),
    });
    const page = await byBrowser();
    expect([page.status, await page.text()]).toEqual([409, expect.stringContaining(sandbox.orgId)]);
    // Nobody has to sign in once more.
    const comparison = await world.order<Comparison>('compareOrg', { id: 'sandbox' });
    expect(comparison).toMatchObject({ isOther: true, org: { salesforceOrgId: sandbox.orgId } });
    await world.order('switchOrg', { id: 'sandbox' });
    await world.order('openGate', { bookings: 'all' });
    await world.idle('default');
    expect(eventsOf(sandbox, 'default')).toEqual(['before', 'second']);
  }, 60_000);
});

describeOnEmbedded('a store of before orgs had numbers of their own', ({ open }) => {
  it('keeps what was believed of each org, under different numbers', async () => {
    const older = await mkdtemp(join(tmpdir(), 'test-migrations-'));
    const dataDir = await mkdtemp(join(tmpdir(), 'test-switch-store-'));
    try {
      for (const name of (await readdir(MIGRATIONS)).filter((file) => file < '015'))
        await copyFile(join(MIGRATIONS, name), join(older, name));
      const before = await open({ dataDir, migrations: older });
      await before.query(
        `insert into org (id, login_url, client_id, created_at) values
           ('uat', '', '', '2026-02-01T00:00:00Z'), ('main', '', '', '2026-01-01T00:00:00Z')`,
      );
      for (const [team, org] of [
        ['first', 'main'],
        ['second', 'uat'],
      ]) {
        await before.query('insert into team (id, org_id, created_at) values ($1, $2, now())', [team, org]);
        await before.query(
          `insert into booking (id, team_id, source_id, root_key, revision, state, status, written, created_at, updated_at)
           values ($2, $1, 'cal', $1, 1, '{}', 'Scheduled', '{"generation": 1}', now(), now())`,
          [team, randomUUID()],
        );
        await before.query(`insert into customer (id, team_id, created_at) values ($1, $1, now())`, [team]);
        await before.query(
          `insert into customer_link (customer_id, org_id, generation, sobject, record_id, linked_at)
           values ($1, $2, 1, 'Lead', 'x', now())`,
          [team, org],
        );
      }
      await before.close();
      const store = await open({ dataDir });
      const { rows } = await store.query(
        `select t.id, o.generation, (b.written ->> 'generation')::integer as written, l.generation as linked
         from team t join org o on o.id = t.org_id join booking b on b.team_id = t.id
         join customer_link l on l.customer_id = t.id order by t.id`,
      );
      expect(rows).toEqual([
        { id: 'first', generation: 1, written: 1, linked: 1 },
        { id: 'second', generation: 2, written: 2, linked: 2 },
      ]);
      const { rows: next } = await store.query(
        `insert into org (id, login_url, client_id, created_at) values ('next', '', '', now()) returning generation`,
      );
      expect(next).toEqual([{ generation: 3 }]);
      await store.close();
    } finally {
      await Promise.all([older, dataDir].map((folder) => rm(folder, { recursive: true, force: true })));
    }
  }, 60_000);
});
