/** The floor of the store: the same bytes, durable, into a table without anything else. */
import { Pool } from 'pg';
import { openDurablePGlite } from '../../src/store/durable-pglite';
import { embeddedIn } from '../../src/store/embedded-database';
import { embeddedPoolConfig } from '../../src/store/embedded-pool';
import { bodyOf } from './bodies';
import { answer } from './child';

let pool: Pool | null = null;
let made = 0;

const handlers = {
  open: async ({ databaseUrl, dataDir }: { databaseUrl: string | null; dataDir: string }): Promise<void> => {
    pool =
      databaseUrl === null
        ? new Pool(embeddedPoolConfig(embeddedIn(await openDurablePGlite(dataDir, { onFatal: () => process.exit(1) }))))
        : new Pool({ connectionString: databaseUrl, max: 1 });
    await pool.query('create table floor (id bigint generated always as identity primary key, raw_body bytea)');
  },
  /** Stores groups, one after another, each in one statement. */
  insert: async ({
    group,
    seconds,
  }: {
    group: number;
    seconds: number;
  }): Promise<{ rows: number; seconds: number }> => {
    if (pool === null) throw new Error('open comes first');
    const bodies = Array.from({ length: group }, () => Buffer.from(bodyOf(`floor${(made += 1)}`)));
    const startedAt = performance.now();
    const elapsed = (): number => (performance.now() - startedAt) / 1000;
    let rows = 0;
    while (elapsed() < seconds) {
      await pool.query({
        name: 'floor',
        text: `insert into floor (raw_body)
               select substring($1::bytea from body_from for body_length)
               from unnest($2::int[], $3::int[]) as body (body_from, body_length)`,
        // As the connector does: an array of bytea would travel as text, and the floor be none.
        values: [Buffer.concat(bodies), startsOf(bodies), bodies.map(({ length }) => length)],
      });
      rows += group;
    }
    return { rows, seconds: elapsed() };
  },
};
export type FloorStoreHandlers = typeof handlers;

function startsOf(bodies: Buffer[]): number[] {
  let next = 1;
  return bodies.map(({ length }) => (next += length) - length);
}

answer(handlers);
