import { join } from 'node:path';
import { Client } from 'pg';
import { createCoalescer } from '../src/store/coalescer';
import { isConnectionError } from '../src/store/is-connection-error';
import { createMaintenanceTurn } from '../src/store/maintenance';
import { openStore, type Store } from '../src/store/store';
import { describeOnStores, describePostgres, SILENT } from './support/postgres';

const migrations = join(__dirname, 'fixtures/store-migrations');

const keptNumbers = async (store: Store) =>
  (await store.query<{ number: number }>('select number from kept order by number')).rows.map(({ number }) => number);

describeOnStores('the store', ({ name, open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open({ migrations, connectTimeoutMs: 2_000 });
  });
  beforeEach(() => store.query('truncate kept'));

  it('says which database it is, and what opening it applied', () => {
    expect(store.kind).toBe(name);
    expect(store.migrated).toEqual(['001-kept.sql']);
  });

  it('commits what a transaction did, and gives its result', async () => {
    const result = await store.transaction(async (client) => {
      await client.query('insert into kept values (1)');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await keptNumbers(store)).toEqual([1]);
  });

  it('rolls back a transaction that throws, and passes the error on', async () => {
    const error = new Error('no');
    const work = store.transaction(async (client) => {
      await client.query('insert into kept values (1)');
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await keptNumbers(store)).toEqual([]);
  });

  it('passes on what the database refused, with its code, and works afterwards', async () => {
    const work = store.transaction(async (client) => {
      await client.query('insert into kept values (1)');
      await client.query('insert into kept values (1)');
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    await expect(store.query('select boom')).rejects.toMatchObject({ code: '42703' });
    expect(await keptNumbers(store)).toEqual([]);
  });

  it('keeps transactions that run at once apart', async () => {
    await Promise.allSettled(
      Array.from({ length: 20 }, (_one, number) =>
        store.transaction(async (client) => {
          await client.query('insert into kept values ($1)', [number]);
          if (number % 2 === 1) {
            throw new Error('odd');
          }
        }),
      ),
    );
    expect(await keptNumbers(store)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it('leaves no open transaction behind a client that was thrown away', async () => {
    const client = await store.pool.connect();
    await client.query('begin');
    await client.query('insert into kept values (1)');
    client.release(true);
    await store.query('insert into kept values (2)');
    expect(await keptNumbers(store)).toEqual([2]);
    expect((await store.query('select now() = statement_timestamp() as alone')).rows).toEqual([{ alone: true }]);
  });

  it('goes on when a client is thrown away in the middle of a statement', async () => {
    const client = await store.pool.connect();
    void client.query('select pg_sleep(0.05)').catch(() => undefined);
    client.release(true);
    expect((await store.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect((await store.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
  });

  it('takes a named statement again and again, also on a new client', async () => {
    const keep = (number: number) => ({ name: 'keep', text: 'insert into kept values ($1)', values: [number] });
    await store.query(keep(1));
    await store.query(keep(2));
    (await store.pool.connect()).release(true);
    await store.query(keep(3));
    expect(await keptNumbers(store)).toEqual([1, 2, 3]);
  });

  it('stores a coalesced group with one bad row as its other rows', async () => {
    const coalescer = createCoalescer<number, number>({
      flush: async (numbers) => {
        await store.query('insert into kept select unnest($1::int[])', [numbers]);
        return numbers;
      },
    });
    await store.query('insert into kept values (2)');
    const results = await Promise.allSettled([1, 2, 3].map((number) => coalescer.add(number)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await keptNumbers(store)).toEqual([1, 2, 3]);
  });

  it('closes twice without harm, and refuses what comes later', async () => {
    const other = await open({ migrations });
    await Promise.all([other.close(), other.close()]);
    await expect(other.query('select 1')).rejects.toThrow();
  });

  if (name === 'pglite') {
    it('says what to look for when a statement waits for the transaction it should be in', async () => {
      const work = store.transaction(() => store.query('select 1'));
      await expect(work).rejects.toMatchObject({ code: 'store-busy' });
    });

    it('makes checkpoints by time and by size, and vacuums, only when due', async () => {
      let now = 0;
      const statements: string[] = [];
      const db = {
        query: ((sql: string, values?: unknown[]) => {
          statements.push(sql);
          return store.query(sql, values);
        }) as Store['query'],
      };
      const turn = createMaintenanceTurn({
        db,
        tables: ['kept', 'not there'],
        log: SILENT,
        checkpointEveryMs: 1_000,
        checkpointBytes: 1_000_000,
        mostBytes: 20_000_000,
        vacuumEveryMs: 5_000,
        now: () => now,
      });
      /** What a turn did at this time. */
      const doneAt = async (ms: number) => {
        now = ms;
        statements.length = 0;
        await turn();
        return statements.filter((sql) => !sql.startsWith('select'));
      };
      const write = (bytes: number) => store.query(`select pg_logical_emit_message(true, 'x', repeat('y', ${bytes}))`);

      expect(await doneAt(0)).toEqual([]);
      expect(await doneAt(1_500)).toEqual([]); // nothing was written
      await write(10);
      expect(await doneAt(1_600)).toEqual(['checkpoint']);
      expect(await doneAt(3_000)).toEqual([]);
      await write(10);
      expect(await doneAt(3_100)).toEqual(['checkpoint']);
      await write(10);
      expect(await doneAt(3_200)).toEqual([]); // too soon for so little
      await write(2_000_000);
      expect(await doneAt(3_300)).toEqual(['checkpoint']);
      expect(await doneAt(5_000)).toEqual(['vacuum (analyze) "kept"']);
      expect(await doneAt(9_000)).not.toContain('vacuum (analyze) "kept"');

      // In a burst everybody would wait for it: it comes after the burst, or when the log has grown very long.
      await write(10);
      expect(await doneAt(20_000)).toContain('checkpoint');
      await write(6_000_000);
      expect(await doneAt(20_100)).toEqual([]);
      expect(await doneAt(20_200)).toEqual(['checkpoint']);
      await write(6_000_000);
      expect(await doneAt(20_300)).toEqual([]);
      await write(16_000_000);
      expect(await doneAt(20_400)).toEqual(['checkpoint']);
    });
  }
});

describePostgres('the store on a server', ({ create }) => {
  it('fails what runs when the server ends the connection, and goes on with a new one', async () => {
    const place = (await create()) as { databaseUrl: string };
    const store = await openStore({ ...place, migrations, log: SILENT });
    const other = new Client({ connectionString: place.databaseUrl });
    await other.connect();
    const work = store.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await client.query('select 1');
    });
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
    expect((await store.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await other.end();
    await store.close();
  });

  it('has no statement compiled for each of its runs, on any connection', async () => {
    const place = (await create()) as { databaseUrl: string };
    const store = await openStore({ ...place, migrations, log: SILENT });
    const clients = [await store.pool.connect(), await store.pool.connect()];
    for (const client of clients) {
      expect((await client.query('show jit')).rows).toEqual([{ jit: 'off' }]);
      client.release();
    }
    await store.close();
  });

  it('says in words of its connection that nobody listens there', async () => {
    const opened = openStore({ databaseUrl: 'postgres://x@127.0.0.1:1/x', migrations, log: SILENT });
    const error: unknown = await opened.catch((reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
  });
});
