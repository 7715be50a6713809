import { startEmulator, type Emulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { openGate, readStatus } from '../src/admin/admin';
import type { Comparison } from '../src/admin/compare-org';
import type { Switched } from '../src/admin/switch-org';
import { readOpenNotices } from '../src/notice/notice.store';
import { allow, FORCE_APP } from './support/connections';
import { describeOnEmbedded } from './support/postgres';
import { apiOf, signIn } from './support/visitor';
import { eventsOf, idsOf, TO_COME, World } from './support/two-orgs';

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
