import { ACCOUNT_ID, candidate, CASE_ID, CONTACT_ID, found, LEAD_ID, settingsWith } from '../../test/support/candidate';
import {
  account,
  caseRecord,
  contact,
  converted,
  deleted,
  lead,
  matchAndFollow,
  matchOf,
  personAccount,
  personContact,
  PERSON_ORG,
} from '../../test/support/match';
import { orgView } from '../../test/support/schema';
import type { Rules } from '../settings/rules';
import { match } from './match';
import type { FoundRecord } from './match-types';

const ruled = (rules: Partial<Rules>) => ({ settings: settingsWith({ rules }) });
const linked = (sobject: string, recordId: string, more = {}) =>
  candidate('alpha', { link: { sobject, recordId }, ...more });
const hinted = (recordId: string, more = {}) => candidate('alpha', { state: { recordId }, ...more });
const contactId = (number: number) => `00300000000000${number}AAA`;
const persons = ruled({ searchOrder: ['PersonAccount', 'Contact', 'Lead'], unknownCustomer: 'PersonAccount' });

describe('a converted Lead', () => {
  it.each([
    ['the link', hinted(LEAD_ID), converted()],
    ['the customer id', candidate(), converted({ Email: null, Booking_Customer_Id__c: 'c-alpha' })],
    ['our stored link', linked('Lead', LEAD_ID), converted({ Email: null })],
    [
      'a duplicate rule',
      candidate('alpha', { adopted: { sobject: 'Lead', recordId: LEAD_ID } }),
      converted({ Email: null }),
    ],
  ])('that %s names goes on as its Contact', (_title, one, record) => {
    const onward = { ...one, settings: candidate('x', ruled({ searchOrder: ['Lead'] })).settings };
    const { match: matched, read } = matchAndFollow(
      onward,
      { Lead: [record] },
      { later: { Contact: [contact({ Email: 'new@example.test' })] } },
    );
    expect(matched.person).toMatchObject({
      object: 'Contact',
      recordId: CONTACT_ID,
      whoId: CONTACT_ID,
      record: { Email: 'new@example.test' },
    });
    expect(read).toEqual([[{ sobject: 'Contact', ids: [CONTACT_ID] }]]);
  });

  it('needs no further read when its Contact was read', () => {
    const records = { Lead: [converted()], Contact: [contact()] };
    const { match: matched, read } = matchAndFollow(linked('Lead', LEAD_ID), records);
    expect(matched.person).toMatchObject({ recordId: CONTACT_ID, via: 'storedLink' });
    expect(matched.steps).toContainEqual({
      step: 'Contact by the record this customer was linked to before',
      outcome: `${CONTACT_ID}, because Lead ${LEAD_ID} was converted`,
    });
    expect(read).toEqual([]);
  });

  it('is not found by the e-mail that it had', () => {
    const later = { Contact: [contact({ Email: 'new@example.test' })] };
    expect(matchAndFollow(candidate(), { Lead: [converted()] }, { later })).toMatchObject({
      match: { person: { kind: 'create', object: 'Lead' } },
      read: [],
    });
    expect(matchOf(candidate(), { Lead: [converted()], Contact: [contact()] }).person).toMatchObject({
      recordId: CONTACT_ID,
      via: 'email',
    });
  });

  it('whose Contact was deleted for good is as if there were no link', () => {
    expect(matchOf(linked('Lead', LEAD_ID), { Lead: [converted()] }).person).toEqual({
      kind: 'create',
      object: 'Lead',
    });
  });

  it('goes on as a Contact that the user may not see', () => {
    const org = orgView({ without: ['Contact'] });
    const { match: matched, read } = matchAndFollow(linked('Lead', LEAD_ID), { Lead: [converted()] }, { org });
    expect(matched.person).toMatchObject({ object: 'Contact', recordId: CONTACT_ID, record: null });
    expect(read).toEqual([]);
  });

  it.each([
    [
      'a Person Account',
      personAccount(),
      personContact(),
      { object: 'PersonAccount', recordId: ACCOUNT_ID, whoId: CONTACT_ID },
    ],
    ['a Contact of a company', account(), contact(), { object: 'Contact', recordId: CONTACT_ID }],
  ])('of an org with person accounts goes on as %s, in one read', (_title, itsAccount, itsContact, person) => {
    const record = converted({ ConvertedAccountId: ACCOUNT_ID });
    const { match: matched, read } = matchAndFollow(
      linked('Lead', LEAD_ID),
      { Lead: [record] },
      { org: PERSON_ORG, later: { Account: [itsAccount], Contact: [itsContact] } },
    );
    expect(matched.person).toMatchObject(person);
    expect(read).toHaveLength(1);
  });
});

