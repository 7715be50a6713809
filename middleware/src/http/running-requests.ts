import type { Server } from 'node:http';

/** The requests that a server has begun and not answered yet. */
export interface RunningRequests {
  /** Resolves when there is none, or after so many milliseconds. */
  idle(forMs: number): Promise<void>;
}

/** Counts requests from now on. */
export function countRequests(server: Server): RunningRequests {
  let running = 0;
  let onIdle = (): void => undefined;
  server.on('request', (_req, res) => {
    running += 1;
    res.once('close', () => {
      running -= 1;
      if (running === 0) onIdle();
    });
  });
  return {
    idle: (forMs) =>
      running === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            const timer = setTimeout(resolve, forMs);
            onIdle = () => {
              clearTimeout(timer);
              resolve();
            };
          }),
  };
}
