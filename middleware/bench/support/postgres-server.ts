import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';

const SCRIPT = join(__dirname, '../../../scripts/postgres.mjs');

/** A PostgreSQL server to make databases on. */
export interface PostgresServer {
  /** Makes an empty database. */
  createDatabase(): Promise<{ databaseUrl: string; drop: () => Promise<void> }>;
  stop(): Promise<void>;
}

/** @returns what to do to get a PostgreSQL; null when there is one. */
export function whyNoPostgres(): string | null {
  const found = spawnSync(process.execPath, [SCRIPT, 'find'], { encoding: 'utf8' });
  return found.status === 0 ? null : found.stderr.trim();
}

/** Starts a server of its own, which ends with this process; where TEST_DATABASE_URL is set, uses that one. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const child = spawn(process.execPath, [SCRIPT, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then((): never => {
      throw new Error('The PostgreSQL server did not start');
    }),
  ])) as [string];
  const server = new URL((JSON.parse(line) as { url: string }).url);
  return {
    createDatabase: async () => {
      const name = `kill_test_${randomBytes(6).toString('hex')}`;
      await runOn(server, `create database ${name}`);
      const own = new URL(server);
      own.pathname = `/${name}`;
      return {
        databaseUrl: own.href,
        // A server that was stopped meanwhile has nothing left to drop.
        drop: () => runOn(server, `drop database if exists ${name} with (force)`).catch(() => undefined),
      };
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
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
