import { replanHosts } from '../booking/release.store';
import { normalizeEmail } from '../customer/email';
import { usersIn, usersRequest } from '../drift/users';
import { deleteHostLink, readHostLinks, saveHostLink, type HostLink, type LinkScope } from '../host/host-link.store';
import { readHosts, type SeenHost } from '../host/host.store';
import { hostUserIn, type HostUserBy } from '../match/host-user';
import { SalesforceError } from '../salesforce/errors';
import { isRecordId } from '../salesforce/record-id';
import type { Actor } from '../security/audit.store';
import { readSettings } from '../settings/settings.store';
import type { Asked } from '../match/directory';
import type { FoundRecord } from '../match/match-types';
import { readOrgsOfTeam, type Org } from '../sync/org.store';
import type { AdminDeps } from './deps';
import { AdminRefusedError, InvalidArgsError, NotFoundError } from './refused';

/** So many hosts are shown, and linked ones without a booking, so that all are asked for in one call. */
const MOST_HOSTS = 150;
const MOST_UNSEEN = 50;

/** A host of bookings, and the Salesforce user who owns his Events. */
export interface ShownHost extends Omit<SeenHost, 'lastStartsAt'> {
  /** Null for one who is linked and has no booking yet. */
  lastStartsAt: Date | null;
  link: HostLink | null;
  user: { userId: string; username: string; by: HostUserBy } | null;
  /** What is odd about it, in a sentence; null when nothing is. */
  said: string | null;
}

/** Every host, and how he is matched. */
export interface ShownHosts {
  hosts: ShownHost[];
  /** Why Salesforce was not asked, so that `user` says nothing; null when it was. */
  notAsked: string | null;
}

/** Where the links of a team count; the org of the team. @throws AdminRefusedError when it is not known yet. */
export async function linkScopeOf({
  store,
  teamId,
}: Pick<AdminDeps, 'store' | 'teamId'>): Promise<LinkScope & { org: Org }> {
  const [org] = await readOrgsOfTeam(store, teamId);
  if (org === undefined) throw new AdminRefusedError('No org is connected: hosts can be linked to users once one is.');
  if (org.salesforceOrgId === null)
    throw new AdminRefusedError(
      `The connector was never let in to the org "${org.id}", so its users are not known. Test the connection first.`,
    );
  return { teamId, salesforceOrgId: org.salesforceOrgId, org };
}

/** The hosts of the team's bookings, those with most to come first, and linked hosts without any. One API call. */
export async function listHosts(deps: AdminDeps): Promise<ShownHosts> {
  const { store, teamId, now } = deps;
  const [org] = await readOrgsOfTeam(store, teamId);
  const seen = await readHosts(store, teamId, { limit: MOST_HOSTS, now: now() });
  const links =
    org?.salesforceOrgId == null
      ? new Map<string, HostLink>()
      : await readHostLinks(store, { teamId, salesforceOrgId: org.salesforceOrgId });
  const unseen = [...links.keys()].filter((email) => !seen.some((host) => host.email === email)).slice(0, MOST_UNSEEN);
  const all = [...seen, ...unseen.map((email) => ({ email, name: null, upcoming: 0, lastStartsAt: null }))];
  const rules = (await readSettings(store, [teamId])).get(teamId)?.settings.rules.hostUsers ?? {};
  const ruleUsers = new Map(Object.entries(rules).map(([email, username]) => [normalizeEmail(email), username]));
  const asked: Asked = {
    emails: all.map(({ email }) => email),
    ids: distinct(all.map(({ email }) => links.get(email)?.userId)),
    usernames: distinct(all.map(({ email }) => ruleUsers.get(email)?.toLowerCase())),
    queues: [],
  };
  const { users, notAsked } = await readUsers(deps, asked);
  const hosts = all.map((host): ShownHost => {
    const link = links.get(host.email) ?? null;
    const known = { ruleUser: ruleUsers.get(host.email) ?? null, linkedId: link?.userId ?? null };
    const user = users === null ? null : hostUserIn(host.email, known, users);
    return { ...host, link, user, said: users === null ? null : oddity(link, user) };
  });
  return { hosts, notAsked };
}

function distinct(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}

