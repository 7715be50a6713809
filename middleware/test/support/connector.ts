import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { startEmulator, type Call, type Emulator, type SettingsInput } from 'org-emulator';
import { startApp, type App } from '../../src/app';
import { createSource, importSettings, openGate } from '../../src/admin/admin';
import { readConfig } from '../../src/config';
import { DEFAULT_SETTINGS, type Settings } from '../../src/settings/settings';
import { calcomSignature } from '../../src/source/calcom';
import { oncehubSignature } from '../../src/source/oncehub';
import { folded } from './folded';
import { SILENT, type TestDatabase } from './postgres';

const FORCE_APP = join(__dirname, '../../../force-app');

export const CALCOM_SECRET = 'calcom-test-secret';
export const ONCEHUB_SECRET = 'oncehub-test-secret';

/** A record as the emulator's REST API answers it. */
export type AnsweredRecord = Record<string, unknown>;

/** A connector and an org, both running for real, with a source of each kind. */
export interface Connector {
  /** The one that runs now. */
  readonly app: App;
  emulator: Emulator;
  /** Sends a body as Cal.com does. */
  sendCalcom(body: unknown): Promise<Response>;
  /** Sends a body as OnceHub does. */
  sendOncehub(body: unknown, signedAt?: Date): Promise<Response>;
  /** Waits until nothing is pending, then queries the org as the administrator; deleted records too. */
  settled(soql: string): Promise<AnsweredRecord[]>;
  query(soql: string): Promise<AnsweredRecord[]>;
  /** Waits until nothing is pending. */
  idle(): Promise<void>;
  /** Waits until what was sent is in its bookings, whether they are written or not. */
  folded(): Promise<void>;
  /** Counted calls of the connector since the last reset. */
  calls(): Promise<{ calls: Call[]; apiCalls: number }>;
  resetCalls(): Promise<void>;
  /** Stops the connector and starts another one on the same store. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an org with the package deployed and a connector on it; the gate is open and the fallback owner is the administrator. */
export async function startConnector(
  database: TestDatabase,
  {
    settings = (defaults) => defaults,
    gate = true,
    apiBaseUrls = {},
    emulator: switches = {},
    deploy = [],
    log = SILENT,
  }: {
    settings?: (defaults: Settings) => Settings;
    gate?: boolean;
    /** Where the APIs of scheduling systems are, by kind. */
    apiBaseUrls?: Readonly<Record<string, string>>;
    /** Switches of the org. */
    emulator?: SettingsInput;
    /** SFDX folders that the org gets besides the package. */
    deploy?: string[];
    log?: Logger;
  } = {},
): Promise<Connector> {
  const emulator = await startEmulator({ deployDir: [FORCE_APP, ...deploy], settings: switches });
  const folder = await mkdtemp(join(tmpdir(), 'test-connector-'));
  const place = await database.create();
  const config = readConfig({
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    ...('databaseUrl' in place ? { DATABASE_URL: place.databaseUrl } : {}),
    SALESFORCE_LOGIN_URL: emulator.url,
    SALESFORCE_CLIENT_ID: emulator.clientId,
    SALESFORCE_CLIENT_SECRET: emulator.clientSecret,
    SALESFORCE_ALLOW_LOOPBACK: 'true',
  });
  let app = await startApp(config, log, { apiBaseUrls });
  await createSource(app.admin, { id: 'cal', kind: 'calcom', secret: CALCOM_SECRET });
  await createSource(app.admin, { id: 'once', kind: 'oncehub', secret: ONCEHUB_SECRET });
  const withOwner = { ...DEFAULT_SETTINGS, rules: { ...DEFAULT_SETTINGS.rules, fallbackOwner: emulator.username } };
  await importSettings(app.admin, { document: settings(withOwner), author: 'test' });
  if (gate) await openGate(app.admin, { backlog: true });

  const post = (sourceId: string, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${app.url}/webhooks/${sourceId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const authorization = (): Record<string, string> => ({ authorization: `Bearer ${emulator.accessToken}` });
  const control = `${emulator.url}/__emulator__/calls`;

  const query = async (soql: string): Promise<AnsweredRecord[]> => {
    const path = `/services/data/v67.0/queryAll?q=${encodeURIComponent(soql)}`;
    const response = await fetch(`${emulator.url}${path}`, { headers: authorization() });
    const answer = (await response.json()) as { records?: AnsweredRecord[] };
    if (answer.records === undefined) throw new Error(`The query was refused: ${JSON.stringify(answer)}`);
    return answer.records;
  };
  const idle = async (): Promise<void> => {
    await folded(app.admin.store);
    const until = Date.now() + 20_000;
    for (;;) {
      const { rows } = await app.admin.store.query('select 1 from booking where due_at is not null limit 1');
      if (rows.length === 0) return;
      if (Date.now() > until)
        throw new Error(`Bookings are still pending after 20 s: ${JSON.stringify(app.admin.laneStates())}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  return {
    get app() {
      return app;
    },
    emulator,
    sendCalcom: (body) => {
      const text = JSON.stringify(body);
      return post('cal', text, { 'x-cal-signature-256': calcomSignature(CALCOM_SECRET, text) });
    },
    sendOncehub: (body, signedAt = new Date()) => {
      const text = JSON.stringify(body);
      return post('once', text, { 'oncehub-signature': oncehubSignature(ONCEHUB_SECRET, text, signedAt) });
    },
    query,
    settled: async (soql) => {
      await idle();
      return query(soql);
    },
    idle,
    folded: () => folded(app.admin.store),
    calls: async () => (await (await fetch(control)).json()) as { calls: Call[]; apiCalls: number },
    resetCalls: async () => void (await fetch(control, { method: 'DELETE' })),
    restart: async () => {
      await app.stop();
      app = await startApp(config, log, { apiBaseUrls });
    },
    stop: async () => {
      await app.stop();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
