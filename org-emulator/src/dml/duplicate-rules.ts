import type { DuplicateRule } from '../org/settings';
import type { FieldValue, StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import type { Draft } from './draft';
import { RowError } from './row-error';

/**
 * Runs the org's duplicate rules over a new row, and over an update that changes a matched field.
 *
 * @throws RowError DUPLICATES_DETECTED: always under `block`, under `alert` unless the request allowed the save. Its
 * single-row answer carries the matches under the key that the platform really uses, `duplicateResut`.
 */
export function checkDuplicateRules(draft: Draft): void {
  const { org, duplicateRules: options } = draft.context;
  for (const rule of org.settings.duplicateRules) {
    if (rule.sobject.toLowerCase() !== draft.object.name.toLowerCase() || rule.action === 'report') continue;
    if (rule.action === 'alert' && options.allowSave) continue;
    const touched = rule.matchFields.some((name) => (draft.row[name] ?? null) !== (draft.before?.[name] ?? null));
    if (!touched) continue;
    const matched = org.schema.object(rule.matchObject ?? rule.sobject);
    if (!matched) continue;
    const matches = findMatches(draft, rule, matched);
    if (matches.length > 0) throw duplicatesDetected(draft, rule, matched, matches);
  }
}

function findMatches(draft: Draft, rule: DuplicateRule, object: ObjectSchema): StoredRecord[] {
  const wanted = rule.matchFields.map((name): [string, FieldValue] => [name, draft.row[name] ?? null]);
  if (wanted.some(([, value]) => value === null)) return [];
  const table = draft.context.org.store.table(object);
  const [firstName, firstValue] = wanted[0] ?? ['', null];
  const firstField = object.field(firstName);
  const candidates = (firstField && table.lookup(firstField, firstValue)) ?? table.all();
  return [...candidates].filter(
    (row) =>
      row.Id !== draft.id &&
      row.IsDeleted !== true &&
      wanted.every(([name, value]) => isSame(row[name] ?? null, value)),
  );
}

function isSame(a: FieldValue, b: FieldValue): boolean {
  return a !== null && b !== null && String(a).toLowerCase() === String(b).toLowerCase();
}

function duplicatesDetected(
  draft: Draft,
  rule: DuplicateRule,
  object: ObjectSchema,
  matches: StoredRecord[],
): RowError {
  const { apiVersion } = draft.context;
  return new RowError('DUPLICATES_DETECTED', rule.message, [], {
    extra: {
      duplicateResut: {
        allowSave: rule.action === 'alert',
        duplicateRule: rule.name,
        duplicateRuleEntityType: draft.object.name,
        errorMessage: rule.message,
        matchResults: [
          {
            entityType: object.name,
            errors: [],
            matchEngine: rule.matchEngine,
            matchRecords: matches.map((row) => ({
              additionalInformation: [],
              fieldDiffs: [],
              matchConfidence: 100.0,
              record: {
                attributes: {
                  type: object.name,
                  url: `/services/data/${apiVersion}/sobjects/${object.name}/${row.Id}`,
                },
                Id: row.Id,
              },
            })),
            rule: rule.matchRule,
            size: matches.length,
            success: true,
          },
        ],
      },
    },
  });
}
