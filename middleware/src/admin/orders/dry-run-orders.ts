import { z } from 'zod';
import { dryRunBody, dryRunLatest } from '../dry-run';
import { parts } from './booking-orders';
import { order } from './order';
import { namedSettings } from './settings-orders';

/** Bookings that settings are tried on at once: as many as a turn takes. */
const MOST_TRIED = 200;

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const planned = z.strictObject({
  bookingId: z.string().describe('Its Booking_Id__c.'),
  status: z.string(),
  steps: z
    .array(
      z.strictObject({
        step: z.string(),
        outcome: z.string(),
        before: z.unknown().optional(),
        after: value.optional(),
      }),
    )
    .describe('What was looked for, found and decided, in this order.'),
  writes: z.array(
    z.strictObject({
      action: z.enum(['create', 'update', 'delete']),
      sobject: z.string(),
      recordId: z.string().nullable(),
      fields: z.array(
        z.strictObject({
          field: z.string(),
          before: z.unknown().describe('What the record holds now; null for a new record and an empty field.'),
          after: value,
          rule: z.string().describe('What sets it.'),
        }),
      ),
    }),
  ),
  parts,
});

/** Orders that tell what would be written, and write nothing. */
export const DRY_RUN_ORDERS = {
  dryRunBody: order(
    {
      role: 'member',
      args: z.strictObject({
        source: z.string().min(1).describe('Id of a source, or a kind.'),
        body: z.string().describe('A webhook body, as text.'),
        ...namedSettings.shape,
      }),
      answer: z.union([
        z.strictObject({
          bookings: z.array(planned),
          apiCalls: z.int().describe('Calls that the turn would make.'),
        }),
        z.strictObject({ ignored: z.string() }),
        z.strictObject({ refused: z.array(z.strictObject({ field: z.string(), error: z.string() })) }),
      ]),
      audited: null,
    },
    dryRunBody,
  ),
  dryRunLatest: order(
    {
      role: 'member',
      args: z.strictObject({
        last: z.int().min(1).max(MOST_TRIED).describe('How many bookings: those that changed last.'),
        asNew: z.boolean().describe('As if they had never been written.'),
        ...namedSettings.shape,
      }),
      answer: z.strictObject({
        bookings: z.int().describe('How many were looked at.'),
        differences: z.array(
          z.strictObject({ bookingId: z.string(), now: planned.nullable(), then: planned.nullable() }),
        ),
      }),
      audited: null,
    },
    dryRunLatest,
  ),
};
