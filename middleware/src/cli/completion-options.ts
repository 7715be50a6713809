import { InvalidArgumentError, Option } from 'commander';

/** What the two options below give. */
export interface CompletionOptions {
  completeAfter?: number;
  neverComplete?: true;
}

/** `--complete-after <minutes>`, told in the words of the command that has it. */
export function completeAfter(description: string): Option {
  return new Option('--complete-after <minutes>', description).argParser(parseMinutes);
}

/** `--never-complete`, which excludes the other. */
export function neverComplete(): Option {
  return new Option('--never-complete', 'count bookings as completed only when the system says so').conflicts(
    'completeAfter',
  );
}

/** @throws InvalidArgumentError, which the parser tells with the usage. */
function parseMinutes(value: string): number {
  const minutes = Number(value);
  if (!Number.isInteger(minutes) || minutes < 0)
    throw new InvalidArgumentError('It must be a whole number of minutes.');
  return minutes;
}
