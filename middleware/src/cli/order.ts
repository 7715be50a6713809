import { userInfo } from 'node:os';
import { DEFAULT_TEAM } from '../admin/admin';
import { carryOutCommand, type OrderName } from '../admin/orders/orders';
import { createConnect } from '../connection/connect';
import { readConfig } from '../config';
import { createLog } from '../log';
import { openState } from '../open-state';
import { askHolder } from '../store/directory-lock';
import { createOrgReader } from '../sync/org-reader';
import { resumeLanes } from '../sync/org.store';
import type { Terminal } from './terminal';

/** Asks the running server; with a PostgreSQL store, or when no server runs, works on the store itself. */
export async function order({ env, team }: Terminal, name: OrderName, args: unknown): Promise<unknown> {
  const config = readConfig(env);
  const request = { order: name, args, by: userName(), ...(team === undefined ? {} : { team }) };
  if (config.databaseUrl === null) {
    const answer = await askHolder(config.dataDir, request);
    if (answer.held) return answer.answer;
  }
  const log = createLog('silent');
  const { store, secrets } = await openState(config, log);
  try {
    const baseUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
    const now = (): Date => new Date();
    const { allowLoopback } = config;
    const connect = createConnect({ store, secrets, allowLoopback, log, now });
    const org = createOrgReader({ store, connect, now });
    let resumed = Promise.resolve();
    const wake = (): void => void (resumed = resumed.then(() => resumeLanes(store)));
    const answer = await carryOutCommand(
      { store, teamId: DEFAULT_TEAM, secrets, now, baseUrl, wake, laneStates: () => ({}), connect, allowLoopback, org },
      request,
    );
    await resumed;
    return answer;
  } finally {
    await store.close();
  }
}

/** For the audit. A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'command line';
  }
}
