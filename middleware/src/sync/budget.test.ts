import { budgetOf, type BudgetFacts } from './budget';

const NOW = new Date('2027-01-04T10:30:00.000Z');
const HOUR = 3_600_000;
const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);
/** The full hour so many hours before 10 o'clock. */
const hour = (before: number): Date => new Date(Date.UTC(2027, 0, 4, 10 - before));

const facts = (more: Partial<BudgetFacts> = {}): BudgetFacts => ({
  reservePercent: 20,
  dailyCap: null,
  gauge: { used: 4_000, max: 15_000, seenAt: ago(0.1) },
  ownCalls: [],
  claimed: 0,
  ...more,
});

describe('what is left of an org’s API calls', () => {
  it.each<[string, Partial<BudgetFacts>, object]>([
    [
      'all but the reserve and what the gauge shows',
      {},
      { left: 8_000, ceiling: 12_000, limit: 'reserve', capLeft: null },
    ],
    ['nothing is reserved', { reservePercent: 0 }, { left: 11_000, ceiling: 15_000 }],
    ['nothing is known yet', { gauge: null }, { left: null, ceiling: null, limit: null }],
    [
      'a gauge of a day ago says nothing',
      { gauge: { used: 4_000, max: 15_000, seenAt: ago(24) } },
      { left: null, limit: null },
    ],
    ['a gauge beyond the ceiling', { gauge: { used: 14_000, max: 15_000, seenAt: NOW } }, { left: 0 }],
    [
      'a smoothed gauge is no whole number: rounded to the safe side',
      { gauge: { used: 11_990.3, max: 15_000, seenAt: NOW } },
      { left: 9 },
    ],
    [
      'the cap, where it leaves less',
      { dailyCap: 100, ownCalls: [{ hour: hour(1), calls: 30 }] },
      { left: 70, ceiling: 100, limit: 'cap', capLeft: 70, own: 30 },
    ],
    [
      'the reserve, where the cap leaves more',
      { dailyCap: 20_000, ownCalls: [{ hour: hour(1), calls: 30 }] },
      { left: 8_000, limit: 'reserve', capLeft: 19_970 },
    ],
    ['less what runs in another lane', { dailyCap: 100, claimed: 12 }, { left: 88, capLeft: 88, claimed: 12 }],
    [
      'an hour counts until its last minute is a day old',
      {
        dailyCap: 100,
        ownCalls: [
          { hour: hour(24), calls: 5 },
          { hour: hour(25), calls: 7 },
        ],
      },
      { own: 5, left: 95, returning: [{ calls: 5, inMs: HOUR / 2 }] },
    ],
  ])('%s', (_title, more, expected) => {
    expect(budgetOf(facts(more), NOW)).toMatchObject(expected);
  });

  it('tells when own calls come back, soonest first', () => {
    const ownCalls = [
      { hour: hour(0), calls: 1 },
      { hour: hour(20), calls: 2 },
    ];
    expect(budgetOf(facts({ ownCalls }), NOW).returning).toEqual([
      { calls: 2, inMs: 4.5 * HOUR },
      { calls: 1, inMs: 24.5 * HOUR },
    ]);
  });
});
