'use strict';

const {
  checkApps,
  checkButtons,
  checkCompactLayouts,
  checkDashboards,
  checkEmails,
  checkFormulas,
  checkLayouts,
  checkPages,
  checkQuickActions,
  checkReports,
  checkReportTypes,
  checkSettings,
  checkTabs,
} = require('./lib/checks/references');
const { move, remove, replace, testCheck } = require('./lib/spoil');

const SOURCE = 'force-app/main/default';
const LINK = `${SOURCE}/objects/Lead/fields/Booking_Link__c.field-meta.xml`;
const CUSTOMER_LINK = `${SOURCE}/objects/Lead/fields/Customer_Link__c.field-meta.xml`;
const BUTTON = `${SOURCE}/objects/Lead/webLinks/Book_Customer.webLink-meta.xml`;
const RECORD = `${SOURCE}/customMetadata/Booking_Setting.Default.md-meta.xml`;
const REPORT_TYPE = `${SOURCE}/reportTypes/Bookings.reportType-meta.xml`;
const REPORT = `${SOURCE}/reports/Booking_Connector/Bookings_by_Status.report-meta.xml`;
const DASHBOARD = `${SOURCE}/dashboards/Booking_Connector/Bookings.dashboard-meta.xml`;

describe('formulas', () => {
  testCheck(checkFormulas, [
    [
      'a setting that is no field',
      replace(LINK, 'Default.Booking_URL__c', 'Default.Book_URL__c'),
      /uses .*Book_URL__c/,
    ],
    [
      'a type that is not there',
      replace(LINK, '$CustomMetadata.Booking_Setting__mdt', '$CustomMetadata.Setting__mdt'),
      /uses the record Setting__mdt.Default, which is not in the package/,
    ],
    ['a record that is gone', remove(RECORD), /uses the record Booking_Setting__mdt.Default/],
    [
      'a field that the object does not have',
      replace(CUSTOMER_LINK, 'ISBLANK(Booking_Customer_Id__c)', 'ISBLANK(Booking_Id__c)'),
      /uses Lead.Booking_Id__c, which is no field/,
    ],
  ]);
});

describe('buttons', () => {
  testCheck(checkButtons, [
    ['a field that is gone', remove(LINK), /uses Lead.Booking_Link__c, which is no field/],
    [
      'a field of another object',
      replace(BUTTON, 'ISBLANK(Lead.Booking_Link__c)', 'ISBLANK(Case.Booking_Link__c)'),
      /uses Case.Booking_Link__c, but belongs to Lead/,
    ],
    [
      'a static resource that is gone',
      remove(`${SOURCE}/staticresources/Booking_Link_Missing.resource-meta.xml`),
      /uses the static resource Booking_Link_Missing/,
    ],
    [
      'a broken link while nothing is set up',
      replace(BUTTON, /\{!IF.*\}/, '{!Lead.Booking_Link__c}'),
      /does not say where it leads/,
    ],
    ['a window without size', replace(BUTTON, '<width>1100</width>', ''), /without height and width/],
  ]);
});

describe('settings', () => {
  testCheck(checkSettings, [
    [
      'a field that the type does not have',
      replace(RECORD, 'Record_Id_Parameter__c', 'Parameter__c'),
      /sets Parameter__c/,
    ],
    [
      'a field that is set twice',
      replace(RECORD, '<values>', '<values><field>Record_Id_Parameter__c</field></values><values>'),
      /sets Record_Id_Parameter__c twice/,
    ],
  ]);
});

