/** A staff member of the demo. */
export interface DemoHost {
  name: string;
  /** Matched by the connector to a Salesforce user. */
  email: string;
}

/** Something that can be booked: what Cal.com calls an event type. */
export interface DemoBookable {
  /** Cal.com's id of the event type: settings refer to it, so it stays the same from run to run. */
  eventTypeId: number;
  /** Its part of the address: lower-case letters, digits and hyphens. */
  slug: string;
  title: string;
  description: string;
  lengthMinutes: number;
  /** E-mail of the host who holds it; without one the hosts take turns, page by page. */
  hostEmail?: string;
}

/** Two calls and a longer meeting: what the demo offers unless told otherwise. */
export const DEMO_BOOKABLES: readonly DemoBookable[] = [
  {
    eventTypeId: 7,
    slug: 'product-demo',
    title: 'Product demo',
    description: 'A tour of the product around the questions that you bring.',
    lengthMinutes: 30,
  },
  {
    eventTypeId: 8,
    slug: 'intro-call',
    title: 'Intro call',
    description: 'A first hello: who you are, what you need, whether we can help.',
    lengthMinutes: 15,
  },
  {
    eventTypeId: 9,
    slug: 'onboarding',
    title: 'Onboarding',
    description: 'We set things up together, step by step.',
    lengthMinutes: 60,
  },
];

/** Who booked, as typed. What was left empty is null. */
export interface DemoCustomer {
  name: string;
  email: string;
  phone: string | null;
  company: string | null;
  note: string | null;
  /** IANA name. */
  timeZone: string;
}

/** One booking under one uid. A reschedule makes another one, as it does in Cal.com. */
export interface DemoBooking {
  uid: string;
  bookingId: number;
  /** The same through every reschedule, as is the link of the video call. */
  iCalUid: string;
  iCalSequence: number;
  videoId: string;
  bookable: DemoBookable;
  host: DemoHost;
  /** Position of the host in the demo's list: his id is made from it. */
  hostIndex: number;
  customer: DemoCustomer;
  startsAt: Date;
  endsAt: Date;
  /** When it was booked under this uid. */
  createdAt: Date;
  /** The booking that this one took over from, and why, when it was rescheduled. */
  replaces: { uid: string; bookingId: number; startsAt: Date; endsAt: Date } | null;
  rescheduleReason: string | null;
  /** `moved`: goes on under the uid `replacedByUid`. */
  state: 'booked' | 'moved' | 'canceled';
  replacedByUid: string | null;
  cancelReason: string | null;
  isNoShow: boolean;
  hasEnded: boolean;
}

/** Whether the customer may still move or cancel it. */
export function isChangeable(booking: DemoBooking): boolean {
  return booking.state === 'booked' && !booking.hasEnded && !booking.isNoShow;
}
