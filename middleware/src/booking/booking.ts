import type { BookingDetails } from './booking-event';

/** The statuses that are written to Salesforce, in the order of a booking's life. */
export const BOOKING_STATUSES = ['Scheduled', 'Rescheduled', 'Completed', 'Canceled', 'No-show'] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];

/** What a booking is now, folded from everything that is known to have happened to it. */
export interface BookingState extends BookingDetails {
  status: BookingStatus;
  /** Why it was canceled or rescheduled, as told by the change that the status stands for; null when nobody said. */
  reason: string | null;
  /** Who made that change. */
  actor: 'customer' | 'host' | null;
  /** Instant of the latest booking event that counted. */
  changedAt: string;
}

/** One appointment, through all its booking events, as the store keeps it. */
export interface Booking {
  /** Our own id of the row. */
  id: string;
  teamId: string;
  sourceId: string;
  /** First known native key of the lineage; with the source id it makes `Booking_Id__c`, which never changes. */
  rootKey: string;
  /** Every native key of the lineage, the root key included. */
  keys: string[];
  /** Rises with every booking event that is stored for it. */
  revision: number;
  state: BookingState;
  /** Set when the lineage was learnt late and this booking turned out to be another one: its Activity Event goes. */
  mergedInto: string | null;
}

/** The value of `Booking_Id__c`: the id of a booking in Salesforce, unique over all sources of an org. */
export function bookingExternalId(booking: Pick<Booking, 'sourceId' | 'rootKey'>): string {
  return `${booking.sourceId}:${booking.rootKey}`;
}
