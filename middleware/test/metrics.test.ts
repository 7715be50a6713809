import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../bench/support/until';
import { createLagReader } from '../src/booking/lag.store';
import { countParked, readWork } from '../src/booking/work.store';
import { retry } from '../src/admin/admin';
import { endNotice, raiseNotice } from '../src/notice/notice.store';
import { startConnector, type Connector } from './support/connector';
import { describeOnStores } from './support/postgres';

const MAIN = { orgId: 'main', lane: 0, lanes: 1 };

describeOnStores('the metrics of a connector', (database) => {
  let connector: Connector;
  beforeAll(async () => {
    connector = await startConnector(database);
  }, 60_000);
  afterAll(() => connector.stop());

  const metrics = async (): Promise<string> => (await fetch(`${connector.app.url}/metrics`)).text();
  const value = (text: string, series: string): number | null => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? null : Number(line.slice(series.length + 1));
  };
  const book = async (uid: string): Promise<void> => {
    const path = join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json');
    const body = JSON.parse(readFileSync(path, 'utf8')) as { payload: object };
    await connector.sendCalcom({ ...body, payload: { ...body.payload, uid } });
    await connector.idle();
  };

  it('time a booking from its webhook to its Event', async () => {
    await book('timed');
    const lag = 'booking_connector_written_lag_seconds';
    const text = await until('the lag', async () => {
      const now = await metrics();
      return value(now, `${lag}_count{org="main"}`) === 1 ? now : null;
    });
    expect(value(text, `${lag}_sum{org="main"}`)).toBeGreaterThan(0);
    expect(value(text, `${lag}_sum{org="main"}`)).toBeLessThan(20);
    expect(value(text, 'booking_connector_webhook_seconds_count{kind="calcom"}')).toBe(1);
    expect(value(text, 'booking_connector_fold_lag_seconds_count')).toBe(1);
    expect(value(text, 'booking_connector_turn_seconds_count{org="main"}')).toBe(1);
    const calls = (purpose: string) => `{org="main",purpose="${purpose}"}`;
    expect(value(text, `booking_connector_salesforce_api_call_seconds_count${calls('write')}`)).toBe(1);
    expect(value(text, `booking_connector_salesforce_api_calls_total${calls('write')}`)).toBe(1);
    expect(value(text, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(value(text, 'booking_connector_store_up')).toBe(1);
  });

  it('count a revision once, and none that a human had to help first', async () => {
    const { store } = connector.app.admin;
    const [start] = [new Date(0)];
    const readLags = createLagReader(store);
    expect(await readLags(MAIN, start)).toHaveLength(1);
    expect(await readLags(MAIN, start)).toEqual([]);
    // Another lane of two has none of them; what is written again under the same revision does not count.
    expect(await createLagReader(store)({ ...MAIN, orgId: 'other' }, start)).toEqual([]);
    await store.query(`insert into booking_log (booking_id, revision, settings_version, at, steps, parts)
                       select booking_id, revision, settings_version, now(), steps, parts from booking_log`);
    expect(await readLags(MAIN, start)).toEqual([]);
    expect(await createLagReader(store)(MAIN, start)).toHaveLength(1);
  });

  it('show what waits for a human by its code, until it is tried again', async () => {
    const fault = { rowError: { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.' } };
    await fetch(`${connector.emulator.url}/__emulator__/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ match: { path: '/composite' }, effect: fault }),
    });
    await book('parked');
    const series = 'booking_connector_parked_bookings{code="FIELD_CUSTOM_VALIDATION_EXCEPTION"}';
    expect(value(await metrics(), series)).toBe(1);
    const { store } = connector.app.admin;
    expect(await countParked(store, 30)).toEqual([{ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', count: 1 }]);
    await fetch(`${connector.emulator.url}/__emulator__/faults`, { method: 'DELETE' });
    await retry(connector.app.admin, { bookingId: null });
    await connector.idle();
    expect(value(await metrics(), series)).toBeNull();
    expect(await countParked(store, 30)).toEqual([]);
  });

  it('show the notices that are open, and count those that were told', async () => {
    const { store, now } = connector.app.admin;
    const notice = { key: 'test:main', orgId: 'main', severity: 'warning', what: 'Look.', remedy: 'Act.' } as const;
    await raiseNotice(store, notice, now());
    const open = 'booking_connector_open_notices{kind="test",severity="warning"}';
    expect(value(await metrics(), open)).toBe(1);
    const told = 'booking_connector_notices_total{channel="log",outcome="sent"}';
    await until('the notice in the log', async () => (value(await metrics(), told) === 1 ? true : null));
    await endNotice(store, notice.key, now());
    expect(value(await metrics(), open)).toBeNull();
  });

  it('tell the bookings that are tried again later from those that are due', async () => {
    const { store } = connector.app.admin;
    const now = new Date();
    await store.query('update booking set due_at = $1', [new Date(now.getTime() + 3_600_000).toISOString()]);
    expect(await readWork(store, now)).toMatchObject({ pending: 2, waiting: 2, unfolded: 0, oldestUnfoldedAt: null });
    await store.query('update booking set due_at = null');
  });
});
