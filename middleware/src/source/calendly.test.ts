import type { BookingEvent } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { joinLineages } from '../booking/lineage';
import { exampleBody, type Loose, raw, sign } from '../../test/fixtures/source/build';
import { calendly } from './calendly';

const KEY = '8e2f6a90-41cd-4b37-a5f8-d19b3c7e0a21';
const NEW_KEY = 'f05b8c3e-7a14-49d2-b6e9-2c8d4f1a7b22';

const translated = (name: string, spoil?: (body: Loose) => unknown) =>
  calendly.translate(exampleBody('calendly', name, spoil));

function eventOf(name: string, change?: (payload: Loose, body: Loose) => unknown): BookingEvent {
  const translation = translated(name, (body) => void change?.(body.payload, body));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  expect(translation.events).toHaveLength(1);
  return translation.events[0]!;
}

describe('translate of a Calendly body', () => {
  it('tells everything of a new booking', () => {
    expect(translated('invitee.created')).toEqual({
      events: [
        {
          kind: 'scheduled',
          bookingKey: KEY,
          replacesKey: null,
          replacedByKey: null,
          sequence: null,
          occurredAt: '2027-02-20T08:15:29.104Z',
          reason: null,
          actor: null,
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          allDay: false,
          timeZone: 'Africa/Lagos',
          subject: 'Lift survey',
          page: { id: '92f4b6d8-5c1e-4a73-b8f0-d6e3a1c95041', name: 'Lift survey' },
          host: {
            id: '5b7e9d13-2f4a-4c86-91e0-a3d5c7f9b031',
            email: 'noor.haddad@host.example',
            name: 'Noor Haddad',
          },
          customer: {
            id: null,
            email: 'Ifeoma.Okafor@visitor.example',
            name: 'Ifeoma Okafor',
            firstName: null,
            lastName: null,
            phone: null,
            company: null,
            timeZone: 'Africa/Lagos',
          },
          guests: [],
          answers: { 'What is the building like?': 'Three floors, no lift.' },
          campaign: null,
          recordId: null,
          location: null,
          joinUrl: 'https://meet.host.example/j/4401',
          manageUrl: `https://calendly.com/reschedulings/${KEY}`,
          cancelUrl: `https://calendly.com/cancellations/${KEY}`,
          payment: null,
        },
      ],
    });
  });

  it('takes what the link carried, and company and phone from questions that ask for nothing else', () => {
    expect(eventOf('invitee.created.tracking')).toMatchObject({
      recordId: '003Aa00000Bb1CcDEF',
      campaign: { utm_campaign: 'spring_fair', utm_source: 'mail' },
      customer: { name: 'Ifeoma Okafor', firstName: 'Ifeoma', company: 'Okafor Lifts', phone: '+234 1 555 0101' },
      answers: {
        Company: 'Okafor Lifts',
        'Company size': '11-50',
        'Phone number': '+234 1 555 0101',
        'Which rooms?': 'hall\nroof',
      },
    });
  });

  it('has one booking per invitee of a group event, held by the first of its hosts', () => {
    const [first, second] = [eventOf('invitee.created.group'), eventOf('invitee.created.group-second')];
    expect(first.bookingKey).not.toBe(second.bookingKey);
    expect(first).toMatchObject({
      host: { email: 'noor.haddad@host.example' },
      guests: [{ email: 'Sam@visitor.example' }],
      location: 'Showroom, 4 Dock Street',
      joinUrl: null,
      payment: { amount: 49.5, currency: 'USD', reference: 'ch_0000000000EXAMPLE' },
    });
    expect(second).toMatchObject({ customer: { email: 'pilar.reyes@visitor.example' }, payment: null });
  });

  describe('the place', () => {
    const place = (location: unknown) => {
      const {
        location: where,
        joinUrl,
        customer,
      } = eventOf('invitee.created', (payload) => {
        payload.scheduled_event.location = location;
        payload.text_reminder_number = '+234 1 555 0102';
      });
      return [where, joinUrl, customer?.phone];
    };
    it.each([
      ['video', { type: 'zoom', join_url: 'https://v.example/1' }, [null, 'https://v.example/1', '+234 1 555 0102']],
      ['a link of the host', { type: 'custom', location: 'https://v.example/2' }, [null, 'https://v.example/2']],
      ['words of the invitee', { type: 'ask_invitee', location: 'At ours' }, ['At ours', null]],
      ['a number to call', { type: 'inbound_call', location: '+1 555 0100' }, ['+1 555 0100', null, '+234 1 555 0102']],
      ["the customer's number", { type: 'outbound_call', location: '+1 555 0100' }, [null, null, '+1 555 0100']],
      ['a video call that is being made', { type: 'google_conference', status: 'processing' }, [null, null]],
      ['the text of an older sender', 'Dock Street', ['Dock Street', null]],
      ['nothing', null, [null, null, '+234 1 555 0102']],
    ])('is %s', (_title, location, expected) => {
      expect(place(location).slice(0, expected.length)).toEqual(expected);
    });
  });

  it.each([
    [
      'the new half of a reschedule',
      'invitee.created.rescheduled',
      {
        kind: 'rescheduled',
        bookingKey: NEW_KEY,
        replacesKey: KEY,
        replacedByKey: null,
        startsAt: '2027-03-05T13:00:00.000Z',
      },
    ],
    [
      'the old half, which is no cancel',
      'invitee.canceled.rescheduled',
      {
        kind: 'updated',
        bookingKey: KEY,
        replacesKey: null,
        replacedByKey: NEW_KEY,
        reason: 'Train strike',
        actor: 'customer',
        occurredAt: '2027-02-23T09:59:58.500Z',
      },
    ],
    [
      'a cancel by the invitee',
      'invitee.canceled',
      {
        kind: 'canceled',
        bookingKey: KEY,
        replacedByKey: null,
        reason: '都合が悪くなりました',
        actor: 'customer',
        occurredAt: '2027-02-25T16:40:02.000Z',
      },
    ],
    [
      'a cancel by the host, told of the event only and without a reason',
      'invitee.canceled.by-host',
      { kind: 'canceled', reason: null, actor: 'host', occurredAt: '2027-02-25T17:00:00.000Z' },
    ],
    [
      'a cancel of an older sender, who tells neither who nor why',
      'invitee.canceled.old-sender',
      {
        kind: 'canceled',
        reason: null,
        actor: null,
        occurredAt: '2027-02-25T16:40:03.000Z',
        host: { id: '5b7e9d13-2f4a-4c86-91e0-a3d5c7f9b031', email: null, name: null },
        customer: { name: null },
        guests: null,
      },
    ],
    [
      'a no-show with the whole invitee',
      'invitee_no_show.created',
      { kind: 'noShow', bookingKey: KEY, occurredAt: '2027-03-02T10:05:30.000Z', subject: 'Lift survey' },
    ],
    [
      'a no-show with the mark alone',
      'invitee_no_show.created.mark',
      { kind: 'noShow', bookingKey: KEY, occurredAt: '2027-03-02T10:05:30.000Z', customer: null, startsAt: null },
    ],
    [
      'its undo with the whole invitee',
      'invitee_no_show.deleted',
      { kind: 'noShowCleared', bookingKey: KEY, occurredAt: '2027-03-02T10:20:31.000Z' },
    ],
    [
      'its undo with the mark alone, whose time is not the undo’s',
      'invitee_no_show.deleted.mark',
      { kind: 'noShowCleared', bookingKey: KEY, occurredAt: '2027-03-02T10:20:31.000Z' },
    ],
  ])('tells %s', (_title, name, expected) => {
    expect(eventOf(name)).toMatchObject(expected);
  });

  it('takes a canceled half that names no new invitee for no cancel', () => {
    const event = eventOf('invitee.canceled.rescheduled', (payload) => void (payload.new_invitee = null));
    expect(event).toMatchObject({ kind: 'updated', replacedByKey: null });
  });

  it('reads ids of 16 capitals, as older accounts have them', () => {
    const event = eventOf('invitee.created', (payload) => {
      payload.uri = 'https://api.calendly.com/scheduled_events/GBGBDCAADAEDCRZ2/invitees/AAAAAAAAAAAAAAA1';
    });
    expect(event.bookingKey).toBe('AAAAAAAAAAAAAAA1');
  });

  it('has no payment that did not go through', () => {
    expect(eventOf('invitee.created.group', (payload) => void (payload.payment.successful = false)).payment).toBeNull();
  });

  it('knows nobody when name, e-mail, phone and company are empty', () => {
    const event = eventOf('invitee.created', (payload) => void Object.assign(payload, { name: ' ', email: 'none' }));
    expect(event.customer).toBeNull();
  });

  it.each([
    ['routing_form_submission.created', 'a form'],
    ['event_type.updated', 'not known'],
    ['__proto__', 'not known'],
  ])('ignores %s', (event, why) => {
    const translation = calendly.translate(raw({ event, created_at: '2027-02-20T08:15:30Z', payload: {} }));
    expect(translation).toEqual({ ignored: expect.stringContaining(why) });
  });

  it.each([
    ['a list', () => [], ['body']],
    ['a body without an event', (body: Loose) => void delete body.event, ['event']],
    ['an envelope without an invitee', (body: Loose) => void (body.payload = 'x'), ['payload']],
    [
      'everything that is wrong at once',
      (body: Loose) => ({ event: body.event, payload: {} }),
      ['created_at', 'payload.uri', 'payload.scheduled_event.start_time', 'payload.scheduled_event.end_time'],
    ],
    [
      'an end before the start',
      (body: Loose) => void (body.payload.scheduled_event.end_time = '2027-03-02T08:00:00Z'),
      ['payload.scheduled_event.end_time'],
    ],
    ['the URI of an event', (body: Loose) => void (body.payload.uri = body.payload.event), ['payload.uri']],
    ['a key with a colon, which parts seats', (body: Loose) => void (body.payload.uri += ':x'), ['payload.uri']],
  ])('refuses %s', (_title, spoil, fields) => {
    const translation = translated('invitee.created', spoil);
    expect('refused' in translation && translation.refused.map(({ field }) => field)).toEqual(fields);
  });
});

