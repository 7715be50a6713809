/**
 * Everything that can go wrong, at once: the connector and an org emulator as processes of the build, random histories of
 * every scheduling system that is simulated, delivered in disorder, repeated and many at a time, while answers are lost,
 * calls refused, rows locked, sessions ended, the allowance spent, people convert, merge and delete in the org, and the
 * connector and its database are killed.
 *
 *   npm run -s chaos -- [--bookings 2000] [--seed 0] [--store pglite|postgres|both] [--program <bin/booking-connector.js>]
 *
 * In the end each booking is compared, field by field, with a model that shares no code with the connector (`chaos/model`).
 * The last line is JSON; the line before says how often each fault struck. The exit code is 1 when anything is off, or
 * some fault never struck. What is off is written to a file, with the booking's history.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos, type ChaosResult } from './chaos/run';
import { summaryOf, type Summary } from './chaos/summary';
import { startPostgresServer, whyNoPostgres } from './support/postgres-server';

const STORES = ['pglite', 'postgres'] as const;
type StoreKind = (typeof STORES)[number];
/** Findings that are written down in full. */
const MAX_WRITTEN = 50;

interface Options {
  bookings: number;
  seed: number;
  stores: StoreKind[];
  program: string | undefined;
}

async function runOnStore(store: StoreKind, { bookings, seed, program }: Options): Promise<ChaosResult> {
  const server = store === 'postgres' ? await startPostgresServer() : null;
  try {
    const databaseUrl = (await server?.createDatabase())?.databaseUrl ?? null;
    return await runChaos({
      ...{ bookings, seed, databaseUrl, say: (line) => say(`${store.padEnd(8)} ${line}`) },
      ...(program === undefined ? {} : { program }),
    });
  } finally {
    await server?.stop();
  }
}

/** Tells what is off, and writes the histories behind it to a file. @returns whether all is well. */
async function tell(store: StoreKind, seed: number, result: ChaosResult): Promise<boolean> {
  const { findings, stories, parkedUnexplained, strikes, pending, log } = result;
  const missing = Object.entries(strikes)
    .filter(([, count]) => count === 0)
    .map(([name]) => name);
  if (missing.length > 0) say(`Never struck: ${missing.join(', ')}`);
  const isFine = findings.length + parkedUnexplained.length + pending + missing.length === 0;
  if (isFine) return true;
  for (const { kind, text } of findings.slice(0, 10)) say(`${kind.toUpperCase()}: ${text}`);
  for (const text of parkedUnexplained.slice(0, 10)) say(`PARKED: ${text}`);
  const file = join(tmpdir(), `chaos-${store}-${seed}.json`);
  const written = findings.slice(0, MAX_WRITTEN).map(({ kind, text, email, booking }) => {
    const { history, ...expected } = booking ?? { history: null };
    return { kind, text, email, expected, posted: history?.posted() ?? [] };
  });
  await writeFile(
    file,
    JSON.stringify({ strikes, pending, parkedUnexplained, findings: written, stories, log }, null, 2),
  );
  say(`What is off, with the histories behind it: ${file}`);
  return false;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      bookings: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '0' },
      store: { type: 'string', default: 'pglite' },
      program: { type: 'string' },
    },
  });
  const [bookings, seed] = [Number(values.bookings), Number(values.seed)];
  const stores = STORES.filter((store) => values.store === 'both' || values.store === store);
  if (!Number.isInteger(bookings) || bookings < 300) throw new TypeError('--bookings takes a whole number from 300');
  if (!Number.isInteger(seed) || seed < 0) throw new TypeError('--seed takes a whole number from 0');
  if (stores.length === 0) throw new TypeError('--store takes pglite, postgres or both');
  return { bookings, seed, stores, program: values.program };
}

async function main(): Promise<void> {
  const options = readOptions();
  const results: ChaosResult[] = [];
  for (const store of options.stores) {
    const missing = store === 'postgres' ? whyNoPostgres() : null;
    if (missing !== null) throw new Error(missing);
    const result = await runOnStore(store, options);
    if (!(await tell(store, options.seed, result))) process.exitCode = 1;
    results.push(result);
  }
  const strikes: Record<string, number> = {};
  for (const result of results) {
    for (const [name, count] of Object.entries(result.strikes)) strikes[name] = (strikes[name] ?? 0) + count;
  }
  say(`struck: ${JSON.stringify(strikes)}`);
  const summaries = results.map(summaryOf);
  const names = Object.keys(summaries[0] ?? {}) as (keyof Summary)[];
  const sum = (name: keyof Summary): number => summaries.reduce((total, one) => total + one[name], 0);
  say(JSON.stringify(Object.fromEntries(names.map((name) => [name, sum(name)]))));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
