import { once } from 'node:events';
import type { Command } from 'commander';
import pino from 'pino';
import { startApp } from '../app';
import { readConfig } from '../config';
import { startDemo } from './demo';
import { runEmulatorCommand } from 'org-emulator';
import type { Terminal } from './command';

/** Commands that run until they are told to stop. */
export function addServerCommands(program: Command, { stdout, env }: Terminal): void {
  program
    .command('start')
    .description('run the connector; .env.example lists its settings')
    .option('--json', 'print one JSON line with its address when it is ready')
    .action(async (options: { json?: true }) => {
      const config = readConfig(env);
      const log = pino({ level: config.logLevel }, pino.destination(2));
      const app = await startApp(config, log);
      stdout(options.json === true ? `${JSON.stringify({ url: app.url })}\n` : `The connector listens on ${app.url}\n`);
      await untilStopped();
      await app.stop();
    });
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
export async function untilStopped(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
}
