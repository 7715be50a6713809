import { SANDBOX_SUFFIX } from '../match/directory';
import {
  describeRequest,
  queryRequest,
  readRecords,
  type CompositeAnswer,
  type CompositeRequest,
  type SalesforceRecord,
} from '../salesforce/composite';
import { isJson, jsonList } from '../salesforce/json';
import type { OrgConnection } from '../salesforce/org-connection';
import { orgViewOf, VIEWED_OBJECTS, type OrgView } from '../salesforce/org-view';
import { byName, objectSchemaFromDescribe } from '../salesforce/schema';
import { schemaStamp } from '../salesforce/schema-stamp';
import { select, soqlIn, soqlString } from '../salesforce/soql';
import { USER_PERMISSION_FACTS, type OrgFacts, type OwnFacts, type Read } from './facts';

/** How many Events of others, and records of earlier bookings, are tried. */
const SAMPLE = 100;
const SHARED = ['Account', 'Contact', 'Lead', 'Opportunity', 'Case'];

/**
 * Reads what the checks need to know of an org, in three API calls at most. What the API user may not read is told as not known:
 * only an org that cannot be asked at all throws.
 *
 * @param wanted usernames and e-mail addresses of people who must be users.
 * @throws as `OrgConnection.composite`.
 */
export async function readFacts(
  connection: OrgConnection,
  { records: own }: Pick<OwnFacts, 'records'>,
  wanted: readonly string[],
  now: Date,
): Promise<OrgFacts> {
  const { userId, instanceUrl } = await connection.session();
  const first = await connection.composite(
    [...describeRequests(), ...userQueries(userId), ...peopleQuery(wanted), sampleQuery(userId)],
    'describe',
  );
  // A session that had ended is renewed by the call, perhaps as another user.
  if ((await connection.session()).userId !== userId) return readFacts(connection, { records: own }, wanted, now);
  const view = viewIn(first, now.toISOString());
  const sample = rowsOf(first.get('events')).map(({ Id }) => String(Id));
  const tried = own.slice(0, SAMPLE);
  const second = await connection.composite(
    [...setupQueries(userId), ...accessQuery(userId, [...sample, ...tried.map(({ recordId }) => recordId)])],
    'other',
  );
  const access = new Map(rowsOf(second.get('access')).map((row) => [String(row['RecordId']), row]));
  const triedRecords: Record<string, number> = {};
  const hidden: Record<string, number> = {};
  for (const { sobject, recordId } of tried) {
    const row = access.get(recordId);
    if (row === undefined) continue;
    triedRecords[sobject] = (triedRecords[sobject] ?? 0) + 1;
    if (row['HasReadAccess'] !== true) hidden[sobject] = (hidden[sobject] ?? 0) + 1;
  }
  return {
    view,
    instanceUrl,
    user: userOf(rowsOf(first.get('user'))[0]),
    organization: organizationOf(rowsOf(first.get('organization'))[0]),
    userPermissions: readOf(first.get('permissions'), ([row]) => {
      const has = (name: string): boolean => row?.[`Permissions${name}`] === true;
      return Object.fromEntries(USER_PERMISSION_FACTS.map((name) => [name, has(name)])) as Record<
        (typeof USER_PERMISSION_FACTS)[number],
        boolean
      >;
    }),
    viewAll: readOf(second.get('viewAll'), (rows) => new Set(rows.map((row) => String(row['SobjectType'])))),
    permissionSets: readOf(second.get('sets'), (rows) =>
      rows.flatMap(({ PermissionSet: set }) => (isJson(set) && typeof set['Label'] === 'string' ? [set['Label']] : [])),
    ),
    duplicateRules: readOf(second.get('duplicateRules'), (rows) =>
      rows.map((row) => ({ sobject: String(row['SobjectType']), name: String(row['MasterLabel']) })),
    ),
    assignmentRules: readOf(second.get('assignmentRules'), (rows) => rows.map((row) => String(row['SobjectType']))),
    packageVersion: await readPackage(connection, view.names.namespace),
    events: {
      tried: sample.filter((id) => access.has(id)).length,
      editable: sample.filter((id) => access.get(id)?.['HasEditAccess'] === true).length,
    },
    hidden,
    triedRecords,
    people: peopleIn(wanted, rowsOf(first.get('people'))),
    usage: connection.usage,
    clock: connection.clock,
  };
}

function userQueries(userId: string): CompositeRequest[] {
  const user = ['Id', 'Username', 'IsActive', 'UserType', 'UserRoleId', 'Profile.Name', 'Profile.UserLicense.Name'];
  const permissions = USER_PERMISSION_FACTS.map((name) => `Permissions${name}`);
  return [
    queryRequest('user', select(user, 'User', `Id = ${soqlString(userId)}`)),
    organizationQuery(),
    queryRequest('permissions', `SELECT ${permissions.join(', ')} FROM UserPermissionAccess`),
  ];
}

function organizationQuery(): CompositeRequest {
  const fields = [
    ...['Name', 'OrganizationType', 'IsSandbox', 'TrialExpirationDate'],
    ...SHARED.map((object) => `Default${object}Access`),
  ];
  return queryRequest('organization', `SELECT ${fields.join(', ')} FROM Organization`);
}

function peopleQuery(wanted: readonly string[]): CompositeRequest[] {
  if (wanted.length === 0) return [];
  const names = wanted.flatMap((name) => [name, name + SANDBOX_SUFFIX]);
  const where = `IsActive = true AND UserType = 'Standard' AND (${soqlIn('Email', names)} OR ${soqlIn('Username', names)})`;
  return [queryRequest('people', select(['Id', 'Email', 'Username'], 'User', where))];
}

