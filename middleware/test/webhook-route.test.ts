import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Delivery, DeliveryOutcome } from '../src/booking/delivery.store';
import { createMetrics } from '../src/http/metrics';
import { createServer } from '../src/http/server';
import { calcom, calcomSignature } from '../src/source/calcom';
import type { SourceKind } from '../src/source/source';
import { QueueFullError } from '../src/store/coalescer';
import { StoreError } from '../src/store/errors';
import { exampleBody } from './fixtures/source/build';

const SECRET = 'secret';
const BODY = exampleBody('calcom', 'BOOKING_CREATED');

/** A server whose store does what the test says. */
async function serve(
  save: (delivery: Delivery) => Promise<DeliveryOutcome>,
  { perMinute = 1_000, kind = calcom }: { perMinute?: number; kind?: SourceKind } = {},
) {
  const answered: unknown[] = [];
  const logged: object[] = [];
  const stopping = { now: false };
  const now = (): Date => new Date('2026-10-05T00:01:00.000Z');
  const app = createServer({
    findSource: (id) =>
      Promise.resolve(id === 'cal' ? { id, teamId: 'default', kind, secrets: ['old', SECRET] } : null),
    save,
    now,
    bodyLimitBytes: 100_000,
    perMinute,
    onAnswer: (_source, _kind, outcome) => void answered.push(outcome),
    metrics: createMetrics({
      readNotices: () => Promise.resolve([]),
      now,
      readWork: () =>
        Promise.resolve({
          pending: 3,
          oldestPendingAt: new Date('2026-10-05T00:00:00.000Z'),
          waiting: 1,
          unfolded: 2,
          oldestUnfoldedAt: new Date('2026-10-05T00:00:30.000Z'),
        }),
      countParked: () =>
        Promise.resolve([
          { code: 'REQUIRED_FIELD_MISSING', count: 4 },
          { code: 'a sentence of somebody', count: 1 },
        ]),
      readBudgets: () => Promise.reject(new Error('gone')),
      laneStates: () => ({ main: { state: 'held elsewhere', cause: null, remedy: null } }),
    }),
    log: { error: (fields) => void logged.push(fields) },
    pingStore: () => Promise.reject(new Error('gone')),
    laneStates: () => ({}),
    foldingFailsSince: () => new Date('2026-10-05T00:00:00.000Z'),
    isStopping: () => stopping.now,
  });
  const server = createHttpServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers = { 'x-cal-signature-256': calcomSignature(SECRET, BODY) };
  const send = (init: RequestInit = {}, path = '/webhooks/cal') =>
    fetch(`${url}${path}`, { method: 'POST', body: BODY, ...init, headers: { ...headers, ...init.headers } });
  return { url, send, logged, answered, stopping };
}

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

describe('POST /webhooks/{sourceId}', () => {
  it('hands on what it received, by any of the secrets, and answers when it is stored', async () => {
    const saved: Delivery[] = [];
    const { send, answered } = await serve((delivery) => {
      saved.push(delivery);
      return Promise.resolve('stored');
    });
    const response = await send();
    expect([response.status, await response.json()]).toEqual([202, { outcome: 'stored' }]);
    // What it says is read later: so long nobody counts it as understood.
    expect(saved).toMatchObject([{ sourceId: 'cal', teamId: 'default', understanding: null }]);
    expect(answered).toEqual([null]);
    expect(saved[0]?.rawBody.equals(BODY)).toBe(true);
  });

  it('reads at once, and says what was understood, where the kind asks for it', async () => {
    const saved: Delivery[] = [];
    const kind: SourceKind = { ...calcom, isReadAtOnce: true };
    const { send, answered } = await serve(
      (delivery) => {
        saved.push(delivery);
        return Promise.resolve('refused');
      },
      { kind },
    );
    expect(await (await send()).json()).toEqual({ outcome: 'refused' });
    expect(saved).toMatchObject([{ understanding: { events: [{ kind: 'scheduled' }] } }]);
    expect(answered).toEqual(['refused']);
  });

  it.each([
    ['the queue is full', () => new QueueFullError(2_000), 429, 'queue-full'],
    ['the store is busy', () => new StoreError('store-busy', 'No connection became free in time.'), 503, 'store-busy'],
    ['nobody expected it', () => new Error('secret detail'), 500, 'internal'],
  ])('tells the sender to come again when %s', async (_title, fault, status, code) => {
    const { send, logged } = await serve(() => Promise.reject(fault()));
    const response = await send();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    const problem = (await response.json()) as { code: string; detail: string };
    expect(problem.code).toBe(code);
    expect(problem.detail).not.toContain('secret detail');
    expect(logged).toHaveLength(status === 429 ? 0 : 1);
  });

  it('takes no compressed bodies: signatures are made over what is sent', async () => {
    const { send } = await serve(() => Promise.resolve('stored'));
    const response = await send({ body: gzipSync(BODY), headers: { 'content-encoding': 'gzip' } });
    expect(response.status).toBe(415);
  });

  it('answers a flood 429, and other sources as before', async () => {
    const { send } = await serve(() => Promise.resolve('stored'), { perMinute: 2 });
    const statuses = [(await send()).status, (await send()).status, (await send()).status];
    expect(statuses).toEqual([202, 202, 429]);
    expect((await send({}, '/webhooks/other')).status).toBe(404);
  });
});

describe('GET /readyz and /metrics', () => {
  it('is not ready while the store does not answer, and alive all the same', async () => {
    const { url } = await serve(() => Promise.resolve('stored'));
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { store: 'failed', folding: { state: 'failing', since: '2026-10-05T00:00:00.000Z' }, lanes: {} },
    ]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('tells how much is pending, and for how long', async () => {
    const { url } = await serve(() => Promise.resolve('stored'));
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('booking_connector_pending_bookings 3');
    expect(text).toContain('booking_connector_oldest_pending_seconds 60');
    expect(text).toContain('booking_connector_waiting_bookings 1');
    expect(text).toContain('booking_connector_unfolded_deliveries 2');
    expect(text).toContain('booking_connector_oldest_unfolded_seconds 30');
    expect(text).toContain('booking_connector_store_up 1');
    expect(text).toContain('lane_state{org="main",state="held_elsewhere"} 1');
    expect(text).toContain('lane_state{org="main",state="paused"} 0');
  });

  it('has a bounded label for codes that an org makes up', async () => {
    const { url } = await serve(() => Promise.resolve('stored'));
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('parked_bookings{code="REQUIRED_FIELD_MISSING"} 4');
    expect(text).toContain('parked_bookings{code="OTHER"} 1');
    expect(text).not.toContain('sentence');
  });

  it('turns requests away while it stops, and tells it', async () => {
    const { url, send, stopping } = await serve(() => Promise.resolve('stored'));
    stopping.now = true;
    const response = await send();
    expect([response.status, response.headers.get('retry-after'), response.headers.get('connection')]).toEqual([
      503,
      '5',
      'close',
    ]);
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ stopping: true });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
