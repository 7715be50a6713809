/**
 * Runs every check and test of the project one after another, and closes with one line that sums them. A check
 * (formatting, lint, types, build) counts as one; a test suite counts its tests.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'checks-'));

const CHECKS = [
  ['format', ['npx', 'prettier', '--check', '--log-level', 'warn', '.']],
  ['lint', ['npx', 'eslint', '.']],
  ['typecheck', ['npm', 'run', '--silent', 'typecheck']],
  ['build', ['npm', 'run', '--silent', 'build']],
  // Counts, not times: a target that is missed is a fault of the code, on any machine.
  ['API calls per booking', ['npm', 'run', '--silent', 'bench:calls', '--', '--check']],
];
const SUITES = ['org-emulator', 'middleware', 'package-tests', 'component-tests'];

const total = { passed: 0, failed: 0, skipped: 0 };

function run(command, env = {}) {
  return spawnSync(command[0], command.slice(1), { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
}

function add(name, { passed = 0, failed = 0, skipped = 0 }, startedAt) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  // Not in the form of the last line: that one is to be the only one of its kind.
  console.log(`== ${name}: passed ${passed}, failed ${failed}, skipped ${skipped} (${seconds} s)`);
}

for (const [name, command] of CHECKS) {
  console.log(`== ${name}`);
  const startedAt = Date.now();
  const { status } = run(command);
  add(name, status === 0 ? { passed: 1 } : { failed: 1 }, startedAt);
}

for (const workspace of SUITES) {
  console.log(`== ${workspace}`);
  const startedAt = Date.now();
  const report = join(reports, `${workspace}.json`);
  const { status } = run([
    'npm',
    'test',
    '--silent',
    '-w',
    workspace,
    '--',
    '--json',
    `--outputFile=${report}`,
    '--silent',
  ]);
  add(workspace, readReport(report, status), startedAt);
}

rmSync(reports, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

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
