import { z } from 'zod';
import { closeGate, openGate, readLanes, readStatus } from '../admin';
import { parkedOutcome } from './booking-orders';
import { budget } from './budget-orders';
import { finding } from './drift-orders';
import { refusedDelivery } from './delivery-orders';
import { instant, nothing, order } from './order';

const lane = z
  .strictObject({
    state: z
      .enum(['notStarted', 'held elsewhere', 'working', 'idle', 'saving', 'paused'])
      .describe('saving: API calls are scarce, and bookings wait for a larger batch.'),
    cause: z.string().nullable().describe('Why it pauses.'),
    remedy: z.string().nullable(),
  })
  .nullable()
  .describe('What the writer to this org does; null when no server runs.');

const org = z.strictObject({
  id: z.string(),
  loginUrl: z.string(),
  startedAt: instant.nullable().describe('When the start gate was opened; null: nothing is written.'),
  lane,
});

const gate = z.strictObject({ orgs: z.array(z.string()).describe('The orgs whose gate it is.') });

/** Orders about the connected orgs and how things are. */
export const ORG_ORDERS = {
  status: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        pending: z.int().describe('Bookings that are yet to be written.'),
        oldestPendingAt: instant.nullable(),
        orgs: z.array(org.extend({ budget })),
        sources: z.array(z.strictObject({ id: z.string(), kind: z.string(), webhookUrl: z.string() })),
        parked: z.array(
          z.strictObject({
            bookingId: z.string(),
            sourceId: z.string(),
            rootKey: z.string(),
            part: z.string(),
            outcome: parkedOutcome,
          }),
        ),
        drift: z.array(finding).describe('What changed in Salesforce and strikes bookings.'),
        refused: z.strictObject({ count: z.int(), newest: z.array(refusedDelivery) }),
      }),
      audited: null,
    },
    readStatus,
  ),
  lanes: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({ orgs: z.array(org) }),
      audited: null,
    },
    readLanes,
  ),
  openGate: order(
    {
      role: 'admin',
      args: z.strictObject({
        backlog: z.boolean().describe('Write the bookings received so far too; else only those from now on.'),
      }),
      answer: gate,
      audited: ['backlog'],
    },
    openGate,
  ),
  closeGate: order({ role: 'admin', args: nothing, answer: gate, audited: [] }, closeGate),
};
