import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CoalescerOptions, createCoalescer, QueueFullError } from './coalescer';

/** Enough turns of the event loop for the next group to begin; a timer may be overtaken on a busy machine. */
async function fewTurns(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await nextTurn();
}

/** A coalescer whose groups are recorded, and stored when the test says so. */
function recorded(options: Partial<CoalescerOptions<string, string>> = {}) {
  const groups: string[][] = [];
  const doors: (() => void)[] = [];
  const flush = async (items: string[]) => {
    groups.push(items);
    await new Promise<void>((resolve) => doors.push(resolve));
    if (items.includes('bad')) {
      throw new Error('row refused');
    }
    if (items.includes('cut')) {
      throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    }
    return items.map((item) => item.toUpperCase());
  };
  const coalescer = createCoalescer<string, string>({ flush, ...options });
  /** Lets the running group finish, and waits until the next one, if any, has begun. */
  const finishGroup = async () => {
    doors.shift()?.();
    await fewTurns();
  };
  const finishAll = async () => {
    while (doors.length > 0) {
      await finishGroup();
    }
  };
  return { coalescer, groups, finishGroup, finishAll };
}

/** Results of promises, errors by their message. */
const settled = async (promises: Promise<string>[]) =>
  (await Promise.allSettled(promises)).map((one) =>
    one.status === 'fulfilled' ? one.value : (one.reason as Error).message,
  );

