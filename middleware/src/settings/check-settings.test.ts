import { field, objectSchema, orgView, picklist } from '../../test/support/schema';
import type { OrgView } from '../salesforce/org-view';
import { byName, type FieldSchema, type ObjectSchema, type RecordTypeSchema } from '../salesforce/schema';
import { checkSettings } from './check-settings';
import type { NameDirectory } from './directory';
import type { SettingsProblem } from './problem';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from './settings';

interface Loose {
  rules: Record<string, unknown>;
  mappings: Record<string, object[]>;
  required: object;
  pages: object;
}

/** The default document, changed in one place. */
function settingsWith(change: (document: Loose) => void): Settings {
  const document = structuredClone(DEFAULT_SETTINGS) as unknown as Loose;
  change(document);
  return parseSettings(document);
}

const recordType = (developerName: string, more: Partial<RecordTypeSchema> = {}): RecordTypeSchema => ({
  id: '012000000000001AAA',
  developerName,
  name: developerName,
  active: true,
  available: true,
  default: false,
  master: false,
  ...more,
});

const READ_ONLY = { createable: false, updateable: false };
const LEAD_FIELDS: FieldSchema[] = [
  field('Title', { length: 20 }),
  picklist('Rating', ['Hot', 'Cold'], { inactive: ['Warm'] }),
  picklist('Source__c', ['Web'], { restricted: false }),
  field('Score__c', { type: 'double', length: 0, precision: 5, scale: 2 }),
  field('Day__c', { type: 'date', length: 0 }),
  field('Formula__c', { calculated: true, ...READ_ONLY }),
  field('Number__c', { autoNumber: true, ...READ_ONLY }),
  field('Locked__c', READ_ONLY),
  field('CreateOnly__c', { updateable: false }),
  field('UpdateOnly__c', { createable: false }),
  field('Blob__c', { type: 'base64', length: 0 }),
  field('Address', { type: 'address', length: 0, ...READ_ONLY }),
  field('Street', { type: 'textarea', compoundFieldName: 'Address' }),
  picklist('City__c', ['Tokyo']),
];
LEAD_FIELDS[LEAD_FIELDS.length - 1]!.controllerName = 'Country__c';
LEAD_FIELDS.push(picklist('Country__c', ['Japan']));

/** The org of the tests, with these objects changed. */
function org(change: Record<string, (object: ObjectSchema) => Partial<ObjectSchema>> = {}, more = {}): OrgView {
  const view = orgView({ fields: { Lead: LEAD_FIELDS }, ...more });
  const objects = Object.values(view.schema.objects).map((object) => ({ ...object, ...change[object.name]?.(object) }));
  return { ...view, schema: { ...view.schema, objects: byName(objects) } };
}

const ORG = org();
const LEAD_ROWS = DEFAULT_SETTINGS.mappings.Lead.length;
/** Settings with one more row for Lead. */
const leadRow = (row: object, rules: object = {}) =>
  settingsWith((d) => {
    d.mappings['Lead']!.push(row);
    Object.assign(d.rules, rules);
  });
const found = (settings: Settings, view: OrgView | null = ORG, directory?: NameDirectory) =>
  checkSettings(settings, view, directory);
const brief = (problems: SettingsProblem[]) => problems.map(({ severity, field: at, code }) => [severity, at, code]);

/** What the default document gives: nobody can promise that every customer has a company. */
const COMPANY = ['warning', 'required.Lead.Company', 'MAY_BE_EMPTY'];

