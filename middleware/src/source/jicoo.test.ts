import type { BookingEvent } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { exampleBody, type Loose, raw, sign } from '../../test/fixtures/source/build';
import { jicoo } from './jicoo';

const UID = 'q7Zk2mWc9Xe1';

const translated = (name: string, spoil?: (body: Loose) => unknown) =>
  jicoo.translate(exampleBody('jicoo', name, spoil));

function eventOf(name: string, change?: (booking: Loose, body: Loose) => unknown): BookingEvent {
  const translation = translated(name, (body) => void change?.(body.object, body));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  expect(translation.events).toHaveLength(1);
  return translation.events[0]!;
}

describe('translate of a Jicoo body', () => {
  it('tells everything of a new booking', () => {
    expect(translated('guest_booked')).toEqual({
      events: [
        {
          kind: 'scheduled',
          bookingKey: UID,
          replacesKey: null,
          replacedByKey: null,
          sequence: null,
          occurredAt: '2027-02-20T08:15:29.000Z',
          reason: null,
          actor: null,
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          allDay: false,
          timeZone: 'Asia/Tokyo',
          subject: null,
          page: { id: 'et_4f9b2d7c', name: null },
          host: null,
          customer: {
            id: null,
            email: 'Hanako.Mihon@visitor.example',
            name: '見本 花子',
            firstName: null,
            lastName: null,
            phone: '03-0000-0000',
            company: '見本株式会社',
            timeZone: 'Asia/Tokyo',
          },
          guests: null,
          answers: { 会社名: ['見本株式会社'], 電話番号: ['03-0000-0000'], ご相談内容: ['料金', '導入時期'] },
          campaign: { utm_campaign: 'spring_fair', utm_source: 'mail' },
          recordId: null,
          location: null,
          joinUrl: null,
          manageUrl: null,
          cancelUrl: null,
          payment: null,
        },
      ],
    });
  });

  it('reads newer bodies: the organizer by id, a family name apart, the name of the page, a hidden question', () => {
    expect(eventOf('guest_booked.hosts')).toMatchObject({
      subject: 'リフト点検のご相談',
      page: { id: 'et_4f9b2d7c', name: 'リフト点検のご相談' },
      host: { id: '1001', email: null, name: null },
      customer: {
        name: '見本 花子',
        firstName: '花子',
        lastName: '見本',
        phone: '+81 90-0000-0000',
        company: '見本株式会社',
      },
      recordId: '003Aa00000Bb1CcDEF',
    });
  });

  it('finds contact and answers beside the booking too', () => {
    expect(eventOf('guest_booked.root')).toMatchObject({
      customer: { email: 'Hanako.Mihon@visitor.example', company: '見本株式会社' },
      answers: { ご相談内容: ['料金', '導入時期'] },
      campaign: null,
    });
  });

  it.each([
    ['a move by the customer', 'guest_rescheduled', { kind: 'rescheduled', bookingKey: UID, actor: 'customer' }],
    ['a move by the host', 'host_rescheduled', { kind: 'rescheduled', bookingKey: UID, actor: 'host' }],
    [
      'a cancel by the customer',
      'guest_cancelled',
      { kind: 'canceled', bookingKey: UID, actor: 'customer', reason: null, occurredAt: '2027-02-25T16:40:02.000Z' },
    ],
    ['a cancel by the host', 'host_cancelled', { kind: 'canceled', bookingKey: UID, actor: 'host' }],
  ])('tells %s', (_title, name, expected) => {
    expect(eventOf(name)).toMatchObject(expected);
  });

  it.each([
    ['host_booked', 'scheduled'],
    ['guest_canceled', 'canceled'],
  ])('takes %s too', (name, kind) => {
    expect(eventOf('guest_booked', (_booking, body) => void (body.event = name)).kind).toBe(kind);
  });

  describe('the host', () => {
    it.each([
      ['is the first when nobody organizes', [{ userId: 7 }, { userId: 8 }], { id: '7', email: null, name: null }],
      ['is nobody without an id', [{ role: 'organizer' }, null, 'x'], null],
      ['is nobody in an empty list', [], null],
    ])('%s', (_title, hosts, expected) => {
      expect(eventOf('guest_booked', (booking) => void (booking.hosts = hosts)).host).toEqual(expected);
    });
  });

  describe('the name', () => {
    it.each([
      ['whole beside a family name', { name: '見本 花子', lastName: '見本' }, ['見本 花子', null, '見本']],
      ['only a family name', { lastName: '見本' }, ['見本', null, '見本']],
      ['missing', { email: 'a@visitor.example' }, [null, null, null]],
    ])('is %s', (_title, contact, expected) => {
      const { customer } = eventOf('guest_booked', (booking) => void (booking.contact = contact));
      expect([customer?.name, customer?.firstName, customer?.lastName]).toEqual(expected);
    });
  });

  it('knows nobody without a contact and without answers', () => {
    const event = eventOf('guest_booked', (booking) => void Object.assign(booking, { contact: {}, answers: [] }));
    expect(event.customer).toBeNull();
  });

  it.each(['guest_reminded', 'team_booked', 'guest_toString', '__proto__'])('ignores %s', (event) => {
    expect(jicoo.translate(raw({ event, object: {} }))).toEqual({ ignored: expect.stringMatching(/is not known\.$/) });
  });

  it.each([
    ['a list', () => [], ['body']],
    ['a booking without its envelope, as REST gives it', (body: Loose): unknown => body.object, ['event']],
    ['an envelope without a booking', (body: Loose) => void delete body.object, ['object']],
    [
      'everything that is wrong at once',
      (body: Loose) => ({ event: body.event, object: {} }),
      ['createdAt', 'object.uid', 'object.startedAt', 'object.endedAt'],
    ],
    ['a uid with a colon, which parts seats', (body: Loose) => void (body.object.uid = 'a:b'), ['object.uid']],
  ])('refuses %s', (_title, spoil, fields) => {
    const translation = translated('guest_booked', spoil);
    expect('refused' in translation && translation.refused.map(({ field }) => field)).toEqual(fields);
  });

  it('needs no times for a cancel', () => {
    const event = eventOf('guest_cancelled', (booking) => void delete booking.startedAt);
    expect(event).toMatchObject({ kind: 'canceled', startsAt: null, endsAt: null });
  });
});

