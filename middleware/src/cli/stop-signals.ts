import { constants } from 'node:os';

/** Resolves at the first SIGTERM or SIGINT; a second one, of either, ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(128 + constants.signals[signal]);
        isStopping = true;
        resolve();
      });
    }
  });
}

/**
 * Stops, and ends the process when that takes too long: nothing that was answered is lost by it, as it is on disk, and
 * a lane that was not given back is free when its lease ends.
 */
export async function stopWithin(
  seconds: number,
  log: { warn(fields: object, message: string): void },
  stop: () => Promise<void>,
): Promise<void> {
  const timer = setTimeout(() => {
    log.warn({ seconds }, 'Stopping took too long: what is left is done after the next start');
    process.exit(0);
  }, seconds * 1_000);
  await stop();
  clearTimeout(timer);
}
