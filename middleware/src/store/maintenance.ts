import { escapeIdentifier } from 'pg';
import type { Db } from './db';
import type { StoreLog } from './store-log';

export interface MaintenanceOptions {
  /** Outside of transactions: neither statement runs in one. */
  db: Db;
  /** Tables to vacuum. Those that do not exist are left out. */
  tables: string[];
  log: Pick<StoreLog, 'warn'>;
  /** How often to look at the size of the log: often, so that a checkpoint finds the gap between two bursts. Default 1,000. */
  everyMs?: number;
  /** Most time between two checkpoints, when anything was written. Default 180,000. */
  checkpointEveryMs?: number;
  /** Growth of the write-ahead log after which a checkpoint is due, as soon as little is written. Default 64 MiB. */
  checkpointBytes?: number;
  /** Growth after which it does not wait for that: everybody waits for a checkpoint. Default 256 MiB. */
  mostBytes?: number;
  /** Time between two vacuums. Default 300,000. */
  vacuumEveryMs?: number;
  now?: () => number;
}

/**
 * Does for the embedded database what a server's background processes do: checkpoints, which bound its log and the
 * time of the next start, and vacuums, which make room of dead rows and tell the planner how many live ones there are.
 *
 * @returns stops the timer, waits for what runs, and makes a last checkpoint.
 */
export function startMaintenance(options: MaintenanceOptions): () => Promise<void> {
  const { everyMs = 1_000, log } = options;
  const turn = createMaintenanceTurn(options);
  // What fails is tried again next time; until then nothing but disk space and speed is lost.
  const warn = (error: unknown) => log.warn({ err: error }, 'Maintenance of the embedded database failed');
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(turn).catch(warn);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await options.db.query('checkpoint').then(() => undefined, warn);
  };
}

/** Growth between two looks that tells of a burst of work. */
const BUSY_BYTES = 2n * 1024n * 1024n;

/** Makes the function that does what is due, and remembers when it did it. */
export function createMaintenanceTurn(options: MaintenanceOptions): () => Promise<void> {
  const {
    db,
    tables,
    checkpointEveryMs = 180_000,
    checkpointBytes = 64 * 1024 * 1024,
    mostBytes = 256 * 1024 * 1024,
    vacuumEveryMs = 300_000,
  } = options;
  const now = options.now ?? Date.now;
  let checkpoint: { at: number; position: bigint } | undefined;
  let vacuumedAt = now();
  let seen: bigint | undefined;

  return async () => {
    const position = await logPosition(db);
    checkpoint ??= { at: now(), position };
    const grown = position - checkpoint.position;
    const isBusy = position - (seen ?? position) > BUSY_BYTES;
    seen = position;
    if (
      grown >= BigInt(isBusy ? mostBytes : checkpointBytes) ||
      (grown > 0n && now() - checkpoint.at >= checkpointEveryMs)
    ) {
      await db.query('checkpoint');
      // A checkpoint writes to the log itself: measured from after it, an idle database stays idle.
      checkpoint = { at: now(), position: await logPosition(db) };
    }
    if (now() - vacuumedAt >= vacuumEveryMs) {
      vacuumedAt = now();
      await vacuum(db, tables);
    }
  };
}

async function vacuum(db: Db, tables: string[]): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where to_regclass(quote_ident(name)) is not null',
    [tables],
  );
  for (const { name } of rows) {
    // One statement each: between them, those who wait for the only connection get their turn.
    await db.query(`vacuum (analyze) ${escapeIdentifier(name)}`);
  }
}

async function logPosition(db: Db): Promise<bigint> {
  const { rows } = await db.query<{ bytes: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as bytes`,
  );
  return BigInt(rows[0]?.bytes ?? 0);
}
