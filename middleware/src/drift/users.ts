import { normalizeEmail } from '../customer/email';
import { directoryIn, SANDBOX_SUFFIX, type Asked } from '../match/directory';
import {
  readRecords,
  queryRequest,
  type CompositeAnswer,
  type CompositeRequest,
  type SalesforceRecord,
} from '../salesforce/composite';
import { select } from '../salesforce/soql';
import { whoIs } from '../match/queries';
import { namedOwners } from '../settings/directory';
import type { Settings } from '../settings/settings';
import type { Finding } from './finding';

/** A team whose bookings go to the org that is watched. */
export interface WatchedTeam {
  teamId: string;
  settings: Settings;
  /** E-mails of the hosts of bookings to come, in the form that is compared, soonest first. */
  hosts: string[];
  /** The users whom these hosts are linked to, by host. */
  links: ReadonlyMap<string, { userId: string; username: string }>;
}

/** What a name leads to in the org. */
export interface UserState {
  /** The active user; null when there is none. */
  activeId: string | null;
  /** A user of that name who is not active; null when there is none. */
  inactiveId: string | null;
}

/** What is remembered of a name. */
export interface KnownUser {
  /** The last active user that it led to, or one found inactive; null when there never was one. */
  userId: string | null;
  isActive: boolean;
}

/** Most names that are asked for in one look: so many fit into a statement. Those that settings name go first. */
const MAX_NAMES = 400;

/** Whom to ask the org for: the users that settings name, and the hosts of bookings to come. Pure. */
export function askedOfTeams(teams: readonly WatchedTeam[]): Asked {
  const distinct = (names: string[]): string[] => [...new Set(names)];
  const named = teams.flatMap(({ settings }) => namedOwners(settings).filter(({ kind }) => kind === 'user'));
  const usernames = distinct(named.map(({ name }) => name.toLowerCase())).slice(0, MAX_NAMES);
  const hosts = distinct(teams.flatMap((team) => team.hosts)).filter((host) => !usernames.includes(host));
  const emails = hosts.slice(0, MAX_NAMES - usernames.length);
  const linked = teams.flatMap(({ links }) => [...links]).filter(([host]) => emails.includes(host));
  return { emails, ids: distinct(linked.map(([, { userId }]) => userId)), usernames, queues: [] };
}

/** The query that tells of users, active or not; null when nobody is asked for. Pure. */
export function usersRequest({ emails, ids, usernames }: Asked): CompositeRequest | null {
  const names = [...emails, ...usernames].flatMap((name) => [name, name + SANDBOX_SUFFIX]);
  if (names.length + ids.length === 0) return null;
  const fields = ['Id', 'Email', 'Username', 'IsActive', 'UserType'];
  const where = `UserType = 'Standard' AND ${whoIs(names, ids)}`;
  return queryRequest('users', select(fields, 'User', where));
}

/** The users that an answer tells of; null when the API user could not look: that says nothing of who is there. Pure. */
export function usersIn(answer: CompositeAnswer | undefined): SalesforceRecord[] | null {
  return answer?.status === 200 ? readRecords(answer) : null;
}

/** What each name that was asked for leads to. Pure. */
export function userStates(users: readonly SalesforceRecord[], asked: Asked): Map<string, UserState> {
  const active = directoryIn(new Map([['User', [...users]]]), asked).users;
  const inactive = new Map<string, string>();
  for (const user of users.filter((one) => one['IsActive'] === false)) {
    inactive.set(String(user['Id']), String(user['Id']));
    for (const name of [user['Email'], user['Username']]) {
      if (typeof name !== 'string') continue;
      const plain = name.toLowerCase();
      inactive.set(plain.endsWith(SANDBOX_SUFFIX) ? plain.slice(0, -SANDBOX_SUFFIX.length) : plain, String(user['Id']));
    }
  }
  return new Map(
    [...asked.emails, ...asked.ids, ...asked.usernames].map((name) => [
      name,
      { activeId: active.get(name) ?? null, inactiveId: inactive.get(name) ?? null },
    ]),
  );
}

