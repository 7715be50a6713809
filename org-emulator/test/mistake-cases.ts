/** Files of the fixture with every type that a mistake is planted in. */
const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const SET = 'permissionsets/Club_Member.permissionset';
const OBJECT = 'objects/Membership__c.object';
const CONTACT = 'objects/Contact.object';
const LAYOUT = 'layouts/Contact-Club Layout.layout';
const PAGE = 'flexipages/Contact_Page.flexipage';
const CARD = 'lwc/clubCard/clubCard.js';
const CARD_HTML = 'lwc/clubCard/clubCard.html';
const REPORT = 'reports/Club_Reports/By_Level.report';
const DASHBOARD = 'dashboards/Club_Dashboards/Levels.dashboard';
const RECORD = 'customMetadata/Club_Setting.Main.md';

/** One thing spoilt in one file, and what must be said of it. */
export type Mistake = [
  what: string,
  file: string,
  find: string | RegExp,
  replace: string,
  expected: { type: string; fullName: string; problem: string | RegExp; fileName?: string; marker?: string },
];

const set = (problem: string | RegExp, marker?: string) => ({
  type: 'PermissionSet',
  fullName: 'Club_Member',
  problem,
  ...(marker ? { marker } : {}),
});
const field = (name: string, problem: string | RegExp) => ({ type: 'CustomField', fullName: name, problem });
const card = (problem: string | RegExp) => ({
  type: 'LightningComponentBundle',
  fullName: 'clubCard',
  fileName: 'lwc/clubCard',
  problem,
});

