import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ScreenFile } from '../screen/screen-files';

/** What is compiled: components, and what they may import of the org. */
export interface BundleInput {
  /** The files of all bundles, `…/lwc/bookingList/bookingList.js`. */
  files: readonly ScreenFile[];
  /** The names of the components that pages may show. */
  components: readonly string[];
  /** The names of the custom labels. */
  labels: readonly string[];
  /** The fields of each object. */
  fields: Readonly<Record<string, readonly string[]>>;
}

/** What became of a build: a folder with `main.js`, or the reason why there is none. */
export type Bundle = { directory: string } | { error: string };

/** Reachable from `src` and from `dist` alike. */
const BUILD_SCRIPT = join(__dirname, '..', '..', 'component-host', 'build.mjs');

/**
 * Compiles components when a page needs them, in a process of its own; once for the same input. The results lie in a
 * temporary folder until `close`.
 */
export class ComponentBundler {
  private readonly bundles = new Map<string, Promise<Bundle>>();
  private directory: string | undefined;

  /** The key under which an input's result is found; another one after every change of the input. */
  keyOf(input: BundleInput): string {
    return createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 20);
  }

  /** Starts to compile, unless that was done before, and returns the key. */
  prepare(input: BundleInput): string {
    const key = this.keyOf(input);
    if (!this.bundles.has(key)) this.bundles.set(key, this.build(key, input));
    return key;
  }

  /** The result of a key that `prepare` gave; undefined for any other. */
  bundle(key: string): Promise<Bundle> | undefined {
    return this.bundles.get(key);
  }

  /** Removes what was compiled. */
  close(): void {
    if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
    this.directory = undefined;
    this.bundles.clear();
  }

  private async build(key: string, { files, components, labels, fields }: BundleInput): Promise<Bundle> {
    this.directory ??= mkdtempSync(join(tmpdir(), 'org-emulator-components-'));
    const folder = join(this.directory, key);
    const [sourceDir, outDir] = [join(folder, 'lwc'), join(folder, 'out')];
    for (const file of files) {
      const { name, rest } = /(?:^|\/)lwc\/(?<name>\w+)\/(?<rest>[\w.-]+)$/.exec(file.path)?.groups ?? {};
      if (name === undefined || rest === undefined) continue;
      mkdirSync(join(sourceDir, name), { recursive: true });
      writeFileSync(join(sourceDir, name, rest), file.text);
    }
    // The compiler looks upwards from each file for its configuration; all of it is in the job.
    writeFileSync(join(folder, 'package.json'), '{"name":"components","lwc":{"modules":[]}}');
    const jobFile = join(folder, 'job.json');
    writeFileSync(jobFile, JSON.stringify({ sourceDir, outDir, components, labels, fields }));
    // Compiled for use: the checks of the development mode would make what the pages load three times as large.
    const env = { ...process.env, NODE_ENV: 'production' };
    const child = spawn(process.execPath, [BUILD_SCRIPT, jobFile], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const [reason, code] = await Promise.all([
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('close', resolve)),
    ]);
    return code === 0 ? { directory: outDir } : { error: reason || `The compiler ended with ${String(code)}` };
  }
}
