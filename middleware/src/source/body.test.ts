import { at, listAt, numberAt, objectAt, peekObject, Problems, readObject, textAt, typeName } from './body';

const read = (text: string | Buffer) => readObject(Buffer.from(text));

describe('readObject', () => {
  it.each([
    ['an empty body', '', 'is not JSON'],
    ['a form', 'triggerEvent=X&uid=1', 'is not JSON'],
    ['a list', '[1]', 'expected a JSON object, got a list'],
    ['false, which a broken template renders to', 'false', 'expected a JSON object, got false'],
    ['null', 'null', 'expected a JSON object, got null'],
    ['a text', '"secret@visitor.example"', 'expected a JSON object, got a text of another form'],
    ['JSON that is cut off', '{"a":', 'is not JSON'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'is not UTF-8 text'],
    ['half a character of UTF-8', Buffer.from('{"a":"é"}').subarray(0, 7), 'is not UTF-8 text'],
    ['41 levels below the object', `{"a":${'['.repeat(41)}${']'.repeat(41)}}`, 'nests deeper than 40 levels'],
    ['500,000 lists in lists', `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, 'nests deeper than 40 levels'],
    ['500,000 objects in objects', `${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`, 'nests deeper than 40 levels'],
  ])('refuses %s', (_title, body, error) => {
    expect(read(body)).toEqual({ refused: [{ field: 'body', error }] });
  });

  it.each([
    ['takes the last of two equal keys', '{"a":1,"a":2}', { a: 2 }],
    ['passes over a byte order mark', '\ufeff{"a":1}', { a: 1 }],
    ['drops NUL, which jsonb refuses', '{"a\\u0000b":"c\\u0000d"}', { ab: 'cd' }],
    ['replaces half a surrogate pair, which jsonb refuses', '{"a":"x\\ud800y"}', { a: 'x\ufffdy' }],
    ['keeps whole surrogate pairs', '{"a":"\\ud83d\\uddd3"}', { a: '🗓' }],
    ['makes a number beyond doubles null', '{"a":1e999,"b":[-1e999]}', { a: null, b: [null] }],
    ['makes -0 a plain 0, as jsonb does', '{"a":-0}', { a: 0 }],
    ['drops __proto__ at any depth', '{"__proto__":{"x":1},"a":[{"__proto__":1}]}', { a: [{}] }],
  ])('%s', (_title, body, object) => {
    expect(read(body)).toEqual({ object });
  });

  it('leaves the prototype of the result alone', () => {
    const result = read('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}');
    expect('object' in result && 'isAdmin' in result.object).toBe(false);
    expect('isAdmin' in {}).toBe(false);
  });
});

describe('peekObject', () => {
  it.each([
    ['what cannot be stored', '{"a":"x\\u0000\\ud800","b":-0}', { a: 'x\0\ud800', b: -0 }],
    ['no list', '[1]', null],
    ['no half of JSON', '{"a":', null],
    ['no bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), null],
  ])('gives %s', (_title, body, expected) => {
    expect(peekObject(Buffer.from(body))).toEqual(expected);
  });

  it.each([41, 500_000])('gives what nests %d levels deep', (levels) => {
    const object = peekObject(Buffer.from(`{"id":"x","a":${'['.repeat(levels)}${']'.repeat(levels)}}`));
    expect(object?.['id']).toBe('x');
  });

  it('leaves a body to be read as ever', () => {
    const body = Buffer.from('{"a":"x\\u0000y"}');
    expect([peekObject(body), readObject(body), peekObject(body)]).toEqual([
      { a: 'x\0y' },
      { object: { a: 'xy' } },
      { a: 'x\0y' },
    ]);
  });
});

describe('at, objectAt, listAt', () => {
  const body = { a: { b: [1], c: null } };
  it('finds own keys only', () => {
    expect([at(body, 'a', 'b'), at(body, 'a', 'x', 'y'), at(body, 'toString'), at(undefined, 'a')]).toEqual([
      [1],
      undefined,
      undefined,
      undefined,
    ]);
    expect([objectAt(body, 'a'), objectAt(body, 'a', 'b'), objectAt(body, 'a', 'c')]).toEqual([body.a, null, null]);
    expect([listAt(body, 'a', 'b'), listAt(body, 'a')]).toEqual([[1], null]);
  });
});

describe('textAt', () => {
  it.each([
    [' Ada ', 'Ada'],
    ['', null],
    ['   ', null],
    [7, '7'],
    [null, null],
    [true, null],
    [['Ada'], null],
    [{ value: 'Ada' }, null],
  ])('reads %j as %j', (value, expected) => {
    expect(textAt({ value }, 'value')).toBe(expected);
  });
});

describe('numberAt', () => {
  it.each([
    [30, 30],
    ['30', 30],
    [' 12.5 ', 12.5],
    ['', null],
    ['0x1f', null],
    ['1e5', null],
    [null, null],
    [[30], null],
  ])('reads %j as %j', (value, expected) => {
    expect(numberAt({ value }, 'value')).toBe(expected);
  });
});

describe('Problems', () => {
  it('collects every field that could not be read, and tells the type but never the value', () => {
    const problems = new Problems();
    expect(problems.need('x', 'a', 'a text', 'x')).toBe('x');
    expect(problems.need(null, 'b', 'an instant', 'ada@visitor.example')).toBeNull();
    problems.add('c', 'is odd');
    expect(problems.errors).toEqual([
      { field: 'b', error: 'expected an instant, got a text of another form' },
      { field: 'c', error: 'is odd' },
    ]);
  });

  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [false, 'false'],
    ['', 'an empty text'],
    [1, 'a number'],
    [[], 'a list'],
    [{}, 'an object'],
  ])('names %j as %s', (value, name) => {
    expect(typeName(value)).toBe(name);
  });
});