/** The newest Events of others: those whom the connector may have to change. */
function sampleQuery(userId: string): CompositeRequest {
  const where = `OwnerId != ${soqlString(userId)} AND IsChild = false ORDER BY CreatedDate DESC LIMIT ${SAMPLE}`;
  return queryRequest('events', select(['Id'], 'Event', where));
}

function setupQueries(userId: string): CompositeRequest[] {
  const own = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ${soqlString(userId)}`;
  const seesAll = `PermissionsViewAllRecords = true AND ParentId IN (${own})`;
  const sets = `SELECT PermissionSet.Label FROM PermissionSetAssignment WHERE AssigneeId = ${soqlString(userId)} AND PermissionSet.IsOwnedByProfile = false`;
  return [
    queryRequest('viewAll', `SELECT SobjectType FROM ObjectPermissions WHERE ${seesAll}`),
    queryRequest('sets', sets),
    queryRequest('duplicateRules', 'SELECT SobjectType, MasterLabel FROM DuplicateRule WHERE IsActive = true'),
    queryRequest('assignmentRules', 'SELECT SobjectType FROM AssignmentRule WHERE Active = true'),
  ];
}

function accessQuery(userId: string, ids: string[]): CompositeRequest[] {
  if (ids.length === 0) return [];
  const where = `UserId = ${soqlString(userId)} AND ${soqlIn('RecordId', ids)}`;
  const fields = ['RecordId', 'HasReadAccess', 'HasEditAccess'];
  return [queryRequest('access', select(fields, 'UserRecordAccess', where))];
}

/** Installed packages are told by the Tooling API alone, to who may view the set-up. */
async function readPackage(connection: OrgConnection, namespace: string | null): Promise<Read<string | null>> {
  const version = ['MajorVersion', 'MinorVersion', 'PatchVersion', 'BuildNumber'];
  const fields = ['SubscriberPackage.NamespacePrefix', ...version.map((name) => `SubscriberPackageVersion.${name}`)];
  const soql = `SELECT ${fields.join(', ')} FROM InstalledSubscriberPackage`;
  const { status, body } = await connection.get(`/tooling/query?q=${encodeURIComponent(soql)}`, 'other');
  if (status !== 200 || !isJson(body)) return { isKnown: false };
  const ours = jsonList(body['records']).find(
    ({ SubscriberPackage: installed }) => isJson(installed) && (installed['NamespacePrefix'] ?? null) === namespace,
  );
  const installed = ours?.['SubscriberPackageVersion'];
  if (namespace === null || !isJson(installed)) return { isKnown: true, value: null };
  return { isKnown: true, value: version.map((name) => String(installed[name])).join('.') };
}

function userOf(row: SalesforceRecord | undefined): OrgFacts['user'] {
  if (row === undefined) return null;
  const { Profile: profile } = row;
  const licence = isJson(profile) ? profile['UserLicense'] : null;
  return {
    id: String(row['Id']),
    username: String(row['Username']),
    isActive: row['IsActive'] === true,
    userType: String(row['UserType']),
    profile: isJson(profile) && typeof profile['Name'] === 'string' ? profile['Name'] : null,
    licence: isJson(licence) && typeof licence['Name'] === 'string' ? licence['Name'] : null,
    roleId: typeof row['UserRoleId'] === 'string' ? row['UserRoleId'] : null,
  };
}

function organizationOf(row: SalesforceRecord | undefined): OrgFacts['organization'] {
  if (row === undefined) return null;
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
  return {
    name: text('Name') ?? '',
    edition: text('OrganizationType') ?? '',
    isSandbox: row['IsSandbox'] === true,
    trialEndsAt: text('TrialExpirationDate'),
    sharing: Object.fromEntries(SHARED.map((object) => [object, text(`Default${object}Access`)])),
  };
}

function peopleIn(wanted: readonly string[], rows: readonly SalesforceRecord[]): Map<string, string | null> {
  const plain = (value: unknown): string =>
    (typeof value === 'string' ? value : '').toLowerCase().replace(/\.invalid$/, '');
  return new Map(
    wanted.map((name) => {
      const found = rows.find((row) => [plain(row['Email']), plain(row['Username'])].includes(name.toLowerCase()));
      return [name.toLowerCase(), found === undefined ? null : String(found['Id'])];
    }),
  );
}

function rowsOf(answer: CompositeAnswer | undefined): SalesforceRecord[] {
  return answer?.status === 200 ? readRecords(answer) : [];
}

function readOf<T>(answer: CompositeAnswer | undefined, of: (rows: SalesforceRecord[]) => T): Read<T> {
  return answer?.status === 200 ? { isKnown: true, value: of(readRecords(answer)) } : { isKnown: false };
}

/**
 * What the least permission set depends on: the org as the API user sees it, and its org-wide defaults. One API call.
 *
 * @throws as `OrgConnection.composite`.
 */
export async function readSharing(
  connection: OrgConnection,
): Promise<{ view: OrgView; sharing: Readonly<Record<string, string | null>> }> {
  const answers = await connection.composite([...describeRequests(), organizationQuery()], 'describe');
  return {
    view: viewIn(answers, ''),
    sharing: organizationOf(rowsOf(answers.get('organization'))[0])?.sharing ?? {},
  };
}

function describeRequests(): CompositeRequest[] {
  return VIEWED_OBJECTS.map((name) => describeRequest(`object${name}`, name));
}

function viewIn(answers: ReadonlyMap<string, CompositeAnswer>, readAt: string): OrgView {
  const described = VIEWED_OBJECTS.map((name) => answers.get(`object${name}`)).filter(
    (answer) => answer?.status === 200,
  );
  const objects = byName(described.map((answer) => objectSchemaFromDescribe(answer?.body)));
  return orgViewOf({ objects, stamp: schemaStamp(described[0]), readAt });
}
