import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './server/app';
import { EmulatedOrg } from './server/emulated-org';
import { installPackage } from './metadata/install';
import { DEFAULT_SCOPE } from './oauth/token-endpoint';
import type { Org } from './org/org';
import type { SettingsInput } from './org/settings';

/** How an emulated org is started. */
export interface EmulatorOptions {
  /** Port on 127.0.0.1; 0 or none takes a free one. */
  port?: number | undefined;
  /** A folder of recorded describes that take the place of the emulator's own objects. */
  describeDir?: string | undefined;
  /** SFDX folders that are deployed into the org; its permission sets are the administrator's. */
  deployDir?: string | string[] | undefined;
  /** The namespace that the folders are installed under, as a managed package is in a subscriber's org. */
  namespace?: string | undefined;
  /** A file that the org is loaded from when it exists, and written to when it is closed. */
  snapshotFile?: string | undefined;
  /** Switches that differ from their defaults. */
  settings?: SettingsInput | undefined;
  /** Three letters or digits in every record's id: orgs with others have no id in common. */
  idInstance?: string | undefined;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** Addresses that the consent page may return to; none allows any. */
  redirectUris?: string[] | undefined;
}

/** A running org. */
export interface Emulator {
  /** The instance's url, without a slash at its end. */
  url: string;
  orgId: string;
  adminUserId: string;
  /** Ids of the seeded users; the inactive and the Chatter user cannot own records. */
  users: { integration: string; standard: [string, string]; inactive: string; chatter: string };
  /** Username of the administrator, whose tokens these are. */
  username: string;
  accessToken: string;
  refreshToken: string;
  clientId: string;
  clientSecret: string;
  /** The org behind the HTTP face: records, schema, clock and switches. */
  org: Org;
  /** Opens a session for any user and returns its access token. */
  signIn(userId: string): string;
  /**
   * Deploys one more SFDX folder; its permission sets are the administrator's.
   *
   * @throws DeploymentRefused naming every fault with its file.
   */
  deploy(directory: string): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts a Salesforce org on this machine.
 *
 * @throws when the port is taken, or a folder cannot be read or understood.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clientId = options.clientId ?? '3MVG9EmulatedConsumerKey';
  const clientSecret = options.clientSecret ?? 'EmulatedConsumerSecret';
  const emulated = new EmulatedOrg(
    {
      describeDir: options.describeDir,
      deployDirs: options.deployDir === undefined ? [] : [options.deployDir].flat(),
      namespace: options.namespace,
      settings: options.settings,
      idInstance: options.idInstance,
    },
    { clientId, clientSecret, redirectUris: options.redirectUris ?? [] },
    options.snapshotFile,
  );
  const server = createServer(createApp(emulated));
  // Longer than clients keep idle connections, so that it is the client who lets go of one.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, HOST, resolve);
  });
  emulated.baseUrl = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const { ids } = emulated.org;
  const signIn = (userId: string): string => emulated.sessions.open(userId, clientId, DEFAULT_SCOPE).accessToken;
  const administrator = emulated.org.store.table(emulated.org.object('User')).get(ids.administratorId);
  return {
    url: emulated.baseUrl,
    orgId: ids.organizationId,
    adminUserId: ids.administratorId,
    users: {
      integration: ids.integrationUserId,
      standard: ids.standardUserIds,
      inactive: ids.inactiveUserId,
      chatter: ids.chatterUserId,
    },
    username: String(administrator?.Username),
    accessToken: signIn(ids.administratorId),
    refreshToken: emulated.sessions.grant(ids.administratorId, clientId, DEFAULT_SCOPE).refreshToken,
    clientId,
    clientSecret,
    org: emulated.org,
    signIn,
    deploy: (directory) => {
      installPackage(emulated.org, directory, options.namespace ?? null);
    },
    close: () =>
      new Promise((resolve) => {
        emulated.faults.clear();
        emulated.save();
        emulated.bundler.close();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
