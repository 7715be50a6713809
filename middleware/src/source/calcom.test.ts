import { foldBooking } from '../booking/fold';
import { joinLineages } from '../booking/lineage';
import type { BookingEvent } from '../booking/booking-event';
import { example, exampleBody, type Loose, raw } from '../../test/fixtures/source/build';
import { calcom, calcomSignature } from './calcom';
import { calcomSeatKey } from './calcom-events';

const UID = 'q7Hd2mXwTn5RkZs8LbVc1A';
const NEW_UID = 'w3Fp9sJyKe6NtGh4RxQa7B';
const IDRIS = calcomSeatKey(UID, 'idris.okafor@visitor.example');
const MEI = calcomSeatKey(UID, 'mei.tan@visitor.example');

const translated = (name: string, spoil?: (body: Loose) => unknown) =>
  calcom.translate(exampleBody('calcom', name, spoil));

function eventsOf(name: string, spoil?: (body: Loose) => unknown): BookingEvent[] {
  const translation = translated(name, spoil);
  if (!('events' in translation)) throw new Error(`Expected events, got ${JSON.stringify(translation)}`);
  return translation.events;
}

const eventOf = (name: string, spoil?: (body: Loose) => unknown): BookingEvent => eventsOf(name, spoil)[0]!;

function refusedFields(translation: ReturnType<typeof calcom.translate>): string[] {
  if (!('refused' in translation)) throw new Error(`Expected a refusal, got ${JSON.stringify(translation)}`);
  return translation.refused.map(({ field }) => field);
}

