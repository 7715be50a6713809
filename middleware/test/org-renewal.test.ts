import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../bench/support/until';
import type { CommandProcess } from '../bench/support/command-process';
import { openGate } from '../src/admin/admin';
import { readOpenNotices } from '../src/notice/notice.store';
import { ensureBuild } from './support/build';
import { startProcess } from './support/connector-process';
import { book, emulatorPost, eventsIn, setFault, signInByBrowser, startWorld, type World } from './support/connections';
import { describeOnEmbedded, describePostgres } from './support/postgres';
import { apiOf } from './support/visitor';

describePostgres('a session that two processes share', (database) => {
  let world: World;
  let other: { process: CommandProcess; url: string };
  let testInOther: () => Promise<{ tried: { isIn: boolean; said: string } }>;

  const startOther = async (): Promise<void> => {
    other = await startProcess(String(world.env['DATA_DIR']), world.env);
    const { token } = await apiOf(world.app);
    testInOther = async () => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${other.url}/api/v1/orgs/sandbox/test`, { method: 'POST', headers });
      return (await answer.json()) as { tried: { isIn: boolean; said: string } };
    };
  };
  const test = () => world.order('POST', '/orgs/sandbox/test');
  /** What is tried to be renewed by a process that is killed between Salesforce's answer and the store. */
  const killInRenewal = async (): Promise<void> => {
    const held = await setFault(world.emulator, { path: 'oauth2/token', times: 1 }, { hold: 'afterCommit' });
    await emulatorPost(world.emulator, '/end-sessions');
    const lost = testInOther().catch(() => null);
    await until('Salesforce to hold its answer', async () => ((await held.look()).held === 1 ? true : null));
    await other.process.kill();
    await held.release();
    await held.end();
    await lost;
    // As if the 45 seconds had passed for which the dead one has the right to renew.
    await world.app.admin.store.query('update org set renewing_until = now() where renewing_by is not null');
  };

  beforeAll(() => ensureBuild(), 120_000);
  beforeAll(async () => {
    world = await startWorld(database, { LANE_LEASE_MS: '1000' });
    await world.connect({ flow: 'authorizationCode', clientSecret: world.emulator.clientSecret });
    await signInByBrowser(world, 'sandbox');
    await openGate(world.app.admin, { backlog: true });
    await startOther();
  }, 90_000);
  afterAll(async () => {
    await other.process.kill();
    await world.stop();
  }, 30_000);

  it('is renewed by one of them at a time, with tokens that rotate', async () => {
    await emulatorPost(world.emulator, '/settings', { rotateRefreshTokens: true });
    const tokens = await setFault(world.emulator, { path: 'oauth2/token' }, { latencyMs: 100 });
    for (let round = 1; round <= 4; round += 1) {
      await emulatorPost(world.emulator, '/end-sessions');
      const tried = await Promise.all([test(), testInOther(), test(), testInOther()]);
      expect(tried.map((answer) => answer.tried?.isIn)).toEqual([true, true, true, true]);
      expect((await tokens.look()).strikes).toBe(round);
    }
    await tokens.end();
  }, 60_000);

  it('survives a kill between the answer and the store where tokens do not rotate', async () => {
    await emulatorPost(world.emulator, '/settings', { rotateRefreshTokens: false });
    await killInRenewal();
    expect((await test()).tried).toMatchObject({ isIn: true });
    expect(await readOpenNotices(world.app.admin.store)).toEqual([]);
    await startOther();
  }, 90_000);

  it('is told to be lost by it where they do, in words, and goes on when somebody signs in', async () => {
    await emulatorPost(world.emulator, '/settings', { rotateRefreshTokens: true });
    await killInRenewal();
    const { connection, tried } = await test();
    expect(tried).toMatchObject({
      isIn: false,
      said: expect.stringContaining('the connector was stopped or the answer of Salesforce was lost'),
      remedy: expect.stringContaining('Connect the org again'),
    });
    expect(connection.access).toMatchObject({ state: 'lost', code: 'RENEWAL_LOST' });
    await book(world.app, 'after-kill');
    expect(await readOpenNotices(world.app.admin.store)).toMatchObject([{ key: 'access:sandbox' }]);
    await signInByBrowser(world, 'sandbox');
    await until('the booking', async () => ((await eventsIn(world.emulator)).includes('cal:after-kill') ? true : null));
    expect(await readOpenNotices(world.app.admin.store)).toEqual([]);
  }, 90_000);
});

describeOnEmbedded('a connection that is revoked', (database) => {
  it('is told once; 500 bookings are accepted, wait, and are written once after somebody signed in again', async () => {
    const told: string[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        told.push((JSON.parse(body) as { type: string }).type);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const world = await startWorld(database, {
      NOTICE_WEBHOOK_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
      NOTICE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
    });
    const { app, emulator, order } = world;
    try {
      await world.connect({ flow: 'authorizationCode', clientSecret: emulator.clientSecret });
      await signInByBrowser(world, 'sandbox');
      await openGate(app.admin, { backlog: true });
      await book(app, 'first');
      await until('the first one', async () => ((await eventsIn(emulator)).length === 1 ? true : null));

      await emulatorPost(emulator, '/revoke-tokens');
      const uids = Array.from({ length: 500 }, (_, index) => `pending-${index}`);
      // `book` throws unless it is answered 202.
      for (let at = 0; at < uids.length; at += 50)
        await Promise.all(uids.slice(at, at + 50).map((uid) => book(app, uid)));
      await until('the loss', async () => ((await readOpenNotices(app.admin.store)).length === 1 ? true : null));
      expect((await order('GET', '/orgs/sandbox')) as unknown).toMatchObject({
        access: { state: 'lost', cause: expect.stringContaining('revoked'), remedy: 'Connect the org again.' },
      });
      await until('the message', () => Promise.resolve(told.length > 0 ? true : null));
      for (let time = 0; time < 3; time += 1) await order('POST', '/orgs/sandbox/test');
      expect(await eventsIn(emulator)).toHaveLength(1);

      await signInByBrowser(world, 'sandbox');
      await until('all of them', async () => ((await eventsIn(emulator)).length >= 501 ? true : null), {
        timeoutMs: 60_000,
      });
      const expected = ['first', ...uids].map((uid) => `cal:${uid}`).sort();
      expect((await eventsIn(emulator)).sort()).toEqual(expected);
      await until('the message that it is over', () => Promise.resolve(told.length > 1 ? true : null));
      expect(told).toEqual(['notice.raised', 'notice.ended']);
    } finally {
      await world.stop();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  }, 180_000);
});
