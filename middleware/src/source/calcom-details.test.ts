import { Problems } from './body';
import { detailsOf, ownOf, readTimes, reasonOf, sequenceOf } from './calcom-details';

const organizer = { email: 'rosa@host.example' };
const attendees = [{ email: 'ada@visitor.example' }];

describe('reasonOf', () => {
  it.each([
    [
      'a cancel by the customer',
      'canceled',
      { cancelledBy: 'ADA@visitor.example', cancellationReason: ' ill ' },
      'ill',
      'customer',
    ],
    ['a cancel by the host', 'canceled', { cancelledBy: 'rosa@host.example', cancellationReason: '' }, null, 'host'],
    ['a cancel by somebody else', 'canceled', { cancelledBy: 'admin@host.example' }, null, null],
    ['a cancel by nobody known', 'canceled', {}, null, null],
    ["a host's request for another time", 'canceled', { requestReschedule: true }, null, 'host'],
    ['a rejection', 'canceled', { status: 'REJECTED', rejectionReason: 'full' }, 'full', 'host'],
    [
      'a move',
      'rescheduled',
      { rescheduledBy: 'rosa@host.example', responses: { rescheduleReason: { value: 'ill' } } },
      'ill',
      'host',
    ],
    ['a new host, told as a text', 'reassigned', { assignmentReason: 'away' }, 'away', 'host'],
    ['a new host, told as an object', 'reassigned', { assignmentReason: { reasonString: 'away' } }, 'away', 'host'],
    [
      'a new host, told as a list',
      'reassigned',
      { assignmentReason: [{ reasonString: 'old' }, { reasonString: 'away' }] },
      'away',
      'host',
    ],
    ['a new host, not told', 'reassigned', { assignmentReason: [] }, null, 'host'],
    ['a new booking', 'scheduled', { cancellationReason: 'x' }, null, null],
  ] as const)('of %s', (_title, kind, payload, reason, actor) => {
    const body = JSON.parse(JSON.stringify({ organizer, attendees, ...payload }));
    expect(reasonOf(kind, body)).toEqual({ reason, actor });
  });
});

describe('sequenceOf', () => {
  it.each([
    [0, 0],
    ['2', 2],
    [-1, null],
    [1.5, null],
    [1e300, null],
    [null, null],
  ])('reads %j as %j', (iCalSequence, expected) => {
    expect(sequenceOf({ iCalSequence })).toBe(expected);
  });
});

describe('readTimes', () => {
  it.each([
    ['nothing where nothing is required', {}, false, null, []],
    ['a start alone where nothing is required', { startTime: '2027-03-02T09:00:00Z' }, false, null, []],
    ['nothing where times are required', {}, true, null, ['p.startTime', 'p.endTime']],
    [
      'a length instead of an end',
      { startTime: '2027-03-02T09:00:00Z', length: 15 },
      true,
      '2027-03-02T09:15:00.000Z',
      [],
    ],
    ['a length of 0', { startTime: '2027-03-02T09:00:00Z', length: 0 }, true, null, ['p.endTime']],
    [
      'an end at the start',
      { startTime: '2027-03-02T09:00:00Z', endTime: '2027-03-02T09:00:00Z' },
      true,
      null,
      ['p.endTime'],
    ],
  ])('reads %s', (_title, row, isRequired, endsAt, fields) => {
    const problems = new Problems();
    expect(readTimes(row, 'p.', isRequired, problems)?.endsAt ?? null).toBe(endsAt);
    expect(problems.errors.map(({ field }) => field)).toEqual(fields);
  });
});

describe('detailsOf', () => {
  it.each([
    ['has no page without an event type', { eventTitle: 'Intro' }, { page: null }],
    ['has a page without a title', { eventTypeId: 7 }, { page: { id: '7', name: null } }],
    [
      'makes the link of the booking',
      { bookerUrl: 'https://cal.example/' },
      { manageUrl: 'https://cal.example/booking/uid' },
    ],
    ['makes no link of an odd address', { bookerUrl: 'javascript:x' }, { manageUrl: null }],
  ])('%s', (_title, payload, expected) => {
    expect(detailsOf(payload, 'uid', null)).toMatchObject(expected);
  });
});

describe('ownOf', () => {
  it.each([
    ['a payment that failed', { paymentData: { amount: 100, currency: 'eur', success: false } }, null],
    ['a price that nobody has paid yet', { price: 100, currency: 'eur' }, null],
    [
      'a payment without a reference',
      { paymentData: { amount: 100, currency: 'eur', success: true } },
      { amount: 1, currency: 'EUR', reference: null },
    ],
  ])('reads %s', (_title, payload, payment) => {
    expect(ownOf(payload).payment).toEqual(payment);
  });

  it('takes an own question that comes in userFieldsResponses only', () => {
    expect(ownOf({ userFieldsResponses: { size: { value: 3 } } }).answers).toEqual({ size: 3 });
  });

  it('leaves out the answers that have a place of their own, and other metadata', () => {
    const responses = { name: { value: 'Ada' }, email: { value: 'a@b.example' }, location: { value: { value: 'x' } } };
    expect(ownOf({ responses, metadata: { videoCallUrl: 'https://x.example', other: 1 } }).answers).toBeNull();
  });
});
