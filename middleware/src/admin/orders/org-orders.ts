import { z } from 'zod';
import { CHOICES } from '../../booking/hold.store';
import { closeGate, openGate, readLanes, readStatus } from '../admin';
import { parkedOutcome } from './booking-orders';
import { budget } from './budget-orders';
import { finding } from './drift-orders';
import { refusedDelivery } from './delivery-orders';
import { named } from './named-org';
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

const hold = z.strictObject({
  since: instant,
  from: z.string().nullable().describe('The connection that bookings went to before; null: to none.'),
});

const org = z.strictObject({
  id: z.string(),
  loginUrl: z.string(),
  ...named,
  startedAt: instant.nullable().describe('When the start gate was opened; null: nothing is written.'),
  held: hold
    .nullable()
    .describe('The team was moved to this org: nothing is written before the gate is opened with a choice.'),
  lane,
});

/** What a team that was moved to an org can choose from. */
export const held = hold.extend({
  future: z.int().describe('Bookings that are still to come.'),
  all: z.int().describe('Every booking that the connector knows.'),
  pending: z.int().describe('Those that wait to be written.'),
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
        orgs: z.array(org.extend({ budget, held: held.nullable() })),
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
        bookings: z
          .enum(CHOICES)
          .optional()
          .describe(
            'Which bookings are written. future: those that are still to come. all: those received so far too. none: only what arrives or changes from now on. Of a team that was moved to another org, future and all mean also what was written to the org of before.',
          ),
        backlog: z
          .boolean()
          .optional()
          .describe('The same in fewer words: true is all, and false is none. Not enough for a team that was moved.'),
      }),
      answer: gate,
      audited: ['bookings', 'backlog'],
    },
    openGate,
  ),
  closeGate: order({ role: 'admin', args: nothing, answer: gate, audited: [] }, closeGate),
};
