import type { BookingEvent, JsonValue } from '../booking/booking-event';
import { foldBooking } from '../booking/fold';
import { exampleBody, type Kind, type Loose } from '../../test/fixtures/source/build';
import { SourceApiError } from '../booking/completion';
import { jicoo } from './jicoo';
import { kinds } from './kinds';
import { oncehub } from './oncehub';
import type { SourceKind } from './source';

const NOW = new Date('2027-02-20T09:00:00.000Z');

function eventOf(kind: Kind, name: string, spoil?: (body: Loose) => unknown): BookingEvent {
  const translation = kinds.get(kind)!.translate(exampleBody(kind, name, spoil));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  return translation.events[0]!;
}

/** Asks an API that has these answers by path, and nothing else. */
async function ask(source: SourceKind, event: BookingEvent, answers: Record<string, JsonValue>) {
  const get = (path: string): Promise<JsonValue> =>
    path in answers ? Promise.resolve(answers[path]!) : Promise.reject(new SourceApiError('Not there.', true));
  const events = await source.complete!.ask(event, { get }, NOW);
  expect(events.some((told) => source.complete!.isNeeded(told))).toBe(false);
  return events;
}

describe('what the API of OnceHub tells', () => {
  const booked = eventOf('oncehub', 'booking.scheduled', (body) => {
    body.data.owner = 'USR-1';
    body.data.external_calendar = null;
    body.data.form_submission.custom_fields = [];
    body.data.custom_fields = [];
  });
  const path = `/v2/bookings/${booked.bookingKey}?expand=owner`;
  const owner = { id: 'USR-1', email: 'host.one@example.com', first_name: 'Host', last_name: 'One' };
  const booking = {
    id: booked.bookingKey,
    owner,
    utm_params: { source: 'mail', medium: null, campaign: 'spring_fair' },
  };

  it('is needed for the host and the campaign of a new booking, and for the host of a moved one', () => {
    const isNeeded = (event: BookingEvent) => oncehub.complete!.isNeeded(event);
    const host = { id: 'USR-1', email: 'host.one@example.com', name: null };
    const campaign = { utm_source: 'mail' };
    expect(isNeeded(booked)).toBe(true);
    expect(isNeeded({ ...booked, host })).toBe(true);
    expect(isNeeded({ ...booked, host, campaign })).toBe(false);
    expect(isNeeded({ ...booked, kind: 'rescheduled', host })).toBe(false);
    expect(isNeeded({ ...booked, kind: 'reassigned' })).toBe(true);
    expect(isNeeded({ ...booked, kind: 'canceled' })).toBe(false);
  });

  it('is the owner and the campaign, at the moment of the event', async () => {
    const events = await ask(oncehub, booked, { [path]: booking });
    expect(events).toMatchObject([
      {
        kind: 'updated',
        occurredAt: booked.occurredAt,
        host: { id: 'USR-1', email: 'host.one@example.com', name: 'Host One' },
        campaign: { utm_source: 'mail', utm_campaign: 'spring_fair' },
        startsAt: null,
      },
    ]);
    const state = foldBooking([booked, ...events]);
    expect(state).toMatchObject({
      status: 'Scheduled',
      host: { email: 'host.one@example.com' },
      campaign: { utm_campaign: 'spring_fair' },
      startsAt: booked.startsAt,
      customer: booked.customer,
    });
    expect(foldBooking([...events, booked])).toEqual(state);
  });

  it('leaves a later host his booking, whenever the answer comes', async () => {
    const reassigned: BookingEvent = {
      ...booked,
      kind: 'reassigned',
      occurredAt: '2027-02-20T10:00:00.000Z',
      host: { id: 'USR-2', email: 'host.two@example.com', name: null },
    };
    const answered = { ...booking, owner: { id: 'USR-2', email: 'host.two@example.com' } };
    const events = await ask(oncehub, booked, { [path]: answered, '/v2/users/USR-1': owner });
    expect(events[0]?.host).toEqual({ id: 'USR-1', email: 'host.one@example.com', name: 'Host One' });
    expect(foldBooking([reassigned, ...events, booked]).host?.email).toBe('host.two@example.com');
  });

  it.each([
    ['another booking', { ...booking, id: 'BKNG-OTHER' }],
    ['a list', []],
    ['nothing', null],
  ])('is no use when it is of %s', (_title, answer) =>
    expect(ask(oncehub, booked, { [path]: answer })).rejects.toThrow(SourceApiError),
  );
});

describe('what the API of Jicoo tells', () => {
  const booked = eventOf('jicoo', 'guest_booked.hosts');
  const users = [
    { id: 7, email: 'other@example.com' },
    { id: 1001, email: 'host@example.com', name: 'Host' },
  ];
  const path = '/v1/organization/users';

  it('is needed while the host is an id alone', () => {
    expect(jicoo.complete!.isNeeded(booked)).toBe(true);
    expect(jicoo.complete!.isNeeded({ ...booked, host: null })).toBe(false);
    expect(jicoo.complete!.isNeeded({ ...booked, kind: 'canceled' })).toBe(false);
  });

  it.each([
    ['a list', users],
    ['a list under a name', { data: users }],
  ])('is the host among the users in %s', async (_title, answer) => {
    const events = await ask(jicoo, booked, { [path]: answer });
    expect(foldBooking([...events, booked])).toMatchObject({
      host: { id: '1001', email: 'host@example.com', name: 'Host' },
      startsAt: booked.startsAt,
    });
  });

  it('is no use without him', () =>
    expect(ask(jicoo, booked, { [path]: [users[0]!] })).rejects.toThrow(SourceApiError));
});
