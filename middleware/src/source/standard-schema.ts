import { z } from 'zod';
import { BOOKING_EVENT_KINDS } from '../booking/booking-event';
import { toDate } from './standard-event';
import { toEmail, toInstant, toKey, toUrl } from './values';

/** How many events one body may carry. */
export const MAX_EVENTS = 200;

// The `error` of each is what a fault says was expected: "expected <error>, got a number".

const text = z.string({ error: 'a text or null' }).nullish();

const email = z
  .string({ error: 'an e-mail address or null' })
  .refine((value) => toEmail(value) !== null, { error: 'an e-mail address or null' })
  .meta({ format: 'email' })
  .nullish();

const url = z
  .string({ error: 'an http or https link or null' })
  .refine((value) => toUrl(value) !== null, { error: 'an http or https link or null' })
  .meta({ format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' })
  .nullish();

const KEY = 'an id of visible ASCII without a colon, up to 150 characters';
const key = z
  .string({ error: KEY })
  .refine((value) => toKey(value) !== null, { error: KEY })
  .meta({ pattern: '^[!-9;-~]{1,150}$' });

const INSTANT = 'an ISO 8601 instant with Z or an offset';
const instant = z
  .string({ error: INSTANT })
  .refine((value) => toInstant(value) !== null, { error: INSTANT })
  .meta({ format: 'date-time' });

const instantOrDate = z
  .string({ error: INSTANT })
  .refine((value) => toInstant(value) !== null || toDate(value) !== null, { error: INSTANT })
  .meta({ anyOf: [{ format: 'date-time' }, { format: 'date' }] })
  .nullish();

const timeZone = z
  .string({ error: 'an IANA time zone (Europe/Berlin) or null' })
  .nullish()
  .describe('IANA name. One that does not look like it is not taken.');

const json = z.unknown();

const person = { id: text, email, name: text };

/** One event of the standard format. What is not known to us is not looked at. */
export const standardEventSchema = z
  .looseObject(
    {
      kind: z
        .enum(BOOKING_EVENT_KINDS, { error: `one of ${BOOKING_EVENT_KINDS.join(', ')}` })
        .describe('What happened to the booking.'),
      bookingKey: key.describe('Your id of the booking: the same in every event of it.'),
      occurredAt: instant.describe('When it happened. Events are put in the order of it, whenever they arrive.'),
      replacesKey: key
        .nullish()
        .describe('The bookingKey that this booking continues, if a reschedule gave it a new one.'),
      replacedByKey: key.nullish().describe('The bookingKey under which this booking goes on.'),
      sequence: z
        .int({ error: 'a whole number from 0 on or null' })
        .min(0, { error: 'a whole number from 0 on or null' })
        .nullish()
        .describe('A counter of changes, for events of the same occurredAt.'),
      reason: text.describe('Why it was canceled, rescheduled or reassigned.'),
      actor: z.enum(['customer', 'host'], { error: 'customer, host or null' }).nullish().describe('Who did it.'),
      startsAt: instantOrDate.describe('Needed for scheduled and rescheduled. A date when allDay.'),
      endsAt: instantOrDate.describe('This or durationMinutes. When allDay, the last day, inclusive.'),
      durationMinutes: z
        .number({ error: 'minutes above 0 and up to a year' })
        .gt(0, { error: 'minutes above 0 and up to a year' })
        .max(366 * 24 * 60, { error: 'minutes above 0 and up to a year' })
        .nullish()
        .describe('The length, where there is no endsAt.'),
      allDay: z.boolean({ error: 'true, false or null' }).nullish(),
      timeZone: timeZone,
      subject: text,
      page: z
        .looseObject(
          { id: z.string({ error: 'a text' }).min(1, { error: 'a text' }), name: text },
          { error: 'an object or null' },
        )
        .nullish()
        .describe('What was booked. Its id stays the same when it is renamed.'),
      host: z.looseObject(person, { error: 'an object or null' }).nullish(),
      customer: z
        .looseObject(
          { ...person, firstName: text, lastName: text, phone: text, company: text, timeZone },
          { error: 'an object or null' },
        )
        .nullish(),
      guests: z
        .array(z.looseObject({ email: email.unwrap().unwrap() }, { error: 'an object with an e-mail' }), {
          error: 'a list or null',
        })
        .nullish(),
      answers: z
        .record(z.string(), json, { error: 'an object or null' })
        .nullish()
        .describe('Answers to questions, by the name of the question.'),
      campaign: z
        .record(z.string(), z.union([z.string(), z.number(), z.null()], { error: 'a text' }), {
          error: 'an object or null',
        })
        .nullish()
        .describe('Campaign parameters as in the link: utm_source, utm_campaign, ...'),
      recordId: text.describe(
        'A Salesforce record id that the link carried. One that does not look like it is not taken.',
      ),
      location: text,
      joinUrl: url,
      manageUrl: url,
      cancelUrl: url,
      payment: z
        .looseObject(
          {
            amount: z.number({ error: 'a number above 0' }).gt(0, { error: 'a number above 0' }),
            currency: z.string({ error: 'a currency of three letters' }).regex(/^[A-Za-z]{3}$/, {
              error: 'a currency of three letters',
            }),
            reference: text,
          },
          { error: 'an object or null' },
        )
        .nullish()
        .describe('Paid already, in major units: 50 and USD are 50 dollars.'),
    },
    { error: 'an object' },
  )
  .meta({
    id: 'BookingEvent',
    allOf: [
      {
        if: { properties: { kind: { enum: ['scheduled', 'rescheduled'] } } },
        then: {
          required: ['startsAt'],
          anyOf: [
            { required: ['endsAt'] },
            { required: ['durationMinutes'] },
            { required: ['allDay'], properties: { allDay: { const: true } } },
          ],
        },
      },
    ],
  });

/** Several events in one body: all of them are taken, or none. */
export const standardBatchSchema = z.looseObject(
  {
    events: z
      .array(standardEventSchema, { error: `a list of 1 to ${MAX_EVENTS} events` })
      .min(1, { error: `a list of 1 to ${MAX_EVENTS} events` })
      .max(MAX_EVENTS, { error: `a list of 1 to ${MAX_EVENTS} events` }),
  },
  { error: 'an object' },
);

/** The JSON Schema that is published as docs/sources/standard.schema.json. */
export function standardJsonSchema(): object {
  const schema = z.toJSONSchema(z.union([standardBatchSchema, standardEventSchema]), { io: 'input' });
  return { title: 'Booking Connector for Salesforce: body of a `standard` source', ...schema };
}
