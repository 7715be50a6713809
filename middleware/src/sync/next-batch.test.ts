import type { LaneHold } from '../booking/booking.store';
import type { Store } from '../store/store';
import { NextBatch } from './next-batch';
import type { ReadAhead } from './turn';

const HOLD: LaneHold = { orgId: 'main', lane: 0, lanes: 1, generation: 1, token: '1' };
const AHEAD = {} as ReadAhead;

/** A store that has so many bookings due, none of a team: what is read of them is not looked at here. */
function storeOf(due: number): Store {
  const row = (index: number): object => ({
    ...{ id: `b${index}`, team_id: 't', source_id: 's', root_key: 'k', keys: ['k'], revision: 1, merged_into: null },
    ...{ state: { customer: null }, attempts: 0, parts: {}, written: null },
  });
  const rows = Array.from({ length: due }, (_, index) => row(index));
  return {
    query: (statement: unknown) =>
      Promise.resolve({ rows: JSON.stringify(statement).includes('read-due-bookings') ? rows : [] }),
    transaction: (work: (client: object) => Promise<unknown>) => work({ query: () => Promise.resolve({ rows: [] }) }),
  } as unknown as Store;
}

function prepared(due: number, limit = due): NextBatch {
  const next = new NextBatch();
  next.prepare(HOLD, { store: storeOf(due), now: () => new Date(0) }, limit, []);
  return next;
}

describe('NextBatch', () => {
  it('gives a full batch once, with what the org was asked for it', async () => {
    const next = prepared(2);
    next.ask(() => Promise.resolve(AHEAD));
    const batch = await next.take(HOLD, 2);
    expect(batch?.due).toHaveLength(2);
    expect(await batch?.ahead).toBe(AHEAD);
    expect(await next.take(HOLD, 2)).toBeNull();
  });

  it('asks nothing for a batch that is not full, and does not give it', async () => {
    const next = prepared(1, 2);
    const lookAhead = jest.fn(() => Promise.resolve(AHEAD));
    next.ask(lookAhead);
    expect(await next.take(HOLD, 2)).toBeNull();
    expect(lookAhead).not.toHaveBeenCalled();
  });

  it('keeps the batch when the org could not be asked: the turn asks, and tells why', async () => {
    const next = prepared(2);
    next.ask(() => Promise.reject(new Error('no connection')));
    const batch = await next.take(HOLD, 2);
    expect(batch?.due).toHaveLength(2);
    expect(await batch?.ahead).toBeNull();
  });

  it.each([
    ['another holder', { token: '2' }, 2],
    ['another connection', { generation: 2 }, 2],
    ['another number of lanes', { lanes: 2 }, 2],
    ['another limit', {}, 3],
  ])('gives nothing to %s', async (_, change, limit) => {
    expect(await prepared(2).take({ ...HOLD, ...change }, limit)).toBeNull();
  });

  describe('when it waits for long', () => {
    let ms = 0;
    beforeEach(() => void jest.spyOn(performance, 'now').mockImplementation(() => ms));
    afterEach(() => void jest.restoreAllMocks());

    it('gives nothing after 5 seconds', async () => {
      const next = prepared(2);
      ms += 5_001;
      expect(await next.take(HOLD, 2)).toBeNull();
    });

    it('reads our store again before it asks the org', async () => {
      const store = storeOf(2);
      const read = jest.spyOn(store, 'query');
      const next = new NextBatch();
      next.prepare(HOLD, { store, now: () => new Date(0) }, 2, ['b7']);
      ms += 5_001;
      read.mockClear();
      next.ask(() => Promise.resolve(AHEAD));
      expect(read).toHaveBeenCalledWith(expect.objectContaining({ name: 'read-due-bookings' }));
      expect(await (await next.take(HOLD, 2))?.ahead).toBe(AHEAD);
    });
  });
});
