/** The thread of the embedded database: see `embedded-thread.ts`, which starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDurablePGlite } from './durable-pglite';
import { embeddedIn } from './embedded-database';
import type { FromThread, ToThread } from './embedded-thread';
import { StoreError } from './errors';

const say = (said: FromThread, bytes: ArrayBuffer[] = []): void => parentPort?.postMessage(said, bytes);
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Nothing may be done after this, not even the rest of a statement: the thread stands still until the process ends. */
function onFatal(error: unknown): never {
  say({ fatal: textOf(error) });
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

async function main({ directory }: { directory: string }): Promise<void> {
  const pglite = await openDurablePGlite(directory, { onFatal });
  const database = embeddedIn(pglite);
  const work = async (told: ToThread): Promise<void> => {
    if ('close' in told) {
      await database.close();
      return say({ closed: true });
    }
    try {
      const answer = await database.send(told.messages);
      say({ answer }, [answer.buffer]);
    } catch (error) {
      say({ failed: textOf(error) });
    }
  };
  let working = Promise.resolve();
  parentPort?.on('message', (told: ToThread) => {
    working = working.then(() => work(told)).catch(onFatal);
  });
  say({ opened: true });
}

main(workerData as { directory: string }).catch((error: unknown) =>
  say({ refused: { code: error instanceof StoreError ? error.code : null, message: textOf(error) } }),
);
