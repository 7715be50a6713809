import type { Field } from '../schema/field';
import type { ObjectSchema } from '../schema/object-schema';
import type { UserAccess } from '../org/access';

/** A filter as GraphQL coerced it: keys are fields, relationships, `and`, `or` and `not`. */
export type FilterInput = Readonly<Record<string, unknown>>;

const SYMBOLS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  gt: '>',
  lte: '<=',
  gte: '>=',
  like: 'LIKE',
  in: 'IN',
  nin: 'NOT IN',
  includes: 'INCLUDES',
  excludes: 'EXCLUDES',
};

/**
 * Writes a filter as the WHERE clause that it means: everything in one object is joined by AND, as the platform does it.
 *
 * @param path the relationships on the way to the object, with a dot at the end; empty at the top.
 * @returns null for a filter that says nothing.
 */
export function whereClause(access: UserAccess, object: ObjectSchema, filter: FilterInput, path = ''): string | null {
  const terms = Object.entries(filter).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    if (key === 'and' || key === 'or') {
      const inner = (value as FilterInput[]).map((entry) => whereClause(access, object, entry, path));
      return joined(inner, key === 'and' ? 'AND' : 'OR') ?? [];
    }
    if (key === 'not') {
      const inner = whereClause(access, object, value as FilterInput, path);
      return inner === null ? [] : [`(NOT ${inner})`];
    }
    const field = object.field(key);
    if (field) return conditions(field, `${path}${field.name}`, value as FilterInput);
    return relationshipClause(access, object, key, value as FilterInput, path) ?? [];
  });
  return joined(terms, 'AND');
}

function relationshipClause(
  access: UserAccess,
  object: ObjectSchema,
  name: string,
  filter: FilterInput,
  path: string,
): string | null {
  const lookup = object.relationship(name);
  if (!lookup) return null;
  const deeper = `${path}${name}.`;
  const [target] = lookup.referenceTo;
  if (!isPolymorphic(lookup)) {
    const parent = access.object(target ?? '');
    return parent ? whereClause(access, parent, filter, deeper) : null;
  }
  // By the type of the target: { Who: { Contact: { Name: … } } }.
  const byType = Object.entries(filter).flatMap(([type, inner]) => {
    const parent = access.object(type);
    if (!parent || inner === null || inner === undefined) return [];
    const clause = whereClause(access, parent, inner as FilterInput, deeper);
    return [joined([`${deeper}Type = '${type}'`, clause], 'AND')];
  });
  return joined(byType, 'OR');
}

/** Whether a lookup may point to records of several objects. */
export function isPolymorphic({ polymorphicForeignKey, referenceTo }: Field): boolean {
  return polymorphicForeignKey || referenceTo.length > 1;
}

function joined(terms: (string | null)[], by: 'AND' | 'OR'): string | null {
  const said = terms.filter((term) => term !== null);
  return said.length === 0 ? null : said.length === 1 ? (said[0] ?? null) : `(${said.join(` ${by} `)})`;
}

function conditions(field: Field, path: string, operators: FilterInput): string[] {
  return Object.entries(operators).flatMap(([operator, operand]) => {
    const symbol = SYMBOLS[operator];
    if (symbol === undefined || operand === undefined) return [];
    if (Array.isArray(operand)) {
      // An empty list of choices: none fits, and none is ruled out. A statement has no words for it.
      if (operand.length === 0) return [operator === 'nin' || operator === 'excludes' ? `Id != null` : `Id = null`];
      return [`${path} ${symbol} (${operand.map((entry) => literal(field, entry)).join(', ')})`];
    }
    return [`${path} ${symbol} ${literal(field, operand)}`];
  });
}

function literal(field: Field, operand: unknown): string {
  if (typeof operand === 'string') return isQuoted(field) ? quoted(operand) : operand;
  if (typeof operand === 'number' || typeof operand === 'boolean') return String(operand);
  return operand === null || operand === undefined ? 'null' : dateLiteral(operand as FilterInput);
}

function isQuoted({ type }: Field): boolean {
  return !['date', 'datetime', 'time'].includes(type);
}

function dateLiteral({ value, literal: name, range }: FilterInput): string {
  if (typeof name === 'string') return name;
  const [entry] = Object.entries((range ?? {}) as FilterInput);
  if (entry) return `${entry[0].toUpperCase()}:${String(entry[1])}`;
  return typeof value === 'string' ? value : 'null';
}

/** A string literal of SOQL: the backslash is escaped before the quote. */
function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;
}
