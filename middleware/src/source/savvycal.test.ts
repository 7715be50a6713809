import type { BookingEvent } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { exampleBody, type Loose, raw } from '../../test/fixtures/source/build';
import { savvycal, savvycalSignature } from './savvycal';

const ID = 'evt_01KITCHEN';

const translated = (name: string, spoil?: (body: Loose) => unknown) =>
  savvycal.translate(exampleBody('savvycal', name, spoil));

function eventOf(name: string, change?: (event: Loose, body: Loose) => unknown): BookingEvent {
  const translation = translated(name, (body) => void change?.(body.payload, body));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  expect(translation.events).toHaveLength(1);
  return translation.events[0]!;
}

describe('translate of a SavvyCal body', () => {
  it('tells everything of a new booking; ids of attendees name nobody beyond it', () => {
    expect(translated('event.created')).toEqual({
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
          subject: 'Pilar Reyes and Noor Haddad',
          page: { id: 'link_01KITCHEN', name: 'Kitchen planning' },
          host: { id: null, email: 'noor.haddad@host.example', name: 'Noor Haddad' },
          customer: {
            id: null,
            email: 'Pilar.Reyes@visitor.example',
            name: 'Pilar Reyes',
            firstName: 'Pilar',
            lastName: 'Reyes',
            phone: null,
            company: 'Reyes Joinery',
            timeZone: 'America/Toronto',
          },
          guests: [{ email: 'Sam@visitor.example' }],
          answers: { Company: 'Reyes Joinery', Rooms: 'kitchen and pantry' },
          campaign: null,
          recordId: null,
          location: null,
          joinUrl: 'https://meet.host.example/j/4401',
          manageUrl: `https://savvycal.com/events/${ID}`,
          cancelUrl: null,
          payment: null,
        },
      ],
    });
  });

  it('takes what the link carried, and finds people among the attendees when they are not named apart', () => {
    expect(eventOf('event.created.metadata')).toMatchObject({
      recordId: '003Aa00000Bb1CcDEF',
      campaign: { utm_source: 'mail' },
      answers: { order: 'A-17' },
      page: null,
      host: { email: 'noor.haddad@host.example' },
      customer: { email: 'Pilar.Reyes@visitor.example', phone: '+14165550101' },
      location: 'Showroom, 4 Dock Street',
      joinUrl: null,
    });
  });

  it('takes a link for the way to join when it is the location', () => {
    const event = eventOf('event.created', (sent) => {
      Object.assign(sent, { conferencing: null, location: 'https://meet.host.example/own' });
    });
    expect(event).toMatchObject({ location: null, joinUrl: 'https://meet.host.example/own' });
  });

  it('has no guests in a group session, whose attendees are customers themselves', () => {
    expect(eventOf('event.created.group').guests).toBeNull();
  });

  it('knows nobody without attendees', () => {
    const event = eventOf('event.created', (sent) => {
      Object.assign(sent, { attendees: [], scheduler: null, organizer: null });
    });
    expect(event).toMatchObject({ customer: null, host: null, guests: [] });
  });

  it.each([
    [
      'a move',
      'event.rescheduled',
      {
        kind: 'rescheduled',
        bookingKey: ID,
        replacesKey: null,
        startsAt: '2027-03-05T13:00:00.000Z',
        reason: 'Train strike',
      },
    ],
    ['an approval', 'event.approved', { kind: 'scheduled', reason: null }],
    ['the approval of a move', 'event.approved.moved', { kind: 'rescheduled', reason: 'Train strike' }],
    ['a payment', 'event.checkout.completed', { kind: 'scheduled', payment: null }],
    ['an edit without times', 'event.changed', { kind: 'updated', location: 'Room 2', startsAt: null, allDay: null }],
    [
      'a cancel',
      'event.canceled',
      { kind: 'canceled', reason: '都合が悪くなりました', actor: null, occurredAt: '2027-02-25T16:40:03.000Z' },
    ],
    ['a refusal by the host', 'event.declined', { kind: 'canceled', reason: 'Fully booked', actor: 'host' }],
  ])('tells %s', (_title, name, expected) => {
    expect(eventOf(name)).toMatchObject(expected);
  });

  it.each([
    ['a request', 'event.requested', 'waits for the organizer'],
    ['a booking that waits for its payment', 'event.created.unpaid', 'awaiting_checkout'],
    ['somebody else of a group session', 'event.attendee.added', 'group session'],
  ])('ignores %s', (_title, name, why) => {
    expect(translated(name)).toEqual({ ignored: expect.stringContaining(why) });
  });

  it.each([
    ['event.checkout.pending', 'waits for the payment'],
    ['event.checkout.expired', 'never paid'],
    ['event.attendee.canceled', 'group session'],
    ['event.attendee.rescheduled', 'group session'],
    ['poll.response.created', 'not about'],
    ['workflow.action.triggered', 'not about'],
    ['event.of_next_year', 'event.of_next_year is not known.'],
    ['Event\u0000 <b>', 'This type is not known.'],
  ])('ignores %s', (type, why) => {
    expect(savvycal.translate(raw({ type, payload: {} }))).toEqual({ ignored: expect.stringContaining(why) });
  });

  it.each([
    ['a list', () => [], ['body']],
    ['an event without its envelope, as REST gives it', (body: Loose): unknown => body.payload, ['type']],
    ['an envelope without an event', (body: Loose) => void (body.payload = null), ['payload']],
    [
      'everything that is wrong at once',
      (body: Loose) => ({ type: body.type, payload: {} }),
      ['occurred_at', 'payload.id', 'payload.start_at', 'payload.end_at'],
    ],
    ['an id with a colon, which parts seats', (body: Loose) => void (body.payload.id = 'evt:1'), ['payload.id']],
  ])('refuses %s', (_title, spoil, fields) => {
    const translation = translated('event.created', spoil);
    expect('refused' in translation && translation.refused.map(({ field }) => field)).toEqual(fields);
  });

  it('takes the length for the end when there is none', () => {
    const event = eventOf('event.created', (sent) => void delete sent.end_at);
    expect(event.endsAt).toBe('2027-03-02T09:45:00.000Z');
  });
});

