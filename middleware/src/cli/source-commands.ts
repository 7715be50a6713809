import { Option, type Command } from 'commander';
import type { CreatedSource } from '../admin/admin';
import type { ListedSource, RotatedSource } from '../admin/sources';
import { addressFault, type SourceTest } from '../admin/test-source';
import { connectPageOf, instructionsInWords } from '../source/instructions';
import { completeAfter, type CompletionOptions, neverComplete } from './completion-options';
import { readJson } from './input';
import { order } from './order';
import { inUtc, printer } from './print';
import { RefusedError } from './refused-error';
import type { Terminal } from './terminal';

interface NewSourceOptions extends CompletionOptions {
  kind: string;
  secret?: string;
  mapping?: string;
  json?: true;
}

interface SourceChangeOptions extends Omit<NewSourceOptions, 'kind' | 'secret'> {
  customerPage?: string | false;
}

type Updated = Pick<ListedSource, 'completeAfterMinutes' | 'customerPage'>;

/** `source ...`: connect scheduling systems, and look after them. */
export function addSourceCommands(program: Command, terminal: Terminal): void {
  const print = printer(terminal);
  const source = program.command('source').description('scheduling systems that send webhooks');

  source
    .command('create <id>')
    .description('create a source, show its address and secret, and what to do in the scheduling system')
    .requiredOption('--kind <kind>', 'which system it is, such as calcom or oncehub')
    .option('--secret <secret>', 'a secret that the system dictates; else one is made up')
    .option('--mapping <file>', 'for the kind "mapped": how its bodies are read, see docs/sources/mapped.md')
    .addOption(
      completeAfter('count bookings as completed so long after their end (default: 0 where the system never says so)'),
    )
    .addOption(neverComplete())
    .option('--json', 'print JSON')
    .action(async (id: string, options: NewSourceOptions) => {
      const { kind, secret, completeAfter, neverComplete } = options;
      const mapping = options.mapping === undefined ? undefined : await readJson(options.mapping);
      const completeAfterMinutes = neverComplete === true ? null : completeAfter;
      const args = { id, kind, secret, mapping, completeAfterMinutes };
      const created = (await order(terminal, 'createSource', args)) as CreatedSource;
      print(options.json, created, createdInWords(created));
    });

  source
    .command('update <id>')
    .description('change how a source is read, when its bookings count as completed, or where its customers are shown')
    .option('--mapping <file>', 'of the kind "mapped" only; what was refused is looked at again by "retry"')
    .addOption(completeAfter('count bookings as completed so long after their end'))
    .addOption(neverComplete())
    .option(
      '--customer-page <address>',
      'what "View customer" opens, such as "https://app.example.com/customers/{customer.id}"; {customer.email} is known too',
    )
    .option('--no-customer-page', "open the connector's own page of the customer")
    .option('--json', 'print JSON')
    .action(async (id: string, options: SourceChangeOptions) => {
      const mapping = options.mapping === undefined ? undefined : await readJson(options.mapping);
      const completeAfterMinutes = options.neverComplete === true ? null : options.completeAfter;
      const customerPage = options.customerPage === false ? null : options.customerPage;
      const args = { id, mapping, completeAfterMinutes, customerPage };
      const updated = (await order(terminal, 'updateSource', args)) as Updated;
      print(options.json, updated, updatedInWords(updated));
    });

  source
    .command('list')
    .description('every source, when it last sent something, and what came in the last 24 hours')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const { sources } = (await order(terminal, 'listSources', {})) as { sources: ListedSource[] };
      print(options.json, { sources }, sources.map(listedInWords).join('\n') || 'There is no source yet.');
    });

  source
    .command('test <id>')
    .description('send a test to the address of a source: about no booking, so nothing is written to Salesforce')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: true }) => {
      const test = (await order(terminal, 'testSource', { id })) as SourceTest;
      if (options.json === true || test.isPassed) print(options.json, test, testInWords(test));
      if (!test.isPassed) throw new RefusedError(test.said);
    });

  source
    .command('rotate <id>')
    .description('add a new secret; the old one is accepted until the rotation is finished')
    .option('--secret <secret>', 'a secret that the system dictates; else one is made up')
    .addOption(new Option('--finish', 'drop the old secret').conflicts('secret'))
    .option('--json', 'print JSON')
    .action(async (id: string, options: { secret?: string; finish?: true; json?: true }) => {
      const args = { id, secret: options.secret, finish: options.finish === true };
      const rotated = (await order(terminal, 'rotateSource', args)) as RotatedSource;
      print(options.json, rotated, rotatedInWords(rotated));
    });

  source
    .command('api-key <id>')
    .description("let the connector ask the system's API for what its webhooks leave open, such as the host's e-mail")
    .addOption(new Option('--key <key>', 'the API key; of Acuity <user id>:<API key>'))
    .addOption(new Option('--remove', 'ask no longer').conflicts('key'))
    .option('--json', 'print JSON')
    .action(async (id: string, options: { key?: string; remove?: true; json?: true }) => {
      if (options.key === undefined && options.remove === undefined)
        source.error('error: give the key with --key, or take it away with --remove', { exitCode: 2 });
      const answer = (await order(terminal, 'setApiKey', { id, apiKey: options.key ?? null })) as { isAsked: boolean };
      print(options.json, answer, answer.isAsked ? 'The API is asked from now on.' : 'The API is asked no longer.');
    });
}

