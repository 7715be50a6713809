import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../../src/settings/settings';
import { calcomSignature } from '../../src/source/calcom';
import { CommandProcess } from './command-process';
import type { OrgProcess } from './org-process';
import { until } from './until';

const SECRET = 'kill-test-secret';
export const SOURCE_ID = 'cal';
const HTTP_MS = 20_000;
const IDLE_MS = 30_000;

/** A connector as a process of its own, on a store that outlives it. */
export class ConnectorProcess {
  #command: CommandProcess | null = null;
  #url = '';

  /**
   * Starts a connector on an empty store, with a source, a fallback owner and the gate open.
   *
   * @param databaseUrl null for the embedded store.
   */
  static async create(org: OrgProcess, databaseUrl: string | null): Promise<ConnectorProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'kill-test-'));
    const { url, clientId, clientSecret, username } = org.ready;
    const connector = new ConnectorProcess(folder, {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      SALESFORCE_LOGIN_URL: url,
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_ALLOW_LOOPBACK: 'true',
      // A killed instance keeps the lane for so long.
      LANE_LEASE_MS: '1500',
      LOG_LEVEL: 'info',
    });
    try {
      await connector.start();
      await connector.#setUp({
        ...DEFAULT_SETTINGS,
        rules: { ...DEFAULT_SETTINGS.rules, fallbackOwner: username },
      });
      return connector;
    } catch (error) {
      await connector.remove();
      throw error;
    }
  }

  private constructor(
    private readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  /** The log of the process that runs, or ran last. */
  get log(): string {
    return this.#command?.said ?? '';
  }

  async start(): Promise<void> {
    const [command, { url }] = await CommandProcess.start<{ url: string }>(['start', '--json'], this.env);
    this.#command = command;
    this.#url = url;
  }

  /** See {@link CommandProcess.kill}. */
  async kill(): Promise<void> {
    await this.#command?.kill();
  }

  /** See {@link CommandProcess.suspend}. */
  async suspend(): Promise<void> {
    await this.#command?.suspend();
  }

  /**
   * Sends a webhook as Cal.com does.
   * @returns what became of it.
   * @throws Error unless it is answered 202.
   */
  async deliver(body: object): Promise<string> {
    const text = JSON.stringify(body);
    const response = await fetch(`${this.#url}/webhooks/${SOURCE_ID}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, text) },
      body: text,
      signal: AbortSignal.timeout(HTTP_MS),
    });
    const answer = await response.text();
    if (response.status !== 202) throw new Error(`Expected a delivery to be answered 202, got ${response.status}`);
    return (JSON.parse(answer) as { outcome: string }).outcome;
  }

  /** Waits until nothing is pending. */
  async untilIdle(): Promise<void> {
    await until('nothing to be pending', async () => ((await this.#pending()) === 0 ? true : null), {
      timeoutMs: IDLE_MS,
    });
  }

  /** Ends the process and removes the data directory. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #setUp(settings: Settings): Promise<void> {
    const file = join(this.folder, 'settings.json');
    await writeFile(file, JSON.stringify(settings));
    const env = { ...this.env, LOG_LEVEL: 'silent' };
    await CommandProcess.run(['source', 'create', SOURCE_ID, '--kind', 'calcom', '--secret', SECRET], env);
    await CommandProcess.run(['settings', 'import', file], env);
    await CommandProcess.run(['gate', 'open', '--backlog'], env);
  }

  async #pending(): Promise<number> {
    const response = await fetch(`${this.#url}/metrics`, { signal: AbortSignal.timeout(HTTP_MS) });
    const [, pending] = /^booking_connector_pending_bookings (\d+)$/m.exec(await response.text()) ?? [];
    if (pending === undefined) throw new Error('The metrics do not tell what is pending');
    return Number(pending);
  }
}
