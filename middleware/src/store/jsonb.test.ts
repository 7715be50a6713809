import { storable, storableJson } from './jsonb';

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

describe('storableJson', () => {
  it.each<[string, unknown]>([
    ['a plain value', { a: ['x', 1, null, true], b: 'ü😀' }],
    ['NUL characters', { 'a\u0000b': ['c\u0000'] }],
    ['a lone surrogate', 'a\udfff'],
    ['text that only looks like an escape', '\\u0000 \\ud800'],
  ])('is the JSON of what can be stored: %s', (_title, value) => {
    expect(storableJson(value)).toBe(JSON.stringify(storable(value)));
  });
});
