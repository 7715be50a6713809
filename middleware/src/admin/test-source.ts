import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { JsonValue } from '../booking/booking-event';
import type { SecretBox } from '../security/secret-box';
import type { ConfiguredSource } from '../settings/source.store';
import { findKind, OWN_MAPPING } from '../source/kinds';
import { readMapping } from '../source/mapping';
import { testDelivery } from '../source/samples';
import type { Store } from '../store/store';
import { markTest, readActivity, type SourceActivity } from './sources.store';

/** How long the address may take to answer: senders wait 15 seconds, and less. */
const TIMEOUT_MS = 10_000;
/** How far the clocks of two instances may be apart. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Kept with the test in place of what its source made of it. */
const WHY_IGNORED = 'Sent by "booking-connector source test": about no booking.';

/** What a test of a source came to. */
export interface SourceTest extends SourceActivity {
  id: string;
  webhookUrl: string;
  isPassed: boolean;
  /** What happened, and what to do if it failed. */
  said: string;
  proves: string[];
  doesNotProve: string[];
}

/** What came back from the address. */
export type TestAnswer =
  | {
      status: number;
      /** Of the connector's own problems. */ code: string | null;
      /** In this store. */ isHere: boolean;
    }
  /** Nothing did: the system's code of the fault, such as ECONNREFUSED. */
  | { unreachable: string };

/**
 * Sends a delivery that is about no booking to the source's own address, over HTTP, signed with its newest secret, and
 * looks whether it arrived in this store. It is kept as ignored, so no Event is ever written for it.
 */
export async function sendTest(
  { store, secrets, now }: { store: Store; secrets: SecretBox; now: () => Date },
  source: ConfiguredSource,
  webhookUrl: string,
): Promise<SourceTest> {
  const verdict = await tryAddress({ store, secrets, now }, source, webhookUrl);
  const none: SourceActivity = { lastDeliveryAt: null, last24Hours: { stored: 0, ignored: 0, refused: 0 } };
  const activity = (await readActivity(store, now())).get(source.id) ?? none;
  return { id: source.id, webhookUrl, ...verdict, ...activity };
}

type Verdict = Pick<SourceTest, 'isPassed' | 'said' | 'proves' | 'doesNotProve'>;

async function tryAddress(
  { store, secrets, now }: { store: Store; secrets: SecretBox; now: () => Date },
  source: ConfiguredSource,
  webhookUrl: string,
): Promise<Verdict> {
  const secret = secrets.open(source.secretsSealed[0] ?? '', `source:${source.id}`);
  const mapping = source.mapping as JsonValue;
  const kind = findKind(source.kind, mapping);
  const tokenHeader = source.kind === OWN_MAPPING ? readMapping(mapping).tokenHeader : undefined;
  const sentAt = now();
  const { headers, body } = testDelivery(source.kind, {
    secret,
    id: randomUUID(),
    now: sentAt,
    ...(tokenHeader === undefined ? {} : { tokenHeader }),
  });
  const told = kind?.translate(body, { headers, receivedAt: sentAt });
  if (told === undefined) return failed(`This version knows no kind of source called "${source.kind}".`);
  if ('events' in told) {
    return failed('The mapping of this source takes any body for a booking, so no test was sent. Give it a "when".');
  }
  const answer = await post(webhookUrl, headers, body);
  if ('unreachable' in answer) return judgeTest(webhookUrl, answer);
  const since = new Date(sentAt.getTime() - CLOCK_SKEW_MS);
  const isHere = await markTest(store, { sourceId: source.id, body, since, why: WHY_IGNORED });
  return judgeTest(webhookUrl, { ...answer, isHere });
}

/** Of the connector's answers only the code of a problem is read: whatever else answers there is not to be trusted. */
const problem = z.object({ code: z.string().max(100) });

async function post(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ status: number; code: string | null } | { unreachable: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      redirect: 'manual', // senders do not follow either
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const sent: unknown = await response.json().catch(() => null);
    return { status: response.status, code: problem.safeParse(sent).data?.code ?? null };
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
    if (name === 'TimeoutError') return { unreachable: `no answer within ${TIMEOUT_MS / 1000} seconds` };
    return { unreachable: typeof cause?.code === 'string' ? cause.code : 'the connection failed' };
  }
}

/** What an answer proves, in words for the admin. Pure. */
export function judgeTest(webhookUrl: string, answer: TestAnswer): Verdict {
  if ('unreachable' in answer) {
    return failed(
      `${webhookUrl} cannot be reached from this machine (${answer.unreachable}). Is the server running, does PUBLIC_URL name it, and does the proxy in front of it pass on /webhooks?`,
    );
  }
  const { status, code, isHere } = answer;
  if (status === 202 && isHere) {
    return {
      isPassed: true,
      said: 'The address answered, and took a test that was signed with the newest secret.',
      proves: [
        'the address leads to this connector, as seen from this machine',
        'what is signed with the newest secret is accepted',
        'what is accepted is kept: the test is stored, as ignored, and no booking was made of it',
      ],
      doesNotProve: [
        ...(addressFault(webhookUrl) ?? []),
        'that the scheduling system reaches the address: it asks from outside, through other names and firewalls',
        'that the same secret is entered there',
        'that its bodies are understood: make a test booking, and look at "booking-connector source list"',
      ],
    };
  }
  if (status === 202) {
    return failed(
      'The address took the test, but it did not arrive in this store: another connector, with the same secret, answers there. Compare PUBLIC_URL and the store settings of both.',
    );
  }
  if (status === 401) {
    return failed(
      'The address answers, and refuses the newest secret (401). If it was changed within the last seconds, try again. Else another connector answers there, or a proxy drops headers or changes bodies.',
    );
  }
  if (code === 'unknown-source') {
    return failed('A connector answers there that has no source of this id (404): PUBLIC_URL leads to another one.');
  }
  if (status >= 300 && status < 400) {
    return failed(
      `The address sends callers elsewhere (${status}), which senders do not follow. Set PUBLIC_URL to where it leads.`,
    );
  }
  const own = code === null ? 'Something other than the connector may have answered: look at the proxy.' : `(${code})`;
  return failed(`The address answered ${status}. ${own}`);
}

function failed(said: string): Verdict {
  return { isPassed: false, said, proves: [], doesNotProve: [] };
}

/**
 * What keeps a scheduling system from ever reaching an address, however well it answers here. Pure.
 * @returns null when nothing can be told from the address.
 */
export function addressFault(webhookUrl: string): string[] | null {
  const { protocol, hostname } = new URL(webhookUrl);
  const isLocal = /^(localhost|127\..*|0\.0\.0\.0|\[::1?\])$/.test(hostname);
  if (isLocal) return ['that anybody else reaches the address: it is of this machine. Set PUBLIC_URL'];
  return protocol === 'https:' ? null : ['that systems take the address: it is not https. Set PUBLIC_URL'];
}
