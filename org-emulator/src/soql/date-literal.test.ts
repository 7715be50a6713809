import { spanOfDateLiteral } from './date-literal';

// A Friday.
const NOW = new Date('2026-11-20T15:00:00Z');

it.each([
  ['TODAY', '2026-11-20', '2026-11-21'],
  ['YESTERDAY', '2026-11-19', '2026-11-20'],
  ['tomorrow', '2026-11-21', '2026-11-22'],
  ['LAST_N_DAYS:7', '2026-11-13', '2026-11-21'],
  ['NEXT_N_DAYS:7', '2026-11-21', '2026-11-28'],
  ['N_DAYS_AGO:2', '2026-11-18', '2026-11-19'],
  ['THIS_WEEK', '2026-11-15', '2026-11-22'],
  ['NEXT_WEEK', '2026-11-22', '2026-11-29'],
  ['LAST_MONTH', '2026-10-01', '2026-11-01'],
  ['THIS_QUARTER', '2026-10-01', '2027-01-01'],
  ['LAST_QUARTER', '2026-07-01', '2026-10-01'],
  ['NEXT_YEAR', '2027-01-01', '2028-01-01'],
  ['LAST_N_MONTHS:2', '2026-09-01', '2026-11-01'],
  ['NEXT_N_WEEKS:1', '2026-11-22', '2026-11-29'],
  ['N_YEARS_AGO:1', '2025-01-01', '2026-01-01'],
  ['THIS_FISCAL_YEAR', '2026-01-01', '2027-01-01'],
])('%s is from %s until %s', (literal, from, until) => {
  expect(spanOfDateLiteral(literal, NOW)).toEqual({ from, until });
});

it('knows no other words', () => {
  expect(spanOfDateLiteral('SOMEDAY', NOW)).toBeNull();
});
