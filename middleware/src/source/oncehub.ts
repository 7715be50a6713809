import type {
  BookingCustomer,
  BookingDetails,
  BookingEvent,
  BookingEventKind,
  BookingHost,
  BookingPage,
  JsonValue,
} from '../booking/booking-event';
import { at, type JsonObject, listAt, numberAt, objectAt, Problems, peekObject, readObject, textAt } from './body';
import { oncehubCompletion } from './oncehub-completion';
import { partAnswers, plain } from './pass-through';
import { headerValue, hmacHex, sha256Hex, verifyHex } from './signature';
import { type DeliveryHeaders, SignatureMismatchError, type SourceKind, type Translation } from './source';
import {
  addMinutes,
  isSameEmail,
  NO_DETAILS,
  toEmail,
  toGuests,
  toInstant,
  toKey,
  toPayment,
  toTimeZone,
  toUrl,
} from './values';

/** How far a signature's time may be from ours, both ways. OnceHub leaves it to the receiver. */
const WINDOW_SECONDS = 300;

/**
 * What OnceHub puts into `Oncehub-Signature`: `t=<unix seconds>,s=<hex>`, HMAC-SHA256 over `<t>.<raw body>`.
 * @see https://developers.oncehub.com/docs/webhook-signatures
 */
export function oncehubSignature(secret: string, rawBody: Buffer | string, signedAt: Date): string {
  const seconds = String(Math.floor(signedAt.getTime() / 1000));
  return `t=${seconds},s=${hmacHex(secret, `${seconds}.`, rawBody)}`;
}

const KINDS: ReadonlyMap<string, BookingEventKind> = new Map([
  ['booking.scheduled', 'scheduled'],
  ['booking.rescheduled', 'rescheduled'],
  ['booking.canceled_then_rescheduled', 'rescheduled'],
  ['booking.canceled_reschedule_requested', 'canceled'],
  ['booking.canceled', 'canceled'],
  ['booking.completed', 'completed'],
  ['booking.no_show', 'noShow'],
  ['booking.reassigned', 'reassigned'],
]);

/** OnceHub: webhooks of API v2, of Booking Pages and of Booking Calendars. */
export const oncehub: SourceKind = { kind: 'oncehub', verify, translate, deliveryKey, complete: oncehubCompletion };

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[], now: Date) {
  const header = headerValue(headers, 'oncehub-signature');
  if (header === null) {
    throw new SignatureMismatchError(
      'missing',
      'Expected the header Oncehub-Signature, got none. Webhooks made with API v1 are not signed: make one with API v2.',
    );
  }
  const parts = header.split(',').map((part) => part.trim().split(/\s*=\s*/));
  const [times, signatures] = ['t', 's'].map((name) => parts.filter(([key]) => key === name).map(([, value]) => value));
  const [time, signature] = [times?.[0] ?? '', signatures?.[0] ?? ''];
  if (times?.length !== 1 || signatures?.length !== 1 || !/^\d{1,12}$/.test(time) || signature === '') {
    throw new SignatureMismatchError('malformed', 'Expected Oncehub-Signature as t=<unix seconds>,s=<hex digits>.');
  }
  const verification = verifyHex(signature, secrets, (secret) => hmacHex(secret, `${time}.`, rawBody));
  if (!(Math.abs(now.getTime() / 1000 - Number(time)) <= WINDOW_SECONDS)) {
    throw new SignatureMismatchError(
      'stale',
      `The signature holds, but was made more than ${WINDOW_SECONDS} seconds before or after our clock. Check the clock of this machine.`,
    );
  }
  return verification;
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) return read;
  const envelope = read.object;
  if (textAt(envelope, 'api_version') === 'v1') {
    const error =
      'expected v2, got v1: v1 webhooks are unsigned and name no booking id. Make a webhook with API v2 and delete this one.';
    return { refused: [{ field: 'api_version', error }] };
  }
  const type = textAt(envelope, 'type');
  if (type === null) {
    return { refused: [{ field: 'type', error: 'expected the type of the event (booking.scheduled, ...), got none' }] };
  }
  const kind = KINDS.get(type);
  if (kind !== undefined) return translateBooking(kind, type, envelope);
  const name = /^[a-z_.]{1,60}$/.test(type) ? type : 'This type';
  return {
    ignored: `${name} ${type.startsWith('conversation.') ? 'is of a chat, not of a booking' : 'is not known'}.`,
  };
}

