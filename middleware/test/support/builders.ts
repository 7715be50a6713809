import type { Delivery } from '../../src/booking/delivery.store';
import { NO_DETAILS, type BookingEvent } from '../../src/booking/booking-event';

/** A valid booking event; each case spoils or adds one thing. */
export function bookingEvent(more: Partial<BookingEvent> = {}): BookingEvent {
  return {
    ...NO_DETAILS,
    kind: 'scheduled',
    bookingKey: 'uid-1',
    replacesKey: null,
    replacedByKey: null,
    sequence: null,
    occurredAt: '2026-10-05T01:12:10.140Z',
    reason: null,
    actor: null,
    startsAt: '2026-10-07T04:30:00.000Z',
    endsAt: '2026-10-07T05:00:00.000Z',
    allDay: false,
    subject: 'Product demo',
    page: { id: 'product-demo', name: 'Product demo' },
    host: { id: '11', email: 'host.one@example.com', name: 'Host One' },
    customer: customer('visitor.alpha@example.test'),
    ...more,
  };
}

/** A customer with an address and a name made of it. */
export function customer(
  email: string,
  more: Partial<NonNullable<BookingEvent['customer']>> = {},
): NonNullable<BookingEvent['customer']> {
  const name = `Visitor ${email.split('@')[0]}`;
  return {
    id: null,
    email,
    name,
    firstName: null,
    lastName: null,
    phone: null,
    company: 'Example Offices KK',
    timeZone: null,
    ...more,
  };
}

/** A delivery of one source with the given events. */
export function delivery(deliveryKey: string, events: BookingEvent[], more: Partial<Delivery> = {}): Delivery {
  return {
    sourceId: 'cal',
    teamId: 'default',
    deliveryKey,
    receivedAt: new Date('2026-10-05T01:12:11.000Z'),
    rawBody: Buffer.from(JSON.stringify(events)),
    understanding: { events },
    ...more,
  };
}
