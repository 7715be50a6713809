import { valueOf, type Draft, type ObjectRules } from '../draft';
import { RowError } from '../row-error';

/** Objects whose rows join two records, of which there may be one row per pair. */
const PAIRS: [sobject: string, first: string, second: string][] = [
  ['EventRelation', 'EventId', 'RelationId'],
  ['PermissionSetAssignment', 'PermissionSetId', 'AssigneeId'],
];

/** Refuses a second row for the same pair. */
export const junctionRules: ObjectRules[] = PAIRS.map(([sobject, first, second]) => ({
  sobject,
  beforeSave: (draft: Draft): void => {
    if (draft.before) return;
    const { object, context } = draft;
    const field = object.field(first);
    const rows = field && context.org.store.table(object).lookup(field, valueOf(draft, first));
    const same = rows?.find((row) => row.IsDeleted !== true && row[second] === valueOf(draft, second));
    if (!same) return;
    throw new RowError(
      'DUPLICATE_VALUE',
      `duplicate value found: ${first} duplicates value on record with id: ${same.Id.slice(0, 15)}`,
    );
  },
}));
