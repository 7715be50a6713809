import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultInput } from 'org-emulator';
import { readStatus } from '../src/admin/admin';
import { readBudgets, setBudget, type OrgBudget } from '../src/admin/budget';
import { calcomBooking } from './support/calcom-booking';
import { startConnector, type Connector } from './support/connector';
import { describeOnStores } from './support/postgres';

describeOnStores('the API budget of an org', (database) => {
  let connector: Connector;

  beforeEach(async () => {
    connector = await startConnector(database);
  }, 60_000);
  afterEach(() => connector.stop());

  const control = (path: string): string => `${connector.emulator.url}/__emulator__/${path}`;
  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(control(path), { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as { id: string };
  };
  const orgAllows = (settings: { dailyApiRequests?: number; limitNoise?: number }) => post('settings', settings);
  /** The emulator's own count of calls, and what it refused. */
  const apiCalls = async (): Promise<number> => (await connector.calls()).apiCalls;
  const requests = async (): Promise<number> =>
    (await connector.calls()).calls.filter(({ path }) => path.endsWith('/composite')).length;
  const send = async (visitor: string): Promise<void> => {
    expect((await connector.sendCalcom(calcomBooking(visitor))).status).toBe(202);
  };
  const events = (): number => {
    const { org } = connector.emulator;
    return [...org.store.table(org.object('Event')).all()].length;
  };
  const budget = async (): Promise<OrgBudget> => {
    const [one] = await readBudgets(connector.app.admin, {});
    if (one === undefined) throw new Error('No org');
    return one;
  };
  const lane = () => connector.app.admin.laneStates()['main'];
  const until = async (what: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> => {
    for (const end = Date.now() + withinMs; !(await what()); await sleep(10)) {
      if (Date.now() > end) throw new Error(`Not within ${withinMs} ms; the lane is ${JSON.stringify(lane())}.`);
    }
  };

  /** Waits until nothing is pending and the last turn is recorded. */
  const rested = async (): Promise<void> => {
    await connector.idle();
    await until(() => lane()?.state === 'idle');
  };

  it('counts own calls exactly, by purpose and hour, beside a noisy gauge', async () => {
    await orgAllows({ limitNoise: 8 });
    for (const visitor of ['a', 'b', 'c', 'd', 'e']) {
      await send(visitor);
      await connector.idle();
    }
    await rested();
    const { calls, gauge, overviewUrl, left } = await budget();
    // The settings were checked against the org when they were saved: one more describe, and a look for the owner.
    expect(calls.byPurpose).toEqual({ describe: 2, other: 1, read: 5, write: 5 });
    expect(calls.total).toBe(await apiCalls());
    expect(calls.perHour.reduce((sum, hour) => sum + hour.calls, 0)).toBe(13);
    expect(gauge?.max).toBe(15_000);
    expect(Math.abs((gauge?.used ?? -100) - 13)).toBeLessThanOrEqual(11);
    expect(Math.abs((left ?? 0) - (12_000 - (gauge?.used ?? 0)))).toBeLessThanOrEqual(1);
    expect(overviewUrl).toBe(`${connector.emulator.url}/lightning/setup/SystemOverview/home`);
    const status = await readStatus(connector.app.admin);
    expect(status.orgs[0]?.budget.calls).toEqual(calls);

    const metrics = await (await fetch(`${connector.app.url}/metrics`)).text();
    expect(metrics).toContain('booking_connector_salesforce_api_calls_total{org="main",purpose="read"} 5');
    expect(metrics).toContain(`booking_connector_salesforce_api_calls_left{org="main"} ${left}`);
    expect(metrics).toContain('booking_connector_salesforce_api_calls_allowance{org="main"} 15000');
  });

  it('writes one booking at once when idle and calls are plenty', async () => {
    await send('first');
    await rested();
    const startedAt = Date.now();
    await send('second');
    await until(() => events() === 2);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  it('stops at a cap of ten calls, and goes on when the cap is raised', async () => {
    await setBudget(connector.app.admin, { dailyCap: 10 });
    for (let count = 0; count < 20 && lane()?.state !== 'paused'; count += 1) {
      const written = events();
      await send(`capped${count}`);
      // With few calls left bookings wait for company; an order of the admin's ends that wait.
      await until(() => {
        if (lane()?.state === 'saving') connector.app.admin.wake();
        return events() > written || lane()?.state === 'paused';
      });
    }
    expect(lane()).toMatchObject({ state: 'paused', cause: expect.stringContaining('as you allow it') });
    expect(await apiCalls()).toBeLessThanOrEqual(10);
    expect(await apiCalls()).toBeGreaterThanOrEqual(9);
    // Neither a delivery nor an order gets past the cap.
    await send('late');
    connector.app.admin.wake();
    await sleep(500);
    expect(await apiCalls()).toBeLessThanOrEqual(10);
    await setBudget(connector.app.admin, { dailyCap: null });
    await rested();
    expect((await budget()).calls.total).toBe(await apiCalls());
  });

  it('leaves the reserve to others, tries when it is asked to, and goes on when there is room', async () => {
    await send('before');
    await connector.idle();
    await orgAllows({ dailyApiRequests: 8 });
    await setBudget(connector.app.admin, { reservePercent: 50 });
    // This turn shows that 7 of 8 calls are used: saving the settings took two.
    await send('shows');
    await until(() => {
      if (lane()?.state === 'saving') connector.app.admin.wake();
      return events() === 2;
    });
    const used = await requests();
    await send('waits');
    await until(() => lane()?.state === 'paused');
    expect(lane()?.cause).toContain('reserve');
    expect((await budget()).nextProbeAt?.getTime()).toBeGreaterThan(Date.now() + 3 * 60_000);
    await send('waits-too');
    await sleep(500);
    expect(await requests()).toBe(used);
    await orgAllows({ dailyApiRequests: 15_000 });
    connector.app.admin.wake();
    await rested();
    expect(events()).toBe(4);
    expect((await budget()).calls.byPurpose['probe']).toBe(2);
  });

  it('pauses when the org refuses for its allowance: deliveries do not wake it, an admin does', async () => {
    await send('before');
    await connector.idle();
    const fault: FaultInput = { match: { path: '/composite$', times: 1 }, effect: { spendAllowance: true } };
    await post('faults', fault);
    await send('refused');
    await until(() => lane()?.state === 'paused');
    expect(lane()?.cause).toContain('used up its API calls');
    const tried = await requests();
    for (const visitor of ['x', 'y', 'z']) await send(visitor);
    await sleep(500);
    expect(await requests()).toBe(tried);
    // Still spent: one try, and no more.
    connector.app.admin.wake();
    await until(async () => (await requests()) === tried + 1);
    await until(() => lane()?.state === 'paused');
    await sleep(300);
    expect(await requests()).toBe(tried + 1);
    // The allowance is back; another order of the admin's finds that out.
    await connector.resetCalls();
    connector.app.admin.wake();
    await connector.idle();
    expect(events()).toBe(5);
    // What follows a try that showed room goes at once.
    await send('after');
    await until(() => events() === 6, 3_000);
    expect((await budget()).nextProbeAt).toBeNull();
  });

  it('goes on by itself when another lane or instance has seen room', async () => {
    await send('before');
    await connector.idle();
    await post('faults', { match: { path: '/composite$', times: 1 }, effect: { spendAllowance: true } });
    await send('refused');
    await until(async () => (await budget()).nextProbeAt !== null);
    await connector.resetCalls();
    // As the other lane records it after its try.
    await connector.app.admin.store.query(`update api_budget set used = 1, seen_at = now() + interval '1 second'`);
    connector.app.admin.wake();
    await connector.idle();
    expect(events()).toBe(2);
  });

  it('sends smaller batches to an org that could not bear one', async () => {
    const { store } = connector.app.admin;
    await send('before');
    await connector.idle();
    // The read goes through, the rows of the write are locked.
    await post('faults', { match: { path: '/composite$', nth: 2 }, effect: { rowLock: true } });
    await send('too-much');
    await rested();
    // Halved once, and raised by a tenth for the clean turn after it.
    expect((await store.query('select batch_limit from api_budget')).rows).toEqual([{ batch_limit: 110 }]);
    expect((await budget()).batchLimit).toBe(110);
  });
});
