/**
 * How fast the connector writes to one org that answers as slowly as real ones do.
 *
 *   npm run -s bench:sync [-- --store pglite|postgres] [--seed S] [--models A,B,C] [--check]
 *
 * Connector and org emulator are processes of the build. Under each latency model of the emulator the connector writes
 * full batches of new bookings by new customers; in turns with it, and under the same draws of the model, the same calls
 * are sent with plain HTTP: one read and one write for each batch, one after the other, and nothing else. That is the
 * ideal of a single lane, and `ratioToIdeal` the ideal's time over ours, from the arrival of the first call until the last
 * booking is settled. `idleLagMs` is the time from the 202 to the Event when nothing else is to be done, under model A,
 * `idleFloorMs` that of the two calls alone. Beside it, under model A too, a straightforward connector: one booking after
 * another, a call for each step. The last line is JSON; with --check the exit code is 1 when a target is missed.
 */
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgresServer } from './support/postgres-server';
import { idealBatch, sendIdeal } from './sync/ideal';
import { Rig, type Model } from './sync/rig';
import { writePlainly } from './sync/straightforward';

const BATCH = 200;
/** Full batches of a round, and how many rounds: about 20, 30 and 80 seconds for ours and the ideal together. */
const LOADS: Record<Model, { rounds: number; batches: number }> = {
  A: { rounds: 3, batches: 10 },
  B: { rounds: 2, batches: 2 },
  C: { rounds: 1, batches: 2 },
};
const IDLE_TRIALS = 15;
const PLAIN_BOOKINGS = 15;
const TARGET = { ratioToIdeal: 0.85, idleOverFloorMs: 50 };

interface Throughput {
  ratioToIdeal: number;
  bookingsPerSecond: number;
  idealBookingsPerSecond: number;
  /** What a batch took us beyond the ideal, on average. */
  overheadMsPerBatch: number;
  callsPerBatch: number;
}

async function measureThroughput(rig: Rig, model: Model, seed: number): Promise<Throughput> {
  const { rounds, batches } = LOADS[model];
  const total = { ours: 0, ideal: 0, calls: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const ours = await rig.writeBacklog(batches * BATCH, model, seed + round);
    const ready = Array.from({ length: batches }, () => idealBatch(BATCH, rig.org.ready.adminUserId));
    const ideal = await rig.under(model, seed + round, '/composite$', async () => {
      const startedAt = performance.now();
      for (const batch of ready) await sendIdeal(rig.org.ready, batch);
      return (performance.now() - startedAt) / 1000;
    });
    total.ours += ours.seconds;
    total.ideal += ideal;
    total.calls += ours.calls;
    const line = `model ${model}, round ${round + 1}: ${batches} batches in ${ours.seconds.toFixed(2)} s and ${ours.calls} calls`;
    say(`${line}, ideal ${ideal.toFixed(2)} s`);
  }
  const count = rounds * batches;
  return {
    ratioToIdeal: round3(total.ideal / total.ours),
    bookingsPerSecond: round3((count * BATCH) / total.ours),
    idealBookingsPerSecond: round3((count * BATCH) / total.ideal),
    overheadMsPerBatch: Math.round(((total.ours - total.ideal) / count) * 1000),
    callsPerBatch: round3(total.calls / count),
  };
}

/** Medians over some bookings, each alone, in turns with the two calls that they take. */
async function measureIdle(rig: Rig, seed: number): Promise<{ idleLagMs: number; idleFloorMs: number }> {
  const org = await rig.listen();
  const [ours, floor]: [number[], number[]] = [[], []];
  await rig.under('A', seed, '/composite$', async () => {
    for (let trial = 0; trial < IDLE_TRIALS; trial += 1) {
      const batch = idealBatch(1, rig.org.ready.adminUserId);
      let created = org.next();
      let startedAt = performance.now();
      const sent = sendIdeal(rig.org.ready, batch);
      floor.push((await created) - startedAt);
      await sent;

      created = org.next();
      await rig.deliverOne();
      startedAt = performance.now();
      ours.push((await created) - startedAt);
      await rig.connector.untilIdle();
      await sleep(50);
    }
  });
  org.end();
  return { idleLagMs: round3(median(ours)), idleFloorMs: round3(median(floor)) };
}

