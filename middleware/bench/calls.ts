/**
 * Salesforce API calls per booking, counted by the emulator, for batches of 1, 10 and 200.
 *
 *   npm run -s bench:calls [-- --check]
 *
 * Prints one JSON line last. With --check the exit code is 1 when a target is missed. Bookings travel the whole way:
 * signed webhooks over HTTP, the embedded store on disk, the loop, the emulator. A batch is formed by closing the start
 * gate, sending, and opening it again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import pino from 'pino';
import { closeGate, createSource, importSettings, openGate, readStatus } from '../src/admin/admin';
import { startApp, type App } from '../src/app';
import { readConfig, type Config } from '../src/config';
import { DEFAULT_SETTINGS } from '../src/settings/settings';
import { calcomSignature } from '../src/source/calcom';

const SECRET = 'bench-secret';
const FORCE_APP = join(__dirname, '../../force-app');
const BATCHES = [1, 10, 200];

const TARGETS: Record<string, Record<string, number>> = {
  new: { 1: 2, 10: 0.2, 200: 0.01 },
  known: { 1: 2, 10: 0.2, 200: 0.01 },
  reschedule: { 1: 1, 10: 0.1, 200: 0.005 },
  cancel: { 1: 1, 10: 0.1, 200: 0.005 },
};

interface Bench {
  app: App;
  emulator: Emulator;
  config: Config;
}

/** What a visitor does, as Cal.com tells it. */
interface Act {
  visitor: string;
  /** Which of the visitor's bookings. */
  booking?: string;
  trigger?: 'BOOKING_CREATED' | 'BOOKING_RESCHEDULED' | 'BOOKING_CANCELLED';
  host?: string;
  email?: string;
  recordId?: string;
}

function body({ visitor, booking = 'first', trigger = 'BOOKING_CREATED', host, email, recordId }: Act): string {
  const uid = `${visitor}-${booking}`;
  const moved = trigger === 'BOOKING_CREATED' ? '' : '-moved';
  const day = moved === '' ? '2027-03-01' : '2027-03-02';
  const name = `Visitor ${visitor}`;
  const address = email ?? `${visitor}@example.test`;
  const answer = (label: string, value: unknown): object => ({ label, value, isHidden: false });
  return JSON.stringify({
    triggerEvent: trigger,
    createdAt:
      trigger === 'BOOKING_CREATED'
        ? '2027-01-01T00:00:00.000Z'
        : trigger === 'BOOKING_RESCHEDULED'
          ? '2027-01-02T00:00:00.000Z'
          : '2027-01-03T00:00:00.000Z',
    payload: {
      type: 'product-demo',
      title: `Product demo with ${name}`,
      startTime: `${day}T04:30:00Z`,
      endTime: `${day}T05:00:00Z`,
      eventTypeId: 7,
      eventTitle: 'Product demo',
      organizer: {
        id: 11,
        name: 'Host',
        email: host ?? 'nobody@example.com',
        timeZone: 'UTC',
        language: { locale: 'en' },
      },
      attendees: [{ name, email: address, timeZone: 'UTC', language: { locale: 'en' } }],
      responses: {
        name: answer('your_name', name),
        email: answer('email_address', address),
        company: answer('Company', 'Example Offices KK'),
        rescheduleReason: answer('reason', moved === '' ? '' : 'Need a later day'),
        ...(recordId === undefined ? {} : { salesforceId: answer('Salesforce id', recordId) }),
      },
      uid: `${uid}${moved}`,
      bookingId: 1,
      status: 'ACCEPTED',
      length: 30,
      ...(trigger === 'BOOKING_RESCHEDULED' ? { rescheduleUid: uid } : {}),
      ...(trigger === 'BOOKING_CANCELLED' ? { cancellationReason: 'No longer needed' } : {}),
    },
  });
}

/** Sends a batch behind the closed gate, opens it, and counts what it takes until nothing is pending. */
async function countCalls({ app, emulator }: Bench, acts: Act[], parked = 0): Promise<number> {
  await closeGate(app.admin);
  await Promise.all(
    acts.map(async (act) => {
      const text = body(act);
      const headers = { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, text) };
      const response = await fetch(`${app.url}/webhooks/cal`, { method: 'POST', headers, body: text });
      const { outcome } = (await response.json()) as { outcome?: string };
      if (response.status !== 202 || outcome !== 'stored')
        throw new Error(`A delivery came to ${response.status} ${outcome}.`);
    }),
  );
  await fetch(`${emulator.url}/__emulator__/calls`, { method: 'DELETE' });
  await openGate(app.admin, { backlog: true });
  const status = await untilDone(app);
  if (status.parked.length !== parked) {
    throw new Error(
      `Expected ${parked} parked parts, got ${status.parked.length}: ${status.parked[0]?.outcome.cause ?? ''}`,
    );
  }
  const answer = (await (await fetch(`${emulator.url}/__emulator__/calls`)).json()) as { apiCalls: number };
  return Math.round((answer.apiCalls / acts.length) * 10_000) / 10_000;
}

async function untilDone(app: App): ReturnType<typeof readStatus> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const status = await readStatus(app.admin);
    if (status.pending === 0) return status;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('Bookings are still pending after a minute.');
}

