import type { Booking } from '../booking/booking';
import type { Written } from '../booking/outcome';
import type { RecordLink } from '../customer/customer.store';
import type { SettingsVersion } from '../settings/settings';

/** A booking with everything that our own store knows towards finding its records. */
export interface Candidate {
  booking: Booking;
  /** `Booking_Id__c`. */
  externalId: string;
  /** `Booking_Customer_Id__c` of its customer. */
  customerId: string;
  /** The record that the customer was last found on or written to, in this org and generation. */
  link: RecordLink | null;
  /** What we believe Salesforce holds of it, in this generation. */
  written: Written | null;
  settings: SettingsVersion;
}
