import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/store/store';
import { describeOnStores, describePostgres, SILENT } from './support/postgres';

const TWO_FILES = {
  '001-first.sql': "create table fruit (name text primary key);\ninsert into fruit values ('pear');",
  '002-second.sql': "alter table fruit add column color text not null default 'green';",
};

const folders: string[] = [];

/** A folder with these SQL files. */
async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'test-migrations-'));
  folders.push(folder);
  await Promise.all(Object.entries(files).map(([name, sql]) => writeFile(join(folder, name), sql)));
  return folder;
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describeOnStores('migrations', ({ create }) => {
  let place: Awaited<ReturnType<typeof create>>;
  const open = async (files: Record<string, string>) =>
    openStore({ ...place, migrations: await folderOf(files), log: SILENT });

  /** Opens and closes, for what it does and says. */
  const upgrade = async (files: Record<string, string>) => {
    const store = await open(files);
    try {
      return { migrated: store.migrated, fruit: (await store.query('select * from fruit')).rows };
    } finally {
      await store.close();
    }
  };

  beforeAll(async () => {
    place = await create();
  });

  it('applies the files in order', async () => {
    expect(await upgrade(TWO_FILES)).toEqual({
      migrated: ['001-first.sql', '002-second.sql'],
      fruit: [{ name: 'pear', color: 'green' }],
    });
  });

  it('applies none again', async () => {
    expect((await upgrade(TWO_FILES)).migrated).toEqual([]);
  });

  it('takes a file with other line ends for the same file', async () => {
    const files = { ...TWO_FILES, '001-first.sql': TWO_FILES['001-first.sql'].replace('\n', '\r\n') };
    expect((await upgrade(files)).migrated).toEqual([]);
  });

  it('applies a new file only', async () => {
    const files = { ...TWO_FILES, '010-third.sql': "insert into fruit values ('plum', 'blue')" };
    const { migrated, fruit } = await upgrade(files);
    expect(migrated).toEqual(['010-third.sql']);
    expect(fruit).toHaveLength(2);
  });

  it('refuses a database that a newer version has used', async () => {
    await expect(upgrade(TWO_FILES)).rejects.toMatchObject({
      code: 'database-newer',
      message: expect.stringContaining('010-third.sql') as string,
    });
  });

  it.each([
    ['an applied file that changed', { '001-first.sql': 'select 1' }, 'migration-changed', '001-first.sql'],
    ['a new file with a number already passed', { '003-late.sql': 'select 1' }, 'migration-invalid', '003-late.sql'],
    ['two files with one number', { '010-fourth.sql': 'select 1' }, 'migration-invalid', '010-fourth.sql'],
    ['a file without a number', { 'later.sql': 'select 1' }, 'migration-invalid', 'later.sql'],
    ['a file that fails', { '011-bad.sql': 'create table half (a int); boom' }, 'migration-invalid', '011-bad.sql'],
    ['a file that commits by itself', { '011-bad.sql': 'commit; begin' }, 'migration-invalid', '011-bad.sql'],
  ])('refuses %s', async (_title, spoilt, code, name) => {
    const files = { ...TWO_FILES, '010-third.sql': "insert into fruit values ('plum', 'blue')", ...spoilt };
    await expect(upgrade(files)).rejects.toMatchObject({ code, message: expect.stringContaining(name) as string });
  });

  it('keeps nothing of a file that failed, and goes on once it is right', async () => {
    const files = { ...TWO_FILES, '010-third.sql': "insert into fruit values ('plum', 'blue')" };
    const { migrated } = await upgrade({ ...files, '011-bad.sql': 'create table half (a int)' });
    expect(migrated).toEqual(['011-bad.sql']);
  });
});

describePostgres('migrations of several instances', ({ create }) => {
  it('are applied once when four instances start at once', async () => {
    const place = await create();
    const migrations = await folderOf({ ...TWO_FILES, '003-slow.sql': 'select pg_sleep(0.2)' });
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ ...place, migrations, log: SILENT })));
    const migrated = stores.flatMap((store) => store.migrated);
    await Promise.all(stores.map((store) => store.close()));
    expect(migrated.sort()).toEqual(['001-first.sql', '002-second.sql', '003-slow.sql']);
  });
});
