import { z } from 'zod';

/** Person records that an unknown customer can become. */
export const PERSON_OBJECTS = ['Lead', 'Contact'] as const;
export type PersonObject = (typeof PERSON_OBJECTS)[number];

/** Records that a booking can be related to, besides its person. */
export const RELATED_OBJECTS = ['Account', 'Opportunity', 'Case'] as const;
export type RelatedObject = (typeof RELATED_OBJECTS)[number];

/** When a mapping row writes: at every change, only into an empty field, or only when the record is created. */
const WHEN = ['always', 'onlyIfEmpty', 'onCreate'] as const;

const field = z.string().min(1).max(80).describe('API name of the Salesforce field, without a namespace prefix.');

const mappingRow = z
  .strictObject({
    field,
    from: z.string().min(1).optional().describe('A value of the booking, such as customer.company.'),
    text: z.string().optional().describe('A fixed text; {page.name} and the like are replaced by values.'),
    when: z.enum(WHEN).default('always'),
    cut: z
      .boolean()
      .default(false)
      .describe('Cut text at the length of the field. Otherwise text that is too long is refused.'),
  })
  .refine(({ from, text }) => (from === undefined) !== (text === undefined), 'Give either "from" or "text".');
export type MappingRow = z.infer<typeof mappingRow>;

const fixedValues = z.record(field, z.strictObject({ text: z.string().min(1) }));

const user = z.string().min(1).describe('Username of an active Salesforce user.');

/** What the admin of a team decided. Published as JSON Schema; every save is a new version. */
export const settingsSchema = z.strictObject({
  rules: z
    .strictObject({
      unknownCustomer: z.enum(PERSON_OBJECTS).describe('What an unknown customer becomes.'),
      searchOrder: z.array(z.enum(PERSON_OBJECTS)).min(1).describe('Where a known customer is looked for, in order.'),
      ambiguous: z
        .enum(['park', 'mostRecentlyModified'])
        .describe('Two records equally good: wait for a human, or take the one changed last.'),
      fallbackOwner: user.nullable().describe('Owner of Events whose host is no Salesforce user; null parks them.'),
    })
    // Else a customer would be unknown at every booking, and his record written anew each time.
    .refine(({ unknownCustomer, searchOrder }) => searchOrder.length === 0 || searchOrder.includes(unknownCustomer), {
      path: ['searchOrder'],
      error: 'Name the object that unknown customers become as well: they are known at their next booking.',
    }),
  mappings: z.strictObject({
    Lead: z.array(mappingRow),
    Contact: z.array(mappingRow),
    Event: z.array(mappingRow),
  }),
  required: z
    .strictObject({ Lead: fixedValues.optional(), Contact: fixedValues.optional() })
    .describe(
      'Values for required fields that the booking gives no value for. Without one, the record waits for a human.',
    ),
});
export type Settings = z.infer<typeof settingsSchema>;

/** One saved version of a team's settings. */
export interface SettingsVersion {
  teamId: string;
  version: number;
  settings: Settings;
}

const row = (fieldName: string, from: string, more: Partial<MappingRow> = {}): MappingRow => ({
  field: fieldName,
  from,
  when: 'always',
  cut: false,
  ...more,
});

/** Works in a plain org, before the admin has decided anything. */
export const DEFAULT_SETTINGS: Settings = {
  rules: {
    unknownCustomer: 'Lead',
    searchOrder: ['Contact', 'Lead'],
    ambiguous: 'park',
    fallbackOwner: null,
  },
  mappings: {
    Lead: [
      row('FirstName', 'customer.firstName', { when: 'onCreate', cut: true }),
      row('LastName', 'customer.lastName', { when: 'onCreate', cut: true }),
      row('Email', 'customer.email', { when: 'onCreate' }),
      row('Phone', 'customer.phone', { when: 'onCreate', cut: true }),
      row('Company', 'customer.company', { when: 'onCreate', cut: true }),
    ],
    Contact: [
      row('FirstName', 'customer.firstName', { when: 'onCreate', cut: true }),
      row('LastName', 'customer.lastName', { when: 'onCreate', cut: true }),
      row('Email', 'customer.email', { when: 'onCreate' }),
      row('Phone', 'customer.phone', { when: 'onCreate', cut: true }),
    ],
    Event: [
      row('Subject', 'booking.subject', { cut: true }),
      row('Location', 'booking.location', { cut: true }),
      row('Description', 'booking.description', { cut: true }),
      row('Event_Status__c', 'booking.status'),
      row('Cancel_Reschedule_Reason__c', 'booking.reason', { cut: true }),
      row('Meeting_Type__c', 'page.name', { cut: true }),
      row('Campaign__c', 'campaign.utm_campaign', { cut: true }),
      row('Booking_Source__c', 'source.id', { cut: true }),
    ],
  },
  required: {},
};

/** Settings that cannot be read: every problem with its place in the document. */
export class InvalidSettingsError extends Error {
  override readonly name = 'InvalidSettingsError';
  readonly code = 'INVALID_SETTINGS';

  constructor(readonly problems: { field: string; error: string }[]) {
    super(`The settings are not valid: ${problems.map(({ field: at, error }) => `${at}: ${error}`).join('; ')}`);
  }
}

/**
 * Reads a settings document.
 * @throws InvalidSettingsError with every problem at once.
 */
export function parseSettings(document: unknown): Settings {
  const parsed = settingsSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new InvalidSettingsError(
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(document)', error: message })),
  );
}
