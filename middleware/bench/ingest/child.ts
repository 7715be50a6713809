import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const TS_HOOK = join(__dirname, '../../test/support/ts-hook.cjs');
/** What the first line of the connector's command chooses: the floors are to have it, too. */
const NODE_FLAG = '--max-semi-space-size=32';

/** What a child process can be asked: one question at a time, each with an answer. */
export type Handlers = Record<string, (argument: never) => unknown>;
type Argument<H extends Handlers, Name extends keyof H> = Parameters<H[Name]>[0];
type Answer<H extends Handlers, Name extends keyof H> = Awaited<ReturnType<H[Name]>>;
type Message = { value: unknown } | { error: string };

/** A script of this folder in a process of its own: it costs those that are measured nothing but processor time. */
export class Child<H extends Handlers> {
  readonly #process: ChildProcess;

  constructor(script: string) {
    this.#process = fork(join(__dirname, script), { execArgv: [NODE_FLAG, '-r', TS_HOOK] });
  }

  /** @throws Error with the child's words when it could not do it, or ended. */
  async ask<Name extends keyof H & string>(name: Name, argument: Argument<H, Name>): Promise<Answer<H, Name>> {
    const stopped = new AbortController();
    const ended = once(this.#process, 'exit', stopped).then((): never => {
      throw new Error(`The process that was to "${name}" has ended.`);
    });
    ended.catch(() => undefined);
    const answered = once(this.#process, 'message', stopped);
    this.#process.send({ name, argument });
    const [message] = (await Promise.race([answered, ended]).finally(() => stopped.abort())) as [Message];
    if ('error' in message) throw new Error(message.error);
    return message.value as Answer<H, Name>;
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** The child's side: answers what it is asked until the parent is gone. */
export function answer(handlers: Handlers): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ name, argument }: { name: string; argument: never }) => {
    Promise.resolve(argument)
      .then(handlers[name])
      .then(
        (value) => process.send?.({ value }),
        (error: unknown) => process.send?.({ error: String(error) }),
      );
  });
}
