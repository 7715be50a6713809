#!/usr/bin/env node
/**
 * Runs parts of jsforce's own test suite against a started emulator and prints how many tests of each file pass.
 *
 *   node org-emulator/scripts/run-jsforce-tests.mjs <path of a jsforce checkout>
 *
 * The checkout needs its dependencies (`npm install`) and its build (`npx tsc -p .`). jsforce's tests need Node 22 or
 * newer, the emulator its build (`npm run build`). Ends with 1 when a test fails that the README does not list.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const FILES = ['connection-crud', 'connection-meta', 'query', 'sobject', 'bulk', 'bulk2'];
const BIG_TABLE_ROWS = 7_000;
/** What the emulator leaves out; the README says why. Titles of tests that may fail. */
const LEFT_OUT = [
  /tabs list|theme information/,
  /explain/,
  /layout/,
  /list ?view/i,
  /^should bulk query and get records/,
];

const [checkout] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('usage: run-jsforce-tests.mjs <path of a jsforce checkout>');
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < 22) {
  console.error(`jsforce's tests need Node 22 or newer; this is ${process.versions.node}`);
  process.exit(2);
}

const root = join(import.meta.dirname, '..');
const emulator = spawn(
  process.execPath,
  [join(root, 'dist', 'cli.js'), '--json', '--deploy', join(root, 'test', 'fixtures', 'jsforce-org')],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
let unexpected = 0;
try {
  const [line] = await once(createInterface({ input: emulator.stdout }), 'line');
  const org = JSON.parse(line);
  await seed(org);
  // The tests want what a real org's identifiers of users begin with; they do not fetch them.
  await fetch(`${org.url}/__emulator__/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identityHost: 'https://login.salesforce.com' }),
  });
  for (const file of FILES) unexpected += await runFile(org, file);
} finally {
  emulator.kill('SIGTERM');
}
process.exitCode = unexpected === 0 ? 0 : 1;

/** Accounts, Contacts and Opportunities like those of a scratch org with sample data, and a table of several pages. */
async function seed(org) {
  const accounts = await create(
    org,
    ['Edge Communications', 'Burlington Textiles', 'Pyramid Construction'].map((Name) => row('Account', { Name })),
  );
  await create(
    org,
    accounts.map((AccountId, at) => row('Contact', { FirstName: 'Rose', LastName: `Gonzalez ${at}`, AccountId })),
  );
  await create(
    org,
    accounts.flatMap((AccountId, at) =>
      [1, 2].map((n) =>
        row('Opportunity', {
          Name: `Generator ${at}.${n}`,
          AccountId,
          StageName: 'Prospecting',
          CloseDate: `2026-0${n + at}-15`,
        }),
      ),
    ),
  );
  for (let from = 0; from < BIG_TABLE_ROWS; from += 200) {
    await create(
      org,
      Array.from({ length: 200 }, (_, at) => row('BigTable__c', { Name: `Row ${from + at}` })),
    );
  }
}

function row(type, fields) {
  return { attributes: { type }, ...fields };
}

async function create({ url, accessToken }, records) {
  const response = await fetch(`${url}/services/data/v60.0/composite/sobjects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ allOrNone: true, records }),
  });
  const results = await response.json();
  if (!response.ok || results.some(({ success }) => !success)) throw new Error(JSON.stringify(results).slice(0, 500));
  return results.map(({ id }) => id);
}

/** Runs one test file, prints its line and returns how many of its tests fail that should not. */
async function runFile({ url, accessToken }, name) {
  const directory = mkdtempSync(join(tmpdir(), 'jsforce-tests-'));
  const output = join(directory, 'results.json');
  const jest = spawn(
    process.execPath,
    [
      join('node_modules', 'jest', 'bin', 'jest.js'),
      '--forceExit',
      '--silent',
      '--json',
      `--outputFile=${output}`,
      // Two of the other files import the tests of the Bulk API, for a helper; there they are not asked for.
      ...(name.startsWith('bulk') ? [] : ['--testNamePattern=^(?!.*should (call )?bulk ).*$']),
      join('test', `${name}.test.ts`),
    ],
    { cwd: checkout, env: { ...process.env, SF_LOGIN_URL: url, SF_ACCESS_TOKEN: accessToken }, stdio: 'ignore' },
  );
  await once(jest, 'exit');
  const source = readFileSync(join(checkout, 'test', `${name}.test.ts`), 'utf8');
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
  rmSync(directory, { recursive: true });
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const own = tests.filter(({ title }) => source.includes(title));
  const failed = own.filter(({ status }) => status !== 'passed');
  const unlisted = failed.filter(({ title }) => !LEFT_OUT.some((pattern) => pattern.test(title)));
  if (own.length === 0) console.log(testResults[0]?.message ?? 'no tests');
  console.log(`${name}: ${own.length - failed.length} / ${own.length}`);
  for (const test of failed) {
    const mark = unlisted.includes(test) ? 'FAILS   ' : 'left out';
    console.log(`  ${mark} ${test.title}: ${(test.failureMessages[0] ?? test.status).split('\n')[0]}`);
  }
  return own.length === 0 ? 1 : unlisted.length;
}
