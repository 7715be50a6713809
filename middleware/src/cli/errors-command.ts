import type { Command } from 'commander';
import { errorsPage, listErrors } from './errors-page';
import { printer } from './print';
import { RefusedError } from './refused-error';
import type { Terminal } from './terminal';

/** `errors [code]`: what refusals mean, without asking anybody. */
export function addErrorsCommand(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  program
    .command('errors [code]')
    .description('what an error of Salesforce or the connector means and what to do; all of them without a code')
    .option('--json', 'print JSON')
    .action((code: string | undefined, options: { json?: true }) => {
      const errors = listErrors().filter((error) => code === undefined || error.code === code);
      if (errors.length === 0)
        throw new RefusedError(`No error is called ${String(code)}. They are all in docs/errors.md.`);
      const words =
        code === undefined
          ? errorsPage().trimEnd()
          : errors
              .map(
                ({ says, cause, remedy }) => `${says === null ? '' : `Where the message ${says}: `}${cause} ${remedy}`,
              )
              .join('\n');
      print(options.json, { errors }, words);
    });
}
