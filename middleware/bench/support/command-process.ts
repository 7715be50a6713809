import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until';

const ROOT = join(__dirname, '../../..');
const COMMAND = join(ROOT, 'middleware/bin/booking-connector.js');
/** Longer than a start takes on a machine that is busy with other things. */
const READY_MS = 300_000;
const STOP_MS = 10_000;
/** How much of what a process said is kept, from its end. */
const KEPT_CHARACTERS = 20_000;

/** Everything that runs: none of it may outlive this process, whatever ends that. */
const running = new Set<CommandProcess>();
process.on('exit', endAll);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  // A signal alone ends a process without its 'exit'. Who has more to do for it says so by a listener of its own.
  process.once(signal, () => {
    if (process.listenerCount(signal) === 0) process.exit(code);
  });
}

/** Ends every process that was started here and still runs, by its id, at once. */
export function endAll(): void {
  for (const command of running) command.signal('SIGKILL');
}

/** `booking-connector <command>` of the build, as a process of its own. */
export class CommandProcess {
  readonly #ended: Promise<unknown>;
  #said = '';

  /**
   * Starts a command and waits for the JSON line that says it is ready.
   *
   * @param env all of the environment that the command sees, besides PATH and HOME.
   * @param program another build of the command than that of this clone.
   * @throws Error with what it said when it ends before, or is not ready within some minutes.
   */
  static async start<Ready>(
    args: string[],
    env: Record<string, string> = {},
    program?: string,
  ): Promise<[CommandProcess, Ready]> {
    const command = new CommandProcess(args, env, program);
    try {
      return [command, JSON.parse(await command.#readyLine(args.join(' '))) as Ready];
    } catch (error) {
      await command.kill();
      throw error;
    }
  }

  /**
   * Runs a command to its end.
   * @throws Error with what it said when it fails.
   */
  static async run(args: string[], env: Record<string, string>): Promise<void> {
    const command = new CommandProcess(args, env);
    const timer = setTimeout(() => command.signal('SIGKILL'), READY_MS);
    await command.#ended;
    clearTimeout(timer);
    if (command.child.exitCode !== 0) throw new Error(`"${args.join(' ')}" failed: ${command.said}`);
  }

  private readonly child: ChildProcess;

  private constructor(args: string[], env: Record<string, string>, program = COMMAND) {
    const { PATH = '', HOME = '' } = process.env;
    // As it is started from a shell: its first line chooses the flags of Node.js.
    this.child = spawn(program, args, {
      cwd: ROOT,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this);
    this.child.stderr?.on('data', (said: Buffer) => {
      this.#said = (this.#said + said.toString('utf8')).slice(-KEPT_CHARACTERS);
    });
    this.#ended = once(this.child, 'close').finally(() => running.delete(this));
  }

  /** What it said on standard error, its log; the end of it when it was much. */
  get said(): string {
    return this.#said;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Waits until it is gone. @returns its exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    await this.#ended;
    return this.child.exitCode ?? this.child.signalCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it by SIGKILL, which nothing can catch, and waits until it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }

  /** Stops it as an operator would; by SIGKILL when it does not end. */
  async stop(): Promise<void> {
    // A suspended process sees SIGTERM when it goes on.
    this.signal('SIGTERM');
    this.signal('SIGCONT');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Takes the processor from it, and waits until it stands still: no line of it runs any more. */
  async suspend(): Promise<void> {
    this.signal('SIGSTOP');
    await until('the process to stand still', () => Promise.resolve(isSuspended(this.child.pid) || null), {
      everyMs: 2,
    });
  }

  async #readyLine(title: string): Promise<string> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error('The process has no standard output');
    const line = once(createInterface(stdout), 'line').then(([text]) => String(text));
    const failed = this.#ended.then((): never => {
      throw new Error(`"${title}" ended before it was ready: ${this.said}`);
    });
    failed.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`"${title}" was not ready within ${READY_MS / 1000} s`)), READY_MS);
    });
    return Promise.race([line, failed, late]).finally(() => clearTimeout(timer));
  }
}

/** Whether the kernel lists a process as stopped: state T, in /proc where there is one, else from ps. */
function isSuspended(pid: number | undefined): boolean {
  try {
    const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return state === 'T';
  } catch {
    return spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.startsWith('T') === true;
  }
}
