import {
  insertOrg,
  markDisconnected,
  readConnectionDetails,
  reopenOrg,
  saveIdentity,
  updateCredentials,
} from '../connection/connection.store';
import { accessNoticeKey, remedyOf } from '../connection/access';
import { openCredentials } from '../connection/credentials';
import { asOtherOrg, readOtherOrg, readOtherOrgs } from '../connection/other-org.store';
import { sessionCache } from '../connection/session-cache';
import { endNotice } from '../notice/notice.store';
import type { Organization } from '../salesforce/organization';
import { SalesforceError } from '../salesforce/errors';
import { revokeToken, type Token } from '../salesforce/sign-in';
import {
  findOrg,
  linkTeam,
  OtherOrgError,
  readOrgs,
  readTeamsOfOrgs,
  type Org,
  type OrgAccess,
} from '../sync/org.store';
import { callbackUrlOf, DEFAULT_TEAM, type AdminDeps } from './deps';
import { namedOrg, type NamedOrg } from '../sync/environment';
import { makeCredentials } from './make-credentials';
import type { TypedConnection } from './new-connection';
import { AdminRefusedError, NotFoundError } from './refused';

/** A connection to an org as an admin sees it. No secret is in it. */
export interface ShownConnection extends NamedOrg {
  id: string;
  flow: Org['flow'];
  loginUrl: string;
  clientId: string;
  username: string | null;
  /** To be uploaded to the app; null where there is none, or it was not made here. */
  certificate: string | null;
  /** To be entered in the app; null for flows without a browser. */
  callbackUrl: string | null;
  access: OrgAccess;
  /** The API user, as the last look told. */
  signedInAs: string | null;
  organization: Organization | null;
  salesforceOrgId: string | null;
  instanceUrl: string | null;
  fromEnvironment: boolean;
  /** Whose bookings are written to it. */
  teams: string[];
  /** It leads to another Salesforce org than before, to which nothing is written until an admin takes it; null: it does not. */
  other: (NamedOrg & { salesforceOrgId: string; seenAt: Date }) | null;
}

/** What came of trying to sign in. */
export interface Tried {
  isIn: boolean;
  /** What happened, or why it failed. */
  said: string;
  /** What to do; null when nothing is. */
  remedy: string | null;
}

/** The connections that a team may see: that of its own org, those of no team; the first team sees all. */
export async function listConnections(deps: AdminDeps): Promise<ShownConnection[]> {
  const { store } = deps;
  const [orgs, details, teams, others] = [
    await readOrgs(store),
    await readConnectionDetails(store),
    await readTeamsOfOrgs(store),
    await readOtherOrgs(store),
  ];
  return orgs
    .filter(({ id }) => isOpenTo(deps.teamId, teams.get(id)))
    .map((org) => {
      const known = details.get(org.id);
      const other = others.get(org.id) ?? null;
      return {
        id: org.id,
        ...namedOrg(org),
        flow: org.flow,
        loginUrl: org.loginUrl,
        clientId: org.clientId,
        username: org.username,
        certificate: known?.certificate ?? null,
        callbackUrl: org.flow === 'authorizationCode' ? callbackUrlOf(deps) : null,
        access: org.access,
        signedInAs: known?.signedInAs ?? null,
        organization: org.organization,
        salesforceOrgId: org.salesforceOrgId,
        instanceUrl: org.instanceUrl,
        fromEnvironment: org.fromEnvironment,
        teams: teams.get(org.id) ?? [],
        other:
          other === null
            ? null
            : {
                ...namedOrg({ ...org, ...other }),
                salesforceOrgId: other.salesforceOrgId,
                seenAt: other.seenAt,
              },
      };
    });
}

/** @throws NotFoundError. */
export async function getConnection(deps: AdminDeps, { id }: { id: string }): Promise<ShownConnection> {
  const found = (await listConnections(deps)).find((one) => one.id === id);
  return found ?? Promise.reject(noOrg(id));
}

