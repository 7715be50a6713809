import { z } from 'zod';
import { compareOrg } from '../compare-org';
import { switchOrg } from '../switch-org';
import { named } from './named-org';
import { order } from './order';
import { held } from './org-orders';

const id = z.string().describe('The name of the connection.');

const org = z.strictObject({ id, salesforceOrgId: z.string().nullable(), ...named });

const comparison = z.strictObject({
  org: org.describe('The org that was looked at.'),
  present: org.nullable().describe('Where the bookings of the team go now; null: nowhere.'),
  isOther: z
    .boolean()
    .describe('The connection leads to another Salesforce org than before, and that one was looked at.'),
  settingsVersion: z.int().describe('The version of the settings that was compared; switching keeps it.'),
  differences: z
    .array(
      z.strictObject({
        check: z.string().describe('What is missing, in a few words.'),
        state: z
          .enum(['failure', 'warning'])
          .describe('failure: bookings would fail, or become the wrong records. warning: they would not be whole.'),
        why: z.string(),
        remedy: z.string(),
        setupUrl: z.string().nullable(),
        present: z
          .enum(['fine', 'same', 'notKnown'])
          .describe('How it is in the org that bookings go to now: fine, missing as well, or not known.'),
      }),
    )
    .describe('What the settings of the team need and this org lacks: failures first.'),
  fine: z.int().describe('Checks that came out fine.'),
  isReady: z.boolean().describe('Nothing is missing without which bookings would fail.'),
});

/** Orders about moving a team to another org. */
export const SWITCH_ORDERS = {
  compareOrg: order({ role: 'member', args: z.strictObject({ id }), answer: comparison, audited: null }, compareOrg),
  switchOrg: order(
    {
      role: 'admin',
      args: z.strictObject({
        id,
        anyway: z
          .boolean()
          .default(false)
          .describe('Also when something is missing without which bookings would fail.'),
        salesforceOrgId: z
          .string()
          .nullish()
          .describe('The org that was compared: refused when the connection leads elsewhere by now.'),
      }),
      answer: z.strictObject({ comparison, held }),
      audited: ['id', 'anyway', 'salesforceOrgId'],
    },
    switchOrg,
  ),
};
