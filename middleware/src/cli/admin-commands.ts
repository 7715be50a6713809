import type { Command } from 'commander';
import type { Retried, Status } from '../admin/admin';
import type { RefusedDelivery } from '../booking/replay.store';
import { addBudgetCommand, budgetInWords } from './budget-command';
import { order } from './order';
import { addOrgCommands } from './org-commands';
import { inUtc, printer } from './print';
import { addSettingsCommands } from './settings-commands';
import { addSourceCommands } from './source-commands';
import type { Terminal } from './terminal';

/** Commands that order something of the connector: through the running server, or on the store itself when none runs. */
export function addAdminCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);

  addSourceCommands(program, terminal);
  addOrgCommands(program, terminal);
  addBudgetCommand(program, terminal);

  const gate = program
    .command('gate')
    .description('the start gate: nothing is written to Salesforce before it is open');
  gate
    .command('open')
    .description('start writing to the connected org')
    .option('--backlog', 'write the bookings received so far too; without it only those from now on')
    .option('--json', 'print JSON')
    .action(async (options: { backlog?: true; json?: true }) => {
      const backlog = options.backlog === true;
      const answer = await order(terminal, 'openGate', { backlog });
      print(options.json, answer, `Started, ${backlog ? 'with the bookings received so far' : 'from now on'}.`);
    });
  gate
    .command('close')
    .description('stop writing; bookings are accepted and wait until the gate is opened with --backlog')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      print(options.json, await order(terminal, 'closeGate', {}), 'Stopped writing. Bookings wait.');
    });

  program
    .command('status')
    .description('what is connected, pending and parked')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const status = (await order(terminal, 'status', {})) as Status;
      print(options.json, status, statusInWords(status));
    });

  program
    .command('retry [bookingId]')
    .description('try parked bookings again: one, or all; with all also webhooks that were not understood')
    .option('--json', 'print JSON')
    .action(async (bookingId: string | undefined, options: { json?: true }) => {
      const { retried, replayed } = await retryAll(terminal, bookingId ?? null);
      const { stored, ignored, refused, failed } = replayed;
      const words = [
        `${retried} bookings are tried again.`,
        ...(bookingId === undefined
          ? [
              `Webhooks that were refused: ${stored} are understood now, ${ignored} are ignored now, ${refused} are still refused.`,
            ]
          : []),
        ...(failed > 0 ? [`${failed} could not be stored: they stay refused.`] : []),
      ];
      print(options.json, { retried, replayed }, words.join('\n'));
    });

  addSettingsCommands(program, terminal);
}

/** Orders it until every refused delivery was looked at: the server answers in portions. */
async function retryAll(terminal: Terminal, bookingId: string | null): Promise<Omit<Retried, 'next'>> {
  const all = (await order(terminal, 'retry', { bookingId })) as Retried;
  for (let { next } = all; next !== null;) {
    const more = (await order(terminal, 'retry', { bookingId, after: next })) as Retried;
    for (const outcome of ['stored', 'ignored', 'refused', 'failed'] as const)
      all.replayed[outcome] += more.replayed[outcome];
    next = more.next;
  }
  return all;
}

function statusInWords({ pending, oldestPendingAt, orgs, drift, sources, parked, refused }: Status): string {
  const lines = [
    ...orgs.flatMap(({ id, loginUrl, startedAt, lane, budget }) => {
      const gate = startedAt === null ? 'not started: run "booking-connector gate open"' : 'started';
      const cause = lane?.cause == null ? '' : ` (${lane.cause})`;
      const state = lane === null ? '' : `, ${lane.state}${cause}`;
      return [`Org ${id} at ${loginUrl}: ${gate}${state}`, ...budgetInWords(budget)];
    }),
    ...(orgs.length === 0 ? ['No org is connected.'] : []),
    ...drift.map(({ severity, what, remedy }) => `Changed in Salesforce (${severity}): ${what} ${remedy}`),
    ...sources.map(({ id, kind, webhookUrl }) => `Source ${id} (${kind}): ${webhookUrl}`),
    `Pending: ${pending}${oldestPendingAt === null ? '' : `, the oldest since ${String(oldestPendingAt)}`}`,
    `Parked: ${parked.length}`,
    ...parked.map(({ bookingId, part, outcome }) => `  ${bookingId} ${part}: ${outcome.cause} ${outcome.remedy}`),
    `Refused webhooks: ${refused.count}`,
    ...refused.newest.map(refusedInWords),
  ];
  return lines.join('\n');
}

/** Faults name fields and never values; a body with many is at fault as a whole. */
function refusedInWords({ id, sourceId, receivedAt, faults, isKept }: RefusedDelivery): string {
  const named = faults.slice(0, 3).map(({ field, error }) => `${field}: ${error}`);
  const more = faults.length > named.length ? [`and ${faults.length - named.length} more`] : [];
  const kept = isKept ? '' : ' (the body is stripped: it cannot be replayed)';
  return `  ${id} of ${sourceId}, ${inUtc(receivedAt)}${kept}: ${[...named, ...more].join('. ')}`;
}
