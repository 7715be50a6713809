import { customer } from '../../test/support/builders';
import { candidate, EVENT_ID, HOST_ID, LEAD_ID, settingsWith, written } from '../../test/support/candidate';
import { AMBIGUOUS, decisionOf, foundPerson, liveEvent, plan } from '../../test/support/plan';
import { orgView } from '../../test/support/schema';
import type { Candidate } from '../match/candidate';
import type { Match } from '../match/match-types';

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

describe('a twin whose Event may not be deleted', () => {
  const twin = (before: Parameters<typeof written>[0]) =>
    candidate('alpha', { booking: { mergedInto: 'booking-root' }, written: written(before) });

  it('says that it does not count, and where to look', () => {
    const one = twin({ cannotDelete: true });
    const { events, deletions } = plan([[one, { event: liveEvent() }]]);
    expect(deletions).toEqual([]);
    expect(events).toMatchObject([
      {
        recordId: EVENT_ID,
        who: null,
        fields: { Event_Status__c: 'Canceled', Subject: 'Canceled: this booking goes on in another Event' },
      },
    ]);
  });

  it('says so once', () => {
    const one = twin({ cannotDelete: true });
    expect(plan([[one, { event: liveEvent({ Event_Status__c: 'Canceled' }) }]]).events).toEqual([]);
  });

  it('is remembered though it never was, or it would be tried for ever', () => {
    const one = candidate('alpha', { booking: { mergedInto: 'booking-root' } });
    const { eventId, expected } = decisionOf(plan([[one, { event: liveEvent() }]]), one);
    expect({ eventId, generation: expected?.generation }).toEqual({ eventId: EVENT_ID, generation: 1 });
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
});

describe('a page that is switched off', () => {
  const off = { ...settingsWith(), newPages: 'off' as const };

  it.each([
    ['that was never written', null, null],
    ['whose Event is there', written(), liveEvent()],
    ['whose Event was deleted', written(), liveEvent({ IsDeleted: true })],
  ])('writes nothing of a booking %s, and forgets nothing', (_title, before, event) => {
    const one = candidate('alpha', { settings: off, written: before, state: { status: 'Canceled' } });
    const planned = plan([[one, { event, person: foundPerson() }]]);
    expect(planned).toMatchObject({ records: [], events: [], deletions: [], relations: [] });
    expect(decisionOf(planned, one)).toMatchObject({
      parts: { event: { state: 'notWanted', cause: 'the page is switched off' } },
      expected: null,
    });
  });
});

describe('Events that are switched off', () => {
  const settings = settingsWith({ rules: { event: 'off' } });

  it('leave the person, who needs no owner of an Event', () => {
    const one = candidate('alpha', { settings });
    const planned = plan([[one, { ownerId: null }]]);
    expect(planned).toMatchObject({ records: [{ object: 'Lead' }], events: [], relations: [] });
    expect(decisionOf(planned, one).parts.event).toMatchObject({ state: 'notWanted' });
  });

  it('leave an Event that was written before up to date', () => {
    const one = candidate('alpha', { settings, written: written(), state: { status: 'Canceled' } });
    const planned = plan([[one, { event: liveEvent(), person: foundPerson() }]]);
    expect(planned.events).toMatchObject([{ recordId: EVENT_ID, fields: { Event_Status__c: 'Canceled' } }]);
  });
});

describe('canceled bookings that the rules delete', () => {
  const settings = settingsWith({ rules: { cancel: 'delete' } });
  const canceled = (before: Parameters<typeof written>[0] | null) =>
    candidate('alpha', {
      settings,
      state: { status: 'Canceled' },
      written: before === null ? null : written(before),
    });
  const gone = { status: 'Canceled', fields: {} };

  it.each([
    ['delete their Event', canceled({}), liveEvent(), { deletions: [{ recordId: EVENT_ID }], events: [] }],
    ['make nothing that was not there', canceled(null), null, { deletions: [], events: [], records: [] }],
    ['delete nothing twice', canceled({}), liveEvent({ IsDeleted: true }), { deletions: [], events: [] }],
    ['leave an Event alone that was deleted and restored', canceled(gone), liveEvent(), { deletions: [], events: [] }],
    [
      'keep an Event that may not be deleted, with its status',
      canceled({ cannotDelete: true }),
      liveEvent(),
      { deletions: [], events: [{ recordId: EVENT_ID, fields: { Event_Status__c: 'Canceled' } }] },
    ],
  ])('%s', (_title, one, event, expected) => {
    expect(plan([[one, { event, person: foundPerson() }]])).toMatchObject(expected);
  });

  it('remember that they were canceled, and who the host was', () => {
    const one = canceled({ host: 'old@example.com', related: { sobject: 'Case', recordId: 'c' }, campaignId: 'x' });
    const { expected, parts } = decisionOf(plan([[one, { event: liveEvent(), person: foundPerson() }]]), one);
    expect(parts.event).toMatchObject({ state: 'notWanted' });
    expect(expected).toMatchObject({
      status: 'Canceled',
      fields: {},
      host: 'old@example.com',
      related: { sobject: 'Case', recordId: 'c' },
      campaignId: 'x',
    });
  });

  it.each([
    ['with a new Event where the old one is deleted', liveEvent({ IsDeleted: true }), null],
    ['with a new Event where the old one is gone for good', null, null],
    ['with the Event that somebody restored', liveEvent(), EVENT_ID],
  ])('are revived %s', (_title, event, recordId) => {
    const one = candidate('alpha', { settings, written: written(gone), state: { status: 'Rescheduled' } });
    const { events } = plan([[one, { event, person: foundPerson() }]]);
    expect(events.map((row) => row.recordId)).toEqual([recordId]);
  });
});
