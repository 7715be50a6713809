import { readErrors, type CompositeAnswer, type CompositeRequest } from './composite';
import { classifyError, OWN_CODES } from './error-table';
import { CallRefusedError, OrgUnavailableError } from './errors';
import type { HttpAnswer } from './http-exchange';
import { isJson, jsonList, parseJson, type Json } from './json';

/**
 * The body of a composite call, as JSON: every subrequest for itself (`allOrNone` false), in the order given.
 *
 * @param apiVersion as `67.0`.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/requests_composite.htm
 */
export function compositeBody(requests: readonly CompositeRequest[], apiVersion: string): string {
  return JSON.stringify({
    allOrNone: false,
    // Collated subrequests may run out of order, and rows refer to rows of earlier ones by external id alone.
    collateSubrequests: false,
    compositeRequest: requests.map(({ path, ...rest }) => ({ ...rest, url: `/services/data/v${apiVersion}${path}` })),
  });
}

/**
 * Reads the answer to a composite call: the answers of its subrequests by reference id, one for each that was sent.
 *
 * @throws OrgUnavailableError when there is no such answer, for a reason that lies in the org or on the way to it;
 *   CallRefusedError when it lies in the call.
 */
export function readComposite(answer: HttpAnswer, requests: readonly CompositeRequest[]): Map<string, CompositeAnswer> {
  const body = parseJson(answer.body);
  const { status } = answer;
  if (status !== 200) throw refusal(answer, body);
  const parts = isJson(body) ? jsonList(body.compositeResponse) : [];
  const answers = new Map(parts.map(readPart).map((part) => [part.referenceId, part]));
  if (requests.some(({ referenceId }) => !answers.has(referenceId))) {
    throw new OrgUnavailableError({ code: OWN_CODES.notJson, message: 'No answer to a composite call', status });
  }
  return answers;
}

function readPart(part: Json): CompositeAnswer {
  const headers = isJson(part.httpHeaders) ? part.httpHeaders : {};
  return {
    referenceId: typeof part.referenceId === 'string' ? part.referenceId : '',
    status: typeof part.httpStatusCode === 'number' ? part.httpStatusCode : 0,
    body: part.body ?? null,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
  };
}

/** The call was refused as a whole: by the org, for its state, or for what was in the call. */
function refusal(answer: HttpAnswer, body: unknown): OrgUnavailableError | CallRefusedError {
  const { status } = answer;
  const [{ code, message }] = readErrors(status, body);
  if (code === `ERROR_HTTP_${status}` && !MEANINGFUL_STATUSES.has(status)) {
    const retryAfterMs = retryAfter(answer.headers['retry-after']);
    return new OrgUnavailableError({ code: OWN_CODES.notJson, message: '', status, retryAfterMs });
  }
  // The path of the call is fixed, so "not found" can only mean the version in it.
  if (code === 'NOT_FOUND') return new OrgUnavailableError({ code: 'UNSUPPORTED_API_VERSION', message, status });
  const { class: errorClass } = classifyError({ code, message, status });
  if (['booking', 'lookAgain', 'tooMuch'].includes(errorClass)) return new CallRefusedError({ code, message, status });
  return new OrgUnavailableError({
    code,
    message,
    status,
    retryAfterMs: retryAfter(answer.headers['retry-after']),
    // A right that is missing for the call as a whole is missing for every row.
    ...(errorClass === 'scoped' ? { class: 'orgWide' as const } : {}),
  });
}

/** Statuses that say enough without a body: request too large in one way or another, rate, org gone, session ended. */
const MEANINGFUL_STATUSES: ReadonlySet<number> = new Set([401, 413, 414, 420, 429, 431]);

/** Salesforce is not known to send it, but what stands before it may. Seconds only. */
function retryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}

/**
 * Whether the session must be renewed. One that is refused for the API in general would be refused again after each
 * sign-in, so it does not count.
 */
export function sessionHasEnded(answer: HttpAnswer): boolean {
  if (answer.status !== 401) return false;
  const [{ code, message }] = readErrors(401, parseJson(answer.body));
  return classifyError({ code, message, status: 401 }).class === 'signIn';
}
