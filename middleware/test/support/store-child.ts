/**
 * A process of its own for the tests of the store: `store-child.ts <work> <data directory>`. It says on standard
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

const open = (dataDir: string) =>
  openStore({
    dataDir,
    migrations: join(__dirname, '../fixtures/store-migrations'),
    log: pino({ level: 'silent' }),
  });

/** Inserts rows for ever, in groups of about 20, and says each number when, and only when, it is committed. */
async function insert(dataDir: string): Promise<void> {
  const store = await open(dataDir);
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

/** Inserts one row with a sound disk, and one while the disk fails in the way that `breakDisk` makes it fail. */
async function insertOnBadDisk(dataDir: string, call: 'fsyncSync' | 'writeSync'): Promise<void> {
  const store = await open(dataDir);
  await store.query('insert into kept values (1)');
  say('kept 1');
  await breakDisk(call);
  await store.query('insert into kept values (2)').catch((error: Error) => say(error.message));
  say('went on');
}

/** From now on a call of the file system fails in the thread of the database: see `break-disk.cjs`. */
async function breakDisk(call: string): Promise<void> {
  const channel = new BroadcastChannel('break-disk');
  const broken = new Promise((resolve) => (channel.onmessage = resolve));
  channel.postMessage(call);
  await broken;
  channel.close();
}

const WORKS: Record<string, (dataDir: string) => Promise<void>> = {
  lock,
  insert,
  'insert-sync-fails': (dataDir) => insertOnBadDisk(dataDir, 'fsyncSync'),
  'insert-write-fails': (dataDir) => insertOnBadDisk(dataDir, 'writeSync'),
};

async function main([work, dataDir]: string[]): Promise<void> {
  await WORKS[work as string]?.(dataDir as string);
}

main(process.argv.slice(2)).catch((error: Error) => {
  say(`refused: ${error.message}`);
  process.exit(1);
});
