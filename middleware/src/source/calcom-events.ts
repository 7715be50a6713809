import type { BookingEvent, BookingEventKind } from '../booking/booking-event';
import { isObject, type JsonObject, textAt } from './body';
import { detailsOf, ownOf, reasonOf, sequenceOf, type Times } from './calcom-details';
import { attendeesOf, customerOf, guestsOf, isSeated, responseOf } from './calcom-people';
import { sha256Hex } from './signature';
import type { Translation } from './source';
import { isSameEmail, NO_DETAILS, toKey } from './values';

/**
 * The seat of one attendee within a booking that several people share: `<booking uid>:<seat>`. Made from the e-mail,
 * because that is all that every body tells of a seat (a reference comes with new seats only), and Cal.com lets an
 * e-mail take one seat per booking. A digest, so that keys in logs and in Salesforce name nobody.
 */
export function calcomSeatKey(uid: string, email: string): string {
  return `${uid}:${sha256Hex(email.trim().toLowerCase()).slice(0, 16)}`;
}

/** What a trigger says of a booking, before its details are read. */
export interface Told {
  kind: BookingEventKind;
  uid: string;
  replacedUid: string | null;
  occurredAt: string;
  times: Times | null;
}

/** One event of the booking, or one for each attendee where the booking is shared by seats. */
export function eventsOf(told: Told, payload: JsonObject, path: string): Translation {
  const attendees = attendeesOf(payload);
  const bookerEmail = textAt(responseOf(payload, 'email'));
  const shared = {
    ...detailsOf(payload, told.uid, told.times),
    ...reasonOf(told.kind, payload),
    kind: told.kind,
    sequence: sequenceOf(payload),
    occurredAt: told.occurredAt,
    replacedByKey: null,
  };
  if (!isSeated(payload)) {
    const booker = attendees.find(({ rawEmail }) => isSameEmail(rawEmail, bookerEmail)) ?? attendees[0] ?? null;
    const customer = customerOf(booker, payload);
    const keys = { bookingKey: told.uid, replacesKey: told.replacedUid };
    const guests = guestsOf(payload, customer, attendees);
    const own = ownOf(payload);
    return {
      events: [
        { ...shared, ...own, ...keys, customer, timeZone: customer?.timeZone ?? null, guests },
        ...missedMove(told, payload),
      ],
    };
  }
  const own = ownOf(payload);
  const events = attendees.flatMap((attendee): BookingEvent[] => {
    if (attendee.rawEmail === null) return [];
    // Answers, campaign and payment are of one of those who share the booking, and of nobody else.
    const isBooker = bookerEmail === null ? attendees.length === 1 : isSameEmail(attendee.rawEmail, bookerEmail);
    const customer = customerOf(attendee, isBooker ? payload : {});
    const bookingKey = calcomSeatKey(told.uid, attendee.rawEmail);
    const replacesKey = told.replacedUid === null ? null : calcomSeatKey(told.replacedUid, attendee.rawEmail);
    const keys = { bookingKey, replacesKey };
    return [{ ...shared, ...(isBooker ? own : {}), ...keys, customer, timeZone: attendee.timeZone, guests: [] }];
  });
  if (events.length > 0) return { events };
  const error = 'names nobody, so it is unknown whose seat this is about: look at the booking in Cal.com';
  return { refused: [{ field: `${path}attendees`, error }] };
}

/**
 * The calendar entry keeps its id through every move: `<uid of the first booking>@Cal.com`. From the second move on it
 * names a booking that the body does not, which is what is left of a move whose webhook was lost.
 *
 * Nothing is read from it elsewhere: a calendar may have given the entry an id of its own, which all dates of a series
 * share; seats that part keep the id of the booking that they were in; and a first booking has no move to miss.
 */
function missedMove({ uid, replacedUid, occurredAt }: Told, payload: JsonObject): BookingEvent[] {
  const firstUid = toKey(/^([^@]+)@Cal\.com$/i.exec(textAt(payload, 'iCalUID') ?? '')?.[1]);
  const isLaterMove = replacedUid !== null && (sequenceOf(payload) ?? 0) >= 2 && !isObject(payload['recurringEvent']);
  if (!isLaterMove || firstUid === null || firstUid === uid || firstUid === replacedUid) return [];
  return [
    {
      ...{ ...NO_DETAILS, kind: 'updated', bookingKey: replacedUid, replacesKey: firstUid, replacedByKey: null },
      ...{ sequence: null, occurredAt, reason: null, actor: null },
    },
  ];
}
