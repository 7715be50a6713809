import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from 'org-emulator';
import { Client } from 'pg';
import type { ConnectorProcess } from '../support/connector-process';
import { purposeOf, type Hold, type OrgProcess } from '../support/org-process';
import { until } from '../support/until';
import type { Senders } from './senders';

/** What happens once in a while. */
export const INCIDENTS = [
  ...(['killAccepted', 'killBeforeWrite', 'killCommitted', 'killAnswered', 'killAtRandom'] as const),
  ...(['allowanceSpent', 'databaseKilled', 'pausedPastLease'] as const),
];
export type Incident = (typeof INCIDENTS)[number];

/** Those that need a database that several processes share. */
export const OF_POSTGRES: readonly Incident[] = ['databaseKilled', 'pausedPastLease'];

/** What an incident works with. */
export interface Scene {
  org: OrgProcess;
  connector: ConnectorProcess;
  senders: Senders;
  /** Lets some deliveries come that were held back, so that there is something to do. */
  letMoreCome: () => void;
  /** Null for the embedded store. */
  databaseUrl: string | null;
  random: () => number;
}

/** How long an incident waits for its moment before it is given up. */
const PATIENCE_MS = 120_000;
/** How long nothing happens before somebody sees to it that something does. */
const NUDGE_MS = 1_500;
/** How long an instance goes on that was paused, unless it says sooner that it lost its lane. */
const GOES_ON_MS = 10_000;
const LOST_LANE = 'The lane failed and tries again';
/** How much is told to the other instance meanwhile: enough that some of what was read is no longer true. */
const TOLD_MEANWHILE = 100;
/** The daily allowance in good times, and when it is spent. */
const PLENTY = 10_000_000;
const SPENT = 1;

/** Lets something happen; when it returns the connector runs again. @returns whether it came to pass. */
export async function happen(incident: Incident, scene: Scene): Promise<boolean> {
  switch (incident) {
    case 'killAccepted':
      scene.letMoreCome();
      await scene.senders.whenAccepted(scene.senders.sent.accepted + 1);
      return killAndStart(scene);
    case 'killBeforeWrite':
      return killWithCall('read', scene);
    case 'killCommitted':
      return killWithCall('write', scene);
    case 'killAnswered':
      return killAnswered(scene);
    case 'killAtRandom':
      await sleep(scene.random() * 300);
      return killAndStart(scene);
    case 'allowanceSpent':
      return spendAllowance(scene);
    case 'databaseKilled':
      return killDatabase(scene);
    case 'pausedPastLease':
      return pausePastLease(scene);
  }
}

async function killAndStart({ connector }: Scene): Promise<boolean> {
  await connector.kill();
  await connector.start();
  return true;
}

/** Kills the connector while a call is done in the org and not answered: a read, so that no write ever came, or a write. */
async function killWithCall(purpose: 'read' | 'write', scene: Scene): Promise<boolean> {
  return withHeldCall(purpose, scene, async (_n, hold) => {
    await scene.connector.kill();
    await hold.end();
    await scene.connector.start();
    return true;
  });
}

/** Kills the connector when its write is done and answered, before it could read the answer. */
async function killAnswered(scene: Scene): Promise<boolean> {
  const { org, connector } = scene;
  return withHeldCall('write', scene, async (n, hold) => {
    await connector.suspend();
    await hold.end();
    const handedOver = async (): Promise<Call | null> => {
      const [call] = await org.calls(n - 1);
      return call?.state === 'answered' || call?.state === 'dropped' ? call : null;
    };
    const { state } = await until('the answer to be handed over', handedOver, { timeoutMs: PATIENCE_MS });
    // This answer was one of those that are lost: that is another fault.
    if (state === 'dropped') {
      connector.resume();
      return false;
    }
    await connector.kill();
    await connector.start();
    return true;
  });
}

/**
 * An instance stands still between its read and its write, longer than its lease. Another one takes the lane over and has
 * been told, and has written, what is newer when the first goes on, which must not write what it read then: it dies before it could record that, so that
 * nothing would ever put it right.
 */
