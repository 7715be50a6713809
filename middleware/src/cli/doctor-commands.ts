import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { DoctorReport, PermissionsFile } from '../admin/doctor';
import { supportBundle } from './support-bundle';
import { startDemo } from './demo';
import { order } from './order';
import { printer } from './print';
import type { Terminal } from './terminal';

const MARKS = { ok: 'ok      ', warning: 'warning ', failure: 'FAILURE ' } as const;

/** `doctor` and `permissions`: whether the org lets the connector do what the settings ask, and what would. */
export function addDoctorCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  program
    .command('doctor')
    .description('what is right and wrong in the connected org for the settings in use, with what to do')
    .option('--json', 'print JSON')
    .option('--emulator', 'look at an emulated org of its own, to see what it is like')
    .option('--bundle <file>', 'write a file for support as well, without addresses and secrets')
    .action(async ({ json, emulator, bundle }: { json?: true; emulator?: true; bundle?: string }) => {
      const run = async (at: Terminal): Promise<void> => {
        const report = (await order(at, 'doctor', {})) as DoctorReport;
        if (bundle !== undefined) await writeFile(bundle, await supportBundle(at, report), { mode: 0o600 });
        print(json, report, reportInWords(report));
      };
      if (emulator !== true) return run(terminal);
      const demo = await startDemo({ port: 0, logLevel: 'silent' });
      try {
        await run({ ...terminal, env: { DATA_DIR: demo.dataDir } });
      } finally {
        await demo.stop();
      }
    });

  program
    .command('permissions')
    .description('the least permission set of the API user for the settings in use, as metadata in source format')
    .option('--links', 'booking links name Accounts, Cases or Opportunities, which then have to be seen')
    .option('--out <folder>', 'write it there, ready to be deployed; otherwise it is printed')
    .option('--json', 'print JSON, with what each right is for')
    .action(async ({ links, out, json }: { links?: true; out?: string; json?: true }) => {
      const file = (await order(terminal, 'permissions', { links: links === true ? 'yes' : 'no' })) as PermissionsFile;
      if (out === undefined) return json === true ? print(json, file, '') : void terminal.stdout(file.xml);
      const path = join(out, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.xml);
      print(json, { ...file, path }, `Written: ${path}\nDeploy it: sf project deploy start --source-dir ${out}`);
    });
}

function reportInWords({ lines }: DoctorReport): string {
  const count = (state: string): number => lines.filter((line) => line.state === state).length;
  return [
    ...lines.map(({ check, state, why, remedy, setupUrl }) =>
      [
        `${MARKS[state]} ${check}: ${why}`,
        ...(remedy === null ? [] : [`          ${remedy}`]),
        ...(remedy === null || setupUrl === null ? [] : [`          ${setupUrl}`]),
      ].join('\n'),
    ),
    `${count('ok')} fine, ${count('warning')} to look at, ${count('failure')} in the way.`,
  ].join('\n');
}
