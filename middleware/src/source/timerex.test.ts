import type { BookingEvent } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { joinLineages } from '../booking/lineage';
import { exampleBody, type Loose, raw } from '../../test/fixtures/source/build';
import { timerex } from './timerex';

const ID = '4f1c8a27b3d96e05c2f8';
const NEW_ID = '9b60d3e7a5142fc8d17a';

const translated = (name: string, spoil?: (body: Loose) => unknown) =>
  timerex.translate(exampleBody('timerex', name, spoil));

function eventOf(name: string, change?: (event: Loose, body: Loose) => unknown): BookingEvent {
  const translation = translated(name, (body) => void change?.(body.event, body));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  expect(translation.events).toHaveLength(1);
  return translation.events[0]!;
}

describe('translate of a TimeRex body', () => {
  it('tells everything of a new booking, but not the link of the host and not the password of the meeting', () => {
    expect(translated('event_confirmed')).toEqual({
      events: [
        {
          kind: 'scheduled',
          bookingKey: ID,
          replacesKey: null,
          replacedByKey: null,
          sequence: null,
          occurredAt: '2027-02-20T08:15:29.000Z',
          reason: null,
          actor: null,
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          allDay: false,
          timeZone: 'Asia/Singapore',
          subject: null,
          page: { id: '8d20c4f1', name: 'リフト点検のご相談' },
          host: { id: null, email: 'noor.haddad@host.example', name: 'Noor Haddad' },
          customer: {
            id: null,
            email: 'Hanako.Mihon@visitor.example',
            name: '見本 花子',
            firstName: null,
            lastName: null,
            phone: null,
            company: '見本株式会社',
            timeZone: 'Asia/Singapore',
          },
          guests: null,
          answers: null,
          campaign: null,
          recordId: null,
          location: null,
          joinUrl: 'https://meet.host.example/j/4401',
          manageUrl: 'https://timerex.net/event_requests/reschedule/GUEST-TOKEN',
          cancelUrl: 'https://timerex.net/event_requests/cancel/GUEST-TOKEN',
          payment: null,
        },
      ],
    });
  });

  it('takes what the link carried, and answers of every type', () => {
    expect(eventOf('event_confirmed.parameters')).toMatchObject({
      recordId: '003Aa00000Bb1CcDEF',
      campaign: { utm_campaign: 'spring_fair' },
      customer: { phone: '03-0000-0000' },
      answers: { ご希望の部屋: ['玄関', '屋上'], ご予算: '200万円', line_uid: 'U0001' },
    });
    expect(Object.keys(eventOf('event_confirmed.parameters').answers ?? {})).not.toContain('guest_email');
  });

  it('reads a body without hosts, parameters and time: the link of the calendar has them', () => {
    expect(eventOf('event_confirmed.sparse')).toMatchObject({
      occurredAt: '1970-01-01T00:00:00.000Z',
      host: null,
      joinUrl: 'https://meet.host.example/abc-defg-hij',
      recordId: '003Aa00000Bb1CcDEF',
      campaign: { utm_source: 'mail' },
      answers: null,
    });
  });

  it.each([
    ['Teams', 'microsoft_teams_meeting'],
    ['Meet', 'google_meet_meeting'],
  ])('has the link of %s', (_title, name) => {
    const event = eventOf('event_confirmed', (sent) => {
      Object.assign(sent, { zoom_meeting: null, [name]: { join_url: 'https://meet.host.example/t' } });
    });
    expect(event.joinUrl).toBe('https://meet.host.example/t');
  });

  it('keeps the comment by the name of its field, whatever its label', () => {
    const event = eventOf('event_confirmed', (sent) => void (sent.form[3].value = ' よろしく '));
    expect(event.answers).toEqual({ guest_comment: 'よろしく' });
  });

  it.each([
    ['the first of a list', ['Hanako.Mihon@visitor.example', 'x@visitor.example'], 'Hanako.Mihon@visitor.example'],
    ['nothing of what is no e-mail', 'hanako', null],
    ['nothing of an empty text', '', null],
  ])('takes for the e-mail %s', (_title, value, expected) => {
    expect(eventOf('event_confirmed', (sent) => void (sent.form[2].value = value)).customer?.email).toBe(expected);
  });

  it('knows nobody when the form is empty', () => {
    expect(eventOf('event_confirmed', (sent) => void (sent.form = [])).customer).toBeNull();
  });

  it('drops what jsonb refuses from the parameters of a link', () => {
    const event = eventOf('event_confirmed', (sent) => {
      sent.url = 'https://timerex.net/s/a/b?utm_source=%00mail%00&utm_medium=%ED%A0%80';
    });
    expect(event.campaign).toMatchObject({ utm_source: 'mail' });
    expect(JSON.stringify(event)).not.toMatch(/\\u0000|\\ud/);
  });

  it.each([
    [
      'the new half of a reschedule',
      'event_confirmed.rescheduled',
      { kind: 'rescheduled', bookingKey: NEW_ID, replacesKey: ID, replacedByKey: null },
    ],
    [
      'the old half, which is no cancel',
      'event_cancelled.rescheduled',
      { kind: 'updated', bookingKey: ID, replacedByKey: NEW_ID, reason: '日程が変わりました' },
    ],
    [
      'a cancel',
      'event_cancelled',
      { kind: 'canceled', bookingKey: ID, reason: '都合が悪くなりました', occurredAt: '2027-02-25T16:40:02.000Z' },
    ],
    [
      'a cancel of an event that was moved before',
      'event_cancelled.after-move',
      { kind: 'canceled', bookingKey: NEW_ID, replacesKey: ID, replacedByKey: null, reason: null },
    ],
  ])('tells %s', (_title, name, expected) => {
    expect(eventOf(name)).toMatchObject(expected);
  });

  it('is rescheduled when it says that it was changed, from whatever event', () => {
    expect(eventOf('event_confirmed', (sent) => void (sent.is_changed = true)).kind).toBe('rescheduled');
  });

  it('is still the first booking when it names only what it was moved to', () => {
    const event = eventOf('event_confirmed', (sent) => {
      Object.assign(sent, { is_changed: true, new_event_id: NEW_ID });
    });
    expect(event).toMatchObject({ kind: 'scheduled', replacedByKey: NEW_ID });
  });

  it('takes the other spelling of canceled', () => {
    const event = eventOf('event_cancelled', (_sent, body) => void (body.webhook_type = 'event_canceled'));
    expect(event.kind).toBe('canceled');
  });

  it.each(['event_of_next_year', '__proto__'])('ignores %s', (type) => {
    expect(timerex.translate(raw({ webhook_type: type }))).toEqual({ ignored: `${type} is not known.` });
  });

  it.each([
    ['a list', () => [], ['body']],
    ['a body without a type', (body: Loose) => void delete body.webhook_type, ['webhook_type']],
    ['a body without an event', (body: Loose) => void delete body.event, ['event']],
    [
      'everything that is wrong at once',
      (body: Loose) => void (body.event = {}),
      ['event.id', 'event.start_datetime', 'event.end_datetime'],
    ],
    ['an id with a colon, which parts seats', (body: Loose) => void (body.event.id = 'a:b'), ['event.id']],
    [
      'a cancel with an id and no time at all',
      (body: Loose) => ({ webhook_type: 'event_cancelled', event: { id: body.event.id } }),
      ['event.canceled_at'],
    ],
  ])('refuses %s', (_title, spoil, fields) => {
    const translation = translated('event_confirmed', spoil);
    expect('refused' in translation && translation.refused.map(({ field }) => field)).toEqual(fields);
  });
});

