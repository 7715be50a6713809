import type {
  BookingCustomer,
  BookingDetails,
  BookingEvent,
  BookingHost,
  BookingPage,
  JsonValue,
} from '../booking/booking-event';
import {
  at,
  cleanText,
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  Problems,
  peekObject,
  readObject,
  textAt,
} from './body';
import { isRecordIdName, partAnswers } from './pass-through';
import { headerValue, sha256Hex, verifyToken } from './signature';
import { type DeliveryHeaders, SignatureMismatchError, type SourceKind, type Translation } from './source';
import { NO_DETAILS, type Times, timesOf, toEmail, toInstant, toKey, toTimeZone, toUrl } from './values';

/** The header of the token: which one is chosen in TimeRex's settings, the second is of older ones. */
const HEADERS = ['x-timerex-authorization', 'authorization'];

/**
 * When a booking was made whose body does not tell: before anything else that can happen to it. An event id is made
 * once and canceled once at most, so this keeps the two in order, however late they come.
 */
const BEFORE_ALL = '1970-01-01T00:00:00.000Z';

const TIMES = { start: 'start_datetime', end: 'end_datetime', minutes: 'duration' };

/**
 * TimeRex: webhooks of the Premium plan. It tells neither that an appointment was held nor that nobody came.
 * @see https://developers.timerex.net (Webhook, URL parameters)
 */
export const timerex: SourceKind = { kind: 'timerex', verify, translate, deliveryKey };

/** TimeRex signs nothing: it repeats a token. One header counts, so that a wrong token is never outvoted. */
function verify(headers: DeliveryHeaders, _rawBody: Buffer, secrets: readonly string[]) {
  const token = HEADERS.map((name) => headerValue(headers, name)).find((value) => value !== null);
  if (token === undefined) {
    throw new SignatureMismatchError(
      'missing',
      'Expected the token in the header x-timerex-authorization, got none: enter the secret of this source as the security token of the webhook in TimeRex.',
    );
  }
  return verifyToken(token, secrets);
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) return read;
  const body = read.object;
  const type = typeOf(body);
  if (type === null) {
    const error = 'expected the type of the webhook (event_confirmed, ...), got none';
    return { refused: [{ field: 'webhook_type', error }] };
  }
  if (type === 'event_confirmed' || type === 'event_cancelled') return translateEvent(type, body);
  return { ignored: `${/^[a-z_.]{1,60}$/.test(type) ? type : 'This type'} is not known.` };
}

/** The type decides, not the status of the event: receivers have seen several numbers for one. */
function typeOf(body: JsonObject): string | null {
  const type = textAt(body, 'webhook_type');
  return type === 'event_canceled' ? 'event_cancelled' : type;
}

function translateEvent(type: 'event_confirmed' | 'event_cancelled', body: JsonObject): Translation {
  const problems = new Problems();
  const event = problems.need(objectAt(body, 'event'), 'event', 'the event as an object', body['event']);
  if (event === null) return { refused: problems.errors };
  const bookingKey = problems.need(toKey(event['id']), 'event.id', 'the id of the event', event['id']);
  const isConfirmed = type === 'event_confirmed';
  const times = timesOf(event, TIMES, 'event.', isConfirmed, problems);
  const madeAt = toInstant(event['created_at']);
  const occurredAt = isConfirmed
    ? (madeAt ?? BEFORE_ALL)
    : (toInstant(event['canceled_at']) ?? madeAt ?? times?.startsAt ?? null);
  problems.need(occurredAt, 'event.canceled_at', 'an ISO 8601 instant', event['canceled_at']);
  if (problems.errors.length > 0 || bookingKey === null || occurredAt === null) return { refused: problems.errors };
  const links = lineageOf(event, bookingKey);
  const told: Pick<BookingEvent, 'kind' | 'reason'> = isConfirmed
    ? { kind: isNewHalf(event, links) ? 'rescheduled' : 'scheduled', reason: null }
    : { kind: links.replacedByKey === null ? 'canceled' : 'updated', reason: textAt(event, 'cancellation_reason') };
  const details = detailsOf(body, event, times);
  return { events: [{ ...details, ...links, ...told, bookingKey, sequence: null, occurredAt, actor: null }] };
}

type Links = Pick<BookingEvent, 'replacesKey' | 'replacedByKey'>;

/**
 * A reschedule makes a new event; either half may name the other. A canceled event that names its successor is the
 * old half and no cancel. One that only says `is_changed` is a cancel: the flag may stay set on a moved event that is
 * canceled later, and should it have been an old half, the new one revives the booking.
 */
function lineageOf(event: JsonObject, bookingKey: string): Links {
  const [replacesKey = null, replacedByKey = null] = ['old_event_id', 'new_event_id'].map((name) => {
    const key = toKey(event[name]);
    return key === bookingKey ? null : key;
  });
  return { replacesKey, replacedByKey };
}

