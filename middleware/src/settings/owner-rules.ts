import { z } from 'zod';

/** The objects whose records a queue can own, and that Salesforce has assignment rules for. */
export const QUEUE_OBJECTS: ReadonlySet<string> = new Set(['Lead', 'Case']);

export const ownerRule = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('keep').describe('The owner stays; on a new record: the API user.') }),
    z.strictObject({ kind: z.literal('host').describe("The host's user, else the fallback owner.") }),
    z.strictObject({
      kind: z.literal('user').describe('A named user.'),
      username: z.string().min(1).describe('Username of an active Salesforce user.'),
    }),
    z.strictObject({
      kind: z.literal('queue').describe('A queue, for Lead and Case.'),
      queue: z.string().min(1).describe("The queue's developer name (Queue Name in Setup)."),
    }),
    z.strictObject({
      kind: z.literal('assignmentRules').describe("The org's active assignment rules, for Lead and Case."),
    }),
  ])
  .meta({ id: 'OwnerRule', description: 'Who shall own a record.' });
/** Who shall own a record. */
export type OwnerRule = z.infer<typeof ownerRule>;

/** Who shall own the records of one object, new ones and those that are there. */
export interface OwnerRules {
  onCreate: OwnerRule;
  onExisting: OwnerRule;
}
