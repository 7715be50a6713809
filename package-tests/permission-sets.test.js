'use strict';

const {
  checkActivityPairs,
  checkFieldReferences,
  checkIntegrationIsComplete,
  checkLeastRights,
  checkNothingHidden,
  checkPackageable,
  checkVisibilities,
} = require('./lib/checks/permission-sets');
const { remove, replace, testCheck, write } = require('./lib/spoil');

const INTEGRATION = 'force-app/main/default/permissionsets/Booking_Integration.permissionset-meta.xml';
const ACCESS = 'unpackaged/admin-kit/permissionsets/Booking_API_User_Access.permissionset-meta.xml';
const VIEW_ALL = 'unpackaged/admin-kit/permissionsets/Booking_API_User_View_All.permissionset-meta.xml';
const SOURCE = 'force-app/main/default/objects/Activity/fields/Booking_Source__c.field-meta.xml';

const fieldRow = (field) =>
  `<fieldPermissions><editable>true</editable><field>${field}</field><readable>true</readable></fieldPermissions>`;
const addRow = (file, row) => replace(file, '<hasActivationRequired>', `${row}<hasActivationRequired>`);
const objectRow = (object, right) =>
  new RegExp(`<${right}>(?:true|false)</${right}>(?=(?:(?!</objectPermissions>)[^])*<object>${object}<)`);

describe('fields that permission sets list', () => {
  testCheck(checkFieldReferences, [
    [
      'a field that does not exist',
      addRow(INTEGRATION, fieldRow('Lead.Booking_Customer__c')),
      /lists Lead.Booking_Customer__c, which is no field of the package/,
    ],
    [
      'an object that does not have the field',
      addRow(INTEGRATION, fieldRow('Lead.Booking_Id__c')),
      /lists Lead.Booking_Id__c, which is no field/,
    ],
    [
      'a calculated field that could be edited',
      replace(
        'force-app/main/default/permissionsets/Booking_Rep.permissionset-meta.xml',
        /<editable>false<\/editable>(?=\s*<field>Lead.Booking_Link__c)/,
        '<editable>true</editable>',
      ),
      /lets Lead.Booking_Link__c be edited, which is calculated/,
    ],
    [
      'the prefix of Activity',
      addRow(INTEGRATION, fieldRow('Activity.Booking_Id__c')),
      /list Event.Booking_Id__c and Task.Booking_Id__c/,
    ],
    [
      'a standard field in the package',
      addRow(INTEGRATION, fieldRow('Lead.Email')),
      /lists Lead.Email, which is no field of the package/,
    ],
    [
      'a required field',
      replace(SOURCE, '<required>false', '<required>true'),
      /lists Event.Booking_Source__c, which is required/,
    ],
    [
      'a field listed twice',
      addRow(INTEGRATION, fieldRow('Lead.Booking_Customer_Id__c')),
      /lists Lead.Booking_Customer_Id__c twice/,
    ],
    ['a removed field', remove(SOURCE), /lists Task.Booking_Source__c, which is no field/],
    [
      'a field that may be edited but not read',
      replace(INTEGRATION, '<readable>true', '<readable>false'),
      /be edited but not read/,
    ],
    ['a field without object', addRow(ACCESS, fieldRow('Email')), /lists Email, which is not in STANDARD_FIELDS/],
    [
      'an unknown standard field outside the package',
      addRow(ACCESS, fieldRow('Lead.Mail')),
      /lists Lead.Mail, which is not in STANDARD_FIELDS/,
    ],
    [
      'a required standard field outside the package',
      addRow(ACCESS, fieldRow('Lead.Company')),
      /lists Lead.Company, which is not in STANDARD_FIELDS/,
    ],
    [
      'a field of the package outside of it',
      addRow(ACCESS, fieldRow('Lead.Booking_Customer_Id__c')),
      /belong into Booking_Integration/,
    ],
  ]);
});

describe('fields on Event and Task', () => {
  testCheck(checkActivityPairs, [
    [
      'a Task row that is missing',
      replace(INTEGRATION, 'Task.Booking_Id__c', 'Lead.Booking_Id__c'),
      /does not list Task.Booking_Id__c/,
    ],
    [
      'an Event row that is missing',
      replace(INTEGRATION, 'Event.Campaign__c', 'Lead.Campaign__c'),
      /does not list Event.Campaign__c/,
    ],
    ['a standard field without its twin', replace(ACCESS, 'Task.WhoId', 'Lead.WhoId'), /does not list Task.WhoId/],
  ]);
});

