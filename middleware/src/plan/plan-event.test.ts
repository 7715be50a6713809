import {
  ACCOUNT_ID,
  LEAD_ID,
  candidate,
  CONTACT_ID,
  EVENT_FIELDS,
  EVENT_ID,
  HOST_ID,
  settingsWith,
  written,
} from '../../test/support/candidate';
import {
  AMBIGUOUS,
  CANCELED,
  decisionOf,
  foundContact,
  foundPerson,
  linked,
  liveEvent,
  OTHER_HOST_ID,
  plan,
} from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import type { Candidate } from '../match/candidate';
import type { FoundRecord, Match, PersonMatch } from '../match/match-types';

describe('a new Event', () => {
  const eventOf = (one: Candidate, match: Partial<Match>) => plan([[one, match]]).events[0];

  it.each<[string, PersonMatch, object]>([
    ['a Contact', foundContact(), { who: { recordId: CONTACT_ID } }],
    ['a Lead, which may not stand beside it', foundPerson(), { who: null }],
    ['a new Contact', { kind: 'create', object: 'Contact' }, { who: { row: { object: 'Contact' } } }],
    ['nobody', { kind: 'none', cause: 'the related record is enough' }, { who: null }],
  ])('relates the Event to the record of the link beside %s', (_title, person, expected) => {
    const related = linked('Account', ACCOUNT_ID);
    expect(eventOf(candidate(), { person, related })).toMatchObject({ what: { recordId: ACCOUNT_ID }, ...expected });
  });
});

