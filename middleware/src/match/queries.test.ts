import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customer } from '../../test/support/builders';
import {
  ACCOUNT_ID,
  candidate,
  CASE_ID,
  CONTACT_ID,
  EVENT_ID,
  HOST,
  LEAD_ID,
  settingsWith,
  written,
} from '../../test/support/candidate';
import { field, orgView } from '../../test/support/schema';
import { createFieldNames } from '../salesforce/field-names';
import { byName, objectSchemaFromDescribe } from '../salesforce/schema';
import type { Rules } from '../settings/rules';
import type { Candidate } from './candidate';
import type { Directory } from './match-types';
import { queriesFor, type OrgView } from './queries';

const MATCHED = ['Event', 'Lead', 'Contact', 'Account', 'Opportunity', 'Case'];
const GUEST = 'guest@example.test';
const { owner, existing } = settingsWith().rules;

const knowing = (...names: string[]): Directory => ({
  users: new Map(names.map((name) => [name, null])),
  queues: new Map([['known_queue', null]]),
});

function asked(candidates: Candidate[], org: OrgView = orgView(), directory = knowing()): Map<string, string> {
  return new Map(queriesFor(candidates, org, directory).map(({ sobject, soql }) => [sobject, soql]));
}

const linkedTo = (recordId: string) => candidate('alpha', { state: { recordId } });

