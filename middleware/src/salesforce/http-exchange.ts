import type { Connection, HttpRequest, HttpRequestOptions, HttpResponse, StreamPromise } from '@jsforce/jsforce-node';
import { Transport } from '@jsforce/jsforce-node/lib/transport';
import { OWN_CODES } from './error-table';
import { OrgUnavailableError } from './errors';
import { isLoopback } from './org-url';

/** An answer as it came, whatever its status. */
export interface HttpAnswer {
  status: number;
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Keeps the answer before jsforce turns it into a body or an error: those have lost the status and the headers.
 * Handed to jsforce per request, through the `transport` option of its HTTP layer.
 */
class KeepingTransport extends Transport {
  answer: HttpAnswer | null = null;

  /** @param onBegin called when the headers of the answer are there. */
  constructor(private readonly onBegin: () => void) {
    super();
  }

  override httpRequest(request: HttpRequest, options?: HttpRequestOptions): StreamPromise<HttpResponse> {
    const sent = super.httpRequest(request, options);
    sent.stream().once('response', this.onBegin);
    sent.then(
      ({ statusCode, headers, body }) => (this.answer = { status: statusCode, headers, body }),
      () => undefined, // jsforce's own promise carries the failure
    );
    return sent;
  }
}

/** How long the rest of an answer may take once it has begun. Salesforce begins when it has all of it. */
const REST_TIMEOUT_MS = 20_000;

/** One request means one request: a repetition costs an API call and may write twice, so it is the loop's to decide. */
const ONCE: HttpRequestOptions = {
  // `maxRetries` alone is not enough: jsforce repeats GET and DELETE twice on status 420 whatever it says.
  retry: { maxRetries: 0, methods: [], statusCodes: [] },
  // A redirect would take the access token to another host.
  followRedirect: false,
};

/**
 * Sends one request through jsforce, exactly once, and gives back the answer, whatever its status.
 *
 * jsforce aborts the request itself while it waits for the answer to begin, but takes no AbortSignal and stops watching
 * once the headers are there: an answer that is cut off after them would never end. So clocks of our own run beside it
 * until the last byte. The socket of such an answer closes when the other side lets go of it.
 *
 * @param connection without refresh function and OAuth client, or jsforce would answer a 401 by itself, again and again.
 * @param timeoutMs until the answer begins; its rest may take 20 seconds, or as long as this when that is less.
 * @throws OrgUnavailableError when there was no whole answer: TIMEOUT when none began, CONNECTION_LOST when it was cut off
 *   or none could come. What was sent may have been done.
 */
export async function exchange(connection: Connection, request: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  let clock: NodeJS.Timeout | undefined;
  let giveUp: (error: OrgUnavailableError) => void = () => undefined;
  const timeUp = new Promise<never>((_, reject) => (giveUp = reject));
  const limit = (ms: number, error: () => OrgUnavailableError): void => {
    clearTimeout(clock);
    clock = setTimeout(() => giveUp(error()), ms);
  };
  const transport = new KeepingTransport(() =>
    limit(Math.min(REST_TIMEOUT_MS, timeoutMs), () => lost('answer cut off')),
  );
  const options = {
    ...ONCE,
    timeout: timeoutMs,
    transport,
    // jsforce takes the proxy from the environment and knows no exceptions; this machine is never behind it.
    ...(isLoopback(connection.instanceUrl) ? { httpProxy: undefined } : {}),
  };
  limit(timeoutMs, timedOut);
  try {
    await Promise.race([connection.request(request, options), timeUp]);
  } catch (error) {
    // A refusal is an answer too: jsforce has thrown it after the transport kept it.
    if (transport.answer === null) throw noAnswer(error);
  } finally {
    clearTimeout(clock);
  }
  return transport.answer ?? Promise.reject(lost('no answer'));
}

function noAnswer(error: unknown): OrgUnavailableError {
  if (error instanceof OrgUnavailableError) return error;
  const { name, code } = error instanceof Error ? (error as Error & { code?: unknown }) : { name: '', code: undefined };
  if (name === 'AbortError') return timedOut();
  // Only the system's word for it is kept (ECONNRESET): messages of the HTTP layer hold the whole address.
  return lost(typeof code === 'string' ? code : 'no answer');
}

function timedOut(): OrgUnavailableError {
  return new OrgUnavailableError({ code: OWN_CODES.timeout, message: 'No answer in time' });
}

function lost(word: string): OrgUnavailableError {
  return new OrgUnavailableError({ code: OWN_CODES.connectionLost, message: word, cause: new Error(word) });
}
