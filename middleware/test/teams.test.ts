import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from 'org-emulator';
import { createToken } from '../src/admin/access';
import { closeGate, createSource, importSettings, openGate, type AdminDeps } from '../src/admin/admin';
import { carryOutCommand } from '../src/admin/orders/orders';
import { startApp, type App } from '../src/app';
import { readConfig } from '../src/config';
import { openState } from '../src/open-state';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import { calcomSignature } from '../src/source/calcom';
import { insertOrg } from '../src/connection/connection.store';
import { linkTeam, saveTeam } from '../src/sync/org.store';
import { startConnector, type Connector } from './support/connector';
import { orgActions } from './support/org-actions';
import { describeOnEmbedded, describeOnStores, SILENT } from './support/postgres';

const CREATED = readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json'), 'utf8');
const SECRET = 'a-secret-of-the-test';

/** A Cal.com body of one visitor, to come in 2030. */
function body(uid: string, email = `${uid}@example.test`): string {
  const told = JSON.parse(CREATED.replaceAll(/"(uid|rescheduleUid|iCalUID)":\s*"([^"]*)"/g, `"$1":"${uid}"`)) as {
    payload: Record<string, unknown> & { attendees: { email: string }[] };
  };
  const named = JSON.stringify(told).replaceAll(told.payload.attendees[0]?.email ?? '', email);
  const { payload, ...rest } = JSON.parse(named) as typeof told;
  const times = { startTime: '2030-03-01T04:30:00Z', endTime: '2030-03-01T05:00:00Z' };
  return JSON.stringify({ ...rest, payload: { ...payload, ...times, uid } });
}

