import type { BookingEventKind } from '../booking/booking-event';
import { at, type JsonObject, listAt, objectAt, Problems, peekObject, readObject, textAt, typeName } from './body';
import { readTimes, reasonOf } from './calcom-details';
import { calcomSeatKey, eventsOf, type Told } from './calcom-events';
import { attendeesOf, customerOf, isSeated } from './calcom-people';
import { headerValue, hmacHex, sha256Hex, verifyHex } from './signature';
import { type DeliveryHeaders, SignatureMismatchError, type SourceKind, type Translation } from './source';
import { NO_DETAILS, toInstant, toKey } from './values';

/**
 * What Cal.com puts into `X-Cal-Signature-256`: lower-case hex of HMAC-SHA256 over the raw body, no prefix, no time.
 * @see https://cal.com/docs/developing/guides/automation/webhooks
 */
export function calcomSignature(secret: string, rawBody: Buffer | string): string {
  return hmacHex(secret, rawBody);
}

const CUSTOM_TEMPLATE_HINT =
  'If the webhook has a custom payload template in Cal.com, remove it: it replaces the body that is understood here.';

const KINDS: ReadonlyMap<string, BookingEventKind> = new Map([
  ['BOOKING_CREATED', 'scheduled'],
  ['BOOKING_PAID', 'scheduled'],
  ['BOOKING_RESCHEDULED', 'rescheduled'],
  ['BOOKING_CANCELLED', 'canceled'],
  ['BOOKING_REJECTED', 'canceled'],
  ['BOOKING_REASSIGNED', 'reassigned'],
  ['BOOKING_LOCATION_UPDATED', 'updated'],
]);

const CLOCK = 'is sent by the clock and says nothing about attendance before the meeting has ended';
const HINT = "is Cal Video's guess; BOOKING_NO_SHOW_UPDATED tells what the host decided";
const NO_BOOKING = 'is not about the state of a booking';

const IGNORED: ReadonlyMap<string, string> = new Map([
  ['PING', 'is the test of the webhook form'],
  ['BOOKING_PAYMENT_INITIATED', 'waits for the payment; BOOKING_PAID follows'],
  ['MEETING_STARTED', CLOCK],
  ['AFTER_GUESTS_CAL_VIDEO_NO_SHOW', HINT],
  ['AFTER_HOSTS_CAL_VIDEO_NO_SHOW', HINT],
  ['RECORDING_READY', NO_BOOKING],
  ['RECORDING_TRANSCRIPTION_GENERATED', NO_BOOKING],
  ['FORM_SUBMITTED', NO_BOOKING],
  ['FORM_SUBMITTED_NO_EVENT', NO_BOOKING],
  ['INSTANT_MEETING', 'asks hosts to join now; the booking has its own triggers'],
  ['OOO_CREATED', NO_BOOKING],
  ['WRONG_ASSIGNMENT_REPORT', NO_BOOKING],
]);

/** Cal.com: webhooks of version 2021-10-20 and newer, of the cloud and of self-hosted instances. */
export const calcom: SourceKind = { kind: 'calcom', verify, translate, deliveryKey };

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[]) {
  const signature = headerValue(headers, 'x-cal-signature-256');
  if (signature === null) {
    throw new SignatureMismatchError('missing', 'Expected the header X-Cal-Signature-256, got none.');
  }
  if (signature === 'no-secret-provided') {
    throw new SignatureMismatchError(
      'unsigned',
      'The webhook in Cal.com has no secret: enter the secret of this source there.',
    );
  }
  return verifyHex(signature, secrets, (secret) => calcomSignature(secret, rawBody));
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) {
    return { refused: read.refused.map(({ field, error }) => ({ field, error: `${error}. ${CUSTOM_TEMPLATE_HINT}` })) };
  }
  const body = read.object;
  const trigger = textAt(body, 'triggerEvent');
  if (trigger === null) {
    const error = `expected the name of a trigger, got none. ${CUSTOM_TEMPLATE_HINT}`;
    return { refused: [{ field: 'triggerEvent', error }] };
  }
  const why = IGNORED.get(trigger);
  if (why !== undefined) return { ignored: `${trigger} ${why}.` };
  if (trigger === 'MEETING_ENDED') return translateEnded(body);
  if (trigger === 'BOOKING_NO_SHOW_UPDATED') return translateNoShow(body);
  const kind = KINDS.get(trigger);
  if (kind !== undefined) return translateBooking(trigger, kind, body);
  if (trigger === 'BOOKING_REQUESTED') return translateRequest(trigger, body);
  const name = /^[A-Z_]{1,60}$/.test(trigger) ? trigger : 'This trigger';
  return { ignored: `${name} is not a trigger that changes a booking here.` };
}

