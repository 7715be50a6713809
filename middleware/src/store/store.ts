import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type ClientBase, Pool, type PoolClient, type PoolConfig } from 'pg';
import { explainBusy, inTransaction, shareClient, withClient } from './borrow-client';
import { type CopyField, copyRows } from './copy-rows';
import type { Db } from './db';
import { type CommandHandler, type DirectoryLock, lockDirectory } from './directory-lock';
import { embeddedIn } from './embedded-database';
import { embeddedPoolConfig } from './embedded-pool';
import { openInThread } from './embedded-thread';
import { StoreError } from './errors';
import { startMaintenance } from './maintenance';
import { migrate } from './migrate';
import type { StoreLog } from './store-log';

export interface StoreOptions {
  /** URL of a PostgreSQL server, 13 or newer. Comes before `dataDir`. */
  databaseUrl?: string;
  /** Directory for the embedded database, made when missing. One server at a time holds it. */
  dataDir?: string;
  /** Embedded database in memory: gone when closed. For tests. */
  memory?: true;
  /** Folder with the numbered SQL files. */
  migrations: string;
  log: StoreLog;
  /** Most connections to a PostgreSQL server. Default 10. The embedded database has one. */
  maxConnections?: number;
  /** How long a statement may wait for a free connection. Default 20,000. */
  connectTimeoutMs?: number;
  /** Tables whose rows change often: the embedded database has no autovacuum, so they are vacuumed from a timer. */
  vacuumTables?: string[];
  /** What to do when the disk fails under the embedded database. Default: log it and exit with code 1. */
  onFatal?: (error: unknown) => never;
}

/** The one database, whichever it is. Its dialect is PostgreSQL's. */
export interface Store extends Db {
  readonly kind: 'pglite' | 'postgres';
  /** The `pg` pool itself. Inside a transaction use its client instead: the embedded database has one connection. */
  readonly pool: Pool;
  /** Names of the migrations that opening this store applied, in order. */
  readonly migrated: readonly string[];
  /**
   * Runs work in one transaction: commits when it returns, rolls back when it throws. Keep it short and free of calls
   * over the network; run every statement on the client that it gets.
   * @throws whatever `work` threw.
   */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** Stores many rows at once, all or none: see `copyRows`. */
  copy(statement: string, rows: readonly CopyField[][]): Promise<void>;
  /** Answers what other processes ask the holder of the data directory (`askHolder`). No effect without a `dataDir`. */
  answerCommands(handler: CommandHandler): void;
  /** Waits for running statements, and closes. Safe to call twice. */
  close(): Promise<void>;
}

/** What one of the two databases gives; the store is built from it. */
interface Backend {
  kind: Store['kind'];
  pool: Pool;
  lock?: DirectoryLock;
  /** Ends what is below the pool. */
  close: () => Promise<void>;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 20_000;
const OLDEST_SERVER = 130_000;

/**
 * Opens the store and brings its tables up to date.
 *
 * @throws StoreError with a plain sentence: `directory-held`, `not-durable`, `server-too-old`, or as `migrate`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const backend = await openBackend(options);
  try {
    await checkServer(backend, options.log);
    const migrated = await migrate((work) => inTransaction(backend.pool, work), options.migrations);
    if (migrated.length > 0) {
      options.log.info({ migrations: migrated }, 'The database was brought up to date');
    }
    return createStore(backend, migrated, options);
  } catch (error) {
    await backend.pool.end();
    await backend.close();
    throw error;
  }
}

function createStore({ kind, pool, lock, close }: Backend, migrated: string[], options: StoreOptions): Store {
  const stopMaintenance =
    kind === 'pglite' ? startMaintenance({ db: pool, tables: options.vacuumTables ?? [], log: options.log }) : null;
  let closed: Promise<void> | undefined;
  const closeAll = async () => {
    await stopMaintenance?.();
    await pool.end();
    await close();
  };
  // A server has a connection for each group; the embedded database has one, and is to have the next group at hand.
  const borrow =
    kind === 'pglite' ? shareClient(pool) : <T>(work: (client: PoolClient) => Promise<T>) => withClient(pool, work);
  return {
    kind,
    pool,
    migrated,
    query: (sql, values) => pool.query(sql, values).catch(explainBusy),
    transaction: (work) => inTransaction(pool, work),
    copy: (statement, rows) => borrow((client) => copyRows(client, statement, rows)),
    answerCommands: (handler) => lock?.answer(handler),
    close: () => (closed ??= closeAll()),
  };
}

function openBackend(options: StoreOptions): Promise<Backend> {
  if (options.databaseUrl !== undefined) {
    return Promise.resolve(openPostgres(options.databaseUrl, options));
  }
  if (options.dataDir !== undefined) {
    return openEmbedded(options.dataDir, options);
  }
  if (options.memory) {
    return openMemory(options);
  }
  throw new TypeError('openStore needs one of databaseUrl, dataDir and memory');
}

function openPostgres(databaseUrl: string, options: StoreOptions): Backend {
  const pool = createPool(
    {
      connectionString: databaseUrl,
      max: options.maxConnections ?? 10,
      application_name: 'booking-connector',
      keepAlive: true,
      // An instance that hangs in a transaction must not hold its row locks against the others for ever.
      idle_in_transaction_session_timeout: 60_000,
      onConnect: withoutCompiling,
    },
    options,
  );
  return { kind: 'postgres', pool, close: () => Promise.resolve() };
}

/**
 * Our statements read little by indexes, but look dear to the planner once tables are large: the server then compiles
 * one for each of its runs, which took 200 ms where running it takes 2. The pool waits for this; its types do not tell.
 */
const withoutCompiling = ((client: ClientBase) => client.query('set jit = off')) as PoolConfig['onConnect'];

async function openEmbedded(dataDir: string, options: StoreOptions): Promise<Backend> {
  const onFatal = options.onFatal ?? exitOnFatal(options.log);
  const lock = await lockDirectory(dataDir, { onLost: onFatal });
  try {
    const database = await openInThread(join(dataDir, 'database'), { onFatal });
    const close = async () => {
      await database.close();
      await lock.release();
    };
    return { kind: 'pglite', pool: createPool(embeddedPoolConfig(database), options), lock, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openMemory(options: StoreOptions): Promise<Backend> {
  const database = embeddedIn(await PGlite.create());
  return { kind: 'pglite', pool: createPool(embeddedPoolConfig(database), options), close: () => database.close() };
}

function createPool(config: PoolConfig, { log, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS }: StoreOptions): Pool {
  const pool = new Pool({ ...config, connectionTimeoutMillis: connectTimeoutMs });
  // Without a listener, a server that restarts while a connection is idle would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection was lost'));
  return pool;
}

async function checkServer({ kind, pool }: Backend, log: StoreLog): Promise<void> {
  const { rows } = await pool.query<{ version: number; name: string; fsync: string; commit: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
            current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`,
  );
  const server = rows[0];
  if (!server || server.version < OLDEST_SERVER) {
    throw new StoreError(
      'server-too-old',
      `The database server is PostgreSQL ${server?.name}; at least 13 is needed. Upgrade it, or use another server.`,
    );
  }
  if (kind === 'postgres' && (server.fsync === 'off' || server.commit === 'off')) {
    log.warn(
      { fsync: server.fsync, synchronousCommit: server.commit },
      'The database server may lose accepted bookings in a crash: set fsync and synchronous_commit to on',
    );
  }
}

function exitOnFatal(log: StoreLog): (error: unknown) => never {
  return (error) => {
    log.fatal({ err: error }, 'The store cannot keep its data safe any longer: the server stops');
    process.exit(1);
  };
}
