import { z } from 'zod';
import { BAD_VALUE } from './mapping-row';
import { CUSTOMER_OBJECTS, EXISTING_OBJECTS, MAPPED_OBJECTS, type ExistingObject } from './objects';

const username = z.string().min(1).describe('Username of an active Salesforce user.');

const ownerRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keep').describe('The owner stays; on a new record: the API user.') }),
  z.strictObject({ kind: z.literal('host').describe("The host's user, else the fallback owner.") }),
  z.strictObject({ kind: z.literal('user').describe('A named user.'), username }),
  z.strictObject({
    kind: z.literal('queue').describe('A queue, for Lead and Case.'),
    queue: z.string().min(1).describe("The queue's developer name (Queue Name in Setup)."),
  }),
  z.strictObject({
    kind: z.literal('assignmentRules').describe("The org's active assignment rules, for Lead and Case."),
  }),
]);
/** Who shall own a record. */
export type OwnerRule = z.infer<typeof ownerRule>;

const ownerRules = z.strictObject({
  onCreate: ownerRule.default({ kind: 'host' }),
  onExisting: ownerRule.default({ kind: 'keep' }),
});
/** Who shall own the records of one object, new ones and those that are there. */
export type OwnerRules = z.infer<typeof ownerRules>;

/** What happens to a record that is there before the booking. */
const EXISTING = ['leave', 'fillEmpty', 'overwrite'] as const;

function perExistingObject<T extends z.ZodType>(schema: T): z.ZodObject<Record<ExistingObject, T>> {
  return z.strictObject(
    Object.fromEntries(EXISTING_OBJECTS.map((object) => [object, schema])) as Record<ExistingObject, T>,
  );
}

const recordTypes = z
  .strictObject(
    Object.fromEntries(MAPPED_OBJECTS.map((object) => [object, z.string().min(1).optional()])) as Record<
      (typeof MAPPED_OBJECTS)[number],
      z.ZodOptional<z.ZodString>
    >,
  )
  .describe('Record type of new records, by developer name or id. Left out: the default of the API user.');

/** Every rule without a default of its own; `rulesSchema` adds what holds between them. */
export const rulesShape = {
  unknownCustomer: z
    .enum([...CUSTOMER_OBJECTS, 'None'])
    .describe('What an unknown customer becomes. None: nothing, and his booking is not written.'),
  alsoCreate: z
    .enum(['Case', 'Opportunity'])
    .nullable()
    .default(null)
    .describe('A Case or Opportunity that every booking gets, unless its link names a related record; null for none.'),
  searchOrder: z.array(z.enum(CUSTOMER_OBJECTS)).min(1).describe('Where a known customer is looked for, in order.'),
  matchPhone: z
    .boolean()
    .default(false)
    .describe('Look for the phone number too, when nothing else leads to a record.'),
  ambiguous: z
    .enum(['park', 'mostRecentlyModified'])
    .describe('Two records equally good: wait for a human, or take the one changed last.'),
  existing: perExistingObject(z.enum(EXISTING).default('leave'))
    .prefault({})
    .describe('What mapping rows without a "when" of their own do to existing records.'),
  owner: perExistingObject(ownerRules.prefault({})).prefault({}).describe('Who owns new and existing records.'),
  fallbackOwner: username
    .nullable()
    .describe('Owner of Events whose host is no active Salesforce user; null parks them.'),
  recordTypes: recordTypes.default({}),
  event: z.enum(['write', 'off']).default('write').describe('Whether bookings get an Activity Event.'),
  cancel: z
    .enum(['keep', 'delete'])
    .default('keep')
    .describe('The Event of a canceled booking stays with its status and reason, or is deleted.'),
  canceledPrefix: z
    .string()
    .min(1)
    .max(40)
    .nullable()
    .default('Canceled: ')
    .describe('Put before the subject of canceled Events, so that the timeline tells it; null for nothing.'),
  contactAccount: z
    .enum(['none', 'companyName', 'emailDomain', 'create'])
    .default('none')
    .describe(
      'The Account of a new Contact: none, the one of that name, the one with the website of the e-mail domain (never of free-mail providers), or, failing the name, a new one.',
    ),
  campaignMember: z
    .strictObject({
      campaignId: z.string().min(15).max(18).nullable().default(null).describe('Used when the booking names none.'),
      status: z
        .string()
        .min(1)
        .max(40)
        .nullable()
        .default(null)
        .describe("Member status; null: the campaign's default."),
    })
    .nullable()
    .default(null)
    .describe('Adds the person to the campaign whose record id is among the booking’s campaign values; null: never.'),
  guests: z
    .enum(['ignore', 'invite'])
    .default('ignore')
    .describe('Guests who are Contacts, Leads or users become invitees of the Event.'),
  badValue: z
    .enum(BAD_VALUE)
    .default('leaveOut')
    .describe('A value that does not fit its field: leave the field out, write its placeholder, or wait for a human.'),
  missingRequired: z
    .enum(['park', 'placeholder'])
    .default('park')
    .describe('A required field without a value: wait for a human, or write the placeholder of its type.'),
};

/** The rules that hold where a page has none of its own. */
export const rulesSchema = z
  .strictObject(rulesShape)
  // Else a customer would be unknown at every booking, and his record written anew each time.
  .refine(({ unknownCustomer, searchOrder }) => unknownCustomer === 'None' || searchOrder.includes(unknownCustomer), {
    path: ['searchOrder'],
    error: 'Name the object that unknown customers become as well: they are known at their next booking.',
  });
export type Rules = z.infer<typeof rulesSchema>;

/** The rules that a page changes; the others are the team's. No defaults: what is left out must stay left out. */
export const pageRulesSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(rulesShape).map(([name, rule]) => [
      name,
      withoutDefault(rule)
        .optional()
        .describe(rule.description ?? ''),
    ]),
  ) as {
    [Name in keyof typeof rulesShape]: z.ZodOptional<z.ZodType<z.output<(typeof rulesShape)[Name]>>>;
  },
);

function withoutDefault(rule: z.ZodType): z.ZodType {
  return rule instanceof z.ZodDefault || rule instanceof z.ZodPrefault ? (rule.unwrap() as z.ZodType) : rule;
}
