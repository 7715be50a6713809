import { HttpProblem } from './problem';

/** Counts failed sign-ins, so that nobody can try at leisure. */
export interface Attempts {
  /** @throws HttpProblem 429 when this address has failed too often within the window. */
  assertAllowed(address: string): void;
  fail(address: string): void;
}

/** @param most failures an address may have in a window. */
export function createAttempts({ most, windowMs }: { most: number; windowMs: number }): Attempts {
  const failures = new Map<string, number>();
  let endsAt = 0;
  const inWindow = (): Map<string, number> => {
    const at = performance.now();
    if (at >= endsAt) {
      failures.clear();
      endsAt = at + windowMs;
    }
    return failures;
  };
  return {
    assertAllowed(address) {
      if ((inWindow().get(address) ?? 0) < most) return;
      const seconds = Math.ceil((endsAt - performance.now()) / 1000);
      throw new HttpProblem(429, 'too-many-attempts', `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
        'retry-after': String(seconds),
      });
    },
    fail(address) {
      inWindow().set(address, (failures.get(address) ?? 0) + 1);
    },
  };
}
