import {
  candidate,
  CONTACT_ID,
  EVENT_ID,
  HOST,
  HOST_ID,
  LEAD_ID,
  settingsWith,
  written,
} from '../../test/support/candidate';
import { contact, converted, lead, matchAndFollow, matchOf, personContact, PERSON_ORG } from '../../test/support/match';
import { orgView } from '../../test/support/schema';
import type { Rules } from '../settings/rules';
import type { FoundRecord } from './match-types';

const GUEST = 'guest@example.test';
const USER_ID = '005000000000003AAA';
const guestContact = (more: FoundRecord = {}) => contact({ Email: GUEST, ...more });
const inviting = (rules: Partial<Rules> = {}, more = {}, guests = [{ email: ` ${GUEST.toUpperCase()}` }]) =>
  candidate('alpha', { settings: settingsWith({ rules: { guests: 'invite', ...rules } }), event: { guests }, ...more });
const guestIdsOf = (
  one: ReturnType<typeof candidate>,
  records: Record<string, FoundRecord[]>,
  users: [string, string | null][] = [[HOST, HOST_ID]],
) => matchOf(one, records, { users }).guestIds;

describe('the guests that can be invited', () => {
  it.each<[string, Record<string, FoundRecord[]>, [string, string | null][], string[]]>([
    ['a user', { Contact: [guestContact()] }, [[GUEST, USER_ID]], [USER_ID]],
    ['a Contact', { Contact: [guestContact()], Lead: [lead({ Email: GUEST })] }, [[GUEST, null]], [CONTACT_ID]],
    ['a Lead', { Lead: [lead({ Email: GUEST })] }, [], [LEAD_ID]],
    ['nobody when none has the e-mail', { Lead: [lead()] }, [], []],
    ['nobody for a converted Lead', { Lead: [converted({ Email: GUEST })] }, [], []],
    ['neither of two', { Contact: [guestContact(), guestContact({ Id: '003000000000002AAA' })] }, [], []],
  ])('%s', (_title, records, users, expected) => {
    expect(guestIdsOf(inviting(), records, users)).toEqual(expected);
  });

  it('the one of two that was changed last, where the rules say so', () => {
    const records = {
      Contact: [
        guestContact(),
        guestContact({ Id: '003000000000002AAA', LastModifiedDate: '2026-10-01T00:00:00.000+0000' }),
      ],
    };
    expect(guestIdsOf(inviting({ ambiguous: 'mostRecentlyModified' }), records)).toEqual(['003000000000002AAA']);
  });

  it('the Contact of a Person Account, which an invitee can be', () => {
    const records = { Contact: [personContact({ Email: GUEST })] };
    expect(matchOf(inviting(), records, { org: PERSON_ORG }).guestIds).toEqual([CONTACT_ID]);
  });

  it.each([
    ['the rules say so', inviting({ guests: 'ignore' })],
    ['there is no Event', inviting({ event: 'off' })],
    ['there are none', inviting({}, {}, [])],
    ['it is the customer himself', inviting({}, {}, [{ email: 'Alpha@example.test' }])],
    ['it is the host himself', inviting({}, {}, [{ email: HOST }])],
  ])('nobody when %s', (_title, one) => {
    const records = { Contact: [guestContact()], Lead: [lead()] };
    expect(guestIdsOf(one, records)).toEqual([]);
  });

  it('nobody who is the person or the owner of the Event', () => {
    const guests = [{ email: GUEST }, { email: 'other@example.test' }];
    const users: [string, string][] = [
      [HOST, HOST_ID],
      ['other@example.test', HOST_ID],
    ];
    const records = { Contact: [guestContact({ Booking_Customer_Id__c: 'c-alpha' })] };
    expect(matchOf(inviting({}, {}, guests), records, { users })).toMatchObject({
      person: { recordId: CONTACT_ID },
      guestIds: [],
    });
  });
});

describe('who is invited already', () => {
  const event = { Id: EVENT_ID, Booking_Id__c: 'cal:uid-alpha', IsDeleted: false };
  const relation = { Id: '0RE000000000001AAA', EventId: EVENT_ID, RelationId: CONTACT_ID };

  it('is known from the first read when we know the Event', () => {
    const one = inviting({}, { written: written() });
    const { match: matched, read } = matchAndFollow(one, { Event: [event], EventRelation: [relation] });
    expect(matched.invitedIds).toEqual([CONTACT_ID]);
    expect(read).toEqual([]);
    expect(matchAndFollow(one, { Event: [event] })).toMatchObject({ match: { invitedIds: [] }, read: [] });
  });

  it('is read when the Event turns up that we did not know', () => {
    const followUp = [[{ sobject: 'EventRelation', ids: [EVENT_ID] }]];
    const { match: matched, read } = matchAndFollow(
      inviting(),
      { Event: [event] },
      { later: { EventRelation: [relation, { ...relation, RelationId: LEAD_ID }] } },
    );
    expect(matched.invitedIds).toEqual([CONTACT_ID, LEAD_ID]);
    expect(read).toEqual(followUp);
    expect(matchAndFollow(inviting(), { Event: [event] })).toMatchObject({ match: { invitedIds: [] }, read: followUp });
  });

  it.each([
    ['a deleted Event', [{ ...event, IsDeleted: true }], orgView()],
    ['no Event', [], orgView()],
    ['an org that does not show it', [event], orgView({ without: ['EventRelation'] })],
  ])('is nobody for %s', (_title, Event, org) => {
    expect(matchAndFollow(inviting(), { Event }, { org })).toMatchObject({ match: { invitedIds: [] }, read: [] });
  });
});