/** BOOKING_* with a payload: the triggers that tell the whole booking. */
function translateBooking(trigger: string, kind: BookingEventKind, body: JsonObject): Translation {
  const payload = objectAt(body, 'payload');
  // A confirmed booking says ACCEPTED; a paid one may still wait for its host.
  if (kind !== 'canceled' && textAt(payload ?? {}, 'status') === 'PENDING') return translateRequest(trigger, body);
  const problems = new Problems();
  const occurredAt = problems.need(toInstant(body['createdAt']), 'createdAt', 'an ISO 8601 instant', body['createdAt']);
  if (payload === null) {
    problems.add('payload', `expected an object, got ${typeName(body['payload'])}. ${CUSTOM_TEMPLATE_HINT}`);
    return { refused: problems.errors };
  }
  const uid = problems.need(toKey(payload['uid']), 'payload.uid', 'the uid of the booking', payload['uid']);
  const times = readTimes(payload, 'payload.', kind === 'scheduled' || kind === 'rescheduled', problems);
  if (problems.errors.length > 0 || uid === null || occurredAt === null) return { refused: problems.errors };

  const replaced = toKey(payload['rescheduleUid']);
  const base: Told = {
    kind: kind === 'scheduled' && replaced !== null && replaced !== uid ? 'rescheduled' : kind,
    uid,
    replacedUid: replaced === uid ? null : replaced, // the owner of a shared booking moves it under its own uid
    occurredAt,
    times,
  };
  return eventsOf(base, payload, 'payload.');
}

/** A request waits for its host: nothing to write, unless it moved an accepted booking out of its time. */
function translateRequest(trigger: string, body: JsonObject): Translation {
  const pending = {
    ignored: `${trigger}: the booking waits for its host; BOOKING_CREATED follows when it is accepted.`,
  };
  const payload = objectAt(body, 'payload') ?? {};
  const [uid, replacedUid] = [toKey(payload['uid']), toKey(payload['rescheduleUid'])];
  const occurredAt = toInstant(body['createdAt']);
  if (uid === null || replacedUid === null || uid === replacedUid || occurredAt === null) return pending;
  // Cal.com cancels the old booking at once, tells nobody, and leaves the old uid out of the later BOOKING_CREATED.
  const keys = isSeated(payload)
    ? attendeesOf(payload).flatMap(({ rawEmail }) =>
        rawEmail === null ? [] : [[calcomSeatKey(replacedUid, rawEmail), calcomSeatKey(uid, rawEmail)] as const],
      )
    : [[replacedUid, uid] as const];
  if (keys.length === 0) return pending;
  const told = reasonOf('rescheduled', payload);
  return {
    events: keys.map(([bookingKey, replacedByKey]) => ({
      ...NO_DETAILS,
      kind: 'updated',
      bookingKey,
      replacesKey: null,
      replacedByKey,
      sequence: null,
      occurredAt,
      ...told,
    })),
  };
}

