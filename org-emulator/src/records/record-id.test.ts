import { checksumOf, makeId, normaliseId } from './record-id';

it.each([
  ['001dM00003kRs59', 'QAC'],
  ['0034S000005YJVl', 'QAO'],
  ['005dM00000awSFJ', 'QA2'],
  ['005000000000001', 'AAA'],
])('the checksum of %s is %s', (id15, checksum) => {
  expect(checksumOf(id15)).toBe(checksum);
});

it.each([
  ['001dM00003kRs59', '001dM00003kRs59QAC'],
  ['001dM00003kRs59QAC', '001dM00003kRs59QAC'],
  ['001dm00003krs59QAC', null],
  ['001dM00003kRs5', null],
  ['001dM00003kRs59Q', null],
  ['001dM00003kRs5-', null],
  ['', null],
])('%s is understood as %s', (id, normalised) => {
  expect(normaliseId(id)).toBe(normalised);
});

it('makes ids that differ, also in case only', () => {
  const ids = Array.from({ length: 100 }, (_, n) => makeId('00U', n + 1));
  expect(new Set(ids).size).toBe(100);
  expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(100);
  expect(new Set(ids.map((id) => id.slice(0, 15).toLowerCase())).size).toBeLessThan(100);
  expect(ids.every((id) => normaliseId(id) === id)).toBe(true);
});