async function countEvents({ emulator }: Bench): Promise<number> {
  const url = `${emulator.url}/services/data/v67.0/query?q=${encodeURIComponent('SELECT COUNT() FROM Event')}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${emulator.accessToken}` } });
  return ((await response.json()) as { totalSize: number }).totalSize;
}

async function createRecords({ emulator }: Bench, sobject: string, rows: object[]): Promise<string[]> {
  const response = await fetch(`${emulator.url}/services/data/v67.0/composite/sobjects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${emulator.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ records: rows.map((row) => ({ attributes: { type: sobject }, ...row })) }),
  });
  const results = (await response.json()) as { id?: string; errors?: unknown }[];
  return results.map(({ id, errors }) => {
    if (id === undefined) throw new Error(`A ${sobject} was refused: ${JSON.stringify(errors)}`);
    return id;
  });
}

/** Bookings whose links lead to Leads, Contacts, Accounts, Opportunities and Cases, held by real users: six kinds to read. */
async function actsOfSixKinds(bench: Bench): Promise<Act[]> {
  const name = (index: number): string => `kinds${index}`;
  const ids = [
    await createRecords(
      bench,
      'Lead',
      range(40).map((index) => ({ LastName: name(index), Company: 'x' })),
    ),
    await createRecords(
      bench,
      'Contact',
      range(40).map((index) => ({ LastName: name(index + 40) })),
    ),
    await createRecords(
      bench,
      'Account',
      range(40).map((index) => ({ Name: name(index + 80) })),
    ),
    await createRecords(
      bench,
      'Opportunity',
      range(40).map((index) => ({ Name: name(index + 120), StageName: 'Prospecting', CloseDate: '2027-12-31' })),
    ),
    await createRecords(
      bench,
      'Case',
      range(40).map((index) => ({ Subject: name(index + 160) })),
    ),
  ].flat();
  return ids.map((recordId, index) => ({ visitor: name(index), recordId, host: `new.host${index % 5}@example.com` }));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function start(emulator: Emulator, dataDir: string): Promise<Bench> {
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    SALESFORCE_LOGIN_URL: emulator.url,
    SALESFORCE_CLIENT_ID: emulator.clientId,
    SALESFORCE_CLIENT_SECRET: emulator.clientSecret,
    SALESFORCE_ALLOW_LOOPBACK: 'true',
  });
  return { app: await startApp(config, pino({ level: 'silent' })), emulator, config };
}

async function measure(bench: Bench, restart: () => Promise<Bench>): Promise<Record<string, Record<string, number>>> {
  const { app, emulator } = bench;
  await createSource(app.admin, { id: 'cal', kind: 'calcom', secret: SECRET });
  const document = { ...DEFAULT_SETTINGS, rules: { ...DEFAULT_SETTINGS.rules, fallbackOwner: emulator.username } };
  await importSettings(app.admin, { document, author: 'bench' });
  await openGate(app.admin, { backlog: true });
  await countCalls(bench, [{ visitor: 'warm-up' }]);

  const result: Record<string, Record<string, number>> = {};
  const steps: [string, Partial<Act>][] = [
    ['new', {}],
    ['known', { booking: 'second' }],
    ['reschedule', { trigger: 'BOOKING_RESCHEDULED' }],
    ['cancel', { trigger: 'BOOKING_CANCELLED' }],
  ];
  for (const [name, more] of steps) {
    result[name] = {};
    for (const size of BATCHES) {
      result[name][size] = await countCalls(
        bench,
        range(size).map((index) => ({ visitor: `b${size}n${index}`, ...more })),
      );
    }
  }
  const expected = 1 + 2 * (1 + 10 + 200);
  if ((await countEvents(bench)) !== expected)
    throw new Error(`Expected ${expected} Events, got ${await countEvents(bench)}.`);

  result['oneBadRow'] = {
    200: await countCalls(
      bench,
      // Both address forms are fine by our check; Salesforce refuses the second one.
      range(200).map((index) => ({
        visitor: `bad${index}`,
        ...(index === 77 ? { email: 'bad;row@example.test' } : {}),
      })),
      1,
    ),
  };
  await bench.app.stop();
  const cold = await restart();
  result['coldCaches'] = {};
  for (const size of BATCHES) {
    // Each size on a process that knows nothing of the org yet.
    const fresh = size === BATCHES[0] ? cold : await restart();
    result['coldCaches'][size] = await countCalls(
      fresh,
      range(size).map((index) => ({ visitor: `cold${size}n${index}` })),
      1,
    );
    await fresh.app.stop();
  }
  const last = await restart();
  await countCalls(last, [{ visitor: 'warm-up-again' }], 1);
  result['sixKinds'] = { 200: await countCalls(last, await actsOfSixKinds(last), 1) };
  await last.app.stop();
  return result;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-calls-'));
  const emulator = await startEmulator({ deployDir: FORCE_APP });
  try {
    const restart = (): Promise<Bench> => start(emulator, join(folder, 'data'));
    const result = await measure(await restart(), restart);
    const missed = Object.entries(TARGETS).flatMap(([name, sizes]) =>
      Object.entries(sizes)
        .filter(([size, target]) => (result[name]?.[size] ?? Infinity) > target)
        .map(([size]) => `${name} of ${size}`),
    );
    if (missed.length > 0) process.stderr.write(`Targets missed: ${missed.join(', ')}\n`);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (missed.length > 0 && process.argv.includes('--check')) process.exitCode = 1;
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
