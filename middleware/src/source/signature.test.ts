import { allVectors, KINDS, printCount, SENDERS } from '../../test/fixtures/source/build';
import { kinds } from './kinds';
import { headerValue, hmacHex, sha256Hex, timedSignature, verifyHex, verifyTimed } from './signature';
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
  const code = (signature: string | string[], secrets: string[]): string => {
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
    ['takes any of several signatures', ['xyz', sign('b'), sign('a')], ['a'], '0'],
    ['refuses when none of several holds', [sign('b'), sign('c')], ['a'], 'mismatch'],
    ['refuses when none of several is hex', ['xyz', ''], ['a'], 'malformed'],
    ['refuses an empty list', [], ['a'], 'malformed'],
  ])('%s', (_title, signature, secrets, expected) => {
    expect(code(signature, secrets)).toBe(expected);
  });
});

describe('verifyTimed', () => {
  const BODY = Buffer.from('{"a":1}');
  const SIGNED_AT = new Date('2027-02-20T08:15:30.900Z');
  const [TIME, SIGNATURE] = timedSignature('secret', BODY, SIGNED_AT).split(',') as [string, string];
  const outcome = (header: string, now = SIGNED_AT, secrets = ['secret']): string => {
    try {
      return String(verifyTimed(header, BODY, secrets, now, 300).secretIndex);
    } catch (error) {
      return error instanceof SignatureMismatchError ? error.code : 'another error';
    }
  };
  const ZEROS = `v1=${'0'.repeat(64)}`;

  it.each([
    ['parts in any order', `${SIGNATURE},${TIME}`, '0'],
    ['spaces around parts and equal signs', ` ${TIME.replace('=', ' = ')} , ${SIGNATURE.replace('=', '= ')} `, '0'],
    ['parts of another version', `v0=abc,${TIME},${SIGNATURE}`, '0'],
    ['several signatures, of which one holds', `${TIME},${ZEROS},${SIGNATURE}`, '0'],
    ['more signatures than a rotation has', `${TIME},${`${ZEROS},`.repeat(5)}${SIGNATURE}`, 'malformed'],
    ['no time', SIGNATURE, 'malformed'],
    ['no signature', TIME, 'malformed'],
    ['an empty signature', `${TIME},v1=`, 'malformed'],
    ['two times', `${TIME},t=1,${SIGNATURE}`, 'malformed'],
    ['a time that is no number', `t=today,${SIGNATURE}`, 'malformed'],
    ['a time with a sign', `t=-1,${SIGNATURE}`, 'malformed'],
    ['another time than the signed one', `t=${Number(TIME.slice(2)) + 1},${SIGNATURE}`, 'mismatch'],
    ['the bare signature', SIGNATURE.slice(3), 'malformed'],
  ])('with %s', (_title, header, expected) => {
    expect(outcome(header)).toBe(expected);
  });

  it.each([
    [300, '0'],
    [301, 'stale'],
    [-300, '0'],
    [-301, 'stale'],
    [Number.NaN, 'stale'],
  ])('%d seconds after signing', (count, expected) => {
    const now = new Date(Number(TIME.slice(2)) * 1000 + count * 1000);
    expect(outcome(`${TIME},${SIGNATURE}`, now)).toBe(expected);
  });

  it('tells which secret signed, and not the age of a signature that does not hold', () => {
    expect(outcome(`${TIME},${SIGNATURE}`, SIGNED_AT, ['old', 'secret'])).toBe('1');
    expect(outcome(`${TIME},${SIGNATURE}`, new Date(0), ['another'])).toBe('mismatch');
  });
});

describe.each(KINDS)('signature vectors of %s', (kind) => {
  const vectors = allVectors(kind);
  const source = kinds.get(kind)!;
  const bodyOf = ({ rawBody }: (typeof vectors)[number]): Buffer => Buffer.from(rawBody ?? '');
  const holds = (vector: (typeof vectors)[number], headers = vector.headers, body = bodyOf(vector)) => {
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

  const assertEveryCharacterCounts = (vector: (typeof vectors)[number]): void => {
    const [name, token] = Object.entries(vector.headers).find(([, value]) => value === vector.secret)!;
    for (let index = 0; index < token.length; index += 1) {
      const other = String.fromCharCode(token.charCodeAt(index) ^ 1);
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      if (holds(vector, { ...vector.headers, [name]: changed })) throw new Error(`Character ${index} does not count.`);
    }
  };

  const valid = vectors.filter((vector) => vector.expect === 'valid');
  it.each(valid.map((vector) => [vector.name, vector] as const))('%s: fails with any byte changed', (_name, vector) => {
    if (SENDERS[kind].isToken) return assertEveryCharacterCounts(vector);
    const body = bodyOf(vector);
    for (let index = 0; index < body.length; index += 1) {
      const changed = Buffer.from(body);
      changed[index]! ^= 1;
      if (holds(vector, vector.headers, changed)) throw new Error(`Byte ${index} of the body does not count.`);
    }
    expect(holds(vector, vector.headers, Buffer.concat([body, Buffer.from(' ')]))).toBe(false);

    const name = SENDERS[kind].header;
    const value = vector.headers[name]!;
    const start = value.length - 64;
    for (let index = start; index < value.length; index += 1) {
      const digit = (parseInt(value[index]!, 16) ^ 1).toString(16);
      const changed = value.slice(0, index) + digit + value.slice(index + 1);
      if (holds(vector, { ...vector.headers, [name]: changed })) throw new Error(`Digit ${index} does not count.`);
    }
  });
});
