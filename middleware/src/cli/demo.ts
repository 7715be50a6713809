import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { createLink } from '../admin/access';
import { createSource, DEFAULT_TEAM, importSettings, openGate } from '../admin/admin';
import { startApp, type App } from '../app';
import { readConfig } from '../config';
import { createLog } from '../log';
import { DEMO_BOOKABLES, type DemoHost } from '../demo/demo-booking';
import { startDemoPage } from '../demo/start-demo-page';
import { DEFAULT_SETTINGS, type Settings } from '../settings/settings';
import { RefusedError } from './refused-error';

/** Secrets of the demo's sources: known, so that the examples of the README work as they are. Loopback only. */
const DEMO_SECRETS = { calcom: 'demo-calcom-secret', oncehub: 'demo-oncehub-secret' };

/** A running demo. */
export interface Demo {
  schedulingUrl: string;
  connectorUrl: string;
  emulatorUrl: string;
  /** Signs in to the console, once. */
  signInUrl: string;
  /** Where the embedded store is; gone when the demo stops. */
  dataDir: string;
  stop(): Promise<void>;
}

/**
 * Starts an org emulator with the package in it, a connector on an embedded store, and a demo scheduling page, all on
 * this machine; creates the sources and presses Start.
 *
 * @param port the scheduling page's; connector and emulator take the two after it. 0 takes free ones.
 * @throws RefusedError when a port is taken or the package is not where it is expected.
 */
export async function startDemo({ port, logLevel = 'warn' }: { port: number; logLevel?: string }): Promise<Demo> {
  const forceApp = join(__dirname, '../../../force-app');
  if (!existsSync(forceApp))
    throw new RefusedError(`The Salesforce package is not at ${forceApp}: run the demo from a clone.`);
  const dataDir = await mkdtemp(join(tmpdir(), 'booking-connector-demo-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const portOf = (place: number): number => (port === 0 ? 0 : port + place);
  try {
    const emulator = await startEmulator({ port: portOf(2), deployDir: forceApp });
    undo.push(() => emulator.close());
    const app = await startConnector(emulator, dataDir, portOf(1), logLevel);
    undo.push(() => app.stop());
    const page = await startDemoPage({
      port,
      webhookUrl: `${app.url}/webhooks/calcom`,
      secret: DEMO_SECRETS.calcom,
      pages: DEMO_BOOKABLES,
      hosts: await readHosts(emulator),
      recordPageUrl: (email) => `${emulator.url}/lightning/find?email=${encodeURIComponent(email)}`,
      now: () => new Date(),
    });
    undo.push(() => page.close());
    const { url: signInUrl } = await createLink(app.admin, { name: 'demo', role: 'owner' }, { teamId: DEFAULT_TEAM });
    return { signInUrl, schedulingUrl: page.url, connectorUrl: app.url, emulatorUrl: emulator.url, dataDir, stop };
  } catch (error) {
    await stop();
    throw isAddressInUse(error)
      ? new RefusedError(`Port ${error.port} is taken: choose another with --port, as "--port 9080".`)
      : error;
  }
}

/** The text that tells a newcomer where to look. */
export function demoInWords({ schedulingUrl, connectorUrl, emulatorUrl, signInUrl, dataDir }: Demo): string {
  return `
  Book an appointment      ${schedulingUrl}
  See it in Salesforce     ${emulatorUrl}   (an emulator: no Salesforce org is involved)
  The connector            ${connectorUrl}   webhooks: /webhooks/calcom, /webhooks/oncehub

  Look after it            ${signInUrl}
                           (its console; the link signs in once. Another: "link" in place of "status" below)

  Ask the connector        DATA_DIR=${dataDir} npx booking-connector status
  Stop everything          Ctrl+C (nothing is kept)

`;
}

async function startConnector(emulator: Emulator, dataDir: string, port: number, logLevel: string): Promise<App> {
  const config = readConfig({
    PORT: String(port),
    DATA_DIR: dataDir,
    SALESFORCE_LOGIN_URL: emulator.url,
    SALESFORCE_CLIENT_ID: emulator.clientId,
    SALESFORCE_CLIENT_SECRET: emulator.clientSecret,
    SALESFORCE_ALLOW_LOOPBACK: 'true',
  });
  const app = await startApp(config, createLog(logLevel));
  await createSource(app.admin, { id: 'calcom', kind: 'calcom', secret: DEMO_SECRETS.calcom });
  await createSource(app.admin, { id: 'oncehub', kind: 'oncehub', secret: DEMO_SECRETS.oncehub });
  await importSettings(app.admin, { document: demoSettings(emulator.username), author: 'demo' });
  await openGate(app.admin, { backlog: true });
  return app;
}

/** The defaults, with the choices that the demo's admin makes: who owns what no host owns, and what stands in for a company. */
function demoSettings(fallbackOwner: string): Settings {
  return {
    ...DEFAULT_SETTINGS,
    rules: { ...DEFAULT_SETTINGS.rules, fallbackOwner },
    required: { Lead: { Company: { text: 'Unspecified' } } },
  };
}

/** The emulator's ordinary users hold the appointments, so that their Events are theirs in Salesforce too. */
async function readHosts({ url, accessToken, users }: Emulator): Promise<DemoHost[]> {
  const soql = `SELECT Name, Email FROM User WHERE Id IN (${users.standard.map((id) => `'${id}'`).join(',')})`;
  const response = await fetch(`${url}/services/data/v67.0/query?q=${encodeURIComponent(soql)}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { records } = (await response.json()) as { records: { Name: string; Email: string }[] };
  return records.map(({ Name, Email }) => ({ name: Name, email: Email }));
}

function isAddressInUse(error: unknown): error is Error & { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}
