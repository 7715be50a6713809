import {
  ACCOUNT_ID,
  candidate,
  CASE_ID,
  CONTACT_ID,
  EVENT_FIELDS,
  EVENT_ID,
  HOST_ID,
  LEAD_ID,
  OPPORTUNITY_ID,
  settingsWith,
  written,
} from '../../test/support/candidate';
import {
  AMBIGUOUS,
  CANCELED,
  decisionOf,
  foundContact,
  foundPerson,
  foundPersonAccount,
  linked,
  liveEvent,
  OTHER_HOST_ID,
  plan,
} from '../../test/support/plan';
import { field, orgView, picklist } from '../../test/support/schema';
import type { Written } from '../booking/outcome';
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

/** An owner was written, and nobody knows whether it is there. */
const IN_DOUBT = written({ isOwnerInDoubt: true });

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
    ['gives it to the host whom another one may have replaced', IN_DOUBT, OTHER_HOST_ID, { OwnerId: OTHER_HOST_ID }],
    ['leaves it to its owner when the new host is no user', written({ host: 'old@example.com' }), null, undefined],
    ['leaves it to its owner when we do not know who the host was', null, OTHER_HOST_ID, undefined],
  ])('%s', (_title, before, ownerId, expected) => {
    const { row } = update(candidate('alpha', { written: before }), liveEvent(), { ownerId });
    expect(row?.fields).toEqual(expected);
  });

  it.each([
    ['which nobody has touched since: it is that of the present host', HOST_ID, { OwnerId: OTHER_HOST_ID }],
    ['which somebody has changed since: it stays', LEAD_ID, undefined],
  ])('sets the owner of an Event whose creation was never answered, %s', (_title, LastModifiedById, expected) => {
    const live = liveEvent({ CreatedById: HOST_ID, LastModifiedById });
    const { row } = update(candidate(), live, { ownerId: OTHER_HOST_ID });
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

describe('an Event whose parents come later', () => {
  const account = { WhoId: null, WhatId: ACCOUNT_ID };
  const personAccount = foundPersonAccount();
  const awaiting = { whoId: null, whatId: ACCOUNT_ID, isStale: true as const };
  const made: Match['related'] = { object: 'Case', recordId: CASE_ID, record: null, via: 'bookingId' };
  const contact = { WhoId: CONTACT_ID };

  it.each<[string, Partial<Written> | null, FoundRecord, Partial<Match>, object | undefined]>([
    [
      'gets the contact of a new Person Account',
      awaiting,
      account,
      { person: personAccount },
      { who: { recordId: CONTACT_ID } },
    ],
    [
      'gets it beside a Case as well',
      { ...awaiting, whatId: CASE_ID, related: { sobject: 'Case', recordId: CASE_ID } },
      { WhoId: null, WhatId: CASE_ID },
      { person: personAccount, related: made },
      { who: { recordId: CONTACT_ID }, what: null },
    ],
    [
      'gets it though the last turn was never recorded',
      null,
      account,
      { person: personAccount },
      { who: { recordId: CONTACT_ID } },
    ],
    [
      'gets no contact that somebody took away',
      { whoId: CONTACT_ID, isStale: true },
      account,
      { person: personAccount },
      undefined,
    ],
    [
      'gets no person who was found since',
      { whoId: null },
      { WhoId: null, WhatId: CASE_ID },
      { person: foundContact() },
      undefined,
    ],
    [
      'gets a Case that was refused at first',
      { whoId: CONTACT_ID },
      contact,
      { person: foundContact(), related: made },
      { what: { recordId: CASE_ID } },
    ],
    [
      'gets it instead of the Person Account that stood in for it',
      { whoId: CONTACT_ID },
      { ...contact, WhatId: ACCOUNT_ID },
      { person: personAccount, related: made },
      { what: { recordId: CASE_ID } },
    ],
    ['gets none beside a Lead', { whoId: LEAD_ID }, {}, { person: foundPerson(), related: made }, undefined],
    [
      'gets none that somebody took away',
      { whoId: CONTACT_ID, related: { sobject: 'Case', recordId: CASE_ID } },
      contact,
      { person: foundContact(), related: made },
      undefined,
    ],
  ])('%s', (_title, before, event, match, expected) => {
    const one = candidate('alpha', { written: before === null ? null : written(before) });
    const { events } = plan([[one, { event: liveEvent(event), ...match }]], orgView({ personAccounts: true }));
    if (expected === undefined) expect(events).toEqual([]);
    else expect(events).toMatchObject([expected]);
  });
});

describe('what a new Event points at', () => {
  const client = foundPerson({ object: 'Opportunity', recordId: OPPORTUNITY_ID, whoId: null });
  const made: Match['related'] = { object: 'Case', recordId: CASE_ID, record: null, via: 'bookingId' };

  it.each<[string, Partial<Match>, object]>([
    [
      'a Lead, not the Case of the booking',
      { person: foundPerson(), related: made },
      { who: { recordId: LEAD_ID }, what: null },
    ],
    [
      'a Contact and the Case of the booking',
      { person: foundContact(), related: made },
      { who: { recordId: CONTACT_ID }, what: { recordId: CASE_ID } },
    ],
    [
      'a client Opportunity, not the Case of the booking',
      { person: client, related: made },
      { who: null, what: { recordId: OPPORTUNITY_ID } },
    ],
    [
      'the record of the link, not a client Opportunity',
      { person: client, related: linked('Account', ACCOUNT_ID) },
      { who: null, what: { recordId: ACCOUNT_ID } },
    ],
  ])('is %s', (_title, match, expected) => {
    expect(plan([[candidate(), match]]).events).toMatchObject([expected]);
  });

  it('waits for a person who is parked, though the link names a record', () => {
    const one = candidate();
    const planned = plan([[one, { person: AMBIGUOUS, related: linked('Account', ACCOUNT_ID) }]]);
    expect(planned.events).toEqual([]);
    expect(decisionOf(planned, one).parts.event).toMatchObject({ state: 'waiting', isRetried: false });
  });
});

describe('a status that the picklist lacks', () => {
  const org = orgView({ fields: { Event: [picklist('Event_Status__c', ['Scheduled'])] } });
  const one = candidate('alpha', { state: { status: 'No-show', startsAt: '2026-10-07T04:45:00.000Z' } });

  it('is told to a human, while the rest of the Event is written', () => {
    const planned = plan([[one, { event: liveEvent(), person: foundPerson() }]], org);
    expect(planned.events).toMatchObject([{ fields: { StartDateTime: '2026-10-07T04:45:00.000Z' } }]);
    expect(planned.events[0]?.fields).not.toHaveProperty('Event_Status__c');
    expect(decisionOf(planned, one).flaws?.event).toEqual({
      state: 'parked',
      class: 'scoped',
      code: 'STATUS_NOT_IN_PICKLIST',
      cause: expect.stringContaining('no active value "No-show"'),
      remedy: expect.stringContaining('Add the value "No-show"'),
      sobject: 'Event',
      fields: ['Event_Status__c'],
    });
  });

  it.each([
    ['fits', candidate(), undefined],
    ['is left out because the row says so', 'leaveOut', undefined],
    ['holds the whole Event because the row says so', 'park', 'VALUE_DOES_NOT_FIT'],
  ] as const)('%s', (_title, how, parked) => {
    const settings = settingsWith();
    settings.mappings.Event = settings.mappings.Event.map((row) =>
      row.field === 'Event_Status__c' && typeof how === 'string' ? { ...row, ifBad: how } : row,
    );
    const tried = typeof how === 'string' ? candidate('alpha', { settings, state: { status: 'No-show' } }) : how;
    const planned = plan([[tried, { event: liveEvent(), person: foundPerson() }]], org);
    expect(decisionOf(planned, tried).flaws?.event).toBeUndefined();
    const { event } = decisionOf(planned, tried).parts;
    expect(event?.state === 'parked' ? event.code : undefined).toBe(parked);
  });
});
