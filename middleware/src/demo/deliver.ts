import { calcomSignature } from '../source/calcom';
import type { CalcomBody } from './calcom-body';

/** What became of a request to the connector. */
export type Answer =
  /** `outcome` and `detail` are null where the answer names none. */
  { status: number; outcome: string | null; detail: string | null } | { failed: string };

/** One webhook as it is sent: the exact bytes, and the headers over them. */
export interface SignedRequest {
  rawBody: string;
  headers: Record<string, string>;
}

const TIMEOUT_MS = 10_000;

/** Writes and signs a body as Cal.com does. Pure. */
export function signRequest(body: CalcomBody, secret: string): SignedRequest {
  const rawBody = JSON.stringify(body);
  return {
    rawBody,
    headers: {
      'Content-Type': 'application/json',
      'X-Cal-Signature-256': calcomSignature(secret, rawBody),
      'x-cal-webhook-version': '2021-10-20',
    },
  };
}

/** Sends a webhook once. Whatever happens is an answer: nothing is thrown. */
export async function deliver(webhookUrl: string, { rawBody, headers }: SignedRequest): Promise<Answer> {
  try {
    const response = await fetch(webhookUrl, {
      method: 'POST',
      headers,
      body: rawBody,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, ...toldBy(await response.text()) };
  } catch (error) {
    return { failed: reasonOf(error) };
  }
}

/** Whether the connector has taken the delivery. */
export function isTaken(answer: Answer): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300;
}

/** What an answer says in words: `{"outcome": …}` of the connector, or `title` and `detail` of its problems. */
function toldBy(text: string): { outcome: string | null; detail: string | null } {
  try {
    const told = JSON.parse(text) as Record<string, unknown> | null;
    const word = (key: string): string | null =>
      typeof told?.[key] === 'string' ? String(told[key]).slice(0, 300) : null;
    return { outcome: word('outcome'), detail: word('detail') ?? word('title') };
  } catch {
    return { outcome: null, detail: null };
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `There was no answer within ${TIMEOUT_MS / 1000} seconds.`;
  const code = cause?.code;
  if (code === 'ECONNREFUSED') return 'Nobody answers at its address: is the connector running?';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Its host name cannot be found.';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'The connection broke before the answer came.';
  return `The request failed${code === undefined ? '' : ` (${code})`}.`;
}
