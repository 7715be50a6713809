import { setTimeout as sleep } from 'node:timers/promises';
import type { LaneHold } from '../booking/booking.store';
import type { Store } from '../store/store';
import type { CallMeter, CountedPurpose } from './call-meter';
import { LaneWork } from './lane-work';
import { releaseLane, renewLane, takeLane, type LaneName } from './lane.store';
import type { OrgSession } from './org-session';
import { readOrgs, type Org } from './org.store';
import { retryDelayMs } from './settle';
import type { TurnReport } from './turn';

/** The log as the lane uses it: numbers and codes, no personal data. */
export interface LaneLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface LaneDeps {
  store: Store;
  /** This instance, named differently from every other. */
  holder: string;
  /** Opens a session whose calls the meter counts and bounds. */
  openSession: (org: Org, meter: CallMeter) => OrgSession;
  now: () => Date;
  random: () => number;
  log: LaneLog;
  /** How long a dead instance keeps the lane. */
  leaseMs: number;
  /** How often to look for what other instances received. */
  pollMs: number;
  /** How often to look whether the org is still as the settings need it. */
  watchMs: number;
  /** After each turn that had something to do; `startedAt` is when it began. */
  onTurn?: (place: LaneHold, report: TurnReport & { durationMs: number; startedAt: Date }) => void;
  /** After each API call. */
  onCall?: (orgId: string, purpose: CountedPurpose, durationMs: number) => void;
}

/** What a lane is doing, for readiness and status. */
export interface LaneState {
  /** `saving`: API calls are scarce, and bookings wait for a larger batch. */
  state: 'notStarted' | 'held elsewhere' | 'working' | 'idle' | 'saving' | 'paused';
  /** Why it pauses, in words for the admin. */
  cause: string | null;
  remedy: string | null;
}

/** A writer to an org: takes turns while it holds the lane. */
export interface Lane {
  readonly orgId: string;
  state(): LaneState;
  /** Something became due. A lane that pauses because of the org goes on pausing: deliveries must not hammer it. */
  wake(): void;
  /** Somebody may have put things right: try again at once, also out of a pause. */
  resume(): void;
  /** Finishes the running turn and gives the lane back. */
  stop(): Promise<void>;
}

/** An org has so many lanes at most. */
const MAX_LANES = 2;

/**
 * Starts the lanes of an org; the second one works while the org is set to two. They run until they are stopped; faults
 * of the org make them wait, never end.
 */
export function startLanes(orgId: string, deps: LaneDeps): Lane {
  const lanes = Array.from({ length: MAX_LANES }, (_, lane) => new RunningLane({ orgId, lane }, deps));
  return {
    orgId,
    state: () => mostTelling(lanes.filter((lane) => lane.isUsed).map((lane) => lane.state())),
    wake: () => lanes.forEach((lane) => lane.wake()),
    resume: () => lanes.forEach((lane) => lane.resume()),
    stop: async () => void (await Promise.all(lanes.map((lane) => lane.stop()))),
  };
}

/** How often a lane that rests for long looks whether an admin acted through another process. */
const LOOK_FOR_RESUME_MS = 2_000;

/** What is to be said of an org whose lanes do different things. */
const TELLING: LaneState['state'][] = ['paused', 'saving', 'working', 'idle', 'held elsewhere', 'notStarted'];

function mostTelling(states: LaneState[]): LaneState {
  const [first = NOT_STARTED] = states.sort((a, b) => TELLING.indexOf(a.state) - TELLING.indexOf(b.state));
  return first;
}

const NOT_STARTED: LaneState = { state: 'notStarted', cause: null, remedy: null };
const HELD_ELSEWHERE: LaneState = { state: 'held elsewhere', cause: null, remedy: null };

class RunningLane {
  /** Null while the lane is held. */
  #outside: LaneState | null = NOT_STARTED;
  #stopped = false;
  #isForced = false;
  #held: { token: string; layout: number } | null = null;
  /** On the monotonic clock, in milliseconds: a clock that is set must not prolong a lease. */
  #leasedUntil = 0;
  #failures = 0;
  #awake = new AbortController();
  /** As the org had it at the last step. */
  #resumes: string | undefined;
  readonly #work: LaneWork;
  readonly #ended: Promise<void>;
  /** Whether the org has so many lanes. */
  isUsed: boolean;

  constructor(
    private readonly name: LaneName,
    private readonly deps: LaneDeps,
  ) {
    this.isUsed = name.lane === 0;
    this.#work = new LaneWork(name.orgId, deps);
    this.#ended = this.#run();
  }

  state(): LaneState {
    return this.#outside ?? this.#work.state;
  }