describe('the life of a Calendly booking', () => {
  const CREATED = 'invitee.created';
  const OLD_HALF = 'invitee.canceled.rescheduled';
  const NEW_HALF = 'invitee.created.rescheduled';
  const life = (...names: string[]) => {
    const lineages = joinLineages(
      names.map((name) => eventOf(name)),
      new Map(),
    );
    expect(lineages).toHaveLength(1);
    return foldBooking(lineages[0]!.events);
  };

  it.each([
    ['in order', [CREATED, OLD_HALF, NEW_HALF], 'Train strike'],
    ['with the new half first', [NEW_HALF, CREATED, OLD_HALF], 'Train strike'],
    ['without the old half', [CREATED, NEW_HALF], null],
    ['without the first booking', [OLD_HALF, NEW_HALF], 'Train strike'],
  ])('is rescheduled, %s', (_title, names, reason) => {
    expect(life(...names)).toMatchObject({ status: 'Rescheduled', startsAt: '2027-03-05T13:00:00.000Z', reason });
  });

  it('is not canceled by the old half alone', () => {
    expect(life(CREATED, OLD_HALF).status).toBe('Rescheduled');
  });

  it.each([
    ['a no-show', [CREATED, 'invitee_no_show.created'], 'No-show'],
    [
      'a no-show by either body, undone',
      [CREATED, 'invitee_no_show.deleted', 'invitee_no_show.created.mark'],
      'Scheduled',
    ],
    ['a cancel', ['invitee.canceled', CREATED], 'Canceled'],
  ])('is what it is after %s', (_title, names, status) => {
    expect(life(...names).status).toBe(status);
  });
});

