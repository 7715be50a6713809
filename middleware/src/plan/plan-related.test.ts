import {
  ACCOUNT_ID,
  candidate,
  CASE_ID,
  CONTACT_ID,
  HOST_ID,
  OPPORTUNITY_ID,
  settingsWith,
  written,
} from '../../test/support/candidate';
import {
  AMBIGUOUS,
  decisionOf,
  foundContact,
  foundPerson,
  foundPersonAccount,
  linked,
  liveEvent,
  plan,
  recordOf,
} from '../../test/support/plan';
import { field, orgView } from '../../test/support/schema';
import type { Match, PersonMatch } from '../match/match-types';

const STAGE = { Opportunity: { StageName: { text: 'Prospecting' } } };
const withCase = settingsWith({ rules: { alsoCreate: 'Case' } });
const withOpportunity = settingsWith({ rules: { alsoCreate: 'Opportunity' }, required: STAGE });
const newContact = { kind: 'create', object: 'Contact' } as const;

describe('a Case for every booking', () => {
  it('is made by the booking’s key, with the customer’s id, and the Event points at both', () => {
    const planned = plan([[candidate('alpha', { settings: withCase }), { person: foundContact() }]]);
    const row = recordOf(planned, 'Case');
    expect(row).toMatchObject({
      part: 'related',
      keyField: 'Booking_Id__c',
      key: 'cal:uid-alpha',
      fields: {
        Subject: 'Product demo',
        Origin: 'Web',
        ContactId: CONTACT_ID,
        Booking_Customer_Id__c: 'c-alpha',
        OwnerId: HOST_ID,
      },
    });
    expect(planned.events).toMatchObject([{ who: { recordId: CONTACT_ID }, what: { row } }]);
  });

  it('says what the Event points at instead, should it be refused', () => {
    const org = orgView({ personAccounts: true });
    const { events } = plan(
      [[candidate('alpha', { settings: withCase }), { person: { kind: 'create', object: 'PersonAccount' } }]],
      org,
    );
    expect(events).toMatchObject([
      { who: null, what: { row: { object: 'Case' } }, whatElse: { row: { object: 'PersonAccount' } } },
    ]);
  });

  it.each<[string, PersonMatch, object, object]>([
    ['a Contact', foundContact(), { ContactId: CONTACT_ID }, {}],
    [
      'a Contact of an Account',
      foundContact({ accountId: ACCOUNT_ID }),
      { ContactId: CONTACT_ID, AccountId: ACCOUNT_ID },
      {},
    ],
    ['a new Contact', newContact, {}, { Contact: { object: 'Contact' } }],
    ['a Person Account', foundPersonAccount(), { ContactId: CONTACT_ID, AccountId: ACCOUNT_ID }, {}],
    ['a new Person Account', { kind: 'create', object: 'PersonAccount' }, {}, { Account: { object: 'PersonAccount' } }],
    ['a Lead', foundPerson(), {}, {}],
  ])('is related to %s', (_title, person, fields, references) => {
    const planned = plan([[candidate('alpha', { settings: withCase }), { person }]], orgView({ personAccounts: true }));
    const row = recordOf(planned, 'Case');
    const { ContactId, AccountId } = row.fields;
    expect(Object.fromEntries(Object.entries({ ContactId, AccountId }).filter(([, id]) => id !== undefined))).toEqual(
      fields,
    );
    expect(row.references).toMatchObject(references);
    expect(Object.keys(row.references)).toEqual(Object.keys(references));
  });

  it('is related to nobody where the user may not say so', () => {
    const org = orgView({ fields: { Case: [field('ContactId', { createable: false })] } });
    const planned = plan([[candidate('alpha', { settings: withCase }), { person: foundContact() }]], org);
    expect(recordOf(planned, 'Case').fields).not.toHaveProperty('ContactId');
  });

  it.each<[string, Parameters<typeof candidate>[1], Partial<Match>, object]>([
    [
      'of a canceled booking',
      { state: { status: 'Canceled' } },
      {},
      { state: 'notWanted', cause: 'canceled before the Case was created' },
    ],
    [
      'when it was deleted',
      {},
      { isRelatedDeleted: true },
      { state: 'notWanted', cause: 'the Case of the booking was deleted in Salesforce' },
    ],
    [
      'when it is gone for good',
      { written: written({ related: { sobject: 'Case', recordId: CASE_ID } }) },
      {},
      { state: 'notWanted' },
    ],
    [
      'when the rules named another object then',
      { written: written({ related: { sobject: 'Opportunity', recordId: OPPORTUNITY_ID } }) },
      {},
      { state: 'written', sobject: 'Opportunity', recordId: OPPORTUNITY_ID },
    ],
    [
      'of a customer whom the rules make nobody of',
      {},
      { person: { kind: 'none', cause: 'nobody' } },
      { state: 'notWanted', cause: 'nobody' },
    ],
    [
      'before its person is known',
      {},
      { person: AMBIGUOUS },
      { state: 'waiting', cause: 'the Case waits for its person', isRetried: false },
    ],
  ])('is not made %s', (_title, more, match, expected) => {
    const one = candidate('alpha', { settings: withCase, ...more });
    const planned = plan([[one, { person: foundContact(), ...match }]]);
    expect(planned.records.filter(({ object }) => object === 'Case')).toEqual([]);
    expect(decisionOf(planned, one).parts.related).toMatchObject(expected);
  });

  it('goes on without a Case that cannot be made', () => {
    const org = orgView({ fields: { Case: [field('Product__c', { nillable: false })] } });
    const one = candidate('alpha', { settings: withCase });
    const planned = plan([[one, { person: foundContact() }]], org);
    expect(decisionOf(planned, one).parts.related).toMatchObject({ state: 'parked', code: 'REQUIRED_FIELD_MISSING' });
    expect(planned.events).toMatchObject([{ who: { recordId: CONTACT_ID }, what: null }]);
  });
});

