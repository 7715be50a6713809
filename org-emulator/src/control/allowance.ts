import type { Org } from '../org/org';
import { seededRandom } from './random';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Calls are counted by the minute, which is fine enough for a day's window. */
const SLOT_MS = 60_000;

/** The calls of the last 24 hours against the org's daily allowance. */
export class Allowance {
  private slots = new Map<number, number>();
  private random = seededRandom(1);
  /** Calls that somebody else holds for a time. */
  private held = { calls: 0, until: 0 };

  constructor(private readonly org: Org) {}

  /** Calls in the 24 hours up to now, exactly. */
  get used(): number {
    const oldest = this.slotAt(-DAY_MS);
    let total = this.org.clock.now().getTime() < this.held.until ? this.held.calls : 0;
    for (const [slot, calls] of this.slots) {
      if (slot > oldest) total += calls;
      else this.slots.delete(slot);
    }
    return total;
  }

  get max(): number {
    return this.org.settings.dailyApiRequests;
  }

  get remaining(): number {
    return Math.max(0, this.max - this.used);
  }

  /** Counts calls made now. */
  spend(calls = 1): void {
    const slot = this.slotAt(0);
    this.slots.set(slot, (this.slots.get(slot) ?? 0) + calls);
  }

  /** Spends what is left, as another integration would; for a time only when told for how long. */
  spendAll(forMs?: number): void {
    const { remaining } = this;
    if (remaining === 0) return;
    if (forMs === undefined) this.spend(remaining);
    else this.held = { calls: remaining, until: this.org.clock.now().getTime() + forMs };
  }

  /** Forgets all use. */
  reset(): void {
    this.slots = new Map();
    this.random = seededRandom(1);
    this.held = { calls: 0, until: 0 };
  }

  /**
   * The value of `Sforce-Limit-Info`: a gauge that is a few calls off, either way, as the platform's is. The error comes
   * from a seeded stream, so that a test run repeats.
   */
  limitInfo(): string {
    const noise = this.org.settings.limitNoise;
    const error = Math.round((this.random() * 2 - 1) * noise);
    const reported = Math.min(Math.max(this.used + error, 0), this.max);
    return `api-usage=${reported}/${this.max}`;
  }

  private slotAt(offsetMs: number): number {
    return Math.floor((this.org.clock.now().getTime() + offsetMs) / SLOT_MS);
  }
}
