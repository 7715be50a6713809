import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks again and again until there is something to see.
 *
 * @param what is waited for, in words: "Expected <what> within 20 s".
 * @param look gives null while there is nothing yet; what it throws ends the wait.
 * @throws Error when the time is up.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | null>,
  { timeoutMs = 20_000, everyMs = 15 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  for (const end = Date.now() + timeoutMs; ;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > end) throw new Error(`Expected ${what} within ${timeoutMs / 1000} s`);
    await sleep(everyMs);
  }
}
