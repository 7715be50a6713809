import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { StoreError } from './errors';

/** One numbered SQL file. */
export interface Migration {
  number: number;
  /** The file's name, such as `001-deliveries.sql`. */
  name: string;
  sql: string;
  /** SHA-256 of the text in hexadecimal, with line ends taken as `\n`: a checkout may rewrite them. */
  checksum: string;
}

interface AppliedMigration {
  number: number;
  name: string;
  checksum: string;
}

/** Any constant does: advisory locks are per database, and this one is the only one that migrations take. */
const MIGRATION_LOCK = 4_817_260_531;

const FILE_NAME = /^(\d{3,})-[a-z0-9][a-z0-9-]*\.sql$/;

/**
 * Brings the database to the newest of the SQL files in `folder`: in the order of their numbers, each in a transaction
 * of its own, recorded in `schema_migration`. Several starters at once wait for each other. Repeating it does nothing.
 *
 * @param transaction runs work in one transaction.
 * @returns names of the files applied now, in order.
 * @throws StoreError `migration-changed` when an applied file is no longer what was applied, `database-newer` when the
 *   database has seen a file that this folder does not have, `migration-invalid` for a file that cannot be used.
 */
export async function migrate(
  transaction: <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>,
  folder: string,
): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const done: string[] = [];
  for (;;) {
    const name = await transaction((client) => applyNext(client, migrations));
    if (name === null) {
      return done;
    }
    done.push(name);
  }
}

/** Reads the SQL files of a folder in the order of their numbers. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    names.map(async (name): Promise<Migration> => {
      const digits = FILE_NAME.exec(name)?.[1];
      if (digits === undefined) {
        throw new StoreError('migration-invalid', `Migration ${name} must be named like 001-what-it-does.sql.`);
      }
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { number: Number(digits), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
  migrations.sort((a, b) => a.number - b.number);
  for (const [index, migration] of migrations.entries()) {
    const twin = migrations[index - 1];
    if (twin?.number === migration.number) {
      throw new StoreError(
        'migration-invalid',
        `Migrations ${twin.name} and ${migration.name} have the same number. Give one of them the next free number.`,
      );
    }
  }
  return migrations;
}

/**
 * Decides which migration comes next. Pure.
 * @returns null when the database has all of them.
 * @throws StoreError as `migrate` does.
 */
export function findNextMigration(migrations: Migration[], applied: AppliedMigration[]): Migration | null {
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  let newest = 0;
  for (const { number, name, checksum } of applied) {
    const migration = byNumber.get(number);
    if (!migration) {
      throw new StoreError(
        'database-newer',
        `The database has migration ${name}, which this version does not know: a newer version has used it. ` +
          'Start that version again, or restore a backup from before the upgrade.',
      );
    }
    if (migration.checksum !== checksum) {
      throw new StoreError(
        'migration-changed',
        `Migration ${migration.name} is not the file that was applied to this database (${name}). ` +
          'Restore the file as it was, and put the change into a new migration.',
      );
    }
    newest = Math.max(newest, number);
  }
  const done = new Set(applied.map(({ number }) => number));
  const next = migrations.find(({ number }) => !done.has(number)) ?? null;
  if (next && next.number < newest) {
    throw new StoreError(
      'migration-invalid',
      `Migration ${next.name} is new, but the database is already past its number. Give it the next free number.`,
    );
  }
  return next;
}

/** Under the lock: reads again what is applied, as another starter may have been faster, and applies one file. */
async function applyNext(client: PoolClient, migrations: Migration[]): Promise<string | null> {
  // A lock of the transaction, not of the session: it also holds behind a pooler that hands sessions around.
  await client.query('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
  await client.query(`create table if not exists schema_migration (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`);
  const { rows: applied } = await client.query<AppliedMigration>(
    'select number, name, checksum from schema_migration order by number',
  );
  const next = findNextMigration(migrations, applied);
  if (!next) {
    return null;
  }
  const before = await transactionId(client);
  try {
    await client.query(next.sql);
  } catch (cause) {
    throw new StoreError('migration-invalid', `Migration ${next.name} failed: ${(cause as Error).message}`, { cause });
  }
  if ((await transactionId(client)) !== before) {
    throw new StoreError(
      'migration-invalid',
      `Migration ${next.name} ends the transaction it runs in. Take commit and rollback out of it.`,
    );
  }
  await client.query('insert into schema_migration (number, name, checksum) values ($1, $2, $3)', [
    next.number,
    next.name,
    next.checksum,
  ]);
  return next.name;
}

async function transactionId(client: PoolClient): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('select txid_current()::text as id');
  return rows[0]?.id;
}
