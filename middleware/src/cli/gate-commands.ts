import { Option, type Command } from 'commander';
import { CHOICES, type Choice } from '../booking/hold.store';
import { order } from './order';
import { printer } from './print';
import type { Terminal } from './terminal';

const STARTED: Record<Choice, string> = {
  future: 'with the bookings that are still to come',
  all: 'with the bookings received so far',
  none: 'from now on',
};

/** Adds `gate open` and `gate close`. */
export function addGateCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);

  const gate = program
    .command('gate')
    .description('the start gate: nothing is written to Salesforce before it is open');
  gate
    .command('open')
    .description('start writing to the connected org')
    .addOption(
      new Option(
        '--bookings <which>',
        'future: those still to come; all: those received so far too; none: only what arrives or changes from now on. After "org switch", future and all mean also what was written to the org of before',
      ).choices(CHOICES),
    )
    .option('--backlog', 'the same as --bookings all; without either, only what arrives or changes from now on')
    .option('--json', 'print JSON')
    .action(async (options: { bookings?: Choice; backlog?: true; json?: true }) => {
      const { bookings, json } = options;
      const backlog = options.backlog === true;
      const answer = await order(terminal, 'openGate', bookings === undefined ? { backlog } : { bookings });
      print(json, answer, `Started, ${STARTED[bookings ?? (backlog ? 'all' : 'none')]}.`);
    });
  gate
    .command('close')
    .description('stop writing; bookings are accepted and wait until the gate is opened with --backlog')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      print(options.json, await order(terminal, 'closeGate', {}), 'Stopped writing. Bookings wait.');
    });
}
