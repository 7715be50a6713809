import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { apiContext } from './admin/api-key';
import { DEFAULT_TEAM, readStatus, type AdminDeps } from './admin/admin';
import { readBudgets } from './admin/budget';
import { carryOutCommand } from './admin/orders/orders';
import type { JsonValue } from './booking/booking-event';
import { saveDeliveries, type Delivery, type DeliveryOutcome } from './booking/delivery.store';
import { startFolder } from './booking/folder';
import { startRetention } from './booking/retention';
import { createLagReader } from './booking/lag.store';
import { countParked, readWork } from './booking/work.store';
import type { Config } from './config';
import { consoleRouter } from './console/console-router';
import { apiRouter } from './http/api/api-router';
import { createGuard } from './http/guard';
import { createMetrics } from './http/metrics';
import { countRequests } from './http/running-requests';
import { createServer } from './http/server';
import type { ReceivingSource } from './http/webhook-route';
import { connectOrg, type CallReport, type OrgConnection } from './salesforce/org-connection';
import { createSecretBox, loadOrCreateKey, type SecretBox } from './security/secret-box';
import { findSource } from './settings/source.store';
import { findKind, kinds, readDelivery } from './source/kinds';
import { createCoalescer } from './store/coalescer';
import { openStore, type Store } from './store/store';
import { startCompletions } from './sync/completion';
import { createSourceApi } from './source/completion-api';
import { recordSpending } from './sync/budget.store';
import type { CallMeter } from './sync/call-meter';
import { startLanes, type Lane, type LaneState } from './sync/lane';
import { freeLanes } from './sync/lane.store';
import { createOrgReader } from './sync/org-reader';
import { createOrgSession, type OrgSession } from './sync/org-session';
import { confirmOrg, linkTeam, readOrgs, resumeLanes, saveOrg, saveTeam, type Org } from './sync/org.store';

/** Id of the org that the environment names. */
const MAIN_ORG = 'main';
/** How long a source is remembered: another instance may have changed its secrets. */
const SOURCE_TTL_MS = 5_000;
/** How long the API of a scheduling system may take to answer. */
const API_TIMEOUT_MS = 5_000;
/** How often a lane looks for what other instances received; an embedded store has no other instance. */
const POLL_MS = { postgres: 1_000, pglite: 30_000 };

/** How long the store may take to answer the question whether it is there. */
const STORE_PING_MS = 2_000;

