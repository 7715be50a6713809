/**
 * Kills the connector at four points of a booking's way, on both stores, and looks whether a booking is lost or doubled.
 *
 *   npm run -s kill-test [-- --times N] [--store pglite|postgres|both] [--seed S]
 *
 * Connector and org emulator are processes of the build; the connector dies by SIGKILL. The points:
 *
 *   accepted     the 202 is there, nothing of the booking has reached Salesforce
 *   beforeWrite  Salesforce was read, the write was not received; of a change, which is one call: received, not executed
 *   committed    Salesforce has done the write, the answer never reached the process
 *   answered     the answer was handed over to the process, which dies before it settles
 *
 * Each round prints a line, and the last line is JSON. The exit code is 1 when anything is off.
 */
import { parseArgs } from 'node:util';
import { endAll } from './support/command-process';
import { POINTS, type Point } from './support/kill-points';
import { KINDS, type Kind } from './support/kill-scenario';
import { isFine, KillSession, STORES, type Round, type RoundResult, type StoreKind } from './support/kill-session';
import { startPostgresServer, whyNoPostgres, type PostgresServer } from './support/postgres-server';

/** How to run the test. */
export interface KillTestOptions {
  /** How often each point is met on each store. */
  times: number;
  stores: readonly StoreKind[];
  /** Chooses what happens in which round. */
  seed: number;
  points?: readonly Point[];
  /** A running server; else one is started where PostgreSQL is asked for. */
  server?: PostgresServer;
  /** Takes each line of the report; the log of a round that failed too. */
  say?: (line: string) => void;
  /** Ends the run; the round that is under way does not count. */
  signal?: AbortSignal;
}

/** What came of a run. */
export interface KillTestSummary {
  rounds: number;
  /** Bookings and people that the org lacks. */
  lost: number;
  /** Bookings and people that the org has several times, or had. */
  doubled: number;
  /** Everything else that was not as it should be, a round that broke off among it. */
  wrong: number;
  points: Partial<Record<Point, number>>;
  /** Rounds on each store, or why there were none. */
  stores: Partial<Record<StoreKind, number | string>>;
}

/** Runs the rounds, one after another. Whatever goes wrong is counted in the summary; only what cannot start throws. */
export async function runKillTest(options: KillTestOptions): Promise<KillTestSummary> {
  const summary: KillTestSummary = { rounds: 0, lost: 0, doubled: 0, wrong: 0, points: {}, stores: {} };
  for (const store of options.stores) {
    const missing = store === 'postgres' && options.server === undefined ? whyNoPostgres() : null;
    if (missing === null) await runOnStore(store, options, summary);
    else summary.stores[store] = `skipped: ${missing}`;
  }
  return summary;
}

/** The rounds of one store: as many kinds of event at each point as `times` allows, others on the other store. Pure. */
export function roundsOf(store: StoreKind, { times, seed, points = POINTS }: KillTestOptions): Round[] {
  return Array.from({ length: times }, (_, turn) =>
    points.map((point): Round => {
      const place = (STORES.indexOf(store) + POINTS.indexOf(point)) * times + turn + seed;
      return {
        name: `r${seed}-${point.toLowerCase()}-${turn}`,
        point,
        kind: KINDS[place % KINDS.length] as Kind,
        isVariant: (Math.floor(place / KINDS.length) + POINTS.indexOf(point)) % 2 === 1,
      };
    }),
  ).flat();
}

async function runOnStore(store: StoreKind, options: KillTestOptions, summary: KillTestSummary): Promise<void> {
  const { say = () => undefined } = options;
  const isStopped = (): boolean => options.signal?.aborted === true;
  const server = store === 'postgres' ? (options.server ?? (await startPostgresServer())) : null;
  const session = new KillSession(server);
  summary.stores[store] = 0;
  try {
    for (const round of roundsOf(store, options)) {
      if (isStopped()) return;
      const result = await session.run(round);
      // Whoever stops the run has ended the processes of this round, too.
      if (isStopped()) return;
      add(summary, store, result);
      say(inWords(store, result));
      if (!isFine(result)) say(`The log of the connector:\n${result.log}`);
    }
  } finally {
    await session.close();
    if (server !== options.server) await server?.stop();
  }
}

function add(summary: KillTestSummary, store: StoreKind, { round, lost, doubled, wrong }: RoundResult): void {
  summary.rounds += 1;
  summary.lost += lost.length;
  summary.doubled += doubled.length;
  summary.wrong += wrong.length;
  summary.points[round.point] = (summary.points[round.point] ?? 0) + 1;
  summary.stores[store] = Number(summary.stores[store]) + 1;
}

function inWords(store: StoreKind, { round, evidence, durationMs, ...damage }: RoundResult): string {
  const problems = [
    ...damage.lost.map((text) => `LOST: ${text}`),
    ...damage.doubled.map((text) => `DOUBLED: ${text}`),
    ...damage.wrong.map((text) => `WRONG: ${text}`),
  ];
  const seconds = (durationMs / 1000).toFixed(1);
  const place = `${store.padEnd(8)} ${round.point.padEnd(11)} ${round.kind.padEnd(10)}`;
  return `${place} ${evidence}: ${problems.length === 0 ? 'ok' : problems.join('; ')} (${seconds} s)`;
}

function readOptions(): KillTestOptions {
  const { values } = parseArgs({
    options: {
      times: { type: 'string', default: '20' },
      store: { type: 'string', default: 'both' },
      seed: { type: 'string', default: '0' },
    },
  });
  const [times, seed] = [Number(values.times), Number(values.seed)];
  const stores = STORES.filter((store) => values.store === 'both' || values.store === store);
  if (!Number.isInteger(times) || times < 1) throw new TypeError('--times takes a whole number from 1');
  if (!Number.isInteger(seed) || seed < 0) throw new TypeError('--seed takes a whole number from 0');
  if (stores.length === 0) throw new TypeError('--store takes pglite, postgres or both');
  return { times, seed, stores };
}

async function main(): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second one ends this at once, and with it whatever was started.
      if (stopped.signal.aborted) process.exit(130);
      stopped.abort();
      endAll();
    });
  }
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const summary = await runKillTest({ ...readOptions(), say, signal: stopped.signal });
  say(JSON.stringify(summary));
  if (stopped.signal.aborted) process.exitCode = 130;
  else if (summary.lost + summary.doubled + summary.wrong > 0) process.exitCode = 1;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
