import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customer } from '../../test/support/builders';
import {
  candidate,
  CONTACT_ID,
  EVENT_FIELDS,
  EVENT_ID,
  HOST,
  HOST_ID,
  LEAD_ID,
  matched,
  settingsWith,
  written,
} from '../../test/support/candidate';
import { field, orgView, picklist } from '../../test/support/schema';
import type { Candidate } from '../match/candidate';
import type { FoundRecord, Match, PersonMatch, RelatedMatch } from '../match/match-types';
import type { OrgView } from '../salesforce/org-view';
import { createFieldNames } from '../salesforce/field-names';
import { byName, objectSchemaFromDescribe } from '../salesforce/schema';
import type { Decision, Plan } from './plan';
import { planBatch } from './plan-batch';

const NOW = new Date('2026-10-05T01:12:11.000Z');
const OTHER_HOST_ID = '005000000000009AAA';
const ACCOUNT_ID = '001000000000001AAA';
const withoutNull = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** What a cancel changes on the Event. */
const CANCELED = { Event_Status__c: 'Canceled', Subject: 'Canceled: Product demo' };

/** The Event of the first candidate as the org has it: in its own way of writing instants. */
const liveEvent = (more: FoundRecord = {}): FoundRecord => ({
  ...EVENT_FIELDS,
  StartDateTime: '2026-10-07T04:30:00.000+0000',
  EndDateTime: '2026-10-07T05:00:00.000+0000',
  Id: EVENT_ID,
  Booking_Id__c: 'cal:uid-alpha',
  WhoId: LEAD_ID,
  WhatId: null,
  OwnerId: HOST_ID,
  IsDeleted: false,
  ...more,
});

function foundPerson(more: Partial<PersonMatch & { kind: 'found' }> = {}, record: FoundRecord = {}): PersonMatch {
  const recordId = more.recordId ?? LEAD_ID;
  return {
    kind: 'found',
    object: 'Lead',
    recordId,
    whoId: recordId,
    accountId: null,
    record: { Id: recordId, Email: 'alpha@example.test', Booking_Customer_Id__c: 'c-alpha', ...record },
    via: 'customerId',
    isKeyTaken: false,
    ...more,
  };
}

const AMBIGUOUS: PersonMatch = {
  kind: 'ambiguous',
  object: 'Contact',
  recordIds: [CONTACT_ID, '003000000000002AAA'],
  via: 'email',
};

function plan(pairs: [Candidate, Partial<Match>?][], org: OrgView = orgView()): Plan {
  const matches = new Map(pairs.map(([one, match]) => [one.booking.id, matched(match)]));
  return planBatch(
    pairs.map(([one]) => one),
    matches,
    { org, directory: { users: new Map(), queues: new Map() }, generation: 1, now: NOW },
  );
}

function decisionOf({ decisions }: Plan, { booking }: Candidate): Decision {
  const decision = decisions.get(booking.id);
  if (decision === undefined) throw new Error('Expected a decision, got none.');
  return decision;
}

