import { SOURCE_ID } from './connector-process';

/** What happens in a round. */
export const KINDS = ['new', 'known', 'reschedule', 'cancel', 'burst'] as const;
export type Kind = (typeof KINDS)[number];

/** A person who books, and nobody else of this run. */
export interface Visitor {
  email: string;
  firstName: string;
  lastName: string;
  /** Whether the org has this person as a Contact before he or she books. */
  isContact: boolean;
}

/** One booking as it shall be in Salesforce when all is done. */
export interface Appointment {
  key: string;
  visitor: Visitor;
  startsAt: string;
  endsAt: string;
  status: 'Scheduled' | 'Rescheduled' | 'Canceled';
  reason: string | null;
}

/** What is sent in a round, and what the org must then hold. */
export interface Scenario {
  kind: Kind;
  /** Sent and written before the round's point. */
  before: object[];
  /** Sent first, and in the middle of being written when the rest arrives, so that the rest is written at once. */
  opener: object | null;
  /** What the process is killed over. */
  deliveries: object[];
  /** Whether Salesforce is asked once, and not twice: the Event was written before and is changed by its id. */
  isOneCall: boolean;
  /** What the write of `deliveries` does. */
  write: { eventsCreated: number; eventsUpdated: number; leadsCreated: number };
  appointments: Appointment[];
}

const REASONS = { Scheduled: null, Rescheduled: 'A later day suits better', Canceled: 'No longer needed' };
const PAGE = 'Product demo';

/**
 * Makes up a round: the same for the same name and kind. Pure.
 *
 * @param name of the round, different from every other on the same store.
 * @param isVariant the other one of two ways: a customer whom the connector has met, not only the org; a booking that is
 *   canceled after it was moved.
 */
export function scenarioOf(kind: Kind, name: string, isVariant: boolean): Scenario {
  const none = { before: [], opener: null, isOneCall: false };
  const visitor = makeVisitor(name, 'Visitor', kind === 'known' && !isVariant);
  const first = appointment(`${name}-1`, visitor);
  switch (kind) {
    case 'new':
      return {
        ...none,
        kind,
        deliveries: [created(first)],
        write: { eventsCreated: 1, eventsUpdated: 0, leadsCreated: 1 },
        appointments: [first],
      };
    case 'known': {
      const second = appointment(`${name}-2`, visitor);
      const isMet = isVariant;
      return {
        ...none,
        kind,
        before: isMet ? [created(first)] : [],
        deliveries: [created(second)],
        write: { eventsCreated: 1, eventsUpdated: 0, leadsCreated: 0 },
        appointments: isMet ? [first, second] : [second],
      };
    }
    case 'reschedule': {
      const { body, after } = rescheduled(first);
      return {
        ...none,
        kind,
        before: [created(first)],
        deliveries: [body],
        isOneCall: true,
        write: { eventsCreated: 0, eventsUpdated: 1, leadsCreated: 0 },
        appointments: [after],
      };
    }
    case 'cancel': {
      const moved = isVariant ? rescheduled(first) : null;
      const { body, after } = canceled(moved?.after ?? first, moved?.key ?? first.key);
      return {
        ...none,
        kind,
        before: [created(first), ...(moved === null ? [] : [moved.body])],
        deliveries: [body],
        isOneCall: true,
        write: { eventsCreated: 0, eventsUpdated: 1, leadsCreated: 0 },
        appointments: [after],
      };
    }
    case 'burst': {
      const known = makeVisitor(`${name}-known`, 'Known', true);
      const other = makeVisitor(`${name}-other`, 'Other', false);
      const opener = appointment(`${name}-opener`, makeVisitor(`${name}-opener`, 'Opener', false));
      // Three by one customer whom nobody knows: one person, whatever happens in between.
      const rest = [
        ...[1, 2, 3].map((number) => appointment(`${name}-${number}`, visitor)),
        appointment(`${name}-4`, known),
        appointment(`${name}-5`, other),
      ];
      return {
        ...none,
        kind,
        opener: created(opener),
        deliveries: rest.map(created),
        write: { eventsCreated: rest.length, eventsUpdated: 0, leadsCreated: 2 },
        appointments: [opener, ...rest],
      };
    }
  }
}

