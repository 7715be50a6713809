import { settingsWith } from '../../test/support/candidate';
import { field, orgView } from '../../test/support/schema';
import { lackedRights } from './lacked-rights';
import { neededRights, neededRightsOfPage, rightsOfLinks } from './needed-rights';
import { lackInWords, rightName, type NeededRight } from './right';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from './settings';

const namesOf = (rights: readonly NeededRight[]): string[] => rights.map(({ right }) => rightName(right));
const needed = (settings: Settings = DEFAULT_SETTINGS, org = orgView()): string[] =>
  namesOf(neededRights(settings, org)).sort();
const rules = (more: Partial<Settings['rules']>): Settings => settingsWith({ rules: more });

describe('the rights that settings need', () => {
  it('are few by default', () => {
    expect(needed()).toEqual([
      'API Enabled',
      'Access Activities',
      'Create Lead',
      'Edit Contact',
      'Edit Contact.Booking_Customer_Id__c',
      'Edit Event.Booking_Id__c',
      'Edit Event.Booking_Source__c',
      'Edit Event.Campaign__c',
      'Edit Event.Cancel_Reschedule_Reason__c',
      'Edit Event.Description',
      'Edit Event.Event_Status__c',
      'Edit Event.IsAllDayEvent',
      'Edit Event.Location',
      'Edit Event.Meeting_Type__c',
      'Edit Event.Subject',
      'Edit Event.WhoId',
      'Edit Events',
      'Edit Lead',
      'Edit Lead.Booking_Customer_Id__c',
      'Edit Lead.Company',
      'Edit Lead.Email',
      'Edit Lead.FirstName',
      'Edit Lead.LastName',
      'Edit Lead.Phone',
      'Read Account',
      'Read Contact',
      'Read Contact.Email',
      'Read Lead',
    ]);
  });

  it('leave out fields that no permission set governs, seen or not', () => {
    const open = (name: string) => field(name, { permissionable: false });
    const seen = needed(DEFAULT_SETTINGS, orgView({ fields: { Lead: [open('Company')], Event: [open('Subject')] } }));
    expect(seen).not.toContain('Edit Lead.Company');
    const unseen = needed(DEFAULT_SETTINGS, orgView({ without: ['Lead', 'Event'] }));
    expect(unseen).toContain('Edit Lead.Phone');
    for (const name of ['Lead.Company', 'Lead.FirstName', 'Event.Subject'])
      expect(unseen).not.toContain(`Edit ${name}`);
  });

  it('name fields of the package as the org does', () => {
    const names = needed(DEFAULT_SETTINGS, orgView({ namespace: 'bkconn' }));
    expect(names).toContain('Edit Lead.bkconn__Booking_Customer_Id__c');
    expect(names).toContain('Edit Event.bkconn__Event_Status__c');
  });

  it.each<[string, Settings, string[], string[]]>([
    [
      'a Case for each booking',
      rules({ alsoCreate: 'Case' }),
      ['Create Case', 'Read Case', 'Edit Case.Booking_Id__c', 'Edit Case.ContactId', 'Edit Event.WhatId'],
      ['Edit Case', 'Create Contact'],
    ],
    [
      'a Case for Leads alone, beside whom an Event has no record',
      rules({ alsoCreate: 'Case', searchOrder: ['Lead'] }),
      ['Create Case'],
      ['Edit Event.WhatId', 'Edit Case.ContactId', 'Edit Contact'],
    ],
    [
      'a new Account for a new Contact',
      rules({ unknownCustomer: 'Contact', contactAccount: 'create' }),
      ['Create Contact', 'Create Account', 'Edit Contact.AccountId', 'Edit Account.Booking_Customer_Id__c'],
      ['Create Lead', 'Read Account.Website'],
    ],
    [
      'the Account of an e-mail domain',
      rules({ unknownCustomer: 'Contact', contactAccount: 'emailDomain' }),
      ['Read Account.Website'],
      ['Create Account'],
    ],
    ['phone numbers', rules({ matchPhone: true }), ['Read Lead.MobilePhone', 'Read Contact.Phone'], []],
    ['guests', rules({ guests: 'invite', searchOrder: ['Lead'] }), ['Read Contact', 'Read Contact.Email'], []],
    [
      'campaigns',
      rules({ campaignMember: { campaignId: null, status: null } }),
      ['Read Campaign'],
      ['Edit Campaign', 'Create Campaign'],
    ],
    ['no Events', rules({ event: 'off' }), ['Read Event.Booking_Id__c'], ['Edit Events', 'Edit Event.WhoId']],
    [
      'nobody new, and overwriting who is there',
      rules({
        unknownCustomer: 'None',
        searchOrder: ['Lead'],
        existing: { ...DEFAULT_SETTINGS.rules.existing, Lead: 'overwrite' },
      }),
      ['Edit Lead', 'Edit Lead.Phone'],
      ['Create Lead', 'Edit Contact'],
    ],
  ])('follow the rules: %s', (_title, settings, there, absent) => {
    const names = needed(settings);
    expect(names).toEqual(expect.arrayContaining(there));
    for (const name of absent) expect(names).not.toContain(name);
  });

  it('see a Person Account through its Contact', () => {
    const names = needed(
      rules({ unknownCustomer: 'PersonAccount', searchOrder: ['PersonAccount'] }),
      orgView({ personAccounts: true }),
    );
    expect(names).toEqual(
      expect.arrayContaining(['Create Account', 'Read Contact', 'Edit Account.PersonEmail', 'Edit Event.WhatId']),
    );
    expect(names).not.toContain('Edit Contact');
  });

  it('count pages of their own, but not those that are switched off', () => {
    const page = (enabled: boolean): Settings =>
      parseSettings({
        ...DEFAULT_SETTINGS,
        pages: { 'cal:demo': { enabled, mappings: { Lead: [{ field: 'Title', from: 'answers.title' }] } } },
      });
    expect(needed(page(true))).toContain('Edit Lead.Title');
    expect(needed(page(false))).not.toContain('Edit Lead.Title');
  });

  it('tell each right once, with every reason', () => {
    const email = neededRights(DEFAULT_SETTINGS, orgView()).filter(({ right }) =>
      rightName(right).includes('Lead.Email'),
    );
    expect(email).toMatchObject([
      {
        reasons: ['customers are found by their e-mail address', 'a mapping writes customer.email into it'],
        isForReading: true,
        isByValue: true,
      },
    ]);
  });

  it('are worked out once for a page', () => {
    const org = orgView();
    const page = { ...settingsWith(), isEnabled: true };
    expect(neededRightsOfPage(page, org)).toBe(neededRightsOfPage({ ...page }, org));
  });

  it('of links are told apart', () => {
    expect(namesOf(rightsOfLinks(orgView()))).toEqual([
      'Read Account',
      'Read Case',
      'Read Opportunity',
      'Edit Event.WhatId',
    ]);
  });
});

