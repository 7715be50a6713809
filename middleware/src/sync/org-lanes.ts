import { freeLanes } from './lane.store';
import { startLanes, type Lane, type LaneDeps, type LaneState } from './lane';
import { readOrgs, resumeLanes } from './org.store';

/** How often to look for orgs that were connected elsewhere. */
const LOOK_FOR_ORGS_MS = 5_000;

/** The lanes of every connected org. */
export interface OrgLanes {
  /** Starts the lanes of every org there is, and from then on those of orgs that are connected later. */
  start(): Promise<void>;
  /** What they do, by org. */
  states(): Record<string, LaneState>;
  /** Something became due. */
  wake(): void;
  /** Somebody may have put things right: all try at once, also out of a pause, and in other instances too. */
  resume(): void;
  /** Finishes the running turns and gives the lanes back. */
  stop(): Promise<void>;
}

/** Makes the lanes; none runs before `start`. */
export function createOrgLanes(deps: LaneDeps): OrgLanes {
  const { store, log } = deps;
  const lanes = new Map<string, Lane>();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** Never rejects: what fails is tried again. */
  const startMissing = async (): Promise<void> => {
    try {
      for (const { id } of await readOrgs(store)) if (!isStopped && !lanes.has(id)) lanes.set(id, startLanes(id, deps));
    } catch (error) {
      log.warn({ err: error }, 'It could not be looked for orgs that were connected');
    }
  };
  return {
    start: async () => {
      // One process holds an embedded store, so whoever held a lane before is dead.
      if (store.kind === 'pglite') await freeLanes(store);
      await startMissing();
      // Another instance, or a command on the store, may connect an org.
      if (store.kind === 'postgres') timer = setInterval(() => void startMissing(), LOOK_FOR_ORGS_MS).unref();
    },
    states: () => Object.fromEntries([...lanes].map(([orgId, lane]) => [orgId, lane.state()])),
    wake: () => lanes.forEach((lane) => lane.wake()),
    resume: () => {
      lanes.forEach((lane) => lane.resume());
      void startMissing();
      // Another instance may hold a lane.
      if (store.kind === 'postgres')
        resumeLanes(store).catch((error: unknown) => log.warn({ err: error }, 'Not resumed'));
    },
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
    },
  };
}