const MIGRATIONS = join(__dirname, '../migrations');
const VACUUMED_TABLES = ['booking', 'delivery', 'folding', 'lane', 'customer_link', 'api_budget', 'api_calls'];

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
  const lanes = new Map<string, Lane>();
  const laneStates = (): Record<string, LaneState> =>
    Object.fromEntries([...lanes].map(([orgId, lane]) => [orgId, lane.state()]));
  const metrics = createMetrics({
    now,
    readWork: () => readWork(store, now()),
    countParked: (most) => countParked(store, most),
    readBudgets: async () => ((await readOrgs(store)).length === 0 ? [] : readBudgets(admin, {})),
    laneStates,
    ofProcess: true,
  });
  const onCall = (org: string, purpose: string, durationMs: number): void => {
    metrics.apiCalls.inc({ org, purpose });
    metrics.apiCallSeconds.observe({ org, purpose }, durationMs / 1000);
  };
  const wake = (): void => lanes.forEach((lane) => lane.wake());

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
    onAsked: wake,
    now,
    random: Math.random,
    log,
    pollMs: POLL_MS[store.kind],
  });
  const resume = (): void => {
    completions.wake();
    lanes.forEach((lane) => lane.resume());
    // Another instance may hold a lane.
    if (store.kind === 'postgres')
      resumeLanes(store).catch((error: unknown) => log.warn({ err: error }, 'Not resumed'));
  };

  const deliveries = createCoalescer<Delivery, DeliveryOutcome>({
    flush: async (group) => {
      const outcomes = await saveDeliveries(store, group);
      folder.wake();
      return outcomes;
    },
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
      wake();
    },
    log,
    pollMs: POLL_MS[store.kind],
  });

  let url = '';
  const admin: AdminDeps = {
    store,
    secrets,
    now,
    get baseUrl() {
      return config.publicUrl ?? url;
    },
    wake: resume,
    laneStates,
    org: createOrgReader({ store, connect: connectWith({ config, store, secrets, log, now, onCall }), now }),
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
      pingStore: () => inTime(store.query('select 1'), STORE_PING_MS),
      foldingFailsSince: () => folder.failingSince,
      isStopping: () => isStopping,
      laneStates,
      trustedProxies: config.trustedProxies,
      routers: { '/api/v1': apiRouter(admin, guard), '/console': consoleRouter(admin, guard, log) },
    }),
  );

  const requests = countRequests(http);

  const openSession = (org: Org, meter: CallMeter): OrgSession =>
    createOrgSession(connectWith({ config, store, secrets, log, now, meter })(org));

  try {
    await connectConfiguredOrg(config, store, secrets, now());
    url = await listen(http, config);
  } catch (error) {
    await Promise.all([folder.stop(), completions.stop()]);
    await store.close();
    throw error;
  }
  // One process holds an embedded store, so whoever held a lane before is dead.
  if (store.kind === 'pglite') await freeLanes(store);
  const readLags = createLagReader(store);
  for (const { id } of await readOrgs(store)) {
    const lane = startLanes(id, {
      store,
      holder: randomUUID(),
      openSession,
      now,
      random: Math.random,
      log,
      leaseMs: config.laneLeaseMs,
      pollMs: POLL_MS[store.kind],
      onCall,
      onTurn: (place, { startedAt, durationMs, written, waiting, parked }) => {
        const { orgId: org } = place;
        metrics.turnSeconds.observe({ org }, durationMs / 1000);
        for (const [outcome, count] of Object.entries({ written, waiting, parked }))
          metrics.bookings.inc({ org, outcome }, count);
        // Beside the lane; when the store fails, a figure is missing and nothing else.
        readLags(place, startedAt).then(
          (lags) => lags.forEach((seconds) => metrics.writtenLagSeconds.observe({ org }, Math.max(0, seconds))),
          () => undefined,
        );
      },
    });
    lanes.set(id, lane);
  }
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
      await Promise.all([folder.stop(shareMs), ...[completions, ...lanes.values()].map((runner) => runner.stop())]);
      await stopRetention();
      http.closeAllConnections();
      await store.close();
    },
  };
}

/** Makes the function that connects to an org; nothing is sent before the connection's first call. */
export function connectWith({
  config,
  store,
  secrets,
  log,
  now,
  meter,
  onCall,
}: {
  config: Pick<Config, 'allowLoopback'>;
  store: Store;
  secrets: SecretBox;
  log: Logger;
  now: () => Date;
  /** Of a lane. Left out: each call is counted by itself. */
  meter?: Pick<CallMeter, 'beforeCall' | 'onCall'>;
  /** Called after each call that no lane makes. */
  onCall?: (orgId: string, purpose: string, durationMs: number) => void;
}): (org: Org) => OrgConnection {
  /** What an admin's look at the org costs comes out of the same allowance. */
  const count = (orgId: string, { purpose, durationMs, limitInfo }: CallReport): void => {
    onCall?.(orgId, purpose, durationMs);
    const spending = { calls: new Map([[purpose, 1]]), readings: limitInfo === null ? [] : [limitInfo], batch: null };
    recordSpending(store, orgId, null, spending, now()).catch((error: unknown) =>
      log.warn({ orgId, err: error }, 'A call could not be counted'),
    );
  };
  return (org) =>
    connectOrg({
      loginUrl: org.loginUrl,
      clientId: org.clientId,
      clientSecret: secrets.open(org.clientSecretSealed, `org:${org.id}`),
      allowLoopback: config.allowLoopback,
      ...(meter ?? { onCall: (call: CallReport) => count(org.id, call) }),
      log,
      now,
      // A session is not kept, but every new one must lead to the org that we know.
      tokenCache: {
        load: () => Promise.resolve(null),
        save: (token) => confirmOrg(store, org.id, { salesforceOrgId: token.orgId, instanceUrl: token.instanceUrl }),
      },
    });
}

