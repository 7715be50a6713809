import { Command, CommanderError } from 'commander';
import { addAccessCommands } from './access-commands';
import { addAdminCommands } from './admin-commands';
import { addDryRunCommands } from './dry-run-commands';
import { addDoctorCommands } from './doctor-commands';
import { addErrorsCommand } from './errors-command';
import { addHostCommands } from './host-commands';
import { RefusedError } from './refused-error';
import { addReplanCommand } from './replan-command';
import { addServerCommands } from './server-commands';
import { addTeamCommands } from './team-commands';
import type { Terminal } from './terminal';
import { addTranslateCommands } from './translate-commands';

const PROCESS: Terminal = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
};

/**
 * Runs `booking-connector <command>`.
 * @returns the exit code: 0 fine, 1 refused or failed with a plain reason on stderr, 2 wrong usage.
 */
export async function runCommand(argv: readonly string[], given: Terminal = PROCESS): Promise<number> {
  const terminal = { ...given };
  const program = new Command('booking-connector')
    .description('Brings every booking of a scheduling system onto the right Salesforce record.')
    .option('--team <id>', 'whose settings, sources and bookings a command is about; left out: the first team')
    .hook('preAction', (program) => void (terminal.team = program.opts<{ team?: string }>().team ?? terminal.team))
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .showHelpAfterError()
    .exitOverride();
  addServerCommands(program, terminal);
  addTranslateCommands(program, terminal);
  addDryRunCommands(program, terminal);
  addAdminCommands(program, terminal);
  addDoctorCommands(program, terminal);
  addHostCommands(program, terminal);
  addAccessCommands(program, terminal);
  addReplanCommand(program, terminal);
  addTeamCommands(program, terminal);
  addErrorsCommand(program, terminal);
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof RefusedError || isPlain(error)) {
      terminal.stderr(`${(error as Error).message}\n`);
      return 1;
    }
    throw error;
  }
}

/** Errors of our own, and of the system, say in a sentence what is wrong: no stack is needed. */
function isPlain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
