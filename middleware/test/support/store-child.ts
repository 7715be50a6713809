/**
 * A process of its own for the tests of the store: `store-child.ts lock|insert <data directory>`. It says on standard
 * output, a line each, what the test may rely on from then on.
 */
import { join } from 'node:path';
import pino from 'pino';
import { createCoalescer } from '../../src/store/coalescer';
import { lockDirectory } from '../../src/store/directory-lock';
import { openStore } from '../../src/store/store';

const say = (line: string | number) => process.stdout.write(`${line}\n`);

/** Holds the directory until it is killed, and answers requests with them. */
async function lock(dataDir: string): Promise<void> {
  const held = await lockDirectory(dataDir, { onLost: () => say('lost') });
  held.answer((request) => Promise.resolve({ echo: request }));
  say('held');
  setInterval(() => undefined, 1_000);
}

/** Inserts rows for ever, in groups of about 20, and says each number when, and only when, it is committed. */
async function insert(dataDir: string): Promise<void> {
  const store = await openStore({
    dataDir,
    migrations: join(__dirname, '../fixtures/store-migrations'),
    log: pino({ level: 'silent' }),
  });
  const { rows } = await store.query<{ last: number }>('select coalesce(max(number), 0) as last from kept');
  let next = (rows[0]?.last ?? 0) + 1;
  const coalescer = createCoalescer<number, number>({
    flush: async (numbers) => {
      await store.query('insert into kept (number) select unnest($1::int[])', [numbers]);
      return numbers;
    },
  });
  const worker = async () => {
    for (;;) {
      say(await coalescer.add(next++));
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

async function main([work, dataDir]: string[]): Promise<void> {
  await (work === 'lock' ? lock : insert)(dataDir as string);
}

main(process.argv.slice(2)).catch((error: Error) => {
  say(`refused: ${error.message}`);
  process.exit(1);
});
