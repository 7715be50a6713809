import type { Booking } from '../booking/booking';
import type { Written } from '../booking/outcome';
import type { RecordLink } from '../customer/customer.store';
import type { PageSettings } from '../settings/page-settings';

/** A booking with everything that our own store knows towards finding its records. */
export interface Candidate {
  booking: Booking;
  /** `Booking_Id__c`. */
  externalId: string;
  /** `Booking_Customer_Id__c` of its customer. */
  customerId: string;
  /** The record that the customer was last found on or written to, in this org and generation; its `sobject` is a `CustomerObject`. */
  link: RecordLink | null;
  /** A record that a duplicate rule of the org named when the person was to be created; null when none did. */
  adopted: RecordLink | null;
  /** The user of the org whom the host is linked to; null when he is linked to nobody. */
  hostUserId: string | null;
  /** What we believe Salesforce holds of it, in this generation. */
  written: Written | null;
  /** The version of the team's settings that counts, as it counts for the booking's page. */
  settings: { teamId: string; version: number; settings: PageSettings };
}
