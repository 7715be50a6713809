import { INSTRUCTIONS } from './instructions-by-kind';

/** One step of connecting a scheduling system. */
export interface Instruction {
  /** What to do, and where. */
  text: string;
  /** What to type or tick there, to the letter: an address, a secret, names of triggers, a command. */
  values?: string[];
  /** What of it no public documentation says: to be found by looking. */
  undocumented?: string;
}

/** What the steps of one source name. */
export interface InstructionContext {
  /** The source's address. Its last part is the source's id. */
  webhookUrl: string;
  secret: string;
  /** Of mapped sources: the header of the token. Default `x-booking-token`. */
  tokenHeader?: string;
}

/** Systems that never tell that an appointment is over: only the clock can. */
const NEVER_COMPLETED = new Set(['timerex', 'jicoo', 'calendly', 'savvycal', 'acuity']);

/**
 * When bookings of a new source count as completed unless its admin says otherwise: minutes after their end, or null
 * where the system says so itself, or may.
 */
export function defaultCompleteAfterMinutes(kind: string): number | null {
  return NEVER_COMPLETED.has(kind) ? 0 : null;
}

/**
 * What to do in the scheduling system, and after it here, so that bookings arrive. Pure.
 * @param kind as in `kinds`, or `mapped`.
 * @returns the steps in their order; none for a kind that there is not.
 */
export function instructionsFor(kind: string, context: InstructionContext): Instruction[] {
  const steps = INSTRUCTIONS.get(kind);
  if (steps === undefined) return [];
  const id = context.webhookUrl.slice(context.webhookUrl.lastIndexOf('/') + 1);
  return [
    ...steps({ tokenHeader: 'x-booking-token', ...context, id }),
    {
      text: 'See that the address answers and takes the secret',
      values: [`booking-connector source test ${id}`],
    },
    {
      text: 'Make a booking, move it and cancel it. Each is a stored delivery in the list; what was refused is in the status, with what is wrong',
      values: ['booking-connector source list', 'booking-connector status'],
    },
  ];
}

/** The file in docs/connect that tells more about a kind. */
export function connectPageOf(kind: string): string {
  return `docs/connect/${kind.replace(/^mapped:/, '')}.md`;
}

/** The steps as a numbered list, for a terminal. */
export function instructionsInWords(instructions: Instruction[]): string {
  return instructions
    .map(({ text, values = [], undocumented }, index) => {
      const indent = ' '.repeat(String(index + 1).length + 2);
      const note = undocumented === undefined ? [] : [`${indent}Not documented: ${undocumented}.`];
      const lines = values.map((value) => `${indent}  ${value}`);
      return [`${index + 1}. ${text}${values.length > 0 ? ':' : '.'}`, ...lines, ...note].join('\n');
    })
    .join('\n');
}
