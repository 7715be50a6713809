import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { roundsOf } from '../bench/kill-test';
import { POINTS } from '../bench/support/kill-points';
import { KillSession, type StoreKind } from '../bench/support/kill-session';
import { startPostgresServer, whyNoPostgres, type PostgresServer } from '../bench/support/postgres-server';

const ROOT = join(__dirname, '../..');
const TIMES = 3;

/** The test kills processes of the build, so that must be of these sources. */
function ensureBuild(): void {
  const isFresh = ['org-emulator', 'middleware'].every((workspace) => {
    const built = join(ROOT, workspace, 'dist/.tsbuildinfo');
    return existsSync(built) && newestIn(join(ROOT, workspace, 'src')) <= statSync(built).mtimeMs;
  });
  if (isFresh) return;
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The build failed: ${stdout}${stderr}`);
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.endsWith('.test.ts'));
  return Math.max(...files.map((name) => statSync(join(folder, name)).mtimeMs));
}

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
