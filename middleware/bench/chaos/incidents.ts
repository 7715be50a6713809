import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Null for the embedded store. */
  databaseUrl: string | null;
  random: () => number;
}

/** How long an instance goes on that was paused. */
const GOES_ON_MS = 1_000;
/** The daily allowance in good times, and when it is spent. */
const PLENTY = 10_000_000;
const SPENT = 1;

/** Lets something happen; when it returns the connector runs again. @returns whether it came to pass. */
export async function happen(incident: Incident, scene: Scene): Promise<boolean> {
  switch (incident) {
    case 'killAccepted':
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
  });
}

/** Kills the connector when its write is done and answered, before it could read the answer. */
async function killAnswered(scene: Scene): Promise<boolean> {
  return withHeldCall('write', scene, async (n, hold) => {
    await scene.connector.suspend();
    await hold.end();
    await until('the answer to be handed over', async () => {
      const [call] = await scene.org.calls(n - 1);
      return call?.state === 'answered' || call?.state === 'dropped' ? call : null;
    });
    await scene.connector.kill();
    await scene.connector.start();
  });
}

/**
 * An instance stands still between its read and its write, longer than its lease. Another one takes the lane over and has
 * written when the first goes on, which must not write what it read then: it dies before it could record that, so that
 * nothing would ever put it right.
 */
async function pausePastLease(scene: Scene): Promise<boolean> {
  const { org, connector } = scene;
  return withHeldCall('read', scene, async (n, hold) => {
    await connector.suspend();
    await hold.end();
    const paused = await connector.startAnother();
    try {
      await until('the other instance to write', async () => {
        return (await org.calls(n)).some(({ sobjects }) => sobjects['Event'] !== undefined) || null;
      });
      // While this one stands still, whatever is written is written by the first.
      await connector.suspend();
      const since = await org.lastCall();
      const late = await org.hold('afterCommit');
      paused?.signal('SIGCONT');
      await until(
        'the first instance to write',
        async () => (await org.calls(since)).some((call) => Object.keys(call.sobjects).length > 0) || null,
        { timeoutMs: GOES_ON_MS },
      ).catch(() => undefined);
      await paused?.kill();
      await late.end();
    } finally {
      await paused?.kill();
      connector.resume();
    }
  });
}

/** Lets calls go until one is held that has read, or has written something. */
async function withHeldCall(
  purpose: 'read' | 'write',
  { org }: Scene,
  act: (n: number, hold: Hold) => Promise<void>,
): Promise<boolean> {
  let last = await org.lastCall();
  const hold = await org.hold('afterCommit');
  try {
    for (;;) {
      const call = await hold.waiting(last);
      last = call.n;
      const hasWritten = Object.keys(call.sobjects).length > 0;
      if (purpose === 'write' ? hasWritten : !hasWritten && purposeOf(call) === 'read') break;
      await hold.letGo();
    }
    await act(last, hold);
    return true;
  } catch (error) {
    // Nothing was to be written just then.
    if (error instanceof Error && error.message.startsWith('Expected a call to be held')) return false;
    throw error;
  } finally {
    await hold.end();
  }
}

/** The org refuses everything for a while; when it may be asked again, an admin says so. */
async function spendAllowance({ org, connector }: Scene): Promise<boolean> {
  const since = await org.lastCall();
  await org.control('POST', '/settings', { dailyApiRequests: SPENT });
  try {
    await until('a call to be refused', async () => {
      return (await org.calls(since)).some(({ status }) => status === 403) || null;
    });
  } catch {
    return false;
  } finally {
    await org.control('POST', '/settings', { dailyApiRequests: PLENTY });
    await resume(connector);
  }
  return true;
}

/** Makes the lanes try at once. Opening the gate that is open changes nothing else. */
async function resume(connector: ConnectorProcess): Promise<void> {
  await connector.run(['gate', 'open', '--backlog']);
}

/** One server process dies by SIGKILL: PostgreSQL then cuts every connection and recovers from its log. */
async function killDatabase({ databaseUrl }: Scene): Promise<boolean> {
  if (databaseUrl === null) return false;
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
