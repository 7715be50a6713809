import { candidate, CONTACT_ID, EVENT_ID, LEAD_ID, settingsWith, written } from '../../test/support/candidate';
import { decisionOf, foundContact, foundPerson, liveEvent, plan } from '../../test/support/plan';
import { orgView } from '../../test/support/schema';
import type { Written } from '../booking/outcome';
import type { Match } from '../match/match-types';
import { campaignOf, hasNewGuests } from './plan-relations';

const USER_ID = '005000000000007AAA';
const CAMPAIGN_ID = '701000000000001AAA';
const guests = [{ email: 'One@guest.example' }, { email: 'two@guest.example' }];
const inviting = settingsWith({ rules: { guests: 'invite' } });
const adding = settingsWith({ rules: { campaignMember: { campaignId: null, status: 'Responded' } } });

describe('guests', () => {
  const planned = (match: Partial<Match>, more: Parameters<typeof candidate>[1] = {}) => {
    const one = candidate('alpha', { settings: inviting, ...more, state: { guests, ...more?.state } });
    const plans = plan([[one, { person: foundContact(), ...match }]]);
    return { relations: plans.relations, expected: decisionOf(plans, one).expected };
  };
  const invitee = (relationId: string) => ({ kind: 'invitee', bookingId: 'booking-alpha', relationId });

  it('who were found are invited', () => {
    expect(planned({ guestIds: [USER_ID, LEAD_ID] }).relations).toEqual([invitee(USER_ID), invitee(LEAD_ID)]);
  });

  it('who are invited already, or whom the Event is about, are not', () => {
    const event = liveEvent({ WhoId: CONTACT_ID });
    const { relations } = planned({ event, guestIds: [CONTACT_ID, USER_ID, LEAD_ID], invitedIds: [USER_ID] });
    expect(relations).toEqual([invitee(LEAD_ID)]);
  });

  it('of whom none can be invited are remembered, so that a change costs no look', () => {
    expect(planned({}).expected?.guests).toEqual(['one@guest.example', 'two@guest.example']);
    expect(planned({ guestIds: [USER_ID] }).expected?.guests).toBeUndefined();
  });

  it.each([
    ['of a canceled booking', { state: { status: 'Canceled' as const } }],
    ['where the rules ignore them', { settings: settingsWith() }],
  ])('%s are not invited', (_title, more) => {
    expect(planned({ guestIds: [USER_ID] }, more).relations).toEqual([]);
  });

  it.each<[string, Partial<Written>, boolean]>([
    ['were not among those of the last write', { guests: ['one@guest.example'] }, true],
    ['were', { guests: ['one@guest.example', 'two@guest.example', 'gone@guest.example'] }, false],
  ])('are new when they %s', (_title, before, expected) => {
    const one = candidate('alpha', { settings: inviting, state: { guests }, written: written(before) });
    expect(hasNewGuests(one)).toBe(expected);
    expect(
      hasNewGuests({ ...one, booking: { ...one.booking, state: { ...one.booking.state, status: 'Canceled' } } }),
    ).toBe(false);
  });
});

describe('the campaign', () => {
  const campaign = { utm_campaign: CAMPAIGN_ID };
  const planned = (match: Partial<Match>, more: Parameters<typeof candidate>[1] = {}, org = orgView()) => {
    const one = candidate('alpha', { settings: adding, ...more, state: { campaign, ...more?.state } });
    const plans = plan([[one, match]], org);
    return { relations: plans.relations, expected: decisionOf(plans, one).expected };
  };
  const member = { kind: 'campaignMember', bookingId: 'booking-alpha', campaignId: CAMPAIGN_ID, status: 'Responded' };

  it.each<[string, Partial<Match>, Parameters<typeof candidate>[1], object[]]>([
    ['gets a new Lead', {}, {}, [member]],
    ['gets a known Contact', { person: foundContact() }, {}, [member]],
    [
      'gets the Lead of another campaign',
      { person: foundPerson() },
      { written: written({ campaignId: '701000000000009AAA' }) },
      [member],
    ],
    ['gets nobody twice', { person: foundPerson() }, { written: written({ campaignId: CAMPAIGN_ID }) }, []],
    ['gets nobody of a canceled booking', {}, { state: { status: 'Canceled' } }, []],
    ['gets nobody where the rules do not say so', {}, { settings: settingsWith() }, []],
    ['gets nobody where none is named', {}, { state: { campaign: { utm_campaign: 'spring' } } }, []],
  ])('%s', (_title, match, more, expected) => {
    const event = more?.written === undefined ? null : liveEvent({ Id: EVENT_ID });
    expect(planned({ event, ...match }, more).relations).toEqual(expected);
  });

  it('gets no new Person Account before its contact is known', () => {
    const { relations, expected } = planned(
      { person: { kind: 'create', object: 'PersonAccount' } },
      {},
      orgView({ personAccounts: true }),
    );
    expect(relations).toEqual([]);
    expect(expected?.campaignId).toBeUndefined();
  });

  it('gets no Opportunity, and that is remembered', () => {
    const person = foundPerson({ object: 'Opportunity', recordId: '006000000000001AAA', whoId: null });
    expect(planned({ person })).toMatchObject({ relations: [], expected: { campaignId: CAMPAIGN_ID } });
  });

  it.each([
    ['the booking’s own', { any: CAMPAIGN_ID }, null, CAMPAIGN_ID],
    ['the booking’s own before the rule’s', { any: CAMPAIGN_ID }, '701000000000002AAA', CAMPAIGN_ID],
    ['the rule’s when the booking names none', { utm: '7010000' }, '701000000000002AAA', '701000000000002AAA'],
    ['none', null, null, null],
  ])('is %s', (_title, named, campaignId, expected) => {
    const settings = settingsWith({ rules: { campaignMember: { campaignId, status: null } } });
    expect(campaignOf(candidate('alpha', { settings, state: { campaign: named } }))).toBe(expected);
  });
});
