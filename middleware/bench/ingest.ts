/**
 * How many webhooks the connector accepts, on both stores: signed requests over HTTP, validated, stored durably.
 *
 *   npm run -s bench:ingest [-- --seconds 32] [--store pglite|postgres|both] [--check]
 *
 * Prints one JSON line last; times are in milliseconds. The connector is a process of the build, the senders are
 * another, with 1 and with 64 clients. Two floors are measured in the same run, in turns with the connector, because
 * only ratios mean something on a machine that others use: a bare node:http server that checks the same signatures and
 * reads the same JSON (64 clients), and a bare insert of the same bytes, 64 to a statement. A delivery is answered
 * when it is on disk: until then its signature is checked, its JSON read, and what tells it from others taken from it.
 * It is translated and folded into its booking after that: while a burst lasts, little by little. The next turn begins
 * when all are folded, and how long that took is reported beside the rates. At the end the connector is killed while it
 * is busy, and what it answered 202 is looked for in its store: the exit code is 1 when something is missing, with
 * --check also when a target is missed. --seconds is how long is measured in all.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Child } from './ingest/child';
import { Connector } from './ingest/connector';
import type { FloorHttpHandlers } from './ingest/floor-http';
import type { FloorStoreHandlers } from './ingest/floor-store';
import type { BurstResult, LoadHandlers } from './ingest/load';
import { startPostgresServer, whyNoPostgres } from './support/postgres-server';

const STORES = ['pglite', 'postgres'] as const;
type StoreKind = (typeof STORES)[number];

const SECRET = 'bench-secret';
const CLIENTS = 64;
/** The connector and the floors take turns so often. */
const ROUNDS = 4;
/** Of the time of a round. */
const SHARE = { c1: 0.2, c64: 0.4, http: 0.2, store: 0.2 };
/** By then V8 has compiled what runs often; a server that has run for an hour is what is measured. */
const WARM_UP_SECONDS = 3;
/** How long it is busy before it is killed. */
const KILL_AFTER_SECONDS = 1;
/** More requests than the connector answers in a second are made ready for it: see `load.ts`. */
const READY_PER_SECOND = { c1: 5_000, c64: 30_000 };
/** The floor of HTTP is sent so many again and again: it keeps nothing. */
const READY_FOR_FLOOR = 1_000;

const TARGET = { ratioToFloor: 0.6, p99: 50 };

interface Speed {
  rps: number;
  p50: number;
  p99: number;
}

interface StoreResult {
  c1: Speed;
  c64: Speed;
  floorHttpRps: number;
  floorStoreRps: number;
  /** Of the connector with 64 clients to the slower floor. */
  ratioToFloor: number;
  /** Deliveries of the bursts of 64 clients by the time until the last of them was in its booking. */
  foldedRps: number;
  /** The longest time from the last 202 of such a burst until the last delivery was in its booking. */
  foldLagMs: number;
  /** The same after a burst of one client. */
  foldLagAloneMs: number;
  /** Deliveries answered 202, the last ones just before the process was killed. */
  accepted: number;
  /** Those of them that its store does not have. */
  lost: number;
}

/** A burst with the time from its end until all of it was folded into bookings. */
type FoldedBurst = BurstResult & { foldLagMs: number };

/** Who takes part in the measurement of one store. */
interface Field {
  connector: Connector;
  load: Child<LoadHandlers>;
  floorHttp: Child<FloorHttpHandlers>;
  floorStore: Child<FloorStoreHandlers>;
}

async function measure(kind: StoreKind, seconds: number, say: (line: string) => void): Promise<StoreResult> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const field = await setUp(kind, undo);
    return await race(field, seconds / ROUNDS, (line) => say(`${kind.padEnd(8)} ${line}`));
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function setUp(kind: StoreKind, undo: (() => Promise<unknown>)[]): Promise<Field> {
  const server = kind === 'postgres' ? await startPostgresServer() : null;
  if (server !== null) undo.push(() => server.stop());
  const newDatabase = async (): Promise<string | null> => (await server?.createDatabase())?.databaseUrl ?? null;
  const connector = await Connector.start(SECRET, await newDatabase());
  undo.push(() => connector.remove());
  const load = new Child<LoadHandlers>('load.ts');
  const floorHttp = new Child<FloorHttpHandlers>('floor-http.ts');
  const floorStore = new Child<FloorStoreHandlers>('floor-store.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-ingest-floor-'));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  undo.push(...[load, floorHttp, floorStore].map((child) => () => child.end()));
  await floorStore.ask('open', { databaseUrl: await newDatabase(), dataDir: join(dataDir, 'database') });
  return { connector, load, floorHttp, floorStore };
}

