import { readPending, type LaneHold, type PendingBookings } from '../booking/booking.store';
import { completeByClock } from '../booking/clock.store';
import { SalesforceError } from '../salesforce/errors';
import type { OrgView } from '../salesforce/org-view';
import { inSpan } from '../telemetry';
import { claimCalls, MAX_BATCH, recordSpending, saveProbing, type Spending } from './budget.store';
import { CallMeter, CallsSpentError } from './call-meter';
import type { LaneDeps, LaneState } from './lane';
import { assignDueBookings } from './lane-of';
import type { OrgSession } from './org-session';
import { blockOf, OtherOrgError, SwitchedOrgError, type Org } from './org.store';
import { isAboutContent, isOrgInDoubt, isTooMuch, LONG_PAUSE_MS, LOOK_AGAIN_MS, pauseMs, SPENT } from './lane-pause';
import { LanePace } from './lane-pace';
import { NextBatch } from './next-batch';
import { probeDelayMs, scarcityOf } from './pacing';
import { parkNextBooking } from './park';
import { watchOrg, type Watched } from './org-watch';
import { lookAhead, prepareBatch, reconcileOrg, type TurnDeps, type TurnReport } from './turn';
import { decideLook, type Decision } from './turn-decision';

/** How often a lane looks that saves calls: a batch that is full need not wait. */
const LOOK_AT_BATCH_MS = 10_000;
/** How often bookings are completed by the clock. */
const CLOCK_MS = 60_000;
/** How soon a look at the org that failed is tried again. */
const WATCH_AGAIN_MS = 5 * 60_000;

/** How often in a row the org may be unable to bear a booking alone before a human has to look at it. */
const MAX_FAILURES_ALONE = 5;

/** A lane as it is held for one step. */
export interface HeldLane {
  org: Org;
  hold: LaneHold;
  /** Throws when the lease has ended. */
  assertHeld: () => void;
  /** Somebody asked for a turn now. */
  isForced: boolean;
}

/** An org's session in use. */
interface OpenSession {
  session: OrgSession;
  /** What it was opened with. */
  key: string;
  /** It has to ask for the schema first. */
  isCold: boolean;
}

function inTurnSpan({ orgId, lane }: LaneHold, work: () => Promise<TurnReport>): Promise<TurnReport> {
  return inSpan('turn', { 'booking_connector.org': orgId, 'booking_connector.lane': lane }, async (note) => {
    const report = await work();
    const { bookings, written, waiting, parked } = report;
    note({
      'booking_connector.bookings': bookings,
      'booking_connector.written': written,
      'booking_connector.waiting': waiting,
      'booking_connector.parked': parked,
    });
    return report;
  });
}

/** What a lane does while it is held. One step is at most one turn. */
export class LaneWork {
  #state: LaneState = { state: 'notStarted', cause: null, remedy: null };
  #session: OpenSession | null = null;
  #failures = 0;
  /** On the monotonic clock. */
  #nextCompletionAt = 0;
  readonly #pace = new LanePace();
  readonly #next = new NextBatch();
  #nextWatchAt = 0;
  readonly #meter: CallMeter;

  constructor(
    private readonly orgId: string,
    private readonly deps: LaneDeps,
  ) {
    this.#meter = new CallMeter((purpose, durationMs) => deps.onCall?.(orgId, purpose, durationMs));
  }

  get state(): LaneState {
    return this.#state;
  }

