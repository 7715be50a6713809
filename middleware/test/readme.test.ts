import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDemo, type Demo } from '../src/cli/demo';
import { runCommand } from '../src/cli/command';

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The shell lines of the README under `<!-- tested: name -->`. */
function example(name: string): string {
  const found = new RegExp(`<!-- tested: ${name} -->\\s*\`\`\`sh\\n([^]*?)\`\`\``).exec(README)?.[1];
  if (found === undefined) throw new Error(`The README has no example called ${name}.`);
  return found;
}

describe('the README', () => {
  let demo: Demo;

  beforeAll(async () => {
    demo = await startDemo({ port: 0, logLevel: 'silent' });
  }, 60_000);
  afterAll(() => demo.stop());

  it('sends a booking by curl, and it arrives as a Lead', async () => {
    const script = example('calcom').replaceAll('http://127.0.0.1:8081', demo.connectorUrl);
    expect(script).toContain(demo.connectorUrl);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT });
    expect(stdout).toMatch(/^HTTP\/1\.1 202/);
    expect(stdout).toContain('{"outcome":"stored"}');
    await arrived(demo, 'Idris Okafor');
  });

  it('asks what a body becomes', async () => {
    const [line] = example('translate').trim().split('\n');
    const [program, ...args] = (line ?? '').split(' ').slice(1);
    expect(program).toBe('booking-connector');
    let printed = '';
    const terminal = { stdout: (text: string) => void (printed += text), stderr: () => undefined, env: {} };
    const inRoot = args.map((arg) => (arg.startsWith('docs/') ? join(ROOT, arg) : arg));
    expect(await runCommand(['node', 'booking-connector', ...inRoot], terminal)).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ events: [{ kind: 'scheduled', customer: { name: 'Idris Okafor' } }] });
  });
});

/** Waits until the emulator shows the person on its home page. */
async function arrived({ emulatorUrl }: Demo, name: string): Promise<void> {
  let page = '';
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    page = await (await fetch(emulatorUrl)).text();
    if (page.includes(name)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The emulator does not show ${name}.`);
}