describe('createCoalescer', () => {
  it('stores one item at once when idle', async () => {
    const { coalescer, groups, finishAll } = recorded();
    const stored = coalescer.add('a');
    await nextTurn();
    expect(groups).toEqual([['a']]);
    await finishAll();
    expect(await stored).toBe('A');
  });

  it('stores together what several sockets bring in one turn, however many microtasks lie between', async () => {
    const { coalescer, groups, finishAll } = recorded();
    const stored = [coalescer.add('a')];
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    stored.push(coalescer.add('b'));
    await nextTurn();
    expect(groups).toEqual([['a', 'b']]);
    await finishAll();
    expect(await settled(stored)).toEqual(['A', 'B']);
  });

  it('stores what arrives during a group as the next group, in order', async () => {
    const { coalescer, groups, finishGroup, finishAll } = recorded();
    const first = coalescer.add('a');
    await fewTurns();
    const others = [coalescer.add('b'), coalescer.add('c')];
    await fewTurns();
    others.push(coalescer.add('d'));
    expect(coalescer.waiting).toBe(3);
    await finishGroup();
    expect(groups).toEqual([['a'], ['b', 'c', 'd']]);
    expect(coalescer.waiting).toBe(0);
    await finishAll();
    expect(await settled([first, ...others])).toEqual(['A', 'B', 'C', 'D']);
  });

  it('begins a group beside another once it is worth a sync of the disk, and drains only when all are done', async () => {
    const { coalescer, groups, finishGroup } = recorded({ atOnce: 2 });
    const add = (count: number) => Array.from({ length: count }, (_, index) => coalescer.add(`item ${index}`));
    const sizes = () => groups.map(({ length }) => length);
    const stored = add(1);
    await fewTurns();
    stored.push(...add(31));
    await fewTurns();
    expect(sizes()).toEqual([1]);
    stored.push(...add(1));
    await fewTurns();
    expect(sizes()).toEqual([1, 32]);
    stored.push(...add(40));
    await fewTurns();
    expect(sizes()).toEqual([1, 32]);
    let isDrained = false;
    const drained = coalescer.drain().then(() => (isDrained = true));
    await finishGroup();
    expect(sizes()).toEqual([1, 32, 40]);
    await finishGroup();
    expect([isDrained, coalescer.quietMs]).toEqual([false, 0]);
    await finishGroup();
    await drained;
    expect(await settled(stored)).toHaveLength(73);
    expect(coalescer.quietMs).toBeGreaterThan(0);
  });

  it.each([
    ['half of 100, then half of the 100 that are still in hand', 100, [50, 50]],
    ['all, when there would be a small rest', 63, [63]],
    ['two that are just worth it', 64, [32, 32]],
    ['no more than the most items of one', 1_000, [256, 256, 256, 232]],
  ])('shares what is in hand among two groups at once: %s', async (_title, count, sizes) => {
    const { coalescer, groups, finishAll } = recorded({ atOnce: 2 });
    const stored = Array.from({ length: count }, (_, index) => coalescer.add(`item ${index}`));
    await fewTurns();
    await finishAll();
    await settled(stored);
    expect(groups.map(({ length }) => length)).toEqual(sizes);
  });

  it('cuts groups at the most items of one', async () => {
    const { coalescer, groups, finishAll } = recorded({ maxGroup: 2 });
    const stored = ['a', 'b', 'c', 'd', 'e'].map((item) => coalescer.add(item));
    await fewTurns();
    await finishAll();
    expect(groups).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(await settled(stored)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('fails a bad item alone and stores its neighbours', async () => {
    const { coalescer, groups, finishAll } = recorded();
    const stored = settled(['a', 'bad', 'c'].map((item) => coalescer.add(item)));
    await fewTurns();
    await finishAll();
    expect(groups).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
    expect(await stored).toEqual(['A', 'row refused', 'C']);
  });

  it('does not try a lone bad item twice', async () => {
    const { coalescer, groups, finishAll } = recorded();
    const stored = settled([coalescer.add('bad')]);
    await fewTurns();
    await finishAll();
    expect(await stored).toEqual(['row refused']);
    expect(groups).toEqual([['bad']]);
  });

  it('fails the whole group, and tries none alone, when the connection is lost', async () => {
    const { coalescer, groups, finishAll } = recorded();
    const stored = settled(['a', 'cut', 'c'].map((item) => coalescer.add(item)));
    await fewTurns();
    await finishAll();
    expect(groups).toEqual([['a', 'cut', 'c']]);
    expect(await stored).toEqual(['gone', 'gone', 'gone']);
  });

  it('stops trying items alone when the connection is lost meanwhile', async () => {
    const groups: string[][] = [];
    const coalescer = createCoalescer<string, string>({
      flush: (items) => {
        groups.push(items);
        const error = new Error(items.length > 1 ? 'row refused' : 'Connection terminated');
        return items[0] === 'a' && items.length === 1 ? Promise.resolve(['A']) : Promise.reject(error);
      },
    });
    const stored = ['a', 'b', 'c'].map((item) => coalescer.add(item));
    expect(await settled(stored)).toEqual(['A', 'Connection terminated', 'Connection terminated']);
    expect(groups).toEqual([['a', 'b', 'c'], ['a'], ['b']]);
  });

  it('goes on after a failure', async () => {
    const { coalescer, finishAll } = recorded();
    const failed = settled([coalescer.add('bad')]);
    await fewTurns();
    await finishAll();
    await failed;
    const stored = coalescer.add('a');
    await fewTurns();
    await finishAll();
    expect(await stored).toBe('A');
  });

  it('refuses at once when too many wait, and takes more when they are stored', async () => {
    const { coalescer, finishGroup, finishAll } = recorded({ maxWaiting: 2 });
    const running = coalescer.add('a');
    await fewTurns();
    const waiting = [coalescer.add('b'), coalescer.add('c')];
    await expect(coalescer.add('d')).rejects.toBeInstanceOf(QueueFullError);
    await finishGroup();
    const later = coalescer.add('e');
    await finishGroup();
    await finishAll();
    expect(await settled([running, ...waiting, later])).toEqual(['A', 'B', 'C', 'E']);
  });

  it('fails a group that got another number of results, and does not store it again', async () => {
    const flush = jest.fn(() => Promise.resolve(['A']));
    const coalescer = createCoalescer<string, string>({ flush });
    const outcome = await settled([coalescer.add('a'), coalescer.add('b')]);
    expect(outcome).toEqual([expect.stringContaining('one result per item'), outcome[0]]);
    expect(flush).toHaveBeenCalledTimes(1);
  });

  it('drains: waits for what runs and what waits, and for nothing when idle', async () => {
    const { coalescer, finishAll } = recorded({ maxGroup: 1 });
    await coalescer.drain();
    const stored = [coalescer.add('a'), coalescer.add('bad')];
    const outcome = settled(stored);
    let drained = false;
    const draining = coalescer.drain().then(() => (drained = true));
    await fewTurns();
    expect(drained).toBe(false);
    await finishAll();
    await draining;
    expect(await outcome).toEqual(['A', 'row refused']);
  });
});