/** @param ours time and calls of one booking of ours, in full batches. */
async function measureStraightforward(
  { org, under }: { org: Rig['org']; under: Rig['under'] },
  seed: number,
  ours: { secondsPerBooking: number; callsPerBooking: number },
): Promise<{ timeRatio: number; callRatio: number; secondsPerBooking: number; callsPerBooking: number }> {
  const calls = async (): Promise<number> =>
    ((await org.control('GET', '/calls?since=999999999')) as { apiCalls: number }).apiCalls;
  const before = await calls();
  const seconds = await under('A', seed, '/services/data/', async () => {
    const startedAt = performance.now();
    for (let index = 0; index < PLAIN_BOOKINGS; index += 1) {
      const booking = { key: `${seed}-${index}`, email: `plain${index}@plain.example`, hostEmail: 'rosa@host.example' };
      await writePlainly(org.ready, booking);
    }
    return (performance.now() - startedAt) / 1000;
  });
  const secondsPerBooking = seconds / PLAIN_BOOKINGS;
  const callsPerBooking = ((await calls()) - before) / PLAIN_BOOKINGS;
  return {
    timeRatio: Math.round(secondsPerBooking / ours.secondsPerBooking),
    callRatio: Math.round(callsPerBooking / ours.callsPerBooking),
    secondsPerBooking: round3(secondsPerBooking),
    callsPerBooking: round3(callsPerBooking),
  };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readOptions(): { store: string; seed: number; models: Model[]; check: boolean } {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'pglite' },
      seed: { type: 'string', default: '1' },
      models: { type: 'string', default: 'A,B,C' },
      check: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  const models = values.models.split(',').filter((name): name is Model => name in LOADS);
  if (!Number.isInteger(seed) || seed < 0) throw new TypeError('--seed takes a whole number from 0');
  if (!['pglite', 'postgres'].includes(values.store)) throw new TypeError('--store takes pglite or postgres');
  if (!models.includes('A')) throw new TypeError('--models takes A, and B and C beside it');
  return { store: values.store, seed, models, check: values.check };
}

async function main(): Promise<void> {
  const { store, seed, models, check } = readOptions();
  const server = store === 'postgres' ? await startPostgresServer() : null;
  let rig: Rig | null = null;
  try {
    rig = await Rig.start((await server?.createDatabase())?.databaseUrl ?? null);
    // What a process and an org do once: schema, hosts, compiled code.
    await rig.writeBacklog(BATCH, 'A', seed);
    await sendIdeal(rig.org.ready, idealBatch(BATCH, rig.org.ready.adminUserId));
    const { idleLagMs, idleFloorMs } = await measureIdle(rig, seed);
    say(`idle: ${idleLagMs} ms from the 202 to the Event, floor ${idleFloorMs} ms`);
    const found: Partial<Record<Model, Throughput>> = {};
    for (const model of models) found[model] = await measureThroughput(rig, model, seed);
    const { bookingsPerSecond = 1, callsPerBatch = 1 } = found.A ?? {};
    const ours = { secondsPerBooking: 1 / bookingsPerSecond, callsPerBooking: callsPerBatch / BATCH };
    const { org } = rig;
    const straightforward = await measureStraightforward({ org, under: rig.under.bind(rig) }, seed, ours);
    const missed = [
      ...Object.entries(found)
        .filter(([, { ratioToIdeal }]) => ratioToIdeal < TARGET.ratioToIdeal)
        .map(([model]) => `model ${model}`),
      ...(idleLagMs > idleFloorMs + TARGET.idleOverFloorMs ? ['idle lag'] : []),
    ];
    if (missed.length > 0) process.stderr.write(`Targets missed: ${missed.join(', ')}\n`);
    if (missed.length > 0 && check) process.exitCode = 1;
    say(JSON.stringify({ ...found, idleLagMs, idleFloorMs, straightforward, store, seed }));
  } finally {
    await rig?.stop();
    await server?.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
