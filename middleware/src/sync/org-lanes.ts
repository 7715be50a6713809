import { freeLanes } from './lane.store';
import { startLanes, type Lane, type LaneDeps, type LaneState } from './lane';
import { readOrgs, resumeLanes } from './org.store';

/** The lanes of every connected org. */
export interface OrgLanes {
  /** Starts the lanes of every org there is. */
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
  return {
    start: async () => {
      // One process holds an embedded store, so whoever held a lane before is dead.
      if (store.kind === 'pglite') await freeLanes(store);
      for (const { id } of await readOrgs(store)) lanes.set(id, startLanes(id, deps));
    },
    states: () => Object.fromEntries([...lanes].map(([orgId, lane]) => [orgId, lane.state()])),
    wake: () => lanes.forEach((lane) => lane.wake()),
    resume: () => {
      lanes.forEach((lane) => lane.resume());
      // Another instance may hold a lane.
      if (store.kind === 'postgres')
        resumeLanes(store).catch((error: unknown) => log.warn({ err: error }, 'Not resumed'));
    },
    stop: async () => void (await Promise.all([...lanes.values()].map((lane) => lane.stop()))),
  };
}
