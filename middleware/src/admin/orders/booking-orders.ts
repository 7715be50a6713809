import { z } from 'zod';
import { replan } from '../replan';
import { BOOKING_STATUSES } from '../../booking/booking';
import { PROGRESS } from '../../booking/list.store';
import { listBookings, listProblems, readBooking, retryBooking, retryProblemById } from '../bookings';
import { linkedRecord } from './customer-orders';
import { instant, next, nothing, order, pageSize } from './order';

const bookingId = z.uuid().describe("The connector's own id of the booking.");
const status = z.enum(BOOKING_STATUSES);
const progress = z
  .enum(PROGRESS)
  .describe('pending: the loop has yet to look at it; parked: a part of it waits for a human; settled: neither.');
/** A part of a booking that waits for a human. */
export const parkedOutcome = z.strictObject({
  state: z.literal('parked'),
  code: z.string().describe("Salesforce's errorCode, or one of the connector's own."),
  cause: z.string().describe('What is wrong. It may quote values of the booking.'),
  remedy: z.string().describe('What to do.'),
  sobject: z.string().nullable(),
  fields: z.array(z.string()),
  class: z.enum(['scoped', 'booking']).describe('scoped: one remedy mends it for every booking that it strikes.'),
  schemaStamp: z.string().nullable().optional().describe("Of a scoped one: the org's schema when it was parked."),
});

const partOutcome = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('written'), sobject: z.string(), recordId: z.string() }),
  z.strictObject({
    state: z.literal('waiting'),
    cause: z.string(),
    isRetried: z.boolean(),
    looks: z.int().optional().describe('How often in a row Salesforce was read again.'),
  }),
  parkedOutcome,
  z.strictObject({ state: z.literal('notWanted'), cause: z.string() }),
]);
/** What became of the parts of a booking, or would. */
export const parts = z
  .strictObject({
    person: partOutcome.optional(),
    related: partOutcome.optional(),
    event: partOutcome.optional(),
    relations: partOutcome.optional(),
  })
  .describe('What became of each part of the booking in Salesforce.');

const listed = z.strictObject({
  id: bookingId,
  sourceId: z.string(),
  rootKey: z.string().describe('With the source id in front it is Booking_Id__c in Salesforce.'),
  status,
  progress,
  startsAt: z.string().nullable().describe('An instant in UTC, or a date for an all-day booking.'),
  subject: z.string().nullable(),
  page: z.string().nullable(),
  customer: z.strictObject({ name: z.string().nullable(), email: z.string().nullable() }).nullable(),
  host: z.string().nullable(),
  createdAt: instant,
  updatedAt: instant,
});

const details = z.looseObject({
  startsAt: z.string().nullable(),
  endsAt: z.string().nullable(),
  subject: z.string().nullable(),
});
const at = instant.describe('When it was received, or done.');

const chapter = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('delivery'),
    at,
    deliveryId: z.string(),
    outcome: z.string(),
    isKept: z.boolean().describe('Whether its body is still there.'),
  }),
  z.strictObject({
    what: z.literal('event'),
    at,
    deliveryId: z.string().nullable().describe('Null for what the clock did.'),
    event: details.extend({ kind: z.string(), bookingKey: z.string(), occurredAt: instant }),
    askFault: z.string().nullable().describe("Why the system's API did not say what the delivery left out."),
  }),
  z.strictObject({
    what: z.literal('turn'),
    at,
    revision: z.int(),
    settingsVersion: z.int(),
    steps: z
      .array(z.looseObject({ step: z.string(), outcome: z.string() }))
      .describe('What was looked at, decided and written, in this order.'),
    parts,
  }),
]);

const scope = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('one') }),
    z.strictObject({ kind: z.enum(['page', 'host', 'source']), name: z.string() }),
    z.strictObject({ kind: z.literal('everybody') }),
    z.strictObject({ kind: z.literal('some') }),
  ])
  .describe('Whom it hits: one booking so far, those of one page, host or source, everybody, or some of several.');

/** Orders about bookings. */
export const BOOKING_ORDERS = {
  listBookings: order(
    {
      role: 'member',
      args: z.strictObject({
        progress: progress.optional(),
        status: status.optional(),
        source: z.string().optional(),
        key: z.string().min(1).max(300).optional().describe('The beginning of a native key or of a Booking_Id__c.'),
        after: z.string().max(200).optional().describe('"next" of the answer before.'),
        limit: pageSize,
      }),
      answer: z.strictObject({ bookings: z.array(listed), next }),
      audited: null,
    },
    listBookings,
  ),
  readBooking: order(
    {
      role: 'member',
      args: z.strictObject({ id: bookingId }),
      answer: z.strictObject({
        id: bookingId,
        sourceId: z.string(),
        rootKey: z.string(),
        keys: z.array(z.string()).describe('Every native key of its lineage.'),
        mergedInto: bookingId.nullable().describe('The booking that it turned out to be another half of.'),
        revision: z.int(),
        state: details.extend({ status }).describe('What the booking is now: what Salesforce is made equal to.'),
        parts,
        customerId: z
          .string()
          .nullable()
          .describe('Whose booking it is: the value of Booking_Customer_Id__c. Null before it was looked at first.'),
        salesforce: z
          .array(linkedRecord.extend({ part: z.enum(['person', 'related', 'event']) }))
          .describe('Its records in the org that is connected now, with the way to each.'),
        written: z
          .strictObject({
            eventId: z.string(),
            whoId: z.string().nullable(),
            whatId: z.string().nullable(),
            ownerId: z.string(),
            fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
          })
          .nullable()
          .describe('What Salesforce holds of it, as far as known.'),
        dueAt: instant.nullable().describe('When it is looked at next; null: nothing is to be done.'),
        attempts: z.int(),
        createdAt: instant,
        chapters: z.array(chapter).describe('In the order of time; of the turns the newest hundred.'),
      }),
      audited: null,
    },
    readBooking,
  ),
  retryBooking: order(
    {
      role: 'member',
      args: z.strictObject({ id: bookingId }),
      answer: z.strictObject({ retried: z.int().describe('1, or 0 when nothing of it is parked.') }),
      audited: ['id'],
    },
    retryBooking,
  ),
  listProblems: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        problems: z.array(
          z.strictObject({
            id: z.string(),
            code: z.string(),
            sobject: z.string().nullable(),
            fields: z.array(z.string()),
            count: z.int().describe('How many bookings have it.'),
            retrying: z.int().describe('How many of them are due again and have not been looked at yet.'),
            cause: z.string().describe('Of the newest one.'),
            remedy: z.string(),
            scope,
            since: instant,
            samples: z.array(
              z.strictObject({
                bookingId,
                sourceId: z.string(),
                rootKey: z.string(),
                page: z.string().nullable(),
              }),
            ),
          }),
        ),
      }),
      audited: null,
    },
    listProblems,
  ),
  retryProblem: order(
    {
      role: 'member',
      args: z.strictObject({ id: z.string().describe('Id of a problem.') }),
      answer: z.strictObject({ retried: z.int() }),
      audited: ['id'],
    },
    retryProblemById,
  ),
  replan: order(
    {
      role: 'admin',
      args: z.strictObject({
        page: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe('Of one page only, named as in the settings; null for all.'),
      }),
      answer: z.strictObject({ replanned: z.int().describe('Bookings that are due again.') }),
      audited: ['page'],
    },
    replan,
  ),
};
