/** Any value that JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What a delivery says happened to a booking. */
export const BOOKING_EVENT_KINDS = [
  'scheduled',
  'rescheduled',
  'canceled',
  'completed',
  'noShow',
  'noShowCleared',
  'reassigned',
  'updated',
] as const;
export type BookingEventKind = (typeof BOOKING_EVENT_KINDS)[number];

/** The person who booked, as the source knows them. Unknown is null, never an empty string. */
export interface BookingCustomer {
  /** The source's own id of the customer, where it has customers. */
  id: string | null;
  /** As typed; `normalizeEmail` gives the form that is compared. */
  email: string | null;
  name: string | null;
  firstName: string | null;
  lastName: string | null;
  /** As the source sends it. */
  phone: string | null;
  company: string | null;
  /** IANA name. */
  timeZone: string | null;
}

/** The staff member who holds the appointment. */
export interface BookingHost {
  /** The source's own id of the host. */
  id: string | null;
  email: string | null;
  name: string | null;
}

/** What was booked: booking page, event type, calendar or service. */
export interface BookingPage {
  /** The source's id of the page: stable, whatever the page is renamed to. */
  id: string;
  name: string | null;
}

/** Everything a source can say of an appointment. A field that this event says nothing about is null. */
export interface BookingDetails {
  /** ISO 8601: an instant in UTC (`2026-10-07T04:30:00.000Z`), or a date (`2026-10-07`) when `allDay`. */
  startsAt: string | null;
  /** As `startsAt`; for an all-day booking the last day, inclusive. */
  endsAt: string | null;
  allDay: boolean | null;
  /** IANA zone in which the appointment was made. */
  timeZone: string | null;
  subject: string | null;
  page: BookingPage | null;
  host: BookingHost | null;
  customer: BookingCustomer | null;
  guests: { email: string }[] | null;
  /** Answers to the page's questions, by the question's slug or label, as the source typed them. */
  answers: Record<string, JsonValue> | null;
  /** Campaign parameters as given (`utm_campaign`, ...), without the empty ones. */
  campaign: Record<string, string> | null;
  /** A Salesforce record id (15 or 18 characters) carried by the booking link: a hint to be checked, never proof. */
  recordId: string | null;
  location: string | null;
  joinUrl: string | null;
  /** Bearer links of the guest: kept, never mapped to Salesforce by default. */
  manageUrl: string | null;
  cancelUrl: string | null;
  payment: { amount: number; currency: string; reference: string | null } | null;
}

/** Details that say nothing yet; spread under what a source knows. */
export const NO_DETAILS: Readonly<BookingDetails> = {
  startsAt: null,
  endsAt: null,
  allDay: null,
  timeZone: null,
  subject: null,
  page: null,
  host: null,
  customer: null,
  guests: null,
  answers: null,
  campaign: null,
  recordId: null,
  location: null,
  joinUrl: null,
  manageUrl: null,
  cancelUrl: null,
  payment: null,
};

/**
 * One thing that happened to one booking, in our words. Sources produce it, the fold reads it.
 * Events are ordered by `occurredAt`, `sequence`, kind and key, never by arrival.
 */
export interface BookingEvent extends BookingDetails {
  kind: BookingEventKind;
  /** The source's id of the booking, plus `:seat` where one booking has several seats. */
  bookingKey: string;
  /** The native key that this booking continues after a reschedule under a new key. */
  replacesKey: string | null;
  /** The native key that continues this booking: this event is the old half of a reschedule. */
  replacedByKey: string | null;
  /** The source's own counter of changes to the booking, where it has one. */
  sequence: number | null;
  /** ISO 8601 instant in UTC at which it happened, as the source says. */
  occurredAt: string;
  /** Why it was canceled, rescheduled or reassigned, in the words of who did it. */
  reason: string | null;
  actor: 'customer' | 'host' | null;
}
