import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byName, hasPersonAccounts, objectSchemaFromDescribe, requiredOnCreate } from './schema';

const FIXTURES = join(__dirname, '../../test/fixtures/salesforce/describe');
const SHARED = join(__dirname, '../../../../shared/salesforce/describe');

const describeOf = (sobject: string): unknown => JSON.parse(readFileSync(join(FIXTURES, `${sobject}.json`), 'utf8'));

describe('objectSchemaFromDescribe', () => {
  it('reads objects and fields', () => {
    const event = objectSchemaFromDescribe(describeOf('Event'));
    expect(event).toMatchObject({ name: 'Event', keyPrefix: '00U', createable: true, deletable: true, custom: false });
    expect(event.fields['WhoId']).toMatchObject({
      type: 'reference',
      referenceTo: ['Contact', 'Lead'],
      relationshipName: 'Who',
      polymorphic: true,
      nillable: true,
      createable: true,
    });
    expect(event.fields['Subject']).toMatchObject({ type: 'combobox', length: 255, restrictedPicklist: false });
    expect(event.fields['ShowAs']?.picklistValues).toContainEqual(
      expect.objectContaining({ value: 'Busy', active: true, default: true }),
    );
    expect(event.fields['AccountId']).toMatchObject({ createable: false, updateable: false });
  });

  it('finds fields only, whatever name is asked for', () => {
    expect(objectSchemaFromDescribe(describeOf('Event')).fields['constructor']).toBeUndefined();
  });

  it('takes missing keys as no, none or 0', () => {
    expect(objectSchemaFromDescribe({ name: 'Old__c', fields: [{ name: 'A__c' }, null, 'odd'] })).toEqual({
      name: 'Old__c',
      label: 'Old__c',
      keyPrefix: null,
      createable: false,
      updateable: false,
      deletable: false,
      custom: false,
      recordTypes: [],
      fields: {
        A__c: {
          name: 'A__c',
          label: 'A__c',
          type: 'string',
          length: 0,
          precision: 0,
          scale: 0,
          digits: 0,
          nillable: false,
          createable: false,
          updateable: false,
          defaultedOnCreate: false,
          externalId: false,
          unique: false,
          idLookup: false,
          filterable: false,
          calculated: false,
          autoNumber: false,
          custom: false,
          permissionable: false,
          restrictedPicklist: false,
          picklistValues: [],
          controllerName: null,
          compoundFieldName: null,
          referenceTo: [],
          relationshipName: null,
          polymorphic: false,
        },
      },
    });
  });

  it('keeps record types apart by id', () => {
    const info = { name: 'Person Account', developerName: 'PersonAccount', available: true, master: false };
    const { recordTypes } = objectSchemaFromDescribe({
      name: 'Account',
      recordTypeInfos: [
        { ...info, recordTypeId: '012000000000001AAA', active: true, defaultRecordTypeMapping: true },
        { ...info, recordTypeId: '012000000000002AAA', active: false, defaultRecordTypeMapping: false },
      ],
    });
    expect(recordTypes.map(({ id, active, default: isDefault }) => [id, active, isDefault])).toEqual([
      ['012000000000001AAA', true, true],
      ['012000000000002AAA', false, false],
    ]);
  });

  it.each([null, 'Event', [], {}, { name: '' }])('refuses %j', (describe) => {
    expect(() => objectSchemaFromDescribe(describe)).toThrow(TypeError);
  });
});

describe('requiredOnCreate', () => {
  it.each([
    ['Event', []],
    ['Lead', ['Company', 'LastName']],
  ])('finds what describe says of %s', (sobject, names) => {
    const required = requiredOnCreate(objectSchemaFromDescribe(describeOf(sobject)));
    expect(required.map(({ name }) => name).sort()).toEqual(names);
  });
});

describe('hasPersonAccounts', () => {
  it.each([
    [true, [objectSchemaFromDescribe({ name: 'Account', fields: [{ name: 'IsPersonAccount' }] })]],
    [false, [objectSchemaFromDescribe({ name: 'Account', fields: [{ name: 'Name' }] })]],
    [false, []],
  ])('is %s', (expected, objects) => {
    expect(hasPersonAccounts({ objects: byName(objects), stamp: null, readAt: '2026-11-20T00:00:00.000Z' })).toBe(
      expected,
    );
  });
});

/** Whole describes, where they lie beside the project; the fixtures above are cut from them. */
const whole = existsSync(SHARED)
  ? readdirSync(SHARED).filter((file) =>
      /^(?:Account|Campaign|Case|Contact|Custom__c|Event|Lead|Opportunity\w*)\.json$/.test(file),
    )
  : [];

describe(`whole describes (${whole.length})`, () => {
  it('reads each of them', () => {
    for (const file of whole) {
      const body = JSON.parse(readFileSync(join(SHARED, file), 'utf8')) as { fields: { name: string }[] };
      expect(Object.keys(objectSchemaFromDescribe(body).fields)).toEqual(body.fields.map(({ name }) => name));
    }
  });
});
