import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A child process that runs TypeScript, and the lines it has said on standard output. */
export interface Child {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** Waits until the child has said so many lines; gives the last of them. Throws when it ends before. */
  said: (count: number) => Promise<string>;
  /** Waits until the child has ended by itself; gives its exit code. */
  ended: () => Promise<number | null>;
  /** Sends SIGKILL, which nothing can catch, and waits until the process and its output have ended. */
  kill: () => Promise<void>;
}

/**
 * Starts a file of this folder, such as `store-child.ts`, in a process of its own.
 * @param preloaded files of this folder that each of its threads loads first.
 */
export function startChild(file: string, args: string[], preloaded: string[] = []): Child {
  const loaded = ['ts-hook.cjs', ...preloaded].flatMap((script) => ['-r', join(__dirname, script)]);
  const child = spawn(process.execPath, [...loaded, join(__dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let ended = false;
  let notify = () => undefined as void;
  const output = createInterface(child.stdout);
  output.on('line', (line) => {
    lines.push(line);
    notify();
  });
  const closed = Promise.all([once(child, 'exit'), once(output, 'close')]).then(() => {
    ended = true;
    notify();
  });
  return {
    process: child,
    lines,
    async said(count) {
      while (lines.length < count) {
        if (ended) {
          throw new Error(`${file} ended after ${lines.length} of ${count} lines: ${lines.join('; ')}`);
        }
        await new Promise<void>((resolve) => (notify = resolve));
      }
      return lines[count - 1] as string;
    },
    async ended() {
      await closed;
      return child.exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
