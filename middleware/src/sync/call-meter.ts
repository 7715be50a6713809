import type { ApiUsage } from '../salesforce/api-usage';
import type { CallPurpose, CallReport } from '../salesforce/org-connection';

/** What own calls are counted by; every call of a try that finds out whether the org has room again is a `probe`. */
export type CountedPurpose = CallPurpose | 'probe' | 'unaccounted';

/** A turn needed more calls than were set aside for it. Nothing of the last one was sent. */
export class CallsSpentError extends Error {
  override readonly name = 'CallsSpentError';
  readonly code = 'CALLS_SPENT';

  constructor(readonly calls: number) {
    super(`The turn may make ${calls} calls and needs more.`);
  }
}

/** Counts the calls of a lane's turns, and keeps each turn within what was set aside for it. */
export class CallMeter {
  #limit = 0;
  #made = 0;
  #isProbe = false;
  #calls = new Map<CountedPurpose, number>();
  #readings: ApiUsage[] = [];

  constructor(private readonly onCounted: (purpose: CountedPurpose, durationMs: number) => void = () => undefined) {}

  /** From here on `calls` may be made. */
  start({ calls, isProbe }: { calls: number; isProbe: boolean }): void {
    this.#limit = calls;
    this.#made = 0;
    this.#isProbe = isProbe;
  }

  /** Calls that the running turn may still make. */
  get left(): number {
    return this.#limit - this.#made;
  }

  /** For the connection, before each call. @throws CallsSpentError when none is left. */
  readonly beforeCall = (): void => {
    if (this.left <= 0) throw new CallsSpentError(this.#limit);
    this.#made += 1;
  };

  /** For the connection, after each call. */
  readonly onCall = ({ purpose, durationMs, limitInfo }: CallReport): void => {
    const counted = this.#isProbe ? 'probe' : purpose;
    this.#calls.set(counted, (this.#calls.get(counted) ?? 0) + 1);
    this.onCounted(counted, durationMs);
    if (limitInfo !== null) this.#readings.push(limitInfo);
  };

  /** What was counted and read since the last reset. */
  get spent(): { calls: ReadonlyMap<CountedPurpose, number>; readings: readonly ApiUsage[] } {
    return { calls: this.#calls, readings: this.#readings };
  }

  /** Forgets what was counted: it is recorded. */
  reset(): void {
    this.#calls = new Map();
    this.#readings = [];
  }
}
