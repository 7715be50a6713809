import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, rmSync, cpSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const CLI = join(ROOT, 'tools/salesforce-cli/node_modules/@salesforce/cli/bin/run.js');

/** Whether the Salesforce CLI is there; where it is not, its tests are skipped. */
export const HAS_SALESFORCE_CLI = existsSync(CLI);

/** What a command came to. */
export interface CommandResult {
  code: number | null;
  /** The CLI's own JSON, for commands that were run with it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows the JSON that it expects
  json: any;
  text: string;
}

/** The real Salesforce CLI with a home and a project of its own. */
export class SalesforceCli {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sf-'));
  /** A project with copies of the folders, which a test may spoil. */
  readonly project = join(this.folder, 'project');

  /**
   * @param webPort where it waits for the answer of a sign-in in a browser.
   * @param folders of this repository that are copied into the project, under their last name.
   */
  constructor(
    private readonly webPort: number,
    folders: readonly string[] = ['force-app'],
  ) {
    mkdirSync(join(this.folder, 'home'));
    mkdirSync(join(this.folder, 'bin'));
    mkdirSync(this.project);
    for (const folder of folders) cpSync(join(ROOT, folder), join(this.project, basename(folder)), { recursive: true });
    cpSync(join(ROOT, '.forceignore'), join(this.project, '.forceignore'));
    const settings = {
      packageDirectories: folders.map((folder, place) => ({ path: basename(folder), default: place === 0 })),
      sourceApiVersion: '67.0',
      oauthLocalPort: this.webPort,
    };
    writeFileSync(join(this.project, 'sfdx-project.json'), JSON.stringify(settings));
    // Stands in for a browser: it comes back at once and follows the address a moment later, as a user would.
    const browser = `#!/bin/sh\n(sleep 1; for a in "$@"; do case "$a" in http*) ${process.execPath} -e 'fetch(process.argv[1])' "$a";; esac; done) >/dev/null 2>&1 &\n`;
    writeFileSync(join(this.folder, 'bin', 'firefox'), browser, { mode: 0o755 });
  }

  /** Runs a command with `--json` and waits for its end. */
  async run(command: string, env: Record<string, string> = {}): Promise<CommandResult> {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const child = spawn(process.execPath, [CLI, ...words, '--json'], {
      cwd: this.project,
      env: {
        PATH: `${join(this.folder, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
        HOME: join(this.folder, 'home'),
        SF_DISABLE_TELEMETRY: 'true',
        SF_AUTOUPDATE_DISABLE: 'true',
        SF_DISABLE_AUTOUPDATE: 'true',
        SF_SKIP_NEW_VERSION_CHECK: 'true',
        SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    child.stderr.resume();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const json: unknown = text.trim().startsWith('{') ? JSON.parse(text) : undefined;
    return { code, json, text };
  }

  /** Puts another copy of the package into the project. */
  restore(): void {
    rmSync(join(this.project, 'force-app'), { recursive: true });
    cpSync(join(ROOT, 'force-app'), join(this.project, 'force-app'), { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
