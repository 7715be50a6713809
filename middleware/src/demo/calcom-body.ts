import type { DemoBooking } from './demo-booking';
import { utcOffsetMinutes } from './time-zone';

/** A webhook body: keys, order and forms are those of Cal.com's webhook version 2021-10-20. */
export interface CalcomBody {
  triggerEvent: string;
  createdAt: string;
  [key: string]: unknown;
}

/** What the bodies need to know besides the booking. */
export interface BodyContext {
  /** Where the scheduling page is served, without a slash at the end. */
  bookerUrl: string;
  /** IANA name; the zone of the hosts. */
  hostTimeZone: string;
  /** When it happened. */
  now: Date;
}

/** BOOKING_CREATED: a new booking. */
export function createdBody(booking: DemoBooking, context: BodyContext): CalcomBody {
  return envelope('BOOKING_CREATED', context, {
    ...payloadOf(booking, context, 'booked'),
    status: 'ACCEPTED',
    organizationId: null,
  });
}

/** BOOKING_RESCHEDULED: a booking goes on under a new uid; `booking` is the new one and names the one it replaces. */
export function rescheduledBody(booking: DemoBooking, context: BodyContext): CalcomBody {
  const { replaces } = booking;
  if (replaces === null) throw new Error(`Booking ${booking.uid} replaces none: it was not rescheduled`);
  return envelope('BOOKING_RESCHEDULED', context, {
    ...payloadOf(booking, context, 'booked'),
    status: 'ACCEPTED',
    organizationId: null,
    rescheduleId: replaces.bookingId,
    rescheduleUid: replaces.uid,
    rescheduleStartTime: toSeconds(replaces.startsAt),
    rescheduleEndTime: toSeconds(replaces.endsAt),
    rescheduledBy: booking.customer.email,
  });
}

/** BOOKING_CANCELLED by the customer. Cal.com says less here: no metadata, no link, no own questions apart. */
export function canceledBody(booking: DemoBooking, context: BodyContext): CalcomBody {
  return envelope('BOOKING_CANCELLED', context, {
    ...payloadOf(booking, context, 'canceled'),
    status: 'CANCELLED',
    organizationId: null,
    cancellationReason: booking.cancelReason ?? '',
    cancelledBy: booking.customer.email,
    requestReschedule: false,
  });
}

/** BOOKING_NO_SHOW_UPDATED: the host marks or unmarks who did not come. Names the booking by `bookingUid`, without times. */
export function noShowBody(booking: DemoBooking, { now }: BodyContext): CalcomBody {
  const { email } = booking.customer;
  return {
    triggerEvent: 'BOOKING_NO_SHOW_UPDATED',
    createdAt: now.toISOString(),
    payload: {
      message: `${email} ${booking.isNoShow ? 'marked' : 'unmarked'} as no-show`,
      attendees: [{ email, noShow: booking.isNoShow }],
      bookingUid: booking.uid,
      bookingId: booking.bookingId,
    },
  };
}

/** MEETING_ENDED: flat, the booking's row as it was stored; `createdAt` is when the booking was made. */
export function endedBody(booking: DemoBooking, context: BodyContext): CalcomBody {
  const { customer, host } = booking;
  return {
    triggerEvent: 'MEETING_ENDED',
    id: booking.bookingId,
    idempotencyKey: idempotencyKeyOf(booking),
    uid: booking.uid,
    userId: hostIdOf(booking),
    userPrimaryEmail: host.email,
    eventTypeId: booking.bookable.eventTypeId,
    title: titleOf(booking),
    description: customer.note ?? '',
    customInputs: {},
    responses: {
      name: customer.name,
      email: customer.email,
      ...(customer.phone === null ? {} : { attendeePhoneNumber: customer.phone }),
      guests: [],
      ...(customer.company === null ? {} : { company: customer.company }),
    },
    startTime: booking.startsAt.toISOString(),
    endTime: booking.endsAt.toISOString(),
    location: VIDEO_CALL,
    createdAt: booking.createdAt.toISOString(),
    updatedAt: null,
    status: 'ACCEPTED',
    paid: false,
    cancellationReason: null,
    rejectionReason: null,
    fromReschedule: booking.replaces?.uid ?? null,
    rescheduled: null,
    iCalUID: booking.iCalUid,
    iCalSequence: booking.iCalSequence,
    isRecorded: false,
    noShowHost: false,
    metadata: { videoCallUrl: videoUrlOf(booking, context) },
    user: {
      email: host.email,
      name: host.name,
      username: usernameOf(booking),
      timeZone: context.hostTimeZone,
      locale: 'en',
    },
    attendees: [
      {
        id: booking.bookingId + 30,
        email: customer.email,
        name: customer.name,
        timeZone: customer.timeZone,
        phoneNumber: customer.phone,
        locale: 'en',
        bookingId: booking.bookingId,
        noShow: booking.isNoShow,
      },
    ],
    payment: [],
    references: [
      {
        type: 'daily_video',
        uid: booking.videoId,
        meetingId: booking.videoId,
        meetingUrl: videoUrlOf(booking, context),
      },
    ],
  };
}

