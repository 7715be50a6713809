import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import type { CreatedSource, Status } from '../admin/admin';
import { carryOut, type OrderName } from '../admin/orders';
import { openState } from '../app';
import { readConfig } from '../config';
import { createLog } from '../log';
import type { Settings } from '../settings/settings';
import { askHolder } from '../store/directory-lock';
import { readInput } from './input';
import { RefusedError } from './refused-error';
import type { Terminal } from './terminal';

interface NewSourceOptions {
  kind: string;
  secret?: string;
  mapping?: string;
  completeAfter?: number;
  json?: true;
}

/** Commands that order something of the connector: through the running server, or on the store itself when none runs. */
export function addAdminCommands(program: Command, terminal: Terminal): void {
  const { stdout } = terminal;
  const print = (json: boolean | undefined, value: unknown, words: string): void =>
    stdout(json === true ? `${JSON.stringify(value)}\n` : `${words}\n`);

  program
    .command('source')
    .description('scheduling systems that send webhooks')
    .command('create <id>')
    .description('create a source and show its address and secret')
    .requiredOption('--kind <kind>', 'which system it is, such as calcom or oncehub')
    .option('--secret <secret>', 'a secret that the system dictates; else one is made up')
    .option('--mapping <file>', 'for the kind "mapped": how its bodies are read, see docs/sources/mapped.md')
    .option('--complete-after <minutes>', 'count bookings as completed so long after their end', parseMinutes)
    .option('--json', 'print JSON')
    .action(async (id: string, options: NewSourceOptions) => {
      const { kind, secret, completeAfter } = options;
      const mapping = options.mapping === undefined ? undefined : await readJson(options.mapping);
      const args = { id, kind, secret, mapping, completeAfterMinutes: completeAfter };
      const created = (await order(terminal, 'createSource', args)) as CreatedSource;
      print(
        options.json,
        created,
        `Address: ${created.webhookUrl}\nSecret:  ${created.secret}\nThe secret is not shown again.`,
      );
    });

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
    .description('try parked bookings again: one, or all')
    .option('--json', 'print JSON')
    .action(async (bookingId: string | undefined, options: { json?: true }) => {
      const answer = (await order(terminal, 'retry', { bookingId: bookingId ?? null })) as { retried: number };
      print(options.json, answer, `${answer.retried} bookings are tried again.`);
    });

  const settings = program.command('settings').description("the team's settings, one JSON document");
  settings
    .command('export [file]')
    .description('write the newest version to a file, or to standard output')
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: { json?: true }) => {
      const exported = (await order(terminal, 'exportSettings', {})) as { version: number; settings: Settings };
      const text = `${JSON.stringify(exported.settings, null, 2)}\n`;
      if (file === undefined) stdout(text);
      else {
        await writeFile(file, text);
        print(options.json, { version: exported.version, file }, `Version ${exported.version} was written to ${file}.`);
      }
    });
  settings
    .command('import <file>')
    .description('save a document as a new version; - reads standard input')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: true }) => {
      const document = await readJson(file);
      const answer = (await order(terminal, 'importSettings', { document, author: userInfo().username })) as {
        version: number;
      };
      print(options.json, answer, `Saved as version ${answer.version}.`);
    });
}

/** @throws InvalidArgumentError, which the parser tells with the usage. */
function parseMinutes(value: string): number {
  const minutes = Number(value);
  if (!Number.isInteger(minutes) || minutes < 0)
    throw new InvalidArgumentError('It must be a whole number of minutes.');
  return minutes;
}

async function readJson(file: string): Promise<unknown> {
  const text = (await readInput(file)).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RefusedError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Asks the running server; with a PostgreSQL store, or when no server runs, works on the store itself. */
async function order({ env }: Terminal, name: OrderName, args: unknown): Promise<unknown> {
  const config = readConfig(env);
  const request = { order: name, args };
  if (config.databaseUrl === null) {
    const answer = await askHolder(config.dataDir, request);
    if (answer.held) return answer.answer;
  }
  const { store, secrets } = await openState(config, createLog('silent'));
  try {
    const baseUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
    const now = (): Date => new Date();
    return await carryOut({ store, secrets, now, baseUrl, wake: () => undefined, laneStates: () => ({}) }, request);
  } finally {
    await store.close();
  }
}

function statusInWords({ pending, oldestPendingAt, orgs, sources, parked }: Status): string {
  const lines = [
    ...orgs.map(({ id, loginUrl, startedAt, lane }) => {
      const gate = startedAt === null ? 'not started: run "booking-connector gate open"' : 'started';
      const cause = lane?.cause == null ? '' : ` (${lane.cause})`;
      return `Org ${id} at ${loginUrl}: ${gate}${lane === null ? '' : `, ${lane.state}${cause}`}`;
    }),
    ...(orgs.length === 0 ? ['No org is connected.'] : []),
    ...sources.map(({ id, kind, webhookUrl }) => `Source ${id} (${kind}): ${webhookUrl}`),
    `Pending: ${pending}${oldestPendingAt === null ? '' : `, the oldest since ${String(oldestPendingAt)}`}`,
    `Parked: ${parked.length}`,
    ...parked.map(({ bookingId, part, outcome }) => `  ${bookingId} ${part}: ${outcome.cause} ${outcome.remedy}`),
  ];
  return lines.join('\n');
}
