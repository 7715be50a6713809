import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../src/index';
import { FIXTURE_PACKAGE, TestOrg, visit, type Answer } from './support';

/** Describes recorded from real orgs; a clone on its own does not have them. */
const RECORDED = join(__dirname, '..', '..', '..', 'shared', 'salesforce', 'describe');

interface FieldJson {
  name: string;
  type: string;
  length: number;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  defaultedOnCreate: boolean;
  filterable: boolean;
  permissionable: boolean;
  idLookup: boolean;
}
interface DescribeJson {
  name: string;
  keyPrefix: string;
  fields: FieldJson[];
  recordTypeInfos?: { recordTypeId: string; name: string }[];
}

/** The describes in a folder; none when it is not there. */
function describesIn(directory: string): DescribeJson[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as DescribeJson)
    .filter(({ fields, keyPrefix }) => Array.isArray(fields) && typeof keyPrefix === 'string');
}

describe('a describe', () => {
  let org: TestOrg;
  beforeAll(async () => {
    org = await TestOrg.start();
  });
  afterAll(() => org.close());
  const describeOf = async (sobject: string): Promise<DescribeJson> =>
    (await org.api('GET', `/sobjects/${sobject}/describe`)).body as DescribeJson;
  const fieldOf = async (sobject: string, name: string): Promise<FieldJson | undefined> =>
    (await describeOf(sobject)).fields.find((field) => field.name === name);

  it('shows deployed fields, those of Activity on Event and Task', async () => {
    const expected = {
      type: 'string',
      length: 60,
      externalId: true,
      idLookup: true,
      unique: true,
      caseSensitive: true,
      custom: true,
    };
    expect(await fieldOf('Event', 'Visit_Key__c')).toMatchObject(expected);
    expect(await fieldOf('Task', 'Visit_Key__c')).toMatchObject(expected);
    expect(await fieldOf('Event', 'Visit_State__c')).toMatchObject({
      type: 'picklist',
      restrictedPicklist: true,
      picklistValues: [{ value: 'Planned', active: true }, { value: 'Done' }, { value: 'Called off' }],
    });
    expect(await fieldOf('Contact', 'Favourite_Campaign__c')).toMatchObject({
      type: 'reference',
      referenceTo: ['Campaign'],
      relationshipName: 'Favourite_Campaign__r',
    });
    expect(await fieldOf('Contact', 'Greeting__c')).toMatchObject({
      calculated: true,
      createable: false,
      updateable: false,
    });
    const campaign = (await org.api('GET', '/sobjects/Campaign/describe')).body;
    expect(campaign.childRelationships).toContainEqual(
      expect.objectContaining({ childSObject: 'Contact', relationshipName: 'Fans__r' }),
    );
  });

  it('has one stamp for the whole org, by which a client learns that nothing changed', async () => {
    const first = await org.api('GET', '/sobjects');
    const stamp = first.headers.get('last-modified') ?? '';
    const event = await org.api('GET', '/sobjects/Event/describe');
    expect([event.headers.get('etag'), event.headers.get('last-modified')]).toEqual([first.headers.get('etag'), stamp]);
    const unchanged = await org.api('GET', '/sobjects', undefined, { 'If-Modified-Since': stamp });
    expect({ status: unchanged.status, body: unchanged.body }).toEqual({ status: 304, body: '' });
    const older = new Date(Date.parse(stamp) - 1000).toUTCString();
    expect((await org.api('GET', '/sobjects', undefined, { 'If-Modified-Since': older })).status).toBe(200);
    expect(
      (await org.api('GET', '/sobjects', undefined, { 'If-None-Match': first.headers.get('etag') ?? '' })).status,
    ).toBe(304);
  });

  it('has the keys of a real one, in the global list too', async () => {
    const global = (await org.api('GET', '/sobjects')).body as {
      encoding: string;
      sobjects: { name: string; urls: Record<string, string> }[];
    };
    expect(global.encoding).toBe('UTF-8');
    const lead = global.sobjects.find(({ name }) => name === 'Lead');
    expect(lead?.urls).toEqual({
      rowTemplate: '/services/data/v67.0/sobjects/Lead/{ID}',
      describe: '/services/data/v67.0/sobjects/Lead/describe',
      sobject: '/services/data/v67.0/sobjects/Lead',
    });
    expect((await org.api('GET', '/sobjects/Lead')).body).toMatchObject({
      objectDescribe: { name: 'Lead', keyPrefix: '00Q' },
      recentItems: [],
    });
  });

  it('shows what each kind of insert must bring', async () => {
    const required = async (sobject: string): Promise<string[]> =>
      (await describeOf(sobject)).fields
        .filter((field) => field.createable && !field.nillable && !field.defaultedOnCreate)
        .map(({ name }) => name);
    expect(await required('Lead')).toEqual(['LastName', 'Company']);
    expect(await required('Contact')).toEqual(['LastName']);
    expect(await required('Account')).toEqual(['Name']);
    expect((await required('Opportunity')).sort()).toEqual(['CloseDate', 'Name', 'StageName']);
    expect(await required('Event')).toEqual([]);
    expect(await required('Case')).toEqual([]);
  });

  const recordedObjects = [
    'Account',
    'Contact',
    'Lead',
    'Opportunity',
    'Case',
    'Event',
    'Campaign',
    'OpportunityContactRole',
  ];
  (existsSync(RECORDED) ? it : it.skip).each(recordedObjects)('of %s agrees with the recording', async (sobject) => {
    const recorded = JSON.parse(readFileSync(join(RECORDED, `${sobject}.json`), 'utf8')) as DescribeJson;
    const ours = await describeOf(sobject);
    expect(ours.keyPrefix).toBe(recorded.keyPrefix);
    const flags = ({
      type,
      length,
      nillable,
      createable,
      updateable,
      defaultedOnCreate,
      filterable,
      permissionable,
      idLookup,
    }: FieldJson): unknown => ({
      type,
      length: type === 'reference' || type === 'id' ? 18 : length,
      nillable,
      createable,
      updateable,
      defaultedOnCreate,
      filterable,
      permissionable,
      idLookup,
    });
    for (const field of ours.fields.filter(({ name }) => !name.endsWith('__c') && name !== 'RecordTypeId')) {
      const original = recorded.fields.find(({ name }) => name === field.name);
      expect([field.name, original && flags(original)]).toEqual([field.name, flags(field)]);
    }
  });
});

