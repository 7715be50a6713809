import type { PGlite } from '@electric-sql/pglite';
import { PglitePgConnection } from '@electric-sql/pglite/node-postgres';
import { Client, type ClientConfig, type PoolConfig } from 'pg';

/**
 * Settings with which a `pg` pool runs on an embedded database: of one connection, as PGlite is one session, and with
 * more the process crashes.
 *
 * PGlite's own `createPgConfig` hands one connection object to every client. Once the pool throws a client away, its
 * last messages reach the next one, and the two are out of step from then on. Here each client has a connection of its
 * own, which begins when the one before has ended, with the session as a new one would be.
 */
export function embeddedPoolConfig(pglite: PGlite): PoolConfig {
  const line: Line = { isFree: Promise.resolve() };

  class EmbeddedClient extends Client {
    constructor(config?: ClientConfig) {
      super({ ...config, connection: new EmbeddedConnection(pglite, line) } as ClientConfig);
    }
  }

  const config = {
    Client: EmbeddedClient,
    max: 1,
    idleTimeoutMillis: 0,
    // The pool waits for this before it gives a new client to anybody.
    onConnect: async (client: Client) => {
      await client.query('rollback');
      await client.query('discard all');
    },
  };
  // The types of pg know neither that Client takes a connection, nor that onConnect is waited for.
  return config as unknown as PoolConfig;
}

interface Line {
  /** Resolves when the connection that had the session last has ended. */
  isFree: Promise<void>;
}

class EmbeddedConnection extends PglitePgConnection {
  constructor(
    pglite: PGlite,
    private readonly line: Line,
  ) {
    super({ pglite: inBatches(pglite) });
  }

  override async connect(port: number, host: string): Promise<void> {
    await this.line.isFree;
    await super.connect(port, host);
  }

  override end(): void {
    super.end();
    // What was sent before is still being worked on: the end comes after it.
    this.line.isFree = new Promise((resolve) => this.once('end', () => resolve()));
  }
}

/** First bytes of the messages that expect no answer by themselves: parse, bind, describe, execute, close. */
const HELD_BACK = new Set(['P', 'B', 'D', 'E', 'C'].map((letter) => letter.charCodeAt(0)));

/**
 * The database as a connection uses it, with the messages of a statement handed over together: each way into it costs
 * as much as a small statement does.
 */
function inBatches(pglite: PGlite): PGlite {
  let held: Uint8Array[] = [];
  const execProtocolStream: PGlite['execProtocolStream'] = (message, options) => {
    held.push(message);
    if (HELD_BACK.has(message[0] ?? 0)) return Promise.resolve([]);
    const batch = held.length === 1 ? message : Buffer.concat(held);
    held = [];
    return pglite.execProtocolStream(batch, options);
  };
  return { waitReady: pglite.waitReady, execProtocolStream } as PGlite;
}
