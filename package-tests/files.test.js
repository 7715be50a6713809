'use strict';

const { checkFiles } = require('./lib/checks/files');
const { move, replace, testCheck, write } = require('./lib/spoil');

const FIELDS = 'force-app/main/default/objects/Activity/fields';
const BOOKING_ID = `${FIELDS}/Booking_Id__c.field-meta.xml`;
const INTEGRATION = 'force-app/main/default/permissionsets/Booking_Integration.permissionset-meta.xml';
const ADMIN_KIT = 'unpackaged/admin-kit/permissionsets/Booking_API_User_Access.permissionset-meta.xml';

describe('files', () => {
  testCheck(checkFiles, [
    ['an unclosed tag', replace(BOOKING_ID, '</label>', ''), /Booking_Id__c.*not well-formed XML/],
    ['an unclosed tag outside the package', replace(ADMIN_KIT, '</label>', ''), /^unpackaged.*not well-formed XML/],
    ['a bare ampersand', replace(BOOKING_ID, 'Booking ID', 'Booking & ID'), /not well-formed XML/],
    ['an unknown entity', replace(BOOKING_ID, 'Booking ID', 'Booking&nbsp;ID'), /Unknown entity/],
    [
      'text after the root element',
      replace(BOOKING_ID, '</CustomField>', '</CustomField>stray'),
      /not well-formed XML/,
    ],
    ['an empty file', write(BOOKING_ID, ''), /not well-formed XML/],
    ['a misspelt suffix', move(INTEGRATION, INTEGRATION.replace('permissionset-', 'permisionset-')), /no known kind/],
    [
      'a component in the wrong folder',
      move(BOOKING_ID, 'force-app/main/default/Booking_Id__c.field-meta.xml'),
      /no known kind/,
    ],
    ['a stray file', write('force-app/main/default/notes.txt', 'hello'), /no known kind/],
    [
      'a file whose name is not the fullName',
      move(BOOKING_ID, `${FIELDS}/Booking_Key__c.field-meta.xml`),
      /its file says Booking_Key__c/,
    ],
    ['a field without fullName', replace(BOOKING_ID, '<fullName>Booking_Id__c</fullName>', ''), /has no fullName/],
    [
      'the wrong root element',
      write(INTEGRATION, '<Profile xmlns="http://soap.sforce.com/2006/04/metadata" />'),
      /root element Profile/,
    ],
    [
      'a missing namespace',
      replace(BOOKING_ID, ' xmlns="http://soap.sforce.com/2006/04/metadata"', ''),
      /XML namespace undefined/,
    ],
    [
      'an object in the folder of another',
      write(
        'force-app/main/default/objects/Booking_A__c/Booking_B__c.object-meta.xml',
        '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>B</label></CustomObject>',
      ),
      /lies in the folder of Booking_A__c/,
    ],
  ]);
});
