import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OrgView } from '../../src/salesforce/org-view';
import { objectSchemaFromDescribe, type FieldSchema, type ObjectSchema } from '../../src/salesforce/schema';
import { field, orgView, picklist } from './schema';

/** Describes of real orgs that are part of the project, cut to what its tests use. */
export const OWN_DESCRIBES = join(__dirname, '../fixtures/salesforce/describe');

/** Whole describes of real orgs, kept beside the project or above it; null where there are none, as in a fresh clone. */
export function sharedDescribes(): string | null {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const shared = join(folder, 'shared/salesforce/describe');
    if (existsSync(shared)) return shared;
  }
  return null;
}

/** The objects that a folder has describes of. */
export function describesIn(folder: string): ObjectSchema[] {
  return readdirSync(folder)
    .filter((file) => /^[A-Z]\w*\.json$/.test(file))
    .map((file) => objectSchemaFromDescribe(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
}

/** How many fields an object of a real org has that nobody thinks of. */
const MORE_FIELDS = 60;
const WRITTEN = ['Lead', 'Contact', 'Account', 'Opportunity', 'Case', 'Event'];

/** An org with the package and as many fields as a real one: recorded ones where there are any, else made-up ones. */
export function fullOrgView(options: Parameters<typeof orgView>[0] = {}): OrgView & { isRecorded: boolean } {
  const folder = sharedDescribes();
  const described = folder === null ? [] : describesIn(folder);
  const ownRows = Array.from({ length: 10 }, (_, index) => field(`Own_${index}__c`));
  const fields = Object.fromEntries(
    WRITTEN.map((name): [string, FieldSchema[]] => {
      const recorded = Object.values(described.find((object) => object.name === name)?.fields ?? {});
      return [name, [...(recorded.length > 0 ? recorded : madeUp()), ...ownRows, ...(options.fields?.[name] ?? [])]];
    }),
  );
  return { ...orgView({ ...options, fields }), isRecorded: described.length > 0 };
}

function madeUp(): FieldSchema[] {
  return Array.from({ length: MORE_FIELDS }, (_, index) =>
    index % 6 === 0
      ? picklist(
          `More_${index}__c`,
          Array.from({ length: 40 }, (__, value) => `Value ${value}`),
        )
      : field(`More_${index}__c`),
  );
}
