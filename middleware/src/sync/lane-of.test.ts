import { laneHash } from './lane-of';

const booking = (
  email: string | null,
  id: string | null = null,
  more: object = {},
): Parameters<typeof laneHash>[0] => ({
  sourceId: 'cal',
  rootKey: 'uid-1',
  customer: {
    id,
    email,
    name: null,
    firstName: null,
    lastName: null,
    phone: null,
    company: null,
    timeZone: null,
  },
  ...more,
});

describe('the lane of a booking', () => {
  it.each([
    ['one address in another spelling', booking('Ann@Example.test'), booking(' ann@example.TEST '), true],
    [
      'one address at two sources',
      booking('ann@example.test'),
      booking('ann@example.test', '7', { sourceId: 'once' }),
      true,
    ],
    ['two addresses', booking('ann@example.test'), booking('ben@example.test'), false],
    ['one customer of a source without an address', booking(null, '7'), booking(null, '7', { rootKey: 'uid-2' }), true],
    ['the same customer id at two sources', booking(null, '7'), booking(null, '7', { sourceId: 'once' }), false],
    ['nobody known: each booking by itself', booking(null), booking(null, null, { rootKey: 'uid-2' }), false],
    ['what is no address counts as none', booking('n/a', '7'), booking(null, '7'), true],
    ['no customer at all', booking(null), booking(null, null, { customer: null }), true],
  ])('%s', (_title, one, other, isSame) => {
    expect(laneHash(one) === laneHash(other)).toBe(isSame);
  });

  it('spreads people evenly', () => {
    const lanes = Array.from({ length: 1_000 }, (_, count) => laneHash(booking(`visitor${count}@example.test`)) % 2);
    expect(lanes.filter((lane) => lane === 0).length).toBeGreaterThan(450);
    expect(lanes.filter((lane) => lane === 1).length).toBeGreaterThan(450);
  });
});
