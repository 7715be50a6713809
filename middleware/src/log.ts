import pino, { type Logger } from 'pino';

/**
 * The log: JSON lines on standard error, standard output is for answers. Of an error only what names the fault is
 * logged: the other properties that libraries add (a database's `detail`, a request) quote values of people.
 */
export function createLog(level: string): Logger {
  return pino({ level, serializers: { err: errorFields } }, pino.destination(2));
}

function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { type: error.name, code, message: error.message, stack: error.stack };
}