describe('a merged record', () => {
  const loser = (number: number, into: number | null): FoundRecord =>
    deleted(contact({ Id: contactId(number), Email: null }), into === null ? null : contactId(into));

  it.each([
    ['once', [2], 1],
    ['twice', [2, 3], 2],
    ['five times', [2, 3, 4, 5, 6], 5],
  ])('is followed to its master, merged %s', (_title, chain, reads) => {
    const all = [1, ...chain].map((number, place) =>
      place < chain.length ? loser(number, chain[place] ?? null) : contact({ Id: contactId(number), Email: null }),
    );
    const { match: matched, read } = matchAndFollow(
      linked('Contact', CONTACT_ID),
      { Contact: all.slice(0, 1) },
      { later: { Contact: all } },
    );
    expect(matched.person).toMatchObject({ recordId: contactId(chain.at(-1) ?? 0), via: 'storedLink' });
    expect(read).toHaveLength(reads);
  });

  it.each([
    [
      'more than five times',
      [loser(1, 2), loser(2, 3), loser(3, 4), loser(4, 5), loser(5, 6), loser(6, 7), contact({ Id: contactId(7) })],
    ],
    ['in a circle', [loser(1, 2), loser(2, 1)]],
    ['into one that was deleted for good', [loser(1, 2), loser(2, null)]],
    ['into one that is not there any more', [loser(1, 2)]],
  ])('%s is as if there were no link', (_title, all) => {
    const one = linked('Contact', CONTACT_ID);
    const { person } = matchOf(one, { Contact: all.slice(0, 1) }, { later: { Contact: all } });
    expect(person).toEqual({ kind: 'create', object: 'Lead' });
  });

  describe('that carried the customer id', () => {
    const key = { Booking_Customer_Id__c: 'c-alpha' };
    const mergedAway = deleted(contact({ Email: null, ...key }), contactId(2));
    const master = contact({ Id: contactId(2), Email: null });

    it('leads to its master when we were never told that it was made', () => {
      const { match: matched } = matchAndFollow(
        candidate(),
        { Contact: [mergedAway] },
        { later: { Contact: [master] } },
      );
      expect(matched.person).toMatchObject({ recordId: contactId(2), via: 'customerId', isKeyTaken: false });
    });

    it('counts for nothing beside a record that carries the id now', () => {
      const moved = lead({ Email: null, ...key });
      const { person } = matchOf(candidate(), { Contact: [mergedAway, master], Lead: [moved] });
      expect(person).toMatchObject({ object: 'Lead', recordId: LEAD_ID });
    });

    it('counts for nothing beside the record that we remember', () => {
      const records = { Contact: [mergedAway, master], Lead: [lead({ Email: null })] };
      expect(matchOf(linked('Lead', LEAD_ID), records).person).toMatchObject({ recordId: LEAD_ID, via: 'storedLink' });
    });
  });

  it('says where it went', () => {
    const { steps } = matchOf(linked('Contact', CONTACT_ID), { Contact: [loser(1, 2), contact({ Id: contactId(2) })] });
    expect(steps).toContainEqual({
      step: 'Contact by the record this customer was linked to before',
      outcome: `${contactId(2)}, because Contact ${CONTACT_ID} was merged`,
    });
  });

  it('that was a Lead and was converted after goes on as the Contact', () => {
    const gone = deleted(lead({ Email: null }), '00Q000000000002EAA');
    const { person } = matchOf(
      linked('Lead', LEAD_ID),
      { Lead: [gone] },
      { later: { Lead: [converted({ Id: '00Q000000000002EAA' })], Contact: [contact()] } },
    );
    expect(person).toMatchObject({ object: 'Contact', recordId: CONTACT_ID });
  });

  it('believes a link when any record on its way has the e-mail', () => {
    const records = {
      Contact: [deleted(contact(), contactId(2)), contact({ Id: contactId(2), Email: 'new@example.test' })],
    };
    expect(matchOf(hinted(CONTACT_ID), records).person).toMatchObject({ recordId: contactId(2), via: 'link' });
  });
});

