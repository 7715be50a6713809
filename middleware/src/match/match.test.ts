import { customer } from '../../test/support/builders';
import {
  candidate,
  CONTACT_ID,
  EVENT_ID,
  found,
  HOST_ID,
  LEAD_ID,
  OPPORTUNITY_ID,
  settingsWith,
} from '../../test/support/candidate';
import { contact, converted, EMAIL, lead, matchOf, opportunity } from '../../test/support/match';
import { orgView } from '../../test/support/schema';
import type { Rules } from '../settings/rules';
import type { Candidate } from './candidate';
import { match } from './match';
import type { FoundRecord } from './match-types';

const OTHER_CONTACT_ID = '003000000000002AAA';
const OTHER_LEAD_ID = '00Q000000000002EAA';
const NOBODY = { users: new Map<string, string | null>(), queues: new Map<string, string | null>() };

const personOf = (one: Candidate, records: Record<string, FoundRecord[]> = {}) => matchOf(one, records).person;
const hinted = (recordId: string, more = {}) => candidate('alpha', { state: { recordId }, ...more });
const linked = (sobject: string, recordId: string, more = {}) =>
  candidate('alpha', { link: { sobject, recordId }, ...more });
const ruled = (rules: Partial<Rules>) => ({ settings: settingsWith({ rules }) });
const calling = (phone: string, rules: Partial<Rules> = { matchPhone: true }) =>
  candidate('alpha', { event: { customer: customer(EMAIL, { phone }) }, ...ruled(rules) });

