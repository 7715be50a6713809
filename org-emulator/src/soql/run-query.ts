import type { OrderByClause, Query, Subquery } from '@jetstreamapp/soql-parser-js';
import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import { canReadRow } from '../org/sharing';
import { isArchived } from '../records/read-field';
import type { StoredRecord } from '../records/table';
import { apiError } from '../rest/api-error';
import type { ObjectSchema } from '../schema/object-schema';
import { aggregate, isAggregate } from './aggregate';
import { conditionTree } from './condition';
import { orderOf } from './criterion';
import { resolvePath, valueAt } from './field-path';
import { compileFilter, withoutAlias } from './filter';
import { parseSoql } from './parse';
import { malformedQuery, noSuchColumn, noSuchObject, noSuchRelationship, queryErrorAtName } from './query-error';
import { compileSelect, type ChildQuery } from './select-list';
import { virtualRows } from './virtual-rows';

/** Who asks, and how. */
export interface QueryContext {
  org: Org;
  access: UserAccess;
  apiVersion: string;
  /** Whether deleted and archived rows are shown: `queryAll`. */
  isAll: boolean;
}

/** The whole result of a query, before it is cut into pages. */
export interface QueryResult {
  totalSize: number;
  records: Record<string, unknown>[];
  /** Whether a long text column was selected. */
  hasLongText: boolean;
}

const MAX_OFFSET = 2_000;

/**
 * Runs a statement over the org's records.
 *
 * @param only looks at those rows only, before any clause of the statement: what a search found.
 * @throws ApiError with the platform's code and words for a statement that it would refuse.
 */
export function runQuery(context: QueryContext, soql: string, only?: (row: StoredRecord) => boolean): QueryResult {
  const query = parseSoql(soql);
  const object = context.access.object(query.sObject ?? '');
  if (!object?.flags.queryable) throw noSuchObject(soql, query.sObject ?? '');
  const runner = new QueryRunner(context, soql);
  return runner.run(object, query, only);
}

class QueryRunner {
  constructor(
    private readonly context: QueryContext,
    private readonly soql: string,
  ) {}

  run(object: ObjectSchema, query: Query, only?: (row: StoredRecord) => boolean): QueryResult {
    const [firstColumn] = query.fields ?? [];
    const isCount =
      firstColumn?.type === 'FieldFunctionExpression' &&
      firstColumn.functionName.toUpperCase() === 'COUNT' &&
      firstColumn.parameters.length === 0;
    if (isCount) {
      const rows = this.select(object, query, only);
      return { totalSize: this.cut(query, rows).length, records: [], hasLongText: false };
    }
    if (isAggregate(query)) {
      const groups = aggregate(this.context, object, query, this.soql, this.filter(object, query, only));
      const records = this.cut(query, groups);
      return { totalSize: records.length, records, hasLongText: false };
    }
    const columns = compileSelect(this.context, object, query, this.soql, (child) => this.childQuery(object, child));
    const rows = this.cut(query, this.select(object, query, only));
    if (query.for === 'VIEW') {
      this.context.org.viewed.add(
        this.context.access.userId,
        rows.map((row) => row.Id),
      );
    }
    return {
      totalSize: rows.length,
      records: rows.map((row) => columns.render(row)),
      hasLongText: columns.hasLongText,
    };
  }

  /** The rows that match, in the order asked for. */
  private select(object: ObjectSchema, query: Query, only?: (row: StoredRecord) => boolean): StoredRecord[] {
    const order = this.ordering(object, query);
    const rows = this.filter(object, query, only);
    return order ? rows.sort(order) : rows;
  }

  private filter(object: ObjectSchema, query: Query, only?: (row: StoredRecord) => boolean): StoredRecord[] {
    const { org, access, isAll } = this.context;
    const tree = query.where ? conditionTree(query.where) : undefined;
    const filter = tree
      ? compileFilter(tree, {
          org,
          object,
          soql: this.soql,
          alias: query.sObjectAlias,
          access,
          subquery: (inner) => this.semiJoin(inner),
        })
      : undefined;
    const rows = virtualRows(object.name, org, access, tree) ?? filter?.candidates() ?? org.store.table(object).all();
    const found: StoredRecord[] = [];
    for (const row of rows) {
      if (!isAll && (row.IsDeleted === true || isArchived(org, object, row))) continue;
      if (only && !only(row)) continue;
      if (!canReadRow(org, access, object, row)) continue;
      if (filter && !filter.matches(row)) continue;
      found.push(row);
    }
    return found;
  }