/**
 * Connects an org: keeps how it is signed in to, and signs in where nobody is needed at a browser. What was typed in is
 * kept even when Salesforce refuses: a new app is known to it after ten minutes only.
 *
 * @throws InvalidArgsError with every fault that can be told without Salesforce; AdminRefusedError when the id is taken.
 */
export async function connectOrg(
  deps: AdminDeps,
  { id, ...typed }: TypedConnection & { id: string },
): Promise<{ connection: ShownConnection; tried: Tried | null }> {
  const { store, now, wake } = deps;
  const faults = /^[a-z0-9][a-z0-9-]{0,29}$/.test(id)
    ? []
    : [{ field: 'id', error: 'It has 1 to 30 lower-case letters, digits and hyphens, and begins with no hyphen' }];
  const made = await makeCredentials(deps, id, typed, null, faults);
  if (!(await insertOrg(store, { id, fromEnvironment: false, ...made }, now()))) {
    throw new AdminRefusedError(`An org is connected as "${id}" already. Take another name, or change that one.`);
  }
  const hasOrg = [...(await readTeamsOfOrgs(store)).values()].flat().includes(deps.teamId);
  if (!hasOrg) await linkTeam(store, deps.teamId, id);
  wake();
  return tryNow(deps, id, made.isKeyNew);
}

/** What of a connection is changed; left out: as it is. */
export type ChangedConnection = { id: string } & {
  [Name in keyof TypedConnection]?: TypedConnection[Name] | undefined;
} & { newKey?: boolean | undefined };

/**
 * Connects an org again, after a loss of access or a change of what it is signed in with; bookings go on where they
 * stopped. Another API user may take over.
 *
 * @throws NotFoundError; AdminRefusedError for changes to what the environment names; InvalidArgsError.
 */
export async function reconnectOrg(
  deps: AdminDeps,
  { id, newKey = false, ...changes }: ChangedConnection,
): Promise<{ connection: ShownConnection; tried: Tried | null }> {
  const { store, secrets, wake } = deps;
  const org = await orgOf(deps, id);
  let isKeyNew = false;
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length > 0 || newKey) {
    if (org.fromEnvironment)
      throw new AdminRefusedError(
        'The environment names this org: change SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID or SALESFORCE_CLIENT_SECRET, and start the server again.',
      );
    const { loginUrl: host, ...known } = openCredentials(secrets, org);
    const typed = { host, ...known, ...given, ...(newKey ? { privateKey: null } : {}) };
    const made = await makeCredentials(deps, id, typed, org, []);
    isKeyNew = made.isKeyNew;
    await updateCredentials(store, { id, fromEnvironment: false, ...made });
  }
  // Where a browser is needed, the session of before is good until there is another.
  if ((changes.flow ?? org.flow) !== 'authorizationCode') await reopenOrg(store, id);
  wake();
  return tryNow(deps, id, isKeyNew);
}

/** Signs in where nobody is needed for it. @param isKeyNew its certificate has to be in the app first. */
async function tryNow(
  deps: AdminDeps,
  id: string,
  isKeyNew: boolean,
): Promise<{ connection: ShownConnection; tried: Tried | null }> {
  const org = await orgOf(deps, id);
  const tried = org.flow === 'authorizationCode' || isKeyNew ? null : await tryOrg(deps, org);
  deps.wake();
  return { connection: await getConnection(deps, { id }), tried };
}

/**
 * Asks an org who the connector is there: one API call, and a sign-in where there is no session.
 * @throws NotFoundError.
 */
export async function testConnection(
  deps: AdminDeps,
  { id }: { id: string },
): Promise<{ connection: ShownConnection; tried: Tried }> {
  const tried = await tryOrg(deps, await orgOf(deps, id));
  if (tried.isIn) deps.wake();
  return { connection: await getConnection(deps, { id }), tried };
}

