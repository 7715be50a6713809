import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { createSource, importSettings } from '../../src/admin/admin';
import { startApp, type App } from '../../src/app';
import { readConfig } from '../../src/config';
import { DEFAULT_SETTINGS } from '../../src/settings/settings';
import { calcomSignature } from '../../src/source/calcom';
import { exampleBody } from '../fixtures/source/build';
import { SILENT, type TestDatabase } from './postgres';
import { apiOf, signIn, type AskApi, type SignedIn } from './visitor';

/** The package, for another org. */
export const FORCE_APP = join(__dirname, '../../../force-app');
/** Of every Cal.com source of these tests. */
export const SECRET = 'connections-test-secret';

/** A connection as the API tells it. */
export interface Answer {
  connection: {
    id: string;
    certificate: string | null;
    callbackUrl: string | null;
    access: { state: string; code: string | null; cause: string | null; remedy: string | null };
    signedInAs: string | null;
    organization: { name: string } | null;
  };
  tried: { isIn: boolean; said: string; remedy: string | null } | null;
}

/** Tells the org's control. */
export const emulatorPost = async (emulator: Emulator, path: string, body: object = {}): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${emulator.url}/__emulator__${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
};

/** Booking ids of the Events of an org. */
export const eventsIn = async (emulator: Emulator): Promise<string[]> => {
  const soql = 'SELECT Booking_Id__c FROM Event WHERE Booking_Id__c != null LIMIT 2000';
  const answer = await fetch(`${emulator.url}/services/data/v67.0/query?q=${encodeURIComponent(soql)}`, {
    headers: { authorization: `Bearer ${emulator.signIn(emulator.adminUserId)}` },
  });
  const { records } = (await answer.json()) as { records: { Booking_Id__c: string }[] };
  return records.map((record) => record.Booking_Id__c);
};

/** Sends a new booking under this uid, signed as Cal.com signs. @throws when it is not accepted. */
export const book = async (app: App, uid: string, source = 'cal'): Promise<void> => {
  const body = JSON.parse(exampleBody('calcom', 'BOOKING_CREATED').toString('utf8')) as { payload: object };
  const text = JSON.stringify({ ...body, payload: { ...body.payload, uid } });
  const answer = await fetch(`${app.url}/webhooks/${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, text) },
    body: text,
  });
  if (answer.status !== 202) throw new Error(`A webhook was answered ${answer.status}.`);
};

/** Allows the connector in at the emulator's pages, as a browser that is signed in to the console. */
export async function allow(visitor: SignedIn, url: string, headers: Record<string, string> = {}): Promise<Response> {
  const atSalesforce = await fetch(url, { redirect: 'manual' });
  const back = atSalesforce.headers.get('location');
  if (back === null) throw new Error(`Salesforce answered ${atSalesforce.status}: ${await atSalesforce.text()}`);
  return fetch(back, { redirect: 'manual', headers: { cookie: visitor.cookie, ...headers } });
}

/** A connector without any org, and an org that allows whoever asks in a browser. */
export interface World {
  /** Of its processes. */
  env: Record<string, string>;
  app: App;
  emulator: Emulator;
  ask: AskApi;
  owner: SignedIn;
  order: (method: string, path: string, body?: unknown, status?: number) => Promise<Answer>;
  connect: (more: object, id?: string) => Promise<Answer>;
  stop: () => Promise<void>;
}

/** Starts both. @param more environment of the connector. */
export async function startWorld(database: TestDatabase, more: Record<string, string> = {}): Promise<World> {
  const emulator = await startEmulator({ deployDir: FORCE_APP, settings: { autoApprove: true, limitNoise: 0 } });
  const folder = await mkdtemp(join(tmpdir(), 'test-connections-'));
  const place = await database.create();
  const env = {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ...('databaseUrl' in place ? { DATABASE_URL: place.databaseUrl } : {}),
    SALESFORCE_ALLOW_LOOPBACK: 'true',
    ...more,
  };
  const config = readConfig(env);
  const app = await startApp(config, SILENT);
  await createSource(app.admin, { id: 'cal', kind: 'calcom', secret: SECRET });
  const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: emulator.username };
  await importSettings(app.admin, { document: { ...DEFAULT_SETTINGS, rules }, author: 'test' });
  const { ask } = await apiOf(app);
  const order: World['order'] = async (method, path, body, status = 200) => {
    const answer = await ask(method, path, body);
    if (answer.status !== status)
      throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as Answer;
  };
  return {
    env,
    app,
    emulator,
    ask,
    owner: await signIn(app),
    order,
    connect: (more, id = 'sandbox') =>
      order('POST', '/orgs', { id, host: emulator.url, clientId: emulator.clientId, ...more }, 201),
    stop: async () => {
      await app.stop();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Signs in through the browser's way. @returns the page that the browser ends on. */
export async function signInByBrowser({ order, owner }: World, id: string): Promise<Response> {
  const { url } = (await order('POST', `/orgs/${id}/sign-in`, { session: owner.csrf })) as unknown as { url: string };
  return allow(owner, url);
}

/** Sets a fault of the org. @returns how often it struck, how many requests it holds, and what ends it. */
export async function setFault(
  emulator: Emulator,
  match: object,
  effect: object,
): Promise<{
  look: () => Promise<{ strikes: number; held: number }>;
  release: () => Promise<void>;
  end: () => Promise<void>;
}> {
  const url = `${emulator.url}/__emulator__/faults`;
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ match, effect }) });
  const { id } = (await made.json()) as { id: string };
  return {
    look: async () => {
      const { faults } = (await (await fetch(url)).json()) as {
        faults: { id: string; strikes: number; held: number }[];
      };
      const found = faults.find((one) => one.id === id);
      return { strikes: found?.strikes ?? 0, held: found?.held ?? 0 };
    },
    release: async () => void (await fetch(`${url}/${id}/release`, { method: 'POST' })),
    end: async () => void (await fetch(`${url}/${id}`, { method: 'DELETE' })),
  };
}
