import { InvalidArgumentError, type Command } from 'commander';
import { parseIdInstance, parseNamespace, runEmulator, type EmulatorCliOptions } from 'org-emulator';
import { createLink } from '../admin/access';
import { DEFAULT_TEAM } from '../admin/admin';
import { startApp } from '../app';
import { readConfig } from '../config';
import { createLog } from '../log';
import { startTracing } from '../tracing';
import { demoInWords, startDemo } from './demo';
import { stopWithin, untilStopped } from './stop-signals';
import type { Terminal } from './terminal';

/** Commands that run until they are told to stop. */
export function addServerCommands(program: Command, { stdout, env }: Terminal): void {
  program
    .command('start')
    .description('run the connector; .env.example lists its settings')
    .option('--json', 'print one JSON line with its address and a link to sign in by when it is ready')
    .action(async (options: { json?: true }) => {
      const config = readConfig(env);
      const log = createLog(config.logLevel);
      const tracing = await startTracing(env, log);
      const app = await startApp(config, log);
      const owner = { name: 'owner', role: 'owner' } as const;
      const { url: signInUrl, minutes } = await createLink(app.admin, owner, { teamId: DEFAULT_TEAM });
      stdout(
        options.json === true
          ? `${JSON.stringify({ url: app.url, signInUrl })}\n`
          : `The connector listens on ${app.url}\nSign in to its console, once, within ${minutes} minutes: ${signInUrl}\n`,
      );
      await untilStopped();
      await stopWithin(config.shutdownSeconds, log, async () => {
        await app.stop();
        await tracing.stop();
      });
    });

  program
    .command('demo')
    .description('run an org emulator, the connector and a scheduling page, to see a booking arrive')
    .option(
      '--port <n>',
      'port of the scheduling page; the connector and the emulator take the next two',
      parsePort,
      8080,
    )
    .option('--json', 'print one JSON line with the addresses when it is ready')
    .action(async (options: { port: number; json?: true }) => {
      const demo = await startDemo({ port: options.port, logLevel: env['LOG_LEVEL'] ?? 'warn' });
      const { schedulingUrl, connectorUrl, emulatorUrl, signInUrl, dataDir } = demo;
      stdout(
        options.json === true
          ? `${JSON.stringify({ schedulingUrl, connectorUrl, emulatorUrl, signInUrl, dataDir })}\n`
          : demoInWords(demo),
      );
      await untilStopped();
      await demo.stop();
    });

  program
    .command('emulator')
    .description('run a Salesforce org on this machine, for demos and tests')
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', parsePort)
    .option('--describe <dir>', "folder of recorded describes that replace the emulator's own objects")
    .option('--deploy <dir...>', 'SFDX folders that are deployed into the org')
    .option('--namespace <prefix>', 'install them under this namespace, as a managed package', parseNamespace)
    .option('--id-instance <abc>', "three letters or digits in every record's id: another org", parseIdInstance)
    .option('--snapshot <file>', 'load the records from this file when it exists, and write them to it at the end')
    .option('--json', 'print one JSON line with addresses and tokens when it is ready')
    .action((options: EmulatorCliOptions) => runEmulator(options));
}

/** @throws InvalidArgumentError, which the parser tells with the usage. */
export function parsePort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.');
  return port;
}
