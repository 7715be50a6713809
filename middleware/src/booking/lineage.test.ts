import { joinLineages, keysOf, orderKeys } from './lineage';

const named = (bookingKey: string, replacesKey: string | null = null, replacedByKey: string | null = null) => ({
  bookingKey,
  replacesKey,
  replacedByKey,
});

describe('keysOf', () => {
  it('names a key once, even when it points at itself', () => {
    expect(keysOf(named('a', 'a', null))).toEqual(['a']);
    expect(keysOf(named('b', 'a', 'c'))).toEqual(['b', 'a', 'c']);
  });
});

describe('joinLineages', () => {
  it('keeps strangers apart', () => {
    expect(joinLineages([named('a'), named('b')], new Map()).map(({ keys }) => keys)).toEqual([['a'], ['b']]);
  });

  it('joins halves in either order', () => {
    expect(joinLineages([named('b', 'a'), named('a')], new Map())).toHaveLength(1);
    expect(joinLineages([named('a'), named('b', 'a')], new Map())).toHaveLength(1);
  });

  it('joins two groups when a late event tells that they are one', () => {
    const [only, ...rest] = joinLineages([named('a'), named('c'), named('c', 'a')], new Map());
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ keys: ['a', 'c'], events: [{}, {}, {}] });
  });

  it('finds the known booking by any of its keys, and both when they turn out to be one', () => {
    const known = new Map([
      ['a', 'booking-1'],
      ['b', 'booking-1'],
      ['c', 'booking-2'],
    ]);
    expect(joinLineages([named('d', 'b')], known)).toMatchObject([{ bookingIds: ['booking-1'] }]);
    expect(joinLineages([named('c', 'b')], known)).toMatchObject([{ bookingIds: ['booking-2', 'booking-1'] }]);
    expect(joinLineages([named('a'), named('b')], known)).toHaveLength(1);
  });
});

describe('orderKeys', () => {
  const at = (minute: number) => ({ occurredAt: `2026-10-05T01:0${minute}:00.000Z` });

  it('follows the chain, not the clock', () => {
    const events = [
      { ...named('c', 'b'), ...at(1) },
      { ...named('b', 'a'), ...at(5) },
      { ...named('a'), ...at(9) },
    ];
    expect(orderKeys(events)).toEqual(['a', 'b', 'c']);
    expect(orderKeys(events.reverse())).toEqual(['a', 'b', 'c']);
  });

  it('cuts a loop at the earliest event', () => {
    const events = [
      { ...named('b', 'a'), ...at(5) },
      { ...named('a', 'b'), ...at(1) },
    ];
    expect(orderKeys(events)).toEqual(['a', 'b']);
    expect(orderKeys(events.reverse())).toEqual(['a', 'b']);
  });
});
