import { z } from 'zod';
import { leastPermissions, runDoctor } from '../doctor';
import { nothing, order } from './order';

const line = z.strictObject({
  check: z.string().describe('What was looked at; the same from run to run. A right is named as "Edit Lead.Phone".'),
  state: z.enum(['ok', 'warning', 'failure']),
  why: z.string().describe('What was found, and why it matters.'),
  remedy: z.string().nullable().describe('What to do; null where there is nothing to do.'),
  setupUrl: z.string().nullable().describe('Where in Setup.'),
});

/** Orders about the rights in Salesforce and what else the settings need of the org. */
export const DOCTOR_ORDERS = {
  doctor: order(
    { role: 'member', args: nothing, answer: z.strictObject({ lines: z.array(line) }), audited: null },
    runDoctor,
  ),
  permissions: order(
    {
      role: 'member',
      args: z.strictObject({
        links: z
          .enum(['yes', 'no'])
          .default('no')
          .describe('Whether booking links name Accounts, Cases or Opportunities, which then have to be seen.'),
      }),
      answer: z.strictObject({
        name: z.string().describe('API name of the permission set.'),
        path: z.string().describe('Where it belongs in a folder of the source format.'),
        xml: z.string(),
        rights: z.array(z.strictObject({ name: z.string(), reasons: z.array(z.string()) })),
      }),
      audited: null,
    },
    leastPermissions,
  ),
};
