import { existsSync, fsyncSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { StoreError } from './errors';

/** What the hooked file system tells. */
export interface DiskListener {
  /** Called for every sync, before it. */
  onSync: () => void;
  /** Called when a sync failed or the database gave up. Must not return: what it believes to be on disk is not. */
  onFailure: (error: unknown) => never;
}

export interface DurablePGliteOptions {
  /** An error after which no more work may be acknowledged: say it and end the process, without awaiting anything. */
  onFatal: (error: unknown) => never;
  /** Called for every sync, for those who count. */
  onSync?: () => void;
  /** Makes the file system of a directory. Default one with a working fsync; tests pass a spoilt one. */
  fileSystem?: (directory: string, listener: DiskListener) => NodeFS;
}

/** `startParams` replaces the defaults, hence the filter: -F would turn fsync off. */
const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  '-c',
  'fsync=on',
  // The default method, fdatasync, is a stub in this build.
  '-c',
  'wal_sync_method=fsync',
  // A new file of the log grows as it is written: to fill its 16 MB with zeros first stops everything for as long.
  '-c',
  'wal_init_zero=off',
];

/**
 * Opens, or at first start creates, an embedded PostgreSQL in `directory` whose commits are on disk when they are
 * acknowledged. The caller holds the lock of the directory: PGlite has none of its own.
 *
 * @throws StoreError `not-durable` when a probe commit does not reach the disk; nothing may be stored then.
 */
export async function openDurablePGlite(directory: string, options: DurablePGliteOptions): Promise<PGlite> {
  if (!existsSync(directory)) {
    await createDatabase(directory, options);
  }
  return openAndProbe(directory, options);
}

/**
 * Makes the database under another name first, and gives it its own name when all of it is on disk. So a start that
 * is killed half-way leaves no directory that looks like a database.
 */
async function createDatabase(directory: string, options: DurablePGliteOptions): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  const pglite = await openAndProbe(unfinished, options);
  await pglite.close();
  await syncTree(unfinished);
  await rename(unfinished, directory);
  await syncOne(dirname(directory));
  await syncOne(dirname(dirname(directory)));
}

async function openAndProbe(directory: string, options: DurablePGliteOptions): Promise<PGlite> {
  let syncs = 0;
  const listener: DiskListener = {
    onSync() {
      syncs += 1;
      options.onSync?.();
    },
    onFailure: options.onFatal,
  };
  const fileSystem = options.fileSystem ?? ((path, to) => new DurableNodeFs(path, to));
  const pglite = await PGlite.create({ fs: fileSystem(directory, listener), startParams: START_PARAMS });
  try {
    await probeDurability(pglite, () => syncs);
  } catch (error) {
    await pglite.close();
    throw error;
  }
  return pglite;
}

async function probeDurability(pglite: PGlite, countSyncs: () => number): Promise<void> {
  const settings = await pglite.query<{ fsync: string; method: string; commit: string }>(
    `select current_setting('fsync') as fsync, current_setting('wal_sync_method') as method,
            current_setting('synchronous_commit') as commit`,
  );
  const { fsync, method, commit } = settings.rows[0] ?? {};
  if (fsync !== 'on' || method !== 'fsync' || commit !== 'on') {
    throw notDurable(`its settings are fsync ${fsync}, wal_sync_method ${method}, synchronous_commit ${commit}`);
  }
  const before = countSyncs();
  // Writes to the log and commits, as any insert does, and leaves nothing behind in a table.
  await pglite.query(`select pg_logical_emit_message(true, 'durability probe', '')`);
  if (countSyncs() === before) {
    throw notDurable('a commit did not ask the disk to keep it');
  }
}

function notDurable(what: string): StoreError {
  return new StoreError(
    'not-durable',
    `The embedded database would lose bookings in a power cut: ${what}. Nothing was stored. ` +
      'Install exactly the version of @electric-sql/pglite that package.json names (npm ci), ' +
      'or use a PostgreSQL server (DATABASE_URL).',
  );
}

/** The part of an Emscripten module that the hook touches: an open file or directory has a native descriptor, `nfd`. */
interface NodeFsModule {
  NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } };
}

/** PGlite on a directory, with a working fsync. The hook is no public API of PGlite: hence its version is pinned, and probed. */
class DurableNodeFs extends NodeFS {
  constructor(
    directory: string,
    private readonly listener: DiskListener,
  ) {
    super(directory);
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(...args);
    // Whatever makes PostgreSQL panic ends here. Without this, PGlite 0.5.16 repeats the statement for ever.
    result.emscriptenOpts.onAbort = () =>
      this.listener.onFailure(new Error('The embedded database gave up (PANIC): the disk may be full or failing'));
    result.emscriptenOpts.preRun?.push((module) => {
      (module as unknown as NodeFsModule).NODEFS.stream_ops.fsync = ({ nfd }) => {
        this.listener.onSync();
        try {
          fsyncSync(nfd);
        } catch (error) {
          // An error thrown from here does not get out either: it is swallowed, and the statement repeated.
          this.listener.onFailure(error);
        }
        return 0;
      };
    });
    return result;
  }
}

/** Syncs every file and directory below and including `directory`. */
export async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      await syncTree(path);
    } else if (entry.isFile()) {
      await syncOne(path);
    }
  }
  await syncOne(directory);
}

async function syncOne(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