describe('what is lacking', () => {
  const lacking = (org: Parameters<typeof orgView>[0], settings = DEFAULT_SETTINGS): string[] => {
    const view = orgView(org);
    return namesOf(lackedRights(neededRights(settings, view), view.schema));
  };

  it('is nothing where everything is there', () => {
    expect(lacking({})).toEqual([]);
  });

  it.each<[string, Parameters<typeof orgView>[0], string[]]>([
    ['an object', { without: ['Lead'] }, ['Read Lead']],
    ['a field', { without: ['Contact.Email'] }, ['Read Contact.Email']],
    ['two', { without: ['Contact.Email', 'Event.Location'] }, ['Read Contact.Email', 'Edit Event.Location']],
    ['all of Event', { without: ['Event'] }, ['Access Activities']],
    [
      'the right to write a field',
      { fields: { Lead: [field('Phone', { createable: false, updateable: false })] } },
      ['Edit Lead.Phone'],
    ],
  ])('is exactly %s', (_title, org, expected) => {
    expect(lacking(org)).toEqual(expected);
  });

  it('is not what Salesforce fills itself', () => {
    const formula = field('Phone', { createable: false, updateable: false, calculated: true });
    expect(lacking({ fields: { Lead: [formula] } })).toEqual([]);
  });

  it('is told in one sentence', () => {
    const org = orgView({ without: ['Lead.Booking_Customer_Id__c', 'Lead.Email'] });
    expect(lackedRights(neededRights(DEFAULT_SETTINGS, org), org.schema).map(lackInWords)).toEqual([
      'The API user lacks the right "Edit Lead.Booking_Customer_Id__c", or the field is not there: the customer\'s record is found by it, and it is written there.',
      'The API user lacks the right "Edit Lead.Email": customers are found by their e-mail address; a mapping writes customer.email into it.',
    ]);
  });
});
