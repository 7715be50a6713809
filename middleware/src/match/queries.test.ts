import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customer } from '../../test/support/builders';
import { candidate, CONTACT_ID, HOST, LEAD_ID, settingsWith } from '../../test/support/candidate';
import { field, orgView } from '../../test/support/schema';
import { createFieldNames } from '../salesforce/field-names';
import { byName, objectSchemaFromDescribe } from '../salesforce/schema';
import type { Candidate } from './candidate';
import { queriesFor, type OrgView } from './queries';

const SHARED = join(__dirname, '../../../../shared/salesforce/describe');

function asked(candidates: Candidate[], org: OrgView = orgView(), knownHosts = new Set<string>()): Map<string, string> {
  return new Map(queriesFor(candidates, org, knownHosts).map(({ sobject, soql }) => [sobject, soql]));
}

const linkedTo = (recordId: string) => candidate('alpha', { state: { recordId } });

describe('queriesFor', () => {
  it('asks once per object, and for deleted records of Event only', () => {
    const queries = queriesFor([candidate('alpha'), candidate('beta')], orgView(), new Set());
    expect(queries.map(({ sobject, all }) => [sobject, all])).toEqual([
      ['Event', true],
      ['Lead', false],
      ['Contact', false],
      ['User', false],
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
      'SELECT Id,Email,LastModifiedDate,IsConverted,ConvertedContactId,Booking_Customer_Id__c FROM Lead WHERE ' +
        "Booking_Customer_Id__c IN ('c-alpha','c-beta') OR Email IN ('a@example.test','beta@example.test') OR " +
        "Id IN ('00Q000000000001EAA','00Q000000000002EAA')",
    );
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
            { field: 'Phone', from: 'customer.phone', when: 'onCreate' },
            { field: 'Title', from: 'answers.title', when: 'onlyIfEmpty' },
            { field: 'Gone__c', from: 'answers.gone' },
          ],
        },
      });
      const soql = asked([candidate('alpha', { settings })], orgView({ fields: { Lead: [field('Title')] } })).get(
        'Lead',
      );
      expect(soql).toContain(',Title ');
      expect(soql).not.toMatch(/Phone|Gone__c/);
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
      expect(queries.get('Lead')).toMatch(/WHERE Booking_Customer_Id__c IN \('c-alpha'\)/);
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
    expect(asked([candidate()]).get('Contact')).toMatch(/ ORDER BY LastModifiedDate DESC LIMIT 50$/);
    expect(asked([candidate('alpha'), candidate('beta')]).get('Contact')).not.toMatch(/LIMIT/);
  });

  describe('hosts', () => {
    it('asks for active standard users by e-mail and username, the fallback owner by his username too', () => {
      const settings = settingsWith({ rules: { fallbackOwner: 'Fallback@Example.com' } });
      expect(asked([candidate('alpha', { settings }), candidate('beta')]).get('User')).toBe(
        "SELECT Id,Email,Username,IsActive,UserType FROM User WHERE IsActive = true AND UserType = 'Standard' AND " +
          `(Email IN ('${HOST}','${HOST}.invalid','fallback@example.com','fallback@example.com.invalid') OR Username IN ('${HOST}','fallback@example.com'))`,
      );
    });

    it('does not ask for users that are known', () => {
      expect(asked([candidate()], orgView(), new Set([HOST])).has('User')).toBe(false);
      const other = candidate('beta', { event: { host: { id: null, email: 'other@example.com', name: null } } });
      expect(asked([candidate(), other], orgView(), new Set([HOST])).get('User')).toContain(
        "Email IN ('other@example.com','other@example.com.invalid') OR Username IN ('other@example.com')",
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

  (existsSync(SHARED) ? it : it.skip)('asks a plain org only for what its describes list', () => {
    const objects = ['Event', 'Lead', 'Contact', 'Account', 'Opportunity', 'Case'].map((sobject) =>
      objectSchemaFromDescribe(JSON.parse(readFileSync(join(SHARED, `${sobject}.json`), 'utf8'))),
    );
    const schema = { objects: byName(objects), stamp: null, readAt: '' };
    const hinted = candidate('alpha', { state: { recordId: '500000000000001AAA' } });
    for (const { sobject, soql } of queriesFor([hinted], { schema, names: createFieldNames(null) }, new Set())) {
      const [, fields = ''] = /^SELECT (\S+) FROM/.exec(soql) ?? [];
      for (const name of fields.split(',')) expect(schema.objects[sobject]?.fields[name]?.name).toBe(name);
    }
  });
});
