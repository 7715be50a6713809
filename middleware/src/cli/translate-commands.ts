import type { Command } from 'commander';
import type { BookingState } from '../booking/booking';
import type { BookingEvent } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { joinLineages } from '../booking/lineage';
import { spreadOverSeats } from '../booking/seats';
import { kinds } from '../source/kinds';
import { createMappedSource } from '../source/mapped';
import { parseMapping } from '../source/mapping';
import type { SourceKind, Translation } from '../source/source';
import { readInput } from './input';
import { RefusedError } from './refused-error';
import type { Terminal } from './terminal';

/** `translate` and `fold`: what bodies become, without a store and without an org. */
export function addTranslateCommands(program: Command, { stdout }: Terminal): void {
  program
    .command('translate <source> <file>')
    .description(
      'print what a webhook body becomes; <source> is a kind or mapped:<file of a mapping>, <file> may be - for standard input',
    )
    .option('--json', 'print JSON')
    .action(async (source: string, file: string, options: { json?: true }) => {
      const kind = await kindOf(source);
      const translation = kind.translate(await readInput(file), { headers: {}, receivedAt: new Date() });
      if (options.json === true) stdout(`${JSON.stringify(translation)}\n`);
      else if (!('refused' in translation)) stdout(`${inWords(translation)}\n`);
      if ('refused' in translation) throw new RefusedError(refusedInWords(translation));
    });

  program
    .command('fold <source> <files...>')
    .description('print what several webhook bodies make of their bookings')
    .option('--json', 'print JSON')
    .action(async (source: string, files: string[], options: { json?: true }) => {
      const kind = await kindOf(source);
      const events: BookingEvent[] = [];
      const startedAt = Date.now();
      for (const [index, file] of files.entries()) {
        const arrival = { headers: {}, receivedAt: new Date(startedAt + index) }; // received in the order given
        const translation = kind.translate(await readInput(file), arrival);
        if ('refused' in translation) throw new RefusedError(`${file}: ${refusedInWords(translation)}`);
        if ('events' in translation) events.push(...translation.events);
      }
      const { own } = spreadOverSeats(events.map((event) => ({ event })));
      const bookings = joinLineages(
        own.map(({ event }) => event),
        new Map(),
      ).map((lineage) => ({
        keys: lineage.keys,
        ...foldBooking(lineage.events),
      }));
      stdout(options.json === true ? `${JSON.stringify({ bookings })}\n` : bookings.map(bookingInWords).join(''));
    });
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

function inWords(translation: Exclude<Translation, { refused: unknown }>): string {
  if ('ignored' in translation) return `Ignored: ${translation.ignored}`;
  return translation.events
    .map(({ kind, bookingKey, startsAt, customer, reason }) =>
      [`${kind} ${bookingKey}`, startsAt, customer?.email, reason].filter((text) => (text ?? '') !== '').join(', '),
    )
    .join('\n');
}

function refusedInWords({ refused }: Extract<Translation, { refused: unknown }>): string {
  return `The body cannot be understood. ${refused.map(({ field, error }) => `${field}: ${error}`).join('. ')}`;
}

function bookingInWords({ keys, status, startsAt, reason }: BookingState & { keys: string[] }): string {
  return `${[`${status} ${keys.join(' = ')}`, startsAt, reason].filter((text) => text !== null).join(', ')}\n`;
}
