import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import pino from 'pino';
import { type Store, type StoreOptions, openStore } from '../../src/store/store';

/** The SQL files of the product. */
export const MIGRATIONS = join(__dirname, '../../migrations');

/** A logger that says nothing. */
export const SILENT = pino({ level: 'silent' });

/** One of the two databases, for a test file. What it opens and makes is closed and removed after the file's tests. */
export interface TestDatabase {
  readonly name: 'pglite' | 'postgres';
  /** Opens a store on an empty database of its own, with the product's migrations unless other ones are given. */
  open: (options?: Partial<StoreOptions>) => Promise<Store>;
  /**
   * Makes an empty database that can be opened again and again, as after a restart: the options that tell `openStore`
   * where it is. For pglite a directory; slower to open than `open`, which stays in memory.
   */
  create: () => Promise<{ dataDir: string } | { databaseUrl: string }>;
}

const POSTGRES_SCRIPT = join(__dirname, '../../../scripts/postgres.mjs');

/**
 * Describes behaviour once for each database: `describeOnStores('claims', ({ open }) => { it(...) })`. Where no
 * PostgreSQL is installed its half is reported as skipped, and a line says what to install.
 */
export function describeOnStores(title: string, tests: (database: TestDatabase) => void): void {
  describe(`${title} (pglite)`, () => tests(embedded()));
  describePostgres(`${title} (postgres)`, tests);
}

/** Describes behaviour that no database makes a difference to, on the embedded one. */
export function describeOnEmbedded(title: string, tests: (database: TestDatabase) => void): void {
  describe(title, () => tests(embedded()));
}

/** Describes behaviour that only a PostgreSQL server has, such as several instances at once. */
export function describePostgres(title: string, tests: (database: TestDatabase) => void): void {
  const missing = findMissing();
  if (missing !== null) {
    console.warn(`Skipped: ${title}. ${missing}`);
  }
  (missing === null ? describe : describe.skip)(title, () => tests(server()));
}

/** Null when there is a PostgreSQL to test on, else what to do to get one. */
function findMissing(): string | null {
  const found = spawnSync(process.execPath, [POSTGRES_SCRIPT, 'find'], { encoding: 'utf8' });
  return found.status === 0 ? null : found.stderr.trim();
}

function embedded(): TestDatabase {
  const cleanUp = cleanUpAfterwards();
  return {
    name: 'pglite',
    open: async (options) => {
      const store = await openStore({ memory: true, migrations: MIGRATIONS, log: SILENT, ...options });
      cleanUp(() => store.close());
      return store;
    },
    create: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'test-store-'));
      cleanUp(() => rm(folder, { recursive: true, force: true }));
      return { dataDir: join(folder, 'data') };
    },
  };
}

function server(): TestDatabase {
  const cleanUp = cleanUpAfterwards();
  const create = async () => {
    const url = new URL(await serverUrl());
    const database = `test_${randomBytes(6).toString('hex')}`;
    await runOn(url, `create database ${database}`);
    cleanUp(() => runOn(url, `drop database if exists ${database} with (force)`));
    const own = new URL(url);
    own.pathname = `/${database}`;
    return { databaseUrl: own.href };
  };
  return {
    name: 'postgres',
    create,
    open: async (options) => {
      const store = await openStore({ ...(await create()), migrations: MIGRATIONS, log: SILENT, ...options });
      cleanUp(() => store.close());
      return store;
    },
  };
}

/** The server that the tests of a file share: one of its own where TEST_DATABASE_URL names none. */
let shared: { url: Promise<string>; stop: () => Promise<unknown> } | undefined;

afterAll(() => shared?.stop());

function serverUrl(): Promise<string> {
  if (process.env.TEST_DATABASE_URL) {
    return Promise.resolve(process.env.TEST_DATABASE_URL);
  }
  shared ??= startServer();
  return shared.url;
}

/** It stops when this process closes its input, and so also when this process dies. */
function startServer() {
  const child = spawn(process.execPath, [POSTGRES_SCRIPT, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const url = once(createInterface(child.stdout), 'line').then(([line]) => (JSON.parse(line) as { url: string }).url);
  const failed = exited.then((): never => {
    throw new Error('The PostgreSQL server for the tests did not start');
  });
  failed.catch(() => undefined);
  const stop = () => {
    child.stdin.end();
    return exited;
  };
  return { url: Promise.race([url, failed]), stop };
}

async function runOn(url: URL, sql: string): Promise<void> {
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Collects what is to be undone after the tests of the describe block; the last one first. */
function cleanUpAfterwards(): (work: () => Promise<unknown>) => void {
  const works: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const work of works.reverse()) {
      await work();
    }
  });
  return (work) => void works.push(work);
}