describe('Booking Integration', () => {
  testCheck(checkIntegrationIsComplete, [
    ['a missing permission set', remove(INTEGRATION), /Booking_Integration: is missing/],
    [
      'a field that is only readable',
      replace(INTEGRATION, '<editable>true', '<editable>false'),
      /does not let \S+ be read and edited/,
    ],
    [
      'a field missing on one object',
      replace(INTEGRATION, 'Case.Booking_Id__c', 'Case.Other__c'),
      /does not let Case.Booking_Id__c be/,
    ],
    [
      'a field of Activity missing on Task',
      replace(INTEGRATION, 'Task.Event_Status__c', 'Task.Other__c'),
      /does not let Task.Event_Status__c be/,
    ],
    [
      'a new field that nobody may use',
      write(
        'force-app/main/default/objects/Lead/fields/Extra__c.field-meta.xml',
        '<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>Extra__c</fullName></CustomField>',
      ),
      /does not let Lead.Extra__c be/,
    ],
  ]);
});

describe('what a packaged permission set can carry', () => {
  testCheck(checkPackageable, [
    [
      'a user permission',
      addRow(INTEGRATION, '<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>'),
      /has userPermissions/,
    ],
    [
      'rights on a standard object',
      addRow(INTEGRATION, '<objectPermissions><object>Lead</object></objectPermissions>'),
      /has objectPermissions/,
    ],
    ['a licence', addRow(INTEGRATION, '<license>Salesforce</license>'), /has license/],
    [
      'access to a class',
      addRow(INTEGRATION, '<classAccesses><apexClass>A</apexClass><enabled>true</enabled></classAccesses>'),
      /has classAccesses/,
    ],
  ]);
});

describe('the app and its tab', () => {
  const ADMIN = 'force-app/main/default/permissionsets/Booking_Admin.permissionset-meta.xml';
  const REP = 'force-app/main/default/permissionsets/Booking_Rep.permissionset-meta.xml';
  const APP = 'force-app/main/default/applications/Booking_Connector.app-meta.xml';
  const TAB = 'force-app/main/default/tabs/Booking_Setup.tab-meta.xml';
  testCheck(checkVisibilities, [
    ['an app that is gone', remove(APP), /Booking_Rep.*shows the app Booking_Connector, which is not/],
    ['a tab that is gone', remove(TAB), /Booking_Admin.*shows the tab Booking_Setup, which is not/],
    [
      'an app by its label',
      replace(REP, '<application>Booking_Connector', '<application>Bookings'),
      /the app Bookings/,
    ],
  ]);
  testCheck(checkNothingHidden, [
    ['a tab that nobody sees', replace(ADMIN, '<tab>Booking_Setup', '<tab>Other'), /Booking_Setup.*nobody sees it/],
  ]);
});

describe('rights outside the package', () => {
  const grant = (name) =>
    addRow(ACCESS, `<userPermissions><enabled>true</enabled><name>${name}</name></userPermissions>`);

  testCheck(checkLeastRights, [
    ['Modify All Data', grant('ModifyAllData'), /grants the user permission ModifyAllData/],
    ['View All Data', grant('ViewAllData'), /grants the user permission ViewAllData/],
    [
      'the right to delete',
      replace(ACCESS, objectRow('Lead', 'allowDelete'), '<allowDelete>true</allowDelete>'),
      /grants allowDelete on Lead/,
    ],
    [
      'the right to modify every record',
      replace(ACCESS, objectRow('Contact', 'modifyAllRecords'), '<modifyAllRecords>true</modifyAllRecords>'),
      /grants modifyAllRecords on Contact/,
    ],
    ['an unknown object', replace(ACCESS, '<object>Lead<', '<object>Leads<'), /grants rights on Leads/],
    ['rights on Event as on an object', replace(ACCESS, '<object>Lead<', '<object>Event<'), /grants rights on Event/],
    [
      'editing without reading',
      replace(ACCESS, objectRow('Lead', 'allowRead'), '<allowRead>false</allowRead>'),
      /allowEdit on Lead without allowRead/,
    ],
    [
      'Contacts without Accounts',
      replace(VIEW_ALL, objectRow('Account', 'allowRead'), '<allowRead>false</allowRead>'),
      /grants Contact without reading Account/,
    ],
    ['a licence', addRow(ACCESS, '<license>Salesforce</license>'), /is bound to a licence/],
  ]);
});
