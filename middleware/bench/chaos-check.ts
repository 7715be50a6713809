/**
 * Proves that the chaos test can fail: faults are put into copies of the build, and each must be noticed.
 *
 *   npm run -s chaos:check [-- --bookings 600] [--seed 0] [--only name]
 *
 * Prints a line for each fault, and exits with 1 when one was not noticed. About a minute for each.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos/run';
import { summaryOf, type Summary } from './chaos/summary';
import { startPostgresServer } from './support/postgres-server';

const ROOT = join(__dirname, '../..');
const COPIED = ['bin', 'dist', 'migrations', 'demo', 'package.json'];

/** A fault of the connector, as changes of single lines of the build. */
interface Fault {
  name: string;
  changes: { file: string; from: string; to: string }[];
  /** Needs a database that several instances share. */
  isOfPostgres?: true;
  /** What the chaos test must say. */
  isNoticed: (summary: Summary) => boolean;
}

/** An answer to a call that was never executed, as it would be if everything had gone well. */
const AS_IF_WRITTEN = `if (status === 503) return new Map(requests.map(({ method, body: sent, referenceId }, at) => [referenceId, {
    referenceId, status: 200, headers: {},
    body: method === 'GET'
      ? { records: [], done: true, totalSize: 0 }
      : (sent.records ?? [sent]).map((_, row) => ({ success: true, id: '00U' + String(at * 1000 + row).padStart(15, '0'), created: true })),
  }]));`;

const FAULTS: Fault[] = [
  {
    name: 'a 503 counts as written',
    changes: [
      {
        file: 'salesforce/composite-call.js',
        from: 'if (status !== 200)\n        throw refusal(answer, body);\n    const parts',
        to: `${AS_IF_WRITTEN} if (status !== 200) throw refusal(answer, body); const parts`,
      },
    ],
    isNoticed: ({ lost }) => lost > 0,
  },
  {
    name: 'a booking that changed while it was written counts as written',
    changes: [
      {
        file: 'booking/booking.store.js',
        from: 'case when b.revision = i.revision then i.due_at else coalesce(b.due_at, $5) end',
        to: 'i.due_at',
      },
    ],
    isNoticed: ({ wrong }) => wrong > 0,
  },
  {
    name: 'the Event of a booking that continues another one stays',
    changes: [
      {
        file: 'plan/plan-batch.js',
        from: 'cannotDelete !== true) {\n            this.plan.deletions.push(',
        to: 'cannotDelete !== true) {\n            void (',
      },
    ],
    isNoticed: ({ doubled }) => doubled > 0,
  },
  {
    name: 'a delivery is answered 202 before it is stored',
    changes: [
      {
        file: 'app.js',
        from: 'save: (delivery) => deliveries.add(delivery),',
        to: "save: (delivery) => (setTimeout(() => deliveries.add(delivery).catch(() => undefined), 500), Promise.resolve('stored')),",
      },
    ],
    isNoticed: ({ lost, wrong }) => lost + wrong > 0,
  },
  {
    name: 'an instance that was paused past its lease writes what it had read',
    isOfPostgres: true,
    changes: [{ file: 'sync/lane.js', from: 'if (performance.now() >= this.#leasedUntil)', to: 'if (false)' }],
    isNoticed: ({ lost, doubled, wrong }) => lost + doubled + wrong > 0,
  },
];

/** @returns the command of a copy of the build with the fault in it. @throws Error when the line is not there any more. */
async function copyWith({ name, changes }: Fault, folder: string): Promise<string> {
  const copy = join(folder, 'middleware');
  for (const part of COPIED) await cp(join(ROOT, 'middleware', part), join(copy, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, from, to } of changes) {
    const path = join(copy, 'dist', file);
    const text = await readFile(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`"${name}": ${file} has not exactly one line ${from}`);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }
  return join(copy, 'bin/booking-connector.js');
}

async function isNoticed(fault: Fault, bookings: number, seed: number): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-check-'));
  const server = fault.isOfPostgres === true ? await startPostgresServer() : null;
  try {
    const program = await copyWith(fault, folder);
    const databaseUrl = (await server?.createDatabase())?.databaseUrl ?? null;
    const result = await runChaos({ bookings, seed, databaseUrl, program, say: () => undefined });
    const summary = summaryOf(result);
    const isSeen = fault.isNoticed(summary);
    const first = result.findings[0]?.text ?? result.parkedUnexplained[0] ?? '';
    say(`${isSeen ? 'noticed    ' : 'NOT NOTICED'} ${fault.name}: ${JSON.stringify(summary)} ${first}`);
    return isSeen;
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bookings: { type: 'string', default: '600' },
      seed: { type: 'string', default: '0' },
      only: { type: 'string', default: '' },
    },
  });
  const chosen = FAULTS.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) throw new TypeError(`--only takes a part of: ${FAULTS.map(({ name }) => name).join('; ')}`);
  for (const fault of chosen) {
    if (!(await isNoticed(fault, Number(values.bookings), Number(values.seed)))) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
