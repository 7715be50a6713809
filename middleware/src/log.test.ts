import { createLog } from './log';
import { CallRefusedError } from './salesforce/errors';
import { StoreError } from './store/errors';

const PERSON = 'Amara Okafor amara@example.test +81 90-1234-5678';

/** What is logged of an error. */
function logged(error: unknown): { line: string; err: { message?: string; code?: string; at?: string[] } } {
  let line = '';
  createLog('trace', { write: (text) => (line = text) }).error({ err: error }, 'It failed');
  return { line, err: (JSON.parse(line) as { err: object }).err };
}

describe('an error in the log', () => {
  it.each([
    ['an error of the engine', new TypeError(`Cannot read ${PERSON}`)],
    ['a message of several lines, one like a frame', new Error(`first\n    at ${PERSON} (/x.js:1:1)`)],
    [
      'an error of an HTTP library with its request',
      Object.assign(new Error(`Request failed: ${PERSON}`), {
        config: { headers: { authorization: `Bearer ${PERSON}` }, data: PERSON },
        response: { body: PERSON },
      }),
    ],
    [
      'an error of the database',
      Object.assign(new Error(`invalid input syntax for type json: "${PERSON}"`), { code: '22P02', detail: PERSON }),
    ],
    ['an error with one below it', new Error(PERSON, { cause: new Error(PERSON) })],
    ['several errors', new AggregateError([new Error(PERSON)], PERSON)],
    ['a text', PERSON],
    ['a refusal of Salesforce', new CallRefusedError({ code: 'UNKNOWN_ONE', message: `No ${PERSON}`, status: 400 })],
  ])('quotes nobody: %s', (_title, error) => {
    const { line } = logged(error);
    for (const word of PERSON.split(' ')) expect(line).not.toContain(word);
    expect(line).toContain('It failed');
  });

  it('says what failed and where', () => {
    const { err } = logged(Object.assign(new TypeError(PERSON), { code: '22P02' }));
    expect(err).toMatchObject({ type: 'TypeError', code: '22P02' });
    expect(err.at?.[0]).toContain('log.test.ts');
  });

  it('keeps messages that are worded here, and those of a lost connection', () => {
    expect(logged(new StoreError('store-busy', 'No connection became free.')).err.message).toMatch(/became free/);
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    expect(logged(refused).err.message).toBe('connect ECONNREFUSED 127.0.0.1:5432');
    const call = new CallRefusedError({ code: 'JSON_PARSER_ERROR', message: PERSON, status: 400 });
    expect(logged(call).err).toMatchObject({
      code: 'JSON_PARSER_ERROR',
      message: expect.stringMatching(/could not read/),
    });
  });
});
