import { z } from 'zod';
import { DEFAULT_MAPPINGS } from './default-mappings';
import { fieldName, mappingRowSchema } from './mapping-row';
import { mergeRules } from './merge-rules';
import { MAPPED_OBJECTS } from './objects';
import { DEFAULT_PLACEHOLDERS, placeholdersSchema } from './placeholders';
import { pageRulesSchema, perObject, rulesSchema } from './rules';

const chosenValues = z
  .record(fieldName, z.strictObject({ text: z.string().min(1).max(32_000) }))
  .meta({ id: 'ChosenValues', description: 'A fixed text for each field, by its name.' });
const required = perObject(MAPPED_OBJECTS, () => chosenValues.optional());

/** What is different for a page. */
export const pageSchema = z.strictObject({
  name: z.string().optional().describe('The name of the page, for whoever reads this.'),
  enabled: z.boolean().default(true).describe('Bookings of a page that is switched off are kept and not written.'),
  rules: pageRulesSchema
    .optional()
    .describe('Rules that are different for this page. What is left out is as the team has it.'),
  mappings: perObject(MAPPED_OBJECTS, () => z.array(mappingRowSchema).optional())
    .optional()
    .describe("Rows of this page. A field that has rows here does not use the team's rows."),
  required: required.optional().describe('Values of this page for required fields that a booking gives no value for.'),
});

/** What the admin of a team decided. Published as JSON Schema; every save is a new version. */
export const settingsSchema = z
  .strictObject({
    rules: rulesSchema,
    mappings: perObject(MAPPED_OBJECTS, (object) =>
      z
        .array(mappingRowSchema)
        .default(() => structuredClone(DEFAULT_MAPPINGS[object]))
        .describe('Which fields get which values. Left out: the rows that the connector comes with.'),
    ),
    required: required.describe(
      'Values for required fields that the booking gives no value for. Without one, the rule missingRequired counts.',
    ),
    placeholders: placeholdersSchema
      .default(DEFAULT_PLACEHOLDERS)
      .describe('What the rule missingRequired writes with "placeholder", by type of field.'),
    newPages: z
      .enum(['on', 'off'])
      .default('on')
      .describe('Whether bookings of pages that are not named under "pages" are written.'),
    pages: z
      .record(
        z
          .string()
          .max(300)
          .regex(/^[a-z0-9][a-z0-9-]{0,29}:[^]+$/, 'Name pages by <source id>:<page id>.'),
        pageSchema,
      )
      .default({})
      .describe('What is different for a page, by <source id>:<page id>.'),
  })
  .superRefine(({ rules, pages }, context) => {
    for (const [key, page] of Object.entries(pages)) {
      const merged = rulesSchema.safeParse(mergeRules(rules, page.rules));
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
 * Reads a settings document, in normal form: its keys are in the order of the schema, pages and chosen values in the
 * order of their names. What it does not say, and has a default, gets it. A `$schema` beside its parts is for editors.
 *
 * @throws InvalidSettingsError with every problem at once.
 */
export function parseSettings(document: unknown): Settings {
  const parsed = settingsSchema.safeParse(withoutSchemaKey(document));
  if (parsed.success) return inOrder(parsed.data);
  throw new InvalidSettingsError(
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(document)', error: message })),
  );
}

function withoutSchemaKey(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  return Object.fromEntries(Object.entries(document).filter(([key]) => key !== '$schema'));
}

/** Two documents that say the same come out as the same text, whatever the store did to the order of keys. */
function inOrder(settings: Settings): Settings {
  return {
    ...settings,
    required: chosenInOrder(settings.required),
    pages: byKey(settings.pages, (page) =>
      page.required === undefined ? page : { ...page, required: chosenInOrder(page.required) },
    ),
  };
}

function chosenInOrder(chosen: Settings['required']): Settings['required'] {
  return Object.fromEntries(
    Object.entries(chosen).map(([object, fields]) => [object, fields && byKey(fields, (value) => value)]),
  );
}

function byKey<T>(values: Record<string, T>, of: (value: T) => T): Record<string, T> {
  const keys = Object.keys(values).sort();
  return Object.fromEntries(keys.map((key) => [key, of(values[key] as T)]));
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