describe('the life of a Jicoo booking', () => {
  const life = (...names: string[]) => foldBooking(names.map((name) => eventOf(name)));

  it('goes on under the same uid, in whatever order it is told', () => {
    const expected = { status: 'Rescheduled', startsAt: '2027-03-08T13:00:00.000Z', actor: 'host' };
    expect(life('guest_booked', 'guest_rescheduled', 'host_rescheduled')).toMatchObject(expected);
    expect(life('host_rescheduled', 'guest_rescheduled', 'guest_booked')).toMatchObject(expected);
  });

  it('ends with a cancel', () => {
    expect(life('guest_cancelled', 'host_rescheduled', 'guest_booked').status).toBe('Canceled');
  });
});

describe('deliveryKey of a Jicoo body', () => {
  it.each([
    ['uid, event and update', exampleBody('jicoo', 'guest_booked'), `${UID}:guest_booked:2027-02-20T08:15:29.000Z`],
    [
      'uid, event and the time of the envelope without an update',
      raw({ event: 'guest_booked', createdAt: '2027-02-20T08:15:30Z', object: { uid: 'a' } }),
      'a:guest_booked:2027-02-20T08:15:30.000Z',
    ],
    ['a digest without a uid', raw({ event: 'guest_booked' }), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    ['a digest of what is not known', raw({ event: 'x', object: { uid: 'a' } }), expect.stringMatching(/^sha256:/)],
  ])('is %s', (_title, body, expected) => {
    expect(jicoo.deliveryKey({}, body)).toEqual(expected);
  });
});

describe('verify of a Jicoo delivery', () => {
  const BODY = exampleBody('jicoo', 'guest_booked');
  const SIGNED_AT = new Date('2027-02-20T08:15:30Z');
  const later = (seconds: number) => new Date(SIGNED_AT.getTime() + seconds * 1000);

  it('tells which secret signed, up to five minutes later', () => {
    const headers = sign('jicoo', 'new', BODY, SIGNED_AT);
    expect(jicoo.verify(headers, BODY, ['old', 'new'], later(300))).toEqual({ secretIndex: 1 });
    expect(() => jicoo.verify(headers, BODY, ['old', 'new'], later(301))).toThrow(
      expect.objectContaining({ code: 'stale' }),
    );
  });

  it('refuses a delivery without a signature', () => {
    expect(() => jicoo.verify({}, BODY, ['secret'], SIGNED_AT)).toThrow(expect.objectContaining({ code: 'missing' }));
  });
});