describe('an Opportunity for every booking', () => {
  it.each<[string, Partial<Match>, object, object]>([
    [
      'of the Contact that is there',
      { person: foundContact({ accountId: ACCOUNT_ID }) },
      { AccountId: ACCOUNT_ID },
      {},
    ],
    [
      'of the Account that a new Contact is put into',
      { person: newContact, account: { kind: 'found', recordId: ACCOUNT_ID, via: 'link' } },
      { AccountId: ACCOUNT_ID },
      {},
    ],
    [
      'of the Account that is made for a new Contact',
      { person: newContact, account: { kind: 'create', name: 'Example Offices KK' } },
      {},
      { Account: { object: 'Account' } },
    ],
  ])('belongs to the Account %s', (_title, match, fields, references) => {
    const planned = plan([[candidate('alpha', { settings: withOpportunity }), match]]);
    const row = recordOf(planned, 'Opportunity');
    expect(row.fields).toMatchObject({ Name: 'Visitor alpha', CloseDate: '2026-10-07', ...fields });
    expect(row.fields).not.toHaveProperty('ContactId');
    expect(row.references).toMatchObject(references);
  });

  it('is not made twice where the customer is one', () => {
    const { records } = plan([
      [candidate('alpha', { settings: withOpportunity }), { person: { kind: 'create', object: 'Opportunity' } }],
    ]);
    expect(records).toMatchObject([{ part: 'person', object: 'Opportunity' }]);
  });
});

describe('the record that a link names', () => {
  const settings = settingsWith({
    rules: { alsoCreate: 'Case' },
    rows: { Opportunity: [{ field: 'Description', from: 'page.name' }] },
  });
  const related = linked('Opportunity', OPPORTUNITY_ID, { Id: OPPORTUNITY_ID, Description: null });

  it('is changed as the mapping says, and no Case is made beside it', () => {
    const one = candidate('alpha', { settings });
    const planned = plan([[one, { person: foundContact(), related }]]);
    expect(planned.records).toMatchObject([
      { part: 'related', recordId: OPPORTUNITY_ID, fields: { Description: 'Product demo' } },
    ]);
    expect(planned.records[0]?.fields).not.toHaveProperty('Booking_Customer_Id__c');
    expect(decisionOf(planned, one).expected?.related).toEqual({ sobject: 'Opportunity', recordId: OPPORTUNITY_ID });
  });

  it('is not put on an Event that is there', () => {
    const one = candidate('alpha', { written: written(), state: { recordId: OPPORTUNITY_ID } });
    expect(plan([[one, { event: liveEvent(), person: foundPerson(), related }]]).events).toEqual([]);
  });
});
