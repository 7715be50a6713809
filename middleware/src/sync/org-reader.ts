import { directoryIn, SANDBOX_SUFFIX } from '../match/directory';
import { queryRequest, readRecords, type CompositeRequest } from '../salesforce/composite';
import type { OrgConnection } from '../salesforce/org-connection';
import { orgViewOf, VIEWED_OBJECTS, type OrgView } from '../salesforce/org-view';
import { select, soqlIn } from '../salesforce/soql';
import type { NamedOwner, NameDirectory } from '../settings/directory';
import type { Db } from '../store/db';
import { createOrgSession, type OrgSession } from './org-session';
import { readOrgs, type Org } from './org.store';

/** A team's org, and what is remembered of it, apart from the lanes. */
export interface ReadableOrg {
  org: Org;
  session: OrgSession;
}

/** Reads a team's org for an admin, apart from the lanes. */
export interface OrgReader {
  /** @returns null when the team is linked to no org. Nothing is asked before the session is used. */
  session(teamId: string): Promise<ReadableOrg | null>;
  /**
   * What the API user sees of the org: one API call, then remembered for a minute.
   * @returns null when the team is linked to no org.
   * @throws as `OrgConnection.describe`, when the org cannot be asked.
   */
  view(teamId: string): Promise<OrgView | null>;
  /**
   * Looks users and queues up by name: one API call, none for no names.
   * @returns null when the team is linked to no org.
   * @throws as `OrgConnection.composite`.
   */
  directory(teamId: string, names: readonly Pick<NamedOwner, 'kind' | 'name'>[]): Promise<NameDirectory | null>;
}

const VIEW_TTL_MS = 60_000;

/**
 * @param connect opens a connection; nothing is sent before its first call.
 * @param find whichever org a team is to be told of; left out: the one that it is linked to.
 */
export function createOrgReader({
  store,
  connect,
  now,
  find = findOrgOfTeam,
}: {
  store: Db;
  connect: (org: Org) => OrgConnection;
  now: () => Date;
  find?: (db: Db, teamId: string) => Promise<Org | null>;
}): OrgReader {
  const connections = new Map<string, OrgConnection>();
  const views = new Map<string, { view: Promise<OrgView>; until: number }>();

  const connectionOf = async (teamId: string): Promise<{ key: string; org: Org; connection: OrgConnection } | null> => {
    const org = await find(store, teamId);
    if (org === null) return null;
    // Another generation is another org, or another way to sign in to it.
    const key = `${org.id} ${org.generation} ${org.signInVersion}`;
    const connection = connections.get(key) ?? connect(org);
    connections.set(key, connection);
    return { key, org, connection };
  };

  return {
    session: async (teamId) => {
      const found = await connectionOf(teamId);
      return found === null ? null : { org: found.org, session: createOrgSession(found.connection) };
    },
    view: async (teamId) => {
      const found = await connectionOf(teamId);
      if (found === null) return null;
      const { key, connection } = found;
      const known = views.get(key);
      if (known !== undefined && known.until > now().getTime()) return known.view;
      const view = connection.describe(VIEWED_OBJECTS).then(orgViewOf);
      views.set(key, { view, until: now().getTime() + VIEW_TTL_MS });
      // A failure is not remembered: the admin may have put it right.
      view.catch(() => views.delete(key));
      return view;
    },
    directory: async (teamId, names) => {
      const found = await connectionOf(teamId);
      return found === null ? null : lookUp(found.connection, names);
    },
  };
}

async function findOrgOfTeam(db: Db, teamId: string): Promise<Org | null> {
  const { rows } = await db.query<{ org_id: string | null }>('select org_id from team where id = $1', [teamId]);
  return (await readOrgs(db)).find(({ id }) => id === rows[0]?.org_id) ?? null;
}

async function lookUp(
  connection: OrgConnection,
  names: readonly Pick<NamedOwner, 'kind' | 'name'>[],
): Promise<NameDirectory> {
  const asked = (kind: NamedOwner['kind']): string[] => [
    ...new Set(names.filter((named) => named.kind === kind).map(({ name }) => name.toLowerCase())),
  ];
  const [usernames, queues] = [asked('user'), asked('queue')];
  const requests: CompositeRequest[] = [];
  if (usernames.length > 0) {
    const spellings = usernames.flatMap((name) => [name, name + SANDBOX_SUFFIX]);
    const who = `(${soqlIn('Username', spellings)} OR ${soqlIn('Email', spellings)})`;
    const fields = ['Id', 'Email', 'Username', 'IsActive', 'UserType'];
    requests.push(queryRequest('User', select(fields, 'User', `IsActive = true AND UserType = 'Standard' AND ${who}`)));
  }
  if (queues.length > 0) {
    const where = `Type = 'Queue' AND ${soqlIn('DeveloperName', queues)}`;
    requests.push(queryRequest('Group', select(['Id', 'DeveloperName'], 'Group', where)));
  }
  if (requests.length === 0) return { users: new Map(), queues: new Map() };
  const answers = await connection.composite(requests, 'other');
  // A user without the right to look says nothing about who is there.
  const found = new Map(
    [...answers].filter(([, { status }]) => status === 200).map(([sobject, answer]) => [sobject, readRecords(answer)]),
  );
  // As the match finds them, so that a name that is accepted here is found there.
  return directoryIn(found, {
    emails: [],
    ids: [],
    usernames: found.has('User') ? usernames : [],
    queues: found.has('Group') ? queues : [],
  });
}
