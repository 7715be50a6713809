import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ConnectorProcess } from '../middleware/bench/support/connector-process';
import { until } from '../middleware/bench/support/until';
import type { Status } from '../middleware/src/admin/admin';
import { calcomBody, type Appointment, type Told } from '../middleware/test/support/appointment';
import { launchBrowser } from '../middleware/test/support/browser';
import { ensureBuild } from '../middleware/test/support/build';
import { orgActions, type OrgActions } from '../middleware/test/support/org-actions';
import { putAboveHosts } from '../middleware/test/support/rights';

const ROOT = join(__dirname, '..');
const API = '/services/data/v67.0';
/** Of the browser: one without summer time, so that hours are the same all year. */
const ZONE = 'America/Phoenix';
/** Where the buttons lead once the package is set up. Nothing answers there: what is asked of it is looked at. */
export const BOOKING_PAGE = 'https://book.example.test/intro';
export const CONNECTOR_ADDRESS = 'https://connector.example.test';

/** Versions of the design system that subscribers have. */
export const SLDS_VERSIONS = ['1', '2'] as const;

/** What the pages are looked at with. */
export interface Look {
  /** Of the window, in pixels. */
  width?: number;
  slds?: (typeof SLDS_VERSIONS)[number];
}

/**
 * What happens from a webhook to a screen, all of it real: the built connector as a process on its embedded database, an
 * org with the package and the admin kit, and a browser. Nothing is put into the org that a user of it would not.
 */
export interface Scene {
  emulator: Emulator;
  org: OrgActions;
  connector: ConnectorProcess;
  browser: Browser;
  /** Holds the appointments; looks at the pages with the permission set Booking Rep. */
  rep: { id: string; email: string; name: string };
  /** A page as the rep opens it. Its context is closed with the scene. */
  openAsRep: (path: string, look?: Look) => Promise<Page>;
  /** A page of the console, signed in by a link that signs in once. */
  openConsole: (look?: Look) => Promise<Page>;
  /** Sends what Cal.com says of an appointment, signed. Answered when it is on disk. */
  tell: (told: Told, appointment: Appointment) => Promise<void>;
  /** Fills in the package's Booking Setting, as an administrator does. */
  setUpButtons: () => Promise<void>;
  /** Waits until a booking waits for a human. */
  untilParked: () => Promise<void>;
  find: (soql: string) => Promise<Record<string, unknown>[]>;
  stop: () => Promise<void>;
}

/** Starts all of it: the connector is signed in by client credentials as an API user with the rights of the two permission sets. */
export async function startScene(): Promise<Scene> {
  ensureBuild();
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const emulator = await startEmulator({ deployDir: [join(ROOT, 'force-app'), join(ROOT, 'unpackaged/admin-kit')] });
    undo.push(() => emulator.close());
    const org = orgActions({ emulator });
    const find = async (soql: string): Promise<Record<string, unknown>[]> => {
      const { records } = await org.request('GET', `${API}/query?q=${encodeURIComponent(soql)}`);
      return records as Record<string, unknown>[];
    };
    const rep = await prepareUsers(emulator, org, find);
    const [connector, browser] = await Promise.all([
      ConnectorProcess.create(
        { ready: emulator },
        { databaseUrl: null, required: { Lead: { Company: { text: 'Unspecified' } } } },
      ),
      launchBrowser(),
    ]);
    undo.push(
      () => connector.remove(),
      () => connector.stop(),
      () => browser.close(),
    );
    const open = async ({ width = 1280 }: Look, more: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext({
        ...{ viewport: { width, height: 1000 }, locale: 'en-US', timezoneId: ZONE },
        ...more,
      });
      context.setDefaultTimeout(10_000);
      return context.newPage();
    };
    return {
      ...{ emulator, org, connector, browser, rep, find, stop },
      openAsRep: async (path, look = {}) => {
        const page = await open(look);
        await page.goto(`${emulator.url}${path}?user=${rep.id}&slds=${look.slds ?? '1'}`);
        return page;
      },
      openConsole: async (look = {}) => {
        const page = await open(look);
        const { url } = (await connector.order('createLink', { name: 'browser', role: 'owner' })) as { url: string };
        await page.goto(url);
        await page.getByRole('button', { name: 'Sign in to the console' }).click();
        return page;
      },
      tell: async (told, appointment) => void (await connector.deliver(calcomBody(told, appointment, rep))),
      setUpButtons: () => deploySetting(emulator),
      untilParked: () =>
        until('a booking to be parked', async () => {
          const { parked } = (await connector.order('status', {})) as Status;
          return parked.length > 0 || null;
        }).then(() => undefined),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The API user gets its two permission sets and a role above the hosts; the rep gets Booking Rep. */
async function prepareUsers(emulator: Emulator, org: OrgActions, find: Scene['find']): Promise<Scene['rep']> {
  const [apiUser, [repId]] = [emulator.users.integration, emulator.users.standard];
  const assign = async (name: string, AssigneeId: string): Promise<void> => {
    const [set] = await find(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
    await org.create('PermissionSetAssignment', { AssigneeId, PermissionSetId: String(set?.['Id']) });
  };
  await assign('Booking_Integration', apiUser);
  await assign('Booking_API_User_Access', apiUser);
  await assign('Booking_Rep', repId);
  await putAboveHosts(emulator, apiUser);
  await org.request('POST', '/__emulator__/settings', { clientCredentialsUserId: apiUser });
  const [user] = await find(`SELECT Name, Email FROM User WHERE Id = '${repId}'`);
  return { id: repId, name: String(user?.['Name']), email: String(user?.['Email']) };
}

async function deploySetting(emulator: Emulator): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'browser-tests-'));
  try {
    await mkdir(join(folder, 'customMetadata'));
    const value = (field: string, text: string): string =>
      `<values><field>${field}</field><value xsi:type="xsd:string">${text}</value></values>`;
    await writeFile(
      join(folder, 'customMetadata/Booking_Setting.Default.md-meta.xml'),
      `<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>Default</label><protected>false</protected>${value('Booking_URL__c', BOOKING_PAGE)}${value('Connector_URL__c', CONNECTOR_ADDRESS)}${value('Record_Id_Parameter__c', 'salesforce_id')}</CustomMetadata>`,
    );
    emulator.deploy(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
