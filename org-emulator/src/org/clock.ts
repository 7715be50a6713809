/** The time as the org sees it. It can be stopped at an instant, so that tests reach yesterday and next year. */
export class Clock {
  private stoppedAt: number | null = null;

  /** The org's time: where the clock was stopped, else the machine's. */
  readonly now = (): Date => new Date(this.stoppedAt ?? Date.now());

  /** Stops the clock at an instant; null lets it run with the machine again. */
  set(instant: Date | null): void {
    this.stoppedAt = instant?.getTime() ?? null;
  }

  /** Whether the clock is stopped. */
  get isStopped(): boolean {
    return this.stoppedAt !== null;
  }
}
