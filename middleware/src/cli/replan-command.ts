import type { Command } from 'commander';
import { order } from './order';
import { printer } from './print';
import type { Terminal } from './terminal';

/** `replan`: the present settings for bookings that are still to come. */
export function addReplanCommand(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  program
    .command('replan')
    .description(
      'write bookings that are still to come as the present settings say, also those that were written before',
    )
    .option('--page <page>', 'those of one page only, named as <source id>:<page id>')
    .option('--json', 'print JSON')
    .action(async (options: { page?: string; json?: true }) => {
      const answer = (await order(terminal, 'replan', { page: options.page ?? null })) as { replanned: number };
      print(options.json, answer, `${answer.replanned} bookings are looked at again.`);
    });
}
