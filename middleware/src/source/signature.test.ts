import { allVectors, KINDS, printCount } from '../../test/fixtures/source/build';
import { kinds } from './kinds';
import { headerValue, hmacHex, sha256Hex, verifyHex } from './signature';
import { SignatureMismatchError } from './source';

describe('headerValue', () => {
  it.each([
    ['finds a name without case', { 'X-Sig': ' a ' }, 'a'],
    ['joins a header that came twice', { 'x-sig': ['a', 'b'] }, 'a, b'],
    ['takes an empty header for none', { 'x-sig': '  ' }, null],
    ['finds nothing in prototype names', {}, null],
  ])('%s', (_title, headers: Record<string, string | string[]>, expected) => {
    expect(headerValue(headers, 'x-sig')).toBe(expected);
  });

  it('does not take a method of objects for a header', () => {
    expect(headerValue({}, 'constructor')).toBeNull();
  });
});

describe('hmacHex', () => {
  // RFC 4231, test case 2
  const EXPECTED = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  it('makes the hex of RFC 4231, in one part or several, of text or bytes', () => {
    expect(hmacHex('Jefe', 'what do ya want for nothing?')).toBe(EXPECTED);
    expect(hmacHex('Jefe', 'what do ya ', Buffer.from('want for nothing?'))).toBe(EXPECTED);
  });
});

describe('sha256Hex', () => {
  it('makes the hex of FIPS 180', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('verifyHex', () => {
  const sign = (secret: string): string => hmacHex(secret, 'body');
  const code = (signature: string, secrets: string[]): string => {
    try {
      return String(verifyHex(signature, secrets, sign).secretIndex);
    } catch (error) {
      return error instanceof SignatureMismatchError ? error.code : 'another error';
    }
  };

  it.each([
    ['tells which of several secrets signed', sign('new'), ['old', 'new'], '1'],
    ['takes the first of two equal secrets', sign('a'), ['a', 'a'], '0'],
    ['compares hex of the other case as the same bytes', sign('a').toUpperCase(), ['a'], '0'],
    ['never accepts an empty secret', sign(''), ['', 'a'], 'mismatch'],
    ['refuses everything without a secret', sign('a'), [], 'mismatch'],
    ['refuses a shorter signature', sign('a').slice(2), ['a'], 'mismatch'],
    ['refuses a longer signature', `${sign('a')}00`, ['a'], 'mismatch'],
    ['refuses half a byte more', `${sign('a')}0`, ['a'], 'mismatch'],
    ['refuses half a byte less', sign('a').slice(1), ['a'], 'mismatch'],
    ['refuses what is not hex', sign('a').replace(/^./, 'g'), ['a'], 'malformed'],
    ['refuses a prefix', `sha256=${sign('a')}`, ['a'], 'malformed'],
    ['refuses an empty signature', '', ['a'], 'malformed'],
  ])('%s', (_title, signature, secrets, expected) => {
    expect(code(signature, secrets)).toBe(expected);
  });
});

describe.each(KINDS)('signature vectors of %s', (kind) => {
  const vectors = allVectors(kind);
  const source = kinds.get(kind)!;
  const holds = (vector: (typeof vectors)[number], headers = vector.headers, body = Buffer.from(vector.rawBody)) => {
    try {
      source.verify(headers, body, [vector.secret ?? 'unpublished'], new Date((vector.now ?? 0) * 1000));
      return true;
    } catch (error) {
      if (error instanceof SignatureMismatchError) return false;
      throw error;
    }
  };
  afterAll(() => printCount(`signature vectors of ${kind}`, vectors.length));

  it.each(vectors.map((vector) => [vector.name, vector.expect, vector] as const))(
    '%s: %s',
    (_name, expected, vector) => {
      expect(holds(vector)).toBe(expected === 'valid');
    },
  );

  const valid = vectors.filter((vector) => vector.expect === 'valid');
  it.each(valid.map((vector) => [vector.name, vector] as const))('%s: fails with any byte changed', (_name, vector) => {
    const body = Buffer.from(vector.rawBody);
    for (let index = 0; index < body.length; index += 1) {
      const changed = Buffer.from(body);
      changed[index]! ^= 1;
      if (holds(vector, vector.headers, changed)) throw new Error(`Byte ${index} of the body does not count.`);
    }
    expect(holds(vector, vector.headers, Buffer.concat([body, Buffer.from(' ')]))).toBe(false);

    const [name, value] = Object.entries(vector.headers).find(([key]) => key.includes('signature'))!;
    const start = value.length - 64;
    for (let index = start; index < value.length; index += 1) {
      const digit = (parseInt(value[index]!, 16) ^ 1).toString(16);
      const changed = value.slice(0, index) + digit + value.slice(index + 1);
      if (holds(vector, { ...vector.headers, [name]: changed })) throw new Error(`Digit ${index} does not count.`);
    }
  });
});
