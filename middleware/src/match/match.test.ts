import { customer } from '../../test/support/builders';
import {
  candidate,
  CONTACT_ID,
  EVENT_ID,
  found,
  HOST,
  HOST_ID,
  LEAD_ID,
  settingsWith,
} from '../../test/support/candidate';
import { orgView } from '../../test/support/schema';
import type { Candidate } from './candidate';
import { match, usersIn, type FoundRecord, type Match } from './match';

const EMAIL = 'alpha@example.test';
const OTHER_CONTACT_ID = '003000000000002AAA';
const FALLBACK = 'fallback@example.com';
const FALLBACK_ID = '005000000000002AAA';

const lead = (more: FoundRecord = {}): FoundRecord => ({
  Id: LEAD_ID,
  Email: EMAIL,
  IsConverted: false,
  ConvertedContactId: null,
  LastModifiedDate: '2026-09-01T00:00:00.000+0000',
  Booking_Customer_Id__c: null,
  ...more,
});
const contact = (more: FoundRecord = {}): FoundRecord => ({
  Id: CONTACT_ID,
  Email: EMAIL,
  LastModifiedDate: '2026-09-01T00:00:00.000+0000',
  Booking_Customer_Id__c: null,
  ...more,
});
const converted = (more: FoundRecord = {}): FoundRecord =>
  lead({ IsConverted: true, ConvertedContactId: CONTACT_ID, ...more });

function matchOf(
  one: Candidate,
  records: Record<string, FoundRecord[]> = {},
  users: [string, string | null][] = [[HOST, HOST_ID]],
): Match {
  const result = match([one], found(records), new Map(users), orgView()).get(one.booking.id);
  if (result === undefined) throw new Error('Expected a match, got none.');
  return result;
}

const personOf = (one: Candidate, records: Record<string, FoundRecord[]> = {}) => matchOf(one, records).person;
const hinted = (recordId: string, more = {}) => candidate('alpha', { state: { recordId }, ...more });
const linked = (sobject: string, recordId: string) => candidate('alpha', { link: { sobject, recordId } });

