import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { startTracing } from '../src/tracing';
import { ensureBuild } from './support/build';
import { startCollector, type Collector } from './support/collector';
import { prepareDataDir, sendBooking, startProcess, type DataDir } from './support/connector-process';

const FORCE_APP = join(__dirname, '../../force-app');
const SDK = '@opentelemetry/sdk-trace-node';

beforeAll(ensureBuild, 120_000);

describe('a process with the variables of OpenTelemetry', () => {
  let emulator: Emulator;
  let collector: Collector;
  let place: DataDir;
  let env: Record<string, string>;
  beforeAll(async () => {
    emulator = await startEmulator({ deployDir: FORCE_APP });
    env = {
      SALESFORCE_LOGIN_URL: emulator.url,
      SALESFORCE_CLIENT_ID: emulator.clientId,
      SALESFORCE_CLIENT_SECRET: emulator.clientSecret,
      SALESFORCE_ALLOW_LOOPBACK: 'true',
    };
    place = await prepareDataDir(env);
    env['NODE_OPTIONS'] = `--require ${join(__dirname, 'support/loaded-modules.cjs')}`;
    env['LOADED_MODULES'] = join(place.dataDir, 'loaded.json');
  }, 60_000);
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());
  afterAll(async () => {
    await emulator.close();
    await place.remove();
  });

  /** Takes a booking through a process to its end. @returns the packages of OpenTelemetry that the process loaded. */
  const run = async (uid: string, more: Record<string, string>): Promise<string[]> => {
    const { process, url } = await startProcess(place.dataDir, { ...env, ...more });
    expect((await sendBooking(url, uid)).status).toBe(202);
    await until('the turn to end', async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return /^booking_connector_turn_seconds_count\{org="main"\} [1-9]/m.test(text) || null;
    });
    process.signal('SIGTERM');
    expect(await process.ended()).toBe(0);
    return JSON.parse(readFileSync(String(env['LOADED_MODULES']), 'utf8')) as string[];
  };

  it('sends a span for the webhook, the slice, the turn and its calls, with ids and counts alone', async () => {
    // The commands before have left a session, which is used on until it ends.
    const fault = { match: { path: '/composite', times: 1 }, effect: { expireSession: true } };
    await fetch(`${emulator.url}/__emulator__/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const loaded = await run('traced', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=k1',
      OTEL_SERVICE_NAME: 'bookings-of-a-test',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    expect(loaded).toContain(SDK);
    expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
    expect(collector.headers[0]?.['x-collector-key']).toBe('k1');
    expect(collector.resource()).toMatchObject({
      'service.name': 'bookings-of-a-test',
      'deployment.environment.name': 'test',
    });
    const spans = collector.spans();
    const named = (name: string) => spans.filter((span) => span.name === name);
    expect(named('webhook')).toMatchObject([
      {
        attributes: {
          'booking_connector.source': 'cal',
          'booking_connector.kind': 'calcom',
          'booking_connector.outcome': 'stored',
        },
      },
    ]);
    expect(named('fold').map(({ attributes }) => attributes['booking_connector.deliveries'])).toEqual([1]);
    const [turn] = named('turn');
    expect(turn?.attributes).toMatchObject({ 'booking_connector.org': 'main', 'booking_connector.bookings': 1 });
    const calls = named('salesforce call');
    const purposes = (some: typeof calls) => some.map(({ attributes }) => attributes['booking_connector.purpose']);
    // The look at the org before the first write of a day is no part of a turn; nobody owns the booking, so none is written.
    expect(purposes(calls.filter(({ parentSpanId }) => parentSpanId === turn?.spanId))).toEqual(['read']);
    expect(purposes(calls)).toContain('describe');
    expect(named('salesforce sign-in')).toHaveLength(1);
    const text = Buffer.concat(collector.bodies).toString('utf8');
    expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.\w+/);
    expect(text).not.toContain(emulator.clientSecret);
  }, 60_000);

  it('sends protobuf unless told otherwise, and what the sampler of the environment leaves', async () => {
    await run('protobuf', { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    expect(collector.headers[0]?.['content-type']).toBe('application/x-protobuf');
    expect(Buffer.concat(collector.bodies).includes('salesforce call')).toBe(true);
    collector.bodies.length = 0;
    await run('sampled', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'always_off' });
    expect(collector.bodies).toEqual([]);
  }, 90_000);

  it('loads nothing of the SDK without them, or when it is disabled', async () => {
    expect(await run('untraced', {})).toEqual(['@opentelemetry/api']);
    const disabled = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' };
    expect(await run('disabled', disabled)).toEqual(['@opentelemetry/api']);
    expect(collector.bodies).toEqual([]);
  }, 90_000);
});

describe('variables that it does not know', () => {
  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER knows'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL knows',
    ],
  ])('are told, and nothing is traced: %j', async (env, words) => {
    const said: string[] = [];
    const log = { info: () => undefined, warn: (_fields: object, message: string) => void said.push(message) };
    await (await startTracing(env, log)).stop();
    expect(said).toEqual([expect.stringContaining(words)]);
  });
});