describe('planBatch for a new customer', () => {
  it('makes one person and one Event that points at it by key', () => {
    const one = candidate();
    const { records, events, deletions, decisions } = plan([[one]]);
    expect(records).toEqual([
      {
        part: 'person',
        object: 'Lead',
        sobject: 'Lead',
        recordId: null,
        keyField: 'Booking_Customer_Id__c',
        key: 'c-alpha',
        references: {},
        autoAssign: false,
        fields: {
          FirstName: 'Visitor',
          LastName: 'alpha',
          Email: 'alpha@example.test',
          Company: 'Example Offices KK',
          OwnerId: HOST_ID,
        },
        bookingIds: ['booking-alpha'],
      },
    ]);
    expect(events).toEqual([
      {
        bookingId: 'booking-alpha',
        recordId: null,
        externalId: 'cal:uid-alpha',
        who: { row: records[0] },
        what: null,
        fields: { ...withoutNull(EVENT_FIELDS), OwnerId: HOST_ID },
      },
    ]);
    expect(deletions).toEqual([]);
    expect(decisions.get('booking-alpha')).toMatchObject({
      parts: {},
      eventId: null,
      expected: {
        generation: 1,
        whoId: null,
        whatId: null,
        ownerId: HOST_ID,
        person: null,
        host: HOST,
        status: 'Scheduled',
        fields: EVENT_FIELDS,
      },
    });
  });

  it('writes a booking that was canceled meanwhile as one canceled Event', () => {
    const { records, events } = plan([[candidate('alpha', { state: { status: 'Canceled', reason: 'Ill' } })]]);
    expect(records).toHaveLength(1);
    expect(events).toMatchObject([{ fields: { Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'Ill' } }]);
  });

  describe('makes one person row', () => {
    const email = customer('Same@example.test');
    it.each([
      [
        'of two bookings of one customer',
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', { customerId: 'c-1', event: { customer: email } }),
      ],
      [
        "of two teams' customers with one e-mail",
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', {
          customerId: 'c-2',
          booking: { teamId: 'other' },
          event: { customer: customer('same@EXAMPLE.test') },
        }),
      ],
      [
        'of one customer under two e-mails: a key that comes twice fails both rows',
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', { customerId: 'c-1', event: { customer: customer('new@example.test') } }),
      ],
      [
        'of one customer whose e-mail one booking does not tell',
        candidate('alpha', { customerId: 'c-1', event: { customer: email } }),
        candidate('beta', { customerId: 'c-1', event: { customer: { ...email, email: null } } }),
      ],
    ])('%s', (_title, one, other) => {
      for (const both of [
        [one, other],
        [other, one],
      ] as const) {
        const { records, events } = plan(both.map((each) => [each]));
        expect(records).toHaveLength(1);
        expect(records[0]?.bookingIds).toEqual(both.map(({ booking }) => booking.id));
        const who = { row: records[0] };
        expect(records[0]?.key).toBe(both[0].customerId);
        expect(events.map((event) => event.who)).toEqual([who, who]);
      }
    });

    it('of a customer and of everybody who is the same by e-mail or customer id in turn', () => {
      const candidates = [
        candidate('alpha', { customerId: 'c-1', event: { customer: customer('one@example.test') } }),
        candidate('beta', { customerId: 'c-2', event: { customer: customer('one@example.test') } }),
        candidate('gamma', { customerId: 'c-2', event: { customer: customer('two@example.test') } }),
      ];
      expect(plan(candidates.map((one) => [one])).records).toMatchObject([{ key: 'c-1' }]);
    });
  });

  it('makes no person of a customer whose record another booking of the batch leads to', () => {
    const linking = candidate('alpha', { customerId: 'c-1' });
    const other = candidate('beta', { customerId: 'c-1' });
    for (const pairs of [
      [[linking, { person: foundPerson({ via: 'link' }) }], [other]],
      [[other], [linking, { person: foundPerson({ via: 'link' }) }]],
    ] as [Candidate, Partial<Match>?][][]) {
      const { records, events } = plan(pairs);
      expect(records.filter(({ recordId }) => recordId === null)).toEqual([]);
      expect(events.map(({ who }) => who)).toEqual([{ recordId: LEAD_ID }, { recordId: LEAD_ID }]);
    }
  });

  it('keeps people apart who say nothing of themselves', () => {
    const anonymous = (name: string) =>
      candidate(name, { event: { customer: customer('', { email: null, name: 'A' }) } });
    expect(plan([[anonymous('alpha')], [anonymous('beta')]]).records).toHaveLength(2);
  });

  it('makes Contacts where the match says so', () => {
    const { records, events } = plan([[candidate(), { person: { kind: 'create', object: 'Contact' } }]]);
    expect(records).toMatchObject([{ object: 'Contact', fields: { LastName: 'alpha' } }]);
    expect(events).toMatchObject([{ who: { row: { object: 'Contact', key: 'c-alpha' } } }]);
  });

  describe('parks the person and holds the Event', () => {
    const parkedOf = (one: Candidate, match: Partial<Match>, org = orgView()) => {
      const planned = plan([[one, match], [candidate('innocent')]], org);
      expect(planned.events.map(({ bookingId }) => bookingId)).not.toContain(one.booking.id);
      expect(planned.records.map(({ key }) => key)).not.toContain(one.customerId);
      expect(decisionOf(planned, one).parts.event).toEqual({
        state: 'waiting',
        cause: 'the Event waits for its person',
        isRetried: false,
      });
      return { planned, person: decisionOf(planned, one).parts.person };
    };
    const noCompany = candidate('alpha', { event: { customer: customer('alpha@example.test', { company: null }) } });

    it('when a required field gets no value; others go on', () => {
      const { planned, person } = parkedOf(noCompany, {});
      expect(person).toEqual({
        state: 'parked',
        class: 'scoped',
        code: 'REQUIRED_FIELD_MISSING',
        cause: 'Lead needs a value for Company (Company), and this booking gives none.',
        remedy: expect.stringContaining('Map the field'),
        sobject: 'Lead',
        fields: ['Company'],
      });
      expect(planned.events).toMatchObject([{ bookingId: 'booking-innocent' }]);
    });

    it('when a required field gets a value that does not fit it', () => {
      const org = orgView({
        fields: { Lead: [picklist('Rating', ['Hot'])].map((one) => ({ ...one, nillable: false })) },
      });
      const settings = settingsWith({ rows: { Lead: [{ field: 'Rating', text: 'Warm' }] } });
      expect(
        plan([[candidate('alpha', { settings })]], org).decisions.get('booking-alpha')?.parts.person,
      ).toMatchObject({
        code: 'REQUIRED_FIELD_MISSING',
        fields: ['Rating'],
      });
    });

    it('when several records fit equally well', () => {
      expect(parkedOf(candidate(), { person: AMBIGUOUS }).person).toMatchObject({
        state: 'parked',
        code: 'AMBIGUOUS_MATCH',
        cause: `2 Contact records fit equally well: ${CONTACT_ID}, 003000000000002AAA.`,
        remedy: expect.stringContaining('Merge them'),
        sobject: 'Contact',
      });
    });

    it('when the user may not create the object', () => {
      const org = orgView({ without: ['Lead'] });
      expect(plan([[candidate()]], org).decisions.get('booking-alpha')?.parts).toMatchObject({
        person: { state: 'parked', code: 'OBJECT_NOT_CREATEABLE', sobject: 'Lead' },
        event: { state: 'waiting', isRetried: false },
      });
    });

    it('unless a value was chosen for that case, which the booking’s own comes before', () => {
      const settings = settingsWith({ required: { Lead: { Company: { text: 'Unknown company' } } } });
      const { records, decisions } = plan([
        [candidate('alpha', { settings, event: { customer: customer('alpha@example.test', { company: null }) } })],
        [candidate('beta', { settings })],
      ]);
      expect(records.map(({ fields }) => fields['Company'])).toEqual(['Unknown company', 'Example Offices KK']);
      expect(decisions.get('booking-alpha')?.steps).toContainEqual({
        step: 'Lead.Company',
        outcome: 'set by the value chosen for bookings that give none',
        before: null,
        after: 'Unknown company',
      });
    });
  });
});