describe('a folder of recorded describes', () => {
  const directory = existsSync(RECORDED) ? RECORDED : join(__dirname, 'fixtures', 'describe');

  it('takes the place of the own objects; deployed fields are added', async () => {
    const org = await TestOrg.start({ describeDir: directory });
    try {
      const { body } = await org.api('GET', '/sobjects/Account/describe');
      const names = (body.fields as FieldJson[]).map(({ name }) => name);
      expect(names).toContain('SLA__c');
      await org.create('Event', visit({ Visit_Key__c: 'v' }));
      expect((await org.api('GET', '/sobjects/Task/describe')).status).toBe(200);
    } finally {
      await org.close();
    }
  });
});

describe(`the record types of ${describesIn(RECORDED).length} recorded describes and of one of its own`, () => {
  const own = join(__dirname, 'fixtures', 'describe');
  it.each([[own], ...(existsSync(RECORDED) ? [[RECORDED]] : [])])('are records: %s', async (describeDir) => {
    const org = await TestOrg.start({ describeDir, deployDir: [] });
    try {
      const listed = describesIn(describeDir).flatMap(({ name, recordTypeInfos = [] }) =>
        recordTypeInfos
          .filter(({ recordTypeId }) => recordTypeId !== '012000000000000AAA')
          .map((info) => ({ Id: info.recordTypeId, Name: info.name, SobjectType: name })),
      );
      const { body } = await org.query('SELECT Id, Name, SobjectType FROM RecordType ORDER BY SobjectType, Id');
      expect(body.records).toHaveLength(listed.length);
      expect(body.records).toMatchObject(listed);
      expect(describeDir !== own || listed.length > 0).toBe(true);
    } finally {
      await org.close();
    }
  });
});

