import type { BookingCustomer, BookingHost, JsonValue } from '../booking/booking-event';
import { at, isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from './body';
import { plain } from './pass-through';
import { toEmail, toGuests, toTimeZone, toUrl } from './values';

/** Somebody who attends, as a Cal.com body names them. */
export interface Attendee {
  /** As sent, also where Cal.com made it up; it tells seats apart. */
  rawEmail: string | null;
  /** Null where Cal.com made it up from a phone number. */
  email: string | null;
  name: string | null;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  timeZone: string | null;
}

/** Everybody in `attendees` who can be told by a name or an e-mail: the booker first, then guests. */
export function attendeesOf(payload: JsonObject): Attendee[] {
  return (listAt(payload, 'attendees') ?? []).flatMap((sent) => {
    const rawEmail = textAt(sent, 'email');
    const [name, firstName, lastName] = [textAt(sent, 'name'), textAt(sent, 'firstName'), textAt(sent, 'lastName')];
    if (rawEmail === null && name === null && firstName === null && lastName === null) return [];
    const attendee: Attendee = {
      rawEmail,
      email: realEmail(rawEmail),
      name: name ?? joined(firstName, lastName),
      firstName,
      lastName,
      phone: textAt(sent, 'phoneNumber') ?? phoneIn(rawEmail),
      timeZone: toTimeZone(at(sent, 'timeZone')),
    };
    return [attendee];
  });
}

/** Who booked by phone number only has the e-mail `<digits>@sms.cal.com`, which reaches nobody. */
const PHONE_EMAIL = /^\+?(\d{5,20})@sms\.cal\.com$/i;

function realEmail(sent: string | null): string | null {
  return sent === null || /@sms\.cal\.com$/i.test(sent) ? null : toEmail(sent);
}

function phoneIn(email: string | null): string | null {
  const digits = PHONE_EMAIL.exec(email ?? '')?.[1];
  return digits === undefined ? null : `+${digits}`;
}

function joined(firstName: string | null, lastName: string | null): string | null {
  return [firstName, lastName].filter((part) => part !== null).join(' ') || null;
}

/**
 * The customer: what the attendee list says, filled up from the answers.
 * @param payload its answers are this customer's; `{}` when they are somebody else's.
 * @returns null when neither tells anything about a person.
 */
export function customerOf(attendee: Attendee | null, payload: JsonObject): BookingCustomer | null {
  const typedName = responseOf(payload, 'name'); // a text, or an object where the page asks for both names
  const firstName = attendee?.firstName ?? textAt(typedName, 'firstName');
  const lastName = attendee?.lastName ?? textAt(typedName, 'lastName');
  const typedEmail = textAt(responseOf(payload, 'email'));
  const company = responsesOf(payload).find(([slug]) => ['company', 'companyname'].includes(plain(slug)))?.[1];
  const customer: BookingCustomer = {
    id: null,
    email: attendee?.email ?? realEmail(typedEmail),
    name: attendee?.name ?? textAt(typedName) ?? joined(firstName, lastName),
    firstName,
    lastName,
    phone:
      attendee?.phone ??
      textAt(responseOf(payload, 'attendeePhoneNumber')) ??
      textAt(responseOf(payload, 'smsReminderNumber')) ??
      textAt(payload, 'smsReminderNumber') ??
      phoneIn(typedEmail),
    company: textAt(company),
    timeZone: attendee?.timeZone ?? null,
  };
  const { email, name, phone } = customer;
  return email === null && name === null && phone === null ? null : customer;
}

/** Everybody else who attends, in the list or as an answer; null when the body says nothing of guests. */
export function guestsOf(
  payload: JsonObject,
  customer: BookingCustomer | null,
  attendees: Attendee[],
): { email: string }[] | null {
  const invited = responseOf(payload, 'guests');
  if (attendees.length === 0 && !Array.isArray(invited)) return null;
  const typed = (Array.isArray(invited) ? invited : []).map((guest) => textAt(guest) ?? textAt(guest, 'email'));
  return toGuests(
    [...attendees.map(({ email }) => email), ...typed.map(realEmail)],
    [customer?.email ?? null, hostOf(payload)?.email ?? null],
  );
}

/** The organizer of a BOOKING_* body, or the user of a flat one. */
export function hostOf(payload: JsonObject): BookingHost | null {
  const organizer = objectAt(payload, 'organizer') ?? objectAt(payload, 'user');
  const id = textAt(organizer ?? {}, 'id') ?? textAt(payload, 'userId');
  const email = toEmail(at(organizer ?? {}, 'email')) ?? toEmail(payload['userPrimaryEmail']);
  const name = textAt(organizer ?? {}, 'name');
  return id === null && email === null ? null : { id, email, name };
}

/** Tells whether several customers share the booking, each with a seat of their own. */
export function isSeated(payload: JsonObject): boolean {
  return (numberAt(payload, 'seatsPerTimeSlot') ?? 0) > 0 || textAt(payload, 'attendeeSeatId') !== null;
}

/** All answers by slug; those of `userFieldsResponses` come again where `responses` lacks them. */
export function responsesOf(payload: JsonObject): [slug: string, value: JsonValue][] {
  return ['responses', 'userFieldsResponses'].flatMap((key) =>
    Object.entries(objectAt(payload, key) ?? {}).map(([slug, sent]): [string, JsonValue] => [slug, answerIn(sent)]),
  );
}

/** One answer by slug; null when it was not given. */
export function responseOf(payload: JsonObject, slug: string): JsonValue {
  return answerIn(at(payload, 'responses', slug));
}

/** An answer is `{label, value, isHidden}`, its value missing when nothing was typed, or the value itself in flat bodies. */
function answerIn(sent: JsonValue | undefined): JsonValue {
  if (isObject(sent) && (Object.hasOwn(sent, 'value') || Object.hasOwn(sent, 'label'))) return sent['value'] ?? null;
  return sent ?? null;
}

/** Where to meet, in words; null for Cal.com's own codes (`integrations:daily`) and for links, which are `joinUrlOf`. */
export function locationOf(payload: JsonObject): string | null {
  const place = placeOf(payload);
  return toUrl(place) === null ? place : null;
}

/** Kinds of places that Cal.com offers: which one it is was typed beside it. */
const PLACE_CODE = /^(inPerson|attendeeInPerson|link|phone|userPhone|conferencing|somewhereElse)$/i;

/** What the host or the visitor wrote: an address, a phone number, a link. */
function placeOf(payload: JsonObject): string | null {
  const location = textAt(payload, 'location');
  // The answer may be older than the place: of a video app it says nothing.
  if (/^integrations:/i.test(location ?? '')) return null;
  const isCode = location === null || PLACE_CODE.test(location);
  return isCode ? textAt(responseOf(payload, 'location'), 'optionValue') : location;
}

/** The link of the video call: it is in one of five places. */
export function joinUrlOf(payload: JsonObject): string | null {
  const entryPoint = listAt(payload, 'conferenceData', 'entryPoints')?.[0];
  const reference = listAt(payload, 'references')?.find((sent) => textAt(sent, 'meetingUrl') !== null);
  return (
    toUrl(at(payload, 'videoCallData', 'url')) ??
    toUrl(at(payload, 'metadata', 'videoCallUrl')) ??
    toUrl(placeOf(payload)) ??
    toUrl(at(entryPoint, 'uri')) ??
    toUrl(at(reference, 'meetingUrl'))
  );
}
