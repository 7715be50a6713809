import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A query as `pg` takes it: SQL with `$1` placeholders, or a named (prepared once per connection) statement. */
export type Sql = string | QueryConfig;

/**
 * Whatever can run one statement: the store itself, or the client of a running transaction. Functions that read or
 * write take this, so that the caller decides which transaction they belong to.
 *
 * Values: jsonb goes in as `JSON.stringify(...)` with a `::jsonb` cast; `bigint` comes back as a string.
 */
export interface Db {
  query<Row extends QueryResultRow = QueryResultRow>(sql: Sql, values?: unknown[]): Promise<QueryResult<Row>>;
}