describe('a folder that cannot be deployed', () => {
  const field = (body: string): string =>
    `<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>A__c</fullName>${body}</CustomField>`;
  it.each([
    [
      'Lead',
      field('<type>Hologram</type>'),
      /A__c\.field-meta\.xml: .*'Hologram' is not a valid value for the enum 'FieldType'/,
    ],
    ['Lead', field('<label>A</label><type>Text</type>'), /Must specify a length for a field of type Text/],
    ['Lead', '<Other/>', /expected CustomField/],
    ['Nowhere__c', field('<label>A</label><type>Date</type>'), /Nowhere__c \(no such object\)/],
  ])('names what is wrong: %s %s', async (sobject, xml, message) => {
    const directory = mkdtempSync(join(tmpdir(), 'sfdx-'));
    const fields = join(directory, 'objects', sobject, 'fields');
    mkdirSync(fields, { recursive: true });
    writeFileSync(join(fields, 'A__c.field-meta.xml'), xml);
    await expect(startEmulator({ deployDir: directory })).rejects.toThrow(message);
  });

  it('is named when it is not there', async () => {
    await expect(startEmulator({ deployDir: join(FIXTURE_PACKAGE, 'nowhere') })).rejects.toThrow(
      /Cannot deploy .*nowhere/,
    );
  });
});

