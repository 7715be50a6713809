import { roundsOf } from '../bench/kill-test';
import { POINTS } from '../bench/support/kill-points';
import { KillSession, type StoreKind } from '../bench/support/kill-session';
import { startPostgresServer, whyNoPostgres, type PostgresServer } from '../bench/support/postgres-server';
import { ensureBuild } from './support/build';

const TIMES = 3;

function describeKills(store: StoreKind, startServer: () => Promise<PostgresServer | null>): void {
  let server: PostgresServer | null = null;
  let session: KillSession;

  beforeAll(async () => {
    ensureBuild();
    server = await startServer();
    session = new KillSession(server);
  }, 120_000);
  afterAll(async () => {
    await session?.close();
    await server?.stop();
  }, 60_000);

  it.each(POINTS)(
    `loses and doubles nothing when it is killed at the point "%s", ${TIMES} times`,
    async (point) => {
      for (const round of roundsOf(store, { times: TIMES, stores: [store], seed: 0, points: [point] })) {
        const { evidence, durationMs: _durationMs, ...result } = await session.run(round);
        expect(result).toEqual({ round, lost: [], doubled: [], wrong: [], log: '' });
        expect(evidence).not.toBe('');
      }
    },
    180_000,
  );
}

describe('a connector on the embedded store', () => {
  describeKills('pglite', () => Promise.resolve(null));
});

const missing = whyNoPostgres();
if (missing !== null) console.warn(`Skipped: a connector on PostgreSQL that is killed. ${missing}`);
(missing === null ? describe : describe.skip)('a connector on PostgreSQL', () => {
  describeKills('postgres', startPostgresServer);
});
