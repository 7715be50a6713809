import {
  ACCOUNT_ID,
  candidate,
  CASE_ID,
  CONTACT_ID,
  LEAD_ID,
  OPPORTUNITY_ID,
  settingsWith,
} from '../../test/support/candidate';
import {
  account,
  caseRecord,
  contact,
  deleted,
  lead,
  matchAndFollow,
  matchOf,
  opportunity,
  PERSON_ORG,
  personAccount,
  personContact,
} from '../../test/support/match';
import { field, orgView } from '../../test/support/schema';
import type { Rules } from '../settings/rules';
import type { FoundRecord } from './match-types';

const ruled = (rules: Partial<Rules>) => ({ settings: settingsWith({ rules }) });
const hinted = (recordId: string, more = {}) => candidate('alpha', { state: { recordId }, ...more });
const withContact = { ContactId: CONTACT_ID };

describe('the record that the link names', () => {
  it.each<[string, string, FoundRecord]>([
    ['Account', ACCOUNT_ID, account()],
    ['Opportunity', OPPORTUNITY_ID, opportunity()],
    ['Case', CASE_ID, caseRecord()],
  ])('is an %s that the org has', (object, recordId, record) => {
    const records = { [object]: [record] };
    const related = { object, recordId, record, via: 'link' };
    expect(matchOf(hinted(recordId), records).related).toEqual(related);
    expect(matchOf(hinted(recordId.slice(0, 15)), records).related).toEqual(related);
    expect(matchOf(hinted(recordId)).related).toBeNull();
    expect(matchOf(hinted(recordId), { [object]: [deleted(record)] }).related).toBeNull();
  });

  it('is followed when it was merged', () => {
    const other = '500000000000002AAA';
    const { match: matched, read } = matchAndFollow(
      hinted(CASE_ID),
      { Case: [deleted(caseRecord(), other)] },
      { later: { Case: [caseRecord({ Id: other })] } },
    );
    expect(matched.related).toMatchObject({ object: 'Case', recordId: other, via: 'link' });
    expect(matched.steps).toContainEqual({
      step: 'Case by the record id of the booking link',
      outcome: `${CASE_ID}, merged into ${other}`,
    });
    expect(read).toHaveLength(1);
  });

  it('is no person', () => {
    expect(matchOf(hinted(CONTACT_ID), { Contact: [contact()] }).related).toBeNull();
    const { person, related } = matchOf(hinted(ACCOUNT_ID), { Account: [personAccount()] }, { org: PERSON_ORG });
    expect([person.kind, related]).toEqual(['found', null]);
  });
});

describe('the Contact of the Case or Opportunity that the link names', () => {
  it.each([
    ['Case', CASE_ID, caseRecord(withContact)],
    ['Opportunity', OPPORTUNITY_ID, opportunity(withContact)],
  ])('of a %s is the customer, whatever the customer id says', (object, recordId, record) => {
    const records = { [object]: [record], Lead: [lead({ Booking_Customer_Id__c: 'c-alpha' })] };
    const { match: matched, read } = matchAndFollow(hinted(recordId), records, { later: { Contact: [contact()] } });
    expect(matched.person).toMatchObject({ object: 'Contact', recordId: CONTACT_ID, via: 'related' });
    expect(matched.related).toMatchObject({ object, recordId });
    expect(read).toEqual([[{ sobject: 'Contact', ids: [CONTACT_ID] }]]);
  });

  it('costs no read when it came with the Case', () => {
    const org = orgView({
      fields: { Case: [field('ContactId', { type: 'reference', relationshipName: 'Contact' })] },
    });
    const record = caseRecord({ ...withContact, Contact: { attributes: { type: 'Contact' }, ...contact() } });
    const { match: matched, read } = matchAndFollow(hinted(CASE_ID), { Case: [record] }, { org });
    expect(matched.person).toMatchObject({ recordId: CONTACT_ID, via: 'related' });
    expect(read).toEqual([]);
  });

  it('is not believed when it has another e-mail: a colleague may have booked', () => {
    const records = {
      Case: [caseRecord(withContact)],
      Contact: [contact({ Email: 'somebody@else.test' })],
      Lead: [lead()],
    };
    const { person, related } = matchOf(hinted(CASE_ID), records);
    expect(person).toMatchObject({ recordId: LEAD_ID, via: 'email' });
    expect(related).toMatchObject({ recordId: CASE_ID });
  });

  it('may be the Contact of a Person Account', () => {
    const records = { Case: [caseRecord(withContact)], Contact: [personContact()], Account: [personAccount()] };
    expect(matchOf(hinted(CASE_ID), records, { org: PERSON_ORG }).person).toMatchObject({
      object: 'PersonAccount',
      recordId: ACCOUNT_ID,
      whoId: CONTACT_ID,
      via: 'related',
    });
  });

  it.each([
    [['Contact', 'Opportunity'] as const, 'Contact', CONTACT_ID],
    [['Opportunity', 'Contact'] as const, 'Opportunity', OPPORTUNITY_ID],
    [['Opportunity'] as const, 'Opportunity', OPPORTUNITY_ID],
  ])('or the Opportunity itself is the customer, by the search order %j', (searchOrder, object, recordId) => {
    const one = hinted(OPPORTUNITY_ID, ruled({ searchOrder: [...searchOrder] }));
    const records = { Opportunity: [opportunity(withContact)], Contact: [contact()] };
    const { person, related } = matchOf(one, records);
    expect(person).toMatchObject({ object, recordId });
    expect(related === null).toBe(object === 'Opportunity');
  });
});

