import type { BookingEvent, BookingEventKind, JsonValue } from '../booking/booking-event';
import { type JsonObject, objectAt, Problems, peekObject, readObject, textAt } from './body';
import { cancellationOf, detailsOf } from './calendly-details';
import { headerValue, sha256Hex, verifyTimed } from './signature';
import { type DeliveryHeaders, SignatureMismatchError, type SourceKind, type Translation } from './source';
import { timesOf, toInstant, toKey } from './values';

/** How far a signature's time may be from ours, both ways: as in the vendor's example. */
const WINDOW_SECONDS = 180;

const KINDS: ReadonlyMap<string, BookingEventKind> = new Map([
  ['invitee.created', 'scheduled'],
  ['invitee.canceled', 'canceled'],
  ['invitee_no_show.created', 'noShow'],
  ['invitee_no_show.deleted', 'noShowCleared'],
]);

const TIMES = { start: 'start_time', end: 'end_time' };

/**
 * Calendly: webhooks of API v2. Every invitee is a booking of its own, also of an event that several people share.
 * @see https://developer.calendly.com/api-docs/webhook-signatures
 */
export const calendly: SourceKind = { kind: 'calendly', verify, translate, deliveryKey };

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[], now: Date) {
  const header = headerValue(headers, 'calendly-webhook-signature');
  if (header === null) {
    throw new SignatureMismatchError(
      'missing',
      'Expected the header Calendly-Webhook-Signature, got none. A subscription that was made without signing_key is never signed: make a new one with the secret of this source and delete the old one.',
    );
  }
  return verifyTimed(header, rawBody, secrets, now, WINDOW_SECONDS);
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) return read;
  const body = read.object;
  const name = textAt(body, 'event');
  if (name === null) {
    return { refused: [{ field: 'event', error: 'expected the name of the event (invitee.created, ...), got none' }] };
  }
  const kind = KINDS.get(name);
  if (kind !== undefined) return translateInvitee(kind, body);
  const isForm = name.startsWith('routing_form_submission.');
  const why = isForm ? 'is a form, not a booking; invitee.created follows when it led to one' : 'is not known';
  return { ignored: `${/^[a-z_.]{1,60}$/.test(name) ? name : 'This event'} ${why}.` };
}

function translateInvitee(kind: BookingEventKind, body: JsonObject): Translation {
  const problems = new Problems();
  const payload = problems.need(objectAt(body, 'payload'), 'payload', 'the invitee as an object', body['payload']);
  const occurredAt = occurredAtOf(kind, body);
  problems.need(occurredAt, 'created_at', 'an ISO 8601 instant', body['created_at']);
  if (payload === null) return { refused: problems.errors };
  const bookingKey = problems.need(inviteeKeyOf(payload), 'payload.uri', 'the URI of an invitee', payload['uri']);
  const event = objectAt(payload, 'scheduled_event') ?? {};
  const times = timesOf(event, TIMES, 'payload.scheduled_event.', kind === 'scheduled', problems);
  if (problems.errors.length > 0 || bookingKey === null || occurredAt === null) return { refused: problems.errors };
  const details = detailsOf(payload, times);
  const told = { ...lineageOf(kind, payload, bookingKey), ...reasonOf(kind, payload) };
  return { events: [{ ...details, ...told, bookingKey, sequence: null, occurredAt }] };
}

/**
 * A reschedule makes a new invitee and cancels the old one, in two deliveries of either order. The old half is no
 * cancel, even when it does not name the new invitee: the new half names the old one.
 */
function lineageOf(
  kind: BookingEventKind,
  payload: JsonObject,
  bookingKey: string,
): Pick<BookingEvent, 'kind' | 'replacesKey' | 'replacedByKey'> {
  const other = (uri: JsonValue | undefined): string | null => {
    const key = keyIn(uri);
    return key === bookingKey ? null : key;
  };
  const replacesKey = other(payload['old_invitee']);
  if (kind === 'scheduled') {
    return { kind: replacesKey === null ? 'scheduled' : 'rescheduled', replacesKey, replacedByKey: null };
  }
  const replacedByKey = kind === 'canceled' ? other(payload['new_invitee']) : null;
  const isMoved = kind === 'canceled' && (payload['rescheduled'] === true || replacedByKey !== null);
  return { kind: isMoved ? 'updated' : kind, replacesKey, replacedByKey };
}

function reasonOf(kind: BookingEventKind, payload: JsonObject): Pick<BookingEvent, 'reason' | 'actor'> {
  if (kind === 'noShow' || kind === 'noShowCleared') return { reason: null, actor: 'host' };
  if (kind !== 'canceled') return { reason: null, actor: null };
  const by = textAt(cancellationOf(payload), 'canceler_type');
  return {
    reason: textAt(cancellationOf(payload), 'reason'),
    actor: by === 'host' ? 'host' : by === 'invitee' ? 'customer' : null,
  };
}

/** When it happened, which stays the same in a repeated delivery; else when the delivery was made. */
function occurredAtOf(kind: BookingEventKind, body: JsonObject): string | null {
  const payload = objectAt(body, 'payload') ?? {};
  const fact: Partial<Record<BookingEventKind, JsonValue | undefined>> = {
    scheduled: payload['created_at'],
    canceled: cancellationOf(payload)['created_at'],
    noShow: objectAt(payload, 'no_show')?.['created_at'] ?? (isMark(payload) ? payload['created_at'] : null),
    // The body of an undo has the time of the mark, or none.
  };
  return toInstant(fact[kind]) ?? toInstant(body['created_at']);
}

/** A no-show comes as the whole invitee, or as the mark alone: its own uri, and the invitee's. */
function isMark(payload: JsonObject): boolean {
  return textAt(payload, 'invitee') !== null;
}

function inviteeKeyOf(payload: JsonObject): string | null {
  return keyIn(isMark(payload) ? payload['invitee'] : payload['uri']);
}

/**
 * The native key: the invitee's own part of its URI, which is unique without the event's (links to cancel have
 * nothing else in them).
 */
function keyIn(uri: JsonValue | undefined): string | null {
  if (typeof uri !== 'string' || uri.length > 500) return null;
  return toKey(/\/scheduled_events\/[\w-]+\/invitees\/([\w-]{1,100})\/?$/.exec(uri.trim())?.[1]);
}

/** Calendly sends no delivery id: the invitee, the event and the time of the fact are one delivery. */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer): string {
  const body = peekObject(rawBody) ?? {};
  const name = textAt(body, 'event') ?? '';
  const kind = KINDS.get(name);
  const invitee = inviteeKeyOf(objectAt(body, 'payload') ?? {});
  const occurredAt = kind === undefined ? null : occurredAtOf(kind, body);
  if (invitee === null || occurredAt === null) return `sha256:${sha256Hex(rawBody)}`;
  return [invitee, name, occurredAt].join(':');
}
