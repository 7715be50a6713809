import type {
  BookingCustomer,
  BookingDetails,
  BookingEvent,
  BookingEventKind,
  BookingHost,
  BookingPage,
  JsonValue,
} from '../booking/booking-event';
import { at, type JsonObject, listAt, objectAt, Problems, peekObject, readObject, textAt } from './body';
import { jicooCompletion } from './jicoo-completion';
import { companyAmong, partAnswers, phoneAmong } from './pass-through';
import { headerValue, sha256Hex, verifyTimed } from './signature';
import { type DeliveryHeaders, SignatureMismatchError, type SourceKind, type Translation } from './source';
import { NO_DETAILS, type Times, timesOf, toEmail, toInstant, toKey, toTimeZone } from './values';

/** How far a signature's time may be from ours, both ways. Jicoo leaves it to the receiver. */
const WINDOW_SECONDS = 300;

const KINDS: ReadonlyMap<string, BookingEventKind> = new Map([
  ['booked', 'scheduled'],
  ['rescheduled', 'rescheduled'],
  ['cancelled', 'canceled'],
  ['canceled', 'canceled'],
]);

const TIMES = { start: 'startedAt', end: 'endedAt' };

/**
 * Jicoo: webhooks of the Pro plan. The booking keeps its uid when it is moved; the host comes as an id without an
 * e-mail. Jicoo tells neither that an appointment was held nor that nobody came.
 * @see https://developer.jicoo.com (webhook payload, webhook signature)
 */
export const jicoo: SourceKind = { kind: 'jicoo', verify, translate, deliveryKey, complete: jicooCompletion };

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[], now: Date) {
  const header = headerValue(headers, 'jicoo-webhook-signature');
  if (header === null) {
    throw new SignatureMismatchError('missing', 'Expected the header Jicoo-Webhook-Signature, got none.');
  }
  return verifyTimed(header, rawBody, secrets, now, WINDOW_SECONDS);
}

/** What an event's name says: `guest_cancelled` is a cancel by the customer. */
function readName(name: string | null): { kind: BookingEventKind; actor: BookingEvent['actor'] } | null {
  const [, by, what = ''] = /^(guest|host)_([a-z]+)$/.exec(name ?? '') ?? [];
  const kind = KINDS.get(what);
  return kind === undefined ? null : { kind, actor: by === 'host' ? 'host' : 'customer' };
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) return read;
  const body = read.object;
  const name = textAt(body, 'event');
  if (name === null) {
    return { refused: [{ field: 'event', error: 'expected the name of the event (guest_booked, ...), got none' }] };
  }
  const told = readName(name);
  if (told === null) return { ignored: `${/^[a-z_.]{1,60}$/.test(name) ? name : 'This event'} is not known.` };
  const problems = new Problems();
  const booking = problems.need(objectAt(body, 'object'), 'object', 'the booking as an object', body['object']);
  const occurredAt = occurredAtOf(body);
  problems.need(occurredAt, 'createdAt', 'an ISO 8601 instant', body['createdAt']);
  if (booking === null) return { refused: problems.errors };
  const bookingKey = problems.need(toKey(booking['uid']), 'object.uid', 'the uid of the booking', booking['uid']);
  const times = timesOf(booking, TIMES, 'object.', told.kind !== 'canceled', problems);
  if (problems.errors.length > 0 || bookingKey === null || occurredAt === null) return { refused: problems.errors };
  const { kind, actor } = told;
  return {
    events: [
      {
        ...detailsOf(body, booking, times),
        kind,
        bookingKey,
        replacesKey: null,
        replacedByKey: null,
        sequence: null,
        occurredAt,
        reason: null, // no body is known to tell one
        actor: kind === 'scheduled' ? null : actor,
      },
    ],
  };
}

/** When the booking last changed, which is what the event is about; else when the event was made. */
function occurredAtOf(body: JsonObject): string | null {
  return toInstant(at(body, 'object', 'updatedAt')) ?? toInstant(body['createdAt']);
}

/** `contact` and `answers` belong to the booking; some senders were seen to put them beside it. */
function detailsOf(body: JsonObject, booking: JsonObject, times: Times | null): BookingDetails {
  const contact = objectAt(booking, 'contact') ?? objectAt(body, 'contact') ?? {};
  const answers = answersIn(listAt(booking, 'answers') ?? listAt(body, 'answers') ?? []);
  const tracking = Object.entries(objectAt(booking, 'tracking') ?? {});
  const timeZone = toTimeZone(booking['timeZone']);
  return {
    ...NO_DETAILS,
    ...(times ?? {}),
    ...partAnswers([...tracking, ...answers]),
    allDay: times === null ? null : false,
    timeZone,
    subject: textAt(booking, 'name'),
    page: pageOf(booking),
    host: hostOf(booking),
    customer: customerOf(contact, answers, timeZone),
  };
}

/** The booking carries the name of its event type, in newer bodies. */
function pageOf(booking: JsonObject): BookingPage | null {
  const id = textAt(booking, 'eventTypeUid') ?? textAt(booking, 'eventTypeId');
  return id === null ? null : { id, name: textAt(booking, 'name') };
}

/** Who organizes, else the first: an id only. The e-mail has to be asked for. */
function hostOf(booking: JsonObject): BookingHost | null {
  const hosts = (listAt(booking, 'hosts') ?? []).filter((sent) => textAt(sent, 'userId') !== null);
  const host = hosts.find((sent) => textAt(sent, 'role') === 'organizer') ?? hosts[0];
  return host === undefined ? null : { id: textAt(host, 'userId'), email: null, name: null };
}

/** The name is whole, except where the page asks for the family name apart and `name` lacks it. */
function customerOf(contact: JsonObject, answers: Entry[], timeZone: string | null): BookingCustomer | null {
  const [typed, lastName] = [textAt(contact, 'name'), textAt(contact, 'lastName')];
  const isWhole = lastName === null || (typed ?? '').toLowerCase().includes(lastName.toLowerCase());
  const customer: BookingCustomer = {
    id: null,
    email: toEmail(contact['email']),
    name: isWhole ? typed : [lastName, typed].filter((part) => part !== null).join(' '),
    firstName: textAt(contact, 'firstName') ?? (isWhole ? null : typed),
    lastName,
    phone: textAt(contact, 'phone') ?? phoneAmong(answers),
    company: companyAmong(answers),
    timeZone,
  };
  const { email, name, phone, company } = customer;
  return email === null && name === null && phone === null && company === null ? null : customer;
}

type Entry = [question: string, answer: JsonValue | undefined];

/** The content is a list, also of one answer; some bodies have a `value` instead. */
function answersIn(answers: JsonValue[]): Entry[] {
  return answers.flatMap((sent): Entry[] => {
    const question = textAt(sent, 'question');
    return question === null ? [] : [[question, at(sent, 'content') ?? at(sent, 'value')]];
  });
}

/** Jicoo sends no delivery id: the booking, the event and the time of the change are one delivery. */
function deliveryKey(_headers: DeliveryHeaders, rawBody: Buffer): string {
  const body = peekObject(rawBody) ?? {};
  const name = textAt(body, 'event');
  const [uid, occurredAt] = [toKey(at(body, 'object', 'uid')), occurredAtOf(body)];
  if (name === null || readName(name) === null || uid === null || occurredAt === null)
    return `sha256:${sha256Hex(rawBody)}`;
  return [uid, name, occurredAt].join(':');
}
