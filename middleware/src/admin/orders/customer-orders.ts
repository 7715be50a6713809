import { z } from 'zod';
import { BOOKING_STATUSES } from '../../booking/booking';
import { readCustomer } from '../customers';
import { order } from './order';

/** A record in the org that is connected now. */
export const linkedRecord = z.strictObject({
  sobject: z.string(),
  recordId: z.string(),
  url: z.string().nullable().describe('"View in Salesforce"; null before the first sign-in to the org.'),
});

const booking = z.strictObject({
  id: z.uuid(),
  sourceId: z.string(),
  status: z.enum(BOOKING_STATUSES),
  reason: z.string().nullable().describe('Why it was canceled or moved.'),
  startsAt: z.string().nullable().describe('An instant in UTC, or a date for an all-day booking.'),
  endsAt: z.string().nullable(),
  timeZone: z.string().nullable().describe('IANA name of the zone in which the customer is, or booked.'),
  subject: z.string().nullable(),
  page: z.string().nullable(),
  host: z.string().nullable(),
  location: z.string().nullable(),
  joinUrl: z.string().nullable().describe('Null when it is over or canceled, as the next one.'),
  manageUrl: z.string().nullable().describe("The customer's own page of the booking: whoever has it can cancel."),
  event: linkedRecord.nullable().describe('Null: not written to the org that is connected now.'),
});

/** Orders about customers. */
export const CUSTOMER_ORDERS = {
  readCustomer: order(
    {
      role: 'rep',
      args: z.strictObject({ id: z.string().max(200).describe('The value of Booking_Customer_Id__c.') }),
      answer: z.strictObject({
        id: z.string(),
        name: z.string().nullable(),
        email: z.string().nullable(),
        phone: z.string().nullable(),
        company: z.string().nullable(),
        timeZone: z.string().nullable(),
        record: linkedRecord.nullable().describe('The Lead, Contact or Person Account that the customer is linked to.'),
        pages: z
          .array(z.strictObject({ sourceId: z.string(), url: z.string() }))
          .describe("The customer's page in each scheduling system that has one, that of the latest booking first."),
        upcoming: z.array(booking).describe('What has not ended, the next one first.'),
        past: z.array(booking).describe('What has ended, the latest first.'),
        hasOlder: z.boolean().describe('Whether there are older bookings than these.'),
      }),
      audited: null,
    },
    readCustomer,
  ),
};
