import type { Budget } from './budget';
import { CLOCK_SLICE, pace, probeDelayMs, scarcityOf, type Pace, type PacingInput } from './pacing';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const budget = (more: Partial<Budget> = {}): Budget => ({
  left: 1_000,
  ceiling: 1_000,
  limit: 'reserve',
  capLeft: null,
  claimed: 0,
  own: 0,
  returning: [],
  ...more,
});

const input = (more: Partial<PacingInput> = {}): PacingInput => ({
  budget: budget(),
  callsPerTurn: 2,
  neededCalls: 2,
  lanes: 1,
  pending: { acted: 1, clocked: 0, clockedForMs: 0 },
  batchLimit: 200,
  sinceLastTurnMs: 0,
  ...more,
});
const acted = (count: number): PacingInput['pending'] => ({ acted: count, clocked: 0, clockedForMs: 0 });
const scarce = budget({ left: 240 });

describe('the pace of a lane', () => {
  const cases: [string, Partial<PacingInput>, Pace][] = [
    ['nothing is due', { pending: acted(0) }, { kind: 'nothing' }],
    ['one booking, and nothing limits', { budget: budget({ left: null, ceiling: null }) }, { kind: 'go', limit: 1 }],
    ['one booking right after a turn, with plenty left', {}, { kind: 'go', limit: 1 }],
    ['plenty is 80 %', { budget: budget({ left: 800 }) }, { kind: 'go', limit: 1 }],
    ['what waits goes together', { pending: acted(37) }, { kind: 'go', limit: 37 }],
    ['a batch is no larger than the org bears', { pending: acted(150), batchLimit: 100 }, { kind: 'go', limit: 100 }],
    [
      // 240 calls for 24 hours are 10 an hour, which are 5 turns.
      'scarce: the pace that lasts',
      { budget: scarce },
      { kind: 'wait', waitMs: 12 * MINUTE, why: 'saving' },
    ],
    [
      'the time since the turn before counts',
      { budget: scarce, sinceLastTurnMs: 11 * MINUTE },
      { kind: 'wait', waitMs: MINUTE, why: 'saving' },
    ],
    ['scarce, and idle for long: at once', { budget: scarce, sinceLastTurnMs: HOUR }, { kind: 'go', limit: 1 }],
    ['scarce, and nothing was sent yet: at once', { budget: scarce, sinceLastTurnMs: null }, { kind: 'go', limit: 1 }],
    [
      'two lanes keep half the pace each',
      { budget: scarce, lanes: 2 },
      { kind: 'wait', waitMs: 24 * MINUTE, why: 'saving' },
    ],
    [
      'turns that cost more are rarer',
      { budget: scarce, callsPerTurn: 4 },
      { kind: 'wait', waitMs: 24 * MINUTE, why: 'saving' },
    ],
    [
      'between plenty and scarce the wait grows with the square',
      // Half of the way: 525 calls for a day are 21.875 an hour; a quarter of 2 / that.
      { budget: budget({ left: 525 }) },
      { kind: 'wait', waitMs: Math.ceil(((2 / 525) * 24 * HOUR) / 4), why: 'saving' },
    ],
    [
      'calls that fall out soon may be spent before',
      { budget: budget({ left: 100, returning: [{ calls: 900, inMs: 10 * HOUR }] }) },
      { kind: 'wait', waitMs: 12 * MINUTE, why: 'saving' },
    ],
    ['a full batch does not wait', { budget: budget({ left: 400 }), pending: acted(200) }, { kind: 'go', limit: 200 }],
    [
      'a full batch waits when calls are scarce',
      { budget: scarce, pending: acted(200) },
      { kind: 'wait', waitMs: 12 * MINUTE, why: 'saving' },
    ],
    [
      'spent under the reserve: others have to make room',
      { budget: budget({ left: 1 }) },
      { kind: 'spent', limit: 'reserve', waitMs: null },
    ],
    [
      'spent under the cap: known when own calls fall out',
      {
        budget: budget({
          left: 0,
          capLeft: 0,
          limit: 'cap',
          returning: [
            { calls: 1, inMs: HOUR },
            { calls: 5, inMs: 2 * HOUR },
          ],
        }),
      },
      { kind: 'spent', limit: 'cap', waitMs: 2 * HOUR },
    ],
    [
      'the cap holds, even where the reserve leaves less',
      { budget: budget({ left: 0, capLeft: 1, limit: 'reserve', returning: [{ calls: 5, inMs: HOUR }] }) },
      { kind: 'spent', limit: 'cap', waitMs: HOUR },
    ],
    [
      'set aside for the other lane: free again in a moment',
      { budget: budget({ left: 1, claimed: 12 }) },
      { kind: 'wait', waitMs: 1_000, why: 'saving' },
    ],
    [
      'completions by the clock wait two minutes for company',
      { pending: { acted: 0, clocked: 3, clockedForMs: MINUTE } },
      { kind: 'wait', waitMs: MINUTE, why: 'lingering' },
    ],
    ['and then go', { pending: { acted: 0, clocked: 3, clockedForMs: 2 * MINUTE } }, { kind: 'go', limit: 3 }],
    [
      'an hour when calls are scarce',
      { budget: scarce, pending: { acted: 0, clocked: 3, clockedForMs: 2 * MINUTE }, sinceLastTurnMs: HOUR },
      { kind: 'wait', waitMs: 58 * MINUTE, why: 'lingering' },
    ],
    [
      'a full batch of completions has company enough',
      { pending: { acted: 0, clocked: 200, clockedForMs: 0 } },
      { kind: 'go', limit: 200 },
    ],
    [
      'with what somebody did a slice of them goes along',
      { pending: { acted: 2, clocked: 120, clockedForMs: 0 } },
      { kind: 'go', limit: 2 + CLOCK_SLICE },
    ],
  ];
  it.each(cases)('%s', (_title, more, expected) => {
    const decided = pace(input(more));
    if (decided.kind === 'wait' && expected.kind === 'wait') {
      expect({ ...decided, waitMs: 0 }).toEqual({ ...expected, waitMs: 0 });
      expect(Math.abs(decided.waitMs - expected.waitMs)).toBeLessThanOrEqual(1);
    } else expect(decided).toEqual(expected);
  });
});

describe('scarcity', () => {
  it.each([
    [1_000, 0],
    [800, 0],
    [525, 0.25],
    [250, 1],
    [0, 1],
  ])('%i of 1,000 left is %f', (left, expected) => {
    expect(scarcityOf(budget({ left }))).toBeCloseTo(expected, 5);
  });

  it('is full where nothing is allowed, and none where nothing is known', () => {
    expect(scarcityOf(budget({ left: 0, ceiling: 0 }))).toBe(1);
    expect(scarcityOf(budget({ left: null, ceiling: null }))).toBe(0);
  });
});

describe('the wait before an org is tried again', () => {
  it.each([
    [0, 5],
    [1, 10],
    [2, 20],
    [3, 30],
    [50, 30],
  ])('after %i tries in vain is %i minutes, give or take a fifth', (tries, minutes) => {
    expect(probeDelayMs(tries, () => 0)).toBeCloseTo(0.8 * minutes * MINUTE);
    expect(probeDelayMs(tries, () => 1)).toBeCloseTo(1.2 * minutes * MINUTE);
  });
});