describe('the life of a TimeRex booking', () => {
  type Half = [name: string, change?: (event: Loose) => unknown];
  const NEW_HALF: Half = ['event_confirmed.rescheduled'];
  const life = (...halves: Half[]) => {
    const lineages = joinLineages(
      halves.map((half) => eventOf(...half)),
      new Map(),
    );
    expect(lineages).toHaveLength(1);
    return foldBooking(lineages[0]!.events);
  };
  const unlinked = (event: Loose): void => void (event.new_event_id = null);
  const timeless = (event: Loose): void => void delete event.created_at;

  it.each<[string, Half[], string]>([
    ['in order', [['event_confirmed'], ['event_cancelled.rescheduled'], NEW_HALF], '日程が変わりました'],
    ['with the new half first', [NEW_HALF, ['event_cancelled.rescheduled'], ['event_confirmed']], '日程が変わりました'],
  ])('is rescheduled, %s', (_title, halves, reason) => {
    expect(life(...halves)).toMatchObject({ status: 'Rescheduled', startsAt: '2027-03-05T13:00:00.000Z', reason });
  });

  it.each<[string, Half[]]>([
    ['without a cancel of the old event', [['event_confirmed'], NEW_HALF]],
    ['with a cancel of the old event that names nothing', [['event_cancelled.rescheduled', unlinked], NEW_HALF]],
    ['and that cancel comes last', [NEW_HALF, ['event_cancelled.rescheduled', unlinked]]],
    ['from a body without a time', [['event_confirmed', timeless], NEW_HALF, ['event_cancelled.rescheduled']]],
  ])('is rescheduled %s', (_title, halves) => {
    expect(life(...halves)).toMatchObject({ status: 'Rescheduled', startsAt: '2027-03-05T13:00:00.000Z' });
  });

  it.each<[string, Half[]]>([
    ['after a cancel', [['event_confirmed'], ['event_cancelled']]],
    ['when the booking comes after its cancel', [['event_cancelled'], ['event_confirmed', timeless]]],
    [
      'when neither has a time',
      [
        ['event_cancelled', (event) => (timeless(event), delete event.canceled_at)],
        ['event_confirmed', timeless],
      ],
    ],
    [
      'when the cancel has the time of the booking only',
      [['event_cancelled', (event) => delete event.canceled_at], ['event_confirmed']],
    ],
    ['after a move and a cancel', [['event_cancelled.after-move'], NEW_HALF, ['event_confirmed']]],
  ])('is canceled %s', (_title, halves) => {
    expect(life(...halves).status).toBe('Canceled');
  });
});

