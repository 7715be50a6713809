import { namedOwners } from '../settings/directory';
import type { Settings } from '../settings/settings';
import type { OrgFacts, OwnFacts } from './facts';
import type { DoctorLine, LineMaker } from './line';

/** Who the API user is, and whether he should be. */
export function checkUser({ user, userPermissions }: OrgFacts, line: LineMaker): DoctorLine[] {
  const check = 'API user';
  if (user === null) {
    return [
      line.warning(check, 'The API user may not read its own record.', 'Give it the right to read users.', 'users'),
    ];
  }
  const { username, profile, licence, isActive, userType } = user;
  const who = `${username}, profile ${profile ?? 'not known'}, licence ${licence ?? 'not known'}`;
  if (!isActive || userType !== 'Standard') {
    const remedy =
      'Activate the user, or let the app run as an active user with a Salesforce or Salesforce Integration licence.';
    return [
      line.failure(
        check,
        `${who}, is ${isActive ? `of type ${userType}` : 'inactive'}: it cannot write bookings.`,
        remedy,
        'users',
      ),
    ];
  }
  const lines = [line.ok(check, `${who}, active.`, 'users')];
  if (userPermissions.isKnown && userPermissions.value.ModifyAllData) {
    lines.push(
      line.warning(
        'API user has few rights',
        'The API user may modify all data of the org, which no setting needs: whoever gets hold of its credential may too.',
        'Let the app run as a user of its own, with the permission set that "booking-connector permissions" writes.',
        'users',
      ),
    );
  }
  return lines;
}

/** Who owns Events: the API user must not, and each host should be a user. */
export function checkOwners(
  { user, people }: OrgFacts,
  settings: Settings,
  { hosts, linkedHosts }: Pick<OwnFacts, 'hosts' | 'linkedHosts'>,
  line: LineMaker,
): DoctorLine[] {
  const idOf = (name: string): string | null => people.get(name.toLowerCase()) ?? null;
  const lines: DoctorLine[] = [];
  const own = namedOwners(settings).filter(
    ({ kind, name }) => kind === 'user' && user !== null && idOf(name) === user.id,
  );
  const check = 'API user owns no Events';
  if (own.length > 0) {
    const { licence, profile } = user ?? { licence: null, profile: null };
    const isApiOnly = /integration|api only/i.test(`${licence ?? ''} ${profile ?? ''}`);
    lines.push(
      line[isApiOnly ? 'failure' : 'warning'](
        check,
        `The settings name the API user as an owner (${own.map(({ path }) => path).join(', ')}): ${isApiOnly ? 'nobody sees the calendar of such a user' : 'its Events are in the calendar of no person who meets customers'}.`,
        'Name a person in the settings, who looks after bookings without a host.',
        'users',
      ),
    );
  } else lines.push(line.ok(check, 'No setting names the API user as an owner.'));

  const gone = namedOwners(settings).filter(
    ({ kind, name }) => kind === 'user' && people.has(name.toLowerCase()) && idOf(name) === null,
  );
  if (gone.length > 0) {
    lines.push(
      line.failure(
        'users of the settings',
        `No active user of Salesforce is called ${gone.map(({ name }) => name).join(', ')}, whom the settings name.`,
        'Correct the username in the settings, or activate the user.',
        'users',
      ),
    );
  }
  lines.push(checkHosts(hosts, linkedHosts, settings, idOf, line));
  return lines;
}

function checkHosts(
  hosts: readonly string[],
  linkedHosts: readonly string[],
  { rules }: Settings,
  idOf: (name: string) => string | null,
  line: LineMaker,
): DoctorLine {
  const check = 'hosts are users';
  const linked = new Set([...linkedHosts, ...Object.keys(rules.hostUsers).map((email) => email.toLowerCase())]);
  const unknown = hosts.filter((host) => !linked.has(host.toLowerCase()) && idOf(host) === null);
  if (hosts.length === 0) return line.ok(check, 'No booking that is still to come has a host yet.', 'users');
  if (unknown.length === 0)
    return line.ok(check, `Each host of bookings to come (${hosts.length}) is an active user.`, 'users');
  const few = unknown.slice(0, 5).join(', ');
  const remedy =
    'Give the Salesforce user the e-mail address that the scheduling system has, link the host to a user (booking-connector host link), or activate the user.';
  const who = `${unknown.length} of ${hosts.length} hosts of bookings to come are no active users of Salesforce: ${few}${unknown.length > 5 ? ', …' : ''}.`;
  return rules.fallbackOwner === null
    ? line.failure(
        check,
        `${who} Their bookings wait, as no fallback owner is set.`,
        `${remedy} Or set a fallback owner.`,
        'users',
      )
    : line.warning(check, `${who} Their Events go to the fallback owner.`, remedy, 'users');
}

/** Which permission sets it has, where it may be read. */
export function checkPermissionSets({ permissionSets }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'permission sets';
  if (!permissionSets.isKnown) {
    const why =
      'The API user may not read which permission sets it has: that takes View Setup and Configuration, which nothing else needs. The rights themselves are told one by one.';
    return line.ok(check, why, 'permissionSets');
  }
  const { value } = permissionSets;
  const why =
    value.length === 0
      ? 'The API user has none: its rights come from its profile.'
      : `The API user has: ${value.join(', ')}.`;
  return line.ok(check, why, 'permissionSets');
}
