import { lookDue, type LookFacts } from './look-due';

const NOW = new Date('2027-03-02T10:00:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const FACTS: LookFacts = {
  lookedAt: ago(10),
  schemaCheckedAt: ago(10),
  hasDue: true,
  isScarce: false,
  everyMs: 60 * 60_000,
};

describe('a look at an org', () => {
  it.each<[string, Partial<LookFacts>, ReturnType<typeof lookDue>]>([
    ['never looked', { lookedAt: null }, 'whole'],
    ['looked a short while ago', {}, 'none'],
    ['looked long ago', { lookedAt: ago(60) }, 'ifChanged'],
    ['looked long ago, and calls are scarce', { lookedAt: ago(60), isScarce: true }, 'none'],
    ['heard of the schema long ago', { schemaCheckedAt: ago(15) }, 'forParked'],
    ['never heard of the schema but by looking', { schemaCheckedAt: null }, 'forParked'],
    ['looked yesterday, and something is to be written', { lookedAt: ago(601) }, 'whole'],
    ['looked yesterday, something is to be written, calls are scarce', { lookedAt: ago(601), isScarce: true }, 'whole'],
    ['looked yesterday, nothing is to be written', { lookedAt: ago(601), hasDue: false }, 'whole'],
    ['looked yesterday, nothing to be written, scarce', { lookedAt: ago(601), hasDue: false, isScarce: true }, 'none'],
  ])('%s', (_, more, expected) => {
    expect(lookDue({ ...FACTS, ...more }, NOW)).toBe(expected);
  });

  it('waits for the first write of a day that has just begun', () => {
    const facts = { ...FACTS, lookedAt: new Date('2027-03-01T23:59:00Z') };
    const midnight = new Date('2027-03-02T00:01:00Z');
    expect(lookDue({ ...facts, schemaCheckedAt: midnight, hasDue: false }, midnight)).toBe('none');
    expect(lookDue({ ...facts, schemaCheckedAt: midnight, hasDue: true }, midnight)).toBe('whole');
  });
});
