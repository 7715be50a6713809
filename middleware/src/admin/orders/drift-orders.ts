import { z } from 'zod';
import { FINDING_KINDS } from '../../drift/finding';
import { readDrift } from '../drift';
import { instant, nothing, order } from './order';

/** A change in an org that strikes bookings. */
export const finding = z.strictObject({
  orgId: z.string(),
  kind: z.enum(FINDING_KINDS),
  severity: z
    .enum(['error', 'warning'])
    .describe('error: bookings will wait for a human, or become the wrong records. warning: they are not whole.'),
  sobject: z.string().nullable(),
  field: z.string().nullable(),
  pages: z.array(z.string()).describe('The pages that it strikes, as the settings name them.'),
  isTeamWide: z.boolean().describe('It strikes every page without something of its own, also one not seen yet.'),
  what: z.string().describe('What changed and what follows. It may name hosts, never a customer.'),
  remedy: z.string(),
  foundAt: instant,
});

/** Orders about what has changed in Salesforce. */
export const DRIFT_ORDERS = {
  listDrift: order(
    { role: 'member', args: nothing, answer: z.strictObject({ drift: z.array(finding) }), audited: null },
    async (deps, _args, actor) => ({ drift: await readDrift(deps, actor) }),
  ),
};
