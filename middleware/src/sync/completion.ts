import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type AskedSource,
  claimUnasked,
  markAsked,
  postponeUnasked,
  readAskedSources,
  readNextUnaskedAt,
  readUnasked,
  saveAnswer,
  type UnaskedBooking,
  type UnaskedEvent,
} from '../booking/completion.store';
import { type Completion, type SourceApi, SourceApiError } from '../booking/completion';
import type { Store } from '../store/store';

/** How many bookings of one source are asked for at once. */
const AT_ONCE = 5;
/** A source with more than that is asked so many a second: OnceHub takes five. */
const PACE_MS = 1_000;
/** How many bookings are looked at for something to ask. */
const LOOK = 100;
/** An asking instance that died keeps a booking so long; longer than any asking takes. */
const CLAIM_MS = 120_000;
/** How long after each failure it is asked again: about ten minutes, then the booking goes on without. */
const DELAYS_MS = [5_000, 15_000, 45_000, 135_000, 400_000];

export interface CompletionDeps {
  store: Store;
  /** How a source is asked. Null: its kind tells everything by itself. @throws when its credential cannot be opened. */
  open: (source: AskedSource) => { completion: Completion; api: SourceApi } | null;
  /** Called when bookings may be written that could not before. */
  onAsked: () => void;
  now: () => Date;
  random: () => number;
  log: { warn(fields: object, message: string): void };
  /** How often to look for what other instances received. */
  pollMs: number;
}

/** What runs beside the lanes, and asks scheduling systems for what their webhooks leave open. */
export interface Completions {
  /** Something may have become due. */
  wake(): void;
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

/**
 * When to ask again after a failure. Pure.
 *
 * @param failures in a row, before this one.
 * @returns milliseconds; null when it is not worth it.
 */
export function askAgainAfterMs(
  error: SourceApiError,
  failures: number,
  isEssential: boolean,
  random: () => number,
): number | null {
  if (error.isFinal) return null;
  const delayMs = DELAYS_MS[failures] ?? (isEssential ? DELAYS_MS.at(-1) : null) ?? null;
  return delayMs === null ? null : delayMs * (0.75 + random() / 4);
}

/** The events that are asked for, the newest last: the answer to it settles the older ones too. */
export function openEvents(events: UnaskedEvent[], completion: Completion | null): UnaskedEvent[] {
  const open = events.filter(({ event }) => completion?.isNeeded(event) === true);
  return open.sort((a, b) => (a.event.occurredAt < b.event.occurredAt ? -1 : 1));
}

/**
 * Starts asking. It runs beside the lanes and never holds them: a booking that has something open is not due for its
 * lane until it was asked for, and all others are.
 */
export function startCompletions(deps: CompletionDeps): Completions {
  let isStopped = false;
  let awake = new AbortController();
  const wait = async (ms: number): Promise<void> => {
    if (isStopped) return;
    const { signal } = awake;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) awake = new AbortController();
  };
  const wake = (): void => awake.abort();
  const underWay = new Map<string, UnderWay>();
  const run = async (): Promise<void> => {
    while (!isStopped) {
      try {
        const startedAt = performance.now();
        const isMore = await askRound(deps, underWay, wake);
        if (isMore) await sleep(isStopped ? 0 : Math.max(0, PACE_MS - (performance.now() - startedAt)));
        else await wait(await untilNext(deps));
      } catch (error) {
        deps.log.warn({ err: error }, 'Scheduling systems could not be asked: tried again');
        await wait(DELAYS_MS[0] ?? 0);
      }
    }
  };
  const ended = run();
  return {
    wake,
    stop: async () => {
      isStopped = true;
      wake();
      await ended;
      await Promise.all([...underWay.values()].map(({ asking }) => asking));
    },
  };
}

async function untilNext({ store, now, pollMs }: CompletionDeps): Promise<number> {
  const dueAt = await readNextUnaskedAt(store);
  return dueAt === null ? pollMs : Math.min(pollMs, Math.max(1, dueAt.getTime() - now().getTime()));
}

/** A booking that is asked for now. */
interface UnderWay {
  sourceId: string;
  /** Never rejects. */
  asking: Promise<void>;
}

/**
 * One round over all sources: begins to ask, and does not wait for the answers.
 * @returns whether some source has more than is asked for at once.
 */
async function askRound(deps: CompletionDeps, underWay: Map<string, UnderWay>, onEnd: () => void): Promise<boolean> {
  let isMore = false;
  for (const source of await readAskedSources(deps.store)) {
    try {
      if (await askSource(source, deps, underWay, onEnd)) isMore = true;
    } catch (error) {
      // One source that fails by our fault, or whose credential cannot be opened, holds up no other.
      deps.log.warn({ sourceId: source.id, err: error }, 'A scheduling system could not be asked');
      isMore = true;
    }
  }
  return isMore;
}

async function askSource(
  source: AskedSource,
  deps: CompletionDeps,
  underWay: Map<string, UnderWay>,
  onEnd: () => void,
): Promise<boolean> {
  const { store, now, log } = deps;
  const bookings = (await readUnasked(store, source, LOOK, now())).filter(({ id }) => !underWay.has(id));
  if (bookings.length === 0) return false;
  const opened = deps.open(source);
  const looked = bookings.map((booking) => ({ booking, open: openEvents(booking.events, opened?.completion ?? null) }));

  const closed = looked.filter(({ open }) => open.length === 0).map(({ booking }) => booking);
  await markAsked(store, closed);
  if (closed.length > 0) deps.onAsked();

  const toAsk = looked.filter(({ open }) => open.length > 0);
  const free = AT_ONCE - [...underWay.values()].filter(({ sourceId }) => sourceId === source.id).length;
  if (opened === null) return false;
  for (const { booking, open } of toAsk.slice(0, Math.max(0, free))) {
    const asking = askBooking(booking, open, opened, deps)
      .catch((error: unknown) => log.warn({ sourceId: source.id, err: error }, 'An answer could not be stored'))
      .finally(() => {
        underWay.delete(booking.id);
        onEnd();
      });
    underWay.set(booking.id, { sourceId: source.id, asking });
  }
  return toAsk.length > free;
}

async function askBooking(
  booking: UnaskedBooking,
  open: UnaskedEvent[],
  { completion, api }: { completion: Completion; api: SourceApi },
  deps: CompletionDeps,
): Promise<void> {
  const { store, now, random, log } = deps;
  const newest = open.at(-1);
  const askedAt = now();
  const until = new Date(askedAt.getTime() + CLAIM_MS);
  if (newest === undefined || !(await claimUnasked(store, booking, { now: askedAt, until }))) return;
  let answer: Answer;
  try {
    answer = { events: await completion.ask(newest.event, api, askedAt) };
  } catch (error) {
    // A fault of ours while reading an answer is no reason to hold a booking back for good.
    const fault = error instanceof SourceApiError ? error : new SourceApiError('The answer could not be read.', true);
    const delayMs = askAgainAfterMs(fault, booking.failures, completion.isEssential, random);
    const fields = { sourceId: booking.sourceId, bookingId: booking.id, cause: fault.message };
    if (delayMs !== null) {
      log.warn(fields, 'What a booking leaves open could not be asked for: it waits');
      await postponeUnasked(store, booking, new Date(now().getTime() + delayMs));
      return;
    }
    log.warn(fields, 'What a booking leaves open could not be asked for: it goes on without');
    answer = { fault: fault.message };
  }
  await saveAnswer(store, booking, open, answer, now());
  // What is left is to look at it once more: in the next round nothing is open.
  deps.onAsked();
}
