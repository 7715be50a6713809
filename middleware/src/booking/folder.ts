import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store';
import { recordSpan } from '../telemetry';
import { foldDeliveries, refuseNextDelivery, type Folded } from './folding.store';

export interface FolderOptions {
  store: Store;
  /** For how long no delivery has been stored or waited for it, in milliseconds: they come first, for a while. */
  quietMs: () => number;
  /** Called after each slice that was not empty. */
  onFolded: (folded: Folded) => void;
  log: { warn(fields: object, message: string): void };
  /** How often to look for what an instance that died has left. */
  pollMs: number;
  /** Most deliveries of a slice: what is to be stored meanwhile may have to wait for it. Default 64. */
  slice?: number;
  /** How long a slice gives way to deliveries that are being stored. Default 50. */
  giveWayMs?: number;
  /** With so many left it gives way no longer. Default 20,000. */
  mostLeft?: number;
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
/** So long without a delivery, and nobody is kept waiting: senders that wait for an answer send the next one sooner. */
const QUIET_MS = 3;
/** How long to wait after a fault of the store. */
const PAUSE_MS = 1_000;

/** Starts folding, with what was left at the last stop. Faults make it wait, never end. */
export function startFolder(options: FolderOptions): Folder {
  const { store, onFolded, log, pollMs, slice = SLICE } = options;
  let isStopped = false;
  let isEmpty = false;
  let failingSince: Date | null = null;
  let awake = new AbortController();
  const wait = async (ms: number): Promise<void> => {
    if (isStopped) return;
    const { signal } = awake;
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) awake = new AbortController();
  };
  const run = async (): Promise<void> => {
    let left = 0;
    while (!isStopped) {
      try {
        await giveWay(options, left);
        const folded = await foldNext(store, slice, log);
        ({ left } = folded);
        failingSince = null;
        isEmpty = left === 0;
        if (folded.deliveries > 0) onFolded(folded);
        if (left === 0) await wait(pollMs);
      } catch (error) {
        failingSince ??= new Date();
        log.warn({ err: error }, 'Deliveries could not be folded into bookings: tried again');
        await wait(PAUSE_MS);
      }
    }
  };
  const ended = run();
  return {
    wake: () => awake.abort(),
    get failingSince() {
      return failingSince;
    },
    stop: async (forMs = 0) => {
      isEmpty = false;
      awake.abort();
      for (const until = performance.now() + forMs; !isEmpty && failingSince === null && performance.now() < until;)
        await sleep(5);
      isStopped = true;
      awake.abort();
      await ended;
    },
  };
}

/** Folds what is on disk now: for those who need the bookings as they are by then. What it refuses shows in the status. */
export async function foldAll(store: Store): Promise<void> {
  const fold = (): Promise<Folded> => foldNext(store, SLICE, { warn: () => undefined });
  let { left } = await fold();
  while (left > 0) {
    const { deliveries } = await fold();
    if (deliveries === 0) return;
    left -= deliveries;
  }
}

/**
 * Leaves processor and database to those who store deliveries, for a while. It always waits a moment: the embedded
 * database runs in microtasks, and one slice right after the other would let no request in.
 */
async function giveWay({ quietMs, giveWayMs = 50, mostLeft = 20_000 }: FolderOptions, left: number): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    await sleep(QUIET_MS);
    if (quietMs() >= performance.now() - lookedAt || left > mostLeft) return;
    if (performance.now() - startedAt >= giveWayMs) return;
  }
}

/** One slice; one by one when it fails, and whatever fails alone is refused: it holds up no other. */
async function foldNext(store: Store, slice: number, log: FolderOptions['log']): Promise<Folded> {
  try {
    return await foldInSpan(store, slice);
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    if (slice > 1) return foldOneByOne(store, slice, log);
    const deliveryId = await refuseNextDelivery(store, 'could not be folded into its booking');
    log.warn({ deliveryId, err: error }, 'A delivery could not be folded into its booking: it counts as refused');
    return { deliveries: 1, told: 0, left: 1, receivedAt: [] };
  }
}

async function foldInSpan(store: Store, slice: number): Promise<Folded> {
  const startedAt = new Date();
  const folded = await foldDeliveries(store, slice);
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

async function foldOneByOne(store: Store, slice: number, log: FolderOptions['log']): Promise<Folded> {
  const sum = { deliveries: 0, told: 0, left: 0, receivedAt: [] as Date[] };
  while (sum.deliveries < slice) {
    const one = await foldNext(store, 1, log);
    sum.deliveries += one.deliveries;
    sum.told += one.told;
    sum.left = one.left;
    sum.receivedAt.push(...one.receivedAt);
    if (one.deliveries === 0) break;
  }
  return sum;
}

/** A value that the database does not take (classes 22, 23 and 54), or one that we cannot fold; not a fault of the store. */
function isAboutContent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return /^(22|23|54)[0-9A-Z]{3}$/.test(code);
  return error instanceof TypeError || error instanceof RangeError;
}
