import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const ROOT = join(__dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
/** Ports that the page names. */
const PORTS = [8080, 8091, 8092];

interface Block {
  heading: string;
  script: string;
  /** Lines that are printed in this order; `...` in one is any text, alone any lines. */
  expected: string[];
}

/** The commands of the page in its order, but for those that it marks as not run, each with what the page says is printed. */
function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let isSkipped = false;
  const parts = /^ *## (.+)$|^ *<!-- not run: .+ -->$|^( *)```(sh|text)\n([^]*?)\n *```$/gm;
  for (const [whole, title, , language, body = ''] of page.matchAll(parts)) {
    if (title !== undefined) heading = title;
    else if (language === undefined) isSkipped = whole.includes('not run');
    else if (language === 'text') blocks.at(-1)?.expected.push(...body.split('\n'));
    else if (isSkipped) isSkipped = false;
    else blocks.push({ heading, script: body, expected: [] });
  }
  return blocks;
}

/** The first line that was to be printed and was not; null when all were, in order. Pure. */
function missingOf(expected: readonly string[], printed: string): string | null {
  const lines = printed.split('\n').map((line) => line.trim());
  let from = 0;
  for (const line of expected.map((one) => one.trim()).filter((one) => one !== '' && one !== '...')) {
    const escaped = line.split('...').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(`^${escaped.join('.*')}$`);
    const at = lines.findIndex((one, index) => index >= from && pattern.test(one));
    if (at < 0) return line;
    from = at + 1;
  }
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** One shell for all blocks, as a reader has it; it ends at the first command that fails. */
class Shell {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private printed = '';
  private changed: () => void = () => undefined;
  private isEnded = false;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    // A process group of its own, so that what it leaves behind can be ended.
    this.child = spawn('bash', ['-c', 'exec 2>&1; exec bash -eu -o pipefail -s'], {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.printed += chunk.toString();
      this.changed();
    });
    this.child.on('exit', () => {
      this.isEnded = true;
      this.changed();
    });
  }

  /** Runs a block. @returns what it printed. @throws when one of its commands fails. */
  async run(script: string): Promise<string> {
    this.printed = '';
    const mark = 'end-of-block-5f1c';
    this.child.stdin.write(`${script}\necho; echo ${mark}\n`);
    while (!this.printed.includes(mark)) {
      if (this.isEnded) throw new Error(`A command failed:\n${script}\nIt printed:\n${this.printed}`);
      await new Promise<void>((resolve) => (this.changed = resolve));
    }
    return this.printed.replace(mark, '');
  }

  end(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }
}

it('tells a line that is not printed, or not in its place', () => {
  expect(missingOf(['a...z', '...', 'end.'], 'a to z\nmore\nend.')).toBeNull();
  expect(missingOf(['end.', 'a...z'], 'a to z\nend.')).toBe('a...z');
  expect(missingOf(['end.'], 'ends')).toBe('end.');
});

describe('the page that tells how to install', () => {
  let folder: string;
  let shell: Shell;
  let page: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-install-'));
    // What a reader has in his folder; what he makes in it stays apart from the repository.
    for (const name of await readdir(ROOT)) {
      if (/^\.(git|env|data)$/.test(name)) continue;
      await symlink(join(ROOT, name), join(folder, name));
    }
    page = PAGE;
    for (const port of PORTS) page = page.replaceAll(String(port), String(await freePort()));
    const { PATH } = process.env;
    shell = new Shell(folder, { PATH, HOME: folder, LANG: 'C.UTF-8' });
  }, 30_000);
  afterAll(async () => {
    shell.end();
    await rm(folder, { recursive: true, force: true });
  });

  it('can be followed command by command, and prints what it says', async () => {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(12);
    const connectorPort = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(page)?.[1] ?? '';
    for (const { heading, script, expected } of blocks) {
      // The reader's connector listens on the default port; here that may be taken.
      const adapted = script.replace(
        'cp .env.example .env',
        `sed 's/^PORT=.*/PORT=${connectorPort}/' .env.example > .env`,
      );
      const printed = await shell.run(adapted);
      const missing = missingOf(expected, printed);
      if (missing !== null) throw new Error(`${heading}: "${missing}" is not printed by\n${script}\nbut:\n${printed}`);
    }
  }, 300_000);
});
