import { foldBooking } from '../booking/fold';
import type { BookingEvent } from '../booking/booking-event';
import { exampleBody, type Loose, raw } from '../../test/fixtures/source/build';
import { oncehub, oncehubSignature } from './oncehub';

const ID = 'BKNG-4T8W2NQ6VZ1C';
const NEW_ID = 'BKNG-9C3X7LS5FE0D';

const translated = (name: string, spoil?: (body: Loose) => unknown) =>
  oncehub.translate(exampleBody('oncehub', name, spoil));

function eventOf(name: string, spoil?: (body: Loose) => unknown): BookingEvent {
  const translation = translated(name, spoil);
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  expect(translation.events).toHaveLength(1);
  return translation.events[0]!;
}

describe('translate of a OnceHub body', () => {
  it('tells everything of a new booking, whose owner and pages are ids', () => {
    expect(translated('booking.scheduled')).toEqual({
      events: [
        {
          kind: 'scheduled',
          bookingKey: ID,
          replacesKey: null,
          replacedByKey: null,
          sequence: null,
          occurredAt: '2027-02-20T08:15:30.000Z',
          reason: null,
          actor: null,
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          allDay: false,
          timeZone: 'America/Toronto',
          subject: 'Kitchen planning',
          page: { id: 'ET-6B0LJ2H9SG', name: null },
          host: { id: 'USR-5K2P8D1MXA', email: 'noor.haddad@host.example', name: null },
          customer: {
            id: null,
            email: 'Pilar.Reyes@visitor.example',
            name: 'Pilar Reyes',
            firstName: null,
            lastName: null,
            phone: '1-4165550101',
            company: 'Reyes Joinery',
            timeZone: 'America/Toronto',
          },
          guests: [],
          answers: { note: 'Second floor, no lift.', Budget: 20000, Rooms: ['kitchen', 'pantry'] },
          campaign: null,
          recordId: null,
          location: null,
          joinUrl: 'https://meet.host.example/kit-chen',
          manageUrl: `https://booking.host.example/m/${ID}`,
          cancelUrl: null,
          payment: null,
        },
      ],
    });
  });

  it('reads objects where others send ids, and empty texts as nothing', () => {
    expect(eventOf('booking.scheduled.objects')).toMatchObject({
      timeZone: null,
      page: { id: 'ET-6B0LJ2H9SG', name: 'Kitchen planning' },
      host: { id: 'USR-5K2P8D1MXA', email: 'noor.haddad@host.example', name: 'Noor' },
      customer: { name: 'Pilar', phone: null, company: null, timeZone: null },
      replacesKey: null,
      reason: null,
      actor: null,
      answers: null,
      location: null,
      joinUrl: null,
    });
  });

  it('reads what Booking Calendars send: links, payment in major units, guests, what the link carried', () => {
    expect(eventOf('booking.scheduled.calendar')).toMatchObject({
      page: { id: 'BKC-7M3ZK5Y1PQ', name: null },
      recordId: '003Aa00000Bb1CcDEF',
      campaign: { utm_campaign: 'spring_fair' },
      payment: { amount: 125.5, currency: 'CAD', reference: 'ch_0000000000EXAMPLE' },
      guests: [{ email: 'Sam@visitor.example' }],
      cancelUrl: `https://booking.host.example/m/${ID}/cancel`,
      customer: { phone: '1-4165550100' },
      answers: {
        note: 'Second floor, no lift.',
        'Last Name': 'Reyes',
        showroom: 'West End',
        mobile_phone: '1-4165550101',
      },
    });
  });

  it('has no customer without a form, as in bookings that an admin makes', () => {
    expect(eventOf('booking.scheduled.no-form')).toMatchObject({ kind: 'scheduled', customer: null, guests: null });
  });

  it.each([
    [
      'a move on the same page: same id, linked to itself',
      'booking.rescheduled',
      {
        kind: 'rescheduled',
        bookingKey: ID,
        replacesKey: null,
        replacedByKey: null,
        startsAt: '2027-03-05T13:00:00.000Z',
        endsAt: '2027-03-05T13:45:00.000Z',
        reason: 'Train strike',
        actor: 'customer',
      },
    ],
    [
      'a move to another page: a new id',
      'booking.canceled_then_rescheduled',
      {
        kind: 'rescheduled',
        bookingKey: NEW_ID,
        replacesKey: ID,
        replacedByKey: null,
        reason: 'Another showroom is closer',
        actor: 'customer',
      },
    ],
    [
      'a cancel',
      'booking.canceled',
      {
        kind: 'canceled',
        bookingKey: ID,
        reason: 'Chose another firm',
        actor: 'customer',
        occurredAt: '2027-02-25T16:40:02.000Z',
      },
    ],
    [
      'a cancel with an id and nothing else',
      'booking.canceled.bare',
      {
        kind: 'canceled',
        bookingKey: ID,
        reason: '都合が悪くなりました',
        startsAt: null,
        endsAt: null,
        allDay: null,
        host: null,
        page: null,
      },
    ],
    [
      "a host's request to pick another time",
      'booking.canceled_reschedule_requested',
      { kind: 'canceled', reason: 'Showroom is being painted', actor: 'host' },
    ],
    [
      'the end, without the reason of an earlier move',
      'booking.completed',
      { kind: 'completed', reason: null, actor: null, occurredAt: '2027-03-02T09:45:20.000Z' },
    ],
    ['a no-show', 'booking.no_show', { kind: 'noShow', bookingKey: ID }],
    [
      'a new host, by the calendar of another case',
      'booking.reassigned',
      { kind: 'reassigned', host: { id: 'USR-8B4G6T2WQC', email: 'Ola.Berg@host.example', name: null } },
    ],
  ])('tells %s', (_title, name, expected) => {
    expect(eventOf(name)).toMatchObject(expected);
  });

  it('takes the old half of a move for no cancel, should the body be about it', () => {
    const event = eventOf('booking.canceled_then_rescheduled', (body) => {
      Object.assign(body.data, { id: ID, status: 'canceled', rescheduled_booking_id: NEW_ID });
    });
    expect(event).toMatchObject({ kind: 'rescheduled', bookingKey: ID, replacesKey: null, replacedByKey: NEW_ID });
  });

  describe('the host', () => {
    const host = (change: Loose): unknown =>
      eventOf('booking.scheduled', (body) => void Object.assign(body.data, change)).host;
    const id = 'USR-5K2P8D1MXA';
    it.each([
      [
        'has the e-mail of the owner before the one of the calendar',
        { owner: { id, email: 'own@host.example' } },
        { id, email: 'own@host.example', name: null },
      ],
      [
        'has the e-mail of the calendar when the owner has none',
        { owner: { id, first_name: 'Noor', last_name: 'H' } },
        { id, email: 'noor.haddad@host.example', name: 'Noor H' },
      ],
      [
        'has no e-mail when the calendar is no attendee',
        { attendees: ['ola.berg@host.example'] },
        { id, email: null, name: null },
      ],
      ['has no e-mail when there are no attendees', { attendees: null }, { id, email: null, name: null }],
      [
        "has no e-mail when the calendar is the customer's",
        { external_calendar: { id: 'pilar.reyes@visitor.example' } },
        { id, email: null, name: null },
      ],
      [
        'has no e-mail when the calendar is no e-mail',
        { external_calendar: { id: 'primary', name: 'Noor' } },
        { id, email: null, name: null },
      ],
      [
        'is only an e-mail without an owner',
        { owner: null },
        { id: null, email: 'noor.haddad@host.example', name: null },
      ],
      ['is nobody without both', { owner: '', external_calendar: null }, null],
    ])('%s', (_title, change, expected) => {
      expect(host(change)).toEqual(expected);
    });

    it("has no e-mail when the calendar is a guest's", () => {
      const event = eventOf('booking.scheduled', (body) => {
        body.data.form_submission.guests = ['Noor.Haddad@host.example'];
      });
      expect(event.host).toMatchObject({ email: null });
    });
  });

  describe('the customer', () => {
    const customer = (form: Loose) =>
      eventOf('booking.scheduled', (body) => {
        body.data.form_submission = form;
      }).customer;

    it.each([
      [
        'a first name beside a field "Last Name"',
        { name: 'Pilar', custom_fields: [{ name: 'Last Name', value: ' Reyes ' }] },
        { name: 'Pilar Reyes', firstName: 'Pilar', lastName: 'Reyes' },
      ],
      [
        'a whole name beside a field "Last Name"',
        { name: 'Pilar Reyes', custom_fields: [{ name: 'Last name', value: 'Reyes' }] },
        { name: 'Pilar Reyes', firstName: null, lastName: 'Reyes' },
      ],
      [
        'both names in fields',
        {
          name: '',
          custom_fields: [
            { name: 'First name', value: 'Pilar' },
            { name: 'Surname', value: 'Reyes' },
          ],
        },
        { name: 'Pilar Reyes', firstName: 'Pilar', lastName: 'Reyes' },
      ],
      [
        'a last name that is a list',
        { name: 'Pilar', custom_fields: [{ name: 'Last Name', value: ['Reyes'] }] },
        { name: 'Pilar', firstName: null, lastName: null },
      ],
      ['an e-mail that is none', { name: 'Pilar', email: 'none' }, { name: 'Pilar', email: null }],
    ])('has %s', (_title, form, expected) => {
      expect(customer(form)).toMatchObject(expected);
    });

    it('is nobody when every field is empty', () => {
      expect(customer({ name: '', email: '', phone: '', mobile_phone: '', company: '', custom_fields: [] })).toBeNull();
    });
  });

  describe('the page', () => {
    it.each([
      ['the event type before the booking page', {}, { id: 'ET-6B0LJ2H9SG', name: null }],
      ['the booking page without an event type', { event_type: null }, { id: 'BP-2X9QF4T7KE', name: null }],
      [
        'the master page when it is all there is',
        { event_type: '', booking_page: {} },
        { id: 'MP-1N5RV8C3WD', name: null },
      ],
      ['nothing', { event_type: null, booking_page: null, master_page: null }, null],
    ])('is %s', (_title, change, expected) => {
      expect(eventOf('booking.scheduled', (body) => void Object.assign(body.data, change)).page).toEqual(expected);
    });
  });

  it.each(['conversation.started', 'conversation.closed', 'conversation.abandoned', 'booking.of_next_year'])(
    'ignores %s, which it names',
    (type) => {
      const translation = oncehub.translate(raw({ id: 'EVNT-1', type, api_version: 'v2', data: {} }));
      expect(translation).toEqual({ ignored: expect.stringContaining(type) });
    },
  );

  describe('refused', () => {
    it('a body of API v1, with what to do', () => {
      expect(translated('booking.scheduled.v1')).toEqual({
        refused: [{ field: 'api_version', error: expect.stringContaining('Make a webhook with API v2') }],
      });
    });

    it.each([
      ['a list', () => [], ['body']],
      ['a booking without its envelope, as REST gives it', (body: Loose): unknown => body.data, ['type']],
      ['an envelope without a booking', (body: Loose) => void delete body.data, ['data']],
      [
        'everything that is wrong at once',
        (body: Loose) => ({ type: body.type, data: {} }),
        ['creation_time', 'data.id', 'data.starting_time', 'data.duration_minutes'],
      ],
      ['a length of 0', (body: Loose) => void (body.data.duration_minutes = 0), ['data.duration_minutes']],
      ['a length beyond dates', (body: Loose) => void (body.data.duration_minutes = 1e300), ['data.duration_minutes']],
      ['an id with a colon, which parts seats', (body: Loose) => void (body.data.id = 'a:b'), ['data.id']],
    ])('%s', (_title, spoil, fields) => {
      const translation = translated('booking.scheduled', spoil);
      expect('refused' in translation && translation.refused.map(({ field }) => field)).toEqual(fields);
    });
  });

  it('takes the last update for the time when the envelope has none', () => {
    const event = eventOf('booking.scheduled', (body) => void delete body.creation_time);
    expect(event.occurredAt).toBe('2027-02-20T08:15:29.400Z');
  });

  it('goes on under a new id after a move to another page', () => {
    const life = ['booking.scheduled', 'booking.canceled', 'booking.canceled_then_rescheduled'].map((name) =>
      eventOf(name, (body) => {
        if (body.type === 'booking.canceled') body.creation_time = '2027-02-23T09:59:59.000Z';
      }),
    );
    expect(foldBooking(life)).toMatchObject({ status: 'Rescheduled', startsAt: '2027-03-08T13:00:00.000Z' });
  });
});

