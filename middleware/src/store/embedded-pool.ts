import type { Client, PoolConfig } from 'pg';
import type { EmbeddedDatabase } from './embedded-database';
import { EmbeddedStream, type Line } from './embedded-stream';

/**
 * Settings with which a `pg` pool runs on an embedded database: of one connection, as PGlite is one session, and with
 * more the process crashes. Once the pool throws a client away, the next one begins when what that one sent is done,
 * with the session as a new one would be.
 */
export function embeddedPoolConfig(database: EmbeddedDatabase): PoolConfig {
  const line: Line = { isFree: Promise.resolve() };
  const config = {
    stream: () => new EmbeddedStream(database, line),
    ssl: false,
    // Not read, but looked for in the environment when they are left out.
    ...{ host: 'localhost', port: 5432, user: 'postgres', database: 'postgres' },
    max: 1,
    // The next query is at hand in the database's thread when one is done: this one works while that one's answer is read.
    pipeline: true,
    idleTimeoutMillis: 0,
    // The pool waits for this before it gives a new client to anybody.
    onConnect: async (client: Client) => {
      await client.query('rollback');
      await client.query('discard all');
    },
  };
  // The types of pg do not know that onConnect is waited for.
  return config as unknown as PoolConfig;
}