describe('planBatch for a known person', () => {
  const eventOf = (one: Candidate, match: Partial<Match>) => plan([[one, match]]).events[0];

  it('points the Event at the record, and leaves a person alone who is as should be', () => {
    const planned = plan([[candidate(), { person: foundPerson() }]]);
    expect(planned.records).toEqual([]);
    expect(planned.events).toMatchObject([{ who: { recordId: LEAD_ID } }]);
    expect(planned.decisions.get('booking-alpha')).toMatchObject({
      parts: { person: { state: 'written', sobject: 'Lead', recordId: LEAD_ID } },
      expected: { whoId: LEAD_ID, person: { sobject: 'Lead', recordId: LEAD_ID } },
    });
  });

  it.each([
    ['into an empty field', { Booking_Customer_Id__c: null }, {}, {}, [{ Booking_Customer_Id__c: 'c-alpha' }]],
    ["not over somebody else's", { Booking_Customer_Id__c: 'c-other' }, {}, {}, []],
    ['not where another record carries it', { Booking_Customer_Id__c: null }, { isKeyTaken: true }, {}, []],
    ['not into a record that was not read', {}, { record: null }, {}, []],
    [
      'not without the right to',
      { Booking_Customer_Id__c: null },
      {},
      { fields: { Lead: [field('Booking_Customer_Id__c', { updateable: false })] } },
      [],
    ],
  ])('writes the customer id %s', (_title, record, match, org, expected) => {
    const { records } = plan([[candidate(), { person: foundPerson(match, record) }]], orgView(org));
    expect(records.map(({ fields }) => fields)).toEqual(expected);
  });

  describe('changes the person as the mapping says', () => {
    const settings = settingsWith({
      rows: {
        Lead: [
          { field: 'Title', from: 'answers.title' },
          { field: 'Phone', from: 'customer.phone', when: 'onlyIfEmpty' },
        ],
      },
    });
    const org = orgView({ fields: { Lead: [field('Title')] } });
    const told = (title: string | null, phone: string | null = null) =>
      candidate('alpha', {
        settings,
        event: { customer: customer('alpha@example.test', { phone }) },
        state: { answers: { title } },
      });

    it.each([
      ['what differs', told('CEO', '1'), { Title: 'CFO', Phone: null }, [{ Title: 'CEO', Phone: '1' }]],
      ['nothing that is the same', told('CEO'), { Title: 'CEO', Phone: null }, []],
      ['no field that is filled, where only empty ones are', told('CEO', '1'), { Title: 'CEO', Phone: '2' }, []],
      ['no field to be empty, because we know nothing', told(null), { Title: 'CFO', Phone: '2' }, []],
    ])('%s', (_title, one, record, expected) => {
      const { records } = plan([[one, { person: foundPerson({}, record) }]], org);
      expect(records.map(({ recordId, fields }) => [recordId, fields])).toEqual(expected.map((row) => [LEAD_ID, row]));
    });

    it('in one row for all bookings of the record', () => {
      const other = { ...told(null, '1'), booking: { ...told(null, '1').booking, id: 'booking-other' } };
      const person = foundPerson({}, { Title: null, Phone: null, Booking_Customer_Id__c: null });
      const { records } = plan(
        [
          [told('CEO'), { person }],
          [{ ...other, customerId: 'c-other' }, { person }],
        ],
        org,
      );
      expect(records).toMatchObject([
        {
          recordId: LEAD_ID,
          fields: { Title: 'CEO', Phone: '1', Booking_Customer_Id__c: 'c-alpha' },
          bookingIds: ['booking-alpha', 'booking-other'],
        },
      ]);
    });
  });

  it.each<[string, PersonMatch, object]>([
    ['a Contact', foundPerson({ object: 'Contact', recordId: CONTACT_ID }), { who: { recordId: CONTACT_ID } }],
    ['a Lead, which may not stand beside it', foundPerson(), { who: null }],
    ['a new Contact', { kind: 'create', object: 'Contact' }, { who: { row: { object: 'Contact' } } }],
    ['nobody', { kind: 'none', cause: 'the related record is enough' }, { who: null }],
  ])('relates the Event to the record of the link beside %s', (_title, person, expected) => {
    const related: RelatedMatch = { object: 'Account', recordId: ACCOUNT_ID, record: null, via: 'link' };
    expect(eventOf(candidate(), { person, related })).toMatchObject({ what: { recordId: ACCOUNT_ID }, ...expected });
  });
});

