import { setTimeout as sleep } from 'node:timers/promises';
import { readNextDueAt } from '../booking/booking.store';
import { completeByClock } from '../booking/clock.store';
import { CallRefusedError, QueryFailedError, SalesforceError, TooManyRowsError } from '../salesforce/errors';
import type { Store } from '../store/store';
import { releaseLane, renewLane, takeLane } from './lane.store';
import type { OrgSession } from './org-session';
import { OtherOrgError, readOrgs, type Org } from './org.store';
import { watchSchema } from './schema-watch';
import { retryDelayMs } from './settle';
import { parkNextBooking } from './park';
import { reconcileOrg, type TurnReport } from './turn';

/** Most bookings of a turn: a collection holds as many rows. */
const MAX_BATCH = 200;
/** How long the lane sleeps when the org refused everything and an admin has to act, or its allowance is spent. */
const LONG_PAUSE_MS = 5 * 60_000;
/** How often bookings are completed by the clock. */
const CLOCK_MS = 60_000;

/** The log as the lane uses it: numbers and codes, no personal data. */
export interface LaneLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface LaneDeps {
  store: Store;
  /** This instance, named differently from every other. */
  holder: string;
  openSession: (org: Org) => OrgSession;
  now: () => Date;
  random: () => number;
  log: LaneLog;
  /** How long a dead instance keeps the lane. */
  leaseMs: number;
  /** How often to look for what other instances received. */
  pollMs: number;
  onTurn?: (orgId: string, report: TurnReport & { durationMs: number }) => void;
}

/** What a lane is doing, for readiness and status. */
export interface LaneState {
  state: 'notStarted' | 'held elsewhere' | 'working' | 'idle' | 'paused';
  /** Why it pauses, in words for the admin. */
  cause: string | null;
  remedy: string | null;
}

/** The one writer to an org: takes turns while it holds the lane. */
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

/** Starts the lane of an org. It runs until it is stopped; faults of the org make it wait, never end. */
export function startLane(orgId: string, deps: LaneDeps): Lane {
  const lane = new RunningLane(orgId, deps);
  return lane;
}

/** Errors that lie in a booking of the batch, and not in the org, the store or the network. */
function isAboutContent(error: unknown): error is Error {
  return (
    error instanceof CallRefusedError ||
    error instanceof TooManyRowsError ||
    // A query that holds something of a booking which the org cannot even read.
    (error instanceof QueryFailedError && error.class === 'booking') ||
    error instanceof TypeError ||
    error instanceof RangeError
  );
}

class RunningLane implements Lane {
  #state: LaneState = { state: 'notStarted', cause: null, remedy: null };
  #stopped = false;
  #token: string | null = null;
  /** On the monotonic clock, in milliseconds: a clock that is set must not prolong a lease. */
  #leasedUntil = 0;
  #session: { session: OrgSession; key: string } | null = null;
  #batch = MAX_BATCH;
  #failures = 0;
  /** On the monotonic clock. */
  #nextCompletionAt = 0;
  #awake = new AbortController();
  readonly #ended: Promise<void>;

  constructor(
    readonly orgId: string,
    private readonly deps: LaneDeps,
  ) {
    this.#ended = this.#run();
  }

  state(): LaneState {
    return this.#state;
  }

