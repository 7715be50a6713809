import { normalizeEmail } from './email';

describe('normalizeEmail', () => {
  it.each([
    [' Anna@Example.COM ', 'anna@example.com'],
    ['anna+tag@example.com', 'anna+tag@example.com'],
    ['ju\u0308rgen@example.com', 'jürgen@example.com'],
    ['not an address', null],
    ['@example.com', null],
    ['', null],
    [null, null],
  ])('makes %j comparable as %j', (email, expected) => {
    expect(normalizeEmail(email)).toBe(expected);
  });
});
