import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { openStore } from '../src/store/store';
import { ensureBuild } from './support/build';
import { prepareDataDir, sendBooking, startProcess, type DataDir } from './support/connector-process';
import { MIGRATIONS, SILENT } from './support/postgres';

/** So many send at once, each the next one when it is answered, until it is turned away. */
const SENDERS = 200;
/** Accepted webhooks before the signal: some senders are at their second one. */
const ACCEPTED = 300;

beforeAll(ensureBuild, 120_000);

describe('a connector that is stopped while webhooks arrive', () => {
  let place: DataDir;
  beforeAll(async () => {
    place = await prepareDataDir();
  }, 60_000);
  afterAll(() => place.remove());

  it('has everything that it answered 202, ends with 0, and turns the rest away', async () => {
    const { process, url } = await startProcess(place.dataDir);
    const accepted: string[] = [];
    const others: (number | 'closed')[] = [];
    let stoppedAt = 0;
    const send = async (sender: number): Promise<void> => {
      for (let index = 0; ; index += 1) {
        const uid = `stop-${sender}-${index}`;
        const response = await sendBooking(url, uid).catch(() => null);
        if (response?.status !== 202) {
          others.push(response?.status ?? 'closed');
          if (response?.status === 503) expect(response.headers.get('retry-after')).toBe('5');
          return;
        }
        accepted.push(uid);
        if (accepted.length === ACCEPTED) {
          stoppedAt = performance.now();
          process.signal('SIGTERM');
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
    expect(await process.ended()).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(25_000);
    expect(accepted.length).toBeGreaterThanOrEqual(ACCEPTED);
    expect(others).toHaveLength(SENDERS);
    expect(others.filter((one) => one !== 503 && one !== 'closed')).toEqual([]);

    const again = await startProcess(place.dataDir);
    await until('the rest to be folded', async () => {
      const text = await (await fetch(`${again.url}/metrics`)).text();
      return /^booking_connector_unfolded_deliveries 0$/m.test(text) || null;
    });
    again.process.signal('SIGTERM');
    expect(await again.process.ended()).toBe(0);

    const store = await openStore({ dataDir: place.dataDir, migrations: MIGRATIONS, log: SILENT });
    const { rows } = await store.query<{ root_key: string }>('select root_key from booking');
    await store.close();
    const booked = new Set(rows.map((row) => row.root_key));
    expect(accepted.filter((uid) => !booked.has(uid))).toEqual([]);
  }, 90_000);
});

describe('a connector that is stopped while Salesforce does not answer', () => {
  let emulator: Emulator;
  let place: DataDir;
  let env: Record<string, string>;
  beforeAll(async () => {
    emulator = await startEmulator({});
    env = {
      SALESFORCE_LOGIN_URL: emulator.url,
      SALESFORCE_CLIENT_ID: emulator.clientId,
      SALESFORCE_CLIENT_SECRET: emulator.clientSecret,
      SALESFORCE_ALLOW_LOOPBACK: 'true',
    };
    place = await prepareDataDir(env);
    await fetch(`${emulator.url}/__emulator__/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ match: { method: 'POST', path: '/composite$' }, effect: { hold: 'beforeCommit' } }),
    });
  }, 60_000);
  afterAll(async () => {
    await emulator.close();
    await place.remove();
  });

  /** Starts it, and waits until a call to Salesforce is under way. */
  const startHeld = async (uid: string, more: Record<string, string> = {}) => {
    await fetch(`${emulator.url}/__emulator__/calls`, { method: 'DELETE' });
    const started = await startProcess(place.dataDir, { ...env, ...more });
    expect((await sendBooking(started.url, uid)).status).toBe(202);
    await until('a call that is held', async () => {
      const { calls } = (await (await fetch(`${emulator.url}/__emulator__/calls`)).json()) as {
        calls: { path: string; state: string }[];
      };
      return calls.some(({ path, state }) => path.includes('/composite') && state === 'held') || null;
    });
    return started.process;
  };

  it('ends with 0 when its time is up', async () => {
    const process = await startHeld('late', { SHUTDOWN_SECONDS: '2' });
    const stoppedAt = performance.now();
    process.signal('SIGTERM');
    expect(await process.ended()).toBe(0);
    expect(performance.now() - stoppedAt).toBeGreaterThan(1_900);
    expect(performance.now() - stoppedAt).toBeLessThan(8_000);
    expect(process.said).toContain('Stopping took too long');
  }, 60_000);

  it('ends at once at the second signal, also when that is another one', async () => {
    const process = await startHeld('twice', { SHUTDOWN_SECONDS: '60' });
    process.signal('SIGTERM');
    await sleep(300);
    const askedAt = performance.now();
    process.signal('SIGINT');
    expect(await process.ended()).toBe(130);
    expect(performance.now() - askedAt).toBeLessThan(2_000);
  }, 60_000);
});