async function pausePastLease(scene: Scene): Promise<boolean> {
  const { org, connector, senders } = scene;
  return withHeldCall('read', scene, async (_n, hold) => {
    await connector.suspend();
    await hold.end();
    const paused = await connector.startAnother();
    try {
      const wanted = Math.min(senders.sent.accepted + TOLD_MEANWHILE, senders.total);
      for (let times = 0; times < 4; times += 1) scene.letMoreCome();
      if (!(await come(scene, () => Promise.resolve(senders.sent.accepted >= wanted)))) return false;
      const told = await org.lastCall();
      const hasWritten = async (): Promise<boolean> =>
        (await org.calls(told)).some(({ sobjects }) => sobjects['Event'] !== undefined);
      if (!(await come(scene, hasWritten))) return false;
      // While this one stands still, whatever is written is written by the first.
      await connector.suspend();
      const since = await org.lastCall();
      const late = await org.hold('afterCommit');
      const lost = timesIn(paused?.said ?? '', LOST_LANE);
      paused?.signal('SIGCONT');
      const isTold = async (): Promise<true | null> =>
        timesIn(paused?.said ?? '', LOST_LANE) > lost ||
        (await org.calls(since)).some((call) => Object.keys(call.sobjects).length > 0) ||
        null;
      await until('the first instance to write', isTold, { timeoutMs: GOES_ON_MS }).catch(() => undefined);
      await paused?.kill();
      await late.end();
      return true;
    } finally {
      await paused?.kill();
      connector.resume();
    }
  });
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Lets calls go until one is held that has read, or has written something; the next one when it was not to be used. */
async function withHeldCall(
  purpose: 'read' | 'write',
  scene: Scene,
  act: (n: number, hold: Hold) => Promise<boolean>,
): Promise<boolean> {
  const { org } = scene;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    let last = await org.lastCall();
    const hold = await org.hold('afterCommit');
    const isFound = async (): Promise<boolean> => {
      const call = await hold.look(last);
      if (call === null) return false;
      last = call.n;
      const hasWritten = Object.keys(call.sobjects).length > 0;
      if (purpose === 'write' ? hasWritten : !hasWritten && purposeOf(call) === 'read') return true;
      await hold.letGo();
      return false;
    };
    try {
      if ((await come(scene, isFound)) && (await act(last, hold))) return true;
    } finally {
      await hold.end();
    }
  }
  return false;
}

/** Waits until something is there. While it is not, deliveries are let come and an admin says that the lanes may go on. */
async function come(scene: Scene, isThere: () => Promise<boolean>): Promise<boolean> {
  let nudgedAt = performance.now();
  for (const end = nudgedAt + PATIENCE_MS; performance.now() < end; await sleep(5)) {
    if (await isThere()) return true;
    if (performance.now() - nudgedAt < NUDGE_MS) continue;
    scene.letMoreCome();
    await resume(scene.connector);
    nudgedAt = performance.now();
  }
  return false;
}

/** The org refuses everything for a while; when it may be asked again, an admin says so. */
async function spendAllowance(scene: Scene): Promise<boolean> {
  const { org, connector } = scene;
  const since = await org.lastCall();
  await org.control('POST', '/settings', { dailyApiRequests: SPENT });
  const isRefused = await come(scene, async () => (await org.calls(since)).some(({ status }) => status === 403));
  await org.control('POST', '/settings', { dailyApiRequests: PLENTY });
  await resume(connector);
  // A connector that is killed before it was answered would wait for the allowance long after it is back.
  const back = await org.lastCall();
  await come(scene, async () => (await org.calls(back)).some(({ status }) => status === 200));
  return isRefused;
}

/**
 * Makes the lanes try at once. Opening the gate that is open changes nothing else. A database that recovers is asked
 * again by whoever calls this.
 */
export async function resume(connector: ConnectorProcess): Promise<void> {
  await connector.run(['gate', 'open', '--backlog']).catch(() => undefined);
}

/** One server process dies by SIGKILL: PostgreSQL then cuts every connection and recovers from its log. */
async function killDatabase(scene: Scene): Promise<boolean> {
  return scene.databaseUrl !== null && come(scene, () => killBackend(scene.databaseUrl ?? ''));
}

/** @returns whether one was there to be killed. */
async function killBackend(databaseUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'booking-connector' and datname = current_database()`,
  );
  const pid = rows[0]?.pid;
  const name = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const isOurs = pid !== undefined && name.startsWith('postgres');
  if (isOurs) process.kill(pid, 'SIGKILL');
  await client.end().catch(() => undefined);
  return isOurs;
}
