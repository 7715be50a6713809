import { storable } from './jsonb';

describe('storable', () => {
  it.each([
    ['keeps what is fine', { a: ['x', 1, null, true] }, { a: ['x', 1, null, true] }],
    ['drops NUL characters in values and keys', { 'a\u0000b': ['c\u0000'] }, { ab: ['c'] }],
    ['replaces a lone surrogate', 'a\ud800', 'a\ufffd'],
    ['keeps a pair of surrogates', '😀', '😀'],
  ])('%s', (_title, value, expected) => {
    expect(storable<unknown>(value)).toEqual(expected);
  });
});
