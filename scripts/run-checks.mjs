/**
 * Runs every check and test of the project, and closes with one line that sums them. A check (formatting, lint, types,
 * build, chaos) counts as one; a test suite counts its tests. After the build, what reads the sources runs beside the
 * chaos, which mostly waits; the suites follow one another, each with a worker for every processor.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'checks-'));

const BUILD = ['build', ['npm', 'run', '--silent', 'build']];
const CHECKS = [
  ['format', ['npx', 'prettier', '--check', '--log-level', 'warn', '.']],
  ['lint', ['npx', 'eslint', '.']],
  ['typecheck', ['npm', 'run', '--silent', 'typecheck']],
  // Counts, not times: a target that is missed is a fault of the code, on any machine.
  ['API calls per booking', ['npm', 'run', '--silent', 'bench:calls', '--', '--check']],
];
/** Everything that can go wrong, at once: 2,000 bookings, half of them on each database. */
const CHAOS = ['npm', 'run', '--silent', 'chaos', '--', '--bookings', '1000', '--seed', '11', '--store'];
const SUITES = ['org-emulator', 'middleware', 'package-tests', 'component-tests', 'browser-tests'];

const total = { passed: 0, failed: 0, skipped: 0 };

function add(name, { passed = 0, failed = 0, skipped = 0 }, startedAt) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  // Not in the form of the last line: that one is to be the only one of its kind.
  console.log(`== ${name}: passed ${passed}, failed ${failed}, skipped ${skipped} (${seconds} s)`);
}

await check(...BUILD);
await Promise.all([checkAll(CHECKS), checkAll([chaosOn('pglite'), chaosOn('postgres', whyNoPostgres())])]);
for (const workspace of SUITES) test(workspace);

rmSync(reports, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function checkAll(checks) {
  for (const one of checks) await check(...one);
}

/** What it says is shown when it has ended, so that nothing of another check stands between. */
async function check(name, command, { env, whyNot = null } = {}) {
  const startedAt = Date.now();
  if (whyNot !== null) {
    console.log(`== ${name}\nskipped: ${whyNot}`);
    return add(name, { skipped: 1 }, startedAt);
  }
  const { status, said } = await run(command, env);
  console.log(`== ${name}`);
  process.stdout.write(said);
  add(name, status === 0 ? { passed: 1 } : { failed: 1 }, startedAt);
}

/** @returns its exit code, null for one that could not be started or was killed, and all that it said. */
function run([program, ...args], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (said += text));
    }
    child.on('error', (error) => resolve({ status: null, said: `${said}${error.message}\n` }));
    child.on('close', (status) => resolve({ status, said }));
  });
}

/** @param whyNot why it cannot be run here; null when it can. */
function chaosOn(store, whyNot = null) {
  // PostgreSQL is killed in it: that is to be a server of its own, on this machine.
  return [`chaos on ${store}`, [...CHAOS, store], { env: { TEST_DATABASE_URL: undefined }, whyNot }];
}

function test(workspace) {
  console.log(`== ${workspace}`);
  const startedAt = Date.now();
  const report = join(reports, `${workspace}.json`);
  const args = ['test', '--silent', '-w', workspace, '--', '--json', `--outputFile=${report}`, '--silent'];
  const { status } = spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit' });
  add(workspace, readReport(report, status), startedAt);
}

/** @returns what to do to get a PostgreSQL on this machine; null when there is one. */
function whyNoPostgres() {
  const env = { ...process.env, TEST_DATABASE_URL: undefined };
  const found = spawnSync('node', ['scripts/postgres.mjs', 'find'], { cwd: ROOT, env, encoding: 'utf8' });
  return found.status === 0 ? null : found.stderr.trim();
}

/** A suite that could not even report, or a file that failed before its first test, is a failure of its own. */
function readReport(file, status) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { failed: 1 };
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
