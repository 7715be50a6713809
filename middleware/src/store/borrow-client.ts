import type { Pool, PoolClient } from 'pg';
import { StoreError } from './errors';

/**
 * Lends a client of the pool for some work.
 *
 * @param work throws its client away when that is in a state in which nobody else may meet it.
 * @throws whatever `work` threw, or StoreError `store-busy`.
 */
export async function withClient<T>(
  pool: Pool,
  work: (client: PoolClient, throwAway: (why: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await take(pool);
  let broken: Error | undefined;
  try {
    return await work(client, (why) => (broken = why));
  } finally {
    giveBack(client, broken);
  }
}

/** Runs work in one transaction: see `Store`. */
export function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client, throwAway) => {
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(throwAway);
      throw error;
    }
  });
}

/**
 * Makes a lender for work of one query. Who comes while another has a client gets the same one, and its query is sent
 * behind that one's; so the clients of the pool must be such that pipeline. Nobody joins once anybody waits for the pool.
 */
export function shareClient(pool: Pool): <T>(work: (client: PoolClient) => Promise<T>) => Promise<T> {
  let last: { client: Promise<PoolClient>; users: number } | null = null;
  return async (work) => {
    const loan = last !== null && pool.waitingCount === 0 ? last : (last = { client: take(pool), users: 0 });
    loan.users += 1;
    try {
      return await work(await loan.client);
    } finally {
      loan.users -= 1;
      if (loan.users === 0) {
        if (last === loan) last = null;
        loan.client.then(giveBack, () => undefined);
      }
    }
  };
}

/** A client in use tells of a lost connection by an event, too, which nobody else listens to. */
const ignore = (): void => undefined;

async function take(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect().catch(explainBusy);
  client.on('error', ignore);
  return client;
}

function giveBack(client: PoolClient, broken?: Error): void {
  client.off('error', ignore);
  client.release(broken);
}

/** The pool's own words for this do not tell what to look for. */
export function explainBusy(error: unknown): never {
  if (error instanceof Error && error.message === 'timeout exceeded when trying to connect') {
    throw new StoreError(
      'store-busy',
      'No database connection became free in time. Either the database is not reachable or overloaded, ' +
        'or a statement inside a transaction was not run on the client of that transaction.',
      { cause: error },
    );
  }
  throw error;
}
