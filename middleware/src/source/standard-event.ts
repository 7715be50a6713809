import {
  BOOKING_EVENT_KINDS,
  type BookingCustomer,
  type BookingDetails,
  type BookingEvent,
  type BookingHost,
  type BookingPage,
  type JsonValue,
} from '../booking/booking-event';
import { at, type JsonObject, listAt, numberAt, objectAt, type Problems, textAt } from './body';
import { partAnswers, toRecordId } from './pass-through';
import {
  addMinutes,
  NO_DETAILS,
  toEmail,
  toGuests,
  toInstant,
  toKey,
  toPaymentInMajorUnits,
  toTimeZone,
  toUrl,
} from './values';

/**
 * Makes a booking event of an object with the fields of the standard format (docs/sources/standard.md), whoever filled
 * them: a sender of ours, or the expressions of a mapping. What an event cannot be without is noted when it is missing;
 * of the rest, what cannot be read is null.
 *
 * @param path put before field names in problems, e.g. `events[2].`.
 * @returns null when a problem was noted.
 */
export function readEvent(sent: JsonObject, path: string, problems: Problems): BookingEvent | null {
  const known = problems.errors.length;
  const sentKind = BOOKING_EVENT_KINDS.find((name) => name === sent['kind']) ?? null;
  const kind = problems.need(sentKind, `${path}kind`, `one of ${BOOKING_EVENT_KINDS.join(', ')}`, sent['kind']);
  const bookingKey = problems.need(
    keyAt(sent, 'bookingKey'),
    `${path}bookingKey`,
    'the id of the booking (visible ASCII without a colon, up to 150 characters)',
    sent['bookingKey'],
  );
  const occurredAt = problems.need(
    toInstant(sent['occurredAt']),
    `${path}occurredAt`,
    'an ISO 8601 instant with Z or an offset',
    sent['occurredAt'],
  );
  const times = readTimes(sent, path, kind === 'scheduled' || kind === 'rescheduled', problems);
  if (kind === null || bookingKey === null || occurredAt === null || problems.errors.length > known) return null;
  const actor = sent['actor'];
  const replacedByKey = otherKey(sent, 'replacedByKey', bookingKey);
  return {
    ...detailsOf(sent),
    ...(times ?? {}),
    // A cancel that names its successor is the old half of a move.
    kind: kind === 'canceled' && replacedByKey !== null ? 'updated' : kind,
    bookingKey,
    replacesKey: otherKey(sent, 'replacesKey', bookingKey),
    replacedByKey,
    sequence: sequenceOf(sent),
    occurredAt,
    reason: textAt(sent, 'reason'),
    actor: actor === 'customer' || actor === 'host' ? actor : null,
  };
}

function detailsOf(sent: JsonObject): BookingDetails {
  const customer = customerOf(sent);
  const guests = listAt(sent, 'guests');
  const answers = partAnswers(Object.entries(objectAt(sent, 'answers') ?? {}));
  const campaign = { ...answers.campaign, ...campaignOf(sent) };
  return {
    ...NO_DETAILS,
    timeZone: toTimeZone(sent['timeZone']) ?? customer?.timeZone ?? null,
    subject: textAt(sent, 'subject'),
    page: pageOf(sent),
    host: hostOf(sent),
    customer,
    guests:
      guests === null
        ? null
        : toGuests(
            guests.map((guest) => toEmail(guest) ?? toEmail(at(guest, 'email'))),
            [customer?.email ?? null],
          ),
    answers: answers.answers,
    campaign: Object.keys(campaign).length === 0 ? null : campaign,
    recordId: toRecordId(sent['recordId']) ?? answers.recordId,
    location: textAt(sent, 'location'),
    joinUrl: toUrl(sent['joinUrl']),
    manageUrl: toUrl(sent['manageUrl']),
    cancelUrl: toUrl(sent['cancelUrl']),
    payment: paymentOf(sent),
  };
}

function customerOf(sent: JsonObject): BookingCustomer | null {
  const [firstName, lastName] = [textAt(sent, 'customer', 'firstName'), textAt(sent, 'customer', 'lastName')];
  const joined = [firstName, lastName].filter((part) => part !== null).join(' ');
  const customer: BookingCustomer = {
    id: textAt(sent, 'customer', 'id'),
    email: toEmail(at(sent, 'customer', 'email')),
    name: textAt(sent, 'customer', 'name') ?? (joined || null),
    firstName,
    lastName,
    phone: textAt(sent, 'customer', 'phone'),
    company: textAt(sent, 'customer', 'company'),
    timeZone: toTimeZone(at(sent, 'customer', 'timeZone')),
  };
  const { timeZone: _, ...told } = customer;
  return Object.values(told).every((value) => value === null) ? null : customer;
}

