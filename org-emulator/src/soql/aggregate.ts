import type { FieldFunctionExpression, GroupByClause, Query } from '@jetstreamapp/soql-parser-js';
import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import type { FieldValue, StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import { resolvePath, valueAt, type FieldPath } from './field-path';
import { malformedQuery, queryErrorAtName } from './query-error';

type Scope = { org: Org; access: UserAccess };
type Column = { name: string; of(rows: StoredRecord[]): FieldValue };

/** Whether a query answers groups instead of records. `SELECT COUNT()` answers a number and is none. */
export function isAggregate(query: Query): boolean {
  return (
    query.groupBy !== undefined ||
    (query.fields ?? []).some((column) => column.type === 'FieldFunctionExpression' && column.isAggregateFn === true)
  );
}

/**
 * Answers an aggregate query: COUNT, COUNT_DISTINCT, MIN, MAX, SUM and AVG, over all rows or GROUP BY fields.
 *
 * @throws ApiError for functions that it does not know and columns that are not grouped.
 */
export function aggregate(
  scope: Scope,
  object: ObjectSchema,
  query: Query,
  soql: string,
  rows: StoredRecord[],
): Record<string, unknown>[] {
  if (query.having) throw malformedQuery("unexpected token: 'HAVING'");
  const groupBy: GroupByClause[] = query.groupBy === undefined ? [] : [query.groupBy].flat();
  const groupPaths = groupBy.map((clause) => {
    if (!('field' in clause)) throw malformedQuery(`unexpected token: '${clause.fn.rawValue ?? ''}'`);
    return resolvePath(scope.access, object, clause.field, soql);
  });
  const columns = columnsOf(scope, object, query, soql, groupPaths);
  return groupRows(scope, object, rows, groupPaths).map((group) => ({
    attributes: { type: 'AggregateResult' },
    ...Object.fromEntries(columns.map((column) => [column.name, column.of(group)])),
  }));
}

function columnsOf(scope: Scope, object: ObjectSchema, query: Query, soql: string, groups: FieldPath[]): Column[] {
  let unnamed = 0;
  return (query.fields ?? []).map((column): Column => {
    if (column.type === 'FieldFunctionExpression') {
      const name = column.alias ?? `expr${unnamed++}`;
      return { name, of: functionOf(scope, object, column, soql) };
    }
    if (column.type !== 'Field' && column.type !== 'FieldRelationship')
      throw malformedQuery('unexpected token in SELECT');
    const name = column.type === 'Field' ? column.field : [...column.relationships, column.field].join('.');
    const path = resolvePath(scope.access, object, name, soql);
    if (!groups.some((group) => group.names.join('.') === path.names.join('.'))) {
      throw queryErrorAtName(soql, name, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${name}`);
    }
    const valueOfGroup = (rows: StoredRecord[]): FieldValue => {
      const [first] = rows;
      return first ? valueAt(scope.org, object, first, path) : null;
    };
    const alias = 'alias' in column ? column.alias : undefined;
    return { name: alias ?? path.field.name, of: valueOfGroup };
  });
}

function functionOf(
  scope: Scope,
  object: ObjectSchema,
  column: FieldFunctionExpression,
  soql: string,
): (rows: StoredRecord[]) => FieldValue {
  const [parameter] = column.parameters;
  const name = column.functionName.toUpperCase();
  if (typeof parameter !== 'string') throw malformedQuery(`unexpected token: '${column.rawValue ?? name}'`);
  const path = resolvePath(scope.access, object, parameter, soql);
  const values = (rows: StoredRecord[]): Exclude<FieldValue, null>[] =>
    rows.map((row) => valueAt(scope.org, object, row, path)).filter((value) => value !== null);
  const sum = (rows: StoredRecord[]): number => values(rows).reduce<number>((total, value) => total + Number(value), 0);
  switch (name) {
    case 'COUNT':
      return (rows) => values(rows).length;
    case 'COUNT_DISTINCT':
      return (rows) => new Set(values(rows)).size;
    case 'MIN':
      return (rows) =>
        values(rows).reduce<FieldValue>((min, value) => (min === null || value < min ? value : min), null);
    case 'MAX':
      return (rows) =>
        values(rows).reduce<FieldValue>((max, value) => (max === null || value > max ? value : max), null);
    case 'SUM':
      return (rows) => (values(rows).length === 0 ? null : sum(rows));
    case 'AVG':
      return (rows) => (values(rows).length === 0 ? null : sum(rows) / values(rows).length);
    default:
      throw malformedQuery(`unexpected token: '${column.rawValue ?? name}'`);
  }
}

function groupRows(scope: Scope, object: ObjectSchema, rows: StoredRecord[], paths: FieldPath[]): StoredRecord[][] {
  if (paths.length === 0) return [rows];
  const groups = new Map<string, StoredRecord[]>();
  for (const row of rows) {
    const key = JSON.stringify(paths.map((path) => valueAt(scope.org, object, row, path)));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
