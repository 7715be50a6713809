import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from 'org-emulator';
import { orgActions } from './org-actions';

const API = '/services/data/v67.0';

const USER_PERMISSIONS: Readonly<Record<string, string>> = {
  'API Enabled': 'ApiEnabled',
  'Access Activities': 'ActivitiesAccess',
  'Edit Events': 'EditEvent',
};
const OBJECT_BOXES: Readonly<Record<string, string>> = {
  Create: 'allowCreate',
  Edit: 'allowEdit',
  Delete: 'allowDelete',
  'View All': 'viewAllRecords',
  'Modify All': 'modifyAllRecords',
};

/** Takes one right, by the name that the connector gives it, out of a permission set. */
export function withoutRight(xml: string, name: string): string {
  const user = USER_PERMISSIONS[name];
  const rows = (element: string, holds: string): string =>
    xml.replace(
      new RegExp(`\\s*<${element}>(?:(?!</${element}>)[^])*<(\\w+)>${holds}</\\1>[^]*?</${element}>`, 'g'),
      '',
    );
  if (user !== undefined) return rows('userPermissions', user);
  const [verb = '', what = ''] = name.split(/ (?=\S+$)/);
  if (what.includes('.')) {
    const [sobject = '', field = ''] = what.split('.');
    const granted = sobject === 'Account' && field.startsWith('Person') ? `Contact.${field.slice(6)}` : what;
    return rows('fieldPermissions', granted);
  }
  if (verb === 'Read') return rows('objectPermissions', what);
  const box = OBJECT_BOXES[verb] ?? '';
  return xml.replace(/<objectPermissions>[^]*?<\/objectPermissions>/g, (row) =>
    row.includes(`<object>${what}</object>`) ? row.replace(`<${box}>true`, `<${box}>false`) : row,
  );
}

/** The rights that a permission set grants, by the names that the connector gives them; of a field the strongest. */
export function rightsIn(xml: string): string[] {
  const { userPermissions = [], fieldPermissions = [], objectPermissions = [] } = rowsOf(xml);
  const isTrue = (row: Row, box: string): boolean => row[box] === 'true';
  const boxes = Object.entries({ Read: 'allowRead', ...OBJECT_BOXES });
  return [
    ...userPermissions.map(
      ({ name = '' }) => Object.entries(USER_PERMISSIONS).find(([, api]) => api === name)?.[0] ?? name,
    ),
    ...objectPermissions.flatMap((row) =>
      boxes.flatMap(([verb, box]) => (isTrue(row, box) ? [`${verb} ${row['object']}`] : [])),
    ),
    ...fieldPermissions.map((row) => `${isTrue(row, 'editable') ? 'Edit' : 'Read'} ${row['field']}`),
  ];
}

type Row = Record<string, string>;

/** The rows of a permission set by their element. */
function rowsOf(xml: string): Record<string, Row[]> {
  const rows: Record<string, Row[]> = {};
  for (const [, element = '', body = ''] of xml.matchAll(/<(\w+Permissions)>([^]*?)<\/\1>/g)) {
    (rows[element] ??= []).push(
      Object.fromEntries([...body.matchAll(/<(\w+)>([^<]*)</g)].map(([, key, value]) => [key, value])),
    );
  }
  return rows;
}

/** A user with the profile that has no right at all; what he may do is what his permission set says. */
export interface ApiUser {
  id: string;
  /**
   * Deploys a set in place of the one of that name, and assigns it. Throws as an org does that refuses it.
   * @param name its API name; none: that of a set of the tests.
   */
  grant(xml: string, name?: string): Promise<void>;
}

/** Makes such a user, as whom apps sign in from now on. */
export async function createApiUser(emulator: Emulator): Promise<ApiUser> {
  const actions = orgActions({ emulator });
  const one = async (soql: string): Promise<string> => {
    const { records } = (await actions.request('GET', `${API}/query?q=${encodeURIComponent(soql)}`)) as {
      records: { Id: string }[];
    };
    return String(records[0]?.Id);
  };
  const id = await actions.create('User', {
    ...{ Username: 'api.user@example.com', Email: 'api.user@example.com', LastName: 'Api', Alias: 'api' },
    ...{ TimeZoneSidKey: 'GMT', LocaleSidKey: 'en_US', EmailEncodingKey: 'UTF-8', LanguageLocaleKey: 'en_US' },
    ...{ CommunityNickname: 'api', IsActive: true },
    ProfileId: await one("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'"),
  });
  await actions.request('POST', '/__emulator__/settings', { clientCredentialsUserId: id });
  await actions.request('POST', '/__emulator__/end-sessions', { userId: emulator.adminUserId });
  emulator.accessToken = emulator.signIn(emulator.adminUserId);
  const assigned = new Set<string>();
  return {
    id,
    grant: async (xml, name = 'Tried') => {
      const folder = await mkdtemp(join(tmpdir(), 'test-rights-'));
      await mkdir(join(folder, 'permissionsets'));
      await writeFile(join(folder, `permissionsets/${name}.permissionset-meta.xml`), xml);
      try {
        emulator.deploy(folder);
      } finally {
        await rm(folder, { recursive: true });
      }
      if (assigned.has(name)) return;
      assigned.add(name);
      const PermissionSetId = await one(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
      await actions.create('PermissionSetAssignment', { PermissionSetId, AssigneeId: id });
    },
  };
}

/** Gives a user a role above everybody who holds appointments: activities are private. */
export async function putAboveHosts(emulator: Emulator, userId: string): Promise<void> {
  const actions = orgActions({ emulator });
  const above = await actions.create('UserRole', { Name: 'Above' });
  const below = await actions.create('UserRole', { Name: 'Below', ParentRoleId: above });
  const hosts = [emulator.adminUserId, ...emulator.users.standard];
  for (const [id, UserRoleId] of [[userId, above], ...hosts.map((host) => [host, below])])
    await actions.request('PATCH', `${API}/sobjects/User/${id}`, { UserRoleId });
}