describe('match finds the customer', () => {
  const byCustomerId = contact({ Id: OTHER_CONTACT_ID, Email: null, Booking_Customer_Id__c: 'c-alpha' });
  const byLink = lead({ Id: OTHER_LEAD_ID, Email: null });
  const clients = ruled({ searchOrder: ['Contact', 'Lead', 'Opportunity'], matchPhone: true });
  const PHONE = '+81 90-1234-5678';
  const caller = { event: { customer: customer(EMAIL, { phone: PHONE, name: 'Anna Berg' }) }, ...clients };
  const byPhone = lead({ Id: OTHER_LEAD_ID, Email: 'else@example.test', Phone: '090-1234-5678' });

  // Each row has what the next step would lead to as well: the order is what is told apart.
  it.each<[string, Candidate, Record<string, FoundRecord[]>, string, string]>([
    ['by the record id of the link', hinted(CONTACT_ID), { Contact: [contact(), byCustomerId] }, CONTACT_ID, 'link'],
    ['by a record id of 15 characters', hinted('003000000000001'), { Contact: [contact()] }, CONTACT_ID, 'link'],
    [
      'by customer id before our stored link',
      linked('Lead', OTHER_LEAD_ID),
      { Contact: [byCustomerId, contact()], Lead: [byLink] },
      OTHER_CONTACT_ID,
      'customerId',
    ],
    [
      'by our stored link before what a duplicate rule named',
      linked('Lead', OTHER_LEAD_ID, { adopted: { sobject: 'Contact', recordId: CONTACT_ID } }),
      { Contact: [contact()], Lead: [byLink] },
      OTHER_LEAD_ID,
      'storedLink',
    ],
    [
      'by what a duplicate rule named before the e-mail',
      candidate('alpha', { adopted: { sobject: 'Contact', recordId: OTHER_CONTACT_ID } }),
      { Contact: [contact(), contact({ Id: OTHER_CONTACT_ID, Email: null })] },
      OTHER_CONTACT_ID,
      'duplicateRule',
    ],
    [
      'by e-mail before the phone number',
      candidate('alpha', caller),
      { Contact: [contact()], Lead: [byPhone] },
      CONTACT_ID,
      'email',
    ],
    [
      'by phone number before the name of an Opportunity',
      candidate('alpha', caller),
      { Lead: [byPhone], Opportunity: [opportunity({ Name: 'Anna Berg' })] },
      OTHER_LEAD_ID,
      'phone',
    ],
    [
      'by the name of an Opportunity before making a new one',
      candidate('alpha', caller),
      { Opportunity: [opportunity({ Name: ' anna  BERG' })] },
      OPPORTUNITY_ID,
      'name',
    ],
    [
      'by e-mail, whatever its case',
      candidate('alpha', { event: { customer: customer(' Alpha@Example.TEST ') } }),
      { Lead: [lead({ Email: 'ALPHA@example.test' })] },
      LEAD_ID,
      'email',
    ],
  ])('%s', (_title, one, records, recordId, via) => {
    expect(personOf(one, records)).toMatchObject({ kind: 'found', recordId, via });
  });

  it('else makes a new one, and says every step on the way', () => {
    const { person, steps } = matchOf(candidate());
    expect(person).toEqual({ kind: 'create', object: 'Lead' });
    expect(steps).toEqual([
      { step: 'Event by booking id cal:uid-alpha', outcome: 'none' },
      { step: 'by the record id of the booking link', outcome: 'the booking has none' },
      { step: 'Contact, Lead by the external customer id c-alpha', outcome: 'none' },
      { step: 'by the record this customer was linked to before', outcome: 'there is none' },
      { step: 'Contact, Lead by the e-mail', outcome: 'none' },
      { step: 'unknown customer', outcome: 'a new Lead' },
      { step: 'owner: the host as an active user', outcome: HOST_ID },
    ]);
  });

  it('says that it could not look where the user may not see an object', () => {
    const org = orgView({ without: ['Contact'] });
    expect(matchOf(candidate(), {}, { org }).steps).toContainEqual({
      step: 'Contact',
      outcome: 'not looked for: the org has no such records, or the user may not see them',
    });
  });

  it.each(['Lead', 'Contact', 'PersonAccount', 'Opportunity'] as const)(
    'makes a new %s when the rules say so',
    (object) => {
      expect(personOf(candidate('alpha', ruled({ unknownCustomer: object })))).toEqual({ kind: 'create', object });
    },
  );

  it('makes nobody when the rules say so, and finds whom it knows', () => {
    const one = candidate('alpha', ruled({ unknownCustomer: 'None' }));
    expect(personOf(one)).toEqual({ kind: 'none', cause: 'The rules make nobody of an unknown customer.' });
    expect(personOf(one, { Lead: [lead()] })).toMatchObject({ kind: 'found', recordId: LEAD_ID });
  });

  it('does not take somebody without an e-mail for somebody else without one', () => {
    const nobody = candidate('alpha', { state: { customer: null } });
    expect(personOf(nobody, { Contact: [contact({ Email: null })] })).toMatchObject({ kind: 'create' });
  });

  it('by a repointed customer id, before the record it was on and our link', () => {
    const records = {
      Contact: [byCustomerId, contact({ Booking_Customer_Id__c: null })],
    };
    expect(personOf(linked('Contact', CONTACT_ID), records)).toMatchObject({
      recordId: OTHER_CONTACT_ID,
      via: 'customerId',
      isKeyTaken: false,
    });
  });

  it('does not follow our link to an object that is not looked for any more', () => {
    const one = linked('Lead', LEAD_ID, ruled({ searchOrder: ['Contact'], unknownCustomer: 'Contact' }));
    const { person, steps } = matchOf(one, { Lead: [lead()] });
    expect(person).toEqual({ kind: 'create', object: 'Contact' });
    expect(steps).toContainEqual({
      step: 'by the record this customer was linked to before',
      outcome: 'a Lead, which is not looked for',
    });
  });

  describe('by a link only as far as nothing contradicts it', () => {
    it.each([
      ['the record has another e-mail', contact({ Email: 'somebody@else.test' }), 'create'],
      ['the record has the same e-mail in another case', contact({ Email: 'ALPHA@Example.test' }), 'found'],
      ['the record has no e-mail', contact({ Email: null }), 'found'],
    ])('%s', (_title, record, kind) => {
      expect(personOf(hinted(CONTACT_ID), { Contact: [record] }).kind).toBe(kind);
    });

    it('goes on to the e-mail when the link is not believed, and says so', () => {
      const records = { Contact: [contact({ Email: 'somebody@else.test' }), contact({ Id: OTHER_CONTACT_ID })] };
      const { person, steps } = matchOf(hinted(CONTACT_ID), records);
      expect(person).toMatchObject({ recordId: OTHER_CONTACT_ID, via: 'email' });
      expect(steps).toContainEqual({
        step: `Contact ${CONTACT_ID} of the booking link`,
        outcome: 'not believed: it has another e-mail',
      });
    });

    it('does not believe an id that no record has', () => {
      expect(personOf(hinted('003000000000009AAA'), { Contact: [contact({ Email: null })] }).kind).toBe('create');
    });

    it.each([
      ['a user that was read as a host', HOST_ID],
      ['an Event', EVENT_ID],
    ])('nor one of %s', (_title, recordId) => {
      const { person, related, steps } = matchOf(hinted(recordId), { User: [{ Id: HOST_ID }] });
      expect([person.kind, related]).toEqual(['create', null]);
      expect(steps).toContainEqual({
        step: 'by the record id of the booking link',
        outcome: 'it is of no object that is looked for',
      });
    });

    it('also to an object that the search order leaves out', () => {
      const one = hinted(CONTACT_ID, ruled({ searchOrder: ['Lead'] }));
      expect(personOf(one, { Contact: [contact()] })).toMatchObject({ recordId: CONTACT_ID, via: 'link' });
    });
  });

  it.each([
    ['which is free', contact({ Email: null }), [], false],
    ['which it carries itself', contact({ Booking_Customer_Id__c: 'c-alpha' }), [], false],
    [
      'which another record carries',
      contact({ Email: null }),
      [contact({ Id: OTHER_CONTACT_ID, Booking_Customer_Id__c: 'c-alpha' })],
      true,
    ],
  ])('by a link, and tells whether it can have the customer id, %s', (_title, record, others, isKeyTaken) => {
    expect(personOf(hinted(CONTACT_ID), { Contact: [record, ...others] })).toMatchObject({
      recordId: CONTACT_ID,
      isKeyTaken,
    });
  });

  it('tells what an Event needs of it', () => {
    const records = { Contact: [contact({ AccountId: '001000000000009AAA' })] };
    expect(personOf(candidate(), records)).toMatchObject({ whoId: CONTACT_ID, accountId: '001000000000009AAA' });
    expect(personOf(candidate(), { Lead: [lead()] })).toMatchObject({ whoId: LEAD_ID, accountId: null });
  });

  describe('by phone number', () => {
    it.each([
      ['in the form of its country', '+81 90-1234-5678', '09012345678', 'found'],
      ['with its country', '+81 90-1234-5678', '+81 (90) 1234 5678', 'found'],
      ['without a country, letter by letter', '090-1234-5678', '090 1234 5678', 'found'],
      ['of another country', '090-1234-5678', '+81 90 1234 5678', 'create'],
      ['of somebody else', '+81 90-1234-5678', '090-1234-5679', 'create'],
      ['that everybody has whose number is unknown', '123-456-7890', '1234567890', 'create'],
    ])('%s: %s and %s', (_title, typed, there, kind) => {
      const records = { Lead: [lead({ Email: null, MobilePhone: there })] };
      expect(personOf(calling(typed), records).kind).toBe(kind);
    });

    it('only when the rules say so', () => {
      const records = { Lead: [lead({ Email: null, Phone: '09012345678' })] };
      expect(personOf(calling('090-1234-5678', { matchPhone: false }), records).kind).toBe('create');
      expect(personOf(calling('090-1234-5678'), records)).toMatchObject({ via: 'phone' });
    });

    it('says so when there is none', () => {
      expect(matchOf(calling('none')).steps).toContainEqual({
        step: 'by the phone number',
        outcome: 'the booking has none that could be somebody’s own',
      });
    });
  });

  describe('who is an Opportunity', () => {
    const client = ruled({ searchOrder: ['Opportunity'], unknownCustomer: 'Opportunity' });
    const anna = (more = {}) => candidate('alpha', { ...client, ...more });

    it.each<[string, Record<string, FoundRecord[]>, unknown]>([
      [
        'by customer id',
        { Opportunity: [opportunity({ Name: 'x', Booking_Customer_Id__c: 'c-alpha' })] },
        'customerId',
      ],
      [
        'made for this very booking',
        { Opportunity: [opportunity({ Name: 'x', Booking_Id__c: 'cal:uid-alpha' })] },
        'customerId',
      ],
      ['by name', { Opportunity: [opportunity({ Name: 'VISITOR ALPHA' })] }, 'name'],
    ])('%s', (_title, records, via) => {
      expect(personOf(anna(), records)).toMatchObject({
        object: 'Opportunity',
        recordId: OPPORTUNITY_ID,
        whoId: null,
        isKeyTaken: false,
        via,
      });
    });

    it('and may share its customer id', () => {
      const [one, two] = ['006000000000001AAA', '006000000000002AAA'].map((Id) =>
        opportunity({ Id, Booking_Customer_Id__c: 'c-alpha' }),
      ) as [FoundRecord, FoundRecord];
      const { person, related } = matchOf(anna({ state: { recordId: OPPORTUNITY_ID } }), { Opportunity: [one, two] });
      expect(person).toMatchObject({ object: 'Opportunity', recordId: OPPORTUNITY_ID, isKeyTaken: false, via: 'link' });
      expect(related).toBeNull();
    });

    it('else a new one', () => {
      expect(personOf(anna())).toEqual({ kind: 'create', object: 'Opportunity' });
    });
  });

  describe('among several', () => {
    const two = [
      contact({ Id: OTHER_CONTACT_ID, LastModifiedDate: '2026-09-03T00:00:00.000+0000' }),
      contact({ LastModifiedDate: '2026-09-02T00:00:00.000+0000' }),
    ];
    const latest = ruled({ ambiguous: 'mostRecentlyModified' });

    it('equally good: a human has to choose', () => {
      expect(personOf(candidate(), { Contact: two, Lead: [lead()] })).toEqual({
        kind: 'ambiguous',
        object: 'Contact',
        recordIds: [CONTACT_ID, OTHER_CONTACT_ID],
        via: 'email',
      });
    });

    it.each([[two], [[...two].reverse()]])('the one changed last, when the settings say so', (records) => {
      expect(personOf(candidate('alpha', latest), { Contact: records })).toMatchObject({
        kind: 'found',
        recordId: OTHER_CONTACT_ID,
      });
    });

    it('the same one in whatever order they were read, when they were changed together', () => {
      const same = two.map((record) => ({ ...record, LastModifiedDate: '2026-09-02T00:00:00.000+0000' }));
      const [one, other] = [same, [...same].reverse()].map((records) =>
        personOf(candidate('alpha', latest), { Contact: records }),
      );
      expect(one).toEqual(other);
    });

    it('takes two Leads that became one Contact for that Contact', () => {
      const leads = [
        converted({ Booking_Customer_Id__c: 'c-alpha' }),
        converted({ Id: OTHER_LEAD_ID, Booking_Customer_Id__c: 'c-alpha' }),
      ];
      const person = personOf(candidate(), { Lead: leads, Contact: [contact({ Email: null })] });
      expect(person).toMatchObject({ kind: 'found', recordId: CONTACT_ID });
    });

    it.each([
      [['Contact', 'Lead'] as const, CONTACT_ID],
      [['Lead', 'Contact'] as const, LEAD_ID],
      [['Lead'] as const, LEAD_ID],
    ])('of several objects by the search order %j', (searchOrder, recordId) => {
      const one = candidate('alpha', ruled({ searchOrder: [...searchOrder] }));
      expect(personOf(one, { Contact: [contact()], Lead: [lead()] })).toMatchObject({ kind: 'found', recordId });
    });

    it('believes a stronger sign in the second object before a weaker one in the first', () => {
      const records = { Contact: [contact()], Lead: [lead({ Booking_Customer_Id__c: 'c-alpha' })] };
      expect(personOf(candidate(), records)).toMatchObject({ recordId: LEAD_ID, via: 'customerId' });
    });
  });

  it('of each booking by itself', () => {
    const [one, other] = [candidate('alpha'), candidate('beta')];
    const { matches } = match([one, other], found({ Contact: [contact()] }), NOBODY, orgView());
    expect(matches.get(one.booking.id)?.person).toMatchObject({ kind: 'found', recordId: CONTACT_ID });
    expect(matches.get(other.booking.id)?.person).toEqual({ kind: 'create', object: 'Lead' });
  });
});

describe('match finds the Event', () => {
  const event = (more: FoundRecord = {}): FoundRecord => ({
    Id: EVENT_ID,
    Booking_Id__c: 'cal:uid-alpha',
    IsDeleted: false,
    ...more,
  });

  it.each([
    ['by booking id', [event()], EVENT_ID, EVENT_ID],
    ['that was deleted', [event({ IsDeleted: true })], EVENT_ID, `${EVENT_ID}, deleted`],
    [
      'that lives, before a deleted one of the same key',
      [event({ Id: '00U000000000002AAA', IsDeleted: true }), event()],
      EVENT_ID,
      EVENT_ID,
    ],
  ])('%s', (_title, events, recordId, outcome) => {
    const { event: matchedEvent, steps } = matchOf(candidate(), { Event: events });
    expect(matchedEvent?.['Id']).toBe(recordId);
    expect(steps[0]).toEqual({ step: 'Event by booking id cal:uid-alpha', outcome });
  });

  it('of its own key only', () => {
    expect(matchOf(candidate(), { Event: [event({ Booking_Id__c: 'cal:UID-ALPHA' })] }).event).toBeNull();
  });
});