describe('deliveryKey of a OnceHub body', () => {
  it.each([
    ["the envelope's id", raw({ id: 'EVNT-1' }), 'EVNT-1'],
    ['a digest without an id', raw({ id: null }), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    ['a digest of what is not JSON', Buffer.from([0xff]), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    ['a digest of an id that is too long', raw({ id: 'x'.repeat(151) }), expect.stringMatching(/^sha256:/)],
  ])('is %s', (_title, body, expected) => {
    expect(oncehub.deliveryKey({}, body)).toEqual(expected);
  });
});

describe('verify of a OnceHub delivery', () => {
  const BODY = exampleBody('oncehub', 'booking.scheduled');
  const SIGNED_AT = new Date('2027-02-20T08:15:30.900Z');
  const SECRET = '00ff00ff00ff00ff00ff00ff00ff00ff';
  const [TIME, SIGNATURE] = oncehubSignature(SECRET, BODY, SIGNED_AT).split(',') as [string, string];
  const outcome = (header: string | undefined, now = SIGNED_AT, secrets = [SECRET]): string => {
    try {
      oncehub.verify({ 'Oncehub-Signature': header }, BODY, secrets, now);
      return 'ok';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const seconds = (count: number): Date => new Date(Number(TIME.slice(2)) * 1000 + count * 1000);

  it('tells which secret signed', () => {
    const headers = { 'oncehub-signature': `${TIME},${SIGNATURE}` };
    expect(oncehub.verify(headers, BODY, ['old', SECRET], SIGNED_AT)).toEqual({ secretIndex: 1 });
  });

  it.each([
    ['parts in any order', `${SIGNATURE},${TIME}`, 'ok'],
    ['spaces around parts and equal signs', ` ${TIME.replace('=', ' = ')} , ${SIGNATURE.replace('=', '= ')} `, 'ok'],
    ['parts of a later scheme', `v2=abc,${TIME},${SIGNATURE}`, 'ok'],
    ['no header', undefined, 'missing'],
    ['no time', SIGNATURE, 'malformed'],
    ['no signature', TIME, 'malformed'],
    ['an empty signature', `${TIME},s=`, 'malformed'],
    ['two times', `${TIME},t=1,${SIGNATURE}`, 'malformed'],
    ['two signatures', `${TIME},${SIGNATURE},${SIGNATURE}`, 'malformed'],
    ['a time that is no number', `t=today,${SIGNATURE}`, 'malformed'],
    ['a time with a sign', `t=-1,${SIGNATURE}`, 'malformed'],
    ['names in capitals', `${TIME.toUpperCase()},${SIGNATURE.toUpperCase()}`, 'malformed'],
    ['another time than the signed one', `t=${Number(TIME.slice(2)) + 1},${SIGNATURE}`, 'mismatch'],
    ['the bare signature', SIGNATURE.slice(2), 'malformed'],
  ])('with %s', (_title, header, expected) => {
    expect(outcome(header)).toBe(expected);
  });

  it.each([
    [300, 'ok'],
    [301, 'stale'],
    [-300, 'ok'],
    [-301, 'stale'],
    [Number.NaN, 'stale'],
  ])('%d seconds after signing', (count, expected) => {
    expect(outcome(`${TIME},${SIGNATURE}`, seconds(count))).toBe(expected);
  });

  it('does not tell the age of a signature that does not hold', () => {
    expect(outcome(`${TIME},${SIGNATURE}`, seconds(9999), ['another'])).toBe('mismatch');
  });
});