/** The subject, in Cal.com's words: what, between whom and whom. */
export function titleOf({ bookable, host, customer }: DemoBooking): string {
  return `${bookable.title} between ${host.name} and ${customer.name}`;
}

const VIDEO_CALL = 'integrations:daily';

function envelope(triggerEvent: string, { now }: BodyContext, payload: Record<string, unknown>): CalcomBody {
  return { triggerEvent, createdAt: now.toISOString(), payload };
}

/** What all three bodies with a payload have in common; a cancel says some of it in another way. */
function payloadOf(booking: DemoBooking, context: BodyContext, as: 'booked' | 'canceled'): Record<string, unknown> {
  const { bookable, customer, host } = booking;
  const isBooked = as === 'booked';
  const username = usernameOf(booking);
  const company = answer('Company', customer.company ?? undefined);
  // Cal.com writes a phone number that was not given as an answer without a value.
  const phone = answer('phone_number', customer.phone ?? undefined);
  const toTime = isBooked ? toSeconds : toOffsetTime;
  return {
    bookerUrl: context.bookerUrl,
    type: bookable.slug,
    title: titleOf(booking),
    description: customer.note ?? '',
    additionalNotes: customer.note ?? '',
    customInputs: {},
    startTime: toTime(booking.startsAt),
    endTime: toTime(booking.endsAt),
    eventTypeId: bookable.eventTypeId,
    hashedLink: null,
    organizer: {
      id: hostIdOf(booking),
      name: host.name,
      email: host.email,
      username,
      usernameInOrg: username,
      timeZone: context.hostTimeZone,
      language: { locale: 'en' },
      timeFormat: 'h:mma',
      utcOffset: utcOffsetMinutes(booking.startsAt, context.hostTimeZone),
    },
    responses: {
      name: answer(isBooked ? 'your_name' : 'name', customer.name),
      email: answer(isBooked ? 'email_address' : 'email', customer.email),
      attendeePhoneNumber: phone,
      location: answer('location', { optionValue: '', value: VIDEO_CALL }),
      title: answer('what_is_this_meeting_about', ''),
      notes: answer('additional_notes', customer.note ?? ''),
      guests: answer('additional_guests', []),
      rescheduleReason: answer('reason_for_reschedule', booking.rescheduleReason ?? ''),
      company,
    },
    ...(isBooked ? { userFieldsResponses: { company } } : {}),
    attendees: [
      {
        email: customer.email,
        name: customer.name,
        ...namesOf(customer.name),
        timeZone: customer.timeZone,
        language: { locale: 'en' },
        utcOffset: utcOffsetMinutes(booking.startsAt, customer.timeZone),
      },
    ],
    location: VIDEO_CALL,
    conferenceCredentialId: null,
    destinationCalendar: [
      {
        id: hostIdOf(booking) - 1,
        integration: 'google_calendar',
        externalId: host.email,
        userId: hostIdOf(booking),
        eventTypeId: null,
        credentialId: 1,
      },
    ],
    hideCalendarNotes: false,
    requiresConfirmation: null,
    schedulingType: null,
    seatsPerTimeSlot: null,
    seatsShowAttendees: false,
    iCalUID: booking.iCalUid,
    iCalSequence: booking.iCalSequence,
    uid: booking.uid,
    bookingId: booking.bookingId,
    conferenceData: { createRequest: { requestId: idempotencyKeyOf(booking) } },
    ...(isBooked
      ? {
          videoCallData: {
            type: 'daily_video',
            id: booking.videoId,
            password: '',
            url: videoUrlOf(booking, context),
          },
        }
      : {}),
    appsStatus: [{ appName: 'Google Calendar', type: 'google_calendar', success: 1, failures: 0, errors: [] }],
    eventTitle: bookable.title,
    eventDescription: bookable.description,
    price: 0,
    currency: 'usd',
    length: bookable.lengthMinutes,
    ...(isBooked ? { metadata: { videoCallUrl: videoUrlOf(booking, context) } } : {}),
  };
}

function answer(label: string, value: unknown): { label: string; value: unknown; isHidden: boolean } {
  return { label, value, isHidden: false };
}

/** Cal.com parts a name at its first space. */
function namesOf(name: string): { firstName: string; lastName: string } {
  const space = name.indexOf(' ');
  return space < 0
    ? { firstName: name, lastName: '' }
    : { firstName: name.slice(0, space), lastName: name.slice(space + 1).trim() };
}

function hostIdOf({ hostIndex }: DemoBooking): number {
  return 11 + hostIndex;
}

function usernameOf({ host }: DemoBooking): string {
  return host.email.split('@')[0] ?? host.email;
}

function videoUrlOf({ videoId }: DemoBooking, { bookerUrl }: BodyContext): string {
  return `${bookerUrl}/video/${videoId}`;
}

/** An id in the form of a UUID that belongs to the booking: the same whenever it is asked for. */
function idempotencyKeyOf({ bookingId }: DemoBooking): string {
  return `5f1d0000-aaaa-5bbb-8ccc-${String(bookingId).padStart(12, '0')}`;
}

/** `2026-10-07T04:30:00Z` */
function toSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** `2026-10-07T04:30:00+00:00`, as a cancel says it. */
function toOffsetTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}+00:00`;
}
