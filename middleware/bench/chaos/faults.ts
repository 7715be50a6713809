import type { FaultInput } from 'org-emulator';
import type { OrgProcess } from '../support/org-process';

/** What the connector's calls suffer all the time, each by its own beat so that they meet in every way. */
const FAULTS: Record<string, FaultInput> = {
  answerLost: { match: { everyNth: 23 }, effect: { drop: 'afterCommit' } },
  connectionCut: { match: { everyNth: 47 }, effect: { drop: 'beforeCommit' } },
  unavailable: {
    match: { everyNth: 20 },
    effect: { error: { status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'Server is temporarily unavailable' } },
  },
  html: { match: { everyNth: 29 }, effect: { html: 503 } },
  rowLock: { match: { everyNth: 17 }, effect: { rowLock: true } },
  sessionExpired: { match: { everyNth: 31 }, effect: { expireSession: true } },
  automationLimit: { match: { sobject: 'Event' }, effect: { automationLimit: { maxRows: 60 } } },
};

/** How often each fault struck, by name; of those that refuse rows, how many calls they looked at. */
export type Strikes = Record<string, number>;

/** Sets the faults on an org. */
export class Faults {
  readonly #ids = new Map<string, string>();

  constructor(private readonly org: OrgProcess) {}

  async set(): Promise<void> {
    for (const [name, { match, effect }] of Object.entries(FAULTS)) {
      this.#ids.set(await this.org.setFault({ match: { path: '/composite$', ...match }, effect }), name);
    }
  }

  /** Ends them. @returns how often each struck. */
  async end(): Promise<Strikes> {
    const { faults } = (await this.org.control('GET', '/faults')) as { faults: { id: string; strikes: number }[] };
    const strikes: Strikes = {};
    for (const { id, strikes: count } of faults) {
      const name = this.#ids.get(id);
      if (name === undefined) continue;
      strikes[name] = count;
      await this.org.removeFault(id);
    }
    return strikes;
  }
}
