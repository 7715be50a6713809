import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { Logger } from 'pino';
import { DEFAULT_TEAM, readStatus, type AdminDeps } from './admin/admin';
import { apiContext } from './admin/api-key';
import { budgetOfOrg } from './admin/budget';
import { carryOutCommand } from './admin/orders/orders';
import { saveDeliveries, type Delivery, type DeliveryOutcome } from './booking/delivery.store';
import { startFolder } from './booking/folder';
import { startRetention } from './booking/retention';
import { countParked, readWork } from './booking/work.store';
import type { Config } from './config';
import { releaseConfiguredOrg, saveConfiguredOrg } from './connection/configured-org';
import { createConnect } from './connection/connect';
import { startHeartbeat } from './connection/heartbeat';
import { freeRenewals } from './connection/renewal.store';
import { consoleRouter } from './console/console-router';
import { goRouter } from './console/go-router';
import { apiRouter } from './http/api/api-router';
import { countTurns } from './http/count-turns';
import { createGuard } from './http/guard';
import { listen } from './http/listen';
import { createMetrics } from './http/metrics';
import { rememberSources } from './http/remembered-sources';
import { countRequests } from './http/running-requests';
import { createServer } from './http/server';
import { noticeChannels } from './notice/channels';
import { startMessenger } from './notice/messenger';
import { noticeKind } from './notice/notice';
import { readOpenNotices } from './notice/notice.store';
import { openState } from './open-state';
import { pingStore } from './http/ping-store';
import { createSourceApi } from './source/completion-api';
import { kinds, readDelivery } from './source/kinds';
import { createCoalescer } from './store/coalescer';
import { startCompletions } from './sync/completion';
import { createOrgLanes } from './sync/org-lanes';
import { createOrgReader } from './sync/org-reader';
import { createOrgSession } from './sync/org-session';
import { readOrgs } from './sync/org.store';

/** How long the API of a scheduling system may take to answer. */
const API_TIMEOUT_MS = 5_000;
/** How often a lane looks for what other instances received; an embedded store has no other instance. */
const POLL_MS = { postgres: 1_000, pglite: 30_000 };

