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
      event: { state: 'parked', code, cause: expect.any(String), remedy: expect.any(String), sobject: 'Event', fields },
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
});