/** Everything in turns, round by round; then the kill. */
async function race(field: Field, roundSeconds: number, say: (line: string) => void): Promise<StoreResult> {
  const { connector, load, floorHttp, floorStore } = field;
  const httpPort = await floorHttp.ask('listen', { secret: SECRET });
  let answered = 0;
  const toConnector = async (name: 'c1' | 'c64', seconds: number): Promise<BurstResult> => {
    const clients = name === 'c1' ? 1 : CLIENTS;
    const burst = await load.ask('send', { port: connector.port, clients, seconds, again: false });
    answered += burst.answered;
    return burst;
  };
  /** Also waits until its deliveries are folded: whoever is measured next has the machine alone. */
  const toConnectorAndFolded = async (name: 'c1' | 'c64', seconds: number): Promise<FoldedBurst> => {
    await prepare(field, Math.ceil(READY_PER_SECOND[name] * seconds));
    const burst = await toConnector(name, seconds);
    return { ...burst, foldLagMs: await connector.folded(answered) };
  };
  const toFloorHttp = async (seconds: number): Promise<BurstResult> => {
    await prepare(field, READY_FOR_FLOOR);
    return load.ask('send', { port: httpPort, clients: CLIENTS, seconds, again: true });
  };
  const toFloorStore = (seconds: number): Promise<{ rows: number; seconds: number }> =>
    floorStore.ask('insert', { group: CLIENTS, seconds });

  await toConnectorAndFolded('c64', WARM_UP_SECONDS);
  await toFloorHttp(WARM_UP_SECONDS);
  await toFloorStore(WARM_UP_SECONDS);
  const c1: FoldedBurst[] = [];
  const c64: FoldedBurst[] = [];
  const http: BurstResult[] = [];
  const store: { answered: number; seconds: number }[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    c1.push(await toConnectorAndFolded('c1', roundSeconds * SHARE.c1));
    c64.push(await toConnectorAndFolded('c64', roundSeconds * SHARE.c64));
    http.push(await toFloorHttp(roundSeconds * SHARE.http));
    const { rows, seconds } = await toFloorStore(roundSeconds * SHARE.store);
    store.push({ answered: rows, seconds });
    const rates = Object.entries({ c1, c64, http, store }).map(([name, all]) => `${name} ${rateOf(all.slice(-1))}/s`);
    const lag = Math.round(c64.at(-1)?.foldLagMs ?? 0);
    say(`round ${round}: ${rates.join(', ')}; folded ${lag} ms after the last 202`);
  }

  await prepare(field, READY_PER_SECOND.c64 * KILL_AFTER_SECONDS);
  const { accepted, lost } = await killBusy(field, () => toConnector('c64', KILL_AFTER_SECONDS * 2));
  say(`killed while busy: ${accepted} deliveries were answered 202, ${lost} of them are missing`);
  const refused = [...c1, ...c64, ...http].reduce((sum, burst) => sum + burst.refused, 0);
  if (refused > 0) throw new Error(`${refused} deliveries were not answered 202`);
  const [floorHttpRps, floorStoreRps] = [rateOf(http), rateOf(store)];
  const ratioToFloor = round2(rateOf(c64) / Math.min(floorHttpRps, floorStoreRps));
  return {
    c1: speedOf(c1),
    c64: speedOf(c64),
    floorHttpRps,
    floorStoreRps,
    ratioToFloor,
    foldedRps: rateOf(c64.map((burst) => ({ ...burst, seconds: burst.seconds + burst.foldLagMs / 1000 }))),
    foldLagMs: Math.round(Math.max(...c64.map(({ foldLagMs }) => foldLagMs))),
    foldLagAloneMs: Math.round(Math.max(...c1.map(({ foldLagMs }) => foldLagMs))),
    accepted,
    lost,
  };
}

async function prepare({ load, connector }: Field, count: number): Promise<void> {
  await load.ask('prepare', { count, path: connector.path, secret: SECRET });
}

/** Kills the connector in the middle of a burst, opens its store again, and compares it with what was answered 202. */
async function killBusy(
  { connector, load }: Field,
  send: () => Promise<BurstResult>,
): Promise<{ accepted: number; lost: number }> {
  const before = (await load.ask('accepted', undefined)).length;
  const burst = send();
  await sleep(KILL_AFTER_SECONDS * 1000);
  await connector.kill();
  await burst;
  const accepted = await load.ask('accepted', undefined);
  if (accepted.length === before) throw new Error('The connector was killed before it was busy');
  const stored = await connector.storedUids();
  return { accepted: accepted.length, lost: accepted.filter((uid) => !stored.has(uid)).length };
}

function speedOf(bursts: BurstResult[]): Speed {
  const sorted = Float64Array.from(bursts.flatMap(({ latenciesMs }) => latenciesMs)).sort();
  const quantile = (share: number): number => round2(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { rps: rateOf(bursts), p50: quantile(0.5), p99: quantile(0.99) };
}

function rateOf(bursts: { answered: number; seconds: number }[]): number {
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
  return Math.round(sum(bursts.map(({ answered }) => answered)) / sum(bursts.map(({ seconds }) => seconds)));
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

function isOnTarget({ ratioToFloor, c64 }: StoreResult): boolean {
  return ratioToFloor >= TARGET.ratioToFloor && c64.p99 < TARGET.p99;
}

function readOptions(): { stores: StoreKind[]; seconds: number; check: boolean } {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '32' },
      store: { type: 'string', default: 'both' },
      check: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  const stores = STORES.filter((store) => values.store === 'both' || values.store === store);
  if (!(seconds >= 4 && seconds <= 600)) throw new TypeError('--seconds takes a number from 4 to 600');
  if (stores.length === 0) throw new TypeError('--store takes pglite, postgres or both');
  return { stores, seconds, check: values.check };
}

async function main(): Promise<void> {
  const { stores, seconds, check } = readOptions();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const results: Partial<Record<StoreKind, StoreResult | string>> = {};
  for (const kind of stores) {
    const missing = kind === 'postgres' ? whyNoPostgres() : null;
    const result = missing === null ? await measure(kind, seconds / stores.length, say) : `skipped: ${missing}`;
    results[kind] = result;
    if (typeof result === 'string') continue;
    if (result.lost > 0 || (check && !isOnTarget(result))) process.exitCode = 1;
  }
  say(JSON.stringify(results));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