/** @throws what is no refusal of Salesforce's. */
export async function tryOrg({ store, connect }: Pick<AdminDeps, 'store' | 'connect'>, org: Org): Promise<Tried> {
  if (org.access.state === 'disconnected')
    return { isIn: false, said: 'An admin disconnected the org.', remedy: 'Connect it again.' };
  try {
    const identity = await connect(org).identity();
    await saveIdentity(store, org.id, identity);
    const { username, organization } = identity;
    const where = organization === null ? 'the org' : `${organization.name}, a ${kindOf(organization)}`;
    return {
      isIn: true,
      said: `Signed in to ${where} as ${username === '' ? 'the API user' : username}.`,
      remedy: null,
    };
  } catch (error) {
    if (error instanceof SalesforceError) return { isIn: false, said: error.reason, remedy: remedyOf(error, org) };
    if (error instanceof OtherOrgError) return { isIn: false, said: error.message, remedy: error.remedy };
    throw error;
  }
}

function kindOf({ isSandbox }: { isSandbox: boolean }): string {
  return isSandbox ? 'sandbox or scratch org' : 'production or developer org';
}

/**
 * Ends the connection: the token at Salesforce, and the session here. Settings and bookings stay; new ones are accepted
 * and wait.
 *
 * @returns whether Salesforce confirmed that the token is ended.
 * @throws NotFoundError.
 */
export async function disconnectOrg(
  deps: AdminDeps,
  { id }: { id: string },
): Promise<{ connection: ShownConnection; isRevoked: boolean; said: string }> {
  const { store, secrets, now, wake, allowLoopback } = deps;
  const org = await orgOf(deps, id);
  const cache = sessionCache(org, { store, secrets, now });
  const end = async (): Promise<boolean> => {
    const isOpen = org.access.state !== 'disconnected';
    const session = isOpen ? await cache.load() : null;
    const other = isOpen ? await readOtherOrg(store, id) : null;
    // The session of another org that it led to is ended too, as far as that org can be asked.
    const unused = other === null ? null : await sessionCache(asOtherOrg(org, other), { store, secrets, now }).load();
    // First here: whatever Salesforce answers, nothing is sent any more.
    await markDisconnected(
      store,
      id,
      {
        code: 'DISCONNECTED',
        cause: 'An admin disconnected the org.',
        remedy: 'Connect it again when bookings are to be written.',
      },
      now(),
    );
    await endNotice(store, accessNoticeKey(id), now());
    const revoke = async (held: Token | null): Promise<boolean> => {
      if (held === null) return true;
      const token = held.refreshToken ?? held.accessToken;
      return revokeToken(held.instanceUrl, token, { allowLoopback, now }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof SalesforceError) return false;
          throw error;
        },
      );
    };
    await revoke(unused);
    return revoke(session);
  };
  // While nobody renews it: a token that is granted meanwhile would live on.
  const isRevoked = await (cache.exclusively?.(end) ?? end());
  wake();
  const said = isRevoked
    ? 'The org is disconnected, and its token is ended at Salesforce.'
    : 'The org is disconnected here, but Salesforce could not be asked to end the token: end it in Setup, under External Client Apps OAuth Usage.';
  return { connection: await getConnection(deps, { id }), isRevoked, said };
}

/** @throws NotFoundError. */
export async function orgOf({ store, teamId }: Pick<AdminDeps, 'store' | 'teamId'>, id: string): Promise<Org> {
  const org = isOpenTo(teamId, (await readTeamsOfOrgs(store)).get(id)) ? await findOrg(store, id) : null;
  return org ?? Promise.reject(noOrg(id));
}

/** Whether a team may see and change an org, given the teams whose it is. */
function isOpenTo(teamId: string, teams: readonly string[] = []): boolean {
  return teamId === DEFAULT_TEAM || teams.length === 0 || teams.includes(teamId);
}

function noOrg(id: string): NotFoundError {
  return new NotFoundError(`No org is connected as "${id}". "booking-connector org list" shows those that are.`);
}
