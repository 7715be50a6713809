import { z } from 'zod';
import { BAD_VALUE } from './mapping-row';
import { CUSTOMER_OBJECTS, EXISTING_OBJECTS, MAPPED_OBJECTS } from './objects';
import { ownerRule } from './owner-rules';

export type { OwnerRule, OwnerRules } from './owner-rules';

/** What happens to a record that is there before the booking. */
export const EXISTING = ['leave', 'fillEmpty', 'overwrite'] as const;

/** One schema for each of some objects. */
export function perObject<Name extends string, T extends z.ZodType>(
  objects: readonly Name[],
  schema: (object: Name) => T,
): z.ZodObject<Record<Name, T>, z.core.$strict> {
  return z.strictObject(Object.fromEntries(objects.map((object) => [object, schema(object)])) as Record<Name, T>);
}

const developerName = z.string().min(1);
const username = z.string().min(1).describe('Username of an active Salesforce user.');
const campaignMember = z.strictObject({
  campaignId: z.string().min(15).max(18).nullable().default(null).describe('Used when the booking names none.'),
  status: z.string().min(1).max(40).nullable().default(null).describe("Member status; null: the campaign's default."),
});

/** Rules that are one value: a page that has its own replaces it as a whole. */
const wholeRules = {
  unknownCustomer: z
    .enum([...CUSTOMER_OBJECTS, 'None'])
    .describe('What an unknown customer becomes. None: nothing, and his booking is not written.'),
  alsoCreate: z
    .enum(['Case', 'Opportunity'])
    .nullable()
    .describe('A Case or Opportunity that every booking gets, unless its link names a related record; null for none.'),
  searchOrder: z.array(z.enum(CUSTOMER_OBJECTS)).min(1).describe('Where a known customer is looked for, in order.'),
  matchPhone: z.boolean().describe('Look for the phone number too, when nothing else leads to a record.'),
  ambiguous: z
    .enum(['park', 'mostRecentlyModified'])
    .describe('Two records equally good: wait for a human, or take the one changed last.'),
  hostUsers: z
    .record(z.string().min(3).max(320), username)
    .describe('Salesforce users of hosts who have another e-mail address there: a username by the e-mail of the host.'),
  fallbackOwner: username
    .nullable()
    .describe('Owner of Events whose host is no active Salesforce user, by username; null parks them.'),
  event: z.enum(['write', 'off']).describe('Whether bookings get an Activity Event.'),
  cancel: z
    .enum(['keep', 'delete'])
    .describe('The Event of a canceled booking stays with its status and reason, or is deleted.'),
  canceledPrefix: z
    .string()
    .min(1)
    .max(40)
    .nullable()
    .describe('Put before the subject of canceled Events, so that the timeline tells it; null for nothing.'),
  contactAccount: z
    .enum(['none', 'companyName', 'emailDomain', 'create'])
    .describe(
      'The Account of a new Contact: none, the one of that name, the one with the website of the e-mail domain (never of free-mail providers), or, failing the name, a new one.',
    ),
  campaignMember: campaignMember
    .nullable()
    .describe("Adds the person to the campaign whose record id is among the booking's campaign values; null: never."),
  guests: z
    .enum(['ignore', 'invite'])
    .describe('Guests who are Contacts, Leads or users become invitees of the Event.'),
  badValue: z
    .enum(BAD_VALUE)
    .describe('A value that does not fit its field: leave the field out, write its placeholder, or wait for a human.'),
  missingRequired: z
    .enum(['park', 'placeholder'])
    .describe('A required field without a value: wait for a human, or write the placeholder of its type.'),
};

const EXISTING_WORDS = 'What mapping rows without a "when" of their own do to existing records, by object.';
const OWNER_WORDS = 'Who owns new and existing records, by object.';
const RECORD_TYPE_WORDS =
  'Record type of new records, by object: its developer name, or its id where two share a name. Left out: the default of the API user.';

/** Every rule with its default; `rulesSchema` adds what holds between them. */
export const rulesShape = {
  ...wholeRules,
  alsoCreate: wholeRules.alsoCreate.default(null),
  matchPhone: wholeRules.matchPhone.default(false),
  hostUsers: wholeRules.hostUsers.default({}),
  existing: perObject(EXISTING_OBJECTS, () => z.enum(EXISTING).default('leave'))
    .prefault({})
    .describe(EXISTING_WORDS),
  owner: perObject(EXISTING_OBJECTS, () =>
    z
      .strictObject({
        onCreate: ownerRule.default({ kind: 'host' }),
        onExisting: ownerRule.default({ kind: 'keep' }),
      })
      .prefault({}),
  )
    .prefault({})
    .describe(OWNER_WORDS),
  recordTypes: perObject(MAPPED_OBJECTS, () => developerName.optional())
    .default({})
    .describe(RECORD_TYPE_WORDS),
  event: wholeRules.event.default('write'),
  cancel: wholeRules.cancel.default('keep'),
  canceledPrefix: wholeRules.canceledPrefix.default('Canceled: '),
  contactAccount: wholeRules.contactAccount.default('none'),
  campaignMember: wholeRules.campaignMember.default(null),
  guests: wholeRules.guests.default('ignore'),
  badValue: wholeRules.badValue.default('leaveOut'),
  missingRequired: wholeRules.missingRequired.default('park'),
};

/** The rules that hold where a page has none of its own. */
export const rulesSchema = z
  .strictObject(rulesShape)
  // Else a customer would be unknown at every booking, and his record written anew each time.
  .refine(
    ({ unknownCustomer, searchOrder }) =>
      unknownCustomer === 'None' || searchOrder.length === 0 || searchOrder.includes(unknownCustomer),
    {
      path: ['searchOrder'],
      error: 'Name the object that unknown customers become as well: they are known at their next booking.',
    },
  );
export type Rules = z.infer<typeof rulesSchema>;

/**
 * The rules that a page changes; the others are the team's. Nothing has a default here, at no depth: what is left out
 * must stay left out, or it would hide what the team decided.
 */
export const pageRulesSchema = z
  .strictObject({
    ...wholeRules,
    existing: perObject(EXISTING_OBJECTS, () => z.enum(EXISTING).optional()).describe(EXISTING_WORDS),
    owner: perObject(EXISTING_OBJECTS, () =>
      z.strictObject({ onCreate: ownerRule.optional(), onExisting: ownerRule.optional() }).optional(),
    ).describe(OWNER_WORDS),
    recordTypes: perObject(MAPPED_OBJECTS, () => developerName.nullable().optional()).describe(
      `${RECORD_TYPE_WORDS.replace('Left out:', "Left out: the team's. Null:")}`,
    ),
  })
  .partial();
export type PageRules = z.infer<typeof pageRulesSchema>;
