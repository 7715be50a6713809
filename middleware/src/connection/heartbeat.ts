import type { Db } from '../store/db';
import { blockOf, readOrgs } from '../sync/org.store';
import type { Connect } from './connect';
import { readConnectionDetails } from './connection.store';

export interface HeartbeatDeps {
  store: Db;
  connect: Connect;
  now: () => Date;
  log: { warn(fields: object, message: string): void };
  /** How old a session grows. Default: a day. Refresh tokens that rest die, after 30 days or what the admin set. */
  afterMs?: number;
  /** How often to look. Default: once an hour. */
  everyMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Renews the session of each org once a day, so that no refresh token rests until it dies, and that a connection which is
 * lost is known before the next booking comes.
 *
 * @returns stops it, and waits for what runs.
 */
export function startHeartbeat(deps: HeartbeatDeps): () => Promise<void> {
  const { log, everyMs = 3_600_000 } = deps;
  let isStopped = false;
  const turn = (): Promise<void> =>
    beat(deps, () => isStopped).catch((error: unknown) => log.warn({ err: error }, 'Sessions could not be renewed'));
  let running = turn();
  const timer = setInterval(() => {
    running = running.then(turn);
  }, everyMs);
  timer.unref();
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}

/** Renews every session that has grown old. One that cannot be renewed holds up no other. */
export async function beat(
  { store, connect, now, log, afterMs = DAY_MS }: HeartbeatDeps,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const details = await readConnectionDetails(store);
  for (const org of await readOrgs(store)) {
    const sessionAt = details.get(org.id)?.sessionAt ?? null;
    const isOld = sessionAt !== null && now().getTime() - sessionAt.getTime() >= afterMs;
    if (isStopped() || !isOld || blockOf(org) !== null) continue;
    try {
      await connect(org).keepAlive();
    } catch (error) {
      log.warn({ orgId: org.id, err: error }, 'A session could not be renewed');
    }
  }
}
