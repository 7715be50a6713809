import type { ApiUsage } from '../salesforce/api-usage';
import type { CallPurpose, CallReport } from '../salesforce/org-connection';

/** What own calls are counted by; every call of a try that finds out whether the org has room again is a `probe`. */
export type CountedPurpose = CallPurpose | 'probe' | 'unaccounted';

/** Calls that were made, by what they were for, and what their answers said of the org's allowance, in order. */
export interface Spent {
  calls: ReadonlyMap<CountedPurpose, number>;
  readings: readonly ApiUsage[];
}

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
  #inFlight = 0;
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
    this.#inFlight += 1;
  };

  /** For the connection, after each call. */
  readonly onCall = ({ purpose, durationMs, limitInfo }: CallReport): void => {
    this.#inFlight -= 1;
    const counted = this.#isProbe ? 'probe' : purpose;
    this.#calls.set(counted, (this.#calls.get(counted) ?? 0) + 1);
    this.onCounted(counted, durationMs);
    if (limitInfo !== null) this.#readings.push(limitInfo);
  };

  /** Calls that are sent and not answered: they are counted when they are. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Calls that were sent and are not recorded. */
  get unrecorded(): number {
    return [...this.#calls.values()].reduce((sum, count) => sum + count, this.#inFlight);
  }

  /** What was counted and read, and not taken yet. */
  get spent(): Spent {
    return { calls: this.#calls, readings: this.#readings };
  }

  /** Takes what was counted and read, to be recorded: what comes from here on is told by the next. */
  take(): Spent {
    const { spent } = this;
    this.#calls = new Map();
    this.#readings = [];
    return spent;
  }

  /** Takes back what could not be recorded. */
  giveBack({ calls, readings }: Spent): void {
    for (const [purpose, count] of calls) this.#calls.set(purpose, (this.#calls.get(purpose) ?? 0) + count);
    this.#readings = [...readings, ...this.#readings];
  }
}