describe('what a user may see', () => {
  let org: TestOrg;
  beforeEach(async () => {
    org = await TestOrg.start();
  });
  afterEach(() => org.close());
  const assign = async (userId: string, name = 'Visit_Writer'): Promise<void> => {
    const { body } = await org.query(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
    await org.create('PermissionSetAssignment', { PermissionSetId: body.records[0].Id, AssigneeId: userId });
  };

  it('gives deployed permission sets to the administrator only', async () => {
    const { body } = await org.query(
      "SELECT Assignee.Username FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Visit_Writer'",
    );
    expect(body.records).toMatchObject([{ Assignee: { Username: 'ada.admin@example.com' } }]);
  });

  it('hides custom fields from users without the permission set, everywhere', async () => {
    const [host] = org.emulator.users.standard;
    const seller = org.as(host);
    const seen = async (): Promise<boolean> =>
      ((await seller.api('GET', '/sobjects/Event/describe')).body.fields as FieldJson[]).some(
        ({ name }) => name === 'Visit_Key__c',
      );
    expect(await seen()).toBe(false);
    expect((await seller.query('SELECT Visit_Key__c FROM Event')).body[0].errorCode).toBe('INVALID_FIELD');
    expect((await seller.api('POST', '/sobjects/Event', visit({ Visit_Key__c: 'v' }))).body[0].message).toBe(
      "No such column 'Visit_Key__c' on sobject of type Event",
    );
    await assign(host);
    expect(await seen()).toBe(true);
    expect((await seller.api('POST', '/sobjects/Event', visit({ Visit_Key__c: 'v' }))).status).toBe(201);
    expect(
      (await seller.api('POST', '/sobjects/Contact', { LastName: 'Sato', Greeting__c: 'x' })).body[0].errorCode,
    ).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });

  it('gives an API-only user no object at all before a permission set does', async () => {
    const robot = org.as(org.emulator.users.integration);
    expect((await robot.api('GET', '/sobjects/Lead/describe')).status).toBe(404);
    expect((await robot.query('SELECT Id FROM Lead')).body[0].errorCode).toBe('INVALID_TYPE');
    expect((await robot.query('SELECT Id, Username, FederationIdentifier, UserType FROM User')).status).toBe(200);
    expect((await robot.api('POST', '/sobjects/Lead', { LastName: 'Sato' })).status).toBe(404);
  });

  it('gives an API-only user the object, the fields and the user permission of a permission set, no more', async () => {
    const { integration } = org.emulator.users;
    await assign(integration, 'Desk');
    const robot = org.as(integration);
    const save = (fields: object): Promise<Answer> =>
      robot.api('POST', '/sobjects/Contact', { LastName: 'Sato', ...fields });
    const { body } = await save({ Email: 'a@example.com' });
    expect((await save({ Title: 'Dr' })).body[0].errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    expect((await save({ Phone: '1' })).body[0].message).toBe("No such column 'Phone' on sobject of type Contact");
    expect((await robot.api('DELETE', `/sobjects/Contact/${String(body.id)}`)).body[0].errorCode).toBe(
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
    expect((await robot.api('POST', '/sobjects/Event', visit({ Subject: 'Intro' }))).status).toBe(201);
    expect((await robot.api('POST', '/sobjects/Event', visit({ WhoId: body.id }))).body[0].errorCode).toBe(
      'INVALID_FIELD',
    );
    // Who edits events reads activities of both kinds.
    expect((await robot.api('POST', '/sobjects/Task', {})).body[0].errorCode).toBe(
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    );
  });

  it('opens custom fields to administrators too where field-level security is switched off', async () => {
    const [host] = org.emulator.users.standard;
    await org.control('POST', '/settings', { fieldLevelSecurity: false });
    expect((await org.as(host).query('SELECT Visit_Key__c FROM Event')).status).toBe(200);
  });

  it('lets nobody but administrators write setup objects', async () => {
    const [host] = org.emulator.users.standard;
    expect((await org.as(host).api('POST', '/sobjects/User', { LastName: 'x' })).body[0].errorCode).toBe(
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    );
    expect((await org.as(host).api('PATCH', `/sobjects/User/${host}`, { Title: 'x' })).body[0].errorCode).toBe(
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
  });
});

describe('a deployed record type', () => {
  let org: TestOrg;
  beforeEach(async () => {
    org = await TestOrg.start();
  });
  afterEach(() => org.close());
  const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-24' };
  const idOf = async (developerName: string): Promise<string> =>
    (
      await org.query(
        `SELECT Id FROM RecordType WHERE SobjectType = 'Opportunity' AND DeveloperName = '${developerName}'`,
      )
    ).body.records[0].Id as string;

  it('is described beside Master, and chosen by its id', async () => {
    const id = await idOf('Consultation');
    const { body } = await org.api('GET', '/sobjects/Opportunity/describe');
    expect(body.recordTypeInfos).toContainEqual(
      expect.objectContaining({
        developerName: 'Consultation',
        name: 'Consultation deals',
        recordTypeId: id,
        available: true,
      }),
    );
    expect(body.recordTypeInfos).toContainEqual(
      expect.objectContaining({ developerName: 'Master', recordTypeId: '012000000000000AAA' }),
    );
    await org.create('Opportunity', { ...deal, RecordTypeId: id });
    expect((await org.query('SELECT RecordType.DeveloperName FROM Opportunity')).body.records).toMatchObject([
      { RecordType: { DeveloperName: 'Consultation' } },
    ]);
    await org.control('POST', '/reset');
    await org.create('Opportunity', { ...deal, RecordTypeId: await idOf('Consultation') });
  });

  it('cannot be chosen when it is not active', async () => {
    const id = await idOf('Retired');
    expect(await org.api('POST', '/sobjects/Opportunity', { ...deal, RecordTypeId: id })).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'INVALID_CROSS_REFERENCE_KEY',
          message: `Record Type ID: this ID value isn't valid for the user: ${id}`,
          fields: ['RecordTypeId'],
        },
      ],
    });
    expect((await org.api('POST', '/sobjects/Case', { RecordTypeId: id })).body[0].errorCode).toBe('INVALID_FIELD');
  });
});
