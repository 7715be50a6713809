import { acuitySignature } from './acuity';
import { calcomSignature } from './calcom';
import { oncehubSignature } from './oncehub';
import { savvycalSignature } from './savvycal';
import { timedSignature } from './signature';
import { standardHeaders } from './standard';

/** What a test delivery is made of. */
export interface TestDeliveryOptions {
  secret: string;
  /** Of mapped sources: the header of the token. */
  tokenHeader?: string;
  /** Names this test: no two bodies are alike. Letters, digits and hyphens. */
  id: string;
  now: Date;
}

/** A delivery as the scheduling system would send it. */
export interface TestDelivery {
  headers: Record<string, string>;
  body: Buffer;
}

/** The type of a test, where the sender has none of its own: sources know no such type, and ignore it. */
const TEST_TYPE = 'booking_connector.test';

/**
 * A delivery that proves itself as the system would, and is about no booking: the system's own ping, else a type that
 * does not exist. The general sources have no such thing; they are sent a body that names no booking, which they refuse.
 * Pure. Whoever sends it checks first that its source makes no booking event of it.
 *
 * @throws TypeError for a secret that cannot be used; see `secretFault`.
 */
export function testDelivery(kind: string, { secret, tokenHeader, id, now }: TestDeliveryOptions): TestDelivery {
  const at = now.toISOString();
  const make = (content: object, headersOf: (body: Buffer) => Record<string, string>): TestDelivery => {
    const body = Buffer.from(JSON.stringify(content));
    return { headers: { 'content-type': 'application/json', ...headersOf(body) }, body };
  };
  switch (kind) {
    case 'calcom':
      return make({ triggerEvent: 'PING', createdAt: at, payload: { test: id } }, (body) => ({
        'x-cal-signature-256': calcomSignature(secret, body),
      }));
    case 'oncehub':
      return make(
        { id: `TEST-${id}`, object: 'event', creation_time: at, type: TEST_TYPE, api_version: 'v2', data: {} },
        (body) => ({ 'oncehub-signature': oncehubSignature(secret, body, now) }),
      );
    case 'calendly':
      return make({ event: TEST_TYPE, created_at: at, payload: { test: id } }, (body) => ({
        'calendly-webhook-signature': timedSignature(secret, body, now),
      }));
    case 'timerex':
      return make({ webhook_type: TEST_TYPE, test: id }, () => ({ 'x-timerex-authorization': secret }));
    case 'jicoo':
      return make({ event: TEST_TYPE, createdAt: at, object: { test: id } }, (body) => ({
        'jicoo-webhook-signature': timedSignature(secret, body, now),
      }));
    case 'savvycal':
      return make({ id: `payload_${id}`, type: TEST_TYPE, occurred_at: at, payload: {} }, (body) => ({
        'x-savvycal-signature': savvycalSignature(secret, body),
      }));
    case 'acuity': {
      const body = Buffer.from(`action=${TEST_TYPE}&id=${id}`);
      const type = 'application/x-www-form-urlencoded';
      return { headers: { 'content-type': type, 'x-acuity-signature': acuitySignature(secret, body) }, body };
    }
    case 'standard':
      return make({ bookingConnectorTest: id }, (body) => standardHeaders(secret, `test_${id}`, body, now));
    default:
      return make({ bookingConnectorTest: id }, () => ({ [tokenHeader ?? 'x-booking-token']: secret }));
  }
}

/**
 * What keeps a secret from ever being right: it would be accepted here, and every delivery refused. Pure.
 * @returns a sentence, or null when it can be used.
 */
export function secretFault(kind: string, secret: string): string | null {
  if (secret.trim() === '') return 'The secret is empty: anybody could sign with it.';
  if (secret !== secret.trim()) return 'The secret begins or ends with a space. Copy it again.';
  if (kind === 'standard') {
    try {
      standardHeaders(secret, 'test', '', new Date(0));
    } catch {
      return 'The secret of a "standard" source is base64, with or without whsec_ before it: "openssl rand -base64 32" makes one.';
    }
  }
  const isToken = kind === 'timerex' || kind === 'mapped' || kind.startsWith('mapped:');
  if (isToken && !/^[!-~]+$/.test(secret)) {
    return 'The secret of this kind is sent in a header: it can hold visible ASCII characters only.';
  }
  return null;
}
