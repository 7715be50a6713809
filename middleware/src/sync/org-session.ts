import { directoryIn, type Asked } from '../match/directory';
import type { Directory, Found } from '../match/match-types';
import type { OrgView } from '../match/org-view';
import { MATCHED_SOBJECTS } from '../match/record-fields';
import type { OrgConnection } from '../salesforce/org-connection';
import { orgViewOf } from '../salesforce/org-view';

/** Everything that a turn may need to know of: one describe call. */
const DESCRIBED_OBJECTS = ['Event', 'EventRelation', 'User', 'Group', ...MATCHED_SOBJECTS];

/** How long the id of a user or queue is believed, and how long its absence: a new user should own his next booking soon. */
const KNOWN_TTL_MS = 60 * 60_000;
const ABSENT_TTL_MS = 5 * 60_000;

/** What is remembered of one org between turns: its schema, and who hosts. Nothing here has to survive a restart. */
export interface OrgSession {
  readonly connection: OrgConnection;
  /** The schema, asked for once. */
  view(): Promise<OrgView>;
  /** Users and queues known now. */
  directory(now: Date): Directory;
  /** Takes in the users and queues that a read found, and those among the asked that it did not. */
  learn(found: Found, asked: Asked, now: Date): void;
  /** Forgets the schema, the users and the queues: something in the org was not as believed. */
  forget(): void;
}

/** Starts a session over a connection. */
export function createOrgSession(connection: OrgConnection): OrgSession {
  let view: Promise<OrgView> | null = null;
  const users = new Memory();
  const queues = new Memory();

  const read = async (): Promise<OrgView> => {
    return orgViewOf(await connection.describe(DESCRIBED_OBJECTS));
  };

  return {
    connection,
    view: () => {
      view ??= read().catch((error: unknown) => {
        view = null;
        throw error;
      });
      return view;
    },
    directory: (now) => ({ users: users.known(now), queues: queues.known(now) }),
    learn: (found, asked, now) => {
      const learnt = directoryIn(found, asked);
      users.learn(learnt.users, now);
      queues.learn(learnt.queues, now);
    },
    forget: () => {
      view = null;
      users.forget();
      queues.forget();
    },
  };
}

/** Ids by name, each for its time. */
class Memory {
  readonly #known = new Map<string, { id: string | null; until: number }>();

  known(now: Date): Map<string, string | null> {
    return new Map(
      [...this.#known].filter(([, { until }]) => until > now.getTime()).map(([name, { id }]) => [name, id]),
    );
  }

  learn(ids: ReadonlyMap<string, string | null>, now: Date): void {
    for (const [name, id] of ids)
      this.#known.set(name, { id, until: now.getTime() + (id === null ? ABSENT_TTL_MS : KNOWN_TTL_MS) });
  }

  forget(): void {
    this.#known.clear();
  }
}
