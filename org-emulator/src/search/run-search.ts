import { readField } from '../records/read-field';
import type { StoredRecord } from '../records/table';
import type { Field, FieldType } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import { runQuery, type QueryContext } from '../soql/run-query';
import { parseSosl, type Returning, type SearchGroup } from './parse-sosl';
import { malformedSearch } from './search-error';
import { parseSearchExpression, wordsOf, type SearchExpression } from './search-expression';

const TEXT_TYPES: readonly FieldType[] = ['string', 'textarea', 'email', 'phone', 'url', 'combobox'];

/**
 * Runs a search over the org's records. Unlike a real org's, its index is never behind.
 *
 * @returns the records in the order of RETURNING, each with the fields asked for.
 * @throws ApiError MALFORMED_SEARCH for a statement that is refused; the query errors for columns and objects.
 */
export function runSearch(context: QueryContext, sosl: string): Record<string, unknown>[] {
  const statement = parseSosl(sosl);
  const expression = parseSearchExpression(statement.expression);
  const returning = statement.returning ?? everything(context);
  const found = returning.flatMap((entry) => searchObject(context, entry, statement.group, expression));
  return found.slice(0, statement.limit);
}

function searchObject(
  context: QueryContext,
  { sobject, fields, clauses }: Returning,
  group: SearchGroup,
  expression: SearchExpression,
): Record<string, unknown>[] {
  const object = context.access.object(sobject);
  if (object && !object.flags.searchable) throw malformedSearch(`entity type ${object.name} does not support search`);
  const searched = object?.fields.filter((field) => isSearched(object, field, group)) ?? [];
  const matches = (row: StoredRecord): boolean => {
    const texts = searched.flatMap((field) => {
      const value = object && readField(context.org, object, row, field);
      return typeof value === 'string' ? [wordsOf(value)] : [];
    });
    return expression(texts);
  };
  return runQuery(context, `SELECT ${fields} FROM ${sobject} ${clauses}`, matches).records;
}

function isSearched(object: ObjectSchema, field: Field, group: SearchGroup): boolean {
  switch (group) {
    case 'NAME':
      return field.nameField || (field.name === 'Subject' && !object.fields.some(({ nameField }) => nameField));
    case 'EMAIL':
      return field.type === 'email';
    case 'PHONE':
      return field.type === 'phone';
    case 'ALL':
      return TEXT_TYPES.includes(field.type);
  }
}

function everything({ access }: QueryContext): Returning[] {
  return access.objects
    .filter(({ flags }) => flags.searchable && flags.queryable)
    .map(({ name }) => ({ sobject: name, fields: 'Id', clauses: '' }));
}
