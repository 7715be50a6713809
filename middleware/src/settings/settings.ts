import { z } from 'zod';
import { DEFAULT_MAPPINGS } from './default-mappings';
import { fieldName, mappingRowSchema } from './mapping-row';
import { MAPPED_OBJECTS, type MappedObject } from './objects';
import { DEFAULT_PLACEHOLDERS, placeholdersSchema } from './placeholders';
import { pageRulesSchema, rulesSchema } from './rules';

function perMappedObject<T extends z.ZodType>(
  schema: (object: MappedObject) => T,
): z.ZodObject<Record<MappedObject, T>> {
  return z.strictObject(
    Object.fromEntries(MAPPED_OBJECTS.map((object) => [object, schema(object)])) as Record<MappedObject, T>,
  );
}

const chosenValues = z.record(fieldName, z.strictObject({ text: z.string().min(1) }));
const required = perMappedObject(() => chosenValues.optional());

const pageSchema = z.strictObject({
  name: z.string().optional().describe('The name of the page, for whoever reads this.'),
  enabled: z.boolean().default(true).describe('Bookings of a page that is switched off are kept and not written.'),
  rules: pageRulesSchema.optional().describe('Rules that are different for this page.'),
  mappings: perMappedObject(() => z.array(mappingRowSchema).optional())
    .optional()
    .describe("Rows of this page. A field that has rows here does not use the team's rows."),
  required: required.optional().describe('Values of this page for required fields that a booking gives no value for.'),
});

/** What the admin of a team decided. Published as JSON Schema; every save is a new version. */
export const settingsSchema = z
  .strictObject({
    rules: rulesSchema,
    mappings: perMappedObject((object) => z.array(mappingRowSchema).default(() => DEFAULT_MAPPINGS[object])),
    required: required.describe(
      'Values for required fields that the booking gives no value for. Without one, the rule missingRequired counts.',
    ),
    placeholders: placeholdersSchema.default(DEFAULT_PLACEHOLDERS),
    newPages: z
      .enum(['on', 'off'])
      .default('on')
      .describe('Whether bookings of pages that are not named under "pages" are written.'),
    pages: z
      .record(z.string().min(3).max(300), pageSchema)
      .default({})
      .describe('What is different for a page, by <source id>:<page id>.'),
  })
  .superRefine(({ rules, pages }, context) => {
    for (const [key, page] of Object.entries(pages)) {
      const merged = rulesSchema.safeParse({ ...rules, ...page.rules });
      for (const { path, message } of merged.error?.issues ?? []) {
        context.addIssue({ code: 'custom', path: ['pages', key, 'rules', ...path], message });
      }
    }
  });
export type Settings = z.infer<typeof settingsSchema>;
/** What a page has of its own. */
export type PageOverride = Settings['pages'][string];

/** One saved version of a team's settings. */
export interface SettingsVersion {
  teamId: string;
  version: number;
  settings: Settings;
}

/** Settings that cannot be read: every problem with its place in the document. */
export class InvalidSettingsError extends Error {
  override readonly name = 'InvalidSettingsError';
  readonly code = 'INVALID_SETTINGS';

  constructor(readonly problems: { field: string; error: string }[]) {
    super(`The settings are not valid: ${problems.map(({ field: at, error }) => `${at}: ${error}`).join('; ')}`);
  }
}

/**
 * Reads a settings document. What it does not say, and has a default, gets it.
 * @throws InvalidSettingsError with every problem at once.
 */
export function parseSettings(document: unknown): Settings {
  const parsed = settingsSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new InvalidSettingsError(
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(document)', error: message })),
  );
}

/** Works in a plain org, before the admin has decided anything. */
export const DEFAULT_SETTINGS: Settings = parseSettings({
  rules: {
    unknownCustomer: 'Lead',
    searchOrder: ['Contact', 'Lead'],
    ambiguous: 'park',
    fallbackOwner: null,
  },
  mappings: {},
  required: {},
});