/** Every kind of mistake that a deployment is refused for. */
export const MISTAKES: Mistake[] = [
  // By the metadata types.
  ['malformed XML', SET, '</label>', '', set(/^Error parsing file: .*(?:label|tag)/)],
  ['an unknown entity', SET, 'Sees and', 'Sees &both; and', set(/^Error parsing file: .*entity/i)],
  [
    'another root',
    SET,
    /PermissionSet/g,
    'PermisionSet',
    set(/^Error parsing file: Element \{.*\}PermisionSet invalid/),
  ],
  ['another namespace', SET, NAMESPACE, 'urn:other', set(/is not of the namespace/)],
  [
    'an unknown element',
    SET,
    '<label>',
    '<labell>x</labell><label>',
    set(`Error parsing file: Element {${NAMESPACE}}labell invalid at this location in type PermissionSet`, '<labell>'),
  ],
  [
    'an unknown element inside',
    SET,
    '<readable>',
    '<readble>true</readble><readable>',
    set(
      `Error parsing file: Element {${NAMESPACE}}readble invalid at this location in type PermissionSetFieldPermissions`,
      '<readble>',
    ),
  ],
  ['an element twice', SET, '<label>', '<label>x</label><label>', set(/Element label is duplicated/)],
  ['a missing required element', SET, /<label>.*<\/label>/, '', set('Required field is missing: label')],
  [
    'a missing required element inside',
    SET,
    /<editable>false<\/editable>/,
    '',
    set('Required field is missing: editable'),
  ],
  [
    'a wrong boolean',
    SET,
    '<editable>false</editable>',
    '<editable>no</editable>',
    set("Error parsing file: 'no' is not a valid value for the type xsd:boolean", '<editable>no'),
  ],
  [
    'a wrong enum',
    SET,
    '<visibility>Visible',
    '<visibility>Seen',
    set(
      "Error parsing file: 'Seen' is not a valid value for the enum 'PermissionSetTabVisibility'",
      '<visibility>Seen',
    ),
  ],
  [
    'a wrong number',
    OBJECT,
    '<length>20',
    '<length>many',
    field('Membership__c.Number__c', /'many' is not a valid value for a number/),
  ],
  [
    'a wrong field type',
    OBJECT,
    '<type>Picklist',
    '<type>Pickliste',
    field('Membership__c.Level__c', "Error parsing file: 'Pickliste' is not a valid value for the enum 'FieldType'"),
  ],
  [
    'elements where a text belongs',
    SET,
    '<label>Club Member',
    '<label><b>Club</b>',
    set(/b invalid at this location in type label/),
  ],
  // By the org.
  [
    'no length',
    OBJECT,
    '<length>20</length>',
    '',
    field('Membership__c.Number__c', 'Must specify a length for a field of type Text'),
  ],
  ['no type', OBJECT, '<type>Picklist</type>', '', field('Membership__c.Level__c', 'Required field is missing: type')],
  [
    'an object without plural',
    OBJECT,
    /<pluralLabel>.*?<\/pluralLabel>/,
    '',
    { type: 'CustomObject', fullName: 'Membership__c', problem: 'Required field is missing: pluralLabel' },
  ],
  [
    'a lookup to nothing',
    OBJECT,
    '<referenceTo>Contact',
    '<referenceTo>Nope__c',
    field('Membership__c.Member__c', 'In field: referenceTo - no CustomObject named Nope__c found'),
  ],
  [
    'a formula with an absent field',
    OBJECT,
    'Member__r.LastName',
    'Member__r.LastNam',
    field('Membership__c.Greeting__c', 'Field Member__r.LastNam does not exist. Check spelling.'),
  ],
  [
    'a formula with an unknown function',
    OBJECT,
    'IF(ISBLANK(Member__c)',
    'IIF(ISBLANK(Member__c)',
    field('Membership__c.Greeting__c', 'Unknown function IIF. Check spelling.'),
  ],
  [
    'a formula that cannot be read',
    OBJECT,
    'IF(ISBLANK(Member__c)',
    'IF((ISBLANK(Member__c)',
    field('Membership__c.Greeting__c', /Syntax error/),
  ],
  [
    'a formula with an absent metadata record',
    CONTACT,
    /Club_Setting__mdt\.Main\.Page__c/g,
    'Club_Setting__mdt.Min.Page__c',
    field(
      'Contact.Club_Page__c',
      'Field $CustomMetadata.Club_Setting__mdt.Min.Page__c does not exist. Check spelling.',
    ),
  ],
  [
    'a formula with an absent label',
    CONTACT,
    '$Label.Join_club',
    '$Label.Join_clubs',
    field('Contact.Club_Page__c', 'Field $Label.Join_clubs does not exist. Check spelling.'),
  ],
  [
    'a validation rule on an absent field',
    OBJECT,
    'LEN(Number__c)',
    'LEN(Numbr__c)',
    {
      type: 'ValidationRule',
      fullName: 'Membership__c.Number_is_long',
      problem: 'Field Numbr__c does not exist. Check spelling.',
    },
  ],
  [
    'a right to an absent field',
    SET,
    '<field>Membership__c.Level__c',
    '<field>Membership__c.Levl__c',
    set('In field: field - no CustomField named Membership__c.Levl__c found', '<field>Membership__c.Levl__c'),
  ],
  [
    'a right to an absent standard field',
    SET,
    '<field>Membership__c.Level__c',
    '<field>Contact.Emial',
    set('In field: field - no CustomField named Contact.Emial found'),
  ],
  [
    'a right to a universally required field',
    SET,
    '<field>Membership__c.Level__c',
    '<field>Membership__c.Number__c',
    set('You cannot deploy to a required field: Membership__c.Number__c'),
  ],
  [
    'a right to a required standard field',
    SET,
    '<field>Membership__c.Level__c',
    '<field>Contact.LastName',
    set('You cannot deploy to a required field: Contact.LastName'),
  ],
  [
    'a right to a field of Activity',
    SET,
    '<field>Membership__c.Level__c',
    '<field>Activity.Subject',
    set('In field: field - no CustomField named Activity.Subject found'),
  ],
  [
    'a right to edit what cannot be read',
    SET,
    /<editable>true<\/editable>(\s*<field>Membership__c.Level__c<\/field>\s*)<readable>true/,
    '<editable>true</editable>$1<readable>false',
    set('Permission Edit Membership__c.Level__c depends on permission(s): Read Membership__c.Level__c'),
  ],
  [
    'a right to an absent object',
    SET,
    '<object>Membership__c',
    '<object>Nope__c',
    set('In field: object - no CustomObject named Nope__c found'),
  ],
  [
    'a right that needs another',
    SET,
    '<allowRead>true',
    '<allowRead>false',
    set(/^Permission Create Membership__c depends on permission\(s\): Read Membership__c$/),
  ],
  [
    'a right to an absent class',
    SET,
    '<customPermissions>',
    '<classAccesses><apexClass>Nope</apexClass><enabled>true</enabled></classAccesses><customPermissions>',
    set('In field: apexClass - no ApexClass named Nope found'),
  ],
  [
    'an unknown user permission',
    SET,
    '<name>ApiEnabled',
    '<name>ApiEnabledd',
    set('Unknown user permission: ApiEnabledd'),
  ],
  [
    'an absent custom permission',
    SET,
    '<name>See_Club',
    '<name>See_Clubs',
    set('In field: name - no CustomPermission named See_Clubs found'),
  ],
  [
    'an absent tab',
    SET,
    '<tab>Membership__c',
    '<tab>Membershp__c',
    set('In field: tab - no CustomTab named Membershp__c found'),
  ],
  [
    'an absent app',
    SET,
    '<application>Club',
    '<application>Klub',
    set('In field: application - no CustomApplication named Klub found'),
  ],
  [
    'an absent record type',
    SET,
    '<recordType>Membership__c.Family',
    '<recordType>Membership__c.Single',
    set('In field: recordType - no RecordType named Membership__c.Single found'),
  ],
  [
    'a metadata record of an absent field',
    RECORD,
    '<field>Page__c',
    '<field>Pge__c',
    {
      type: 'CustomMetadata',
      fullName: 'Club_Setting.Main',
      problem: 'In field: field - no CustomField named Club_Setting__mdt.Pge__c found',
    },
  ],
  [
    'a metadata record with words for a number',
    RECORD,
    '12.0',
    'twelve',
    { type: 'CustomMetadata', fullName: 'Club_Setting.Main', problem: 'Invalid value for field Seats__c: twelve' },
  ],
  [
    'an absent field on a layout',
    LAYOUT,
    '<field>Club_Page__c',
    '<field>Club_Pge__c',
    {
      type: 'Layout',
      fullName: 'Contact-Club Layout',
      problem: 'In field: field - no CustomField named Contact.Club_Pge__c found',
    },
  ],
  [
    'an absent button on a layout',
    LAYOUT,
    '<customButtons>Join_Club',
    '<customButtons>Leave_Club',
    {
      type: 'Layout',
      fullName: 'Contact-Club Layout',
      problem: 'In field: customButtons - no WebLink named Contact.Leave_Club found',
    },
  ],
  [
    'an absent action on a layout',
    LAYOUT,
    'Contact.Join_Club_Action',
    'Contact.Leave_Club_Action',
    {
      type: 'Layout',
      fullName: 'Contact-Club Layout',
      problem: 'In field: actionName - no QuickAction named Contact.Leave_Club_Action found',
    },
  ],
  [
    'an absent field in a compact layout',
    OBJECT,
    '<fields>Level__c',
    '<fields>Levl__c',
    {
      type: 'CompactLayout',
      fullName: 'Membership__c.Short',
      problem: 'In field: fields - no CustomField named Membership__c.Levl__c found',
    },
  ],
  [
    'an absent component on a page',
    PAGE,
    '<componentName>clubCard',
    '<componentName>clubCrd',
    {
      type: 'FlexiPage',
      fullName: 'Contact_Page',
      problem: "We couldn't retrieve the design time component information for component c:clubCrd.",
    },
  ],
  [
    'an absent field on a page',
    PAGE,
    'Record.Club_Page__c',
    'Record.Club_Pge__c',
    {
      type: 'FlexiPage',
      fullName: 'Contact_Page',
      problem: 'In field: fieldItem - no CustomField named Contact.Club_Pge__c found',
    },
  ],
  [
    'a page of an absent object',
    PAGE,
    '<sobjectType>Contact',
    '<sobjectType>Kontact',
    {
      type: 'FlexiPage',
      fullName: 'Contact_Page',
      problem: 'In field: sobjectType - no CustomObject named Kontact found',
    },
  ],
  [
    'an action with an absent component',
    'quickActions/Contact.Join_Club_Action.quickAction',
    '<lightningWebComponent>clubCard',
    '<lightningWebComponent>clubCrd',
    {
      type: 'QuickAction',
      fullName: 'Contact.Join_Club_Action',
      problem: 'In field: lightningWebComponent - no LightningComponentBundle named clubCrd found',
    },
  ],
  [
    'an action with a component that is none',
    'lwc/clubCard/clubCard.js-meta.xml',
    '<target>lightning__RecordAction</target>',
    '',
    {
      type: 'QuickAction',
      fullName: 'Contact.Join_Club_Action',
      fileName: 'quickActions/Contact.Join_Club_Action.quickAction',
      problem: 'The component c:clubCard is not available for quick actions: lightning__RecordAction',
    },
  ],
  [
    'an action of another kind than its component',
    'quickActions/Contact.Join_Club_Action.quickAction',
    '<actionSubtype>ScreenAction',
    '<actionSubtype>Action',
    {
      type: 'QuickAction',
      fullName: 'Contact.Join_Club_Action',
      problem: 'The actionSubtype Action does not match the actionType ScreenAction of c:clubCard',
    },
  ],
  [
    'a component on a page that it is not made for',
    PAGE,
    '<type>RecordPage',
    '<type>AppPage',
    {
      type: 'FlexiPage',
      fullName: 'Contact_Page',
      problem: 'The component c:clubCard is not available for a page of this type: lightning__AppPage',
    },
  ],
  [
    'a tab with a page of a record',
    'tabs/Membership__c.tab',
    '<customObject>true</customObject>',
    '<flexiPage>Contact_Page</flexiPage>',
    {
      type: 'CustomTab',
      fullName: 'Membership__c',
      problem: 'The page Contact_Page is a RecordPage: a tab shows an AppPage',
    },
  ],
  [
    'a tab with an absent page',
    'tabs/Membership__c.tab',
    '<customObject>true</customObject>',
    '<flexiPage>Club_Page</flexiPage>',
    {
      type: 'CustomTab',
      fullName: 'Membership__c',
      problem: 'In field: flexiPage - no FlexiPage named Club_Page found',
    },
  ],
  [
    'a component that imports an absent field',
    CARD,
    'schema/Membership__c.Level__c',
    'schema/Membership__c.Levl__c',
    card('Invalid reference Membership__c.Levl__c of type sobjectField in file clubCard.js: Source'),
  ],
  [
    'a component that imports an absent label',
    CARD,
    'label/c.Join_club',
    'label/c.Join_clubs',
    card('Invalid reference c.Join_clubs of type label in file clubCard.js: Source'),
  ],
  [
    'a component that imports an absent component',
    CARD,
    'c/clubText',
    'c/clubTxt',
    card('No MODULE named markup://c:clubTxt found in file clubCard.js'),
  ],
  [
    'a component that imports a class',
    CARD,
    'import { nameOf }',
    "import go from '@salesforce/apex/Nope.go';\nimport { nameOf }",
    card('Invalid reference Nope.go of type apex in file clubCard.js: Source'),
  ],
  [
    'a template with an absent component',
    CARD_HTML,
    '<c-club-text text',
    '<c-club-txt text',
    card('No MODULE named markup://c:clubTxt found in file clubCard.html'),
  ],
  [
    'a button with an absent field',
    CONTACT,
    '{!Contact.Club_Page__c}',
    '{!Contact.Club_Pge__c}',
    {
      type: 'WebLink',
      fullName: 'Contact.Join_Club',
      problem: 'Field Contact.Club_Pge__c does not exist. Check spelling.',
    },
  ],
  [
    'a button with an absent resource',
    CONTACT,
    '$Resource.Rules',
    '$Resource.Ruls',
    { type: 'WebLink', fullName: 'Contact.Join_Club', problem: 'Field $Resource.Ruls does not exist. Check spelling.' },
  ],
  [
    'a translated label that is absent',
    'translations/de.translation',
    '<name>Join_club',
    '<name>Join_clubs',
    { type: 'Translations', fullName: 'de', problem: 'In field: name - no CustomLabel named Join_clubs found' },
  ],
  [
    'a translated field that is absent',
    'objectTranslations/Membership__c-de.objectTranslation',
    '<name>Level__c',
    '<name>Levl__c',
    {
      type: 'CustomObjectTranslation',
      fullName: 'Membership__c-de',
      problem: 'In field: name - no CustomField named Membership__c.Levl__c found',
    },
  ],
  [
    'an absent tab in an app',
    'applications/Club.app',
    '<tabs>Membership__c',
    '<tabs>Membershp__c',
    { type: 'CustomApplication', fullName: 'Club', problem: 'In field: tabs - no CustomTab named Membershp__c found' },
  ],
  [
    'a report type with an absent field',
    'reportTypes/Memberships.reportType',
    '<field>Level__c',
    '<field>Levl__c',
    {
      type: 'ReportType',
      fullName: 'Memberships',
      problem: 'In field: field - no CustomField named Membership__c.Levl__c found',
    },
  ],
  [
    'a report of an absent type',
    REPORT,
    'Memberships__c',
    'Membershps__c',
    {
      type: 'Report',
      fullName: 'Club_Reports/By_Level',
      problem: 'In field: reportType - no ReportType named Membershps__c found',
    },
  ],
  [
    'a report with an absent column',
    REPORT,
    'Membership__c$Level__c',
    'Membership__c$Levl__c',
    { type: 'Report', fullName: 'Club_Reports/By_Level', problem: 'Invalid value specified: Membership__c$Levl__c' },
  ],
  [
    'a dashboard with an absent report',
    DASHBOARD,
    'Club_Reports/By_Level',
    'Club_Reports/By_Lvl',
    {
      type: 'Dashboard',
      fullName: 'Club_Dashboards/Levels',
      problem: 'In field: report - no Report named Club_Reports/By_Lvl found',
    },
  ],
];