  private semiJoin(inner: Query): Set<string> {
    const object = this.context.access.object(inner.sObject ?? '');
    if (!object) throw noSuchObject(this.soql, inner.sObject ?? '');
    const [column] = inner.fields ?? [];
    if (inner.fields?.length !== 1 || column?.type !== 'Field') {
      throw malformedQuery('The inner select of a semi join must select one field');
    }
    const field = object.field(column.field);
    if (!field) throw noSuchColumn(this.soql, column.field, column.field, object.name);
    if (field.type !== 'id' && field.type !== 'reference') {
      throw malformedQuery(
        `The inner select field '${field.name}' cannot have more than one level of relationships and must be an id or a reference`,
      );
    }
    const rows = this.cut(inner, this.select(object, inner));
    return new Set(
      rows
        .map((row) => row[field.name] ?? null)
        .filter((value) => value !== null)
        .map(String),
    );
  }

  private childQuery(parent: ObjectSchema, subquery: Subquery): ChildQuery {
    const { org, access } = this.context;
    const relation = parent.childRelationship(subquery.relationshipName);
    const child = relation && access.object(relation.childSObject);
    const lookup = relation && child?.field(relation.field);
    if (!relation || !child || !lookup) {
      throw noSuchRelationship(this.soql, subquery.relationshipName, subquery.relationshipName);
    }
    const query = subquery as unknown as Query;
    const columns = compileSelect(this.context, child, query, this.soql, () => {
      throw malformedQuery('Nested child queries are answered to one level');
    });
    return (row) => {
      const related = new Set((org.store.table(child).lookup(lookup, row.Id) ?? []).map((childRow) => childRow.Id));
      const rows = this.cut(
        query,
        this.select(child, query, (childRow) => related.has(childRow.Id)),
      );
      if (rows.length === 0) return null;
      return { totalSize: rows.length, done: true, records: rows.map((childRow) => columns.render(childRow)) };
    };
  }

  private ordering(object: ObjectSchema, query: Query): ((a: StoredRecord, b: StoredRecord) => number) | undefined {
    const { org, access } = this.context;
    const clauses: OrderByClause[] = query.orderBy === undefined ? [] : [query.orderBy].flat();
    if (clauses.length === 0) return undefined;
    const criteria = clauses.map((clause) => {
      if (!('field' in clause)) throw malformedQuery(`unexpected token: '${clause.fn.rawValue ?? ''}'`);
      const name = withoutAlias(clause.field, query.sObjectAlias);
      const path = resolvePath(access, object, name, this.soql);
      if (!path.field.sortable) {
        throw queryErrorAtName(
          this.soql,
          name,
          'INVALID_FIELD',
          `field '${path.field.name}' can not be sorted in a query call`,
        );
      }
      return { path, sign: clause.order === 'DESC' ? -1 : 1, nullsLast: clause.nulls === 'LAST' };
    });
    return (a, b) => {
      for (const { path, sign, nullsLast } of criteria) {
        const left = valueAt(org, object, a, path);
        const right = valueAt(org, object, b, path);
        if (left === null || right === null) {
          if (left === right) continue;
          // Nulls come first unless the statement says otherwise, whatever the direction.
          return (left === null) === nullsLast ? 1 : -1;
        }
        const order = orderOf(path.field, left, right);
        if (order !== 0) return order * sign;
      }
      return 0;
    };
  }

  private cut<T>(query: Query, rows: T[]): T[] {
    const { offset = 0, limit } = query;
    if (offset > MAX_OFFSET) {
      throw apiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${MAX_OFFSET}`);
    }
    return rows.slice(offset, limit === undefined ? undefined : offset + limit);
  }
}
