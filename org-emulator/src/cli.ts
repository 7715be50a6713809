#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { parseIdInstance, parseNamespace, runEmulator, type EmulatorCliOptions } from './run-emulator';

const command = new Command('org-emulator')
  .description('Runs a Salesforce org on this machine, for demos and tests.')
  .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', parsePort)
  .option('--describe <dir>', "folder of recorded describes that replace the emulator's own objects")
  .option('--deploy <dir...>', 'SFDX folders that are deployed into the org')
  .option('--namespace <prefix>', 'installs them under this namespace, as a managed package', parseNamespace)
  .option('--id-instance <abc>', "three letters or digits in every record's id: another org", parseIdInstance)
  .option('--snapshot <file>', 'keep the records in this file between two runs')
  .option('--json', 'print one JSON line with addresses and tokens when ready')
  .exitOverride((error) => {
    // Wrong usage is 2; asking for help is fine.
    process.exit(error.exitCode === 0 ? 0 : 2);
  })
  .action(async (options: EmulatorCliOptions) => {
    await runEmulator(options);
  });

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

function parsePort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('must be 0 to 65535');
  return port;
}