async function send(app: App, source: string, text: string): Promise<void> {
  const response = await fetch(`${app.url}/webhooks/${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, text) },
    body: text,
  });
  expect(response.status).toBe(202);
}

const decided = (rules: Partial<Settings['rules']>): Settings => ({
  ...DEFAULT_SETTINGS,
  rules: { ...DEFAULT_SETTINGS.rules, ...rules },
});

describeOnStores('two teams on one org', (database) => {
  let connector: Connector;
  let sales: AdminDeps;

  beforeAll(async () => {
    connector = await startConnector(database);
    const { admin } = connector.app;
    await carryOutCommand(admin, { order: 'createTeam', args: { id: 'sales' } });
    sales = { ...admin, teamId: 'sales' };
    const fallbackOwner = connector.emulator.username;
    await createSource(sales, { id: 'sales-cal', kind: 'calcom', secret: SECRET });
    await createSource(admin, { id: 'first-cal', kind: 'calcom', secret: SECRET });
    const document = decided({ fallbackOwner, unknownCustomer: 'Contact' });
    await importSettings(sales, { document, author: 'test' });
  }, 60_000);
  afterAll(() => connector.stop());

  const ask = <T>(order: string, args: object, team: string): Promise<T> =>
    carryOutCommand(connector.app.admin, { order, args, team }) as Promise<T>;

  it('write by the settings of each, in one lane, with the calls of one batch', async () => {
    await closeGate(sales);
    await Promise.all([
      send(connector.app, 'first-cal', body('of-first')),
      send(connector.app, 'sales-cal', body('of-sales')),
    ]);
    await connector.folded();
    await connector.resetCalls();
    await openGate(sales, { backlog: true });
    await connector.idle();
    // One read and one write for the bookings of both.
    expect((await connector.calls()).apiCalls).toBe(2);
    expect(await connector.query(`SELECT Id FROM Lead WHERE Email = 'of-first@example.test'`)).toHaveLength(1);
    expect(await connector.query(`SELECT Id FROM Contact WHERE Email = 'of-sales@example.test'`)).toHaveLength(1);
    expect(await connector.query(`SELECT Id FROM Contact WHERE Email = 'of-first@example.test'`)).toHaveLength(0);
    expect(await connector.query(`SELECT Id FROM Lead WHERE Email = 'of-sales@example.test'`)).toHaveLength(0);
    expect(Object.keys(connector.app.admin.laneStates())).toEqual(['main']);
    const { rows } = await connector.app.admin.store.query('select distinct org_id from api_calls');
    expect(rows).toEqual([{ org_id: 'main' }]);
  });

  it('know a customer each for themselves, even by the same address', async () => {
    await send(connector.app, 'first-cal', body('shared-1', 'shared@example.test'));
    await connector.idle();
    await send(connector.app, 'sales-cal', body('shared-2', 'shared@example.test'));
    await connector.idle();
    const { rows } = await connector.app.admin.store.query<{ team_id: string; customer_id: string }>(
      `select team_id, customer_id from customer_identity where value = 'shared@example.test' order by team_id`,
    );
    expect(rows.map(({ team_id: team }) => team)).toEqual(['default', 'sales']);
    expect(new Set(rows.map(({ customer_id: id }) => id)).size).toBe(2);
  });

  it('see nothing of one another: bookings, sources, settings, problems, deliveries, budget', async () => {
    const { store } = connector.app.admin;
    await store.query(
      `update booking set parts = jsonb_build_object('event', '{"state":"parked","class":"booking","code":"X","cause":"c","remedy":"r","sobject":null,"fields":[]}'::jsonb)
       where root_key = 'of-first'`,
    );
    const answered = await fetch(`${connector.app.url}/webhooks/first-cal`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-cal-signature-256': calcomSignature(SECRET, '{"triggerEvent":"BOOKING_CREATED"}'),
      },
      body: '{"triggerEvent":"BOOKING_CREATED"}',
    });
    expect(answered.status).toBe(202);
    // What it says is read after the answer.
    await connector.folded();
    const first = await ask<{ parked: object[]; refused: { count: number }; sources: object[] }>(
      'status',
      {},
      'default',
    );
    expect(first).toMatchObject({ parked: [{ rootKey: 'of-first' }], refused: { count: 1 } });
    expect(await ask('status', {}, 'sales')).toMatchObject({
      parked: [],
      refused: { count: 0 },
      sources: [{ id: 'sales-cal' }],
      orgs: [{ id: 'main' }],
    });
    await connector.app.admin.store.query(`insert into team (id, created_at) values ('third', now())`);
    expect(await ask('listConnections', {}, 'third')).toMatchObject({ connections: [] });
    await connector.app.admin.store.query(`delete from team where id = 'third'`);
    expect(await ask('listProblems', {}, 'sales')).toEqual({ problems: [] });
    expect(await ask('listRefused', {}, 'sales')).toMatchObject({ count: 0, deliveries: [] });
    expect(await ask('listSources', {}, 'sales')).toMatchObject({ sources: [{ id: 'sales-cal' }] });
    expect(await ask('exportSettings', {}, 'sales')).toMatchObject({
      version: 1,
      settings: { rules: { unknownCustomer: 'Contact' } },
    });
    const { bookings } = await ask<{ bookings: { id: string; sourceId: string }[] }>('listBookings', {}, 'default');
    const { bookings: ofSales } = await ask<typeof first & { bookings: { sourceId: string }[] }>(
      'listBookings',
      {},
      'sales',
    );
    expect(new Set(ofSales.map(({ sourceId }) => sourceId))).toEqual(new Set(['sales-cal']));
    const own = bookings.find(({ sourceId }) => sourceId === 'first-cal');
    await expect(ask('readBooking', { id: own?.id }, 'sales')).rejects.toThrow('no booking');
    await expect(ask('getSource', { id: 'first-cal' }, 'sales')).rejects.toThrow('no source');
    await expect(ask('rotateSource', { id: 'first-cal', finish: false }, 'sales')).rejects.toThrow('no source');
    await expect(ask('dryRunBody', { source: 'first-cal', body: body('x') }, 'sales')).rejects.toThrow('no source');
    const [refused] = (await ask<{ deliveries: { id: string }[] }>('listRefused', {}, 'default')).deliveries;
    await expect(ask('replayDelivery', { id: refused?.id }, 'sales')).rejects.toThrow('not refused');
    expect(await ask('retry', { bookingId: null }, 'sales')).toMatchObject({ retried: 0, replayed: { refused: 0 } });
    expect(await ask('retry', { bookingId: null }, 'default')).toMatchObject({ retried: 1, replayed: { refused: 1 } });
  });

  it('are kept apart by the token of a program too', async () => {
    const { token } = await createToken(connector.app.admin, { name: 'crm', role: 'owner' }, { teamId: 'sales' });
    const get = async (path: string) => {
      const response = await fetch(`${connector.app.url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    expect(await get('/sources')).toMatchObject({ body: { sources: [{ id: 'sales-cal' }] } });
    expect((await get('/sources/first-cal')).status).toBe(404);
    expect((await get('/teams')).status).toBe(403);
  });

  it('are named at the command line, and one that is not there is refused', async () => {
    expect(await ask('listTeams', {}, 'default')).toEqual({
      teams: [
        { id: 'default', orgId: 'main' },
        { id: 'sales', orgId: 'main' },
      ],
    });
    await expect(ask('status', {}, 'nobody')).rejects.toThrow('There is no team "nobody"');
    await expect(ask('createTeam', { id: 'sales' }, 'default')).rejects.toThrow('already');
  });
});