describe('reports', () => {
  testCheck(checkReportTypes, [
    ['a field that is not there', replace(REPORT_TYPE, 'Meeting_Type__c', 'Meeting__c'), /shows Activity.Meeting__c/],
  ]);
  testCheck(checkReports, [
    ['another report type', replace(REPORT, 'Bookings__c', 'Meetings__c'), /report type Meetings, which is not/],
    [
      'a column that the type does not have',
      replace(REPORT, '<field>Activity$Owner</field>', '<field>Activity$Priority</field>'),
      /uses Activity\$Priority/,
    ],
    [
      'a filter on a column that the type does not have',
      replace(REPORT, '<column>Activity$Booking_Id__c', '<column>Activity$Booking_Key__c'),
      /uses Activity\$Booking_Key__c/,
    ],
    ['a report outside its folder', move(REPORT, REPORT.replace('Booking_Connector', 'Others')), /folder Others/],
  ]);
  testCheck(checkDashboards, [
    ['a report that is gone', remove(REPORT), /shows the report Booking_Connector\/Bookings_by_Status/],
    [
      'a grouping that the report does not have',
      replace(DASHBOARD, 'Activity$Event_Status__c', 'Activity$Owner'),
      /groups .* by Activity\$Owner/,
    ],
    [
      'a folder that is gone',
      remove(`${SOURCE}/dashboards/Booking_Connector.dashboardFolder-meta.xml`),
      /folder Booking/,
    ],
  ]);
});

describe('quick actions', () => {
  const ACTION = `${SOURCE}/quickActions/Lead.Book_Customer_Action.quickAction-meta.xml`;
  const META = `${SOURCE}/lwc/bookCustomerAction/bookCustomerAction.js-meta.xml`;
  testCheck(checkQuickActions, [
    ['a component that is gone', remove(META), /uses the component bookCustomerAction, which is not/],
    [
      'another component',
      replace(ACTION, 'bookCustomerAction', 'bookingActions'),
      /uses the component bookingActions, which has no target lightning__RecordAction/,
    ],
    [
      'a component that administrators do not see',
      replace(META, '<isExposed>true', '<isExposed>false'),
      /uses the component bookCustomerAction, which has no target/,
    ],
    [
      'an action with a panel, of a component without',
      replace(ACTION, '<actionSubtype>Action', '<actionSubtype>ScreenAction'),
      /is of the subtype ScreenAction, but bookCustomerAction is made as Action/,
    ],
  ]);
});

describe('the app', () => {
  const PAGE = `${SOURCE}/flexipages/Booking_Setup.flexipage-meta.xml`;
  const TAB = `${SOURCE}/tabs/Booking_Setup.tab-meta.xml`;
  testCheck(checkPages, [
    [
      'a component that is not there',
      replace(PAGE, '<componentName>connectorHome', '<componentName>connectorHouse'),
      /uses the component connectorHouse, which is not/,
    ],
    [
      'a component for records',
      replace(PAGE, '<componentName>connectorHome', '<componentName>bookingList'),
      /uses the component bookingList, which has no target lightning__AppPage/,
    ],
    ['a page of another type', replace(PAGE, '<type>AppPage', '<type>UtilityBar'), /is of the type UtilityBar/],
  ]);
  testCheck(checkTabs, [
    ['a page that is gone', remove(PAGE), /opens the page Booking_Setup, which is not/],
    ['a page of a record', replace(PAGE, '<type>AppPage', '<type>RecordPage'), /which is a RecordPage/],
  ]);
  testCheck(checkApps, [['a tab that is gone', remove(TAB), /has the tab Booking_Setup, which is not/]]);
});

describe('what lies in the admin kit', () => {
  const KIT = 'unpackaged/admin-kit';
  testCheck(checkLayouts, [
    [
      'a field that is not there',
      replace(`${KIT}/layouts/Event-Booking Event.layout-meta.xml`, 'Event_Status__c', 'Status__c'),
      /shows Activity.Status__c/,
    ],
  ]);
  testCheck(checkCompactLayouts, [
    [
      'a field that is not there',
      replace(`${KIT}/objects/Event/compactLayouts/Booking.compactLayout-meta.xml`, 'Event_Status__c', 'Status__c'),
      /shows Activity.Status__c/,
    ],
  ]);
  testCheck(checkEmails, [
    [
      'a link of another object',
      replace(
        `${KIT}/email/Booking_Connector/Invite_Lead_to_Book.email`,
        'Lead.Booking_Link__c',
        'User.Booking_Link__c',
      ),
      /merges User.Booking_Link__c/,
    ],
  ]);
});
