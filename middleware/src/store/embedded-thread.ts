import { Worker } from 'node:worker_threads';
import type { EmbeddedDatabase } from './embedded-database';
import { StoreError, type StoreErrorCode } from './errors';

/** What the thread of the database says. Statements are answered in the order in which they were sent. */
export type FromThread =
  | { opened: true }
  | { refused: { code: StoreErrorCode | null; message: string } }
  | { answer: Uint8Array<ArrayBuffer> }
  | { failed: string }
  | { fatal: string }
  | { closed: true };

/** What it is told: to work on messages of PostgreSQL's protocol, or to close. */
export type ToThread = { messages: Uint8Array<ArrayBuffer> } | { close: true };

interface Asked {
  resolve(said: FromThread): void;
  reject(error: Error): void;
}

/**
 * Opens the durable embedded database of a directory (see `openDurablePGlite`) in a thread of its own: whatever takes
 * long there, a checkpoint or a disk that is slow to sync, holds up those who wait for the database, and nobody else.
 *
 * @param onFatal an error after which no more work may be acknowledged: say it and end the process.
 * @throws StoreError as `openDurablePGlite`.
 */
export async function openInThread(
  directory: string,
  { onFatal }: { onFatal: (error: unknown) => never },
): Promise<EmbeddedDatabase> {
  const worker = new Worker(require.resolve('./embedded-worker'), { workerData: { directory } });
  const asked: Asked[] = [];
  let isEnded = false;
  const ask = (say: () => void): Promise<FromThread> =>
    new Promise((resolve, reject) => {
      if (isEnded) return reject(new Error('The embedded database is closed'));
      asked.push({ resolve, reject });
      worker.ref(); // the process lives on while something is asked, and not for the thread alone
      say();
    });
  worker.on('message', (said: FromThread) => {
    if ('fatal' in said) return void onFatal(new Error(said.fatal));
    asked.shift()?.resolve(said);
    if (asked.length === 0) worker.unref();
  });
  worker.on('error', (error) => onFatal(error));
  worker.on('exit', () => {
    isEnded = true;
    for (const one of asked.splice(0)) one.reject(new Error('The embedded database has ended'));
  });

  const opened = await ask(() => undefined);
  if ('refused' in opened) {
    await worker.terminate();
    const { code, message } = opened.refused;
    throw code === null ? new Error(message) : new StoreError(code, message);
  }
  const tell = (message: ToThread, bytes: ArrayBuffer[] = []): Promise<FromThread> =>
    ask(() => worker.postMessage(message, bytes));
  return {
    send: async (messages) => {
      const said = await tell({ messages }, [messages.buffer]);
      if ('answer' in said) return said.answer;
      throw new Error('failed' in said ? said.failed : 'The embedded database gave no answer');
    },
    close: async () => {
      await tell({ close: true });
      await worker.terminate();
    },
  };
}
