import { findJsonFault } from './json-fault';

it.each([
  ['{"a": Sato}', 6],
  ['{"a": 1', 7],
  ['{"a" 1}', 5],
  ['{a: 1}', 1],
  ['[1, 2,]', 6],
  ['{"a": 1} x', 9],
  ['{"a": "x\ny"}', 6],
  ['', 0],
])('%j goes wrong at %i', (text, offset) => {
  expect(findJsonFault(text)).toBe(offset);
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
});