describe('an Event that exists', () => {
  const update = (one: Candidate, event: FoundRecord = liveEvent(), more: Partial<Match> = {}, org = orgView()) => {
    const planned = plan([[one, { event, person: foundPerson(), ...more }]], org);
    return { row: planned.events[0], decision: decisionOf(planned, one), planned };
  };

  it('writes nothing that is there already', () => {
    const { row, decision } = update(candidate());
    expect(row).toBeUndefined();
    expect(decision.parts.event).toEqual({ state: 'written', sobject: 'Event', recordId: EVENT_ID });
    expect(decision.expected).toMatchObject({ whoId: LEAD_ID, ownerId: HOST_ID, fields: EVENT_FIELDS });
  });

  it('writes what differs, by id, and clears what is to be empty', () => {
    const { row } = update(candidate('alpha', { state: { status: 'Canceled' } }), liveEvent({ Location: 'Room 1' }));
    expect(row).toEqual({
      bookingId: 'booking-alpha',
      recordId: EVENT_ID,
      externalId: 'cal:uid-alpha',
      who: null,
      what: null,
      fields: { ...CANCELED, Location: null },
    });
  });

  it.each([
    ['another person', { WhoId: CONTACT_ID }],
    ['no person', { WhoId: null }],
    ['another related record', { WhatId: ACCOUNT_ID }],
    ['another owner', { OwnerId: OTHER_HOST_ID }],
  ])('leaves it %s that the org gave it', (_title, moved) => {
    const { row, decision } = update(candidate('alpha', { written: written() }), liveEvent(moved), {
      related: linked('Account', '001000000000002AAA'),
    });
    expect(row).toBeUndefined();
    const { WhoId, WhatId, OwnerId } = liveEvent(moved);
    expect(decision.expected).toMatchObject({ whoId: WhoId, whatId: WhatId, ownerId: OwnerId });
  });

  it('makes no new person for it', () => {
    const { row, decision, planned } = update(candidate('alpha', { state: { status: 'Canceled' } }), liveEvent(), {
      person: { kind: 'create', object: 'Lead' },
    });
    expect(planned.records).toEqual([]);
    expect(row?.fields).toEqual(CANCELED);
    expect(decision.parts).toEqual({});
  });

  it('changes it although its person is parked', () => {
    const { row, decision } = update(candidate('alpha', { state: { status: 'Canceled' } }), liveEvent(), {
      person: AMBIGUOUS,
    });
    expect(row?.fields).toEqual(CANCELED);
    expect(decision.parts.person).toMatchObject({ state: 'parked', code: 'AMBIGUOUS_MATCH' });
  });

  it.each([
    ['gives it to the new host', written({ host: 'old.host@example.com' }), OTHER_HOST_ID, { OwnerId: OTHER_HOST_ID }],
    ['leaves it to its owner while the host stays', written(), OTHER_HOST_ID, undefined],
    ['leaves it to its owner when the new host is no user', written({ host: 'old@example.com' }), null, undefined],
    ['leaves it to its owner when we do not know who the host was', null, OTHER_HOST_ID, undefined],
  ])('%s', (_title, before, ownerId, expected) => {
    const { row } = update(candidate('alpha', { written: before }), liveEvent(), { ownerId });
    expect(row?.fields).toEqual(expected);
  });

  describe('sends the times together, since a start that moves alone takes the end along', () => {
    const [start, end] = ['2026-10-07T04:30:00.000Z', '2026-10-07T05:00:00.000Z'];
    it.each([
      ['a later start', '2026-10-07T04:45:00.000Z', end, false, {}],
      ['a later end', start, '2026-10-07T05:30:00.000Z', false, {}],
      ['timed to all day', '2026-10-07', '2026-10-07', true, {}],
      [
        'all day to timed',
        start,
        end,
        false,
        {
          StartDateTime: '2026-10-07T00:00:00.000+0000',
          EndDateTime: '2026-10-07T00:00:00.000+0000',
          IsAllDayEvent: true,
        },
      ],
      [
        'midnight to all day',
        '2026-10-07',
        '2026-10-07',
        true,
        { StartDateTime: '2026-10-07T00:00:00.000+0000', EndDateTime: '2026-10-07T00:00:00.000+0000' },
      ],
    ])('%s', (_title, startsAt, endsAt, allDay, live) => {
      const { row } = update(candidate('alpha', { state: { startsAt, endsAt, allDay } }), liveEvent(live));
      const instant = (at: string) => (allDay ? `${at}T00:00:00.000Z` : at);
      expect(row?.fields).toEqual({
        StartDateTime: instant(startsAt),
        EndDateTime: instant(endsAt),
        IsAllDayEvent: allDay,
      });
    });
  });

  it.each([
    ['which somebody filled: left alone', 'ours to keep', undefined],
    ['which is empty: filled', null, { Notes__c: 'Product demo' }],
  ])('with a field that is only filled %s', (_title, held, expected) => {
    const settings = settingsWith({ rows: { Event: [{ field: 'Notes__c', from: 'page.name', when: 'onlyIfEmpty' }] } });
    const org = orgView({ fields: { Event: [field('Notes__c')] } });
    const { row } = update(candidate('alpha', { settings }), liveEvent({ Notes__c: held }), {}, org);
    expect(row?.fields).toEqual(expected);
  });

  it('never sends its person or related record, whatever the mapping says', () => {
    const settings = settingsWith({
      rows: {
        Event: ['WhoId', 'WhatId', 'OwnerId', 'Booking_Id__c'].map((name) => ({ field: name, text: CONTACT_ID })),
      },
    });
    const { row } = update(candidate('alpha', { settings, state: { status: 'Canceled' } }));
    expect(row).toMatchObject({ who: null, what: null });
    expect(row?.fields).toEqual(CANCELED);
  });

  it('goes without a status that a restricted picklist lacks, and says so', () => {
    const org = orgView({ fields: { Event: [picklist('Event_Status__c', ['Scheduled'])] } });
    const { row, decision } = update(candidate('alpha', { state: { status: 'No-show' } }), liveEvent(), {}, org);
    expect(row).toBeUndefined();
    expect(decision.steps).toContainEqual({
      step: 'Event.Event_Status__c',
      outcome: 'left out: the value is no active value of the picklist',
    });
  });
});
