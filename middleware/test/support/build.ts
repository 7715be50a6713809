import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** Builds when the build is not of these sources: for tests that start processes of it. */
export function ensureBuild(): void {
  const isFresh = ['org-emulator', 'middleware'].every((workspace) => {
    const built = join(ROOT, workspace, 'dist/.tsbuildinfo');
    return existsSync(built) && newestIn(join(ROOT, workspace, 'src')) <= statSync(built).mtimeMs;
  });
  if (isFresh) return;
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The build failed: ${stdout}${stderr}`);
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.endsWith('.test.ts'));
  return Math.max(...files.map((name) => statSync(join(folder, name)).mtimeMs));
}