describe('translate of a Cal.com body', () => {
  it('tells everything of a new booking', () => {
    expect(translated('BOOKING_CREATED')).toEqual({
      events: [
        {
          kind: 'scheduled',
          bookingKey: UID,
          replacesKey: null,
          replacedByKey: null,
          sequence: 0,
          occurredAt: '2027-02-20T08:15:30.250Z',
          reason: null,
          actor: null,
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          allDay: false,
          timeZone: 'Africa/Lagos',
          subject: 'Intro call between Rosa Lindqvist and Idris Okafor',
          page: { id: '88', name: 'Intro call' },
          host: { id: '501', email: 'rosa.lindqvist@host.example', name: 'Rosa Lindqvist' },
          customer: {
            id: null,
            email: 'Idris.Okafor@visitor.example',
            name: 'Idris Okafor',
            firstName: 'Idris',
            lastName: 'Okafor',
            phone: '+2348000000000',
            company: 'Harmattan Freight Ltd',
            timeZone: 'Africa/Lagos',
          },
          guests: [],
          answers: { notes: 'Bring the price list.', company: 'Harmattan Freight Ltd', 'team-size': ['11-50'] },
          campaign: null,
          recordId: null,
          location: null,
          joinUrl: 'https://video.host.example/room-1',
          manageUrl: `https://cal.host.example/booking/${UID}`,
          cancelUrl: null,
          payment: null,
        },
      ],
    });
  });

  it.each([
    [
      'a reschedule under a new uid',
      'BOOKING_RESCHEDULED',
      {
        kind: 'rescheduled',
        bookingKey: NEW_UID,
        replacesKey: UID,
        replacedByKey: null,
        sequence: 1,
        reason: 'Train strike',
        actor: 'customer',
        startsAt: '2027-03-05T13:00:00.000Z',
      },
    ],
    [
      'a cancel with offsets in its times and other labels',
      'BOOKING_CANCELLED',
      {
        kind: 'canceled',
        bookingKey: UID,
        reason: 'Chose another supplier',
        actor: 'customer',
        startsAt: '2027-03-02T09:00:00.000Z',
        sequence: 1,
      },
    ],
    [
      "a host's request to pick another time",
      'BOOKING_CANCELLED.request-reschedule',
      { kind: 'canceled', bookingKey: UID, reason: 'Please reschedule: ill', actor: 'host' },
    ],
    [
      'a rejected request',
      'BOOKING_REJECTED',
      { kind: 'canceled', bookingKey: UID, reason: 'Fully booked that week', actor: 'host' },
    ],
    [
      'a paid booking, in major units',
      'BOOKING_PAID',
      {
        kind: 'scheduled',
        bookingKey: UID,
        payment: { amount: 125.5, currency: 'EUR', reference: 'pi_0000000000example' },
      },
    ],
    [
      'a new host',
      'BOOKING_REASSIGNED',
      {
        kind: 'reassigned',
        host: { id: '502', email: 'tomas.vrba@host.example', name: 'Tomas Vrba' },
        reason: 'Rosa is away',
        actor: 'host',
      },
    ],
    [
      'another place',
      'BOOKING_LOCATION_UPDATED',
      { kind: 'updated', location: 'Harbour Office, 3rd floor', joinUrl: null },
    ],
    [
      'a meeting that ended: it happened at the end, not at createdAt',
      'MEETING_ENDED',
      {
        kind: 'completed',
        bookingKey: UID,
        occurredAt: '2027-03-02T09:45:00.000Z',
        endsAt: '2027-03-02T09:45:00.000Z',
        replacesKey: null,
        joinUrl: 'https://video.host.example/room-1',
        answers: { company: 'Harmattan Freight Ltd' },
      },
    ],
    [
      'a no-show, under bookingUid',
      'BOOKING_NO_SHOW_UPDATED',
      {
        kind: 'noShow',
        bookingKey: UID,
        occurredAt: '2027-03-02T09:20:00.000Z',
        startsAt: null,
        host: null,
        actor: 'host',
        customer: {
          id: null,
          email: 'idris.okafor@visitor.example',
          name: null,
          firstName: null,
          lastName: null,
          phone: null,
          company: null,
          timeZone: null,
        },
      },
    ],
  ])('tells %s', (_title, name, expected) => {
    expect(eventsOf(name)).toHaveLength(1);
    expect(eventOf(name)).toMatchObject(expected);
  });

  it('tells marks that were set and marks that were taken back, of those named only', () => {
    expect(eventsOf('BOOKING_NO_SHOW_UPDATED.mixed').map(({ kind, customer }) => [kind, customer?.email])).toEqual([
      ['noShowCleared', 'idris.okafor@visitor.example'],
      ['noShow', 'lena@visitor.example'],
    ]);
  });

  describe('what the link carried', () => {
    it('takes the hidden question before the metadata, and keeps neither among the answers', () => {
      expect(eventOf('BOOKING_CREATED.carried')).toMatchObject({
        recordId: '003Aa00000Bb1CcDEF',
        campaign: { utm_campaign: 'spring_fair', utm_source: 'newsletter' },
        answers: { notes: 'Bring the price list.', company: 'Harmattan Freight Ltd', 'team-size': ['11-50'] },
      });
    });

    it('takes the metadata when the question holds no id', () => {
      const event = eventOf('BOOKING_CREATED.carried', (body) => {
        body.payload.responses.sfid.value = 'unknown';
        body.payload.userFieldsResponses.sfid.value = 'unknown';
      });
      expect(event).toMatchObject({ recordId: '00QAa00000Zz9YyXWV', answers: { sfid: 'unknown' } });
    });
  });

  describe('people', () => {
    it('parts the booker from the guests', () => {
      expect(eventOf('BOOKING_CREATED.guests')).toMatchObject({
        customer: { email: 'Idris.Okafor@visitor.example' },
        guests: [{ email: 'lena@visitor.example' }],
      });
    });

    it('knows the booker by the answer when the list has another order', () => {
      const event = eventOf('BOOKING_CREATED.guests', (body) => {
        const [booker, guest] = body.payload.attendees;
        body.payload.attendees = [guest, booker];
      });
      expect(event).toMatchObject({
        customer: { email: 'Idris.Okafor@visitor.example', name: 'Idris Okafor' },
        guests: [{ email: 'lena@visitor.example' }],
      });
    });

    it('has no e-mail for somebody who booked by phone only: Cal.com makes one up', () => {
      expect(eventOf('BOOKING_CREATED.phone-only').customer).toMatchObject({ email: null, phone: '+2348000000000' });
    });

    it('reads the phone number out of the made-up e-mail of a no-show', () => {
      const event = eventOf('BOOKING_NO_SHOW_UPDATED', (body) => {
        body.payload.attendees[0].email = '2348000000000@sms.cal.com';
      });
      expect(event.customer).toMatchObject({ email: null, phone: '+2348000000000' });
    });

    it('takes both names of a page that asks for them', () => {
      const event = eventOf('BOOKING_CREATED', (body) => {
        body.payload.attendees = [];
        body.payload.responses.name.value = { firstName: ' Idris ', lastName: 'Okafor' };
      });
      expect(event.customer).toMatchObject({ name: 'Idris Okafor', firstName: 'Idris', lastName: 'Okafor' });
    });

    it('makes empty names null', () => {
      const event = eventOf('BOOKING_CREATED', (body) => {
        Object.assign(body.payload.attendees[0], { firstName: '', lastName: '' });
      });
      expect(event.customer).toMatchObject({ name: 'Idris Okafor', firstName: null, lastName: null });
    });

    it('has no customer when the body names nobody', () => {
      const event = eventOf('BOOKING_CREATED', (body) => {
        body.payload.attendees = null;
        body.payload.responses = null;
      });
      expect(event).toMatchObject({ customer: null, guests: null });
    });
  });

  describe('seats', () => {
    it('gives each seat a key of its own that does not show the e-mail', () => {
      expect(eventOf('BOOKING_CREATED.seat')).toMatchObject({ bookingKey: IDRIS, guests: [] });
      expect(IDRIS).toMatch(/^q7Hd2mXwTn5RkZs8LbVc1A:[0-9a-f]{16}$/);
    });

    it('cancels the one seat that is named, without taking answers of somebody else for its own', () => {
      expect(eventsOf('BOOKING_CANCELLED.one-seat')).toHaveLength(1);
      expect(eventOf('BOOKING_CANCELLED.one-seat')).toMatchObject({
        kind: 'canceled',
        bookingKey: MEI,
        customer: { email: 'mei.tan@visitor.example', phone: null, company: null },
        answers: null,
        timeZone: 'Asia/Singapore',
      });
    });

    it('moves every seat when the owner moves the booking under its own uid', () => {
      const events = eventsOf('BOOKING_RESCHEDULED.seats-by-owner');
      expect(events.map(({ bookingKey, replacesKey, actor }) => [bookingKey, replacesKey, actor])).toEqual([
        [IDRIS, null, 'host'],
        [MEI, null, 'host'],
      ]);
      expect(events.map(({ customer }) => customer?.company)).toEqual(['Harmattan Freight Ltd', null]);
    });

    it("moves one attendee's seat to another booking", () => {
      const event = eventOf('BOOKING_RESCHEDULED', (body) => void (body.payload.seatsPerTimeSlot = 6));
      expect(event).toMatchObject({
        bookingKey: calcomSeatKey(NEW_UID, 'Idris.Okafor@visitor.example'),
        replacesKey: IDRIS,
      });
    });

    it('refuses a cancel that names nobody: the others keep their seats', () => {
      const empty = translated('BOOKING_CANCELLED.one-seat', (body) => void (body.payload.attendees = []));
      expect(refusedFields(empty)).toEqual(['payload.attendees']);
    });
  });

  describe('lineage', () => {
    it('tells a reschedule that had to be confirmed as one', () => {
      const event = eventOf('BOOKING_CREATED', (body) => void (body.payload.rescheduleUid = 'older'));
      expect(event).toMatchObject({ kind: 'rescheduled', replacesKey: 'older' });
    });

    it('does not let a booking replace itself', () => {
      const event = eventOf('BOOKING_RESCHEDULED', (body) => void (body.payload.rescheduleUid = NEW_UID));
      expect(event).toMatchObject({ kind: 'rescheduled', replacesKey: null });
    });

    it('tells the old half of a requested reschedule, which is not a cancel', () => {
      expect(eventsOf('BOOKING_REQUESTED.reschedule')).toEqual([
        expect.objectContaining({
          kind: 'updated',
          bookingKey: UID,
          replacedByKey: NEW_UID,
          startsAt: null,
          customer: null,
          reason: 'Train strike',
          actor: 'customer',
        }),
      ]);
    });

    it('tells the old half of each seat that a request would move', () => {
      const event = eventOf('BOOKING_REQUESTED.reschedule', (body) => void (body.payload.seatsPerTimeSlot = 6));
      expect(event).toMatchObject({
        bookingKey: IDRIS,
        replacedByKey: calcomSeatKey(NEW_UID, 'idris.okafor@visitor.example'),
      });
    });

    it('goes on after a confirmed reschedule whose body forgot the old uid', () => {
      const created = eventOf('BOOKING_CREATED', (body) => {
        Object.assign(body, { createdAt: '2027-02-22T12:00:00Z' });
        Object.assign(body.payload, {
          uid: NEW_UID,
          startTime: '2027-03-05T13:00:00Z',
          endTime: '2027-03-05T13:45:00Z',
        });
      });
      const life = [eventOf('BOOKING_CREATED'), eventOf('BOOKING_REQUESTED.reschedule'), created];
      expect(foldBooking(life)).toMatchObject({
        status: 'Rescheduled',
        startsAt: '2027-03-05T13:00:00.000Z',
        reason: 'Train strike',
      });
    });

    it('learns from the end of the meeting what it continued', () => {
      const event = eventOf('MEETING_ENDED', (body) => void (body.fromReschedule = 'older'));
      expect(event).toMatchObject({ kind: 'completed', replacesKey: 'older' });
    });

    it('learns nothing of that of a shared booking, which has no answers: its seats tell which of them moved', () => {
      const event = eventOf(
        'MEETING_ENDED',
        (body) => void Object.assign(body, { fromReschedule: 'a', responses: null }),
      );
      expect(event).toMatchObject({ kind: 'completed', replacesKey: null });
    });

    describe('twice, the webhook of the first move being lost', () => {
      const secondMove = (spoil: (payload: Loose) => unknown = () => undefined) =>
        eventsOf('BOOKING_RESCHEDULED', ({ payload }) => {
          Object.assign(payload, { uid: 'third', rescheduleUid: 'second', iCalSequence: 2 });
          spoil(payload);
        });

      it('is followed by the id of the calendar entry, which names the first booking', () => {
        const moved = secondMove();
        expect(moved).toMatchObject([
          { kind: 'rescheduled', bookingKey: 'third', replacesKey: 'second' },
          { kind: 'updated', bookingKey: 'second', replacesKey: UID, startsAt: null, customer: null },
        ]);
        const booked = eventsOf('BOOKING_CREATED');
        for (const events of [
          [...booked, ...moved],
          [...moved, ...booked],
        ]) {
          const lineages = joinLineages(events, new Map());
          expect(lineages).toHaveLength(1);
          expect(foldBooking(lineages[0]!.events)).toMatchObject({
            status: 'Rescheduled',
            startsAt: moved[0]!.startsAt,
          });
        }
      });

      it.each<[string, (payload: Loose) => unknown]>([
        ['of the first move: then it is the booking that the body names', (payload) => (payload.iCalSequence = 1)],
        ['of a calendar of its own', (payload) => (payload.iCalUID = 'q7Hd2mXw@google.com')],
        ['of a series', (payload) => (payload.recurringEvent = { freq: 2, count: 5 })],
        ['that is missing', (payload) => delete payload.iCalUID],
        ['of the booking itself', (payload) => (payload.iCalUID = 'third@Cal.com')],
      ])('but not by an entry %s', (_title, spoil) => {
        expect(secondMove(spoil)).toMatchObject([{ bookingKey: 'third', replacesKey: 'second' }]);
      });

      it('but not where seats are shared: each tells of its own move', () => {
        const events = secondMove((payload) => (payload.seatsPerTimeSlot = 4));
        expect(events.every(({ bookingKey }) => bookingKey.startsWith('third:'))).toBe(true);
      });
    });
  });

  describe('ignored', () => {
    it.each([
      ['the test button', 'PING', /test/],
      ["Cal Video's guess", 'AFTER_GUESTS_CAL_VIDEO_NO_SHOW', /guess/],
      ['a request', 'BOOKING_REQUESTED', /waits for its host/],
    ])('%s', (_title, name, why) => {
      expect(translated(name)).toEqual({ ignored: expect.stringMatching(why) });
    });

    it.each([
      'MEETING_STARTED',
      'AFTER_HOSTS_CAL_VIDEO_NO_SHOW',
      'BOOKING_PAYMENT_INITIATED',
      'RECORDING_READY',
      'RECORDING_TRANSCRIPTION_GENERATED',
      'FORM_SUBMITTED',
      'FORM_SUBMITTED_NO_EVENT',
      'INSTANT_MEETING',
      'OOO_CREATED',
      'WRONG_ASSIGNMENT_REPORT',
      'DELEGATION_CREDENTIAL_ERROR',
      'A_TRIGGER_OF_NEXT_YEAR',
    ])('%s, which it names', (triggerEvent) => {
      expect(calcom.translate(raw({ triggerEvent, createdAt: '2027-03-02T09:00:00Z', payload: {} }))).toEqual({
        ignored: expect.stringContaining(triggerEvent),
      });
    });

    it('an odd trigger, which it does not repeat', () => {
      const translation = calcom.translate(raw({ triggerEvent: 'ada@visitor.example' }));
      expect(translation).toEqual({ ignored: expect.not.stringContaining('ada') });
    });

    it.each([
      ['a paid booking that waits for its host', 'BOOKING_PAID', (body: Loose) => (body.payload.status = 'PENDING')],
      ['the end of a canceled booking', 'MEETING_ENDED', (body: Loose) => (body.status = 'CANCELLED')],
      [
        'the end of a time that the booking was moved from',
        'MEETING_ENDED',
        (body: Loose) => (body.rescheduled = true),
      ],
      ["a host's own no-show", 'BOOKING_NO_SHOW_UPDATED', (body: Loose) => (body.payload.attendees = [])],
    ])('%s', (_title, name, spoil) => {
      expect(translated(name, (body) => void spoil(body))).toEqual({ ignored: expect.any(String) });
    });
  });

  describe('refused', () => {
    it.each([
      ['a body that is false', 'false', ['body']],
      ['a form', 'triggerEvent=BOOKING_CREATED&uid=1', ['body']],
      ["an automation tool's own body", '{"title":"Intro call","startTime":"2027-03-02T09:00:00Z"}', ['triggerEvent']],
      ['a template without the payload', '{"triggerEvent":"BOOKING_CREATED","uid":"1"}', ['createdAt', 'payload']],
    ])('%s, with the remedy', (_title, body, fields) => {
      const translation = calcom.translate(Buffer.from(body));
      expect(refusedFields(translation)).toEqual(fields);
      expect(JSON.stringify(translation)).toContain('custom payload template');
    });

    it.each([
      [
        'everything that is wrong at once',
        'BOOKING_CREATED',
        (body: Loose) => ({ triggerEvent: body.triggerEvent, payload: {} }),
        ['createdAt', 'payload.uid', 'payload.startTime', 'payload.endTime'],
      ],
      [
        'a start without a zone',
        'BOOKING_CREATED',
        (body: Loose) => void (body.payload.startTime = '2027-03-02T09:00:00'),
        ['payload.startTime'],
      ],
      [
        'an end before the start',
        'BOOKING_CREATED',
        (body: Loose) => void (body.payload.endTime = '2027-03-02T08:00:00Z'),
        ['payload.endTime'],
      ],
      ['a meeting that ended at no time', 'MEETING_ENDED', (body: Loose) => void (body.endTime = null), ['endTime']],
      [
        'a mark on nobody',
        'BOOKING_NO_SHOW_UPDATED',
        (body: Loose) => void (body.payload.attendees = [{ noShow: true }, { email: 'a@b.example', noShow: 'yes' }]),
        ['payload.attendees[0].email', 'payload.attendees[1].noShow'],
      ],
      [
        'a mark on no booking',
        'BOOKING_NO_SHOW_UPDATED',
        (body: Loose) => void delete body.payload.bookingUid,
        ['payload.bookingUid'],
      ],
      [
        'marks that are no list',
        'BOOKING_NO_SHOW_UPDATED',
        (body: Loose) => void (body.payload.attendees = {}),
        ['payload.attendees'],
      ],
    ])('%s', (_title, name, spoil, fields) => {
      expect(refusedFields(translated(name, spoil))).toEqual(fields);
    });
  });

  it('takes a cancel without times: the uid is enough to cancel', () => {
    const event = eventOf('BOOKING_CANCELLED', (body) => {
      delete body.payload.startTime;
      body.payload.endTime = 'soon';
    });
    expect(event).toMatchObject({ kind: 'canceled', startsAt: null, endsAt: null, allDay: null });
  });

  it('takes the length when there is no end', () => {
    const event = eventOf('BOOKING_CREATED', (body) => void delete body.payload.endTime);
    expect(event.endsAt).toBe('2027-03-02T09:45:00.000Z');
  });

  it('keeps a no-show that came before the end of the meeting', () => {
    const life = ['BOOKING_CREATED', 'BOOKING_NO_SHOW_UPDATED', 'MEETING_ENDED'].map((name) => eventOf(name));
    expect(foldBooking(life)).toMatchObject({ status: 'No-show', customer: { name: 'Idris Okafor' } });
  });

  it('does not let the end of the meeting bring back the host it had when it was booked', () => {
    const life = ['BOOKING_CREATED', 'BOOKING_REASSIGNED', 'MEETING_ENDED'].map((name) => eventOf(name));
    expect(foldBooking(life)).toMatchObject({ status: 'Completed', host: { name: 'Tomas Vrba' } });
  });

  it('reads 20,000 attendees of a shared booking in a second', () => {
    const body = exampleBody('calcom', 'BOOKING_CANCELLED.one-seat', (spoilt) => {
      spoilt.payload.cancelledBy = 'nobody@visitor.example';
      spoilt.payload.attendees = Array.from({ length: 20_000 }, (_, index) => ({ email: `a${index}@visitor.example` }));
    });
    const startedAt = Date.now();
    expect(calcom.translate(body)).toMatchObject({ events: expect.any(Array) });
    expect(Date.now() - startedAt).toBeLessThan(1000);
  });
});

