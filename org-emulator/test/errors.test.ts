import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CASES } from './error-cases';
import { skeleton } from './skeleton';
import { TestOrg } from './support';

const FIXTURES = join(__dirname, 'fixtures', 'errors');
/** Bodies recorded from real orgs; a clone on its own does not have them. */
const RECORDED = join(__dirname, '..', '..', '..', 'shared', 'salesforce', 'errors');

function load(directory: string, name: string): unknown {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
}

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

describe.each(ERROR_CASES)('$file', ({ file, status, requests, isFreeText = false, isOurShape = false }) => {
  it('answers status and body word for word', async () => {
    const answer = await requests[0](org);
    expect({ status: answer.status, body: JSON.stringify(answer.body) }).toEqual({
      status,
      body: JSON.stringify(load(FIXTURES, file)),
    });
  });

  it('answers the same words for other fields and values', async () => {
    const answer = await requests[1](org);
    expect(answer.status).toBe(status);
    expect(shape(answer.body)).toBe(shape(load(FIXTURES, file)));
    if (existsSync(RECORDED) && !isOurShape) expect(shape(answer.body)).toBe(shape(load(RECORDED, file)));
  });

  function shape(body: unknown): string {
    const text = skeleton(body);
    return isFreeText ? text.replace(/"message":"[^"]*"/g, '"message":"…"').replace(/"allowSave":\w+/, '') : text;
  }
});

const directory = existsSync(RECORDED) ? RECORDED : FIXTURES;
const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
it(`has a case for each of the ${names.length} bodies ${directory === RECORDED ? 'recorded' : 'of its own'}`, () => {
  expect(ERROR_CASES.map(({ file }) => `${file}.json`).sort()).toEqual(names.sort());
});