/** A running connector. */
export interface App {
  /** Where it listens. */
  url: string;
  admin: AdminDeps;
  /**
   * Stops taking deliveries, finishes what runs, folds for a quarter of `shutdownSeconds` at most, gives the lanes back
   * and closes the store. A call to Salesforce is waited for, however long it takes.
   */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and starts them: store, lanes, HTTP.
 * @param apiBaseUrls where the APIs of scheduling systems are, by kind, in the place of the vendors' hosts: for tests.
 * @throws StoreError, SecretError or a listen error, each with a plain sentence; then nothing is left running.
 */
export async function startApp(
  config: Config,
  log: Logger,
  { apiBaseUrls = {} }: { apiBaseUrls?: Readonly<Record<string, string>> } = {},
): Promise<App> {
  const { store, secrets } = await openState(config, log);
  const now = (): Date => new Date();
  const metrics = createMetrics({
    now,
    readWork: () => readWork(store, now()),
    countParked: (most) => countParked(store, most),
    readBudgets: async () => Promise.all((await readOrgs(store)).map((org) => budgetOfOrg(store, org, now()))),
    laneStates: () => lanes.states(),
    readNotices: async () =>
      (await readOpenNotices(store)).map(({ key, severity }) => ({ kind: noticeKind(key), severity })),
    ofProcess: true,
  });
  const onCall = (org: string, purpose: string, durationMs: number): void => {
    metrics.apiCalls.inc({ org, purpose });
    metrics.apiCallSeconds.observe({ org, purpose }, durationMs / 1000);
  };
  const connect = createConnect({ store, secrets, allowLoopback: config.allowLoopback, log, now, onCall });
  const lanes = createOrgLanes({
    store,
    holder: randomUUID(),
    openSession: (org, meter) => createOrgSession(connect(org, meter)),
    now,
    random: Math.random,
    log,
    leaseMs: config.laneLeaseMs,
    pollMs: POLL_MS[store.kind],
    watchMs: config.driftCheckMs,
    onCall,
    onTurn: countTurns(metrics, store),
  });

  const completions = startCompletions({
    store,
    open: ({ id, kind, apiCredentialSealed }) => {
      const completion = kinds.get(kind)?.complete;
      if (completion === undefined) return null;
      const credential = secrets.open(apiCredentialSealed, apiContext(id));
      const baseUrl = apiBaseUrls[kind];
      return {
        completion,
        api: createSourceApi({ access: completion.access, credential, timeoutMs: API_TIMEOUT_MS, baseUrl }),
      };
    },
    onAsked: () => lanes.wake(),
    now,
    random: Math.random,
    log,
    pollMs: POLL_MS[store.kind],
  });
  const resume = (): void => {
    completions.wake();
    lanes.resume();
  };

  const deliveries = createCoalescer<Delivery, DeliveryOutcome>({
    flush: async (group) => {
      const outcomes = await saveDeliveries(store, group);
      folder.wake();
      return outcomes;
    },
    // While one group is being committed the next is on its way: the database waits for no answers to be written.
    atOnce: 2,
  });
  const folder = startFolder({
    store,
    readDelivery,
    quietMs: () => deliveries.quietMs,
    onFolded: ({ deliveries: count, told, receivedAt, read }) => {
      metrics.folded.inc(count);
      for (const { sourceId: source, kind, outcome } of read) metrics.deliveries.inc({ source, kind, outcome });
      const at = now().getTime();
      for (const received of receivedAt) metrics.foldLagSeconds.observe(Math.max(0, at - received.getTime()) / 1000);
      if (told === 0) return;
      completions.wake();
      lanes.wake();
    },
    log,
    pollMs: POLL_MS[store.kind],
  });

  let url = '';
  const admin: AdminDeps = {
    store,
    teamId: DEFAULT_TEAM,
    secrets,
    now,
    get baseUrl() {
      return config.publicUrl ?? url;
    },
    wake: resume,
    laneStates: () => lanes.states(),
    connect,
    allowLoopback: config.allowLoopback,
    org: createOrgReader({ store, connect, now }),
  };
  const guard = createGuard({ store, now, baseUrl: () => admin.baseUrl, session: config.consoleSession });

  let isStopping = false;
  const http = createHttpServer(
    createServer({
      findSource: rememberSources(store, secrets, now),
      save: (delivery) => deliveries.add(delivery),
      now,
      bodyLimitBytes: config.webhookBodyLimitBytes,
      perMinute: config.webhooksPerMinute,
      onAnswer: (source, kind, outcome, durationMs) => {
        if (outcome !== null) metrics.deliveries.inc({ source, kind, outcome });
        if (durationMs !== null) metrics.webhookSeconds.observe({ kind }, durationMs / 1000);
      },
      metrics,
      log,
      pingStore: () => pingStore(store),
      foldingFailsSince: () => folder.failingSince,
      isStopping: () => isStopping,
      laneStates: () => lanes.states(),
      trustedProxies: config.trustedProxies,
      routers: {
        '/api/v1': apiRouter(admin, guard),
        '/console': consoleRouter(admin, guard, log),
        '/go': goRouter(admin, guard, log),
      },
    }),
  );

  const requests = countRequests(http);

  try {
    if (config.salesforce === null) await releaseConfiguredOrg(store);
    else await saveConfiguredOrg({ store, secrets, now: now() }, config.salesforce, DEFAULT_TEAM);
    // One process holds an embedded store, so whoever renewed a session before is dead.
    if (store.kind === 'pglite') await freeRenewals(store);
    url = await listen(http, config);
  } catch (error) {
    await Promise.all([folder.stop(), completions.stop()]);
    await store.close();
    throw error;
  }
  await lanes.start();
  const messenger = startMessenger({
    store,
    channels: noticeChannels(config, { log, now, consoleUrl: () => `${admin.baseUrl}/console` }),
    now,
    log,
    onSent: (channel, isTaken) => metrics.notices.inc({ channel, outcome: isTaken ? 'sent' : 'failed' }),
  });
  const stopHeartbeat = startHeartbeat({ store, connect, now, log });
  const stopRetention = startRetention({ db: store, days: config.rawBodyRetentionDays, now, log });
  store.answerCommands((request) => carryOutCommand(admin, request));
  const { sources, pending } = await readStatus(admin);
  log.info({ url, store: store.kind, sources: sources.length, pending }, 'The connector is running');

  return {
    url,
    admin,
    stop: async () => {
      // From here on nothing is accepted; who was let in is answered, and what was answered is on disk.
      isStopping = true;
      const shareMs = (config.shutdownSeconds * 1_000) / 4;
      http.close();
      await requests.idle(shareMs);
      await deliveries.drain();
      await Promise.all([folder.stop(shareMs), completions.stop(), lanes.stop()]);
      await Promise.all([stopRetention(), stopHeartbeat(), messenger.stop()]);
      http.closeAllConnections();
      await store.close();
    },
  };
}
