import { daysBetween, parseDate, parseDateTime, toApiDateTime } from './timestamps';

it.each([
  ['2026-12-01T10:00:00+09:00', '2026-12-01T01:00:00.000+0000'],
  ['2026-12-01T10:00:00+0900', '2026-12-01T01:00:00.000+0000'],
  ['2026-12-01T01:00:00.123Z', '2026-12-01T01:00:00.000+0000'],
  ['2026-12-01T01:00Z', '2026-12-01T01:00:00.000+0000'],
  ['2026-12-01', '2026-12-01T00:00:00.000+0000'],
  ['2026-13-01T01:00:00Z', null],
  ['2026-02-30T01:00:00Z', null],
  ['2026-12-01T25:00:00Z', null],
  ['tomorrow', null],
])('reads the date-time %s as %s', (text, expected) => {
  expect(parseDateTime(text)).toBe(expected);
});

it.each([
  ['2024-02-29', '2024-02-29'],
  ['2026-02-29', null],
  ['2026-2-1', null],
])('reads the date %s as %s', (text, expected) => {
  expect(parseDate(text)).toBe(expected);
});

it('counts whole days and writes whole seconds', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2);
  expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2);
  expect(toApiDateTime(new Date('2026-05-06T11:29:24.987Z'))).toBe('2026-05-06T11:29:24.000+0000');
});