  wake(): void {
    const { state } = this.state();
    // One that was not started neither: pressing Start resumes it.
    if (state !== 'paused' && state !== 'saving' && state !== 'notStarted') this.#awake.abort();
  }

  resume(): void {
    const { state } = this.state();
    if (state === 'paused' || state === 'saving') this.#isForced = true;
    this.#awake.abort();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#awake.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        const waitMs = await this.#step();
        this.#failures = 0;
        if (waitMs > 0) await this.#rest(waitMs);
      } catch (error) {
        // The store failed, or we did: nothing is settled, everything stays due.
        this.#failures += 1;
        this.deps.log.warn({ ...this.name, err: error }, 'The lane failed and tries again');
        await this.#sleep(retryDelayMs(Math.min(this.#failures, 6), this.deps.random));
      }
    }
    await this.#letGo().catch((error: unknown) =>
      this.deps.log.warn({ ...this.name, err: error }, 'The lane could not be given back: its lease ends by itself'),
    );
  }

  /** @returns how long to wait for the next step, in milliseconds. */
  async #step(): Promise<number> {
    const { store, leaseMs, pollMs } = this.deps;
    const org = (await readOrgs(store)).find(({ id }) => id === this.name.orgId);
    this.#resumes = org?.resumes;
    this.isUsed = org !== undefined && this.name.lane < org.lanes;
    if (org === undefined || !this.isUsed || (this.#held !== null && this.#held.layout !== org.laneLayout)) {
      await this.#letGo();
      this.#outside = NOT_STARTED;
      if (org === undefined || !this.isUsed) return pollMs;
    }
    if (!(await this.#hold(org.laneLayout)) || this.#held === null) {
      this.#outside = HELD_ELSEWHERE;
      return leaseMs / 4;
    }
    this.#outside = null;
    const hold = {
      ...this.name,
      lanes: org.lanes,
      generation: org.generation,
      token: this.#held.token,
    };
    const assertHeld = (): void => {
      if (performance.now() >= this.#leasedUntil) throw new Error('The lease of the lane has ended.');
    };
    const isForced = this.#isForced;
    this.#isForced = false;
    const stopRenewing = this.#renewWhileWorking(this.#held.token);
    try {
      return await this.#work.step({ org, hold, assertHeld, isForced });
    } finally {
      stopRenewing();
    }
  }

  /** Takes the lane, or prolongs its lease when a third of it has passed. */
  async #hold(layout: number): Promise<boolean> {
    const { store, holder, leaseMs } = this.deps;
    const asked = performance.now();
    if (this.#held !== null && this.#leasedUntil - asked > (leaseMs * 2) / 3) return true;
    if (this.#held !== null && (await renewLane(store, { ...this.name, token: this.#held.token, leaseMs }))) {
      this.#leasedUntil = asked + leaseMs;
      return true;
    }
    const lease = await takeLane(store, { ...this.name, layout, holder, leaseMs });
    this.#held = lease === null ? null : { token: lease.token, layout };
    this.#leasedUntil = asked + leaseMs;
    return lease !== null;
  }

  async #letGo(): Promise<void> {
    if (this.#held === null) return;
    const { token } = this.#held;
    this.#held = null;
    await this.#work.finish({ lane: this.name.lane, token });
    await releaseLane(this.deps.store, { ...this.name, token });
  }

  #renewWhileWorking(token: string): () => void {
    const { store, leaseMs, log } = this.deps;
    const timer = setInterval(() => {
      const asked = performance.now();
      renewLane(store, { ...this.name, token, leaseMs })
        .then((held) => {
          if (held) this.#leasedUntil = asked + leaseMs;
        })
        .catch((error: unknown) => log.warn({ ...this.name, err: error }, 'The lease was not prolonged'));
    }, leaseMs / 3);
    return () => clearInterval(timer);
  }

  /** On a store that is shared, an admin may act through another process: a long rest looks for it now and then. */
  async #rest(ms: number): Promise<void> {
    const { store } = this.deps;
    const until = performance.now() + ms;
    const slice = store.kind === 'postgres' ? LOOK_FOR_RESUME_MS : ms;
    for (let left = ms; left > 0 && !this.#stopped; left = until - performance.now()) {
      const { signal } = this.#awake;
      await this.#sleep(Math.min(left, slice));
      if (signal.aborted) return;
      if (left <= slice) continue;
      const org = (await readOrgs(store)).find(({ id }) => id === this.name.orgId);
      if (org?.resumes !== this.#resumes) return this.resume();
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopped) return;
    const { signal } = this.#awake;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) this.#awake = new AbortController();
  }
}
