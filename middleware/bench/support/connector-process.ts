import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderName } from '../../src/admin/orders/orders';
import { order } from '../../src/cli/order';
import { runCommand } from '../../src/cli/command';
import { DEFAULT_SETTINGS, type Settings } from '../../src/settings/settings';
import { calcomSignature } from '../../src/source/calcom';
import { CommandProcess } from './command-process';
import type { OrgProcess } from './org-process';
import { until } from './until';

export const SOURCE_ID = 'cal';
const CALCOM = { id: SOURCE_ID, kind: 'calcom', secret: 'a-secret-of-the-tests' };
const HTTP_MS = 20_000;
const IDLE_MS = 30_000;

/** A scheduling system as it is set up. */
export interface SourceSetUp {
  id: string;
  kind: string;
  secret: string;
}

/** What differs from a connector with one source and the default settings. */
export interface ConnectorOptions {
  /** Null for the embedded store. */
  databaseUrl: string | null;
  /** Default: one of Cal.com, whose id is {@link SOURCE_ID}. */
  sources?: SourceSetUp[];
  /** Besides what every connector here needs. */
  env?: Record<string, string>;
  /** Values for required fields that a booking gives no value for. */
  required?: Settings['required'];
  /** Another build of the command than that of this clone. */
  program?: string;
}

/** What a delivery came to: the status, and for a 202 what became of it. */
export interface Answer {
  status: number;
  outcome: string | null;
}

/** A connector as a process of its own, on a store that outlives it. */
export class ConnectorProcess {
  #command: CommandProcess | null = null;
  #url = '';

  /** Starts a connector on an empty store, with its sources, the administrator as fallback owner and the gate open. */
  static async create(org: Pick<OrgProcess, 'ready'>, options: ConnectorOptions): Promise<ConnectorProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'connector-'));
    const { url, clientId, clientSecret, username } = org.ready;
    const { databaseUrl, sources = [CALCOM], env = {}, required = {}, program } = options;
    const connector = new ConnectorProcess(folder, program, {
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
      ...env,
    });
    try {
      await connector.start();
      const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: username };
      await connector.#setUp(sources, { ...DEFAULT_SETTINGS, rules, required });
      return connector;
    } catch (error) {
      await connector.remove();
      throw error;
    }
  }

  private constructor(
    private readonly folder: string,
    private readonly program: string | undefined,
    private readonly env: Record<string, string>,
  ) {}

  /** Where it listens. */
  get url(): string {
    return this.#url;
  }

  /** The log of the process that runs, or ran last. */
  get log(): string {
    return this.#command?.said ?? '';
  }

  async start(): Promise<void> {
    const [command, { url }] = await CommandProcess.start<{ url: string }>(['start', '--json'], this.env, this.program);
    this.#command = command;
    this.#url = url;
  }

  /**
   * Starts another instance on the same store, where that is PostgreSQL. From now on this is the one that is meant.
   * @returns the one before, which runs on.
   */
  async startAnother(): Promise<CommandProcess | null> {
    const before = this.#command;
    await this.start();
    return before;
  }

  /** See {@link CommandProcess.kill}. */
  async kill(): Promise<void> {
    await this.#command?.kill();
  }

  /** See {@link CommandProcess.stop}. */
  async stop(): Promise<void> {
    await this.#command?.stop();
  }

  /** See {@link CommandProcess.suspend}. */
  async suspend(): Promise<void> {
    await this.#command?.suspend();
  }

  /** Lets it go on that was suspended. */
  resume(): void {
    this.#command?.signal('SIGCONT');
  }

  /**
   * Runs a command of an admin: here, and not as a process, which would take a second.
   * @returns what it printed.
   * @throws Error with what it said when it fails.
   */
  async run(args: string[]): Promise<string> {
    const printed = { out: '', err: '' };
    const exitCode = await runCommand(['node', 'booking-connector', ...args], {
      stdout: (text) => void (printed.out += text),
      stderr: (text) => void (printed.err += text),
      env: { ...this.env, LOG_LEVEL: 'silent' },
    });
    if (exitCode !== 0) throw new Error(`"${args.join(' ')}" failed: ${printed.err}`);
    return printed.out;
  }

  /** Carries out an order of an admin, here. @returns its answer. */
  async order(name: OrderName, args: unknown): Promise<unknown> {
    const silent = (): void => undefined;
    return order({ stdout: silent, stderr: silent, env: { ...this.env, LOG_LEVEL: 'silent' } }, name, args);
  }

  /**
   * Sends a webhook as Cal.com does.
   * @returns what became of it.
   * @throws Error unless it is answered 202.
   */
  async deliver(body: object): Promise<string> {
    const text = JSON.stringify(body);
    const { status, outcome } = await this.post(CALCOM.id, text, {
      'x-cal-signature-256': calcomSignature(CALCOM.secret, text),
    });
    if (status !== 202) throw new Error(`Expected a delivery to be answered 202, got ${status}`);
    return outcome ?? '';
  }

  /**
   * Sends a webhook once.
   * @throws when no answer comes.
   */
  async post(sourceId: string, body: string, headers: Record<string, string>, timeoutMs = HTTP_MS): Promise<Answer> {
    const response = await fetch(`${this.#url}/webhooks/${sourceId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = await response.text();
    const isAccepted = response.status === 202;
    return {
      status: response.status,
      outcome: isAccepted ? (JSON.parse(answer) as { outcome: string }).outcome : null,
    };
  }

  /** Waits until nothing is pending. */
  async untilIdle(timeoutMs = IDLE_MS): Promise<void> {
    await until('nothing to be pending', async () => ((await this.pending()) === 0 ? true : null), { timeoutMs });
  }

  /** How many bookings wait to be written. @throws when it does not answer. */
  async pending(): Promise<number> {
    const response = await fetch(`${this.#url}/metrics`, { signal: AbortSignal.timeout(HTTP_MS) });
    const [, pending] = /^booking_connector_pending_bookings (\d+)$/m.exec(await response.text()) ?? [];
    if (pending === undefined) throw new Error('The metrics do not tell what is pending');
    return Number(pending);
  }

  /** Ends the process and removes the data directory. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #setUp(sources: SourceSetUp[], settings: Settings): Promise<void> {
    const file = join(this.folder, 'settings.json');
    await writeFile(file, JSON.stringify(settings));
    for (const { id, kind, secret } of sources) {
      await this.run(['source', 'create', id, '--kind', kind, '--secret', secret]);
    }
    await this.run(['settings', 'import', file]);
    await this.run(['gate', 'open', '--backlog']);
  }
}
