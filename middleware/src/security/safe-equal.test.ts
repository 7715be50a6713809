import { safeEqual } from './safe-equal';

describe('safeEqual', () => {
  it.each([
    ['equal texts', 'token-1', 'token-1', true],
    ['texts of one length', 'token-1', 'token-2', false],
    ['a text and its beginning', 'token-1', 'token', false],
    ['empty texts', '', '', true],
    ['an empty and a full text', '', 'a', false],
    ['equal bytes', Buffer.from([0, 255]), Buffer.from([0, 255]), true],
    ['a text and its UTF-8 bytes', 'é', Buffer.from([0xc3, 0xa9]), true],
    ['bytes that differ at the end', Buffer.from([1, 2, 3]), Buffer.from([1, 2, 4]), false],
  ])('compares %s', (_title, a, b, expected) => {
    expect(safeEqual(a, b)).toBe(expected);
    expect(safeEqual(b, a)).toBe(expected);
  });
});
