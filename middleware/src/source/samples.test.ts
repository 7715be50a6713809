import { parseMapping } from './mapping';
import { createMappedSource } from './mapped';
import { kinds } from './kinds';
import { secretFault, testDelivery } from './samples';

const NOW = new Date('2026-10-05T12:00:00.000Z');
const SECRET = 'a'.repeat(48);

describe('testDelivery', () => {
  it.each([...kinds.values()])('proves itself to $kind, and is about no booking', (kind) => {
    const { headers, body } = testDelivery(kind.kind, { secret: SECRET, id: 'test-1', now: NOW });
    expect(kind.verify(headers, body, ['other', SECRET], NOW)).toEqual({ secretIndex: 1 });
    expect(kind.translate(body, { headers, receivedAt: NOW })).not.toHaveProperty('events');
  });

  it('carries the token in the header that a mapping names', () => {
    const mapping = { name: 'own', tokenHeader: 'x-own', kind: "'scheduled'", bookingKey: 'id', occurredAt: 'at' };
    const own = createMappedSource(
      parseMapping(Buffer.from(JSON.stringify({ ...mapping, startsAt: 'start', durationMinutes: '30' }))),
    );
    const { headers, body } = testDelivery('mapped', { secret: SECRET, tokenHeader: 'x-own', id: 'test-1', now: NOW });
    expect(own.verify(headers, body, [SECRET], NOW)).toEqual({ secretIndex: 0 });
  });

  it.each([...kinds.keys()])('has another body for every test of %s', (kind) => {
    const bodyOf = (id: string) => testDelivery(kind, { secret: SECRET, id, now: NOW }).body.toString();
    expect(bodyOf('test-1')).not.toBe(bodyOf('test-2'));
  });
});

describe('secretFault', () => {
  it.each([
    ['calcom', SECRET, null],
    ['calendly', 'a key with spaces', null],
    ['calcom', '', /empty/],
    ['calcom', '  ', /empty/],
    ['calcom', ' abc', /space/],
    ['standard', SECRET, null],
    ['standard', 'whsec_c2VjcmV0', null],
    ['standard', 'no base64!', /base64/],
    ['timerex', 'two words', /header/],
    ['mapped', 'ä', /header/],
    ['mapped:10to8', SECRET, null],
  ])('of %s "%s": %s', (kind, secret, fault) => {
    if (fault === null) expect(secretFault(kind, secret)).toBeNull();
    else expect(secretFault(kind, secret)).toMatch(fault);
  });
});
