import type { BookingEventKind } from '../booking/booking-event';
import { acuityCompletion } from './acuity-appointment';
import { cleanText } from './body';
import { headerValue, hmacHex, sha256Hex, verifyHex } from './signature';
import { type Arrival, type DeliveryHeaders, type FieldError, SignatureMismatchError } from './source';
import type { SourceKind, Translation } from './source';
import { NO_DETAILS, toKey } from './values';

/** Actions of webhooks made in the settings; those made by API have `appointment.` before them. */
const KINDS: ReadonlyMap<string, BookingEventKind> = new Map([
  ['scheduled', 'scheduled'],
  ['rescheduled', 'rescheduled'],
  ['canceled', 'canceled'],
  ['changed', 'updated'],
]);

/** What Acuity puts into `X-Acuity-Signature`: base64 of HMAC-SHA256 over the raw body, by the account's API key. */
export function acuitySignature(apiKey: string, rawBody: Buffer | string): string {
  return Buffer.from(hmacHex(apiKey, rawBody), 'hex').toString('base64');
}

/**
 * Acuity Scheduling: its webhooks are forms that name an appointment and say no more; the rest is asked for at its API,
 * and until then nothing is known of the times. Acuity never tells that an appointment was held.
 * @see https://developers.acuityscheduling.com/docs/webhooks
 */
export const acuity: SourceKind = { kind: 'acuity', verify, translate, deliveryKey, complete: acuityCompletion };

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[]) {
  const header = headerValue(headers, 'x-acuity-signature');
  if (header === null) {
    throw new SignatureMismatchError('missing', 'Expected the header X-Acuity-Signature, got none.');
  }
  // Of SHA-256: 32 bytes, one way to write them.
  if (!/^[A-Za-z0-9+/]{43}=$/.test(header)) {
    throw new SignatureMismatchError('malformed', 'Expected X-Acuity-Signature as base64 of 32 bytes.');
  }
  const hex = Buffer.from(header, 'base64').toString('hex');
  return verifyHex(hex, secrets, (secret) => hmacHex(secret, rawBody));
}

/** An event happens when its webhook comes: the body has no time. */
function translate(rawBody: Buffer, arrival?: Arrival): Translation {
  const form = readForm(rawBody);
  if (form === null) return refused('body', 'expected a form (action=scheduled&id=...) in UTF-8, got something else');
  const action = (form.get('action') ?? '').trim();
  if (action === '') return refused('action', 'expected the action (scheduled, ...), got none');
  const kind = KINDS.get(action.replace(/^appointment\./, ''));
  if (kind === undefined) {
    const name = /^[a-z_.]{1,60}$/.test(action) ? action : 'This action';
    return { ignored: `${name} ${action.startsWith('order.') ? 'is of an order, not of a booking' : 'is not known'}.` };
  }
  const bookingKey = toKey(form.get('id') ?? undefined);
  if (bookingKey === null || !/^\d+$/.test(bookingKey)) {
    return refused('id', 'expected the id of the appointment as digits, got none or something else');
  }
  const [pageId, calendarId] = [idIn(form, 'appointmentTypeID'), idIn(form, 'calendarID')];
  return {
    events: [
      {
        ...NO_DETAILS,
        kind,
        bookingKey,
        replacesKey: null,
        replacedByKey: null,
        sequence: null,
        occurredAt: (arrival?.receivedAt ?? new Date(0)).toISOString(),
        reason: null,
        actor: null,
        page: pageId === null ? null : { id: pageId, name: null },
        host: calendarId === null ? null : { id: calendarId, email: null, name: null },
      },
    ],
  };
}

function refused(field: string, error: string): { refused: FieldError[] } {
  return { refused: [{ field, error }] };
}

function readForm(rawBody: Buffer): URLSearchParams | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
    return /^[^={[\s]+=/.test(text) ? new URLSearchParams(cleanText(text)) : null;
  } catch {
    return null;
  }
}

function idIn(form: URLSearchParams, name: string): string | null {
  const id = (form.get(name) ?? '').trim();
  return /^\d{1,20}$/.test(id) ? id : null;
}

/**
 * Moving an appointment twice sends the same bytes twice, so the time of receipt is part of the key: a body that was
 * repeated by mistake is one question more to the API, and a change that was taken for a repetition would be lost.
 */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer, receivedAt?: Date): string {
  const hash = `sha256:${sha256Hex(rawBody)}`;
  return receivedAt === undefined ? hash : `${receivedAt.toISOString()}:${hash}`;
}
