import type { Db } from '../store/db';
import { stripRawBodies } from './retention.store';

export interface RetentionOptions {
  db: Db;
  /** How long raw bodies are kept. */
  days: number;
  now: () => Date;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** How often to look. Default: once an hour. */
  everyMs?: number;
  /** Bodies of one statement: webhooks get their turn between two. Default 200. */
  slice?: number;
}

const DAY_MS = 86_400_000;

/**
 * Strips raw bodies that were kept long enough, at once and then from a timer.
 * @returns stops the timer, and waits for the slice that runs.
 */
export function startRetention({
  db,
  days,
  now,
  log,
  everyMs = 3_600_000,
  slice = 200,
}: RetentionOptions): () => Promise<void> {
  let isStopped = false;
  const strip = async (): Promise<void> => {
    const before = new Date(now().getTime() - days * DAY_MS);
    let stripped = 0;
    for (let count = slice; count === slice && !isStopped; stripped += count) {
      count = await stripRawBodies(db, before, slice);
    }
    if (stripped > 0) log.info({ stripped, days }, 'Raw bodies were stripped after their retention time');
  };
  // What fails is tried again next time: until then nothing is lost, and bodies are kept a little longer.
  const turn = (): Promise<void> =>
    strip().catch((error: unknown) => log.warn({ err: error }, 'Raw bodies could not be stripped'));
  let running = turn();
  const timer = setInterval(() => {
    running = running.then(turn);
  }, everyMs);
  timer.unref();
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}