describe('a deleted record', () => {
  it.each([
    ['e-mail', deleted(contact())],
    ['customer id', deleted(contact({ Email: null, Booking_Customer_Id__c: 'c-alpha' }))],
    ['e-mail, though it was merged', deleted(contact(), contactId(2))],
  ])('is never found by %s', (_title, record) => {
    expect(matchOf(candidate(), { Contact: [record] }).person).toEqual({ kind: 'create', object: 'Lead' });
  });

  it('does not hold a customer id against another record', () => {
    const records = {
      Contact: [contact(), deleted(contact({ Id: contactId(2), Booking_Customer_Id__c: 'c-alpha' }))],
    };
    expect(matchOf(candidate(), records).person).toMatchObject({ recordId: CONTACT_ID, isKeyTaken: false });
  });
});

describe('a Person Account', () => {
  const find = (one: ReturnType<typeof candidate>, records: Record<string, FoundRecord[]>, later = {}) =>
    matchOf(one, records, { org: PERSON_ORG, later }).person;
  const asPerson = { object: 'PersonAccount', recordId: ACCOUNT_ID, whoId: CONTACT_ID, accountId: ACCOUNT_ID };

  it.each<[string, ReturnType<typeof candidate>, Record<string, FoundRecord[]>, string]>([
    ['the link', hinted(ACCOUNT_ID, persons), { Account: [personAccount()] }, 'link'],
    [
      'the id of its Contact in the link',
      hinted(CONTACT_ID, persons),
      { Contact: [personContact()], Account: [personAccount()] },
      'link',
    ],
    [
      'the customer id',
      candidate('alpha', persons),
      { Account: [personAccount({ PersonEmail: null, Booking_Customer_Id__c: 'c-alpha' })] },
      'customerId',
    ],
    [
      'our stored link',
      linked('PersonAccount', ACCOUNT_ID, persons),
      { Account: [personAccount({ PersonEmail: null })] },
      'storedLink',
    ],
    [
      'a duplicate rule, by its API name',
      candidate('alpha', { adopted: { sobject: 'Account', recordId: ACCOUNT_ID } }),
      { Account: [personAccount({ PersonEmail: null })] },
      'duplicateRule',
    ],
    ['the e-mail', candidate('alpha', persons), { Account: [personAccount()], Contact: [personContact()] }, 'email'],
  ])('is found by %s', (_title, one, records, via) => {
    expect(find(one, records)).toMatchObject({ ...asPerson, via });
  });

  it.each([
    [
      'customer id',
      candidate('alpha'),
      personContact({ Email: null, Booking_Customer_Id__c: 'c-alpha' }),
      'customerId',
    ],
    ['link', hinted(CONTACT_ID), personContact(), 'link'],
    ['stored link', linked('Contact', CONTACT_ID), personContact({ Email: null }), 'storedLink'],
  ])('stands behind its Contact, named by %s, also where nobody looks for it', (_title, one, record, via) => {
    expect(find(one, { Contact: [record] }, { Account: [personAccount()] })).toMatchObject({ ...asPerson, via });
  });

  it('keeps its Contact from being found by e-mail, and the steps say so', () => {
    const { person, steps } = matchOf(candidate(), { Contact: [personContact()] }, { org: PERSON_ORG });
    expect(person).toEqual({ kind: 'create', object: 'Lead' });
    expect(steps).toContainEqual({
      step: 'Contact by the e-mail',
      outcome: '1 left out: of Person Accounts, which are not looked for',
    });
  });

  it.each([
    ['with another e-mail', personAccount({ PersonEmail: 'somebody@else.test' })],
    ['that is a company', account({ PersonEmail: 'alpha@example.test' })],
  ])('is not who the link names: one %s', (_title, record) => {
    expect(find(hinted(ACCOUNT_ID, persons), { Account: [record] }).kind).toBe('create');
  });

  it('is no business Account that somebody gave the customer id', () => {
    const records = { Account: [account({ Booking_Customer_Id__c: 'c-alpha' })] };
    expect(find(candidate('alpha', persons), records).kind).toBe('create');
  });

  it('is followed when it was merged', () => {
    const other = '001000000000002AAA';
    const records = { Account: [deleted(personAccount({ PersonEmail: null }), other)] };
    const later = { Account: [personAccount({ Id: other, PersonContactId: contactId(2) })] };
    expect(find(linked('PersonAccount', ACCOUNT_ID, persons), records, later)).toMatchObject({
      recordId: other,
      whoId: contactId(2),
    });
  });

  it('is its Contact where the user may not see Accounts', () => {
    const org = orgView({ personAccounts: true, without: ['Account'] });
    expect(matchOf(candidate(), { Contact: [personContact()] }, { org }).person).toMatchObject({
      object: 'Contact',
      recordId: CONTACT_ID,
    });
  });

  it('is not known in an org without person accounts', () => {
    expect(matchOf(candidate('alpha', persons), { Account: [personAccount()] }).person.kind).toBe('create');
  });
});

