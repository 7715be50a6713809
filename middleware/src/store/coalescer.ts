import { setImmediate as nextTurn } from 'node:timers/promises';
import { isConnectionError } from './is-connection-error';

export interface CoalescerOptions<In, Out> {
  /**
   * Stores a group, of 1 to `maxGroup` items, and gives one result per item in the same order. All or nothing: when it
   * throws, it is called again with each item alone, so a group that failed must have stored none of them, or storing
   * an item twice must do no harm.
   */
  flush: (items: In[]) => Promise<Out[]>;
  /** Most items in one group. Default 256. */
  maxGroup?: number;
  /** Most items that may wait, those of running groups not counted. Default 2,000. */
  maxWaiting?: number;
  /**
   * Most groups that are stored at the same time. Each gets its share of all items in hand: were one to take them all,
   * nothing would be on its way while they are stored. Default 1.
   */
  atOnce?: number;
  /** Tells errors that concern every item alike, for which no item is tried alone. Default `isConnectionError`. */
  isSharedFault?: (error: unknown) => boolean;
}

export interface Coalescer<In, Out> {
  /**
   * Adds an item to the next group.
   * @returns the item's own result, once its group is stored.
   * @throws QueueFullError at once when too many items wait already; else whatever `flush` threw for this item.
   */
  add(item: In): Promise<Out>;
  /** Resolves when no item waits or is being stored; whether they succeeded is told to those who added them. */
  drain(): Promise<void>;
  /** Items that wait now, the running group not counted. */
  readonly waiting: number;
  /** For how long nothing has waited or been stored, in milliseconds. */
  readonly quietMs: number;
}

/** Fewer make no group beside another one: each costs a sync of the disk, and it would wait for that other anyway. */
const LEAST_SHARE = 32;

/** Too many items wait to be stored. Nothing was stored of this one; the caller may try again later. */
export class QueueFullError extends Error {
  readonly code = 'queue-full';
  constructor(maxWaiting: number) {
    super(`More than ${maxWaiting} items wait to be stored. Try again in a moment.`);
    this.name = 'QueueFullError';
  }
}

interface Waiting<In, Out> {
  item: In;
  resolve(result: Out): void;
  reject(error: unknown): void;
}

/**
 * Group commit: many callers share one statement and one disk sync. When idle, an item is stored at once; while as many
 * groups are being stored as may be, what arrives waits for the next one. So there is no timer, and the groups grow with
 * the load.
 */
export function createCoalescer<In, Out>(options: CoalescerOptions<In, Out>): Coalescer<In, Out> {
  const { flush, maxGroup = 256, maxWaiting = 2_000, atOnce = 1, isSharedFault = isConnectionError } = options;
  const queue: Waiting<In, Out>[] = [];
  let running = 0;
  let storing = 0;
  let isGathering = false;
  let endedAt = -Infinity;
  let whenIdle: (() => void)[] = [];
  const isIdle = (): boolean => running === 0 && !isGathering;

  async function flushChecked(items: In[]): Promise<Out[]> {
    const results = await flush(items);
    if (results.length !== items.length) {
      throw new ResultCountError(items.length, results.length);
    }
    return results;
  }

  async function storeGroup(group: Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await flushChecked(group.map(({ item }) => item));
      group.forEach((one, index) => one.resolve(results[index] as Out));
    } catch (error) {
      // A wrong count says nothing about a bad item, and the group is stored: trying again would only repeat it.
      if (group.length === 1 || error instanceof ResultCountError || isSharedFault(error)) {
        group.forEach((one) => one.reject(error));
      } else {
        await storeOneByOne(group);
      }
    }
  }

  async function storeOneByOne(group: Waiting<In, Out>[]): Promise<void> {
    for (const [index, one] of group.entries()) {
      try {
        one.resolve((await flushChecked([one.item]))[0] as Out);
      } catch (error) {
        one.reject(error);
        if (isSharedFault(error)) {
          group.slice(index + 1).forEach((other) => other.reject(error));
          return;
        }
      }
    }
  }

  async function storeNext(): Promise<void> {
    const isWorthIt = queue.length >= (running === 0 ? 1 : LEAST_SHARE);
    if (isGathering || running >= atOnce || !isWorthIt) return;
    isGathering = true;
    // Whatever has arrived belongs to the group. A microtask would not do: the embedded database runs in them, and
    // stored the first request of 64 before the sockets of the others were read.
    await nextTurn();
    isGathering = false;
    const share = Math.max(LEAST_SHARE, Math.ceil((queue.length + storing) / atOnce));
    const isRestSmall = queue.length - share < LEAST_SHARE;
    const group = queue.splice(0, Math.min(isRestSmall ? queue.length : share, maxGroup));
    running += 1;
    storing += group.length;
    void storeNext();
    await storeGroup(group);
    running -= 1;
    storing -= group.length;
    void storeNext();
    if (!isIdle()) return;
    endedAt = performance.now();
    const idle = whenIdle;
    whenIdle = [];
    idle.forEach((tell) => tell());
  }

  return {
    add(item) {
      if (queue.length >= maxWaiting) {
        return Promise.reject(new QueueFullError(maxWaiting));
      }
      return new Promise<Out>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        void storeNext();
      });
    },
    drain() {
      return isIdle() ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve));
    },
    get waiting() {
      return queue.length;
    },
    get quietMs() {
      return isIdle() ? performance.now() - endedAt : 0;
    },
  };
}

class ResultCountError extends Error {
  constructor(expected: number, got: number) {
    super(`A group of ${expected} items was stored with ${got} results: flush must give one result per item.`);
    this.name = 'ResultCountError';
  }
}