function translateBooking(kind: BookingEventKind, type: string, envelope: JsonObject): Translation {
  const problems = new Problems();
  const data = objectAt(envelope, 'data');
  const occurredAt = toInstant(envelope['creation_time']) ?? toInstant(at(data ?? {}, 'last_updated_time'));
  problems.need(occurredAt, 'creation_time', 'an ISO 8601 instant', envelope['creation_time']);
  if (data === null) {
    problems.need(data, 'data', 'the booking as an object', envelope['data']);
    return { refused: problems.errors };
  }
  const bookingKey = problems.need(
    toKey(data['id']),
    'data.id',
    'the id of the booking (BKNG-..., in webhooks of API v2 only)',
    data['id'],
  );
  const times = readTimes(data, kind === 'scheduled' || kind === 'rescheduled', problems);
  if (problems.errors.length > 0 || bookingKey === null || occurredAt === null) return { refused: problems.errors };
  return {
    events: [
      {
        ...detailsOf(data, times),
        ...lineageOf(data, type, bookingKey),
        kind,
        bookingKey,
        sequence: null,
        occurredAt,
        ...reasonOf(kind, data),
      },
    ],
  };
}

/**
 * `rescheduled_booking_id` names the booking that this one continues. The vendor's own sample points it at itself.
 * What `canceled_then_rescheduled` describes is documented only as the new booking; should it be the old one, which
 * is then canceled, the other id is the one that continues it: the old half of a move is not a cancel.
 */
function lineageOf(data: JsonObject, type: string, id: string): Pick<BookingEvent, 'replacesKey' | 'replacedByKey'> {
  const named = toKey(data['rescheduled_booking_id']);
  const other = named === id ? null : named;
  const isOldHalf = type === 'booking.canceled_then_rescheduled' && textAt(data, 'status') === 'canceled';
  return isOldHalf ? { replacesKey: null, replacedByKey: other } : { replacesKey: other, replacedByKey: null };
}

function detailsOf(data: JsonObject, times: Times | null): BookingDetails {
  const form = objectAt(data, 'form_submission');
  const timeZone = toTimeZone(data['customer_timezone']);
  const customer = form === null ? null : customerOf(form, timeZone);
  const guests = (listAt(form ?? {}, 'guests') ?? []).map((sent) => toEmail(sent) ?? toEmail(at(sent, 'email')));
  const payment = objectAt(data, 'payment_information') ?? {};
  return {
    ...NO_DETAILS,
    ...(times ?? {}),
    ...answersOf(form, data),
    allDay: times === null ? null : false,
    timeZone,
    subject: textAt(data, 'subject'),
    page: pageOf(data),
    host: hostOf(data, [customer?.email ?? null, ...guests]),
    customer,
    guests: form === null ? null : toGuests(guests, [customer?.email ?? null]),
    location: textAt(data, 'location_description'),
    joinUrl: toUrl(at(data, 'virtual_conferencing', 'join_url')),
    manageUrl: toUrl(data['cancel_reschedule_url']) ?? toUrl(data['reschedule_url']),
    cancelUrl: toUrl(data['cancel_url']),
    payment: toPayment(
      numberAt(payment, 'amount_charged'),
      textAt(payment, 'currency'),
      textAt(payment, 'transaction_id'),
    ),
  };
}

/** A form has one name field; some pages ask for the first name in it and for the last name in a custom field. */
function customerOf(form: JsonObject, timeZone: string | null): BookingCustomer | null {
  const fields = customFieldsOf(form);
  const named = (...names: string[]): string | null =>
    textAt(fields.find(([name, value]) => names.includes(plain(name)) && textAt(value) !== null)?.[1]);
  const [typedName, typedFirstName, lastName] = [
    textAt(form, 'name'),
    named('firstname'),
    named('lastname', 'surname', 'familyname'),
  ];
  const isWhole = lastName === null || (typedName ?? '').toLowerCase().includes(lastName.toLowerCase());
  const firstName = typedFirstName ?? (isWhole ? null : typedName);
  const customer: BookingCustomer = {
    id: null, // the contact is told by the REST API only
    email: toEmail(form['email']),
    name:
      isWhole && typedName !== null
        ? typedName
        : [firstName, lastName].filter((part) => part !== null).join(' ') || null,
    firstName,
    lastName,
    phone: textAt(form, 'phone') ?? textAt(form, 'mobile_phone'),
    company: textAt(form, 'company'),
    timeZone,
  };
  const { email, name, phone, company } = customer;
  return email === null && name === null && phone === null && company === null ? null : customer;
}

