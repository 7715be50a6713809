import fc from 'fast-check';
import { foldBooking } from './fold';
import { BOOKING_EVENT_KINDS, NO_DETAILS, type BookingEvent } from './booking-event';

const nothing = {
  ...NO_DETAILS,
  replacesKey: null,
  replacedByKey: null,
  sequence: null,
  reason: null,
  actor: null,
};
function event(kind: BookingEvent['kind'], minute: number, more: Partial<BookingEvent> = {}): BookingEvent {
  const occurredAt = `2026-10-05T01:${String(minute).padStart(2, '0')}:00.000Z`;
  return { ...nothing, kind, bookingKey: 'a', occurredAt, ...more };
}

const booked = event('scheduled', 0, { startsAt: '2026-10-07T04:30:00.000Z', endsAt: '2026-10-07T05:00:00.000Z' });
const moved = event('rescheduled', 10, {
  bookingKey: 'b',
  replacesKey: 'a',
  reason: 'Later, please',
  startsAt: '2026-10-09T05:00:00.000Z',
  endsAt: '2026-10-09T05:30:00.000Z',
});

describe('foldBooking', () => {
  it.each<[string, BookingEvent[], string]>([
    ['is scheduled once booked', [booked], 'Scheduled'],
    ['is rescheduled under the same key', [booked, event('rescheduled', 5)], 'Rescheduled'],
    ['is rescheduled under a new key', [booked, moved], 'Rescheduled'],
    ['is rescheduled when the first half is missing', [moved], 'Rescheduled'],
    [
      'is rescheduled when the new half calls itself scheduled',
      [booked, { ...moved, kind: 'scheduled' }],
      'Rescheduled',
    ],
    ['is canceled', [booked, event('canceled', 5)], 'Canceled'],
    [
      'is not canceled by the old half of a reschedule',
      [booked, event('canceled', 9, { replacedByKey: 'b' }), moved],
      'Rescheduled',
    ],
    ['is not canceled by a late cancel of the replaced key', [booked, moved, event('canceled', 20)], 'Rescheduled'],
    ['is completed', [booked, event('completed', 30)], 'Completed'],
    ['is no-show after completed', [booked, event('completed', 30), event('noShow', 40)], 'No-show'],
    ['stays no-show when completed comes after', [booked, event('noShow', 20), event('completed', 30)], 'No-show'],
    [
      'falls back to completed when the no-show is taken back',
      [booked, event('completed', 20), event('noShow', 30), event('noShowCleared', 40)],
      'Completed',
    ],
    [
      'stays canceled through completed and no-show',
      [booked, event('canceled', 5), event('completed', 30), event('noShow', 40)],
      'Canceled',
    ],
    ['is revived by a later reschedule', [booked, event('canceled', 5), event('rescheduled', 9)], 'Rescheduled'],
    ['is revived by a later booking', [booked, event('canceled', 5), event('scheduled', 9)], 'Scheduled'],
    [
      'stays rescheduled when it is paid for',
      [booked, moved, event('scheduled', 15, { bookingKey: 'b' })],
      'Rescheduled',
    ],
    ['survives a booking that replaces itself', [{ ...booked, replacesKey: 'a' }], 'Scheduled'],
  ])('%s', (_title, events, status) => {
    expect(foldBooking(events).status).toBe(status);
  });

  it('takes times from the new half and the reason from whichever half tells it', () => {
    const oldHalf = event('canceled', 9, {
      replacedByKey: 'b',
      reason: 'Ill',
      startsAt: booked.startsAt,
      endsAt: booked.endsAt,
    });
    expect(foldBooking([booked, { ...moved, reason: null }, oldHalf])).toMatchObject({
      status: 'Rescheduled',
      startsAt: moved.startsAt,
      endsAt: moved.endsAt,
      reason: 'Ill',
    });
  });

  it('drops the reason of an earlier move when a later one gives none', () => {
    const again = { ...moved, bookingKey: 'c', replacesKey: 'b', reason: null, occurredAt: '2026-10-05T02:00:00.000Z' };
    expect(foldBooking([booked, moved, again]).reason).toBeNull();
  });

  it('lets a snapshot of the end fill gaps, but not undo edits', () => {
    const edited = event('updated', 5, { location: 'Room 2' });
    const ended = event('completed', 30, { location: 'Room 1', subject: 'Demo' });
    expect(foldBooking([booked, edited, ended])).toMatchObject({
      location: 'Room 2',
      subject: 'Demo',
      status: 'Completed',
    });
  });

  it('does not take a guest who stayed away for the customer', () => {
    const person = (email: string) => ({
      id: null,
      email,
      name: null,
      firstName: null,
      lastName: null,
      phone: null,
      company: null,
      timeZone: null,
    });
    const bookedBy = { ...booked, customer: person('Anna@example.test') };
    const away = (email: string) => event('noShow', 30, { customer: person(email) });
    expect(foldBooking([bookedBy, away('guest@example.test')])).toMatchObject({
      status: 'Scheduled',
      customer: { email: 'Anna@example.test' },
    });
    expect(foldBooking([bookedBy, away('anna@example.test')]).status).toBe('No-show');
    // Also where only later events say whose booking it is, as what came first has not been heard of.
    const whole = { customer: bookedBy.customer };
    const [ended, canceled] = [event('completed', 40, whole), event('canceled', 50, whole)];
    const anna = { email: 'Anna@example.test' };
    expect(foldBooking([away('guest@example.test'), ended])).toMatchObject({ status: 'Completed', customer: anna });
    expect(foldBooking([away('guest@example.test'), canceled])).toMatchObject({ status: 'Canceled', customer: anna });
    expect(foldBooking([away('anna@example.test'), ended]).status).toBe('No-show');
    expect(foldBooking([away('guest@example.test')])).toMatchObject({
      status: 'No-show',
      customer: { email: 'guest@example.test' },
    });
  });

  it('never mixes two hosts into one', () => {
    const host = { id: null, email: 'one@example.com', name: 'Host One' };
    const other = { id: null, email: 'two@example.com', name: null };
    const state = foldBooking([{ ...booked, host }, event('reassigned', 5, { host: other })]);
    expect(state.host).toEqual(other);
  });

  it('refuses to fold nothing', () => {
    expect(() => foldBooking([])).toThrow(RangeError);
  });

  it('gives the same state for every order and every repetition of the same events', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const anyEvent = fc
      .record({
        kind: fc.constantFrom(...BOOKING_EVENT_KINDS),
        minute: fc.nat(20),
        bookingKey: key,
        replacesKey: fc.option(key, { freq: 2 }),
        replacedByKey: fc.option(key, { freq: 4 }),
        reason: fc.option(fc.constantFrom('x', 'y')),
        startsAt: fc.option(fc.constantFrom('2026-10-07T04:30:00.000Z', '2026-10-09T04:30:00.000Z')),
        email: fc.option(fc.constantFrom('a@example.test', 'b@example.test')),
      })
      .map(({ minute, kind, email, ...more }) =>
        event(kind, minute, { ...more, host: email === null ? null : { id: null, email, name: null } }),
      );
    const shuffled = fc
      .array(anyEvent, { minLength: 1, maxLength: 8 })
      .chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
      );
    fc.assert(
      fc.property(shuffled, ([events, repeated]) => {
        expect(foldBooking(repeated)).toEqual(foldBooking(events));
      }),
      { numRuns: 500 },
    );
  });

  describe('where to meet', () => {
    const inRoom = event('scheduled', 0, { location: 'Room 1' });
    const online = { joinUrl: 'https://meet.example/1' };

    it('is one thing: a meeting that moves to a call has no room any more, and the other way round', () => {
      expect(foldBooking([inRoom, event('updated', 5, online)])).toMatchObject({ location: null, ...online });
      const moved = event('rescheduled', 9, { location: 'Room 2' });
      expect(foldBooking([inRoom, event('updated', 5, online), moved])).toMatchObject({
        location: 'Room 2',
        joinUrl: null,
      });
    });

    it('stays when a change says nothing of it, or is older news', () => {
      expect(foldBooking([inRoom, event('reassigned', 5)])).toMatchObject({ location: 'Room 1' });
      expect(foldBooking([inRoom, event('completed', 5, online)])).toMatchObject({ location: 'Room 1', joinUrl: null });
    });
  });
});
