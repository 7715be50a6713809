import type {
  BookingCustomer,
  BookingDetails,
  BookingEvent,
  BookingEventKind,
  JsonValue,
} from '../booking/booking-event';
import { at, type JsonObject, listAt, objectAt, Problems, peekObject, readObject, textAt } from './body';
import { companyAmong, partAnswers, phoneAmong } from './pass-through';
import { headerValue, hmacHex, sha256Hex, verifyHex } from './signature';
import { type DeliveryHeaders, SignatureMismatchError, type SourceKind, type Translation } from './source';
import { NO_DETAILS, type Times, timesOf, toEmail, toGuests, toInstant, toKey, toTimeZone, toUrl } from './values';

/**
 * What SavvyCal puts into `x-savvycal-signature`: `sha256=` and the hex, in capitals, of HMAC-SHA256 over the raw
 * body; no time.
 * @see https://developers.savvycal.com/webhooks
 */
export function savvycalSignature(secret: string, rawBody: Buffer | string): string {
  return `sha256=${hmacHex(secret, rawBody).toUpperCase()}`;
}

const KINDS: ReadonlyMap<string, BookingEventKind> = new Map([
  ['event.created', 'scheduled'],
  ['event.approved', 'scheduled'],
  ['event.checkout.completed', 'scheduled'],
  ['event.rescheduled', 'rescheduled'],
  ['event.changed', 'updated'],
  ['event.canceled', 'canceled'],
  ['event.declined', 'canceled'],
]);

const ONE_OF_A_GROUP = 'is of one person in a group session, and its body is not documented';
const NO_BOOKING = 'is not about the state of a booking';

const IGNORED: ReadonlyMap<string, string> = new Map([
  ['event.requested', 'waits for the organizer; event.approved or event.declined follows'],
  ['event.checkout.pending', 'waits for the payment; event.checkout.completed follows'],
  ['event.checkout.expired', 'is of a booking that was never paid, and so never made'],
  ['event.attendee.added', ONE_OF_A_GROUP],
  ['event.attendee.canceled', ONE_OF_A_GROUP],
  ['event.attendee.rescheduled', ONE_OF_A_GROUP],
  ['poll.response.created', NO_BOOKING],
  ['poll.response.updated', NO_BOOKING],
  ['workflow.action.triggered', NO_BOOKING],
]);

/** States in which a booking is asked for, and is none yet. */
const PENDING_STATES = ['awaiting_approval', 'awaiting_checkout', 'checkout_expired'];

const TIMES = { start: 'start_at', end: 'end_at', minutes: 'duration' };

/**
 * SavvyCal: webhooks of version 2020-11-18. An event keeps its id when it is moved. SavvyCal tells neither that it was
 * held nor that nobody came.
 */
export const savvycal: SourceKind = { kind: 'savvycal', verify, translate, deliveryKey };

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[]) {
  const header = headerValue(headers, 'x-savvycal-signature');
  if (header === null) {
    throw new SignatureMismatchError('missing', 'Expected the header x-savvycal-signature, got none.');
  }
  if (!/^sha256=/i.test(header)) {
    throw new SignatureMismatchError('malformed', 'Expected x-savvycal-signature as sha256=<hex digits>.');
  }
  return verifyHex(header.slice('sha256='.length), secrets, (secret) => hmacHex(secret, rawBody));
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) return read;
  const body = read.object;
  const type = textAt(body, 'type');
  if (type === null) {
    return { refused: [{ field: 'type', error: 'expected the type of the event (event.created, ...), got none' }] };
  }
  const kind = KINDS.get(type);
  if (kind !== undefined) return translateEvent(type, kind, body);
  const why = IGNORED.get(type) ?? 'is not known';
  return { ignored: `${/^[a-z_.]{1,60}$/.test(type) ? type : 'This type'} ${why}.` };
}

function translateEvent(type: string, kind: BookingEventKind, body: JsonObject): Translation {
  const problems = new Problems();
  const event = problems.need(objectAt(body, 'payload'), 'payload', 'the event as an object', body['payload']);
  const sentAt = body['occurred_at'];
  const occurredAt = problems.need(toInstant(sentAt), 'occurred_at', 'an ISO 8601 instant', sentAt);
  if (event === null) return { refused: problems.errors };
  const state = textAt(event, 'state');
  if (kind === 'scheduled' && state !== null && PENDING_STATES.includes(state)) {
    return { ignored: `${type} of a booking that is ${state}: it is made when that is done.` };
  }
  const bookingKey = problems.need(toKey(event['id']), 'payload.id', 'the id of the event (evt_...)', event['id']);
  const times = timesOf(event, TIMES, 'payload.', kind === 'scheduled' || kind === 'rescheduled', problems);
  if (problems.errors.length > 0 || bookingKey === null || occurredAt === null) return { refused: problems.errors };
  return {
    events: [
      {
        ...detailsOf(event, times),
        ...toldOf(type, kind, event),
        bookingKey,
        replacesKey: null,
        replacedByKey: null,
        sequence: null,
        occurredAt,
      },
    ],
  };
}

