import type { OrgView } from '../match/queries';
import { usersIn, type Found, type Users } from '../match/match';
import { createFieldNames } from '../salesforce/field-names';
import type { OrgConnection } from '../salesforce/org-connection';
import type { OrgSchema } from '../salesforce/schema';
import { PERSON_OBJECTS, RELATED_OBJECTS } from '../settings/settings';

/** Everything that a turn may need to know of: one describe call. */
const DESCRIBED_OBJECTS = ['Event', 'User', ...PERSON_OBJECTS, ...RELATED_OBJECTS];

/** How long a user's id is believed, and how long his absence: a new user should own his next booking soon. */
const USER_TTL_MS = 60 * 60_000;
const NO_USER_TTL_MS = 5 * 60_000;

/** What is remembered of one org between turns: its schema and the users who host. Nothing here has to survive a restart. */
export interface OrgSession {
  readonly connection: OrgConnection;
  /** The schema, asked for once. */
  view(): Promise<OrgView>;
  /** Hosts and fallback owners known now. */
  users(now: Date): Users;
  /** Takes in the users that a read found, and those among the asked that it did not. */
  learnUsers(found: Found, asked: string[], now: Date): void;
  /** Forgets the schema and the users: something in the org was not as believed. */
  forget(): void;
}

/** Starts a session over a connection. */
export function createOrgSession(connection: OrgConnection): OrgSession {
  let view: Promise<OrgView> | null = null;
  const known = new Map<string, { id: string | null; until: number }>();

  const read = async (): Promise<OrgView> => {
    const schema = await connection.describe(DESCRIBED_OBJECTS);
    return { schema, names: createFieldNames(packageNamespace(schema)) };
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
    users: (now) =>
      new Map([...known].filter(([, { until }]) => until > now.getTime()).map(([name, { id }]) => [name, id])),
    learnUsers: (found, asked, now) => {
      for (const [name, id] of usersIn(found, asked)) {
        known.set(name, { id, until: now.getTime() + (id === null ? NO_USER_TTL_MS : USER_TTL_MS) });
      }
    },
    forget: () => {
      view = null;
      known.clear();
    },
  };
}

/** The namespace of the package in this org, read off the one field that every booking needs; null for none. Pure. */
export function packageNamespace(schema: OrgSchema): string | null {
  const names = Object.keys(schema.objects['Event']?.fields ?? {});
  if (names.includes('Booking_Id__c')) return null;
  const prefixed = names
    .map((name) => /^(\w+?)__Booking_Id__c$/.exec(name)?.[1])
    .find((prefix) => prefix !== undefined);
  return prefixed ?? null;
}
