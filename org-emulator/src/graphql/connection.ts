import type { UserAccess } from '../org/access';
import { runQuery } from '../soql/run-query';
import type { ObjectSchema } from '../schema/object-schema';
import type { GraphqlContext } from './graphql-context';
import type { RecordNode } from './record-node';
import { whereClause, type FilterInput } from './where-clause';

/** The arguments of a connection, as GraphQL coerced them. */
export interface ConnectionArguments {
  first?: number | null;
  after?: string | null;
  where?: FilterInput | null;
  orderBy?: FilterInput | null;
  scope?: 'EVERYTHING' | 'MINE' | null;
}

/** A page of records, as the Cursor Connections Specification has it. */
export interface Connection {
  edges: { node: RecordNode; cursor: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
  pageResultCount: number;
}

/** Rows of a page when the query does not say how many, and the most that it may ask for. */
const PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 2_000;

/** The records of an object that match. Throws as SOQL does, which the platform runs underneath as well. */
export function rootConnection(context: GraphqlContext, object: ObjectSchema, args: ConnectionArguments): Connection {
  return connect(context, object, args, []);
}

/** The records that point to one by a lookup field. */
export function childrenOf(
  context: GraphqlContext,
  parent: RecordNode,
  child: ObjectSchema,
  lookup: string,
  args: ConnectionArguments,
): Connection {
  return connect(context, child, args, [`${lookup} = '${parent.row.Id}'`]);
}

function connect(context: GraphqlContext, object: ObjectSchema, args: ConnectionArguments, also: string[]): Connection {
  const { org, access, apiVersion } = context;
  const { first, after, where, orderBy, scope } = args;
  const size = first ?? PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new RangeError(`The first argument must be between 1 and ${MAX_PAGE_SIZE}, not ${size}`);
  }
  const mine = scope === 'MINE' && object.field('OwnerId') ? [`OwnerId = '${access.userId}'`] : [];
  const conditions = [...also, ...mine, ...[whereClause(access, object, where ?? {}) ?? []].flat()];
  const order = orderTerms(access, object, orderBy ?? {});
  const soql = [
    `SELECT Id FROM ${object.name}`,
    conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '',
    order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '',
  ].join('');
  const { records } = runQuery({ org, access, apiVersion, isAll: false }, soql);
  const start = offsetOf(after);
  const table = org.store.table(object);
  const edges = records.slice(start, start + size).flatMap(({ Id: id }, index) => {
    const row = table.get(String(id));
    return row ? [{ node: { object, row }, cursor: cursorAt(start + index + 1) }] : [];
  });
  return {
    edges,
    pageInfo: {
      hasNextPage: start + size < records.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: records.length,
    pageResultCount: edges.length,
  };
}

/** `{ StartDateTime: { order: DESC, nulls: LAST } }` as the terms of an ORDER BY; a relationship leads deeper. */
function orderTerms(access: UserAccess, object: ObjectSchema, orderBy: FilterInput, path = ''): string[] {
  return Object.entries(orderBy).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    const field = object.field(key);
    if (!field) {
      const parent = access.object(object.relationship(key)?.referenceTo[0] ?? '');
      return parent ? orderTerms(access, parent, value as FilterInput, `${path}${key}.`) : [];
    }
    const { order, nulls } = value as { order?: string | null; nulls?: string | null };
    return [`${path}${field.name} ${order ?? 'ASC'}${nulls ? ` NULLS ${nulls}` : ''}`];
  });
}

/** Says how many records lie before and at a place. */
function cursorAt(count: number): string {
  return Buffer.from(`v1:${count}`).toString('base64');
}

function offsetOf(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined) return 0;
  const count = /^v1:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (count === undefined) throw new RangeError(`'${cursor}' is no cursor of this query`);
  return Number(count);
}
