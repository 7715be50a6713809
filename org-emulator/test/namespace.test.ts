import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSourceFolder } from '../src/metadata/read-source';
import { writeComponents } from '../src/metadata/write-components';
import { deployByRest, EVERY_TYPE, manifest, type Files } from './metadata-support';
import { TestOrg } from './support';

const ROOT = join(__dirname, '..', '..');

it('is in front of every name of an installed package, and the package acts', async () => {
  const org = await TestOrg.start({ deployDir: EVERY_TYPE, namespace: 'club' });
  try {
    const id = await org.create('Contact', { LastName: 'Ito' });
    await org.create('club__Membership__c', {
      Name: 'M',
      club__Member__c: id,
      club__Number__c: '1',
      club__Level__c: 'Gold',
    });
    const { body } = await org.query(
      'SELECT club__Greeting__c, club__Member__r.club__Club_Page__c FROM club__Membership__c',
    );
    expect(body.records[0]).toMatchObject({
      club__Greeting__c: 'Dear Ito (gold)',
      club__Member__r: { club__Club_Page__c: expect.stringContaining(`https://club.example/join?id=${id}`) },
    });
    const { body: sets } = await org.query('SELECT Name, NamespacePrefix FROM PermissionSet');
    expect(sets.records).toMatchObject([{ Name: 'Club_Member', NamespacePrefix: 'club' }]);
    const [setting] = (
      await org.query('SELECT QualifiedApiName, DeveloperName, club__Seats__c FROM club__Club_Setting__mdt')
    ).body.records;
    expect(setting).toMatchObject({ QualifiedApiName: 'club__Main', DeveloperName: 'Main', club__Seats__c: 12 });
  } finally {
    await org.close();
  }
});

describe('the admin kit in a subscriber org', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kit-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** The admin kit as it is written for an org that has the package under a namespace. */
  function kit(namespace: string[]): Files {
    const out = join(folder, 'kit');
    execFileSync(process.execPath, [join(ROOT, 'scripts/admin-kit.mjs'), ...namespace, '--out', out]);
    const { components } = readSourceFolder(join(out, 'admin-kit'));
    const members: Record<string, string[]> = {};
    for (const { type, fullName } of components) {
      (members[type === 'EmailFolder' ? 'EmailTemplate' : type] ??= []).push(fullName);
    }
    const text = new TextDecoder();
    const files = new Map(
      [...writeComponents(components)].map(([path, bytes]): [string, string] => [path, text.decode(bytes)]),
    );
    return files.set('package.xml', manifest(members));
  }

  it('deploys with the namespace, and is refused without it', async () => {
    const org = await TestOrg.start({ deployDir: join(ROOT, 'force-app'), namespace: 'acme' });
    try {
      const without = await deployByRest(org, kit([]));
      expect(without.status).toBe('Failed');
      expect(without.details.componentFailures.map(({ problem }) => problem)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^In field: field - no CustomField named Event\.\w+__c found$/)]),
      );
      const { status, details } = await deployByRest(org, kit(['--namespace', 'acme']));
      expect(details.componentFailures).toEqual([]);
      expect(status).toBe('Succeeded');
    } finally {
      await org.close();
    }
  });
});
