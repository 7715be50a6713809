import pino, { type DestinationStream, type Logger } from 'pino';
import { SourceApiError } from './booking/completion';
import { NotTakenError } from './notice/channels';
import { SalesforceError } from './salesforce/errors';
import { SecretError } from './security/secret-box';
import { StoreError } from './store/errors';
import { isConnectionError } from './store/is-connection-error';
import { CallsSpentError } from './sync/call-meter';
import { OtherOrgError } from './sync/org.store';

/**
 * The log: JSON lines on standard error, standard output is for answers.
 * @param destination for tests.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino({ level, serializers: { err: errorFields } }, destination);
}

/**
 * Of an error only what names the fault is logged. Its message is left out, unless it is known to quote nobody: those
 * of the database, of the engine and of libraries quote the value they failed at. So do their other properties
 * (`detail`, the request with its headers).
 */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, errorCode } = error as { code?: unknown; errorCode?: unknown };
  const known = [errorCode, code].find((one) => typeof one === 'string');
  return { type: error.name, code: known, message: safeMessage(error), at: frames(error) };
}

/** What these say is worded here, without values; see their docstrings. */
const OURS = [StoreError, SecretError, SourceApiError, CallsSpentError, OtherOrgError, NotTakenError];

function safeMessage(error: Error): string | undefined {
  // Its message holds Salesforce's own words, out of which values can be taken by their look only.
  if (error instanceof SalesforceError) return error.reason;
  // Addresses of machines, no values: the connection was not there to send any.
  if (isConnectionError(error) || 'syscall' in error) return error.message;
  return OURS.some((one) => error instanceof one) ? error.message : undefined;
}

/** Where it was thrown: the stack without the message before it, which may have lines of any look. */
function frames({ stack = '', message }: Error): string[] {
  const endsAt = message === '' ? 0 : stack.indexOf(message) + message.length;
  return stack
    .slice(endsAt)
    .split('\n')
    .filter((line) => /^ {4}at .*(?::\d+:\d+\)?|\(<anonymous>\)|\(native\))$/.test(line))
    .map((line) => line.trim());
}