describe('the life of a SavvyCal booking', () => {
  const life = (...names: string[]) => foldBooking(names.map((name) => eventOf(name)));

  it('is made once, however many deliveries say so', () => {
    expect(life('event.approved', 'event.created', 'event.checkout.completed').status).toBe('Scheduled');
  });

  it('goes on under its id after a move, in whatever order it is told', () => {
    const expected = {
      status: 'Rescheduled',
      startsAt: '2027-03-05T13:00:00.000Z',
      reason: 'Train strike',
      location: 'Room 2',
    };
    expect(life('event.created', 'event.rescheduled', 'event.changed')).toMatchObject(expected);
    expect(life('event.changed', 'event.rescheduled', 'event.created')).toMatchObject(expected);
  });

  it('ends with a cancel', () => {
    expect(life('event.canceled', 'event.rescheduled', 'event.created').status).toBe('Canceled');
  });
});

describe('deliveryKey of a SavvyCal body', () => {
  it.each([
    ["the envelope's id", raw({ id: 'payload_1' }), 'payload_1'],
    ['a digest without an id', raw({ payload: { id: 'evt_1' } }), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    ['a digest of what is not JSON', Buffer.from([0xff]), expect.stringMatching(/^sha256:/)],
  ])('is %s', (_title, body, expected) => {
    expect(savvycal.deliveryKey({}, body)).toEqual(expected);
  });
});

describe('verify of a SavvyCal delivery', () => {
  const BODY = exampleBody('savvycal', 'event.created');
  const SIGNATURE = savvycalSignature('secret', BODY);
  const outcome = (header: string | undefined, secrets = ['secret']): string => {
    try {
      return String(savvycal.verify({ 'X-SavvyCal-Signature': header }, BODY, secrets, new Date(0)).secretIndex);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  it.each([
    ['capitals, as sent', SIGNATURE, '0'],
    ['small letters', SIGNATURE.toLowerCase(), '0'],
    ['no prefix', SIGNATURE.slice(7), 'malformed'],
    ['the prefix of another algorithm', SIGNATURE.replace('256', '512'), 'malformed'],
    ['the prefix twice', `sha256=${SIGNATURE}`, 'malformed'],
    ['the header twice', `${SIGNATURE}, ${SIGNATURE}`, 'malformed'],
    ['the prefix alone', 'sha256=', 'malformed'],
    ['another signature', savvycalSignature('another', BODY), 'mismatch'],
    ['no header', undefined, 'missing'],
  ])('with %s', (_title, header, expected) => {
    expect(outcome(header)).toBe(expected);
  });

  it('tells which secret signed', () => {
    expect(outcome(SIGNATURE, ['old', 'secret'])).toBe('1');
  });
});
