import { z } from 'zod';
import { readBudgets, setBudget } from '../budget';
import { instant, order } from './order';

const reservePercent = z
  .int()
  .min(0)
  .max(95)
  .describe("Percent of the org's daily API calls that is left to other applications.");
// A turn takes two calls, a first one three, and more where rows fail.
const dailyCap = z.int().min(10).nullable().describe('Most calls in 24 hours; null: no cap.');
const org = z.string().optional().describe('One org; left out: all of them.');
const counts = z.record(z.string(), z.int());

/** What may be spent and was spent of an org's API calls. */
export const budget = z.strictObject({
  orgId: z.string(),
  lanes: z.int().describe("Lanes that share the org's bookings."),
  reservePercent: z.int(),
  dailyCap: z.int().nullable(),
  gauge: z
    .strictObject({ used: z.int(), max: z.int(), seenAt: instant })
    .nullable()
    .describe("The org's own count, of every application; null before it was first seen."),
  left: z.int().nullable().describe('Calls that may still be made; null before the gauge was first seen.'),
  ceiling: z.int().nullable(),
  limit: z.string().nullable().describe('What binds.'),
  batchLimit: z.int().describe('Bookings that the org bears in one turn.'),
  nextProbeAt: instant.nullable().describe('When an org of which nothing may be spent is tried again.'),
  overviewUrl: z.string().nullable().describe("The org's own page of its use."),
  calls: z
    .strictObject({
      total: z.int(),
      byPurpose: counts,
      perHour: z.array(z.strictObject({ hour: instant, calls: z.int(), byPurpose: counts })).describe('Oldest first.'),
    })
    .describe('Own calls of the last 24 hours, in whole hours.'),
});
const budgets = z.strictObject({ budgets: z.array(budget) });

/** Orders about the API calls of the connected orgs. */
export const BUDGET_ORDERS = {
  readBudgets: order(
    { role: 'member', args: z.strictObject({ org }), answer: budgets, audited: null },
    async (deps, args) => ({ budgets: await readBudgets(deps, args) }),
  ),
  setBudget: order(
    {
      role: 'admin',
      args: z.strictObject({
        org,
        reservePercent: reservePercent.optional(),
        dailyCap: dailyCap.optional(),
        lanes: z.union([z.literal(1), z.literal(2)]).optional(),
      }),
      answer: budgets,
      audited: ['org', 'reservePercent', 'dailyCap', 'lanes'],
    },
    async (deps, args) => ({ budgets: await setBudget(deps, args) }),
  ),
};