/**
 * The owner: an id by the current schema, an object in older bodies. Without an e-mail there, the calendar that the
 * appointment is in tells it, as long as it is an attendee and nobody else.
 * @param others e-mails of the customer and the guests.
 */
function hostOf(data: JsonObject, others: (string | null)[]): BookingHost | null {
  const owner = objectAt(data, 'owner');
  const id = textAt(owner ?? data, owner === null ? 'owner' : 'id');
  const name = [textAt(owner ?? {}, 'first_name'), textAt(owner ?? {}, 'last_name')].filter((part) => part !== null);
  const attendees = (listAt(data, 'attendees') ?? []).map(toEmail);
  const isHost = (email: string | null): boolean =>
    attendees.some((other) => isSameEmail(other, email)) && !others.some((other) => isSameEmail(other, email));
  const calendars = ['id', 'name'].map((key) => toEmail(at(data, 'external_calendar', key)));
  const email = toEmail(at(owner ?? {}, 'email')) ?? calendars.find(isHost) ?? null;
  return id === null && email === null ? null : { id, email, name: name.join(' ') || textAt(owner ?? {}, 'name') };
}

/** What was booked, the most telling first: a calendar, else the event type, else the page it was booked on. */
function pageOf(data: JsonObject): BookingPage | null {
  for (const key of ['booking_calendar', 'event_type', 'booking_page', 'master_page']) {
    const sent = objectAt(data, key);
    const id = textAt(sent ?? data, sent === null ? key : 'id');
    if (id !== null) return { id, name: textAt(sent ?? {}, 'name') };
  }
  return null;
}

/** Answers of the form before the booking's own library fields; a second phone number is kept among them. */
function answersOf(form: JsonObject | null, data: JsonObject) {
  const hasBoth = textAt(form ?? {}, 'phone') !== null;
  return partAnswers([
    ['note', at(form ?? {}, 'note')],
    ...customFieldsOf(form ?? {}),
    ...customFieldsOf(data),
    ...(hasBoth ? [['mobile_phone', at(form ?? {}, 'mobile_phone')] as [string, JsonValue | undefined]] : []),
  ]);
}

function customFieldsOf(holder: JsonObject): [name: string, value: JsonValue | undefined][] {
  return (listAt(holder, 'custom_fields') ?? []).flatMap((sent) => {
    const name = textAt(sent, 'name');
    return name === null ? [] : [[name, at(sent, 'value')] as [string, JsonValue | undefined]];
  });
}

/** The information stays on the booking after the change that it explains. */
function reasonOf(kind: BookingEventKind, data: JsonObject): Pick<BookingEvent, 'reason' | 'actor'> {
  if (kind !== 'canceled' && kind !== 'rescheduled') return { reason: null, actor: null };
  const information = objectAt(data, 'cancel_reschedule_information') ?? {};
  const by = textAt(information, 'actioned_by');
  return {
    reason: textAt(information, 'reason'),
    actor: by === 'user' ? 'host' : by === 'customer' ? 'customer' : null,
  };
}

interface Times {
  startsAt: string;
  endsAt: string;
}

/** The body tells the start and the length; it has no end. */
function readTimes(data: JsonObject, isRequired: boolean, problems: Problems): Times | null {
  const startsAt = toInstant(data['starting_time']);
  const minutes = numberAt(data, 'duration_minutes');
  const endsAt = minutes === null ? null : addMinutes(startsAt ?? '2000-01-01T00:00:00.000Z', minutes);
  if (startsAt !== null && endsAt !== null) return { startsAt, endsAt };
  if (!isRequired) return null;
  problems.need(startsAt, 'data.starting_time', 'an ISO 8601 instant', data['starting_time']);
  problems.need(endsAt, 'data.duration_minutes', 'minutes above 0 and up to a year', data['duration_minutes']);
  return null;
}

/** The envelope's id, which stays the same when OnceHub repeats a delivery. */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer): string {
  return toKey(peekObject(rawBody)?.['id']) ?? `sha256:${sha256Hex(rawBody)}`;
}
