import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Loose, raw } from '../../test/fixtures/source/build';
import { InvalidMappingError, mappingJsonSchema, parseMapping, readMapping } from './mapping';
import { openSandbox } from './mapping-sandbox';

const MAPPING = {
  name: 'acme',
  kind: "'scheduled'",
  bookingKey: 'id',
  occurredAt: '$receivedAt',
  startsAt: 'start',
  endsAt: 'end',
};

function faultsOf(written: Loose): string[] {
  try {
    readMapping(written);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidMappingError)) throw error;
    expect(error.message).toContain(error.errors[0]!.field);
    return error.errors.map(({ field, error: what }) => `${field}: ${what}`);
  }
}

describe('readMapping', () => {
  it('fills in the header of the token', () => {
    expect(readMapping({ ...MAPPING, $schema: './mapping.schema.json' })).toMatchObject({
      tokenHeader: 'x-booking-token',
    });
  });

  it.each([
    [
      'an expression that ends early',
      { kind: 'a +' },
      ['kind: is not a JSONata expression at position 3: Unexpected end'],
    ],
    [
      'a bracket that stays open',
      { customer: { email: 'a[' } },
      ['customer.email: is not a JSONata expression at position 2'],
    ],
    ['a field that is misspelt', { custmer: {} }, ['custmer: is not a field of a mapping']],
    ['a field inside that is misspelt', { customer: { mail: 'x' } }, ['customer.mail: is not a field of a mapping']],
    ['a value that is no expression', { subject: 5 }, ['subject: expected a JSONata expression as a text']],
    ['an empty expression', { subject: '' }, ['subject: expected a JSONata expression, got an empty text']],
    [
      'an endless expression',
      { subject: `'${'x'.repeat(4000)}'` },
      ['subject: expected a JSONata expression of up to'],
    ],
    ['no start', { startsAt: undefined }, ['startsAt: expected a JSONata expression']],
    ['no end', { endsAt: undefined }, ['endsAt: expected endsAt or durationMinutes']],
    ['a name with a space', { name: 'a b' }, ['name: expected a short name']],
    ['a header that is none', { tokenHeader: 'x token' }, ['tokenHeader: expected the name of a header']],
    ['an unknown form of body', { body: 'xml' }, ["body: expected 'json', 'form' or {template: [names]}"]],
    ['the clock', { occurredAt: '$now()' }, ['occurredAt: $now cannot be used here at position 4: use $receivedAt']],
    [
      'the clock, deep inside',
      { subject: '$map(a, function($x) { [$x, $millis()] })' },
      ['subject: $millis cannot be used'],
    ],
    [
      'code in a body',
      { subject: '$eval(text)' },
      ['subject: $eval cannot be used here at position 5: use $parseJson'],
    ],
    ['chance', { subject: '$string($random())' }, ['subject: $random cannot be used here']],
    [
      'several faults at once',
      { kind: '(', reason: ')', answers: { Q: '[' } },
      ['kind: is', 'reason: is', 'answers.Q: is'],
    ],
    ['3,999 brackets', { subject: '('.repeat(3999) }, ['subject: is not a JSONata expression']],
  ])('refuses %s', (_title, change, expected) => {
    expect(faultsOf({ ...MAPPING, ...change })).toEqual(
      expected.map((start) => expect.stringContaining(start) as string),
    );
  });

  it.each([null, [], 'x', 7])('refuses %j', (written) => {
    expect(faultsOf(written)).toHaveLength(1);
  });

  it.each([
    ['what is not JSON', Buffer.from('{'), 'mapping: is not JSON'],
    ['what is not text', Buffer.from([0xff]), 'mapping: is not UTF-8 text'],
    ['a mapping at fault', raw({ ...MAPPING, kind: '(' }), 'kind: is not a JSONata expression'],
  ])('refuses a file of %s', (_title, bytes, expected) => {
    expect(() => parseMapping(bytes)).toThrow(expected);
  });

  it('reads the mapping that it gave, as it comes from the store', () => {
    const mapping = readMapping(MAPPING);
    expect(readMapping(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
  });

  it('says what is wrong, whatever is written', () => {
    const written = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record({ ...Object.fromEntries(Object.keys(MAPPING).map((key) => [key, fc.string()])) }),
      fc.string().map((subject) => ({ ...MAPPING, subject })),
    );
    fc.assert(
      fc.property(written, (value) => faultsOf(value).every((fault) => /.: \S/s.test(fault))),
      { numRuns: 300 },
    );
  });
});

describe('a sandbox', () => {
  const INPUT = {
    body: { a: 1, text: `${'a'.repeat(40)}!`, list: [3, 1, 2] },
    headers: { 'x-kind': 'made' },
    receivedAt: '2027-02-20T08:15:30.000Z',
    digest: 'd',
  };
  const evaluated = (source: string, input = INPUT): unknown => {
    const result = openSandbox([{ path: ['x'], source }]).evaluate(input);
    if ('refused' in result) return result.refused.map(({ field, error }) => `${field}: ${error}`).join();
    return (result.items[0] as Loose).fields.x;
  };

  it.each([
    ['$headers."x-kind"', 'made'],
    ['$receivedAt & $digest', '2027-02-20T08:15:30.000Zd'],
    ['$body.a', 1],
    ['$parseJson(\'{"a":[1]}\')', { a: [1] }],
    ["$parseJson('{').a", undefined],
    ['$parseJson(\'{"__proto__":{"a":1}}\').a', undefined],
    ["$base64encode('booking') & $base64decode('Ym9va2luZw==')", 'Ym9va2luZw==booking'],
    ["$base64decode('Ym9v')", 'boo'],
    ["$zonedTime('2027-07-01T09:00', 'Europe/Berlin')", '2027-07-01T07:00:00.000Z'],
    ["$zonedTime('2027-01-01 09:00:30', 'Asia/Tokyo')", '2027-01-01T00:00:30.000Z'],
    ["$zonedTime('2027-10-31T02:30', 'Europe/Berlin')", '2027-10-31T00:30:00.000Z'],
    ["$zonedTime('2027-03-28T02:30', 'Europe/Berlin')", '2027-03-28T01:30:00.000Z'],
    ["$zonedTime('2027-11-07T01:30', 'America/New_York')", '2027-11-07T05:30:00.000Z'],
    ["$zonedTime('2027-07-01T09:00Z', 'Europe/Berlin')", undefined],
    ["$zonedTime('2027-07-01T09:00', 'Europe/Nowhere')", undefined],
    ['$zonedTime(7, 8)', undefined],
    ['list^($)', [1, 2, 3]],
    ['function($x) { $x }', undefined],
    ['[1, function($x) { $x }]', [1, null]],
    ['1/0', null],
  ])('evaluates %s', (source, expected) => {
    expect(evaluated(source)).toEqual(expected);
  });

  it.each([
    ["$error('Pilar')", '$error was called'],
    ['$number(text)', 'a text is no number'],
    ["$toMillis('2027-03-02 09:00')", 'a time is not ISO 8601'],
    ['a()', 'it calls something that is no function'],
    ['$sum(text)', 'could not be evaluated at position 5'],
  ])('says of %s what is wrong, and no value', (source, expected) => {
    expect(evaluated(source)).toContain(expected);
    expect(evaluated(source)).not.toMatch(/Pilar|aaa/);
  });

  it.each([
    ['a loop', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['a recursion', '($f := function($x) { 1 + $f($x + 1) }; $f(1))'],
    ['two that call each other', '($f := function($x) { $g($x) }; $g := function($x) { $f($x) }; $f(1))'],
    ['a regular expression that backtracks', '$contains(text, /^(a+)+$/)'],
    ['a replacement that backtracks', "$replace(text, /(a|aa)+$/, '')"],
    ['a long list', '[1..9999999]'],
    ['a list of lists', '[1..9999].([1..9999].([1..9999]))'],
    ['a text that doubles', "$length($reduce([1..24], function($a, $b) { $a & $a }, 'xxxxxxxxxx'))"],
    ['a text that is too long', "$pad('x', 1000000000)"],
    ['a result that is too long', "$pad('x', 5000000)"],
    ['a result that nests', '$reduce([1..200], function($a, $b) { {"a": $a} }, 1)'],
    ['an object that doubles', '$reduce([1..60], function($a, $b) { [[$a], [$a]] }, [1])'],
  ])('stops %s', (_title, source) => {
    const startedAt = performance.now();
    expect(evaluated(source)).toMatch(/^(x|mapping): /);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('works again after it was stopped', () => {
    const sandbox = openSandbox([{ path: ['x'], source: '$contains(text, /^(a+)+$/)' }]);
    expect(sandbox.evaluate(INPUT)).toHaveProperty('refused');
    expect(sandbox.evaluate({ ...INPUT, body: { text: 'a' } })).toEqual({ items: [{ fields: { x: true } }] });
  });

  it.each([
    ...['$.constructor', '$.__proto__', '$lookup($, "constructor")', '$map.constructor', '$keys.implementation'],
    ...['process', 'require', 'globalThis', '$process', '$require', '$globalThis', '$window', '$jsonata', '$respond'],
    ...['$merge([{"__proto__": {"y": 1}}]).y', '$type.implementation.constructor'],
    '$ ~> |$|{"__proto__": {"y": 1}}|',
  ])('gives nothing of the machine for %s', (source) => {
    const value = evaluated(source);
    expect([undefined, INPUT.body]).toContainEqual(value);
    expect(({} as Loose).y).toBeUndefined();
  });

  it('keeps what one delivery left behind from the next', () => {
    const sandbox = openSandbox([{ path: ['x'], source: '($old := $seen; $seen := a; $old)' }]);
    sandbox.evaluate(INPUT);
    expect(sandbox.evaluate(INPUT)).toEqual({ items: [{ fields: {} }] });
  });

  it('answers in time, and as JSON, whatever the expression is', () => {
    const word = fc.constantFrom(
      ...['a', 'text', 'list', '$', '$$', '%', '*', '**', '$headers', '1', '"x"', "'é'", '/(a+)+$/', '[1..9]', '{}'],
      ...['$f', '$map', '$sort', '$string', '$replace', '$toMillis', '$parseJson', '$zonedTime', 'function($x)', '~>'],
      ...[
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        ',',
        '.',
        '..',
        '+',
        '&',
        '=',
        '?',
        ':',
        ':=',
        ';',
        '^',
        '|',
        '@$i',
        '#$j',
        '-',
      ],
    );
    const written = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(written, fc.jsonValue({ maxDepth: 3 }), (source, body) => {
        const startedAt = performance.now();
        const sandbox = openSandbox([{ path: ['x'], source }]);
        const result = sandbox.errors.length > 0 ? sandbox.errors : sandbox.evaluate({ ...INPUT, body: body as Loose });
        JSON.stringify(result);
        return performance.now() - startedAt < 5000;
      }),
      { numRuns: 1000 },
    );
  });
});

it('docs/sources/mapping.schema.json is the JSON Schema of what is checked', () => {
  const published: unknown = JSON.parse(
    readFileSync(join(__dirname, '../../../docs/sources/mapping.schema.json'), 'utf8'),
  );
  expect(published).toEqual(JSON.parse(JSON.stringify(mappingJsonSchema())));
});