  /**
   * Completes by the clock, and takes a turn when something is due and the budget allows it.
   * @returns how long to wait for the next step, in milliseconds.
   */
  async step(held: HeldLane): Promise<number> {
    const { org, hold } = held;
    const { store, now, pollMs } = this.deps;
    if (org.startedAt === null) {
      this.#state = { state: 'notStarted', cause: 'nobody has pressed Start', remedy: null };
      return pollMs;
    }
    const block = blockOf(org);
    if (block !== null) {
      this.#state = { state: 'paused', ...block };
      return pollMs;
    }
    if (this.#state.state !== 'paused') this.#state = { state: 'working', cause: null, remedy: null };
    if (hold.lane === 0) await this.#completeByClock();
    if (hold.lanes > 1) await assignDueBookings(store, org.id);
    const open = this.#sessionOf(org);
    let pending = await readPending(store, hold, MAX_BATCH, now());
    if (hold.lane === 0 && (await this.#watch(held, open, pending)))
      pending = await readPending(store, hold, MAX_BATCH, now());
    if (pending.acted + pending.clocked === 0) return this.#rest(pending);
    const moment = { org, pending, isForced: held.isForced, isCold: open.isCold, now: now(), random: this.deps.random };
    const decision = await claimCalls(store, hold, (known) => this.#pace.decide(known, moment), now());
    switch (decision.kind) {
      case 'nothing':
        return this.#rest(pending);
      case 'sleep':
        return this.#sleep(decision, pending);
      case 'go':
        return this.#takeTurn(held, open, decision);
    }
  }

  /** Ends what is under way for the next turn, which does not come, and counts it. */
  async finish(hold: Pick<LaneHold, 'lane' | 'token'>): Promise<void> {
    await this.#next.drop();
    if (this.#meter.unrecorded > 0) await this.#record(hold, null);
  }

  /** Looks whether the org is as it should be, when that is due: one call. @returns whether bookings became due. */
  async #watch({ hold }: HeldLane, open: OpenSession, pending: PendingBookings): Promise<boolean> {
    if (this.#state.state === 'paused' || performance.now() < this.#nextWatchAt) return false;
    const { store, now, watchMs } = this.deps;
    let isAsking = false;
    const mayAsk = async (): Promise<boolean> => {
      const { kind } = await claimCalls(store, hold, (known) => decideLook(known, now()), now());
      isAsking = kind === 'go';
      if (!isAsking) return false;
      // What was asked ahead went by the org as it was known, and would have the call that is meant for the look.
      await this.#next.drop();
      this.#meter.start({ calls: 1, isProbe: false });
      return true;
    };
    const situation = { hasDue: pending.acted + pending.clocked > 0, isScarce: this.#state.state === 'saving' };
    try {
      const watched = await watchOrg(
        this.orgId,
        { store, session: open.session, now, everyMs: watchMs, mayAsk },
        situation,
      );
      if (isAsking) open.isCold = false;
      else if (watched === null) return false;
      if (watched !== null) this.#tell(watched);
      return watched !== null && watched.released + watched.replanned > 0;
    } catch (error) {
      // What the org refuses here it refuses the next turn too, which then tells why.
      if (!(error instanceof SalesforceError) && !(error instanceof OtherOrgError)) throw error;
      this.#nextWatchAt = performance.now() + WATCH_AGAIN_MS;
      return false;
    } finally {
      if (isAsking) await this.#record(hold, null);
    }
  }

  #tell({ opened, ended, replanned }: Watched): void {
    const { log } = this.deps;
    for (const { teamId, kind, severity, sobject, field } of opened)
      log.warn(
        { orgId: this.orgId, teamId, kind, severity, sobject, field },
        'The org has changed: bookings will meet it',
      );
    if (ended.length > 0 || replanned > 0)
      log.info({ orgId: this.orgId, ended: ended.length, replanned }, 'The watch over the org');
  }

  async #takeTurn(held: HeldLane, open: OpenSession, decision: Decision & { kind: 'go' }): Promise<number> {
    const { store, now, random, log } = this.deps;
    const { org, hold, assertHeld } = held;
    const startedAt = performance.now();
    this.#pace.begin();
    // What was asked ahead for this turn is part of what it may spend.
    this.#meter.start({ calls: decision.calls - this.#meter.unrecorded, isProbe: decision.isProbe });
    let borne: Spending['batch'] = null;
    let refusal: unknown = null;
    try {
      const callsLeft = (): number => this.#meter.left;
      const batch =
        (await this.#next.take(hold, decision.limit)) ?? (await prepareBatch(hold, { store, now }, decision.limit));
      const ids = batch.due.map(({ booking }) => booking.id);
      const whileWriting = (): void => {
        if (ids.length === decision.limit) this.#next.prepare(hold, { store, now }, decision.limit, ids);
      };
      const whileSettling = (view: OrgView): void => {
        if (this.#maySpendAhead(decision)) this.#next.ask((candidates) => lookAhead(candidates, view, deps));
      };
      const deps: TurnDeps = {
        ...{ store, session: open.session, now, random, assertHeld, callsLeft, whileWriting, whileSettling },
        takesNestedKeys: org.takesNestedKeys,
      };
      const report = await inTurnSpan(hold, () => reconcileOrg(hold, batch, deps));
      const { calls, readings } = this.#meter.spent;
      if (report.bookings > 0) {
        // A turn of a few bookings tells nothing of what the org bears.
        const isFull = report.bookings >= decision.limit;
        borne = report.isTooMuch ? 'tooMuch' : isFull ? 'clean' : null;
        const made = [...calls.values()].reduce((sum, count) => sum + count, 0);
        this.#pace.made(made);
        const durationMs = Math.round(performance.now() - startedAt);
        const callsLeft = decision.budget.left === null ? null : decision.budget.left - made;
        const { refusal: refused, ...counts } = report;
        log.info(
          { orgId: org.id, lane: hold.lane, ...counts, durationMs, calls: Object.fromEntries(calls), callsLeft },
          'turn',
        );
        this.deps.onTurn?.(hold, { ...report, durationMs, startedAt: new Date(now().getTime() - durationMs) });
        if (refused !== null) throw refused;
      }
      this.#failures = 0;
      this.#pace.wentWell();
      open.isCold = false;
      // An org whose answers carry no gauge shows by this alone that it has room again.
      if (decision.isProbe && readings.length === 0) await saveProbing(store, org.id, null);
      this.#state = { state: 'working', cause: null, remedy: null };
      return 0;
    } catch (error) {
      refusal = error;
      if (isTooMuch(error)) borne = 'tooMuch';
      void this.#next.drop();
      return await this.#afterFailure(error, held, open, decision);
    } finally {
      await this.#record(hold, borne);
      if (refusal instanceof SalesforceError && refusal.class === 'retryLater') {
        // After the gauge of this very answer, which may show room all the same.
        const at = new Date(now().getTime() + probeDelayMs(0, random));
        await saveProbing(store, org.id, { ...(decision.probing ?? { tries: 0, at }), since: now() });
      }
    }
  }

  /** Only where the next turn is sure to follow at once and to be as large: what it has been asked would be lost. */
  #maySpendAhead({ limit, budget, isProbe }: Decision & { kind: 'go' }): boolean {
    return limit === MAX_BATCH && !isProbe && scarcityOf(budget) === 0 && this.#meter.left > 0;
  }

  async #afterFailure(
    error: unknown,
    { org, hold }: HeldLane,
    open: OpenSession,
    decision: Decision & { kind: 'go' },
  ): Promise<number> {
    if (error instanceof OtherOrgError) return this.#refuseOrg(error);
    if (error instanceof SwitchedOrgError) {
      this.deps.log.info({ orgId: org.id, code: error.code }, error.message);
      return 0;
    }
    if (error instanceof CallsSpentError) return this.#wantMoreCalls(error, decision.limit);
    const mayPass = isTooMuch(error) && decision.limit === 1 && this.#failures < MAX_FAILURES_ALONE;
    if (isAboutContent(error) && !mayPass) return this.#narrow(error, org, hold, decision.limit);
    if (error instanceof SalesforceError) return this.#pause(error, open);
    throw error;
  }

  /** @param hold whose turn it was; null: what was spent beside the turns. */
  async #record(hold: Pick<LaneHold, 'lane' | 'token'> | null, batch: Spending['batch']): Promise<void> {
    const spent = this.#meter.take();
    const { inFlight } = this.#meter;
    try {
      await recordSpending(this.deps.store, this.orgId, hold, { ...spent, batch, inFlight }, this.deps.now());
    } catch (error) {
      this.#meter.giveBack(spent);
      throw error;
    }
  }

  #rest({ nextDueAt }: PendingBookings): number {
    this.#state = { state: 'idle', cause: null, remedy: null };
    return this.#untilDue(nextDueAt);
  }

  #untilDue(dueAt: Date | null): number {
    const { now, pollMs } = this.deps;
    return dueAt === null ? pollMs : Math.min(pollMs, Math.max(1, dueAt.getTime() - now().getTime()));
  }

  /** Something is due and waits: for its batch to grow, for company, or for calls. */
  #sleep({ why, waitMs }: Decision & { kind: 'sleep' }, { nextDueAt }: PendingBookings): number {
    switch (why) {
      case 'lingering':
        this.#state = { state: 'idle', cause: null, remedy: null };
        return Math.min(waitMs, this.#untilDue(nextDueAt));
      case 'saving':
        this.#state = {
          state: 'saving',
          cause: 'API calls are scarce: bookings wait for a larger batch',
          remedy: null,
        };
        return Math.min(waitMs, LOOK_AT_BATCH_MS);
      case 'cap':
      case 'reserve': {
        const { cause, remedy } = SPENT[why];
        if (this.#state.state !== 'paused') this.deps.log.warn({ orgId: this.orgId, limit: why }, cause);
        // What the org itself said, when it refused, says more than our reckoning.
        if (this.#state.state !== 'paused' || why === 'cap') this.#state = { state: 'paused', cause, remedy };
        return Math.min(waitMs, LOOK_AGAIN_MS);
      }
    }
  }

  /** More was needed than was left: at once with fewer bookings, or when more is left. */
  #wantMoreCalls({ calls }: CallsSpentError, limit: number): number {
    this.deps.log.info({ orgId: this.orgId, calls, limit }, 'A turn needed more calls than are left for it');
    this.#pace.neededMore(calls, limit);
    return 0;
  }

  /**
   * A call was refused for what was in it, or could not even be built: smaller batches find the booking at fault, which
   * then waits for a human, and the others go on.
   */
  async #narrow(error: Error, org: Org, hold: LaneHold, limit: number): Promise<number> {
    this.deps.log.warn({ orgId: org.id, err: error, batch: limit }, 'A batch could not be written as a whole');
    if (limit > 1) this.#pace.narrow(limit);
    else await parkNextBooking(hold, error, { store: this.deps.store, now: this.deps.now });
    return 0;
  }

  /** The org could not be asked, or refused us as a whole. */
  #pause(error: SalesforceError, open: OpenSession): number {
    const { log, random } = this.deps;
    this.#failures += 1;
    if (isOrgInDoubt(error)) {
      open.session.forget();
      open.isCold = true;
    }
    const waitMs = pauseMs(error, this.#failures, random);
    if (this.#state.cause !== error.reason) {
      log.warn(
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
    this.#state = { state: 'paused', cause: error.message, remedy: error.remedy };
    return LONG_PAUSE_MS;
  }

  #sessionOf(org: Org): OpenSession {
    const key = `${org.signInVersion} ${org.generation}`;
    if (this.#session?.key !== key) {
      this.#session = { session: this.deps.openSession(org, this.#meter), key, isCold: true };
    }
    return this.#session;
  }

  /** Once a minute; more slices follow at once while there are any. */
  async #completeByClock(): Promise<void> {
    if (performance.now() < this.#nextCompletionAt) return;
    const count = await completeByClock(this.deps.store, this.orgId, MAX_BATCH, this.deps.now());
    if (count < MAX_BATCH) this.#nextCompletionAt = performance.now() + CLOCK_MS;
  }
}
