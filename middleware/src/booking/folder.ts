import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store';
import { recordSpan } from '../telemetry';
import type { ReadDelivery } from './delivery.store';
import { foldDeliveries, refuseNextDelivery, type Folded, type ReadNow } from './folding.store';

export interface FolderOptions {
  store: Store;
  /** Reads deliveries of which only the bytes were kept. */
  readDelivery: ReadDelivery;
  /** For how long no delivery has been stored or waited for it, in milliseconds: they come first, for a while. */
  quietMs: () => number;
  /** Called after each slice that was not empty. */
  onFolded: (folded: Folded) => void;
  log: { warn(fields: object, message: string): void };
  /** How often to look for what an instance that died has left. */
  pollMs: number;
  /** Most deliveries of a slice: what is to be stored meanwhile may have to wait for it. Default 64. */
  slice?: number;
  /** At this lag folding has half of the time: see `mostWaitMs`. Default 10,000. */
  evenLagMs?: number;
}

/** What runs behind the webhooks, and folds deliveries into bookings. */
export interface Folder {
  /** Something was stored. */
  wake(): void;
  /** Since when folding fails again and again; null while it works. Deliveries are accepted all the same. */
  readonly failingSince: Date | null;
  /**
   * Goes on for so long at most while something is left, and finishes the slice that runs. What is left then is folded
   * at the next start.
   */
  stop(forMs?: number): Promise<void>;
}

/** Most deliveries of a slice, unless told otherwise. */
const SLICE = 64;
/** How long a full slice takes, as long as none was timed. */
const USUAL_SLICE_MS = 20;
/** So long without a delivery, and nobody is kept waiting: senders that wait for an answer send the next one sooner. */
const QUIET_MS = 3;
/** How long to wait after a fault of the store. */
const PAUSE_MS = 1_000;

/** Starts folding, with what was left at the last stop. Faults make it wait, never end. */
export function startFolder(options: FolderOptions): Folder {
  const { onFolded, log, pollMs } = options;
  let isStopped = false;
  let isEmpty = false;
  let failingSince: Date | null = null;
  const sleeper = createSleeper();
  const wait = (ms: number): Promise<void> => (isStopped ? Promise.resolve() : sleeper.sleep(ms));
  const run = async (): Promise<void> => {
    let backlog: Backlog = { since: Date.now(), sliceMs: USUAL_SLICE_MS };
    while (!isStopped) {
      try {
        await giveWay(options, backlog);
        const startedAt = performance.now();
        const folded = await foldNext(options, options.slice ?? SLICE);
        const sliceMs = performance.now() - startedAt;
        const { left, receivedAt } = folded;
        failingSince = null;
        isEmpty = left === 0;
        if (folded.deliveries > 0) onFolded(folded);
        if (left === 0) await wait(pollMs);
        // What comes next was received hardly later than the last one of this slice.
        backlog = { since: left === 0 ? Date.now() : (receivedAt.at(-1)?.getTime() ?? Date.now()), sliceMs };
      } catch (error) {
        failingSince ??= new Date();
        log.warn({ err: error }, 'Deliveries could not be folded into bookings: tried again');
        await wait(PAUSE_MS);
      }
    }
  };
  const ended = run();
  return {
    wake: () => sleeper.wake(),
    get failingSince() {
      return failingSince;
    },
    stop: async (forMs = 0) => {
      isEmpty = false;
      sleeper.wake();
      for (const until = performance.now() + forMs; !isEmpty && failingSince === null && performance.now() < until;)
        await sleep(5);
      isStopped = true;
      sleeper.wake();
      await ended;
    },
  };
}

/** Folds what is on disk now: for those who need the bookings as they are by then. What it refuses shows in the status. */
export async function foldAll(store: Store, readDelivery: ReadDelivery): Promise<void> {
  const fold = (): Promise<Folded> => foldNext({ store, readDelivery, log: { warn: () => undefined } }, SLICE);
  let { left } = await fold();
  while (left > 0) {
    const { deliveries } = await fold();
    if (deliveries === 0) return;
    left -= deliveries;
  }
}

