import { likePattern, parseLiteral, unescapeString } from './literal';

it.each([
  ["O\\'Hara", "O'Hara"],
  ['a\\\\b', 'a\\b'],
  ['line\\nnext\\ttab', 'line\nnext\ttab'],
  ['\\u3042', 'あ'],
  ['100\\%', '100%'],
])('the string %s means %j', (raw, value) => {
  expect(unescapeString(raw)).toBe(value);
});

it.each([
  ['Sa%', 'sato', true],
  ['Sa%', 'Mosa', false],
  ['S_to', 'Sato', true],
  ['S_to', 'Saato', false],
  ['100\\%', '100%', true],
  ['100\\%', '1000', false],
  ['a\\_b', 'axb', false],
  ['a.c', 'abc', false],
  ["O\\'H%", "O'Hara", true],
])('LIKE %s fits %s: %s', (pattern, text, fits) => {
  expect(likePattern(pattern).test(text)).toBe(fits);
});

it.each([
  ["'x'", 'STRING', { kind: 'string', value: 'x', raw: 'x' }],
  ['-5.5', 'DECIMAL', { kind: 'number', value: -5.5 }],
  ['true', 'BOOLEAN', { kind: 'boolean', value: true }],
  ['null', 'NULL', { kind: 'null' }],
  ['LAST_N_DAYS:3', 'DATE_N_LITERAL', { kind: 'dateLiteral', value: 'LAST_N_DAYS:3' }],
  [':bound', 'APEX_BIND_VARIABLE', null],
] as const)('%s is %s', (text, type, literal) => {
  expect(parseLiteral(text, type)).toEqual(literal);
});
