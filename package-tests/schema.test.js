'use strict';

const { checkSchema } = require('./lib/checks/schema');
const { elementsOf, findSchemaFaults, readSchema } = require('./lib/metadata-schema');
const { replace, testCheck } = require('./lib/spoil');

const BOOKING_ID = 'force-app/main/default/objects/Lead/fields/Booking_Customer_Id__c.field-meta.xml';
const STATUS = 'force-app/main/default/objects/Activity/fields/Event_Status__c.field-meta.xml';
const INTEGRATION = 'force-app/main/default/permissionsets/Booking_Integration.permissionset-meta.xml';
const ADMIN_KIT = 'unpackaged/admin-kit/permissionsets/Booking_API_User_Access.permissionset-meta.xml';

describe('metadata schema', () => {
  testCheck(checkSchema, [
    [
      'a misspelt element',
      replace(BOOKING_ID, '<externalId>true</externalId>', '<externalid>true</externalid>'),
      /no element externalid/,
    ],
    [
      'a misspelt element inside another',
      replace(STATUS, '<sorted>false</sorted>', '<sort>false</sort>'),
      /no element sort/,
    ],
    [
      'a missing required element',
      replace(INTEGRATION, '<label>Booking Integration</label>', ''),
      /lacks the required element label/,
    ],
    [
      'a missing required element inside another',
      replace(ADMIN_KIT, '<allowDelete>false</allowDelete>', ''),
      /lacks the required element allowDelete/,
    ],
    [
      'a value that the enum does not have',
      replace(BOOKING_ID, '<type>Text</type>', '<type>Txt</type>'),
      /type is "Txt", expected one of .*Text/,
    ],
    [
      'a boolean that is none',
      replace(BOOKING_ID, '<unique>true</unique>', '<unique>yes</unique>'),
      /unique is "yes", expected a boolean/,
    ],
    [
      'a number that is none',
      replace(BOOKING_ID, '<length>64</length>', '<length>long</length>'),
      /length is "long", expected a number/,
    ],
    ['an empty number', replace(BOOKING_ID, '<length>64</length>', '<length />'), /length is "", expected a number/],
    [
      'an element given twice',
      replace(BOOKING_ID, '<length>64</length>', '<length>64</length><length>80</length>'),
      /length is given 2 times/,
    ],
    ['text between elements', replace(STATUS, '<valueSet>', '<valueSet>stray'), /no element #text/],
    [
      'text instead of elements',
      replace(INTEGRATION, '<fieldPermissions>', '<fieldPermissions>all</fieldPermissions><fieldPermissions>'),
      /holds the text "all"/,
    ],
    [
      'elements instead of text',
      replace(BOOKING_ID, '<length>64</length>', '<length><max>64</max></length>'),
      /length is "<max>", expected a number/,
    ],
  ]);

  it('knows the types of Salesforce with what they extend', () => {
    const schema = readSchema();
    expect(schema.types.size).toBeGreaterThan(1500);
    expect(schema.enums.get('FieldType')).toContain('Picklist');
    expect(elementsOf(schema, 'CustomField').get('fullName')).toEqual({
      type: 'string',
      isRequired: false,
      isRepeatable: false,
    });
    expect(elementsOf(schema, 'PermissionSet').get('label').isRequired).toBe(true);
    expect(elementsOf(schema, 'PermissionSet').get('fieldPermissions').isRepeatable).toBe(true);
  });

  it('refuses declarations that it cannot read instead of checking less', () => {
    expect(() => readSchema('export interface CustomField {}')).toThrow(/unknown shape/);
  });

  it('refuses to check a type that the schema does not have', () => {
    expect(() => findSchemaFaults(readSchema(), 'NoSuchType', {})).toThrow(/no type NoSuchType/);
  });
});