/** What is left to be folded, as far as it is known. */
interface Backlog {
  /** When the oldest of it was received, about. */
  since: number;
  /** How long the last slice took. */
  sliceMs: number;
}

/**
 * Leaves processor and database to those who store deliveries, until none comes, or the next slice has waited enough.
 * It always waits a moment: one slice right after the other would keep those who store waiting.
 */
async function giveWay(
  { quietMs, evenLagMs = 10_000 }: Pick<FolderOptions, 'quietMs' | 'evenLagMs'>,
  { since, sliceMs }: Backlog,
): Promise<void> {
  const beganAt = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    await sleep(QUIET_MS);
    const at = performance.now();
    if (quietMs() >= at - lookedAt || at - beganAt >= mostWaitMs(sliceMs, Date.now() - since, evenLagMs)) return;
  }
}

/**
 * How long a slice waits at most while deliveries keep coming. At a lag of `evenLagMs` as long as it takes, so that each
 * side has half of the time; at half that lag four times as long. So a flood of seconds is stored first, nearly
 * undisturbed, and a load that lasts settles at the lag at which folding keeps up with it. Pure.
 */
function mostWaitMs(sliceMs: number, lagMs: number, evenLagMs: number): number {
  return sliceMs * (evenLagMs / Math.max(1, lagMs)) ** 2;
}

/** Sleeps until it is woken: by a flag and a timer, as it is woken thousands of times a second. */
function createSleeper(): { sleep(ms: number): Promise<void>; wake(): void } {
  let isWoken = false;
  let wakeUp = (): void => undefined;
  return {
    sleep: async (ms) => {
      if (!isWoken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms).unref();
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isWoken = false;
      wakeUp = () => undefined;
    },
    wake: () => {
      isWoken = true;
      wakeUp();
    },
  };
}

type FoldDeps = Pick<FolderOptions, 'store' | 'readDelivery' | 'log'>;

/** One slice; one by one when it fails, and whatever fails alone is refused: it holds up no other. */
async function foldNext(deps: FoldDeps, slice: number): Promise<Folded> {
  try {
    return await foldInSpan(deps, slice);
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    if (slice > 1) return foldOneByOne(deps, slice);
    const refused = await refuseNextDelivery(deps.store, 'could not be folded into its booking');
    deps.log.warn(
      { deliveryId: refused?.id ?? null, err: error },
      'A delivery could not be folded into its booking: it counts as refused',
    );
    return { deliveries: 1, told: 0, left: 1, receivedAt: [], read: refused?.read ?? [] };
  }
}

async function foldInSpan({ store, readDelivery }: FoldDeps, slice: number): Promise<Folded> {
  const startedAt = new Date();
  const folded = await foldDeliveries(store, slice, readDelivery);
  const { deliveries, told, left } = folded;
  if (deliveries > 0) {
    recordSpan('fold', startedAt, {
      'booking_connector.deliveries': deliveries,
      'booking_connector.told': told,
      'booking_connector.left': left,
    });
  }
  return folded;
}

async function foldOneByOne(deps: FoldDeps, slice: number): Promise<Folded> {
  const sum = { deliveries: 0, told: 0, left: 0, receivedAt: [] as Date[], read: [] as ReadNow[] };
  while (sum.deliveries < slice) {
    const one = await foldNext(deps, 1);
    sum.deliveries += one.deliveries;
    sum.told += one.told;
    sum.left = one.left;
    sum.receivedAt.push(...one.receivedAt);
    sum.read.push(...one.read);
    if (one.deliveries === 0) break;
  }
  return sum;
}

/** Rows or a value that the database does not take (classes 21 to 23 and 54), or one that we cannot fold; not a fault of the store. */
function isAboutContent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return /^(21|22|23|54)[0-9A-Z]{3}$/.test(code);
  return error instanceof TypeError || error instanceof RangeError;
}
