import { InvalidArgumentError, Option, type Command } from 'commander';
import type { OrgBudget } from '../admin/budget';
import { order } from './order';
import { inUtc, printer } from './print';
import type { Terminal } from './terminal';

interface BudgetOptions {
  org?: string;
  reserve?: number;
  cap?: number | 'none';
  lanes?: '1' | '2';
  json?: true;
}

/** Adds `booking-connector budget`: shows what may be spent of an org's API calls, and sets it. */
export function addBudgetCommand(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  program
    .command('budget')
    .description("what the connector may use of the org's daily API calls, and what it has used")
    .option('--org <id>', 'one org; otherwise all of them')
    .option('--reserve <percent>', "percent of the org's allowance to leave to other applications", wholeNumber)
    .option('--cap <calls>', 'most calls of the connector in 24 hours, or "none"', (text) =>
      text === 'none' ? text : wholeNumber(text),
    )
    .addOption(new Option('--lanes <count>', 'lanes that share the bookings of the org').choices(['1', '2']))
    .option('--json', 'print JSON')
    .action(async ({ org, reserve, cap, lanes, json }: BudgetOptions) => {
      const isChange = reserve !== undefined || cap !== undefined || lanes !== undefined;
      const limits = {
        reservePercent: reserve,
        dailyCap: cap === 'none' ? null : cap,
        lanes: lanes === undefined ? undefined : Number(lanes),
      };
      const answer = await order(terminal, isChange ? 'setBudget' : 'readBudgets', {
        org,
        ...(isChange ? limits : {}),
      });
      const { budgets } = answer as { budgets: OrgBudget[] };
      print(json, budgets, budgets.map((budget) => budgetInWords(budget).join('\n')).join('\n\n'));
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

/** A budget as lines for people. */
export function budgetInWords(budget: OrgBudget): string[] {
  const { orgId, reservePercent, dailyCap, lanes, gauge, left, limit, nextProbeAt, overviewUrl, calls } = budget;
  const byPurpose = Object.entries(calls.byPurpose).map(([purpose, count]) => `${purpose} ${count}`);
  const detail = byPurpose.length === 0 ? '' : ` (${byPurpose.join(', ')})`;
  const binding = limit === 'cap' ? 'the cap' : 'the reserve';
  return [
    `API calls to org ${orgId} in the last 24 hours: ${calls.total}${detail}`,
    `  Allowed: all but ${reservePercent} % of the org's allowance${dailyCap === null ? '' : `, at most ${dailyCap} in 24 hours`}; ${lanes === 1 ? 'one lane' : `${lanes} lanes`}`,
    left === null ? '  Left: not known before the first call' : `  Left: ${left}, by ${binding}`,
    ...(gauge === null
      ? []
      : [`  All applications together: about ${gauge.used} of ${gauge.max}, as seen ${inUtc(gauge.seenAt)}`]),
    ...(nextProbeAt === null ? [] : [`  Nothing may be sent; the next try is due ${inUtc(nextProbeAt)}`]),
    ...(overviewUrl === null ? [] : [`  The org's own figures: ${overviewUrl}`]),
  ];
}
