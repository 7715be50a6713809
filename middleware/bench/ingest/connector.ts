import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldAll } from '../../src/booking/folder';
import { readDelivery } from '../../src/source/kinds';
import { openStore } from '../../src/store/store';
import { CommandProcess } from '../support/command-process';
import { until } from '../support/until';

const SOURCE_ID = 'cal';
const MIGRATIONS = join(__dirname, '../../migrations');

/** The connector as it is started by an operator, with one source, and an org that nobody has pressed Start for. */
export class Connector {
  static async start(secret: string, databaseUrl: string | null): Promise<Connector> {
    const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
    const env = {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      // Never asked: the start gate is closed.
      SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9',
      SALESFORCE_CLIENT_ID: 'bench',
      SALESFORCE_CLIENT_SECRET: 'bench',
      SALESFORCE_ALLOW_LOOPBACK: 'true',
      WEBHOOKS_PER_MINUTE: '100000000',
      LOG_LEVEL: 'warn',
    };
    try {
      const [command, { url }] = await CommandProcess.start<{ url: string }>(['start', '--json'], env);
      await CommandProcess.run(['source', 'create', SOURCE_ID, '--kind', 'calcom', '--secret', secret], env);
      return new Connector(folder, command, Number(new URL(url).port), databaseUrl);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  readonly path = `/webhooks/${SOURCE_ID}`;

  private constructor(
    private readonly folder: string,
    private readonly command: CommandProcess,
    readonly port: number,
    private readonly databaseUrl: string | null,
  ) {}

  /** By SIGKILL, whatever it is doing. */
  kill(): Promise<void> {
    return this.command.kill();
  }

  /** Waits until so many deliveries were folded into bookings since it was started. @returns milliseconds. */
  async folded(count: number): Promise<number> {
    const startedAt = performance.now();
    await until(`${count} deliveries to be folded`, async () => ((await this.#foldedSoFar()) >= count ? true : null), {
      timeoutMs: 120_000,
      // Each look makes the database count the whole backlog: looking often slows down what is looked at.
      everyMs: 250,
    });
    return performance.now() - startedAt;
  }

  async #foldedSoFar(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    return Number(/^booking_connector_folded_deliveries_total (\d+)/m.exec(text)?.[1] ?? NaN);
  }

  /**
   * Opens the store of the connector, once it is dead, folds what it left as the next start would, and reads which
   * bookings are in it, each with its delivery.
   */
  async storedUids(): Promise<Set<string>> {
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined };
    const place =
      this.databaseUrl === null ? { dataDir: join(this.folder, 'data') } : { databaseUrl: this.databaseUrl };
    const store = await openStore({ ...place, migrations: MIGRATIONS, log });
    try {
      await foldAll(store, readDelivery);
      const { rows } = await store.query<{ uid: string }>(
        `select k.native_key as uid
         from booking_key k
         join booking_event e on e.booking_id = k.booking_id
         join delivery d on d.id = e.delivery_id
         where d.raw_body is not null`,
      );
      return new Set(rows.map(({ uid }) => uid));
    } finally {
      await store.close();
    }
  }

  /** Ends it and removes its data directory. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