describe('checkSettings', () => {
  it('finds in the defaults only that a Lead may lack its company', () => {
    expect(brief(found(DEFAULT_SETTINGS))).toEqual([COMPANY]);
  });

  const at = `mappings.Lead.${LEAD_ROWS}`;
  it.each<[string, object, [string, string, string][], string]>([
    [
      'a value that no booking has',
      { field: 'Title', from: 'customer.titel' },
      [['error', `${at}.from`, 'UNKNOWN_VALUE']],
      'customer.titel',
    ],
    [
      'a value in another case',
      { field: 'Title', from: 'customer.Company' },
      [['error', `${at}.from`, 'UNKNOWN_VALUE']],
      'Write "customer.company"',
    ],
    [
      'an unknown place in a text',
      { field: 'Title', text: 'For {who}' },
      [['error', `${at}.text`, 'UNKNOWN_VALUE']],
      '"who"',
    ],
    [
      "the guest's own link",
      { field: 'Title', from: 'booking.cancelUrl', cut: true },
      [['warning', `${at}.from`, 'GUEST_LINK']],
      'few may read',
    ],
    [
      'a field that the org lacks',
      { field: 'Nope__c', from: 'page.name' },
      [['error', `${at}.field`, 'FIELD_MISSING']],
      'has no field Nope__c',
    ],
    [
      'a field in another case',
      { field: 'title', from: 'page.name' },
      [['error', `${at}.field`, 'FIELD_MISSING']],
      'Write "Title"',
    ],
    [
      'a field that every JavaScript object has',
      { field: 'constructor', from: 'page.name' },
      [['error', `${at}.field`, 'FIELD_MISSING']],
      'no field',
    ],
    [
      'a formula',
      { field: 'Formula__c', from: 'page.name' },
      [['error', `${at}.field`, 'NOT_WRITABLE']],
      'is a formula',
    ],
    [
      'an autonumber',
      { field: 'Number__c', from: 'page.name' },
      [['error', `${at}.field`, 'NOT_WRITABLE']],
      'numbered by Salesforce',
    ],
    [
      'a field without edit access',
      { field: 'Locked__c', from: 'page.name' },
      [['error', `${at}.field`, 'NOT_WRITABLE']],
      'read-only for the API user',
    ],
    [
      'a type that is not written',
      { field: 'Blob__c', from: 'page.name' },
      [['error', `${at}.field`, 'NOT_WRITABLE']],
      'type base64',
    ],
    [
      'a compound field',
      { field: 'Address', from: 'page.name' },
      [['error', `${at}.field`, 'NOT_WRITABLE']],
      'Map Street instead',
    ],
    [
      "the connector's own key",
      { field: 'Booking_Customer_Id__c', text: 'x' },
      [['error', `${at}.field`, 'CONNECTOR_FIELD']],
      'finds its records by it',
    ],
    [
      'the owner, which is for the rules',
      { field: 'OwnerId', text: '005000000000001AAA' },
      [['error', `${at}.field`, 'CONNECTOR_FIELD']],
      'rule "owner"',
    ],
    [
      'a field that only existing records take',
      { field: 'UpdateOnly__c', from: 'page.name' },
      [['error', `${at}.field`, 'NOT_CREATEABLE']],
      'new record',
    ],
    [
      'a change of a field that only new records take',
      { field: 'CreateOnly__c', from: 'page.name', when: 'always' },
      [['error', `${at}.when`, 'NOT_UPDATEABLE']],
      'onCreate',
    ],
    [
      'a text that is too long',
      { field: 'Title', text: 'a'.repeat(21) },
      [['error', `${at}.text`, 'BAD_TEXT']],
      "longer than the field's 20",
    ],
    [
      'a text with a place that is too long in any case',
      { field: 'Title', text: `${'a'.repeat(21)}{page.name}` },
      [['error', `${at}.text`, 'BAD_TEXT']],
      '"cut": true',
    ],
    [
      'a text that is no number',
      { field: 'Score__c', text: 'many' },
      [['error', `${at}.text`, 'BAD_TEXT']],
      'is no number',
    ],
    [
      'a number of too many digits',
      { field: 'Score__c', text: '1234' },
      [['error', `${at}.text`, 'BAD_TEXT']],
      'more than 3 digits',
    ],
    [
      'a text that is no date',
      { field: 'Day__c', text: 'tomorrow' },
      [['error', `${at}.text`, 'BAD_TEXT']],
      '2027-01-31',
    ],
    [
      'a picklist value in another case',
      { field: 'Rating', text: 'hot' },
      [['error', `${at}.text`, 'PICKLIST_VALUE']],
      'Write "Hot"',
    ],
    [
      'an inactive picklist value',
      { field: 'Rating', text: 'Warm' },
      [['error', `${at}.text`, 'PICKLIST_VALUE']],
      'an inactive value',
    ],
    [
      'no picklist value',
      { field: 'Rating', text: 'Lukewarm' },
      [['error', `${at}.text`, 'PICKLIST_VALUE']],
      'one of "Hot", "Cold"',
    ],
    [
      'a value outside an open picklist',
      { field: 'Source__c', text: 'Fair' },
      [['warning', `${at}.text`, 'PICKLIST_VALUE']],
      '"Web"',
    ],
    [
      'an open picklist in another case',
      { field: 'Source__c', text: 'web' },
      [['error', `${at}.text`, 'PICKLIST_VALUE']],
      'Write "Web"',
    ],
    [
      'an instant for a number',
      { field: 'Score__c', from: 'booking.startsAt' },
      [['warning', `${at}.from`, 'MAY_NOT_FIT']],
      'does not fit',
    ],
    [
      'statuses that a picklist lacks',
      { field: 'Rating', from: 'booking.status' },
      [['warning', `${at}.from`, 'MAY_NOT_FIT']],
      '"No-show"',
    ],
    [
      'a dependent picklist alone',
      { field: 'City__c', text: 'Tokyo' },
      [['warning', `${at}.field`, 'DEPENDENT_PICKLIST']],
      'Country__c',
    ],
  ])('tells of %s', (_title, row, expected, words) => {
    const problems = found(leadRow(row));
    expect(brief(problems).filter(([, place]) => place !== COMPANY[1])).toEqual(expected);
    const told = problems.find(({ field: place }) => place === expected[0]![1])!;
    expect(`${told.error}. ${told.remedy}`).toContain(words);
    expect(told.sobject).toBe('Lead');
  });

  it.each([
    ['an answer', { field: 'Score__c', from: 'answers.score' }],
    ['a text that is cut', { field: 'Title', text: 'a'.repeat(21), cut: true }],
    ['a picklist value', { field: 'Rating', text: 'Hot' }],
    ['a start as a date', { field: 'Day__c', from: 'booking.startsAt' }],
    [
      'a field that only new records take, on new records',
      { field: 'CreateOnly__c', from: 'page.name', when: 'onCreate' },
    ],
    ['a text with places', { field: 'Title', text: '{page.name}' }],
  ])('has nothing to say of %s', (_title, row) => {
    expect(brief(found(leadRow(row)))).toEqual([COMPANY]);
  });

  it('takes a dependent picklist together with the field that it depends on', () => {
    const settings = settingsWith((d) =>
      d.mappings['Lead']!.push({ field: 'Country__c', text: 'Japan' }, { field: 'City__c', text: 'Tokyo' }),
    );
    expect(brief(found(settings))).toEqual([COMPANY]);
  });

  it('tells of a row that never counts', () => {
    const settings = settingsWith((d) =>
      d.mappings['Lead']!.push({ field: 'Title', text: 'Dr.' }, { field: 'Title', from: 'page.name' }),
    );
    expect(brief(found(settings))).toEqual([
      ['warning', `mappings.Lead.${LEAD_ROWS + 1}.field`, 'NEVER_USED'],
      COMPANY,
    ]);
  });

  it('judges a row by whether the rules change existing records', () => {
    const row = { field: 'CreateOnly__c', from: 'page.name' };
    expect(brief(found(leadRow(row)))).toEqual([COMPANY]);
    expect(brief(found(leadRow(row, { existing: { Lead: 'overwrite' } })))).toEqual([
      ['warning', `${at}.field`, 'NOT_UPDATEABLE'],
      COMPANY,
    ]);
  });

  it('takes what the connector comes with for no mistake of the admin: a default row is left out and told', () => {
    const view = org({}, { without: ['Lead.Phone', 'Event.Campaign__c'] });
    expect(brief(found(DEFAULT_SETTINGS, view))).toEqual([
      ['warning', 'mappings.Lead.3.field', 'FIELD_MISSING'],
      ['warning', 'mappings.Event.6.field', 'FIELD_MISSING'],
      COMPANY,
    ]);
  });

  it('only warns of rows of objects that no rule reaches', () => {
    const settings = settingsWith((d) => d.mappings['PersonAccount']!.push({ field: 'Nope__c', text: 'x' }));
    expect(brief(found(settings))).toEqual([['warning', 'mappings.PersonAccount.4.field', 'FIELD_MISSING'], COMPANY]);
  });

  it("finds the package's fields under their namespace, and names them so", () => {
    const view = org({}, { namespace: 'bkconn' });
    const [problem] = found(leadRow({ field: 'Booking_Customer_Id__c', text: 'x' }), view);
    expect(problem).toMatchObject({ code: 'CONNECTOR_FIELD', sobjectField: 'bkconn__Booking_Customer_Id__c' });
  });

  describe('of required fields', () => {
    const required = (name: string, more: Partial<FieldSchema> = {}) =>
      orgView({ fields: { Lead: [...LEAD_FIELDS, field(name, { nillable: false, ...more })] } });
    const withRules = (rules: object, chosen: object = {}) =>
      settingsWith((d) => {
        Object.assign(d.rules, rules);
        d.required = { Lead: { Company: { text: 'None' }, ...chosen } };
      });

    it('refuses one that nothing gives a value, with what can be done', () => {
      const [problem] = found(withRules({}), required('Size__c'));
      expect(problem).toMatchObject({
        severity: 'error',
        field: 'required.Lead.Size__c',
        code: 'REQUIRED_WITHOUT_VALUE',
      });
      expect(problem?.remedy).toMatch(/question.*required\.Lead\.Size__c.*placeholder.*default value in Salesforce/);
    });

    it.each<[string, object, object, Partial<FieldSchema>]>([
      ['a placeholder', { missingRequired: 'placeholder' }, {}, {}],
      ['a chosen value', {}, { Size__c: { text: 'L' } }, {}],
      ['a default in Salesforce', {}, {}, { defaultedOnCreate: true }],
      ['nobody, being a tick box', {}, {}, { type: 'boolean', length: 0 }],
      ['nobody, as no rule creates a Lead', { unknownCustomer: 'None' }, {}, {}],
    ])('is content when it gets its value from %s', (_title, rules, chosen, more) => {
      expect(brief(found(withRules(rules, chosen), required('Size__c', more)))).toEqual([]);
    });

    it('refuses a picklist in spite of placeholders, and names its values', () => {
      const { type, restrictedPicklist, picklistValues } = picklist('Any', ['S', 'L']);
      const view = required('Size__c', { type, restrictedPicklist, picklistValues });
      const [problem] = found(withRules({ missingRequired: 'placeholder' }), view);
      expect(problem).toMatchObject({ code: 'REQUIRED_WITHOUT_VALUE', severity: 'error' });
      expect(problem?.remedy).toContain('Its values: "S", "L".');
      expect(problem?.remedy).not.toContain('placeholder');
      expect(brief(found(withRules({}, { Size__c: { text: 's' } }), view))).toEqual([
        ['error', 'required.Lead.Size__c.text', 'PICKLIST_VALUE'],
      ]);
    });

    it('only warns of a type that it cannot write: no document puts that right', () => {
      const problems = found(withRules({}), required('Blob__c', { type: 'base64', length: 0 }));
      expect(brief(problems)).toEqual([['warning', 'required.Lead.Blob__c', 'REQUIRED_UNSUPPORTED']]);
      expect(problems[0]?.remedy).toMatch(/default value.*optional.*page layout only/);
    });

    it('tells for a page what is different there, and nothing twice', () => {
      const settings = settingsWith((d) => {
        d.pages = {
          'cal:same': { name: 'Same' },
          'cal:contact': { rules: { unknownCustomer: 'Contact', alsoCreate: 'Opportunity' } },
          'cal:off': { enabled: false, rules: { alsoCreate: 'Opportunity' } },
        };
      });
      const stage = field('StageName', { type: 'picklist', nillable: false });
      const view = orgView({
        without: ['Opportunity.Description'],
        fields: { Lead: LEAD_FIELDS, Opportunity: [field('Name'), stage, field('CloseDate', { type: 'date' })] },
      });
      expect(brief(found(settings, view))).toEqual([
        ['error', 'pages.cal:contact.required.Opportunity.StageName', 'REQUIRED_WITHOUT_VALUE'],
        ['warning', 'mappings.Opportunity.3.field', 'FIELD_MISSING'],
        COMPANY,
        ['warning', 'pages.cal:contact.required.Opportunity.Name', 'MAY_BE_EMPTY'],
      ]);
    });

    it.each([
      ['no field of the org', { Nope__c: { text: 'x' } }, 'required.Lead.Nope__c', 'FIELD_MISSING'],
      ['a text that is too long', { Title: { text: 'a'.repeat(21) } }, 'required.Lead.Title.text', 'BAD_TEXT'],
    ])('refuses a chosen value for %s', (_title, chosen, place, code) => {
      expect(brief(found(withRules({}, chosen)))).toEqual([['error', place, code]]);
    });
  });

  describe('of rules', () => {
    const withRules = (rules: object) =>
      settingsWith((d) => {
        Object.assign(d.rules, rules);
        d.required = { Lead: { Company: { text: 'None' } } };
      });
    const types = (...recordTypes: RecordTypeSchema[]) => org({ Lead: () => ({ recordTypes }) });

    it.each<[string, object, OrgView, string, string, string]>([
      [
        'an object that is not there',
        { searchOrder: ['Contact', 'Lead'] },
        org({}, { without: ['Contact'] }),
        'rules.searchOrder.0',
        'OBJECT_MISSING',
        'read access to Contact',
      ],
      [
        'person accounts that the org lacks',
        { unknownCustomer: 'PersonAccount', searchOrder: ['PersonAccount'] },
        ORG,
        'rules.unknownCustomer',
        'NO_PERSON_ACCOUNTS',
        'enable person accounts',
      ],
      [
        'an object that may not be created',
        {},
        org({ Lead: () => ({ createable: false }) }),
        'rules.unknownCustomer',
        'OBJECT_NOT_CREATEABLE',
        'right to create Lead',
      ],
      [
        'Accounts that may not be created',
        { unknownCustomer: 'Contact', contactAccount: 'create' },
        org({ Account: () => ({ createable: false }) }),
        'rules.contactAccount',
        'OBJECT_NOT_CREATEABLE',
        'Account',
      ],
      [
        'Events that may not be created',
        {},
        org({ Event: () => ({ createable: false }) }),
        'rules.event',
        'OBJECT_NOT_CREATEABLE',
        'Edit Events',
      ],
      [
        'a queue for Contacts',
        { owner: { Contact: { onCreate: { kind: 'queue', queue: 'Inbound' } } } },
        ORG,
        'rules.owner.Contact.onCreate.kind',
        'OWNER_KIND',
        'keep, host or user',
      ],
      [
        'assignment rules for Accounts',
        { owner: { Account: { onExisting: { kind: 'assignmentRules' } } } },
        ORG,
        'rules.owner.Account.onExisting.kind',
        'OWNER_KIND',
        'assignment rules',
      ],
      [
        'a record type that is not there',
        { recordTypes: { Lead: 'B2B' } },
        types(recordType('B2C')),
        'rules.recordTypes.Lead',
        'RECORD_TYPE_MISSING',
        '"B2C"',
      ],
      [
        'a record type that is not active',
        { recordTypes: { Lead: 'B2B' } },
        types(recordType('B2B', { active: false })),
        'rules.recordTypes.Lead',
        'RECORD_TYPE_INACTIVE',
        'Activate',
      ],
      [
        'a record type of others',
        { recordTypes: { Lead: 'B2B' } },
        types(recordType('B2B', { available: false })),
        'rules.recordTypes.Lead',
        'RECORD_TYPE_UNAVAILABLE',
        'permission set',
      ],
      [
        'two record types of one name',
        { recordTypes: { Lead: 'B2B' } },
        types(recordType('B2B'), recordType('B2B', { id: '012000000000002AAA' })),
        'rules.recordTypes.Lead',
        'AMBIGUOUS_RECORD_TYPE',
        '012000000000001AAA or 012000000000002AAA',
      ],
      [
        'a campaign that is none',
        { campaignMember: { campaignId: '003000000000001AAA' } },
        ORG,
        'rules.campaignMember.campaignId',
        'NOT_A_CAMPAIGN',
        '701',
      ],
    ])('refuses %s', (_title, rules, view, place, code, words) => {
      const errors = found(withRules(rules), view).filter(({ severity }) => severity === 'error');
      expect(brief(errors)).toContainEqual(['error', place, code]);
      const told = errors.find(({ field: where }) => where === place)!;
      expect(`${told.error}. ${told.remedy}`).toContain(words);
    });

    it.each([
      ['a queue for Leads', { owner: { Lead: { onCreate: { kind: 'queue', queue: 'Inbound' } } } }],
      ['assignment rules for Cases', { owner: { Case: { onCreate: { kind: 'assignmentRules' } } } }],
      ['no Event', { event: 'off' }],
      ['a campaign', { campaignMember: { campaignId: '701000000000001AAA' } }],
    ])('takes %s', (_title, rules) => {
      expect(brief(found(withRules(rules)))).toEqual([]);
    });

    it('tells of users and queues that were looked up and are not there', () => {
      const settings = withRules({
        fallbackOwner: 'Gone@example.com',
        hostUsers: { 'rosa@host.example': 'Gone@example.com' },
        owner: {
          Lead: {
            onCreate: { kind: 'queue', queue: 'Inbound' },
            onExisting: { kind: 'user', username: 'here@example.com' },
          },
          Case: { onCreate: { kind: 'user', username: 'unasked@example.com' } },
        },
      });
      const directory = {
        users: new Map([
          ['gone@example.com', null],
          ['here@example.com', '005000000000001AAA'],
        ]),
        queues: new Map([['inbound', null]]),
      };
      expect(brief(found(settings, ORG, directory))).toEqual([
        ['error', 'rules.hostUsers.rosa@host.example', 'USER_MISSING'],
        ['error', 'rules.fallbackOwner', 'USER_MISSING'],
        ['error', 'rules.owner.Lead.onCreate.queue', 'QUEUE_MISSING'],
      ]);
    });

    it('tells of a page what the page itself changes, at its place', () => {
      const settings = settingsWith((d) => {
        d.required = { Lead: { Company: { text: 'None' } } };
        d.rules['recordTypes'] = { Lead: 'B2B' };
        d.pages = { 'cal:a': { rules: { fallbackOwner: 'gone@example.com', recordTypes: { Lead: 'B2C' } } } };
      });
      const directory = { users: new Map([['gone@example.com', null]]), queues: new Map() };
      expect(brief(found(settings, ORG, directory))).toEqual([
        ['error', 'rules.recordTypes.Lead', 'RECORD_TYPE_MISSING'],
        ['error', 'pages.cal:a.rules.recordTypes.Lead', 'RECORD_TYPE_MISSING'],
        ['error', 'pages.cal:a.rules.fallbackOwner', 'USER_MISSING'],
      ]);
    });
  });

  it('checks what can be checked without an org', () => {
    const settings = settingsWith((d) => {
      d.rules['owner'] = { Contact: { onCreate: { kind: 'assignmentRules' } } };
      d.mappings['Lead']!.push({ field: 'Nope__c', from: 'nope' });
      d.pages = { 'cal:a': { mappings: { Event: [{ field: 'Subject', text: '{nope}' }] } } };
    });
    expect(brief(found(settings, null))).toEqual([
      ['error', 'rules.owner.Contact.onCreate.kind', 'OWNER_KIND'],
      ['error', `${at}.from`, 'UNKNOWN_VALUE'],
      ['error', 'pages.cal:a.mappings.Event.0.text', 'UNKNOWN_VALUE'],
    ]);
  });

  it('tells every problem at once, errors first, each with a remedy', () => {
    const settings = leadRow({ field: 'Nope__c', from: 'nope' }, { fallbackOwner: null, recordTypes: { Lead: 'B2B' } });
    const problems = found(settings);
    expect(brief(problems)).toEqual([
      ['error', 'rules.recordTypes.Lead', 'RECORD_TYPE_MISSING'],
      ['error', `${at}.from`, 'UNKNOWN_VALUE'],
      ['error', `${at}.field`, 'FIELD_MISSING'],
      COMPANY,
    ]);
    for (const { error, remedy } of problems) {
      expect(error).not.toMatch(/\.$/);
      expect(remedy).toMatch(/\.$/);
    }
  });
});