describe('match finds the person', () => {
  const byCustomerId = contact({ Id: OTHER_CONTACT_ID, Email: null, Booking_Customer_Id__c: 'c-alpha' });
  const byLink = lead({ Id: '00Q000000000002AAA', Email: null });

  it.each([
    ['by the record id of the link', hinted(CONTACT_ID), { Contact: [contact(), byCustomerId] }, CONTACT_ID, 'link'],
    ['by a record id of 15 characters', hinted('003000000000001'), { Contact: [contact()] }, CONTACT_ID, 'link'],
    [
      'by customer id before our stored link',
      linked('Lead', '00Q000000000002AAA'),
      { Contact: [byCustomerId, contact()], Lead: [byLink] },
      OTHER_CONTACT_ID,
      'customerId',
    ],
    [
      'by our stored link before the e-mail',
      linked('Lead', '00Q000000000002AAA'),
      { Contact: [contact()], Lead: [byLink] },
      '00Q000000000002AAA',
      'storedLink',
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
    expect(person).toEqual({ kind: 'create', sobject: 'Lead' });
    expect(steps).toEqual([
      { step: 'Event by booking id cal:uid-alpha', outcome: 'none' },
      { step: 'Contact, Lead by record id from the booking link', outcome: 'none' },
      { step: 'Contact, Lead by external customer id c-alpha', outcome: 'none' },
      { step: 'Contact, Lead by the record this customer was linked to before', outcome: 'none' },
      { step: 'Contact, Lead by e-mail', outcome: 'none' },
      { step: 'unknown customer', outcome: 'a new Lead' },
      { step: 'owner: the host as an active user', outcome: HOST_ID },
    ]);
  });

  it('makes what the settings say of an unknown customer', () => {
    const settings = settingsWith({ rules: { unknownCustomer: 'Contact' } });
    expect(personOf(candidate('alpha', { settings }))).toEqual({ kind: 'create', sobject: 'Contact' });
  });

  it('does not take somebody without an e-mail for somebody else without one', () => {
    const nobody = candidate('alpha', { state: { customer: null } });
    expect(personOf(nobody, { Contact: [contact({ Email: null })] })).toMatchObject({ kind: 'create' });
  });

  describe('by a link only as far as nothing contradicts it', () => {
    it.each([
      ['the record has another e-mail', contact({ Email: 'somebody@else.test' }), 'create'],
      ['the record has the same e-mail in another case', contact({ Email: 'ALPHA@Example.test' }), 'found'],
      ['the record has no e-mail', contact({ Email: null }), 'found'],
    ])('%s', (_title, record, kind) => {
      expect(personOf(hinted(CONTACT_ID), { Contact: [record] }).kind).toBe(kind);
    });

    it('goes on to the e-mail when the link is not believed', () => {
      const records = { Contact: [contact({ Email: 'somebody@else.test' }), contact({ Id: OTHER_CONTACT_ID })] };
      expect(personOf(hinted(CONTACT_ID), records)).toMatchObject({ recordId: OTHER_CONTACT_ID, via: 'email' });
    });

    it('does not believe an id that no record has', () => {
      expect(personOf(hinted('003000000000009AAA'), { Contact: [contact({ Email: null })] }).kind).toBe('create');
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

  describe('behind a converted Lead', () => {
    it.each([
      ['the link', hinted(LEAD_ID), converted()],
      ['the customer id', candidate(), converted({ Email: null, Booking_Customer_Id__c: 'c-alpha' })],
      ['our stored link', linked('Lead', LEAD_ID), converted({ Email: null })],
    ])('which %s names: it goes on as its Contact', (_title, one, record) => {
      const settings = settingsWith({ rules: { searchOrder: ['Lead', 'Contact'] } });
      const onward = { ...one, settings: { ...one.settings, settings } };
      const records = { Lead: [record], Contact: [contact({ Email: 'new@example.test' })] };
      expect(personOf(onward, records)).toMatchObject({
        kind: 'found',
        sobject: 'Contact',
        recordId: CONTACT_ID,
        record: { Email: 'new@example.test' },
      });
    });

    it('without its Contact having been read', () => {
      expect(personOf(linked('Lead', LEAD_ID), { Lead: [converted()] })).toMatchObject({
        sobject: 'Contact',
        recordId: CONTACT_ID,
        record: null,
      });
    });

    it('not by the e-mail that the Lead had', () => {
      expect(personOf(candidate(), { Lead: [converted()] })).toEqual({ kind: 'create', sobject: 'Lead' });
      expect(personOf(candidate(), { Lead: [converted()], Contact: [contact()] })).toMatchObject({
        recordId: CONTACT_ID,
        via: 'email',
      });
    });
  });

  describe('among several', () => {
    const two = [
      contact({ Id: OTHER_CONTACT_ID, LastModifiedDate: '2026-09-03T00:00:00.000+0000' }),
      contact({ LastModifiedDate: '2026-09-02T00:00:00.000+0000' }),
    ];

    it('equally good: a human has to choose', () => {
      expect(personOf(candidate(), { Contact: two, Lead: [lead()] })).toEqual({
        kind: 'ambiguous',
        sobject: 'Contact',
        recordIds: [CONTACT_ID, OTHER_CONTACT_ID],
        via: 'email',
      });
    });

    it.each([[two], [[...two].reverse()]])('the one changed last, when the settings say so', (records) => {
      const settings = settingsWith({ rules: { ambiguous: 'mostRecentlyModified' } });
      expect(personOf(candidate('alpha', { settings }), { Contact: records })).toMatchObject({
        kind: 'found',
        recordId: OTHER_CONTACT_ID,
      });
    });

    it('takes two Leads that became one Contact for that Contact', () => {
      const leads = [
        converted({ Booking_Customer_Id__c: 'c-alpha' }),
        converted({ Id: '00Q000000000002AAA', Booking_Customer_Id__c: 'c-alpha' }),
      ];
      expect(personOf(candidate(), { Lead: leads })).toMatchObject({ kind: 'found', recordId: CONTACT_ID });
    });

    it.each([
      [['Contact', 'Lead'] as const, CONTACT_ID],
      [['Lead', 'Contact'] as const, LEAD_ID],
      [['Lead'] as const, LEAD_ID],
    ])('of several objects by the search order %j', (searchOrder, recordId) => {
      const settings = settingsWith({ rules: { searchOrder: [...searchOrder] } });
      expect(personOf(candidate('alpha', { settings }), { Contact: [contact()], Lead: [lead()] })).toMatchObject({
        kind: 'found',
        recordId,
      });
    });

    it('believes a stronger sign in the second object before a weaker one in the first', () => {
      const records = { Contact: [contact()], Lead: [lead({ Booking_Customer_Id__c: 'c-alpha' })] };
      expect(personOf(candidate(), records)).toMatchObject({ recordId: LEAD_ID, via: 'customerId' });
    });
  });

  it('of each booking by itself', () => {
    const [one, other] = [candidate('alpha'), candidate('beta')];
    const matches = match([one, other], found({ Contact: [contact()] }), new Map(), orgView());
    expect(matches.get(one.booking.id)?.person).toMatchObject({ kind: 'found', recordId: CONTACT_ID });
    expect(matches.get(other.booking.id)?.person).toEqual({ kind: 'create', sobject: 'Lead' });
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

describe('match finds the related record', () => {
  it.each([
    ['Account', '001000000000001AAA'],
    ['Opportunity', '006000000000001AAA'],
    ['Case', '500000000000001AAA'],
  ])('an %s that the link names and the org has', (sobject, recordId) => {
    const records = { [sobject]: [{ Id: recordId }] };
    expect(matchOf(hinted(recordId), records).related).toEqual({ sobject, recordId });
    expect(matchOf(hinted(recordId.slice(0, 15)), records).related).toEqual({ sobject, recordId });
    expect(matchOf(hinted(recordId)).related).toBeNull();
  });

  it.each([
    ['a person', CONTACT_ID, { Contact: [contact()] }],
    ['a user that was read as a host', HOST_ID, { User: [{ Id: HOST_ID, Email: HOST }] }],
    ['an Event', EVENT_ID, { Event: [{ Id: EVENT_ID, Booking_Id__c: 'cal:uid-beta' }] }],
  ])('but not %s', (_title, recordId, records) => {
    expect(matchOf(hinted(recordId), records).related).toBeNull();
  });
});

describe('match finds the owner', () => {
  const withFallback = settingsWith({ rules: { fallbackOwner: 'Fallback@Example.com' } });
  const owner = (users: [string, string | null][], { settings = withFallback, state = {} } = {}) =>
    matchOf(candidate('alpha', { settings, state }), {}, users).ownerId;

  it.each([
    ['the host', [[HOST, HOST_ID]], HOST_ID],
    [
      'the fallback owner when the host is no user',
      [
        [HOST, null],
        [FALLBACK, FALLBACK_ID],
      ],
      FALLBACK_ID,
    ],
    [
      'nobody when the fallback owner is no user either',
      [
        [HOST, null],
        [FALLBACK, null],
      ],
      null,
    ],
    ['nobody when nobody is known', [], null],
  ] as [string, [string, string | null][], string | null][])('%s', (_title, users, expected) => {
    expect(owner(users)).toBe(expected);
  });

  it('the fallback owner when the source names no host', () => {
    expect(owner([[FALLBACK, FALLBACK_ID]], { state: { host: null } })).toBe(FALLBACK_ID);
  });

  it('nobody when no fallback owner is set', () => {
    expect(owner([[HOST, null]], { settings: settingsWith() })).toBeNull();
  });
});

describe('usersIn', () => {
  const user = (Id: string, Email: string, Username = `${Id}@users.test`): FoundRecord => ({ Id, Email, Username });

  it.each([
    ['by e-mail', [user('005A', HOST)], '005A'],
    ['by e-mail in another case', [user('005A', HOST.toUpperCase())], '005A'],
    ['by the e-mail that a sandbox made of it', [user('005A', `${HOST}.invalid`)], '005A'],
    ['by username', [user('005A', 'else@example.com', 'Host.One@example.com')], '005A'],
    ['by username before e-mail', [user('005A', HOST), user('005B', 'else@example.com', HOST)], '005B'],
    ['of two with one e-mail, who has it as username', [user('005A', HOST), user('005B', HOST, HOST)], '005B'],
    ['nobody, of two with one e-mail', [user('005A', HOST), user('005B', HOST)], null],
    ['nobody, when none was found', [], null],
  ])('finds %s', (_title, users, expected) => {
    expect(usersIn(found({ User: users }), [HOST])).toEqual(new Map([[HOST, expected]]));
  });

  it('says so of everybody asked, also when the org shows no users', () => {
    expect(usersIn(found(), [HOST, FALLBACK])).toEqual(
      new Map([
        [HOST, null],
        [FALLBACK, null],
      ]),
    );
  });
});
