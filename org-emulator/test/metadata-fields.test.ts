import { deployByRest, manifest, type Deployed, type Files } from './metadata-support';
import { TestOrg } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start({ deployDir: [] });
});
afterEach(() => org.close());

const TEXT = '<length>20</length><type>Text</type>';
const NUMBER = '<precision>4</precision><scale>0</scale><type>Number</type>';
const FORMULA = '<formula>"x"</formula><type>Text</type>';
const LOOKUP = '<referenceTo>Contact</referenceTo><relationshipName>Tests</relationshipName><type>Lookup</type>';
const PICKLIST =
  '<type>Picklist</type><valueSet><valueSetDefinition><sorted>false</sorted><value><fullName>A</fullName><default>false</default><label>A</label></value></valueSetDefinition></valueSet>';

function fieldFiles(body: string): Files {
  const field = `<fields><fullName>Test__c</fullName><label>Test</label>${body}</fields>`;
  return new Map([
    ['package.xml', manifest({ CustomField: ['Lead.Test__c'], PermissionSet: ['Tester'] })],
    ['objects/Lead.object', `<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">${field}</CustomObject>`],
    [
      'permissionsets/Tester.permissionset',
      '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><fieldPermissions><editable>false</editable><field>Lead.Test__c</field><readable>true</readable></fieldPermissions><label>Tester</label></PermissionSet>',
    ],
  ]);
}

/** Gives the field a value in one row, past what a user may write. */
function fill(value: string): void {
  const { emulator } = org;
  const lead = emulator.org.object('Lead');
  emulator.org.store.transaction(() => {
    const id = emulator.org.store.nextId(lead);
    emulator.org.store.put(lead, id, { Id: id, LastName: 'A', Company: 'B', Test__c: value });
  });
}

const problems = ({ details }: Deployed): unknown[] => details.componentFailures.map(({ problem }) => problem);

it.each([
  ['a text to a formula', TEXT, FORMULA, 'Cannot update a field to a Formula from something else'],
  ['a formula to a text', FORMULA, TEXT, 'Cannot update a field from a Formula to something else'],
  [
    'a text to a lookup',
    TEXT,
    LOOKUP,
    'Cannot update a field to a Lookup, MasterDetail, or Hierarchy from something else',
  ],
  [
    'a lookup to a text',
    LOOKUP,
    TEXT,
    'Cannot update a field from a Lookup, MasterDetail, or Hierarchy to something else',
  ],
  [
    'a text with data to a checkbox',
    TEXT,
    '<defaultValue>false</defaultValue><type>Checkbox</type>',
    'Cannot change type due to existing data',
  ],
  ['a text with data to a date', TEXT, '<type>Date</type>', 'Cannot change type due to existing data'],
])('refuses to turn %s', async (_what, was, is, problem) => {
  expect(problems(await deployByRest(org, fieldFiles(was)))).toEqual([]);
  fill('12');
  expect(problems(await deployByRest(org, fieldFiles(is)))).toEqual([problem]);
  const { body } = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Tester'");
  await org.create('PermissionSetAssignment', {
    PermissionSetId: body.records[0].Id,
    AssigneeId: org.emulator.adminUserId,
  });
  const { fields } = (await org.api('GET', '/sobjects/Lead/describe')).body as { fields: Record<string, unknown>[] };
  expect(fields.find(({ name }) => name === 'Test__c')).toMatchObject({ calculated: was === FORMULA });
});

it.each([
  ['a text without data to a date', TEXT, '<type>Date</type>', null],
  ['a text to a picklist', TEXT, PICKLIST, 'A'],
  ['a number to a text', NUMBER, TEXT, '12'],
  ['a text to a longer one', TEXT, '<length>80</length><type>Text</type>', 'A'],
])('turns %s', async (_what, was, is, value) => {
  await deployByRest(org, fieldFiles(was));
  if (value !== null) fill(value);
  expect(problems(await deployByRest(org, fieldFiles(is)))).toEqual([]);
});

it('takes no field of an object that is not there, and no standard field that does not exist', async () => {
  const onNothing = fieldFiles(TEXT);
  onNothing.set('package.xml', manifest({ CustomField: ['Nope__c.Test__c'] }));
  onNothing.set('objects/Nope__c.object', onNothing.get('objects/Lead.object') ?? '');
  onNothing.delete('objects/Lead.object');
  expect(problems(await deployByRest(org, onNothing))).toEqual([
    'Entity Enumeration Or ID: bad value for restricted picklist field: Nope__c (no such object)',
  ]);
  const standard = fieldFiles(TEXT);
  standard.set('package.xml', manifest({ CustomField: ['Lead.Nope'] }));
  standard.set('objects/Lead.object', (standard.get('objects/Lead.object') ?? '').replace('Test__c', 'Nope'));
  expect(problems(await deployByRest(org, standard))).toEqual(["Could not resolve standard field's name: Nope"]);
});
