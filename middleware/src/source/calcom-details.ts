import type { BookingDetails, BookingEvent, BookingEventKind } from '../booking/booking-event';
import { type JsonObject, numberAt, objectAt, type Problems, textAt } from './body';
import { attendeesOf, hostOf, joinUrlOf, locationOf, responseOf, responsesOf } from './calcom-people';
import { isRecordIdName, partAnswers } from './pass-through';
import { addMinutes, isSameEmail, NO_DETAILS, toInstant, toPayment, toUrl } from './values';

/** Start and end as instants in UTC; they only go together. */
export interface Times {
  startsAt: string;
  endsAt: string;
}

/** What a Cal.com body says of the appointment, whoever asks: everything but people's own details. */
export function detailsOf(payload: JsonObject, uid: string, times: Times | null): BookingDetails {
  const pageId = textAt(payload, 'eventTypeId');
  const bookerUrl = toUrl(payload['bookerUrl']);
  return {
    ...NO_DETAILS,
    ...(times ?? {}),
    allDay: times === null ? null : false,
    subject: textAt(payload, 'title'),
    page: pageId === null ? null : { id: pageId, name: textAt(payload, 'eventTitle') },
    host: hostOf(payload),
    location: locationOf(payload),
    joinUrl: joinUrlOf(payload),
    manageUrl: bookerUrl === null ? null : `${bookerUrl.replace(/\/+$/, '')}/booking/${encodeURIComponent(uid)}`,
  };
}

/** Questions of the system that have a place of their own. */
const SYSTEM_QUESTIONS = new Set([
  'name',
  'email',
  'attendeePhoneNumber',
  'smsReminderNumber',
  'location',
  'guests',
  'rescheduleReason',
]);

/**
 * What belongs to the person who booked: answers, what the link carried, payment. A hidden question comes before the
 * metadata of the link, because only the question is in every body of the booking.
 */
export function ownOf(payload: JsonObject): Pick<BookingDetails, 'answers' | 'campaign' | 'recordId' | 'payment'> {
  const metadata = Object.entries(objectAt(payload, 'metadata') ?? {});
  const carried = metadata.filter(([name]) => isRecordIdName(name) || /^utm/i.test(name));
  const responses = responsesOf(payload).filter(([slug]) => !SYSTEM_QUESTIONS.has(slug));
  return { ...partAnswers([...responses, ...carried]), payment: paymentOf(payload) };
}

/** Why the change was made and by whom: each trigger keeps it elsewhere. */
export function reasonOf(kind: BookingEventKind, payload: JsonObject): Pick<BookingEvent, 'reason' | 'actor'> {
  switch (kind) {
    case 'canceled':
      if (textAt(payload, 'status') === 'REJECTED' || textAt(payload, 'rejectionReason') !== null) {
        return { reason: textAt(payload, 'rejectionReason'), actor: 'host' };
      }
      return {
        reason: textAt(payload, 'cancellationReason'),
        actor: payload['requestReschedule'] === true ? 'host' : actorOf(payload, textAt(payload, 'cancelledBy')),
      };
    case 'rescheduled':
      return {
        reason: textAt(responseOf(payload, 'rescheduleReason')),
        actor: actorOf(payload, textAt(payload, 'rescheduledBy')),
      };
    case 'reassigned':
      return { reason: assignmentReasonOf(payload), actor: 'host' };
    default:
      return { reason: null, actor: null };
  }
}

/** A text, an object or a list of objects, by version of the sender. */
function assignmentReasonOf(payload: JsonObject): string | null {
  const sent = payload['assignmentReason'];
  const last = Array.isArray(sent) ? sent.at(-1) : sent;
  return textAt(last) ?? textAt(last, 'reasonString');
}

/** Who did it, by the e-mail that the body names. */
function actorOf(payload: JsonObject, email: string | null): BookingEvent['actor'] {
  if (isSameEmail(email, textAt(payload, 'organizer', 'email'))) return 'host';
  return attendeesOf(payload).some(({ rawEmail }) => isSameEmail(email, rawEmail)) ? 'customer' : null;
}

/** How often the calendar entry was changed: 0, 1, 2, ... */
export function sequenceOf(payload: JsonObject): number | null {
  const sequence = numberAt(payload, 'iCalSequence');
  return sequence !== null && Number.isSafeInteger(sequence) && sequence >= 0 ? sequence : null;
}

function paymentOf(payload: JsonObject): BookingEvent['payment'] {
  const data = objectAt(payload, 'paymentData');
  if (data === null || data['success'] !== true) return null;
  return toPayment(
    numberAt(data, 'amount'),
    textAt(data, 'currency'),
    textAt(data, 'externalId') ?? textAt(data, 'id'),
  );
}

/**
 * Start and end, which only go together.
 * @returns null when they are missing and not required, or when a problem was noted.
 */
export function readTimes(row: JsonObject, path: string, isRequired: boolean, problems: Problems): Times | null {
  const startsAt = toInstant(row['startTime']);
  const length = numberAt(row, 'length');
  const endsAt = toInstant(row['endTime']) ?? (startsAt && length ? addMinutes(startsAt, length) : null);
  if (startsAt !== null && endsAt !== null && startsAt < endsAt) return { startsAt, endsAt };
  if (!isRequired) return null;
  problems.need(startsAt, `${path}startTime`, 'an ISO 8601 instant', row['startTime']);
  problems.need(endsAt, `${path}endTime`, 'an ISO 8601 instant', row['endTime']);
  if (startsAt !== null && endsAt !== null)
    problems.add(`${path}endTime`, 'expected an instant after startTime, got one at or before it');
  return null;
}
