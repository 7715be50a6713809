import type { Command } from 'commander';
import type { Retried, Status } from '../admin/admin';
import type { RefusedDelivery } from '../booking/replay.store';
import { addBudgetCommand, budgetInWords } from './budget-command';
import { addGateCommands } from './gate-commands';
import { order } from './order';
import { addOrgCommands } from './org-commands';
import { orgInWords } from './org-words';
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

  addGateCommands(program, terminal);

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
    ...orgs.flatMap(({ id, loginUrl, startedAt, held, lane, budget, ...org }) => {
      const gate =
        startedAt === null
          ? `not started: run "booking-connector gate open${held === null ? '' : ' --bookings future", "all" or "none'}"`
          : 'started';
      const cause = lane?.cause == null ? '' : ` (${lane.cause})`;
      const state = lane === null ? '' : `, ${lane.state}${cause}`;
      return [
        `Org ${id}, ${orgInWords(org)}, at ${loginUrl}: ${gate}${state}`,
        ...(held === null ? [] : [heldInWords(held)]),
        ...budgetInWords(budget),
      ];
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

function heldInWords({ from, future, all, pending }: NonNullable<Status['orgs'][number]['held']>): string {
  const moved = from === null ? '' : `, moved from ${from}`;
  return `  Bookings wait for your choice${moved}: ${future} are still to come, ${all} are known, ${pending} were to be written.`;
}

/** Faults name fields and never values; a body with many is at fault as a whole. */
function refusedInWords({ id, sourceId, receivedAt, faults, isKept }: RefusedDelivery): string {
  const named = faults.slice(0, 3).map(({ field, error }) => `${field}: ${error}`);
  const more = faults.length > named.length ? [`and ${faults.length - named.length} more`] : [];
  const kept = isKept ? '' : ' (the body is stripped: it cannot be replayed)';
  return `  ${id} of ${sourceId}, ${inUtc(receivedAt)}${kept}: ${[...named, ...more].join('. ')}`;
}
