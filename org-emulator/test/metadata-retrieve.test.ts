import { child, children, text, type XmlElement } from '../src/xml/xml-element';
import { deployByRest, everyType, manifest, soap, unzip, type Files } from './metadata-support';
import { TestOrg } from './support';

let org: TestOrg;
beforeAll(async () => {
  org = await TestOrg.start({ deployDir: [] });
  await deployByRest(org, everyType());
});
afterAll(() => org.close());

async function retrieve(types: Record<string, string[]>): Promise<{ result: XmlElement | undefined; files: Files }> {
  const listed = /<Package[^>]*>(.*)<\/Package>/.exec(manifest(types))?.[1] ?? '';
  const request = `<request><apiVersion>67.0</apiVersion><unpackaged>${listed}</unpackaged></request>`;
  const id = text(child(await soap(org, 'retrieve', request), 'result'), 'id') ?? '';
  const answer = await soap(org, 'checkRetrieveStatus', `<asyncProcessId>${id}</asyncProcessId>`);
  const result = child(answer, 'result');
  return { result, files: unzip(text(result, 'zipFile') ?? '') };
}

it('gives back what was deployed: deployed again, nothing of it changes', async () => {
  const types = [
    ...['CompactLayout', 'CustomApplication', 'CustomField', 'CustomLabels', 'CustomMetadata', 'CustomObject'],
    ...['CustomObjectTranslation', 'CustomPermission', 'CustomTab', 'Dashboard', 'FlexiPage', 'Layout', 'ListView'],
    ...['LightningComponentBundle', 'PermissionSet', 'QuickAction', 'RecordType', 'Report', 'ReportType'],
    ...['StaticResource', 'Translations', 'ValidationRule', 'WebLink'],
  ];
  const { result, files } = await retrieve(Object.fromEntries(types.map((type) => [type, ['*']])));
  expect(text(result, 'status')).toBe('Succeeded');
  const inside = new Map(
    [...files].map(([path, content]): [string, string] => [path.replace('unpackaged/', ''), content]),
  );
  expect([...inside.keys()].sort()).toEqual([...everyType().keys()].sort());
  const again = await deployByRest(org, inside);
  expect(again).toMatchObject({ status: 'Succeeded', numberComponentsDeployed: 37 });
  expect(again.details.componentSuccesses.filter(({ changed }) => changed)).toEqual([]);
});

it('gives one field of an object, lists each file, and says what is not there', async () => {
  const { result, files } = await retrieve({ CustomField: ['Contact.Club_Page__c'], CustomTab: ['Nope__c'] });
  expect([...files.keys()].sort()).toEqual(['unpackaged/objects/Contact.object', 'unpackaged/package.xml']);
  expect(files.get('unpackaged/objects/Contact.object')).not.toContain('webLinks');
  expect(text(child(result, 'fileProperties'), 'fullName')).toBe('Contact.Club_Page__c');
  expect(text(child(result, 'messages'), 'problem')).toBe("Entity of type 'CustomTab' named 'Nope__c' cannot be found");
});

it('lists components and types', async () => {
  const listed = await soap(
    org,
    'listMetadata',
    '<queries><type>CustomLabel</type></queries><asOfVersion>67.0</asOfVersion>',
  );
  expect(children(listed, 'result').map((entry) => text(entry, 'fullName'))).toEqual(['Join_club', 'No_club']);
  const described = child(await soap(org, 'describeMetadata', '<asOfVersion>67.0</asOfVersion>'), 'result');
  const names = children(described, 'metadataObjects').map((entry) => text(entry, 'xmlName'));
  expect(names).toEqual(expect.arrayContaining(['CustomObject', 'Layout', 'Report']));
  expect(names).not.toContain('ApexClass');
});

describe('components that are removed', () => {
  let own: TestOrg;
  beforeEach(async () => {
    own = await TestOrg.start({ deployDir: [] });
    await deployByRest(own, everyType());
  });
  afterEach(() => own.close());

  const destructive = (types: Record<string, string[]>): Files =>
    new Map([
      ['package.xml', manifest({})],
      ['destructiveChangesPost.xml', manifest(types)],
    ]);

  it('are gone, their records and rights with them', async () => {
    const { body } = await own.query("SELECT Id FROM PermissionSet WHERE Name = 'Club_Member'");
    const assigned = { PermissionSetId: body.records[0].Id, AssigneeId: own.emulator.adminUserId };
    await own.create('PermissionSetAssignment', assigned);
    const { status, details } = await deployByRest(
      own,
      destructive({ PermissionSet: ['Club_Member'], ListView: ['Membership__c.All'] }),
    );
    expect(status).toBe('Succeeded');
    expect(details.componentSuccesses.map(({ fullName, deleted }) => [fullName, deleted])).toEqual([
      ['Club_Member', true],
      ['Membership__c.All', true],
    ]);
    expect((await own.query('SELECT Id FROM PermissionSet')).body.totalSize).toBe(0);
    expect((await own.query('SELECT Id FROM PermissionSetAssignment')).body.totalSize).toBe(0);
  });

  it('cannot be what others need, unless those go too', async () => {
    const refused = await deployByRest(own, destructive({ CustomField: ['Contact.Club_Page__c'] }));
    expect(refused.details.componentFailures).toMatchObject([
      {
        componentType: 'CustomField',
        fullName: 'Contact.Club_Page__c',
        fileName: 'destructiveChangesPost.xml',
        problem: expect.stringMatching(/^This CustomField is referenced elsewhere: \w+ - /),
      },
    ]);
    const users = {
      WebLink: ['Contact.Join_Club'],
      Layout: ['Contact-Club Layout'],
      FlexiPage: ['Contact_Page'],
      LightningComponentBundle: ['clubCard'],
      QuickAction: ['Contact.Join_Club_Action'],
    };
    const taken = await deployByRest(own, destructive({ CustomField: ['Contact.Club_Page__c'], ...users }));
    expect(taken.details.componentFailures).toEqual([]);
    const { fields } = (await own.api('GET', '/sobjects/Contact/describe')).body as { fields: { name: string }[] };
    expect(fields.map(({ name }) => name)).not.toContain('Club_Page__c');
  });

  it('that are not there are warned of', async () => {
    const { status, details } = await deployByRest(own, destructive({ WebLink: ['Contact.Nope'] }));
    expect(status).toBe('Succeeded');
    expect(details.componentSuccesses).toMatchObject([
      { problem: 'No WebLink named: Contact.Nope found', problemType: 'Warning' },
    ]);
  });
});