describe('planBatch for an Event that exists', () => {
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
      related: { object: 'Account', recordId: '001000000000002AAA', record: null, via: 'link' },
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

describe('planBatch for an Event that was deleted', () => {
  const deleted = liveEvent({ IsDeleted: true });
  const canceled = written({ status: 'Canceled' });

  it.each([
    ['never written by us', null, 'Scheduled'],
    ['scheduled before', written(), 'Rescheduled'],
    ['canceled before and still', canceled, 'Canceled'],
    ['canceled now', written(), 'Canceled'],
  ] as const)('does not bring it back: %s', (_title, before, status) => {
    const one = candidate('alpha', { written: before, state: { status } });
    const planned = plan([[one, { event: deleted }]]);
    expect(planned).toMatchObject({ records: [], events: [], deletions: [] });
    expect(decisionOf(planned, one).parts).toEqual({
      event: { state: 'notWanted', cause: 'the Event was deleted in Salesforce' },
    });
  });

  it('makes a new one when the booking was canceled and is revived', () => {
    const one = candidate('alpha', { written: canceled });
    const { events } = plan([[one, { event: deleted, person: foundPerson() }]]);
    expect(events).toMatchObject([
      { recordId: null, externalId: 'cal:uid-alpha', who: { recordId: LEAD_ID }, fields: { OwnerId: HOST_ID } },
    ]);
  });

  it('remembers that it was canceled, so that it can be revived later', () => {
    const one = candidate('alpha', { state: { status: 'Canceled' } });
    const { expected, eventId } = decisionOf(plan([[one, { event: deleted }]]), one);
    expect({ status: expected?.status, eventId }).toEqual({ status: 'Canceled', eventId: EVENT_ID });
  });

  it('parks the revived one without an owner, as every other', () => {
    const one = candidate('alpha', { written: canceled });
    const planned = plan([[one, { event: deleted, ownerId: null }]]);
    expect(planned.events).toEqual([]);
    expect(decisionOf(planned, one).parts.event).toMatchObject({ state: 'parked', code: 'OWNER_MISSING' });
  });
});

describe('planBatch holds', () => {
  it.each([
    ['a new Event without an owner', {}, { ownerId: null }, {}, 'OWNER_MISSING', ['OwnerId']],
    ['an Event without the package', {}, {}, { without: ['Event.Booking_Id__c'] }, 'PACKAGE_MISSING', []],
    ['an Event in an org that shows none', {}, {}, { without: ['Event'] }, 'PACKAGE_MISSING', []],
  ])('%s, with cause and remedy', (_title, more, match, org, code, fields) => {
    const one = candidate('alpha', more);
    const planned = plan([[one, match]], orgView(org));
    expect(planned).toMatchObject({ records: [], events: [] });
    expect(decisionOf(planned, one).parts).toEqual({
      event: {
        state: 'parked',
        class: expect.any(String),
        code,
        cause: expect.any(String),
        remedy: expect.any(String),
        sobject: 'Event',
        fields,
      },
    });
  });

  it('a booking of unknown times, until it arrives', () => {
    const one = candidate('alpha', { state: { startsAt: null, endsAt: null, allDay: null } });
    const planned = plan([[one]]);
    expect(planned).toMatchObject({ records: [], events: [] });
    expect(decisionOf(planned, one).parts.event).toMatchObject({ state: 'waiting', isRetried: false });
  });
});

describe('planBatch for a booking that turned out to be another one', () => {
  const twin = candidate('alpha', { booking: { mergedInto: 'booking-root' } });

  it.each([
    ['deletes its Event', liveEvent(), [{ bookingId: 'booking-alpha', recordId: EVENT_ID }]],
    ['has nothing to delete when it is deleted', liveEvent({ IsDeleted: true }), []],
    ['has nothing to delete when there is none', null, []],
  ])('%s', (_title, event, deletions) => {
    const planned = plan([[twin, { event }]]);
    expect(planned).toMatchObject({ records: [], events: [], deletions });
    expect(decisionOf(planned, twin).parts).toEqual({
      event: { state: 'notWanted', cause: 'the booking turned out to be the continuation of another one' },
    });
  });
});

describe('planBatch', () => {
  it('parks a booking that cannot be planned, and goes on with the others', () => {
    const broken = candidate('broken');
    Object.defineProperty(broken.booking.state, 'answers', {
      get: () => {
        throw new Error('spoilt');
      },
    });
    const planned = plan([[broken], [candidate()]]);
    expect(planned.events).toMatchObject([{ bookingId: 'booking-alpha' }]);
    expect(planned.records).toMatchObject([{ key: 'c-alpha' }]);
    expect(decisionOf(planned, broken).parts).toEqual({ event: expect.objectContaining({ code: 'INTERNAL_ERROR' }) });
  });

  it('names the fields of the package with its namespace', () => {
    const { records, events } = plan(
      [[candidate(), { person: foundPerson({}, { bkconn__Booking_Customer_Id__c: null }) }]],
      orgView({ namespace: 'bkconn' }),
    );
    expect(records[0]?.fields).toEqual({ bkconn__Booking_Customer_Id__c: 'c-alpha' });
    expect(events[0]?.fields).toMatchObject({ bkconn__Event_Status__c: 'Scheduled' });
  });

  it('puts nobody in the causes of waiting parts, which may be logged', () => {
    const pairs: [Candidate, Partial<Match>?][] = [
      [candidate('alpha', { event: { customer: customer('alpha@example.test', { company: null }) } })],
      [candidate('beta'), { person: AMBIGUOUS }],
      [candidate('gamma', { state: { startsAt: null } })],
    ];
    const waiting = [...plan(pairs).decisions.values()]
      .flatMap(({ parts }) => Object.values(parts))
      .filter(({ state }) => state === 'waiting');
    expect(waiting).toHaveLength(3);
    expect(JSON.stringify(waiting)).not.toMatch(/@|alpha|beta|gamma|visitor/i);
  });

  const SHARED = join(__dirname, '../../../../shared/salesforce/describe');
  (existsSync(SHARED) ? it : it.skip)('asks nothing of a plain org that it does not have', () => {
    const describeOf = (sobject: string) =>
      objectSchemaFromDescribe(JSON.parse(readFileSync(join(SHARED, `${sobject}.json`), 'utf8')));
    const ours = ['Booking_Id__c', 'Event_Status__c'].map((name) => field(name));
    const event = describeOf('Event');
    const schema = {
      objects: byName([
        { ...event, fields: byName([...Object.values(event.fields), ...ours]) },
        describeOf('Lead'),
        describeOf('Contact'),
      ]),
      stamp: null,
      readAt: '',
    };
    const { records, events } = plan([[candidate()]], { schema, names: createFieldNames(null) });
    for (const [sobject, fields] of [
      ...records.map((row) => ['Lead', row.fields] as const),
      ['Event', events[0]?.fields ?? {}] as const,
    ]) {
      expect(Object.keys(fields).length).toBeGreaterThan(3);
      for (const name of Object.keys(fields)) expect(schema.objects[sobject]?.fields[name]?.createable).toBe(true);
    }
  });
});