function hostOf(sent: JsonObject): BookingHost | null {
  const host: BookingHost = {
    id: textAt(sent, 'host', 'id'),
    email: toEmail(at(sent, 'host', 'email')),
    name: textAt(sent, 'host', 'name'),
  };
  return Object.values(host).every((value) => value === null) ? null : host;
}

function pageOf(sent: JsonObject): BookingPage | null {
  const id = textAt(sent, 'page', 'id');
  return id === null ? null : { id, name: textAt(sent, 'page', 'name') };
}

/** Parameters under the names that they have in a link; numbers become text. */
function campaignOf(sent: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.keys(objectAt(sent, 'campaign') ?? {}).flatMap((sentName) => {
      const [name, value] = [sentName.trim().toLowerCase(), textAt(sent, 'campaign', sentName)];
      return name === '' || value === null ? [] : [[name, value]];
    }),
  );
}

function paymentOf(sent: JsonObject): BookingEvent['payment'] {
  return toPaymentInMajorUnits(
    numberAt(sent, 'payment', 'amount'),
    textAt(sent, 'payment', 'currency'),
    textAt(sent, 'payment', 'reference'),
  );
}

function sequenceOf(sent: JsonObject): number | null {
  const sequence = numberAt(sent, 'sequence');
  return sequence !== null && Number.isSafeInteger(sequence) && sequence >= 0 ? sequence + 0 : null;
}

/** A key that came as a text or as a number. */
function keyAt(sent: JsonObject, field: string): string | null {
  return toKey(textAt(sent, field) ?? undefined);
}

/** The key of another booking; one that points at the booking itself says nothing. */
function otherKey(sent: JsonObject, field: string, bookingKey: string): string | null {
  const key = keyAt(sent, field);
  return key === bookingKey ? null : key;
}

type Times = Pick<BookingDetails, 'startsAt' | 'endsAt' | 'allDay'>;

/** Start and end, which only go together: instants, or dates of which the last is inclusive. */
function readTimes(sent: JsonObject, path: string, isRequired: boolean, problems: Problems): Times | null {
  const allDay = sent['allDay'] === true;
  const read = allDay ? toDate : toInstant;
  const startsAt = read(sent['startsAt']);
  const endsAt = read(sent['endsAt']) ?? endFrom(startsAt, sent, allDay);
  const isForward = startsAt !== null && endsAt !== null && (startsAt < endsAt || (allDay && startsAt === endsAt));
  if (isForward) return { startsAt, endsAt, allDay };
  if (!isRequired) return null;
  const expected = allDay ? 'a date (2027-03-02), because it is all day' : 'an ISO 8601 instant with Z or an offset';
  problems.need(startsAt, `${path}startsAt`, expected, sent['startsAt']);
  if (isSent(sent['endsAt']) || !(allDay || isSent(sent['durationMinutes']))) {
    problems.need(endsAt, `${path}endsAt`, `${expected}, or durationMinutes`, sent['endsAt']);
  } else if (!allDay) {
    problems.need(endsAt, `${path}durationMinutes`, 'minutes above 0 and up to a year', sent['durationMinutes']);
  }
  if (startsAt !== null && endsAt !== null) problems.add(`${path}endsAt`, 'expected it after startsAt');
  return null;
}

function endFrom(startsAt: string | null, sent: JsonObject, allDay: boolean): string | null {
  if (isSent(sent['endsAt'])) return null; // wrong is not the same as missing
  if (allDay) return startsAt;
  const minutes = numberAt(sent, 'durationMinutes');
  // A length can be judged without a start, so that both faults show at once.
  return minutes === null ? null : addMinutes(startsAt ?? '2000-01-01T00:00:00.000Z', minutes);
}

function isSent(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A calendar date that exists; null for anything else. */
export function toDate(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const date = value.trim();
  return /^\d{4}-\d\d-\d\d$/.test(date) && toInstant(`${date}T00:00:00Z`) !== null ? date : null;
}