/** What is remembered of a name from now on, and whether that may change who owns an Event. Pure. */
export function learnt(
  before: KnownUser | undefined,
  { activeId, inactiveId }: UserState,
): { known: KnownUser; isChanged: boolean } {
  const known = { userId: activeId ?? before?.userId ?? inactiveId, isActive: activeId !== null };
  // A name that is new was looked for when its bookings were written: only who is inactive may have gone since.
  if (before === undefined) return { known, isChanged: activeId === null && inactiveId !== null };
  return { known, isChanged: (before.isActive ? before.userId : null) !== activeId };
}

/** The hosts of a team whose owner may be another now that these names lead to somebody else. Pure. */
export function hostsOf(changed: ReadonlySet<string>, team: WatchedTeam): string[] {
  return team.hosts.filter((host) => namesOfHost(host, team).some((name) => changed.has(name)));
}

/** What users who are not active any more mean for a team. Pure. */
export function userFindings(team: WatchedTeam, users: ReadonlyMap<string, KnownUser>): Finding[] {
  const { settings, hosts, links } = team;
  const isActive = (name: string): boolean => users.get(name)?.isActive ?? false;
  const isLost = (name: string): boolean => !isActive(name) && (users.get(name)?.userId ?? null) !== null;
  const fallback = settings.rules.fallbackOwner?.toLowerCase() ?? null;
  // One that was not asked for is taken as it is.
  const hasFallback = fallback !== null && !isLost(fallback);
  const finding = (severity: Finding['severity'], what: string, remedy: string): Finding => ({
    kind: 'userInactive',
    severity,
    sobject: 'User',
    field: null,
    pages: [],
    isTeamWide: true,
    what,
    remedy,
  });
  const lostHosts = hosts.filter((host) => {
    const names = namesOfHost(host, team);
    return names.some(isLost) && !names.some(isActive);
  });
  const named = new Map(
    namedOwners(settings)
      .filter(({ kind, name }) => kind === 'user' && isLost(name.toLowerCase()))
      // Of several places the last counts: as fallback owner he is missed most.
      .sort((a, b) => Number(a.path.endsWith('fallbackOwner')) - Number(b.path.endsWith('fallbackOwner')))
      .map(({ name, path }) => [name.toLowerCase(), { name, path }]),
  );
  return [
    ...[...named.values()].map(({ name, path }) =>
      path.endsWith('fallbackOwner')
        ? finding(
            'error',
            `The fallback owner ${name} is no longer an active user. Bookings whose host is no active user either will wait for you.`,
            'Name another fallback owner in the settings, or activate the user.',
          )
        : finding(
            'warning',
            `The user ${name}, whom the settings name under ${path}, is no longer active. Records keep the owner that they have.`,
            'Name another user in the settings, or activate this one.',
          ),
    ),
    ...[...links]
      .filter(([host, { userId }]) => isLost(userId) && !lostHosts.includes(host))
      .map(([host, { username }]) =>
        finding(
          'warning',
          `The user ${username}, whom the host ${host} is linked to, is no longer active. The Events of his bookings to come go to the user of his address or of the settings.`,
          'Link the host to another user, or end the link, on the page Hosts.',
        ),
      ),
    ...lostHosts.map((host) =>
      finding(
        hasFallback ? 'warning' : 'error',
        `The Salesforce user of the host ${host} is no longer active. ` +
          (hasFallback
            ? 'The Events of his bookings to come go to the fallback owner.'
            : 'There is no fallback owner: new bookings of this host will wait for you.'),
        'Let somebody else host the bookings, link the host to another user, or activate the user.',
      ),
    ),
  ];
}

/** The names by which a host is looked for: the user whom a rule gives to him, whom he is linked to, and his own address. */
function namesOfHost(host: string, { settings, links }: WatchedTeam): string[] {
  const rules = [settings.rules, ...Object.values(settings.pages).map((page) => page.rules)];
  const linked = rules.flatMap((one) =>
    Object.entries(one?.hostUsers ?? {}).flatMap(([email, name]) =>
      normalizeEmail(email) === host ? [name.toLowerCase()] : [],
    ),
  );
  const link = links.get(host);
  return [...linked, ...(link === undefined ? [] : [link.userId]), host];
}