/** The store and the key to its secrets: what a command needs when no server runs. */
export async function openState(config: Config, log: Logger): Promise<{ store: Store; secrets: SecretBox }> {
  const store = await openStore({
    ...(config.databaseUrl === null ? { dataDir: config.dataDir } : { databaseUrl: config.databaseUrl }),
    migrations: MIGRATIONS,
    vacuumTables: VACUUMED_TABLES,
    log,
  });
  try {
    const { key, origin } = await loadOrCreateKey({
      keyFile: join(config.dataDir, 'encryption.key'),
      ...(config.encryptionKey === null ? {} : { fromEnvironment: config.encryptionKey }),
    });
    if (origin === 'created') {
      log.info(
        { keyFile: join(config.dataDir, 'encryption.key') },
        'An encryption key was made: keep a copy, without it the stored secrets are lost',
      );
    }
    await saveTeam(store, DEFAULT_TEAM, new Date());
    return { store, secrets: createSecretBox(key) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Connects the org that the environment names, and links the team to it. */
async function connectConfiguredOrg(
  { salesforce }: Config,
  store: Store,
  secrets: SecretBox,
  now: Date,
): Promise<void> {
  if (salesforce === null) return;
  const clientSecretSealed = secrets.seal(salesforce.clientSecret, `org:${MAIN_ORG}`);
  const { loginUrl, clientId } = salesforce;
  await saveOrg(store, { id: MAIN_ORG, loginUrl, clientId, clientSecretSealed }, now);
  await linkTeam(store, DEFAULT_TEAM, MAIN_ORG);
}

/** Sources by id, with their secrets opened, remembered for a few seconds. */
function rememberSources(
  store: Store,
  secrets: SecretBox,
  now: () => Date,
): (id: string) => Promise<ReceivingSource | null> {
  const remembered = new Map<string, { source: ReceivingSource; mapping: string; until: number }>();
  const read = async (id: string): Promise<ReceivingSource | null> => {
    const found = await findSource(store, id);
    if (found === null) {
      remembered.delete(id);
      return null;
    }
    const known = remembered.get(id);
    const mapping = JSON.stringify([found.kind, found.mapping]);
    // A mapping takes milliseconds to make ready: it is made anew only when it has changed.
    const kind = known?.mapping === mapping ? known.source.kind : findKind(found.kind, found.mapping as JsonValue);
    if (kind === undefined)
      throw new Error(`The source ${id} is of a kind that this version does not know: ${found.kind}.`);
    const opened = found.secretsSealed.map((sealed) => secrets.open(sealed, `source:${id}`));
    const source = { id, teamId: found.teamId, kind, secrets: opened };
    remembered.set(id, { source, mapping, until: now().getTime() + SOURCE_TTL_MS });
    return source;
  };
  /** Those who ask while it is read wait for the same answer. */
  const reading = new Map<string, Promise<ReceivingSource | null>>();
  return (id) => {
    const known = remembered.get(id);
    if (known !== undefined && known.until > now().getTime()) return Promise.resolve(known.source);
    const running = reading.get(id) ?? read(id).finally(() => reading.delete(id));
    reading.set(id, running);
    return running;
  };
}

/** @throws Error when it takes longer. */
async function inTime(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${ms} ms.`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function listen(http: Server, { host, port }: Config): Promise<string> {
  http.listen(port, host);
  await once(http, 'listening');
  const { address, port: actual, family } = http.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}
