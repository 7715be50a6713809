import { readJson } from './body';
import { type SourceApi, type SourceApiAccess, SourceApiError } from '../booking/completion';

/** Answers are one record, or one list of an organization's users. */
const MAX_ANSWER_BYTES = 2_000_000;

/** Refusals that may be gone the next time: too slow, too early, too many. */
const PASSING = new Set([408, 425, 429]);

export interface SourceApiOptions {
  access: SourceApiAccess;
  credential: string;
  /** For all of a request, the answer's body included. */
  timeoutMs: number;
  /** In the place of the vendor's host, for tests: this machine only. */
  baseUrl?: string | undefined;
}

/**
 * Asks the API of a scheduling system. Redirects are not followed, since they would carry the credential away. Neither
 * the credential nor an answer is ever in a message.
 */
export function createSourceApi({
  access,
  credential,
  timeoutMs,
  baseUrl = access.baseUrl,
}: SourceApiOptions): SourceApi {
  const base = new URL(baseUrl);
  if (baseUrl !== access.baseUrl && !['127.0.0.1', '[::1]', 'localhost'].includes(base.hostname))
    throw new TypeError('Another address of an API has to be on this machine.');
  const headers = access.headersOf(credential);
  return {
    async get(path) {
      if (headers === null)
        throw new SourceApiError(`The credential of the API is not ${access.credentialName}.`, true);
      const url = new URL(path, base);
      if (url.origin !== base.origin) throw new SourceApiError('The API would be asked at another address.', true);
      const signal = AbortSignal.timeout(timeoutMs);
      const { status, body } = await exchange(url, { ...headers, accept: 'application/json' }, signal);
      if (status < 200 || status > 299) throw refusal(status);
      const read = readJson(body);
      if ('refused' in read) throw new SourceApiError('The API answered with something else than JSON.', false);
      return read.value;
    },
  };
}

async function exchange(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number; body: Buffer }> {
  try {
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) throw new SourceApiError('The answer of the API is too large.', true);
      chunks.push(chunk);
    }
    return { status: response.status, body: Buffer.concat(chunks) };
  } catch (error) {
    if (error instanceof SourceApiError) throw error;
    // The message of the HTTP layer may hold the address and whatever the other side said.
    throw new SourceApiError(
      signal.aborted ? 'The API gave no answer in time.' : 'The API could not be reached.',
      false,
    );
  }
}

function refusal(status: number): SourceApiError {
  const isFinal = status >= 400 && status < 500 && !PASSING.has(status);
  const said: Record<number, string> = {
    401: 'The API refused the credential (401).',
    403: 'The API refused access with this credential (403).',
    404: 'The API does not know it (404).',
    429: 'The API is asked too often (429).',
  };
  return new SourceApiError(said[status] ?? `The API answered with the status ${status}.`, isFinal);
}
