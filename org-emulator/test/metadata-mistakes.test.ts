import { deployByRest, everyType, type Files } from './metadata-support';
import { MISTAKES } from './mistake-cases';
import { TestOrg } from './support';

let org: TestOrg;
beforeAll(async () => {
  org = await TestOrg.start({ deployDir: [] });
});
afterAll(() => org.close());

it.each(MISTAKES)('refuses %s', async (_what, file, find, replace, expected) => {
  const files: Files = everyType();
  const before = files.get(file) ?? '';
  const spoilt = before.replace(find, replace);
  expect(spoilt).not.toBe(before);
  files.set(file, spoilt);
  const { status, details } = await deployByRest(org, files, {
    checkOnly: true,
    rollbackOnError: true,
    singlePackage: true,
  });
  expect(status).toBe('Failed');
  const { type, fullName, problem, fileName = file, marker } = expected;
  const own = details.componentFailures.filter(
    (message) => message.fullName === fullName && message.componentType === type,
  );
  const found = own.find((message) =>
    typeof problem === 'string' ? message.problem === problem : problem.test(String(message.problem)),
  );
  expect(found ?? details.componentFailures).toMatchObject({ success: false, problemType: 'Error', fileName });
  if (marker === undefined) return;
  const line = spoilt.slice(0, spoilt.indexOf(marker)).split('\n').length;
  expect(found).toMatchObject({ lineNumber: line, columnNumber: expect.any(Number) });
});

it('accepts the fixture that the mistakes are planted in', async () => {
  const { status } = await deployByRest(org, everyType(), { checkOnly: true, singlePackage: true });
  expect(status).toBe('Succeeded');
});
