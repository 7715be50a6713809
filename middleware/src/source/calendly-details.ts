import type { BookingCustomer, BookingDetails, BookingHost, BookingPage, JsonValue } from '../booking/booking-event';
import { at, type JsonObject, listAt, numberAt, objectAt, textAt } from './body';
import { companyAmong, partAnswers, phoneAmong } from './pass-through';
import { NO_DETAILS, type Times, toEmail, toGuests, toKey, toPaymentInMajorUnits, toTimeZone, toUrl } from './values';

/** What a Calendly body says of an invitee and of the event that is shared with others, if any. */
export function detailsOf(payload: JsonObject, times: Times | null): BookingDetails {
  const event = objectAt(payload, 'scheduled_event') ?? {};
  const questions = questionsOf(payload);
  const tracking = Object.entries(objectAt(payload, 'tracking') ?? {});
  const customer = customerOf(payload, questions);
  const host = hostOf(event);
  return {
    ...NO_DETAILS,
    ...(times ?? {}),
    ...partAnswers([...tracking, ...questions]),
    allDay: times === null ? null : false,
    timeZone: toTimeZone(payload['timezone']),
    subject: textAt(event, 'name'),
    page: pageOf(event),
    host,
    customer,
    guests: guestsOf(event, [customer?.email ?? null, host?.email ?? null]),
    location: locationOf(event),
    joinUrl: toUrl(at(event, 'location', 'join_url')) ?? toUrl(placeOf(event)),
    manageUrl: toUrl(payload['reschedule_url']),
    cancelUrl: toUrl(payload['cancel_url']),
    payment: paymentOf(payload),
  };
}

/** Who canceled, when and why: told of the invitee and again of the event, by older senders of neither. */
export function cancellationOf(payload: JsonObject): JsonObject {
  return objectAt(payload, 'cancellation') ?? objectAt(payload, 'scheduled_event', 'cancellation') ?? {};
}

/** The customer: a phone number that was left to be called or texted on comes before one that was typed as an answer. */
function customerOf(payload: JsonObject, questions: [string, JsonValue | undefined][]): BookingCustomer | null {
  const [firstName, lastName] = [textAt(payload, 'first_name'), textAt(payload, 'last_name')];
  const event = objectAt(payload, 'scheduled_event') ?? {};
  const customer: BookingCustomer = {
    id: null, // an invitee is one booking, not one person
    email: toEmail(payload['email']),
    name: textAt(payload, 'name') ?? ([firstName, lastName].filter((part) => part !== null).join(' ') || null),
    firstName,
    lastName,
    phone:
      (isCallOut(event) ? placeOf(event) : null) ?? textAt(payload, 'text_reminder_number') ?? phoneAmong(questions),
    company: companyAmong(questions),
    timeZone: toTimeZone(payload['timezone']),
  };
  const { email, name, phone, company } = customer;
  return email === null && name === null && phone === null && company === null ? null : customer;
}

/** One text per answer, also where several could be chosen: Calendly puts each on a line of its own. */
function questionsOf(payload: JsonObject): [question: string, answer: JsonValue | undefined][] {
  return (listAt(payload, 'questions_and_answers') ?? []).flatMap((sent) => {
    const question = textAt(sent, 'question');
    return question === null ? [] : [[question, at(sent, 'answer')] as [string, JsonValue | undefined]];
  });
}

/** The first of those who hold the event, as Calendly lists them. */
function hostOf(event: JsonObject): BookingHost | null {
  for (const sent of listAt(event, 'event_memberships') ?? []) {
    const [id, email] = [uuidIn(at(sent, 'user')), toEmail(at(sent, 'user_email'))];
    if (id !== null || email !== null) return { id, email, name: textAt(sent, 'user_name') };
  }
  return null;
}

/** The event carries the name of its type. */
function pageOf(event: JsonObject): BookingPage | null {
  const id = uuidIn(event['event_type']);
  return id === null ? null : { id, name: textAt(event, 'name') };
}

/** The last part of a URI of the API. */
function uuidIn(uri: JsonValue | undefined): string | null {
  return typeof uri === 'string' && uri.length <= 500 ? toKey(uri.trim().split('/').at(-1)) : null;
}

function guestsOf(event: JsonObject, except: (string | null)[]): { email: string }[] | null {
  const guests = listAt(event, 'event_guests');
  if (guests === null) return null;
  return toGuests(
    guests.map((sent) => toEmail(at(sent, 'email'))),
    except,
  );
}

/** Where to meet, in words; null for the number on which the host calls, which is the customer's, and for links. */
function locationOf(event: JsonObject): string | null {
  const place = placeOf(event);
  return isCallOut(event) || toUrl(place) !== null ? null : place;
}

/** What the host or the invitee wrote: an address, a phone number, a link. Video calls have a `join_url` instead. */
function placeOf(event: JsonObject): string | null {
  return textAt(event, 'location', 'location') ?? textAt(event, 'location');
}

function isCallOut(event: JsonObject): boolean {
  return textAt(event, 'location', 'type') === 'outbound_call';
}

function paymentOf(payload: JsonObject): BookingDetails['payment'] {
  const payment = objectAt(payload, 'payment');
  if (payment === null || payment['successful'] !== true) return null;
  return toPaymentInMajorUnits(
    numberAt(payment, 'amount'),
    textAt(payment, 'currency'),
    textAt(payment, 'external_id'),
  );
}
