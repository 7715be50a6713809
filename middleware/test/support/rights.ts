import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator } from 'org-emulator';
import { orgActions } from './org-actions';

const API = '/services/data/v67.0';

/** Takes one right, by the name that the connector gives it, out of a permission set. */
export function withoutRight(xml: string, name: string): string {
  const users: Record<string, string> = {
    'API Enabled': 'ApiEnabled',
    'Access Activities': 'ActivitiesAccess',
    'Edit Events': 'EditEvent',
  };
  const user = users[name];
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
  const box = { Create: 'allowCreate', Edit: 'allowEdit', 'View All': 'viewAllRecords' }[verb] ?? '';
  return xml.replace(/<objectPermissions>[^]*?<\/objectPermissions>/g, (row) =>
    row.includes(`<object>${what}</object>`) ? row.replace(`<${box}>true`, `<${box}>false`) : row,
  );
}

/** A user with the profile that has no right at all; what he may do is what his permission set says. */
export interface ApiUser {
  id: string;
  /** Deploys the set in place of the one that he had. Throws as an org does that refuses it. */
  grant(xml: string): Promise<void>;
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
  let isAssigned = false;
  return {
    id,
    grant: async (xml) => {
      const folder = await mkdtemp(join(tmpdir(), 'test-rights-'));
      await mkdir(join(folder, 'permissionsets'));
      await writeFile(join(folder, 'permissionsets/Tried.permissionset-meta.xml'), xml);
      try {
        emulator.deploy(folder);
      } finally {
        await rm(folder, { recursive: true });
      }
      if (isAssigned) return;
      isAssigned = true;
      const PermissionSetId = await one("SELECT Id FROM PermissionSet WHERE Name = 'Tried'");
      await actions.create('PermissionSetAssignment', { PermissionSetId, AssigneeId: id });
    },
  };
}
