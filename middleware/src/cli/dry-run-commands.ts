import { InvalidArgumentError, type Command } from 'commander';
import type { DryRunComparison, DryRunOfBody, TriedSettings } from '../admin/dry-run';
import type { Step } from '../booking/outcome';
import type { DryBooking, DryRun, DryWrite } from '../sync/dry-run';
import { readInput, readJson } from './input';
import { order } from './order';
import { printer } from './print';
import { RefusedError } from './refused-error';
import type { Terminal } from './terminal';

interface Options {
  last?: number;
  settings?: string;
  asNew?: true;
  json?: true;
}

/** `dry-run`: what would be written, and why, without writing anything. */
export function addDryRunCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  program
    .command('dry-run [source] [file]')
    .description(
      'read the live org and tell what a webhook body would do; <source> is a source or a kind, <file> may be - for standard input',
    )
    .option('--settings <file>', 'settings to try in place of the newest version')
    .option('--last <n>', 'in place of a body: what the settings would change for the last bookings', parseLast)
    .option('--as-new', 'with --last: as if those bookings had never been written')
    .option('--json', 'print JSON')
    .action(async (source: string | undefined, file: string | undefined, options: Options) => {
      const tried: TriedSettings = options.settings === undefined ? {} : { document: await readJson(options.settings) };
      if (options.last !== undefined) {
        if (source !== undefined) throw new InvalidArgumentError('Give either a body or --last.');
        const args = { last: options.last, asNew: options.asNew === true, ...tried };
        const comparison = (await order(terminal, 'dryRunLatest', args)) as DryRunComparison;
        print(options.json, comparison, comparisonInWords(comparison));
        return;
      }
      if (source === undefined || file === undefined) {
        throw new InvalidArgumentError('Name a source and a file with a webhook body, or use --last.');
      }
      const body = (await readInput(file)).toString('utf8');
      const run = (await order(terminal, 'dryRunBody', { source, body, ...tried })) as DryRunOfBody;
      if ('refused' in run) {
        const faults = run.refused.map(({ field, error }) => `${field}: ${error}`).join('. ');
        throw new RefusedError(`The body cannot be understood. ${faults}`);
      }
      print(options.json, run, 'ignored' in run ? `Ignored: ${run.ignored}` : runInWords(run));
    });
}

/** @throws InvalidArgumentError, which the parser tells with the usage. */
function parseLast(value: string): number {
  const last = Number(value);
  if (!Number.isInteger(last) || last < 1 || last > 200) throw new InvalidArgumentError('It must be 1 to 200.');
  return last;
}

function runInWords({ bookings, apiCalls }: DryRun): string {
  return [...bookings.map(bookingInWords), `Salesforce API calls: ${apiCalls}. Nothing was written.`].join('\n\n');
}

function bookingInWords({ bookingId, status, steps, writes, parts }: DryBooking): string {
  const looked = steps.filter((step) => !('after' in step)).map(({ step, outcome }) => `  ${step}: ${outcome}`);
  const parked = Object.entries(parts).flatMap(([part, outcome]) => {
    if (outcome.state === 'written') return [];
    const remedy = outcome.state === 'parked' ? `\n    ${outcome.remedy}` : '';
    return [
      `  ${part} ${outcome.state === 'parked' ? 'would wait for a human' : inWords(outcome.state)}: ${outcome.cause}${remedy}`,
    ];
  });
  return [`Booking ${bookingId}, ${status}`, ...looked, ...writes.map(writeInWords), ...parked].join('\n');
}

function inWords(state: string): string {
  return state === 'notWanted' ? 'is not wanted' : 'waits';
}

function writeInWords({ action, sobject, recordId, fields }: DryWrite): string {
  const rows = fields.map(
    ({ field, before, after, rule }) => `    ${field}: ${told(before)} -> ${told(after)} (${rule})`,
  );
  return [`  ${action} ${sobject}${recordId === null ? '' : ` ${recordId}`}`, ...rows].join('\n');
}

function told(value: Step['before']): string {
  return value === null || value === undefined ? 'empty' : JSON.stringify(value);
}

function comparisonInWords({ bookings, differences }: DryRunComparison): string {
  if (differences.length === 0) return `Nothing would differ for the last ${bookings} bookings.`;
  return [
    `${differences.length} of ${bookings} bookings would differ.`,
    ...differences.map(({ now, then }) =>
      [
        now === null ? '' : `Now:\n${bookingInWords(now)}`,
        then === null ? '' : `With these settings:\n${bookingInWords(then)}`,
      ].join('\n'),
    ),
  ].join('\n\n');
}