/** MEETING_ENDED: the booking's row without a payload, as it was when the job was made; `createdAt` is the booking's. */
function translateEnded(body: JsonObject): Translation {
  const payload = objectAt(body, 'payload');
  const [row, path] = payload === null ? [body, ''] : [payload, 'payload.'];
  const status = textAt(row, 'status');
  if (status !== null && status !== 'ACCEPTED') {
    return { ignored: 'MEETING_ENDED of a booking that was not held: it was canceled, rejected or never accepted.' };
  }
  if (row['rescheduled'] === true) return { ignored: 'MEETING_ENDED of a booking that was moved to another time.' };
  const problems = new Problems();
  const uid = problems.need(toKey(row['uid']), `${path}uid`, 'the uid of the booking', row['uid']);
  const times = readTimes(row, path, true, problems);
  if (problems.errors.length > 0 || uid === null || times === null) return { refused: problems.errors };
  const from = toKey(row['fromReschedule']);
  // Cal.com keeps no answers with a shared booking, and says nothing else of its seats here. Which of them moved from
  // the other booking is told of each seat: the whole, should it be heard of first, must not be joined with that one.
  const isShared = objectAt(row, 'responses') === null;
  const replacedUid = from === uid || isShared ? null : from;
  return eventsOf({ kind: 'completed', uid, replacedUid, occurredAt: times.endsAt, times }, row, path);
}

/** BOOKING_NO_SHOW_UPDATED: names those whose mark changed now, each perhaps a guest, by e-mail and nothing else. */
function translateNoShow(body: JsonObject): Translation {
  const payload = objectAt(body, 'payload') ?? {};
  const problems = new Problems();
  const occurredAt = problems.need(toInstant(body['createdAt']), 'createdAt', 'an ISO 8601 instant', body['createdAt']);
  const sentUid = payload['bookingUid'] ?? payload['uid'];
  const uid = problems.need(toKey(sentUid), 'payload.bookingUid', 'the uid of the booking', sentUid);
  const sentAttendees = listAt(payload, 'attendees');
  problems.need(sentAttendees, 'payload.attendees', 'the list of those whose mark changed', payload['attendees']);
  const marked = (sentAttendees ?? []).flatMap((sent, index) => {
    const email = problems.need(
      textAt(sent, 'email'),
      `payload.attendees[${index}].email`,
      'an e-mail',
      at(sent, 'email'),
    );
    const noShow = at(sent, 'noShow');
    if (typeof noShow !== 'boolean') {
      problems.need(null, `payload.attendees[${index}].noShow`, 'true or false', noShow);
      return [];
    }
    const attendee = attendeesOf({ attendees: [sent] })[0];
    return email === null || attendee === undefined ? [] : [{ attendee, noShow }];
  });
  if (problems.errors.length > 0 || uid === null || occurredAt === null) return { refused: problems.errors };
  if (marked.length === 0) return { ignored: 'BOOKING_NO_SHOW_UPDATED names no attendee: it is about the host.' };
  return {
    events: marked.map(({ attendee, noShow }) => ({
      ...NO_DETAILS,
      kind: noShow ? 'noShow' : 'noShowCleared',
      bookingKey: isSeated(payload) && attendee.rawEmail !== null ? calcomSeatKey(uid, attendee.rawEmail) : uid,
      replacesKey: null,
      replacedByKey: null,
      sequence: null,
      occurredAt,
      reason: null,
      actor: 'host',
      customer: customerOf(attendee, {}),
    })),
  };
}

/** Cal.com sends no delivery id: uid, trigger and time are one fact; of seats and no-shows also whom it names. */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer): string {
  const bytes = (): string => `sha256:${sha256Hex(rawBody)}`;
  const body = peekObject(rawBody);
  if (body === null) return bytes();
  const data = objectAt(body, 'payload') ?? body;
  const uid = toKey(data['uid']) ?? toKey(data['bookingUid']);
  const [trigger, createdAt] = [textAt(body, 'triggerEvent'), toInstant(body['createdAt'])];
  if (uid === null || createdAt === null || !/^[A-Z_]{1,60}$/.test(trigger ?? '')) return bytes();
  const isNamed = isSeated(data) || trigger === 'BOOKING_NO_SHOW_UPDATED';
  return [uid, trigger, createdAt, ...(isNamed ? [namesDigest(data)] : [])].join(':');
}

function namesDigest(data: JsonObject): string {
  const named = (listAt(data, 'attendees') ?? []).map((sent) => {
    const noShow = at(sent, 'noShow');
    return [textAt(sent, 'email'), typeof noShow === 'boolean' ? noShow : null];
  });
  return sha256Hex(JSON.stringify([textAt(data, 'attendeeSeatId'), named])).slice(0, 32);
}