describe('an unknown customer whose link names a related record', () => {
  it.each(['Lead', 'Opportunity'] as const)(
    'does not become a %s: the Event belongs to the record',
    (unknownCustomer) => {
      const one = hinted(CASE_ID, ruled({ unknownCustomer, searchOrder: ['Lead', 'Opportunity'] }));
      expect(matchOf(one, { Case: [caseRecord()] }).person).toEqual({
        kind: 'none',
        cause: `The link names the Case ${CASE_ID}: its Event belongs there, and cannot belong to a new ${unknownCustomer} as well.`,
      });
    },
  );

  it('becomes a Contact, who can stand beside it', () => {
    const one = hinted(CASE_ID, ruled({ unknownCustomer: 'Contact' }));
    expect(matchOf(one, { Case: [caseRecord()] }).person).toEqual({ kind: 'create', object: 'Contact' });
  });

  it('is still found as the Lead that he is', () => {
    const { person, related } = matchOf(hinted(CASE_ID), { Case: [caseRecord()], Lead: [lead()] });
    expect(person).toMatchObject({ object: 'Lead', recordId: LEAD_ID });
    expect(related).toMatchObject({ recordId: CASE_ID });
  });
});

describe.each([
  ['Case', CASE_ID, caseRecord],
  ['Opportunity', OPPORTUNITY_ID, opportunity],
] as const)('the %s that every booking gets', (object, recordId, made) => {
  const one = (more = {}) => candidate('alpha', { ...ruled({ alsoCreate: object }), ...more });
  const ours = { Booking_Id__c: 'cal:uid-alpha' };

  it('is found by booking id once it was made', () => {
    const { related, isRelatedDeleted, steps } = matchOf(one(), { [object]: [made(ours)] });
    expect(related).toMatchObject({ object, recordId, via: 'bookingId' });
    expect(isRelatedDeleted).toBe(false);
    expect(steps).toContainEqual({ step: `${object} by booking id cal:uid-alpha`, outcome: recordId });
  });

  it('is not there before', () => {
    expect(matchOf(one(), { [object]: [made({ Booking_Id__c: 'cal:uid-beta' })] })).toMatchObject({
      related: null,
      isRelatedDeleted: false,
    });
  });

  it('is known to have been deleted', () => {
    const { related, isRelatedDeleted, steps } = matchOf(one(), { [object]: [deleted(made(ours))] });
    expect([related, isRelatedDeleted]).toEqual([null, true]);
    expect(steps).toContainEqual({ step: `${object} by booking id cal:uid-alpha`, outcome: `${recordId}, deleted` });
  });

  it('gives way to the record that the link names', () => {
    const records = { Account: [account()], [object]: [made(ours)] };
    expect(matchOf(one({ state: { recordId: ACCOUNT_ID } }), records).related).toMatchObject({
      object: 'Account',
      via: 'link',
    });
  });

  it('is not looked for where the rules do not want it', () => {
    expect(matchOf(candidate(), { [object]: [made(ours)] }).related).toBeNull();
  });
});