/** A move that had to be approved or paid again comes as such, and still names the time before it. */
function toldOf(
  type: string,
  kind: BookingEventKind,
  event: JsonObject,
): Pick<BookingEvent, 'kind' | 'reason' | 'actor'> {
  if (kind === 'canceled') {
    return { kind, reason: textAt(event, 'cancel_reason'), actor: type === 'event.declined' ? 'host' : null };
  }
  if (kind === 'updated') return { kind, reason: null, actor: null };
  const isMoved = kind === 'rescheduled' || toInstant(event['original_start_at']) !== null;
  return isMoved
    ? { kind: 'rescheduled', reason: textAt(event, 'reschedule_reason'), actor: null }
    : { kind, reason: null, actor: null };
}

/** The payment is left out: no documented body shows its currency. */
function detailsOf(event: JsonObject, times: Times | null): BookingDetails {
  const attendees = listAt(event, 'attendees') ?? [];
  const organizer = objectAt(event, 'organizer') ?? attendees.find((sent) => at(sent, 'is_organizer') === true);
  const scheduler = objectAt(event, 'scheduler') ?? attendees.find((sent) => at(sent, 'is_organizer') !== true);
  const fields = fieldsOf(scheduler);
  const [customer, hostEmail] = [customerOf(scheduler, fields), toEmail(at(organizer, 'email'))];
  const [place, pageId] = [textAt(event, 'location'), textAt(event, 'link', 'id')];
  return {
    ...NO_DETAILS,
    ...(times ?? {}),
    ...partAnswers([...fields, ...Object.entries(objectAt(event, 'metadata') ?? {})]),
    allDay: times === null ? null : false,
    timeZone: customer?.timeZone ?? null,
    subject: textAt(event, 'summary'),
    page: pageId === null ? null : { id: pageId, name: textAt(event, 'link', 'name') },
    // The ids of attendees are of this event only.
    host: hostEmail === null ? null : { id: null, email: hostEmail, name: textAt(organizer, 'display_name') },
    customer,
    guests: guestsOf(event, [customer?.email ?? null, hostEmail]),
    location: toUrl(place) === null ? place : null,
    joinUrl: toUrl(at(event, 'conferencing', 'join_url')) ?? toUrl(place),
    manageUrl: toUrl(event['url']),
  };
}

/** Everybody else who attends; of a group session they are customers themselves, and no guests of this one. */
function guestsOf(event: JsonObject, except: (string | null)[]): { email: string }[] | null {
  const attendees = listAt(event, 'attendees');
  if (attendees === null || event['is_group_session'] === true) return null;
  return toGuests(
    attendees.map((sent) => toEmail(at(sent, 'email'))),
    except,
  );
}

type Entry = [question: string, answer: JsonValue | undefined];

function fieldsOf(attendee: JsonValue | undefined): Entry[] {
  return (listAt(attendee, 'fields') ?? []).flatMap((sent): Entry[] => {
    const question = textAt(sent, 'label') ?? textAt(sent, 'id');
    return question === null ? [] : [[question, at(sent, 'value')]];
  });
}

function customerOf(scheduler: JsonValue | undefined, fields: Entry[]): BookingCustomer | null {
  const [firstName, lastName] = [textAt(scheduler, 'first_name'), textAt(scheduler, 'last_name')];
  const customer: BookingCustomer = {
    id: null,
    email: toEmail(at(scheduler, 'email')),
    name:
      textAt(scheduler, 'display_name') ?? ([firstName, lastName].filter((part) => part !== null).join(' ') || null),
    firstName,
    lastName,
    phone: textAt(scheduler, 'phone_number') ?? phoneAmong(fields),
    company: companyAmong(fields),
    timeZone: toTimeZone(at(scheduler, 'time_zone')),
  };
  const { email, name, phone, company } = customer;
  return email === null && name === null && phone === null && company === null ? null : customer;
}

/** The envelope's id, which stays the same when SavvyCal repeats a delivery. */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer): string {
  return toKey(peekObject(rawBody)?.['id']) ?? `sha256:${sha256Hex(rawBody)}`;
}