describeOnEmbedded('two orgs in one process', (database) => {
  let orgs: [Emulator, Emulator];
  let app: App;
  let folder: string;

  beforeAll(async () => {
    const deployDir = join(__dirname, '../../force-app');
    orgs = [await startEmulator({ deployDir }), await startEmulator({ deployDir })];
    folder = await mkdtemp(join(tmpdir(), 'test-orgs-'));
    const place = await database.create();
    const config = readConfig({
      PORT: '0',
      DATA_DIR: 'dataDir' in place ? place.dataDir : join(folder, 'data'),
      SALESFORCE_LOGIN_URL: orgs[0].url,
      SALESFORCE_CLIENT_ID: orgs[0].clientId,
      SALESFORCE_CLIENT_SECRET: orgs[0].clientSecret,
      SALESFORCE_ALLOW_LOOPBACK: 'true',
      WEBHOOKS_PER_MINUTE: '100000',
    });
    const { store, secrets } = await openState(config, SILENT);
    const [, { url: loginUrl, clientId, clientSecret }] = orgs;
    const clientSecretSealed = secrets.seal(clientSecret, 'org:second');
    await insertOrg(
      store,
      {
        ...{ id: 'second', fromEnvironment: false, flow: 'clientCredentials', loginUrl, clientId, clientSecretSealed },
        ...{ username: null, privateKeySealed: null, certificate: null },
      },
      new Date(),
    );
    await saveTeam(store, 'sales', new Date());
    await linkTeam(store, 'sales', 'second');
    await store.close();
    app = await startApp(config, SILENT);
    for (const [index, teamId] of ['default', 'sales'].entries()) {
      const admin = { ...app.admin, teamId };
      await createSource(admin, { id: `cal-${teamId}`, kind: 'calcom', secret: SECRET });
      const document = decided({ fallbackOwner: orgs[index]?.username ?? null });
      await importSettings(admin, { document, author: 'test' });
      await openGate(admin, { backlog: true });
    }
  }, 60_000);
  afterAll(async () => {
    await app.stop();
    for (const org of orgs) await org.close();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (index: 0 | 1) => orgActions({ emulator: orgs[index] });
  const eventsOf = async (index: 0 | 1, prefix: string): Promise<number> => {
    const soql = `SELECT Id FROM Event WHERE Booking_Id__c LIKE '%:${prefix}%'`;
    const { records } = await at(index).request('GET', `/services/data/v67.0/query?q=${encodeURIComponent(soql)}`);
    return (records as object[]).length;
  };
  const until = async (isSo: () => Promise<boolean>, ms: number): Promise<number> => {
    const began = performance.now();
    while (!(await isSo())) {
      if (performance.now() - began > ms) throw new Error(`That did not come true within ${ms} ms.`);
      await sleep(20);
    }
    return performance.now() - began;
  };
  /** How long the second org takes to get this many bookings, in milliseconds. */
  const paceOfSecond = async (prefix: string, count: number): Promise<number> => {
    for (let each = 0; each < count; each++) await send(app, 'cal-sales', body(`${prefix}-${each}`));
    return until(async () => (await eventsOf(1, prefix)) === count, 10_000);
  };

  it.each([
    ['hangs', { hold: 'beforeCommit' }],
    ['answers 503', { error: { status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'Server Unavailable' } }],
  ])(
    'one that %s slows the other in nothing, and gets its own when it is back',
    async (title, effect) => {
      const prefix = title.replaceAll(' ', '-');
      await send(app, 'cal-default', body(`${prefix}-warm`));
      await until(async () => (await eventsOf(0, `${prefix}-warm`)) === 1, 10_000);
      const alone = await paceOfSecond(`${prefix}-alone`, 30);

      const fault = await at(0).fault({ match: { path: '/composite' }, effect });
      for (let each = 0; each < 30; each++) await send(app, 'cal-default', body(`${prefix}-main-${each}`));
      const beside = await paceOfSecond(`${prefix}-beside`, 30);
      expect(await eventsOf(0, `${prefix}-main`)).toBe(0);
      // Its pace is its own: no time-out and no pause of the other org is in it.
      expect(beside).toBeLessThan(alone + 2_000);

      await at(0).request('DELETE', `/__emulator__/faults/${fault}`);
      await openGate(app.admin, { backlog: true });
      await until(async () => (await eventsOf(0, `${prefix}-main`)) === 30, 20_000);
    },
    60_000,
  );

  it('a flood for one leaves the other its pace', async () => {
    const alone = await paceOfSecond('calm', 5);
    const slow = await at(0).fault({ match: { path: '/composite' }, effect: { latencyMs: 1_000 } });
    const flood = Array.from({ length: 600 }, (_, each) => send(app, 'cal-default', body(`flood-${each}`)));
    await Promise.all(flood);
    const beside = await paceOfSecond('in-flood', 5);
    expect(await eventsOf(0, 'flood')).toBeLessThan(600);
    expect(beside).toBeLessThan(alone + 2_000);
    await at(0).request('DELETE', `/__emulator__/faults/${slow}`);
    await until(async () => (await eventsOf(0, 'flood')) === 600, 30_000);
  }, 60_000);

  it('write nothing of the other’s', async () => {
    expect(await eventsOf(0, 'calm')).toBe(0);
    expect(await eventsOf(1, 'flood')).toBe(0);
  });
});
