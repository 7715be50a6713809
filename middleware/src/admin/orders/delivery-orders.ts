import { z } from 'zod';
import { retry } from '../admin';
import { listRefused, replayDelivery } from '../replay';
import { instant, next, order, pageSize } from './order';

const rowId = z
  .string()
  .regex(/^\d{1,18}$/)
  .describe('Id of a delivery.');

/** A delivery that was not understood. */
export const refusedDelivery = z.strictObject({
  id: rowId,
  sourceId: z.string(),
  receivedAt: instant,
  faults: z.array(z.strictObject({ field: z.string(), error: z.string() })).describe('What is wrong with its body.'),
  isKept: z.boolean().describe('Whether its body is still there, so that it can be replayed.'),
});

const replayed = z.strictObject({
  stored: z.int().describe('Understood now: their bookings are made.'),
  ignored: z.int().describe('Understood now, and about no booking.'),
  refused: z.int().describe('Still not understood.'),
  failed: z.int().describe('Could not be stored; they stay refused.'),
});

/** Orders about deliveries that were not understood, and to try everything again. */
export const DELIVERY_ORDERS = {
  retry: order(
    {
      role: 'member',
      args: z.strictObject({
        bookingId: z.string().nullable().describe('Null: all of them, and the refused deliveries too.'),
        after: rowId
          .nullable()
          .optional()
          .describe('"next" of the answer before: goes on with the refused deliveries.'),
      }),
      answer: z.strictObject({ retried: z.int(), replayed, next: rowId.nullable() }),
      audited: ['bookingId'],
    },
    retry,
  ),
  listRefused: order(
    {
      role: 'member',
      args: z.strictObject({ after: rowId.optional().describe('"next" of the answer before.'), limit: pageSize }),
      answer: z.strictObject({ count: z.int().describe('Of all.'), deliveries: z.array(refusedDelivery), next }),
      audited: null,
    },
    listRefused,
  ),
  replayDelivery: order(
    {
      role: 'member',
      args: z.strictObject({ id: rowId }),
      answer: z.strictObject({
        outcome: z
          .enum(['stored', 'ignored', 'refused', 'failed', 'duplicate'])
          .describe('duplicate: somebody else was faster.'),
      }),
      audited: ['id'],
    },
    replayDelivery,
  ),
};
