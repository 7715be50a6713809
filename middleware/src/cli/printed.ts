import type { BookingState } from '../booking/booking';
import type { BookingCustomer, BookingDetails, BookingEvent, BookingHost } from '../booking/booking-event';

/**
 * Details as `translate` and `fold` print them, for scripts: people are always objects and guests, answers and campaign
 * never null, so that `.customer.email` and `.guests[]` can be read without looking first. Every other field that is
 * not known is null.
 */
export type PrintedDetails = Omit<BookingDetails, 'host' | 'customer' | 'guests' | 'answers' | 'campaign'> & {
  host: BookingHost;
  customer: BookingCustomer;
  guests: NonNullable<BookingDetails['guests']>;
  answers: NonNullable<BookingDetails['answers']>;
  campaign: NonNullable<BookingDetails['campaign']>;
};

const NOBODY_HOSTS: BookingHost = { id: null, email: null, name: null };

const NOBODY_BOOKED: BookingCustomer = {
  ...{ id: null, email: null, name: null, firstName: null, lastName: null },
  ...{ phone: null, company: null, timeZone: null },
};

/** A booking event or a booking's state in that form; it keeps its own fields. Pure. */
export function printed<T extends BookingEvent | BookingState>(
  told: T,
): Omit<T, keyof BookingDetails> & PrintedDetails {
  return {
    ...told,
    host: told.host ?? NOBODY_HOSTS,
    customer: told.customer ?? NOBODY_BOOKED,
    guests: told.guests ?? [],
    answers: told.answers ?? {},
    campaign: told.campaign ?? {},
  };
}