/** The value of `Booking_Id__c`. */
export function bookingIdOf({ key }: Appointment): string {
  return `${SOURCE_ID}:${key}`;
}

/** The fields of an appointment's Event that do not depend on ids. */
export function eventFieldsOf(booking: Appointment): Record<string, unknown> {
  return {
    Booking_Id__c: bookingIdOf(booking),
    Subject: booking.status === 'Canceled' ? `Canceled: ${titleOf(booking)}` : titleOf(booking),
    Event_Status__c: booking.status,
    Cancel_Reschedule_Reason__c: booking.reason,
    Booking_Source__c: SOURCE_ID,
    Meeting_Type__c: PAGE,
    IsDeleted: false,
  };
}

function makeVisitor(name: string, lastName: string, isContact: boolean): Visitor {
  return { email: `${name}@example.test`, firstName: `First-${name}`, lastName, isContact };
}

function appointment(key: string, visitor: Visitor): Appointment {
  return { key, visitor, ...onDay(1), status: 'Scheduled', reason: null };
}

function onDay(day: number): Pick<Appointment, 'startsAt' | 'endsAt'> {
  return { startsAt: `2027-03-0${day}T04:30:00.000Z`, endsAt: `2027-03-0${day}T05:00:00.000Z` };
}

function created(booking: Appointment): object {
  return calcomBody('BOOKING_CREATED', booking, { uid: booking.key });
}

/** Cal.com moves a booking under a new uid. */
function rescheduled(booking: Appointment): { body: object; after: Appointment; key: string } {
  const key = `${booking.key}-moved`;
  const after: Appointment = { ...booking, ...onDay(2), status: 'Rescheduled', reason: REASONS.Rescheduled };
  return { body: calcomBody('BOOKING_RESCHEDULED', after, { uid: key, rescheduleUid: booking.key }), after, key };
}

function canceled(booking: Appointment, uid: string): { body: object; after: Appointment } {
  const after: Appointment = { ...booking, status: 'Canceled', reason: REASONS.Canceled };
  return { body: calcomBody('BOOKING_CANCELLED', after, { uid, cancellationReason: after.reason }), after };
}

const SENT_AT = {
  BOOKING_CREATED: '2027-01-01T00:00:00.000Z',
  BOOKING_RESCHEDULED: '2027-01-02T00:00:00.000Z',
  BOOKING_CANCELLED: '2027-01-03T00:00:00.000Z',
};

function calcomBody(trigger: keyof typeof SENT_AT, booking: Appointment, more: object): object {
  const { email, firstName, lastName } = booking.visitor;
  const answer = (label: string, value: string): object => ({ label, value, isHidden: false });
  return {
    triggerEvent: trigger,
    createdAt: SENT_AT[trigger],
    payload: {
      type: 'product-demo',
      title: titleOf(booking),
      startTime: booking.startsAt,
      endTime: booking.endsAt,
      eventTypeId: 7,
      eventTitle: PAGE,
      organizer: { id: 11, name: 'Host', email: 'nobody@example.com', timeZone: 'UTC', language: { locale: 'en' } },
      attendees: [
        { email, firstName, lastName, name: `${firstName} ${lastName}`, timeZone: 'UTC', language: { locale: 'en' } },
      ],
      responses: {
        name: answer('your_name', `${firstName} ${lastName}`),
        email: answer('email_address', email),
        company: answer('Company', 'Example Offices KK'),
        rescheduleReason: answer('reason', trigger === 'BOOKING_RESCHEDULED' ? REASONS.Rescheduled : ''),
      },
      bookingId: 1,
      status: trigger === 'BOOKING_CANCELLED' ? 'CANCELLED' : 'ACCEPTED',
      length: 30,
      ...more,
    },
  };
}

function titleOf({ visitor }: Appointment): string {
  return `${PAGE} with ${visitor.firstName}`;
}