function completionInWords(completeAfterMinutes: number | null): string {
  return completeAfterMinutes === null
    ? 'Bookings count as completed when the system says so.'
    : `Bookings count as completed by the clock, ${completeAfterMinutes} minutes after their end.`;
}

function updatedInWords({ completeAfterMinutes, customerPage }: Updated): string {
  const page = customerPage ?? "the connector's own page";
  return `${completionInWords(completeAfterMinutes)}\n"View customer" opens ${page}.`;
}

function createdInWords({ kind, webhookUrl, secret, completeAfterMinutes, instructions }: CreatedSource): string {
  const fault = addressFault(webhookUrl);
  return [
    `Address: ${webhookUrl}`,
    `Secret:  ${secret}`,
    'The secret is not shown again.',
    completionInWords(completeAfterMinutes),
    ...(fault === null ? [] : [`From outside nobody reaches this address yet: set PUBLIC_URL to one that is https.`]),
    '',
    'What to do now:',
    instructionsInWords(instructions),
    '',
    `More about it: ${connectPageOf(kind)}`,
  ].join('\n');
}

function listedInWords(source: ListedSource): string {
  const { id, kind, webhookUrl, secrets, lastDeliveryAt, last24Hours } = source;
  const { stored, ignored, refused } = last24Hours;
  return [
    `${id} (${kind}): ${webhookUrl}`,
    `  last delivery: ${lastDeliveryAt === null ? 'never' : inUtc(lastDeliveryAt)}`,
    `  last 24 hours: ${stored} stored, ${ignored} ignored, ${refused} refused`,
    ...(secrets > 1
      ? [`  two secrets are accepted: finish with "booking-connector source rotate ${id} --finish"`]
      : []),
  ].join('\n');
}

function testInWords({ said, proves, doesNotProve, lastDeliveryAt, last24Hours }: SourceTest): string {
  const { stored, ignored, refused } = last24Hours;
  return [
    said,
    'It proves:',
    ...proves.map((what) => `  ${what}`),
    'It does not prove:',
    ...doesNotProve.map((what) => `  ${what}`),
    `The last delivery of the system itself: ${lastDeliveryAt === null ? 'none so far' : inUtc(lastDeliveryAt)}. In 24 hours: ${stored} stored, ${ignored} ignored, ${refused} refused.`,
  ].join('\n');
}

function rotatedInWords({ id, secret }: RotatedSource): string {
  if (secret === null) return 'The old secret is dropped. One is accepted.';
  return [
    `New secret: ${secret}`,
    'It is not shown again. The old one is accepted too, until you have entered the new one in the scheduling system and run:',
    `  booking-connector source rotate ${id} --finish`,
  ].join('\n');
}
