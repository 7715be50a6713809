import type { Org } from '../org/org';
import { recordAccessOf } from '../org/record-access';
import { normaliseId } from '../records/record-id';
import type { StoredRecord } from '../records/table';
import type { ConditionTree } from './condition';
import { parseLiteral } from './literal';
import { malformedQuery } from './query-error';

const MAX_RECORDS = 200;

/**
 * The rows that a query of UserRecordAccess looks at: one user, named by `UserId = …`, and up to 200 records, named by
 * `RecordId = …` or `RecordId IN (…)`, joined by AND.
 *
 * @throws ApiError MALFORMED_QUERY when the statement does not name them so.
 */
export function userRecordAccessRows(org: Org, where: ConditionTree | undefined): StoredRecord[] {
  const terms = where?.op === 'and' ? where.terms : where ? [where] : [];
  const [userId, ...otherUsers] = idsOf(terms, 'UserId', ['=']);
  const recordIds = idsOf(terms, 'RecordId', ['=', 'IN']);
  if (userId === undefined || otherUsers.length > 0 || recordIds.length === 0) {
    throw malformedQuery(
      'UserRecordAccess can only be queried by a single UserId and one or more RecordId, joined by AND',
    );
  }
  if (recordIds.length > MAX_RECORDS) {
    throw malformedQuery(`UserRecordAccess can be queried for no more than ${MAX_RECORDS} records at once`);
  }
  return recordIds.map((recordId) => recordAccessOf(org, userId, recordId));
}

function idsOf(terms: ConditionTree[], field: string, operators: string[]): string[] {
  return terms.flatMap((term) => {
    if (term.op !== 'is') return [];
    const { field: name, operator, value } = term.condition as { field?: string; operator: string; value?: unknown };
    if (name?.toLowerCase() !== field.toLowerCase() || !operators.includes(operator.toUpperCase())) return [];
    return [value].flat().flatMap((text) => {
      const literal = parseLiteral(String(text), 'STRING');
      return (literal?.kind === 'string' ? normaliseId(literal.value) : null) ?? [];
    });
  });
}
