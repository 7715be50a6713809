import fc from 'fast-check';
import {
  allBodies,
  exampleBody,
  type Kind,
  KINDS,
  type Loose,
  printCount,
  raw,
  SENDERS,
} from '../../test/fixtures/source/build';
import { assertWellFormed, pathsOf } from '../../test/fixtures/source/check';
import { kinds } from './kinds';
import { SignatureMismatchError } from './source';

/** A cheap `expect`: this file checks a hundred thousand bodies. */
function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Expected ${what}.`);
}

/** A copy of the body with the value at a path changed, or dropped when `change` gives undefined. */
function changedAt(body: Loose, path: string[], change: (value: Loose) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(body);
  const copy: Loose = Array.isArray(body) ? [...body] : { ...body };
  const value = changedAt(copy[key], rest, change);
  if (value === undefined && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (value === undefined) delete copy[key];
  else Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

const ODD = [
  null,
  '',
  ' ',
  0,
  -1,
  1e308,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  { id: null },
  'x',
  '\u0000',
  '\ud800',
  '2027-02-30T00:00:00Z',
  'Infinity',
  'a@b@c',
  'javascript:alert(1)',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  2 ** 53,
];

const oddValue = fc.oneof(fc.constantFrom(...ODD, 'x'.repeat(10_000)), fc.jsonValue({ maxDepth: 4 }));
const spoiling = fc.oneof(
  fc.constant((): unknown => undefined),
  oddValue.map((value) => (): unknown => value),
  fc.constant((value: Loose): unknown => [value]),
  fc.constant((value: Loose): unknown => ({ value })),
  fc.constant((value: Loose): unknown => JSON.stringify(value)),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'length').map(
    (key) =>
      (value: Loose): unknown =>
        Object.defineProperty({ ...Object(value) }, key, { value: { a: 1 }, enumerable: true }),
  ),
);

describe.each(KINDS)('any body of %s', (kind: Kind) => {
  const source = kinds.get(kind)!;
  const bodies = allBodies(kind);
  let runs = 0;
  const outcomes = { events: 0, ignored: 0, refused: 0 };

  const assertOutcome = (rawBody: Buffer): void => {
    runs += 1;
    const translation = source.translate(rawBody);
    assertWellFormed(translation);
    outcomes[Object.keys(translation)[0] as keyof typeof outcomes] += 1;
    const key = source.deliveryKey({}, rawBody);
    check(/^[!-~]{1,300}$/.test(key), 'a short key of plain characters');
    check(source.deliveryKey({ 'x-other': 'header' }, Buffer.from(rawBody)) === key, 'the same key again');
  };
  afterAll(() => printCount(`bodies of ${kind} in ${runs} variants ${JSON.stringify(outcomes)}`, bodies.length));

  it('is found under its own kind', () => expect(source.kind).toBe(kind));

  it.each(bodies.map(({ name, rawBody }) => [name, rawBody] as const))('%s is well formed', (_name, rawBody) => {
    assertOutcome(rawBody);
  });

  it.each(bodies.map(({ name, rawBody }) => [name, rawBody] as const))(
    '%s is well formed with any one field dropped or odd',
    (_name, rawBody) => {
      const body: Loose = JSON.parse(rawBody.toString());
      pathsOf(body).forEach((path, index) => {
        const odd = [0, 1, 2].map((turn) => ODD[(index * 3 + turn) % ODD.length]); // all take turns over the fields
        for (const value of [undefined, ...odd]) {
          const spoilt = raw(changedAt(body, path, () => value) ?? null);
          try {
            assertOutcome(spoilt);
          } catch (error) {
            throw new Error(`With ${path.join('.')} as ${JSON.stringify(value)}`, { cause: error });
          }
        }
      });
    },
  );

  it.each(bodies.map(({ name, rawBody }) => [name, rawBody] as const))(
    '%s has a key and is refused or well formed with any one field nested too deep for any recursion',
    (_name, rawBody) => {
      const body: Loose = JSON.parse(rawBody.toString());
      const deep = '['.repeat(20_000) + ']'.repeat(20_000);
      for (const path of pathsOf(body)) {
        const text = JSON.stringify(changedAt(body, path, () => '%DEEP%')).replace('"%DEEP%"', deep);
        assertOutcome(Buffer.from(text));
      }
    },
  );

  it('is well formed with several fields spoilt at once', () => {
    const spoilt = fc
      .record({ index: fc.nat(), spoils: fc.array(fc.tuple(fc.nat(), spoiling), { minLength: 1, maxLength: 5 }) })
      .map(({ index, spoils }) =>
        spoils.reduce<unknown>(
          (body, [at, change]) => {
            const paths = pathsOf(body);
            return changedAt(body, paths[at % paths.length] ?? [], change) ?? null;
          },
          JSON.parse(bodies[index % bodies.length]!.rawBody.toString()),
        ),
      );
    fc.assert(
      fc.property(spoilt, (body) => assertOutcome(raw(body))),
      { numRuns: 1500 },
    );
  });

  it('is well formed whatever JSON or bytes it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => assertOutcome(Buffer.from(text))),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assertOutcome(Buffer.from(bytes))),
      { numRuns: 300 },
    );
  });

  it('is well formed when it is cut off or has bytes flipped', () => {
    const damaged = fc
      .tuple(fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([index, cut, at, mask]) => {
        const body = Buffer.from(bodies[index % bodies.length]!.rawBody);
        body[at % body.length]! ^= mask;
        return cut % 2 === 0 ? body : body.subarray(0, cut % body.length);
      });
    fc.assert(fc.property(damaged, assertOutcome), { numRuns: 500 });
  });

  it.each([
    [
      'a key of __proto__ beside the others',
      (text: string) => text.replace('{', '{"__proto__":{"type":"booking.canceled","payload":{}},'),
    ],
    ['keys of __proto__ inside', (text: string) => text.replaceAll('":{', '":{"__proto__":{"value":"x"},')],
    ['every key twice', (text: string) => text.replace('{', `{${text.slice(1, -1)},`)],
    ['one key 100,000 times', (text: string) => text.replace('{', `{${'"type":1,'.repeat(100_000)}`)],
    ['200,000 levels', (text: string) => text.replace('{', `{"x":${'['.repeat(200_000)}${']'.repeat(200_000)},`)],
    ['2 MB of text in a name', (text: string) => text.replaceAll(/Okafor|Reyes/g, 'é'.repeat(1_000_000 / 10))],
    [
      '100,000 answers',
      (text: string) =>
        text.replace(
          /"(responses|form_submission)":\{/,
          (found) =>
            `${found}${Array.from({ length: 100_000 }, (_, index) => `"q${index}":{"value":${index}}`).join()},`,
        ),
    ],
    [
      '100,000 answers in a list',
      (text: string) =>
        text.replace(/"(custom_fields|questions_and_answers|form|answers|fields)":\[/, (found) => {
          const answer = (index: number): string =>
            `{"name":"q${index}","question":"q${index}","label":"q${index}","value":1,"answer":"1","content":["1"]}`;
          return `${found}${Array.from({ length: 100_000 }, (_, index) => answer(index)).join()}${text.includes(`${found}]`) ? '' : ','}`;
        }),
    ],
  ])('is well formed with %s', (_title, spoil) => {
    assertOutcome(Buffer.from(spoil(exampleBody(kind, SENDERS[kind].booked).toString())));
  });

  it('never shows an e-mail or a name in what it says of a bad body', () => {
    const said = bodies.flatMap(({ rawBody }) => {
      const body: Loose = JSON.parse(rawBody.toString());
      return pathsOf(body).map((path) => source.translate(raw(changedAt(body, path, () => undefined) ?? null)));
    });
    const words = JSON.stringify(said.filter((translation) => !('events' in translation)));
    expect(words).not.toMatch(/@|Okafor|Reyes|Visitor Alpha|Carrie|見本|架空/);
  });

  it('verifies, or throws the one error, whatever the headers are', () => {
    const name = SENDERS[kind].header;
    const part = fc.constantFrom(
      't=',
      's=',
      'v1=',
      'sha256=',
      '1791162730',
      ',',
      ' ',
      '=',
      'a'.repeat(64),
      '0',
      'no-secret-provided',
    );
    const header = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
      fc.array(fc.string()),
      fc.constant(undefined),
    );
    // Long ones, because a token of one letter is guessed now and then.
    const secrets = fc.array(fc.oneof(fc.constant(''), fc.string({ minLength: 12 })), { maxLength: 3 });
    fc.assert(
      fc.property(header, secrets, fc.uint8Array(), (value, known, body) => {
        try {
          source.verify({ [name]: value }, Buffer.from(body), known, new Date(1791162730_000));
          return false; // nobody guesses a signature
        } catch (error) {
          return error instanceof SignatureMismatchError;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('kinds', () => {
  it.each(['', 'unknown', '__proto__', 'constructor', 'CALCOM'])('has nothing under %j', (kind) => {
    expect(kinds.get(kind)).toBeUndefined();
  });
});
