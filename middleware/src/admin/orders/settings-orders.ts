import { z } from 'zod';
import { settingsSchema } from '../../settings/settings';
import {
  checkNamedSettings,
  diffNamedSettings,
  exportSettings,
  importSettings,
  listVersions,
  rollBackSettings,
} from '../settings';
import { instant, nothing, order } from './order';

// In the query of a URL it is text.
const version = z.coerce.number<number | string>().int().min(0).describe('0: what the connector comes with.');
const savedVersion = z.int().min(0).describe('A saved version; 0: what the connector comes with.');
const document = z.unknown().describe('A settings document, see docs/settings.md.');
const expectedVersion = version
  .optional()
  .describe('The version that it was made from: refused when another was saved meanwhile.');

/** Settings that are meant: a saved version, or a document. Neither: the newest version. */
export const namedSettings = z.strictObject({ version: savedVersion.optional(), document: document.optional() });

const problems = z
  .array(
    z.strictObject({
      field: z.string().describe('Where in the document: mappings.Lead.3.text.'),
      code: z.string(),
      error: z.string().describe('What is wrong, as a sentence without its full stop.'),
      remedy: z.string().describe('What to do.'),
      severity: z.enum(['error', 'warning']).describe('Errors keep a document from being saved; warnings do not.'),
      sobject: z.string().nullable(),
      sobjectField: z.string().nullable(),
    }),
  )
  .describe('Errors first.');
const notChecked = z.string().nullable().describe('Why the org was not asked, in a sentence; null when it was.');
const saved = { version: z.int(), problems: problems.describe('Warnings.'), notChecked };
const changes = z
  .array(
    z.strictObject({
      path: z.string().describe('rules.cancel, mappings.Lead.Company, pages.cal:intro.enabled.'),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
    }),
  )
  .describe('Without "before" it is new, without "after" it is gone.');

/** Orders about what the admin of a team decided, and the versions of it. */
export const SETTINGS_ORDERS = {
  exportSettings: order(
    {
      role: 'member',
      args: z.strictObject({ version: version.optional() }),
      answer: z.strictObject({
        version: z.int().describe('0: nobody has decided anything yet.'),
        settings: settingsSchema,
      }),
      audited: null,
    },
    exportSettings,
  ),
  importSettings: order(
    {
      role: 'admin',
      args: z.strictObject({ document, expectedVersion }),
      answer: z.strictObject(saved),
      audited: ['expectedVersion'],
    },
    (deps, args, { name }) => importSettings(deps, { ...args, author: name }),
  ),
  checkSettings: order(
    {
      role: 'member',
      args: namedSettings,
      answer: z.strictObject({ isAccepted: z.boolean(), problems, notChecked }),
      audited: null,
    },
    checkNamedSettings,
  ),
  diffSettings: order(
    {
      role: 'member',
      args: z.strictObject({ from: namedSettings, to: namedSettings }),
      answer: z.strictObject({ changes }),
      audited: null,
    },
    diffNamedSettings,
  ),
  listSettingsVersions: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        versions: z
          .array(z.strictObject({ version: z.int(), author: z.string(), createdAt: instant }))
          .describe('The newest first.'),
      }),
      audited: null,
    },
    listVersions,
  ),
  rollBackSettings: order(
    {
      role: 'admin',
      args: z.strictObject({ version: savedVersion, expectedVersion }),
      answer: z.strictObject({ ...saved, changes }),
      audited: ['version', 'expectedVersion'],
    },
    (deps, args, { name }) => rollBackSettings(deps, { ...args, author: name }),
  ),
};