describe('queriesFor', () => {
  it('asks once per object, and for deleted records too where they tell what became of them', () => {
    const queries = queriesFor([candidate('alpha'), candidate('beta')], orgView(), knowing());
    expect(queries.map(({ sobject, all }) => [sobject, all])).toEqual([
      ['Event', true],
      ['Lead', true],
      ['Contact', true],
      ['User', false],
    ]);
  });

  it('asks in the order in which things matter, for everything that the rules can want', () => {
    const settings = settingsWith({
      rules: {
        searchOrder: ['PersonAccount', 'Contact', 'Lead', 'Opportunity'],
        alsoCreate: 'Case',
        guests: 'invite',
        owner: { ...owner, Lead: { onCreate: { kind: 'queue', queue: 'New_Leads' }, onExisting: { kind: 'keep' } } },
      },
    });
    const one = candidate('alpha', { settings, event: { guests: [{ email: GUEST }] }, written: written() });
    const queries = queriesFor([one], orgView({ personAccounts: true }), knowing());
    expect(queries.map(({ sobject }) => sobject)).toEqual([
      'Event',
      'Lead',
      'Contact',
      'Account',
      'Opportunity',
      'Case',
      'User',
      'Group',
      'EventRelation',
    ]);
  });

  it('asks for Events by booking id, without the copies that invitees have', () => {
    expect(asked([candidate('alpha'), candidate('beta')]).get('Event')).toBe(
      'SELECT Id,WhoId,WhatId,OwnerId,IsDeleted,StartDateTime,EndDateTime,IsAllDayEvent,Booking_Id__c,Subject,Location,' +
        'Description,Event_Status__c,Cancel_Reschedule_Reason__c,Meeting_Type__c,Campaign__c,Booking_Source__c ' +
        "FROM Event WHERE IsChild = false AND Booking_Id__c IN ('cal:uid-alpha','cal:uid-beta')",
    );
  });

  it('asks for people by customer id, e-mail, and the ids that links and our memory name', () => {
    const hinted = candidate('alpha', {
      state: { recordId: LEAD_ID },
      event: { customer: customer('A@Example.test') },
    });
    const linked = candidate('beta', { link: { sobject: 'Lead', recordId: '00Q000000000002EAA' } });
    expect(asked([hinted, linked]).get('Lead')).toBe(
      'SELECT Id,OwnerId,LastModifiedDate,IsDeleted,MasterRecordId,Email,IsConverted,ConvertedContactId,' +
        'ConvertedAccountId,Booking_Customer_Id__c FROM Lead WHERE ((IsDeleted = false OR MasterRecordId != null) ' +
        "AND Booking_Customer_Id__c IN ('c-alpha','c-beta')) OR " +
        "(IsDeleted = false AND Email IN ('a@example.test','beta@example.test')) OR " +
        "Id IN ('00Q000000000001EAA','00Q000000000002EAA')",
    );
  });

  it('never asks for deleted records by what several may share, and only for them where it can tell them apart', () => {
    const queries = queriesFor([candidate()], orgView({ without: ['Lead.IsDeleted'] }), knowing());
    const [, lead, contact] = queries;
    expect(lead).toMatchObject({ sobject: 'Lead', all: false });
    expect(lead?.soql).not.toContain('IsDeleted');
    expect(contact).toMatchObject({ sobject: 'Contact', all: true });
    expect(contact?.soql).toContain(' OR (IsDeleted = false AND Email IN (');
  });

  it('does not ask by a field that the org does not filter by', () => {
    const org = orgView({ fields: { Lead: [field('Email', { type: 'email', filterable: false })] } });
    expect(asked([candidate()], org).get('Lead')).not.toContain('Email IN');
  });

  it('names the fields of the package with its namespace', () => {
    const queries = asked([candidate()], orgView({ namespace: 'bkconn' }));
    expect(queries.get('Event')).toContain("bkconn__Booking_Id__c IN ('cal:uid-alpha')");
    expect(queries.get('Event')).toContain(',bkconn__Event_Status__c,');
    expect(queries.get('Lead')).toContain("bkconn__Booking_Customer_Id__c IN ('c-alpha')");
  });

  describe('built from settings and schema', () => {
    it.each([
      ['a field of the match', ['Event.Location', 'Lead.ConvertedContactId'], /Location|ConvertedContactId/],
      ['the customer id', ['Lead.Booking_Customer_Id__c', 'Contact.Booking_Customer_Id__c'], /Booking_Customer_Id__c/],
      ['the mark of child Events', ['Event.IsChild'], /IsChild/],
    ])('does not ask for %s where the user may not see it', (_title, without, field) => {
      for (const soql of asked([candidate()], orgView({ without })).values()) expect(soql).not.toMatch(field);
    });

    it.each(['Lead', 'Contact', 'User'])('does not ask for %s where the user may not see it', (sobject) => {
      expect(asked([candidate()], orgView({ without: [sobject] })).has(sobject)).toBe(false);
    });

    it.each([
      [
        'the booking id',
        'Event.Booking_Id__c',
        "FROM Event WHERE IsChild = false AND Booking_Id__c IN ('cal:uid-alpha')",
      ],
      ['Event', 'Event', "SELECT Id FROM Event WHERE Booking_Id__c IN ('cal:uid-alpha')"],
    ])('asks for %s all the same: the answer stops the lane with its cause', (_title, without, end) => {
      const soql = asked([candidate()], orgView({ without: [without] })).get('Event') ?? '';
      expect(soql.slice(-end.length)).toBe(end);
    });

    it('asks for mapped fields that are compared, not for those that are written on create only', () => {
      const settings = settingsWith({
        rows: {
          Lead: [
            { field: 'MobilePhone', from: 'customer.phone', when: 'onCreate' },
            { field: 'Title', from: 'answers.title', when: 'onlyIfEmpty' },
            { field: 'Gone__c', from: 'answers.gone' },
          ],
        },
      });
      const soql = asked([candidate('alpha', { settings })], orgView({ fields: { Lead: [field('Title')] } })).get(
        'Lead',
      );
      expect(soql).toContain(',Title ');
      expect(soql).not.toMatch(/MobilePhone|Gone__c/);
    });

    it.each(['leave', 'fillEmpty', 'overwrite'] as const)('asks for what the rule %s compares', (rule) => {
      const settings = settingsWith({ rules: { existing: { ...existing, Lead: rule } } });
      const queries = asked([candidate('alpha', { settings })]);
      const compares = rule !== 'leave';
      expect([...(queries.get('Lead')?.matchAll(/,(?:FirstName|LastName|Phone|Company)\b/g) ?? [])]).toHaveLength(
        compares ? 4 : 0,
      );
      expect(queries.get('Contact')).not.toContain('FirstName');
    });

    it('looks into the objects of the search order only, but follows what a link names', () => {
      const settings = settingsWith({ rules: { searchOrder: ['Lead'] } });
      expect(asked([candidate('alpha', { settings })]).has('Contact')).toBe(false);
      const hinted = candidate('alpha', { settings, state: { recordId: CONTACT_ID } });
      expect(asked([hinted]).get('Contact')).toMatch(/ WHERE Id IN \('003000000000001AAA'\)/);
    });
  });

  describe('never asks IN ()', () => {
    it('when nobody has an e-mail and nothing is linked', () => {
      const nobody = candidate('alpha', { state: { customer: null, host: null } });
      const queries = asked([nobody]);
      expect([...queries.keys()]).toEqual(['Event', 'Lead', 'Contact']);
      expect(queries.get('Lead')).toContain(
        "WHERE ((IsDeleted = false OR MasterRecordId != null) AND Booking_Customer_Id__c IN ('c-alpha'))",
      );
      for (const soql of queries.values()) expect(soql).not.toMatch(/IN \(\)/);
    });

    it('when there is nothing at all to ask for', () => {
      const nobody = candidate('alpha', { state: { customer: null, host: null } });
      const org = orgView({ without: ['Lead.Booking_Customer_Id__c', 'Contact.Booking_Customer_Id__c'] });
      expect([...asked([nobody], org).keys()]).toEqual(['Event']);
    });
  });

  it.each([
    ["o'brien@example.test", String.raw`Email IN ('o\'brien@example.test')`],
    [String.raw`a\'b@example.test`, String.raw`Email IN ('a\\\'b@example.test')`],
    ["x'+OR+Name+LIKE+'%@example.test", String.raw`Email IN ('x\'+or+name+like+\'%@example.test')`],
    ['"quoted"@example.test', String.raw`Email IN ('\"quoted\"@example.test')`],
  ])('quotes the e-mail %s', (email, condition) => {
    expect(asked([candidate('alpha', { event: { customer: customer(email) } })]).get('Lead')).toContain(condition);
  });

  it('does not ask for an e-mail that is none', () => {
    const soql = asked([candidate('alpha', { event: { customer: customer('not an address') } })]).get('Lead');
    expect(soql).not.toContain('Email IN');
  });

  it('asks for the records of one booking alone in bounds: thousands may have its e-mail, and it must not stop others', () => {
    expect(asked([candidate()]).get('Contact')).toMatch(
      / ORDER BY Booking_Customer_Id__c DESC NULLS LAST, LastModifiedDate DESC LIMIT 50$/,
    );
    expect(asked([candidate('alpha'), candidate('beta')]).get('Contact')).not.toMatch(/LIMIT/);
  });

  describe('phone numbers', () => {
    const caller = (matchPhone: boolean) =>
      candidate('alpha', {
        settings: settingsWith({ rules: { matchPhone } }),
        event: { customer: customer('a@example.test', { phone: '4155550142' }) },
      });

    it('asks for the usual spellings in two fields when the rules say so', () => {
      expect(asked([caller(true)]).get('Lead')).toContain(
        "Phone IN ('4155550142','415-555-0142','415 555 0142','(415) 555-0142') OR MobilePhone IN ('4155550142',",
      );
      expect(asked([caller(false)]).get('Lead')).not.toContain('Phone');
    });
  });

  describe('Accounts', () => {
    const personOrg = orgView({ personAccounts: true });
    const newContact = (
      contactAccount: Rules['contactAccount'],
      unknownCustomer: Rules['unknownCustomer'] = 'Contact',
    ) => candidate('alpha', { settings: settingsWith({ rules: { contactAccount, unknownCustomer } }) });

    it('asks for Person Accounts where they are looked for and the org has them', () => {
      const settings = settingsWith({ rules: { searchOrder: ['PersonAccount', 'Lead'] } });
      const one = candidate('alpha', { settings });
      expect(asked([one], personOrg).get('Account')).toContain(
        "AND Booking_Customer_Id__c IN ('c-alpha')) OR (IsDeleted = false AND PersonEmail IN ('alpha@example.test'))",
      );
      expect(asked([one], personOrg).get('Account')).toMatch(
        /^SELECT [^ ]*IsPersonAccount,PersonContactId,PersonEmail/,
      );
      expect(asked([one]).has('Account')).toBe(false);
      expect(asked([candidate()], personOrg).has('Account')).toBe(false);
    });

    it.each([
      ['companyName', "WHERE (IsDeleted = false AND Name IN ('Example Offices KK'))"],
      ['create', "WHERE (IsDeleted = false AND Name IN ('Example Offices KK'))"],
      ['emailDomain', "Website IN ('example.test','www.example.test','https://example.test',"],
    ] as const)('asks for the Account of a new Contact by the rule %s', (rule, condition) => {
      expect(asked([newContact(rule)]).get('Account')).toContain(condition);
    });

    it('does not ask when nobody would get an Account', () => {
      expect(asked([newContact('none'), newContact('create', 'Lead')]).has('Account')).toBe(false);
    });
  });

  describe('Opportunities and Cases', () => {
    it('asks for clients by customer id, booking id and name', () => {
      const settings = settingsWith({ rules: { searchOrder: ['Opportunity'], unknownCustomer: 'Opportunity' } });
      const customerOf = customer('a@example.test', { name: '  Anna\n Berg ' });
      const one = candidate('alpha', { settings, event: { customer: customerOf } });
      expect(asked([one, candidate('beta')]).get('Opportunity')).toBe(
        'SELECT Id,OwnerId,LastModifiedDate,IsDeleted,Name,AccountId,ContactId,Booking_Customer_Id__c,Booking_Id__c ' +
          "FROM Opportunity WHERE (IsDeleted = false AND (Booking_Customer_Id__c IN ('c-alpha') OR " +
          "Name IN ('Anna Berg'))) OR Booking_Id__c IN ('cal:uid-alpha')",
      );
    });

    it.each(['Case', 'Opportunity'] as const)(
      'asks for the %s that was made for a booking, deleted or not',
      (object) => {
        const settings = settingsWith({ rules: { alsoCreate: object } });
        const queries = queriesFor([candidate('alpha', { settings })], orgView(), knowing());
        const query = queries.find(({ sobject }) => sobject === object);
        expect(query?.all).toBe(true);
        expect(query?.soql).toMatch(/ WHERE Booking_Id__c IN \('cal:uid-alpha'\)$/);
        expect(queries.map(({ sobject }) => sobject)).not.toContain(object === 'Case' ? 'Opportunity' : 'Case');
      },
    );

    it('takes the Contact of a linked Case with it, where the org tells how it is called', () => {
      const relation = field('ContactId', { type: 'reference', relationshipName: 'Contact' });
      const queries = asked([linkedTo(CASE_ID)], orgView({ fields: { Case: [relation] } }));
      expect(queries.get('Case')).toContain(',Contact.Id,Contact.OwnerId,Contact.LastModifiedDate,');
      expect(asked([linkedTo(CASE_ID)]).get('Case')).not.toContain('Contact.');
    });
  });

  describe('what a duplicate rule named', () => {
    it.each([
      ['Contact', CONTACT_ID],
      ['Account', ACCOUNT_ID],
      ['PersonAccount', ACCOUNT_ID],
    ])('is asked for by its id: %s', (sobject, recordId) => {
      const queries = asked([candidate('alpha', { adopted: { sobject, recordId } })]);
      expect(queries.get(sobject === 'Contact' ? 'Contact' : 'Account')).toContain(`Id IN ('${recordId}')`);
    });
  });

  describe('guests', () => {
    const inviting = (more = {}) =>
      candidate('alpha', {
        settings: settingsWith({ rules: { guests: 'invite', searchOrder: ['Lead'] } }),
        event: { guests: [{ email: GUEST }] },
        ...more,
      });

    it('are asked for as users, Contacts and Leads, whatever the search order', () => {
      const queries = asked([inviting()]);
      expect(queries.get('User')).toContain(`'${GUEST}'`);
      expect(queries.get('Lead')).toContain(`Email IN ('alpha@example.test','${GUEST}')`);
      expect(queries.get('Contact')).toContain(`WHERE (IsDeleted = false AND Email IN ('${GUEST}'))`);
    });

    it('have their invitations asked for when we know the Event', () => {
      expect(asked([inviting({ written: written() })]).get('EventRelation')).toBe(
        `SELECT Id,EventId,RelationId FROM EventRelation WHERE EventId IN ('${EVENT_ID}')`,
      );
      expect(asked([inviting()]).has('EventRelation')).toBe(false);
      expect(asked([candidate('alpha', { written: written() })]).has('EventRelation')).toBe(false);
      const org = orgView({ without: ['EventRelation'] });
      expect(asked([inviting({ written: written() })], org).has('EventRelation')).toBe(false);
    });
  });

  describe('queues', () => {
    const toQueue = (queue: string) =>
      candidate('alpha', {
        settings: settingsWith({
          rules: { owner: { ...owner, Case: { onCreate: { kind: 'queue', queue }, onExisting: { kind: 'keep' } } } },
        }),
      });

    it('are asked for by developer name until they are known', () => {
      expect(asked([toQueue('Support')]).get('Group')).toBe(
        "SELECT Id,DeveloperName FROM Group WHERE Type = 'Queue' AND DeveloperName IN ('support')",
      );
      expect(asked([toQueue('Known_Queue')]).has('Group')).toBe(false);
      expect(asked([toQueue('Support')], orgView({ without: ['Group'] })).has('Group')).toBe(false);
    });
  });

  describe('hosts', () => {
    it('asks for active standard users by e-mail and username, the fallback owner by his username too', () => {
      const settings = settingsWith({ rules: { fallbackOwner: 'Fallback@Example.com' } });
      expect(asked([candidate('alpha', { settings }), candidate('beta')]).get('User')).toBe(
        "SELECT Id,Email,Username,IsActive,UserType FROM User WHERE IsActive = true AND UserType = 'Standard' AND " +
          `(Email IN ('${HOST}','${HOST}.invalid','fallback@example.com','fallback@example.com.invalid') OR ` +
          `Username IN ('${HOST}','${HOST}.invalid','fallback@example.com','fallback@example.com.invalid'))`,
      );
    });

    it('does not ask for users that are known', () => {
      expect(asked([candidate()], orgView(), knowing(HOST)).has('User')).toBe(false);
      const other = candidate('beta', { event: { host: { id: null, email: 'other@example.com', name: null } } });
      expect(asked([candidate(), other], orgView(), knowing(HOST)).get('User')).toContain(
        "Email IN ('other@example.com','other@example.com.invalid') OR Username IN ('other@example.com','other@example.com.invalid')",
      );
    });
  });

  describe('the record id of a link', () => {
    it.each([
      ['Lead', '00Q000000000001EAA'],
      ['Lead', '00Q000000000001'],
      ['Contact', '003000000000001AAA'],
      ['Account', '001000000000001'],
      ['Opportunity', '006000000000001AAA'],
      ['Case', '500000000000001AAA'],
    ])('goes to %s by its key prefix: %s', (sobject, recordId) => {
      const queries = asked([linkedTo(recordId)]);
      const holding = [...queries].filter(([, soql]) => soql.includes(recordId)).map(([object]) => object);
      expect(holding).toEqual([sobject]);
    });

    it.each([
      ['of an object that nobody asks for', '00T000000000001AAA'],
      ['of a user', '005000000000009AAA'],
      ['too short', '00Q00000000001'],
      ['too long', '00Q000000000001EAAA'],
      ['of 16 characters', '00Q000000000001A'],
      ['no letters and digits', "00Q' OR Name != '"],
      ['a line break behind it', '00Q000000000001EAA\n'],
      ['empty', ''],
    ])('does not reach SOQL when it is %s', (_title, recordId) => {
      const queries = asked([linkedTo(recordId)]);
      expect([...queries.keys()]).toEqual(['Event', 'Lead', 'Contact', 'User']);
      for (const soql of queries.values()) expect(soql).not.toMatch(/\bId IN /);
    });

    it.each(['', 'Lead'])('nor does one of our own memory that is none: %j', (recordId) => {
      const soql = asked([candidate('alpha', { link: { sobject: 'Lead', recordId } })]).get('Lead');
      expect(soql).not.toMatch(/ OR Id IN /);
    });
  });

  describe.each([
    ['the recorded describes of the project', join(__dirname, '../../test/fixtures/salesforce/describe')],
    ['all recorded describes', join(__dirname, '../../../../shared/salesforce/describe')],
  ])('%s', (_title, folder) => {
    const files = existsSync(folder)
      ? MATCHED.map((sobject) => [sobject, join(folder, `${sobject}.json`)] as const)
      : [];
    const there = files.filter(([, file]) => existsSync(file));
    (there.length > 0 ? it : it.skip)('list every field that a plain org is asked for', () => {
      const objects = there.map(([, file]) => objectSchemaFromDescribe(JSON.parse(readFileSync(file, 'utf8'))));
      const org = { schema: { objects: byName(objects), stamp: null, readAt: '' }, names: createFieldNames(null) };
      const settings = settingsWith({
        rules: {
          searchOrder: ['PersonAccount', 'Contact', 'Lead', 'Opportunity'],
          matchPhone: true,
          alsoCreate: 'Case',
        },
      });
      const hinted = candidate('alpha', { settings, state: { recordId: '500000000000001AAA' } });
      const queries = queriesFor([hinted], org, knowing());
      expect(queries.length).toBeGreaterThanOrEqual(2);
      for (const { sobject, soql } of queries) {
        const [, fields = ''] = /^SELECT (\S+) FROM/.exec(soql) ?? [];
        for (const name of fields.split(',')) {
          const [first, nested] = name.split('.');
          const field =
            nested === undefined
              ? org.schema.objects[sobject]?.fields[name]
              : org.schema.objects[String(first)]?.fields[nested];
          expect(field?.name).toBe(nested ?? name);
        }
      }
    });
  });
});