describe('deliveryKey of a Cal.com body', () => {
  const key = (body: Buffer): string => calcom.deliveryKey({}, body);
  const keyOf = (name: string, spoil?: (body: Loose) => unknown): string => key(exampleBody('calcom', name, spoil));

  it.each([
    ['uid, trigger and time', 'BOOKING_CREATED', `${UID}:BOOKING_CREATED:2027-02-20T08:15:30.250Z`],
    ['uid, trigger and time of a flat body', 'MEETING_ENDED', `${UID}:MEETING_ENDED:2027-02-20T08:15:29.000Z`],
    ['the digest of a body without a uid', 'PING', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
  ])('is %s', (_title, name, expected) => {
    expect(keyOf(name)).toEqual(expected);
  });

  it('is the same for the same fact in other bytes', () => {
    const body = example('calcom', 'BOOKING_CREATED');
    expect(key(Buffer.from(JSON.stringify(body, null, 3)))).toBe(key(raw(body)));
  });

  it.each([
    [
      'seats taken in one millisecond',
      'BOOKING_CREATED.seat',
      (body: Loose) => void (body.payload.attendees[0].email = 'mei.tan@visitor.example'),
    ],
    [
      'marks set and taken back in one millisecond',
      'BOOKING_NO_SHOW_UPDATED',
      (body: Loose) => void (body.payload.attendees[0].noShow = false),
    ],
    ['triggers', 'BOOKING_CREATED', (body: Loose) => void (body.triggerEvent = 'BOOKING_PAID')],
    ['times', 'BOOKING_CREATED', (body: Loose) => void (body.createdAt = '2027-02-20T08:15:30.251Z')],
    ['bookings', 'BOOKING_CREATED', (body: Loose) => void (body.payload.uid = NEW_UID)],
  ])('differs between %s', (_title, name, spoil) => {
    expect(keyOf(name, spoil)).not.toBe(keyOf(name));
  });
});

describe('calcomSignature', () => {
  it('signs what verify accepts, whichever secret is in use', () => {
    const body = exampleBody('calcom', 'BOOKING_CREATED');
    const headers = { 'X-Cal-Signature-256': calcomSignature('new', body) };
    expect(calcom.verify(headers, body, ['old', 'new'], new Date(0))).toEqual({ secretIndex: 1 });
  });

  it.each([
    ['a sender without a secret', { 'x-cal-signature-256': 'no-secret-provided' }, 'unsigned'],
    ['no header', {}, 'missing'],
    ['two signatures', { 'x-cal-signature-256': ['aa', 'bb'] }, 'malformed'],
  ])('refuses %s', (_title, headers: Record<string, string | string[]>, code) => {
    const verify = () => calcom.verify(headers, Buffer.from('{}'), ['no-secret-provided', 'a'], new Date(0));
    expect(verify).toThrow(expect.objectContaining({ name: 'SignatureMismatchError', code }));
  });
});
