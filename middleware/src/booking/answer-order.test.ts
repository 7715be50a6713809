import { inAnswerOrder, withAnswerOrder } from './answer-order';

/** What jsonb makes of a value: keys by length, then by bytes. */
const throughJsonb = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))
        : part,
    ),
  ) as T;

describe('the order of answers', () => {
  it.each([
    [{ 'What is it about?': 'Price', Team: 'Sales', 'How many?': 3 }],
    [{ b: 1, a: 2 }],
    [{ only: 1 }],
    [{}],
    [null],
  ])('survives the store: %j', (answers) => {
    const read = inAnswerOrder(throughJsonb(withAnswerOrder({ answers, kind: 'scheduled' })));
    expect(read).toEqual({ answers, kind: 'scheduled' });
    expect(Object.keys(read.answers ?? {})).toEqual(Object.keys(answers ?? {}));
  });

  it('takes what was stored without it as it is', () => {
    expect(inAnswerOrder({ answers: { b: 1, a: 2 } })).toEqual({ answers: { b: 1, a: 2 } });
  });
});
