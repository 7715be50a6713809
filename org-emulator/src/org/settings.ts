import { z } from 'zod';

const duplicateRule = z.strictObject({
  /** API name of the object whose rows are checked. */
  sobject: z.string(),
  /** Developer name, as the answer shows it. */
  name: z.string().default('Standard_Duplicate_Rule'),
  action: z.enum(['block', 'alert', 'report']),
  /** What the user is told. */
  message: z.string().default('Use one of these records?'),
  /** Rows match when all of these fields are equal, without case, and none of them is empty. */
  matchFields: z.array(z.string()).min(1).default(['Email']),
  /** The object that is searched, when it is another one. */
  matchObject: z.string().optional(),
  matchRule: z.string().default('Standard_Match_Rule_v1_1'),
  matchEngine: z.enum(['FuzzyMatchEngine', 'ExactMatchEngine']).default('FuzzyMatchEngine'),
});

/** One duplicate rule with its one matching rule. */
export type DuplicateRule = z.infer<typeof duplicateRule>;

const validationRule = z.strictObject({
  sobject: z.string(),
  /** The field that is looked at. */
  field: z.string(),
  refuses: z.enum(['blank', 'equal', 'notEqual']),
  /** What the field is compared with. */
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  /** What the user is told. */
  message: z.string(),
  /** The field beside which the message stands; at the top of the page when absent. */
  errorField: z.string().optional(),
});

/** A validation rule that looks at one field. */
export type ValidationRule = z.infer<typeof validationRule>;

/** Switches of the org. Where the facts about real orgs are open, the default is the stricter reading. */
export const settingsSchema = z.strictObject({
  /** Active duplicate rules, in order. A new real org has an `alert` rule on Account, Contact and Lead. */
  duplicateRules: z.array(duplicateRule).default([]),
  validationRules: z.array(validationRule).default([]),
  /** Whether a state must come with its country. */
  stateAndCountryPicklists: z.boolean().default(false),
  /** Whether deployed fields need a permission set that lists them. */
  fieldLevelSecurity: z.boolean().default(true),
  /** The org-wide default of activities. */
  activitySharing: z.enum(['private', 'controlledByParent']).default('private'),
  /** Objects whose rows are seen by their owner and users above him only. */
  privateObjects: z.array(z.string()).default([]),
  /** HTTP status of a row of its own that the user may not touch: both were seen. */
  noAccessStatus: z.union([z.literal(400), z.literal(403)]).default(403),
  /** Users whom an administrator let in beforehand: JWT bearer works for them without a consent. */
  preauthorizedUserIds: z.array(z.string()).default([]),
  /** Users who never followed the link in their welcome mail: `email_verified` is false of them. */
  unverifiedEmailUserIds: z.array(z.string()).default([]),
  /** The certificate or public key (PEM) that JWT bearer assertions are checked with. */
  jwtCertificate: z.string().optional(),
  /** What the Organization record says of the org. A scratch org is a `Developer Edition`, a sandbox, and expires. */
  organizationName: z.string().default('Emulated Org'),
  organizationType: z.string().default('Developer Edition'),
  isSandbox: z.boolean().default(false),
  instanceName: z.string().max(5).default('EMU1'),
  /** When a trial or scratch org ends; null for an org that does not. */
  trialExpirationDate: z.iso.datetime().nullable().default(null),
  /** Packages that are installed in the org, as the Tooling API lists them. */
  installedPackages: z
    .array(
      z.strictObject({
        name: z.string(),
        namespace: z.string().nullable().default(null),
        /** Four numbers: `1.2.0.3`. */
        version: z.string().regex(/^\d+\.\d+\.\d+\.\d+$/),
      }),
    )
    .default([]),
  /** False answers every call as an edition without API does. */
  apiEnabled: z.boolean().default(true),
  /** Whether the org has person accounts; they cannot be turned off again. */
  personAccounts: z.boolean().default(false),
  /** Whether an Event may have several people, given in `EventWhoIds`; cannot be turned off again. */
  sharedActivities: z.boolean().default(false),
  /** By object (Lead, Case): the id of the user or queue that the active assignment rule gives a row to. */
  assignmentRules: z.record(z.string(), z.string()).default({}),
  /**
   * What becomes of `{"Who":{"attributes":{"type":"Contact"},"Key__c":"x"}}`: it is taken, refused as a field that the
   * object does not have (INVALID_FIELD), or as what cannot be read (JSON_PARSER_ERROR).
   */
  nestedPolymorphicKeys: z.enum(['taken', 'unknown', 'notParsed']).default('taken'),
  /** Status of UNABLE_TO_LOCK_ROW on a row of its own: both were seen. */
  lockStatus: z.union([z.literal(400), z.literal(500)]).default(500),
  /** How long a bulk job is in progress, in milliseconds; 0 has it done by the next request. */
  bulkProcessingMs: z.number().int().min(0).default(0),
  /** How long a deployment or a retrieval is in progress, in milliseconds; 0 has it done by the next request. */
  metadataProcessingMs: z.number().int().min(0).default(0),
  /** Calls that the org may make in 24 hours. */
  dailyApiRequests: z.number().int().positive().default(15_000),
  /** How far the usage that an answer reports may be off, in calls; 0 reports the truth. */
  limitNoise: z.number().int().min(0).default(3),
  /** How long an access token lives. */
  sessionMinutes: z.number().positive().default(120),
  /** The user that client credentials run as; the administrator unless set. */
  clientCredentialsUserId: z.string().optional(),
  /**
   * Host in the identifiers of users (`id` of tokens and identities, `sub`): `https://login.salesforce.com` in a real org.
   * Unset, it is the emulator itself, as clients fetch that address and would leave the machine with their token.
   */
  identityHost: z.url().optional(),
  /** Whether a refresh gives a new refresh token and ends the old one. */
  rotateRefreshTokens: z.boolean().default(false),
  /** Days after which a refresh token dies that nobody used; null: never. */
  refreshTokenIdleDays: z.number().positive().nullable().default(null),
  /** Whether the consent page approves by itself, for the administrator or the user of `login_hint`. */
  autoApprove: z.boolean().default(false),
  /** Whether timed events may last longer than 24 hours, up to 14 days. */
  multiDayEvents: z.boolean().default(true),
  /** Whether an upsert by key finds an archived Event. */
  upsertFindsArchived: z.boolean().default(false),
});

/** The switches of an org. */
export type Settings = z.infer<typeof settingsSchema>;

/** Any of the switches, the others at their defaults. */
export type SettingsInput = z.input<typeof settingsSchema>;