function oddity(link: HostLink | null, user: ShownHost['user']): string | null {
  if (link === null) return null;
  if (user?.by === 'rule') return `The rule hostUsers of the settings counts before the link to ${link.username}.`;
  return user?.by === 'link' ? null : `${link.username}, whom he is linked to, is no active user.`;
}

/** Users by name and id; null, and why, when Salesforce could not be asked. */
async function readUsers(
  { org, teamId }: AdminDeps,
  asked: Asked,
): Promise<{ users: readonly FoundRecord[] | null; notAsked: string | null }> {
  const request = usersRequest(asked);
  const readable = await org.session(teamId);
  if (readable === null) return { users: null, notAsked: 'No org is connected.' };
  if (request === null) return { users: [], notAsked: null };
  try {
    const answers = await readable.session.connection.composite([request], 'other');
    const users = usersIn(answers.get(request.referenceId));
    return { users, notAsked: users === null ? 'The API user may not read users.' : null };
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return { users: null, notAsked: `The org could not be asked: ${error.message}` };
  }
}

/** What came of a change. */
export interface ChangedHost {
  host: string;
  link: HostLink | null;
  /** Bookings to come whose owner is chosen anew. */
  replanned: number;
}

/**
 * Links a host to an active Standard user, whoever he was linked to; his bookings to come are planned anew.
 *
 * @param host his address; bookings of his need not be there yet. @param user username, e-mail address or id.
 * @throws InvalidArgsError; AdminRefusedError when there is no such user; SalesforceError when it could not be asked.
 */
export async function linkHost(
  deps: AdminDeps,
  { host, user }: { host: string; user: string },
  { name }: Pick<Actor, 'name'>,
): Promise<ChangedHost> {
  const hostEmail = hostEmailOf(host);
  const scope = await linkScopeOf(deps);
  const named = user.trim();
  const isId = /^005\w{15}$/.test(named) && isRecordId(named);
  const names = { emails: [], ids: isId ? [named] : [], usernames: isId ? [] : [named.toLowerCase()] };
  const { users, notAsked } = await readUsers(deps, { ...names, queues: [] });
  if (users === null)
    throw new AdminRefusedError(`Whether there is such a user is not known. ${notAsked ?? ''}`.trim());
  const found = hostUserIn('', { ruleUser: names.usernames[0] ?? null, linkedId: names.ids[0] ?? null }, users);
  if (found === null)
    throw new AdminRefusedError(
      `No active user of the org is called ${user}. Give the username of one who can own records, or his id.`,
    );
  const { userId, username } = found;
  const link: HostLink = { hostEmail, userId, username, via: 'admin', linkedBy: name, linkedAt: deps.now() };
  const { replanned } = await changeLinks(deps, scope, [link]);
  return { host: hostEmail, link, replanned };
}

/** Ends the link of a host; his bookings to come are planned anew. @throws NotFoundError when there is none. */
export async function unlinkHost(deps: AdminDeps, { host }: { host: string }): Promise<ChangedHost> {
  const hostEmail = hostEmailOf(host);
  const scope = await linkScopeOf(deps);
  const replanned = await deps.store.transaction(async (client) => {
    if ((await deleteHostLink(client, scope, hostEmail)) === null)
      throw new NotFoundError(`The host ${hostEmail} is linked to nobody.`);
    return replanHosts(client, { teamId: scope.teamId, hosts: [hostEmail] }, deps.now());
  });
  deps.wake();
  return { host: hostEmail, link: null, replanned };
}

/**
 * Keeps links, and has the bookings to come of these hosts planned anew. What an admin linked stays where the new link comes
 * of a sign-in.
 */
export async function changeLinks(
  { store, now, wake }: AdminDeps,
  { teamId, salesforceOrgId }: LinkScope,
  links: readonly HostLink[],
): Promise<{ hosts: string[]; replanned: number }> {
  const changed = await store.transaction(async (client) => {
    const hosts: string[] = [];
    for (const link of links)
      if (await saveHostLink(client, { teamId, salesforceOrgId }, link)) hosts.push(link.hostEmail);
    return { hosts, replanned: await replanHosts(client, { teamId, hosts }, now()) };
  });
  wake();
  return changed;
}

function hostEmailOf(host: string): string {
  const email = normalizeEmail(host);
  if (email !== null) return email;
  throw new InvalidArgsError([{ field: 'host', error: 'Give the e-mail address that the scheduling system has' }]);
}