describe('deliveryKey of a Calendly body', () => {
  const key = (name: string, spoil?: (body: Loose) => unknown) =>
    calendly.deliveryKey({}, exampleBody('calendly', name, spoil));

  it('is the invitee, the event and the time of the fact, whenever it is sent again', () => {
    const expected = `${KEY}:invitee.canceled:2027-02-25T16:40:02.000Z`;
    expect(key('invitee.canceled')).toBe(expected);
    expect(key('invitee.canceled', (body) => void (body.created_at = '2027-02-26T00:00:00Z'))).toBe(expected);
  });

  it('tells invitees of one event apart, and a mark from its undo', () => {
    const names = [
      'invitee.created.group',
      'invitee.created.group-second',
      'invitee_no_show.created',
      'invitee_no_show.deleted',
    ];
    expect(new Set(names.map((name) => key(name))).size).toBe(names.length);
    expect(key('invitee_no_show.created')).toBe(key('invitee_no_show.created.mark'));
  });

  it.each(['routing_form_submission.created'])('is a digest of %s', (name) => {
    expect(key(name)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('verify of a Calendly delivery', () => {
  const BODY = exampleBody('calendly', 'invitee.created');
  const SIGNED_AT = new Date('2027-02-20T08:15:30Z');

  it('tells which secret signed', () => {
    const headers = sign('calendly', 'new', BODY, SIGNED_AT);
    expect(calendly.verify(headers, BODY, ['old', 'new'], SIGNED_AT)).toEqual({ secretIndex: 1 });
  });

  it('refuses a subscription without a signing key, and says what to do', () => {
    expect(() => calendly.verify({}, BODY, ['secret'], SIGNED_AT)).toThrow(
      expect.objectContaining({ code: 'missing', message: expect.stringContaining('signing_key') }),
    );
  });

  it('takes no signature that is older than three minutes', () => {
    const headers = sign('calendly', 'secret', BODY, SIGNED_AT);
    const later = (seconds: number) => new Date(SIGNED_AT.getTime() + seconds * 1000);
    expect(calendly.verify(headers, BODY, ['secret'], later(180))).toEqual({ secretIndex: 0 });
    expect(() => calendly.verify(headers, BODY, ['secret'], later(181))).toThrow(
      expect.objectContaining({ code: 'stale' }),
    );
  });
});