describe('what has to be read first', () => {
  it('holds back its own booking only, and is asked for once', () => {
    const waiting = [linked('Lead', LEAD_ID), candidate('beta', { link: { sobject: 'Lead', recordId: LEAD_ID } })];
    const other = candidate('gamma');
    const directory = { users: new Map(), queues: new Map() };
    const { matches, followUps } = match([...waiting, other], found({ Lead: [converted()] }), directory, orgView());
    expect([...matches.keys()]).toEqual([other.booking.id]);
    expect(followUps).toEqual([{ sobject: 'Contact', ids: [CONTACT_ID] }]);
  });

  it('is a record that the link names, when more were found than were read', () => {
    const many = Array.from({ length: 50 }, (_one, place) =>
      contact({ Id: `0030000000001${String(place).padStart(2, '0')}AAA` }),
    );
    const named = contact({ Email: null });
    const { match: matched, read } = matchAndFollow(
      hinted(CONTACT_ID),
      { Contact: many },
      { later: { Contact: [named] } },
    );
    expect(matched.person).toMatchObject({ recordId: CONTACT_ID, via: 'link' });
    expect(read).toEqual([[{ sobject: 'Contact', ids: [CONTACT_ID] }]]);
  });

  it('ends after five reads, whatever is linked behind what', () => {
    const merged = caseRecord({ Id: '500000000000002AAA', ContactId: contactId(1) });
    const contacts = [1, 2, 3, 4].map((number) => deleted(contact({ Id: contactId(number) }), contactId(number + 1)));
    const { match: matched, read } = matchAndFollow(
      hinted(CASE_ID),
      { Case: [deleted(caseRecord(), '500000000000002AAA')] },
      { later: { Case: [merged], Contact: [...contacts, contact({ Id: contactId(5) })] } },
    );
    expect(matched.related).toMatchObject({ recordId: '500000000000002AAA' });
    expect(matched.person.kind).toBe('none');
    expect(read.length).toBeLessThanOrEqual(5);
  });
});