describe('deliveryKey of a TimeRex body', () => {
  it.each([
    ['the event and the type', exampleBody('timerex', 'event_confirmed'), `${ID}:event_confirmed`],
    [
      'the same for both spellings',
      raw({ webhook_type: 'event_canceled', event: { id: ID } }),
      `${ID}:event_cancelled`,
    ],
    ['a digest without an id', raw({ webhook_type: 'event_confirmed' }), expect.stringMatching(/^sha256:/)],
    ['a digest of an unknown type', raw({ webhook_type: 'x', event: { id: ID } }), expect.stringMatching(/^sha256:/)],
  ])('is %s', (_title, body, expected) => {
    expect(timerex.deliveryKey({}, body)).toEqual(expected);
  });
});

describe('verify of a TimeRex delivery', () => {
  const outcome = (headers: Record<string, string | string[]>, secrets = ['token']): string => {
    try {
      return String(timerex.verify(headers, raw({}), secrets, new Date(0)).secretIndex);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  it.each([
    ['the token', { 'X-TimeRex-Authorization': 'token' }, '0'],
    ['the token in the older header', { authorization: 'token' }, '0'],
    ['two headers, of which the newer counts', { 'x-timerex-authorization': 'token', authorization: 'proxy' }, '0'],
    ['a wrong token beside the right one', { 'x-timerex-authorization': 'x', authorization: 'token' }, 'mismatch'],
    ['the token twice', { 'x-timerex-authorization': ['token', 'token'] }, 'mismatch'],
    ['a scheme before the token', { authorization: 'Bearer token' }, 'mismatch'],
    ['an empty header', { 'x-timerex-authorization': '' }, 'missing'],
    ['no header', {}, 'missing'],
  ])('with %s', (_title, headers, expected) => {
    expect(outcome(headers)).toBe(expected);
  });

  it('tells which secret it was, and never takes an empty one', () => {
    expect(outcome({ authorization: 'new' }, ['old', 'new'])).toBe('1');
    expect(outcome({ authorization: 'x' }, ['', 'old'])).toBe('mismatch');
    expect(outcome({ authorization: 'x' }, [])).toBe('mismatch');
  });
});
