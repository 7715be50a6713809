import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BookingState } from '../booking/booking';
import type { BookingEvent } from '../booking/booking-event';
import { completedAt } from '../booking/clock';
import { foldBooking } from '../booking/fold';
import { joinLineages } from '../booking/lineage';
import { spreadOverSeats } from '../booking/seats';
import { defaultCompleteAfterMinutes } from '../source/instructions';
import { kinds } from '../source/kinds';
import { createMappedSource } from '../source/mapped';
import { parseMapping } from '../source/mapping';
import type { FieldError, SourceKind, Translation } from '../source/source';
import { completeAfter, type CompletionOptions, neverComplete } from './completion-options';
import { readInput } from './input';
import { printed } from './printed';
import { RefusedError } from './refused-error';
import type { Terminal } from './terminal';

interface FoldOptions extends CompletionOptions {
  now?: Date;
  json?: true;
}

/** `translate` and `fold`: what bodies become, without a store and without an org. See docs/sources/README.md. */
export function addTranslateCommands(program: Command, { stdout }: Terminal): void {
  program
    .command('translate <source> <file>')
    .description(
      'print what a webhook body becomes; <source> is a kind or mapped:<file of a mapping>, <file> may be - for standard input',
    )
    .addOption(now('when the body is received (default: now)'))
    .option('--json', 'print JSON')
    .action(async (source: string, file: string, options: { now?: Date; json?: true }) => {
      const kind = await kindOf(source);
      const translation = kind.translate(await readInput(file), {
        headers: {},
        receivedAt: options.now ?? new Date(),
      });
      if (options.json === true) stdout(`${JSON.stringify(printedTranslation(translation))}\n`);
      else if (!('refused' in translation)) stdout(`${inWords(translation)}\n`);
      if ('refused' in translation) throw new RefusedError(refusedInWords(translation.refused));
    });

  const fold = program
    .command('fold <source> <files...>')
    .description('print what several webhook bodies make of their bookings, as received in the order given')
    .addOption(now('the clock: when the last body is received, and what is over then counts as completed'))
    .addOption(completeAfter('with --now: so long after the end (default: 0 where the system never says so)'))
    .addOption(neverComplete())
    .option('--json', 'print JSON')
    .action(async (source: string, files: string[], options: FoldOptions) => {
      if (options.now === undefined && (options.completeAfter !== undefined || options.neverComplete === true))
        fold.error('error: when bookings count as completed matters only with a clock: give it with --now');
      const kind = await kindOf(source);
      const { events, refused } = await readEvents(kind, files, options.now ?? new Date());
      if (refused.length > 0) {
        if (options.json === true) stdout(`${JSON.stringify({ refused })}\n`);
        throw new RefusedError(refusedInWords(refused));
      }
      const bookings = foldAll(events).map(({ keys, state }) => {
        const minutes = options.neverComplete === true ? null : options.completeAfter;
        const byClock = minutes === undefined ? defaultCompleteAfterMinutes(kind.kind) : minutes;
        return { keys, ...(options.now === undefined ? state : completedAt(state, options.now, byClock)) };
      });
      stdout(
        options.json === true
          ? `${JSON.stringify({ bookings: bookings.map(printed) })}\n`
          : bookings.map(bookingInWords).join(''),
      );
    });
}

function now(description: string): Option {
  return new Option('--now <instant>', description).argParser((value) => {
    const isInstant = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value);
    const at = new Date(value);
    if (!isInstant || Number.isNaN(at.getTime()))
      throw new InvalidArgumentError('It must be an ISO 8601 instant, such as 2027-03-02T09:00:00Z.');
    return at;
  });
}

type FileError = FieldError & { file: string };

/** Bodies in the order given, one millisecond after another, the last one now. Those that are ignored add nothing. */
async function readEvents(
  kind: SourceKind,
  files: string[],
  lastReceivedAt: Date,
): Promise<{ events: BookingEvent[]; refused: FileError[] }> {
  const events: BookingEvent[] = [];
  const refused: FileError[] = [];
  for (const [index, file] of files.entries()) {
    const receivedAt = new Date(lastReceivedAt.getTime() - (files.length - 1 - index));
    const translation = kind.translate(await readInput(file), { headers: {}, receivedAt });
    if ('refused' in translation) refused.push(...translation.refused.map((fault) => ({ file, ...fault })));
    if ('events' in translation) events.push(...translation.events);
  }
  return { events, refused };
}

function foldAll(events: BookingEvent[]): { keys: string[]; state: BookingState }[] {
  const { own } = spreadOverSeats(events.map((event) => ({ event })));
  return joinLineages(
    own.map(({ event }) => event),
    new Map(),
  ).map((lineage) => ({ keys: lineage.keys, state: foldBooking(lineage.events) }));
}

/** @throws RefusedError for a kind that there is not, naming those that there are; InvalidMappingError for a mapping. */
async function kindOf(source: string): Promise<SourceKind> {
  const mappingFile = /^mapped:(.+\.json)$/.exec(source)?.[1];
  if (mappingFile !== undefined) return createMappedSource(parseMapping(await readInput(mappingFile)));
  const kind = kinds.get(source);
  if (kind === undefined) {
    throw new RefusedError(
      `There is no kind of source called "${source}". Known are: ${[...kinds.keys()].join(', ')}.`,
    );
  }
  return kind;
}

function printedTranslation(translation: Translation): unknown {
  return 'events' in translation ? { events: translation.events.map(printed) } : translation;
}

function inWords(translation: Exclude<Translation, { refused: unknown }>): string {
  if ('ignored' in translation) return `Ignored: ${translation.ignored}`;
  return translation.events
    .map(({ kind, bookingKey, startsAt, customer, reason }) =>
      [`${kind} ${bookingKey}`, startsAt, customer?.email, reason].filter((text) => (text ?? '') !== '').join(', '),
    )
    .join('\n');
}

/** Of several files, each fault names its own. */
function refusedInWords(refused: (FieldError & { file?: string })[]): string {
  const faults = refused.map(({ file, field, error }) => `${file === undefined ? '' : `${file}: `}${field}: ${error}`);
  return `${refused[0]?.file === undefined ? 'The body' : 'A body'} cannot be understood. ${faults.join('. ')}`;
}

function bookingInWords({ keys, status, startsAt, reason }: BookingState & { keys: string[] }): string {
  return `${[`${status} ${keys.join(' = ')}`, startsAt, reason].filter((text) => text !== null).join(', ')}\n`;
}