describe('an org with person accounts', () => {
  const personAccounts = orgView({
    fields: {
      Lead: LEAD_FIELDS,
      Account: [
        field('IsPersonAccount', { type: 'boolean' }),
        field('Name'),
        field('LastName'),
        field('FirstName'),
        field('PersonEmail', { type: 'email' }),
        field('Phone', { type: 'phone' }),
        field('Nickname__pc', { nillable: false }),
      ],
    },
  });
  const settings = (rows: object[]) =>
    settingsWith((d) => {
      Object.assign(d.rules, { unknownCustomer: 'PersonAccount', searchOrder: ['PersonAccount'] });
      d.mappings['PersonAccount']!.push(...rows);
    });

  it('asks a person for what is required of persons', () => {
    expect(brief(found(settings([]), personAccounts))).toEqual([
      ['error', 'required.PersonAccount.Nickname__pc', 'REQUIRED_WITHOUT_VALUE'],
    ]);
  });

  it('refuses the name of a company for a person: Salesforce does', () => {
    const problems = found(
      settings([
        { field: 'Nickname__pc', text: 'x' },
        { field: 'Name', text: 'x' },
      ]),
      personAccounts,
    );
    expect(brief(problems)).toEqual([['error', 'mappings.PersonAccount.5.field', 'NOT_WRITABLE']]);
    expect(problems[0]?.remedy).toContain('FirstName and LastName');
  });

  it('asks an Account for nothing of persons', () => {
    const accounts = settingsWith((d) => {
      Object.assign(d.rules, { unknownCustomer: 'Contact', searchOrder: ['Contact'], contactAccount: 'create' });
    });
    expect(brief(found(accounts, personAccounts))).toEqual([['warning', 'required.Account.Name', 'MAY_BE_EMPTY']]);
  });
});

it('finds no fault with an object of the org that nothing is asked of', () => {
  const view = orgView({ fields: { Lead: LEAD_FIELDS } });
  const more = { ...view.schema.objects, Custom__c: objectSchema('Custom__c', 'a00', []) };
  expect(brief(found(DEFAULT_SETTINGS, { ...view, schema: { ...view.schema, objects: more } }))).toEqual([COMPANY]);
});
