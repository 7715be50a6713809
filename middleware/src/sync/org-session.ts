import { directoryIn, type Asked } from '../match/directory';
import type { Directory, Found } from '../match/match-types';
import type { OrgView } from '../match/org-view';
import { MATCHED_SOBJECTS } from '../match/record-fields';
import { answerOf, type CompositeAnswer, type CompositeRequest } from '../salesforce/composite';
import { schemaOf, schemaRequests } from '../salesforce/described';
import type { OrgConnection } from '../salesforce/org-connection';
import { orgViewOf } from '../salesforce/org-view';
import { stampOfEtag } from '../salesforce/schema-stamp';

/** Everything that a turn may need to know of: one describe call. */
const DESCRIBED_OBJECTS: readonly string[] = [
  ...['Event', 'EventRelation', 'User', 'Group', 'Campaign'],
  ...MATCHED_SOBJECTS,
];

/** How long the id of a user or queue is believed, and how long its absence: a new user should own his next booking soon. */
const KNOWN_TTL_MS = 60 * 60_000;
const ABSENT_TTL_MS = 5 * 60_000;

/** What is asked for in a look. */
export interface LookOptions {
  /** Up to five queries. */
  besides: readonly CompositeRequest[];
  /** As an earlier look gave it; the whole schema is asked for when it is null, or not that of the known schema. */
  etag: string | null;
}

/** What a look at an org showed. */
export interface SchemaLook {
  view: OrgView;
  /** The schema is the one that was known. */
  isSame: boolean;
  /** For the next look; null when the org sent none. */
  etag: string | null;
  /** To what was asked besides. */
  answers: ReadonlyMap<string, CompositeAnswer>;
}

/** What is remembered of one org between turns: its schema, and who hosts. Nothing here has to survive a restart. */
export interface OrgSession {
  readonly connection: OrgConnection;
  /** The schema, asked for once. */
  view(): Promise<OrgView>;
  /** The schema as it is known, without asking; null before it was read. */
  known(): OrgView | null;
  /**
   * Asks for the schema again, and for something besides, in one call. A schema that is the known one is answered
   * without its body.
   *
   * @throws as `OrgConnection.composite`; then what was known stays known.
   */
  look(options: LookOptions, now: Date): Promise<SchemaLook>;
  /** Users and queues known now. */
  directory(now: Date): Directory;
  /** Takes in the users and queues that a read found, and those among the asked that it did not. */
  learn(found: Found, asked: Asked, now: Date): void;
  /** Forgets users and queues that were learnt before an instant: some came or went. */
  forgetUsersOf(before: Date): void;
  /** Forgets the schema, the users and the queues: something in the org was not as believed. */
  forget(): void;
}

/** Starts a session over a connection. */
export function createOrgSession(connection: OrgConnection): OrgSession {
  let view: Promise<OrgView> | null = null;
  /** Of the schema in `view`, once it is there. */
  let known: OrgView | null = null;
  const users = new Memory();
  const queues = new Memory();

  const read = async (): Promise<OrgView> => {
    known = orgViewOf(await connection.describe(DESCRIBED_OBJECTS));
    return known;
  };

  const look = async ({ besides, etag }: LookOptions, now: Date): Promise<SchemaLook> => {
    const before = etag !== null && known?.schema.stamp === stampOfEtag(etag) ? known.schema.objects : null;
    const asked = schemaRequests(DESCRIBED_OBJECTS, before === null ? null : etag);
    const answers = await connection.composite([...asked, ...besides], 'describe');
    const described = asked.map(({ referenceId }) => answerOf(answers, referenceId));
    const kept = described.map(({ status }, index) =>
      status === 304 ? before?.[DESCRIBED_OBJECTS[index] ?? ''] : undefined,
    );
    const schema = schemaOf(
      described,
      now,
      kept.filter((object) => object !== undefined),
    );
    const isSame =
      before !== null &&
      described.every(({ status }) => status !== 200) &&
      Object.keys(schema.objects).length === Object.keys(before).length;
    const sent = described.find(({ status }) => status === 200)?.headers?.['etag'];
    if (known === null || !isSame) {
      known = orgViewOf(schema);
      view = Promise.resolve(known);
    }
    return { view: known, isSame, etag: isSame ? etag : (sent ?? null), answers };
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
    known: () => known,
    look,
    forgetUsersOf: (before) => {
      users.forgetOf(before);
      queues.forgetOf(before);
    },
    forget: () => {
      view = null;
      known = null;
      users.forget();
      queues.forget();
    },
  };
}

/** Ids by name, each for its time. */
class Memory {
  readonly #known = new Map<string, { id: string | null; learntAt: number; until: number }>();

  known(now: Date): Map<string, string | null> {
    return new Map(
      [...this.#known].filter(([, { until }]) => until > now.getTime()).map(([name, { id }]) => [name, id]),
    );
  }

  learn(ids: ReadonlyMap<string, string | null>, now: Date): void {
    const learntAt = now.getTime();
    for (const [name, id] of ids)
      this.#known.set(name, { id, learntAt, until: learntAt + (id === null ? ABSENT_TTL_MS : KNOWN_TTL_MS) });
  }

  forgetOf(before: Date): void {
    for (const [name, { learntAt }] of this.#known) if (learntAt < before.getTime()) this.#known.delete(name);
  }

  forget(): void {
    this.#known.clear();
  }
}
