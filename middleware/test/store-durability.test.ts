import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { openDurablePGlite } from '../src/store/durable-pglite';
import { openStore } from '../src/store/store';
import { startChild } from './support/child';
import { SILENT } from './support/postgres';

// Real processes and real disk syncs: on a slow machine several starts take their time.
jest.setTimeout(120_000);

const MIGRATIONS = join(__dirname, 'fixtures/store-migrations');

let folder: string;
let dataDir: string;

const open = () => openStore({ dataDir, migrations: MIGRATIONS, log: SILENT });
const onFatal = (error: unknown): never => {
  throw error;
};

/** Numbers in the table, in order. */
async function keptNumbers(): Promise<number[]> {
  const store = await open();
  try {
    const { rows } = await store.query<{ number: number }>('select number from kept order by number');
    return rows.map(({ number }) => number);
  } finally {
    await store.close();
  }
}

// Making the database takes seconds: the tests share it.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-durability-'));
  dataDir = join(folder, 'data');
  // As a first start leaves it that was killed half-way.
  await mkdir(join(dataDir, 'database.unfinished', 'base'), { recursive: true });
  await writeFile(join(dataDir, 'database.unfinished', 'PG_VERSION'), '18\n');
});

afterAll(() => rm(folder, { recursive: true }));

describe('the embedded database', () => {
  it('is made anew when its first start was killed half-way', async () => {
    expect(await keptNumbers()).toEqual([]);
    expect(await readdir(dataDir)).toEqual(['database']);
  });

  it('keeps what was written, over a restart', async () => {
    const store = await open();
    await store.query('insert into kept values (1)');
    await store.close();
    expect(await keptNumbers()).toEqual([1]);
  });

  it('asks the disk to keep each commit, and commits with fsync on', async () => {
    let syncs = 0;
    const pglite = await openDurablePGlite(join(dataDir, 'database'), { onFatal, onSync: () => (syncs += 1) });
    const counts: number[] = [];
    for (let number = 2; number <= 4; number += 1) {
      syncs = 0;
      await pglite.query('insert into kept values ($1)', [number]);
      counts.push(syncs);
    }
    await pglite.close();
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  });

  it('is refused when commits do not reach the disk', async () => {
    const spoilt = openDurablePGlite(join(dataDir, 'database'), {
      onFatal,
      fileSystem: (directory) => new NodeFS(directory),
    });
    await expect(spoilt).rejects.toMatchObject({
      code: 'not-durable',
      message: expect.stringContaining('a commit did not ask the disk to keep it') as string,
    });
  });

  it('is not even made when commits do not reach the disk', async () => {
    const directory = join(folder, 'other', 'database');
    const spoilt = openDurablePGlite(directory, { onFatal, fileSystem: (path) => new NodeFS(path) });
    await expect(spoilt).rejects.toMatchObject({ code: 'not-durable' });
    expect(existsSync(directory)).toBe(false);
  });

  it('is refused when a setting lets commits return early, and says which', async () => {
    const store = await open();
    await store.query('alter system set synchronous_commit = off');
    await store.close();
    await expect(open()).rejects.toThrow('fsync on, wal_sync_method fsync, synchronous_commit off');
    await writeFile(join(dataDir, 'database', 'postgresql.auto.conf'), '');
    await (await open()).close();
  });

  it('is held by one server', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({ code: 'directory-held' });
    expect((await store.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await store.close();
  });

  it.each(['insert-sync-fails', 'insert-write-fails'])(
    'ends the process when the disk fails (%s), and goes on with what it had acknowledged',
    async (work) => {
      const store = await open();
      await store.query('truncate kept');
      await store.close();
      const child = startChild('store-child.ts', [work, dataDir], ['break-disk.cjs']);
      expect(await child.ended()).toBe(1);
      expect(child.lines).toEqual(['kept 1']);
      // The second row may be there: nobody was told that it is, nor that it is not.
      expect((await keptNumbers())[0]).toBe(1);
    },
  );

  it('loses nothing that it acknowledged when its process is killed, again and again', async () => {
    const acknowledged: number[] = [];
    for (const afterMs of [300, 50, 200]) {
      const child = startChild('store-child.ts', ['insert', dataDir]);
      await child.said(1);
      await sleep(afterMs);
      await child.kill();
      acknowledged.push(...child.lines.map(Number));
    }
    expect(acknowledged.length).toBeGreaterThan(200);
    const kept = new Set(await keptNumbers());
    expect(acknowledged.filter((number) => !kept.has(number))).toEqual([]);
  });
});