  wake(): void {
    if (this.#state.state !== 'paused') this.#awake.abort();
  }

  resume(): void {
    this.#awake.abort();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.resume();
    await this.#ended;
  }

  async #run(): Promise<void> {
    // One process holds an embedded store, so whoever held the lane before is dead.
    let takeOver = this.deps.store.kind === 'pglite';
    while (!this.#stopped) {
      try {
        const waitMs = (await this.#hold(takeOver)) ? await this.#step() : this.deps.leaseMs / 4;
        takeOver = false;
        if (waitMs > 0) await this.#sleep(waitMs);
      } catch (error) {
        // The store failed, or we did: nothing is settled, everything stays due.
        this.#failures += 1;
        this.deps.log.warn({ orgId: this.orgId, err: error }, 'The lane failed and tries again');
        await this.#sleep(retryDelayMs(Math.min(this.#failures, 6), this.deps.random));
      }
    }
    if (this.#token !== null) {
      await releaseLane(this.deps.store, { orgId: this.orgId, token: this.#token }).catch((error: unknown) =>
        this.deps.log.warn(
          { orgId: this.orgId, err: error },
          'The lane could not be given back: its lease ends by itself',
        ),
      );
    }
  }

  /** Takes the lane or prolongs its lease, when a third of it has passed. */
  async #hold(takeOver: boolean): Promise<boolean> {
    const { store, holder, leaseMs } = this.deps;
    const asked = performance.now();
    if (this.#token !== null && this.#leasedUntil - asked > (leaseMs * 2) / 3) return true;
    if (this.#token !== null && (await renewLane(store, { orgId: this.orgId, token: this.#token, leaseMs }))) {
      this.#leasedUntil = asked + leaseMs;
      return true;
    }
    const lease = await takeLane(store, { orgId: this.orgId, holder, leaseMs, takeOver });
    this.#token = lease?.token ?? null;
    this.#leasedUntil = asked + leaseMs;
    if (lease === null) this.#state = { state: 'held elsewhere', cause: null, remedy: null };
    return lease !== null;
  }

  /** One turn. @returns how long to wait for the next one, in milliseconds. */
  async #step(): Promise<number> {
    const { store, now, random, log, pollMs } = this.deps;
    const org = (await readOrgs(store)).find(({ id }) => id === this.orgId);
    if (org === undefined || org.startedAt === null || this.#token === null) {
      this.#state = { state: 'notStarted', cause: 'nobody has pressed Start', remedy: null };
      return pollMs;
    }
    if (this.#state.state !== 'paused') this.#state = { state: 'working', cause: null, remedy: null };
    const startedAt = performance.now();
    const stopRenewing = this.#renewWhileWorking();
    try {
      await this.#completeByClock();
      const session = this.#sessionOf(org);
      const hold = { orgId: org.id, generation: org.generation, token: this.#token };
      const assertHeld = (): void => {
        if (performance.now() >= this.#leasedUntil) throw new Error('The lease of the lane has ended.');
      };
      await watchSchema(org.id, { store, connection: session.connection, now });
      const report = await reconcileOrg(hold, { store, session, now, random, assertHeld }, this.#batch);
      if (report.refusal === null) {
        this.#failures = 0;
        this.#state = { state: 'idle', cause: null, remedy: null };
      }
      if (report.bookings === 0) return this.#untilNextDue();
      this.#batch = report.isTooMuch
        ? Math.max(1, Math.floor(this.#batch / 2))
        : Math.min(MAX_BATCH, Math.ceil(this.#batch * 1.1));
      const durationMs = Math.round(performance.now() - startedAt);
      const { refusal, ...counts } = report;
      log.info({ orgId: org.id, ...counts, durationMs }, 'turn');
      this.deps.onTurn?.(org.id, { ...report, durationMs });
      if (refusal !== null) throw refusal;
      return 0;
    } catch (error) {
      if (error instanceof OtherOrgError) return this.#refuseOrg(error);
      if (isAboutContent(error)) return await this.#narrow(error, org);
      if (error instanceof SalesforceError) return this.#pause(error);
      throw error;
    } finally {
      stopRenewing();
    }
  }

  /**
   * A call was refused for what was in it, or could not even be built: smaller batches find the booking at fault, which
   * then waits for a human, and the others go on.
   */
  async #narrow(error: Error, org: Org): Promise<number> {
    this.deps.log.warn({ orgId: org.id, err: error, batch: this.#batch }, 'A batch could not be written as a whole');
    if (this.#batch > 1) {
      this.#batch = Math.floor(this.#batch / 2);
      return 0;
    }
    const hold = { orgId: org.id, generation: org.generation, token: this.#token ?? '' };
    await parkNextBooking(hold, error, { store: this.deps.store, now: this.deps.now });
    return 0;
  }

  /** The org could not be asked, or refused us as a whole. */
  #pause(error: SalesforceError): number {
    this.#failures += 1;
    if (error.class === 'tooMuch') this.#batch = Math.max(1, Math.floor(this.#batch / 2));
    // A query that names a missing field, or a session that was replaced: start from what the org says now.
    if (error.class !== 'retrySoon' && error.class !== 'tooMuch') this.#session?.session.forget();
    // What looks like the org's refusal may be our outdated schema: that is read anew once before the long wait.
    const isStale = error.class === 'scoped' && this.#failures === 1;
    const isLong = error.class === 'orgWide' || error.class === 'retryLater' || (error.class === 'scoped' && !isStale);
    const waitMs = isLong ? LONG_PAUSE_MS : retryDelayMs(Math.min(this.#failures - 1, 5), this.deps.random);
    if (this.#state.cause !== error.reason) {
      this.deps.log.warn(
        { orgId: this.orgId, errorCode: error.errorCode, class: error.class, waitMs: Math.round(waitMs) },
        'Salesforce could not be asked: bookings wait',
      );
    }
    this.#state = { state: 'paused', cause: error.reason, remedy: error.remedy };
    return waitMs;
  }

  /** Ids and keys of one org mean nothing in another: nothing is written until the connection is put right. */
  #refuseOrg(error: OtherOrgError): number {
    if (this.#state.cause !== error.message) this.deps.log.warn({ orgId: this.orgId, code: error.code }, error.message);
    this.#state = { state: 'paused', cause: error.message, remedy: null };
    return LONG_PAUSE_MS;
  }

  #sessionOf(org: Org): OrgSession {
    const key = JSON.stringify([org.loginUrl, org.clientId, org.clientSecretSealed, org.generation]);
    if (this.#session?.key !== key) this.#session = { session: this.deps.openSession(org), key };
    return this.#session.session;
  }

  /** Once a minute; more slices follow at once while there are any. */
  async #completeByClock(): Promise<void> {
    if (performance.now() < this.#nextCompletionAt) return;
    const count = await completeByClock(this.deps.store, this.orgId, MAX_BATCH, this.deps.now());
    if (count < MAX_BATCH) this.#nextCompletionAt = performance.now() + CLOCK_MS;
  }

  async #untilNextDue(): Promise<number> {
    const { store, now, pollMs } = this.deps;
    const dueAt = await readNextDueAt(store, this.orgId);
    return dueAt === null ? pollMs : Math.min(pollMs, Math.max(1, dueAt.getTime() - now().getTime()));
  }

  #renewWhileWorking(): () => void {
    const { store, leaseMs } = this.deps;
    const timer = setInterval(() => {
      const token = this.#token;
      const asked = performance.now();
      if (token === null) return;
      renewLane(store, { orgId: this.orgId, token, leaseMs })
        .then((held) => {
          if (held) this.#leasedUntil = asked + leaseMs;
        })
        .catch((error: unknown) =>
          this.deps.log.warn({ orgId: this.orgId, err: error }, 'The lease was not prolonged'),
        );
    }, leaseMs / 3);
    return () => clearInterval(timer);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopped) return;
    const { signal } = this.#awake;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) this.#awake = new AbortController();
  }
}