/** A moved event that names neither id is the new half of a move that cannot be followed. */
function isNewHalf(event: JsonObject, { replacesKey, replacedByKey }: Links): boolean {
  return replacesKey !== null || (event['is_changed'] === true && replacedByKey === null);
}

/** Everything but the host's own link to cancel, which is nobody else's, and the password of the meeting. */
function detailsOf(body: JsonObject, event: JsonObject, times: Times | null): BookingDetails {
  const form = formOf(event);
  const timeZone = toTimeZone(event['guest_timezone']);
  const meetings = ['zoom_meeting', 'google_meet_meeting', 'microsoft_teams_meeting'];
  return {
    ...NO_DETAILS,
    ...(times ?? {}),
    ...partAnswers([...answersIn(form), ...parametersOf(body, event)]),
    allDay: times === null ? null : false,
    timeZone: timeZone ?? toTimeZone(event['calendar_timezone']),
    page: pageOf(body, event),
    host: hostOf(event),
    customer: customerOf(form, timeZone),
    joinUrl: meetings.map((name) => toUrl(at(event, name, 'join_url'))).find((url) => url !== null) ?? null,
    manageUrl: toUrl(event['guest_reschedule_url']),
    cancelUrl: toUrl(event['guest_cancel_url']),
  };
}

/** The documented path of the calendar; its id comes with newer events only. */
function pageOf(body: JsonObject, event: JsonObject): BookingPage | null {
  const id = textAt(body, 'calendar_url_path') ?? textAt(event, 'calendar_id');
  return id === null ? null : { id, name: textAt(body, 'calendar_name') };
}

/** The first of the hosts. Who owns the Zoom meeting may be an account that all hosts share. */
function hostOf(event: JsonObject): BookingHost | null {
  for (const sent of listAt(event, 'hosts') ?? []) {
    const email = toEmail(at(sent, 'email'));
    if (email !== null) return { id: null, email, name: textAt(sent, 'name') };
  }
  return null;
}

interface FormField {
  type: string;
  label: string | null;
  value: JsonValue | undefined;
}

function formOf(event: JsonObject): FormField[] {
  return (listAt(event, 'form') ?? []).map((sent) => ({
    type: textAt(sent, 'field_type') ?? '',
    label: textAt(sent, 'label'),
    value: at(sent, 'value'),
  }));
}

/** Fields of the form that have a place of their own. */
const SYSTEM_FIELDS = ['company_name', 'guest_name', 'guest_email', 'guest_phone'];

/** TimeRex asks for the whole name in one field, mostly the family name first: it is not taken apart. */
function customerOf(form: FormField[], timeZone: string | null): BookingCustomer | null {
  const [company = null, name = null, email = null, phone = null] = SYSTEM_FIELDS.map((type) => {
    const values = form.filter((field) => field.type === type).map(({ value }) => textAt([value].flat()[0]));
    return values.find((value) => value !== null) ?? null;
  });
  const person = { id: null, email: toEmail(email), name, phone, company };
  if (Object.values(person).every((value) => value === null)) return null;
  return { ...person, firstName: null, lastName: null, timeZone };
}

/** The comment by the name of its field, which is the same in every language; the admin's own questions by label. */
function answersIn(form: FormField[]): [name: string, value: JsonValue | undefined][] {
  return form
    .filter(({ type }) => !SYSTEM_FIELDS.includes(type))
    .map(({ type, label, value }) => [type === 'guest_comment' ? type : (label ?? type), value]);
}

/**
 * What the booking link carried. The links themselves are read for record id and campaign only: the rest of their
 * parameters fill in the form.
 */
function parametersOf(body: JsonObject, event: JsonObject): [name: string, value: JsonValue | undefined][] {
  const sent = (listAt(event, 'url_params') ?? []).flatMap((one) => (isObject(one) ? Object.entries(one) : []));
  const inLinks = [event['url'], body['calendar_url']].flatMap((link) => {
    const url = toUrl(link);
    return url === null ? [] : [...new URL(url).searchParams];
  });
  const carried = inLinks.filter(([name]) => isRecordIdName(name) || /^utm/i.test(name));
  return [...sent, ...carried.map(([name, value]) => [cleanText(name), cleanText(value)] as [string, string])];
}

/** TimeRex sends no delivery id: an event is confirmed once and canceled once. */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer): string {
  const body = peekObject(rawBody) ?? {};
  const [type, key] = [typeOf(body), toKey(at(body, 'event', 'id'))];
  if (key === null || !/^event_(confirmed|cancelled)$/.test(type ?? '')) return `sha256:${sha256Hex(rawBody)}`;
  return `${key}:${type}`;
}
