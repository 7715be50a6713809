import type { Operator, Query } from '@jetstreamapp/soql-parser-js';
import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import type { ConditionTree } from './condition';
import { compare, includesAll, isLike, operandFor, type Operand } from './criterion';
import { resolvePath, valueAt, type FieldPath } from './field-path';
import { parseLiteral, type Literal } from './literal';
import { malformedQuery, queryErrorAtName } from './query-error';

/** A WHERE clause ready to run. */
export interface Filter {
  matches(row: StoredRecord): boolean;
  /** The only rows that can match, found through an index; undefined when every row must be looked at. */
  candidates(): Iterable<StoredRecord> | undefined;
}

/** What a filter needs to know about the query that it belongs to. */
export interface FilterScope {
  org: Org;
  access: UserAccess;
  object: ObjectSchema;
  soql: string;
  /** The alias of the object, whose prefix a path may carry. */
  alias: string | undefined;
  /** Runs the inner query of a semi-join and returns the values of its one column. */
  subquery(query: Query): Set<string>;
}

/**
 * Compiles a condition tree.
 *
 * @throws ApiError for a column that is not there or not filterable, a literal of the wrong type, or a semi-join on a
 * polymorphic lookup.
 */
export function compileFilter(tree: ConditionTree, scope: FilterScope): Filter {
  if (tree.op === 'is') return compileCondition(tree.condition, scope);
  if (tree.op === 'not') {
    const term = compileFilter(tree.term, scope);
    return { matches: (row) => !term.matches(row), candidates: () => undefined };
  }
  const terms = tree.terms.map((term) => compileFilter(term, scope));
  if (tree.op === 'and') {
    return {
      matches: (row) => terms.every((term) => term.matches(row)),
      candidates: () => {
        for (const term of terms) {
          const rows = term.candidates();
          if (rows) return rows;
        }
        return undefined;
      },
    };
  }
  return {
    matches: (row) => terms.some((term) => term.matches(row)),
    candidates: () => {
      const rows = new Map<string, StoredRecord>();
      for (const term of terms) {
        const found = term.candidates();
        if (!found) return undefined;
        for (const row of found) rows.set(row.Id, row);
      }
      return rows.values();
    },
  };
}

interface FlatCondition {
  field?: string;
  fn?: { rawValue?: string };
  operator: Operator;
  value?: string | string[];
  literalType?: string | string[];
  valueQuery?: Query;
}

function compileCondition(condition: FlatCondition, scope: FilterScope): Filter {
  const { org, access, object, soql } = scope;
  if (condition.field === undefined) {
    throw malformedQuery(`unexpected token: '${condition.fn?.rawValue ?? '<EOF>'}'`);
  }
  const name = withoutAlias(condition.field, scope.alias);
  const path = resolvePath(access, object, name, soql);
  if (!path.field.filterable) {
    throw queryErrorAtName(
      soql,
      name,
      'INVALID_FIELD',
      `field '${path.field.name}' can not be filtered in a query call`,
    );
  }
  const operator = condition.operator.toUpperCase();
  if (condition.valueQuery) return compileSemiJoin(path, operator, condition.valueQuery, scope);
  const literals = literalsOf(condition);
  if (operator === 'LIKE') {
    const [literal] = literals;
    if (literal?.kind !== 'string') throw malformedQuery(`unexpected token: '${String(condition.value)}'`);
    return scan((row) => isLike(valueAt(org, object, row, path), literal.raw));
  }
  const operands = literals.map((literal) => operandFor(path.field, name, literal, soql, org.clock.now()));
  switch (operator) {
    case 'IN':
      return anyOf(path, operands, scope);
    case 'NOT IN': {
      const inside = anyOf(path, operands, scope);
      return scan((row) => !inside.matches(row));
    }
    case 'INCLUDES':
    case 'EXCLUDES': {
      const wanted = operands.map((operand) => ('value' in operand ? String(operand.value) : ''));
      return scan((row) => {
        const value = valueAt(org, object, row, path);
        return wanted.some((entry) => includesAll(value, entry)) === (operator === 'INCLUDES');
      });
    }
    case '=':
      return anyOf(path, operands, scope);
    default: {
      const operand = operands[0] ?? { value: null };
      return scan((row) => compare(path.field, valueAt(org, object, row, path), operator, operand));
    }
  }
}

function scan(matches: (row: StoredRecord) => boolean): Filter {
  return { matches, candidates: () => undefined };
}

/** Equality with any of some operands; through an index where the field has one. */
function anyOf(path: FieldPath, operands: Operand[], scope: FilterScope): Filter {
  const { org, object } = scope;
  const { field, steps } = path;
  const values = operands.flatMap((operand) => ('value' in operand ? [operand.value] : []));
  const fold = (value: unknown): unknown =>
    typeof value === 'string' && !field.caseSensitive && field.type !== 'id' && field.type !== 'reference'
      ? value.toLowerCase()
      : value;
  const wanted = new Set(values.map(fold));
  const spans = operands.filter((operand) => 'span' in operand);
  return {
    matches: (row) => {
      const value = valueAt(org, object, row, path);
      return wanted.has(fold(value)) || spans.some((span) => compare(field, value, '=', span));
    },
    candidates: () => {
      if (steps.length > 0 || spans.length > 0 || values.includes(null)) return undefined;
      const table = org.store.table(object);
      if (field.type === 'id') {
        return values.map((id) => table.get(String(id))).filter((row) => row !== undefined);
      }
      const rows = new Map<string, StoredRecord>();
      for (const value of values) {
        const found = table.lookup(field, value);
        if (!found) return undefined;
        for (const row of found) rows.set(row.Id, row);
      }
      return rows.values();
    },
  };
}

function compileSemiJoin(path: FieldPath, operator: string, query: Query, scope: FilterScope): Filter {
  const { org, object } = scope;
  const { field } = path;
  const isOneTarget =
    field.type === 'id' || (field.type === 'reference' && !field.polymorphicForeignKey && field.referenceTo.length < 2);
  if (!isOneTarget || path.steps.length > 0) {
    throw malformedQuery(
      `The left operand field in the where expression for outer query should be an id field, cannot use: '${path.names.join('.')}'`,
    );
  }
  const ids = scope.subquery(query);
  return scan((row) => {
    const value = valueAt(org, object, row, path);
    return (value !== null && ids.has(String(value))) === (operator === 'IN');
  });
}

function literalsOf(condition: FlatCondition): Literal[] {
  const values = Array.isArray(condition.value) ? condition.value : [condition.value ?? ''];
  return values.map((value, at) => {
    const type = Array.isArray(condition.literalType) ? condition.literalType[at] : condition.literalType;
    const literal = parseLiteral(value, (type ?? 'STRING') as never);
    if (!literal) throw malformedQuery(`unexpected token: '${value}'`);
    return literal;
  });
}

/** A path without the prefix of the object's alias or name. */
export function withoutAlias(path: string, alias: string | undefined): string {
  if (alias === undefined) return path;
  const prefix = `${alias.toLowerCase()}.`;
  return path.toLowerCase().startsWith(prefix) ? path.slice(prefix.length) : path;
}
