import { NO_DETAILS, type BookingEvent } from './booking-event';
import { baseKeyOf, spreadOverSeats } from './seats';

const person = (email: string | null) => ({
  id: null,
  email,
  name: null,
  firstName: null,
  lastName: null,
  phone: null,
  company: null,
  timeZone: null,
});
const told = (kind: BookingEvent['kind'], bookingKey: string, email: string | null = null) => ({
  event: {
    ...NO_DETAILS,
    kind,
    bookingKey,
    replacesKey: null,
    replacedByKey: null,
    sequence: null,
    occurredAt: '2026-10-05T01:00:00.000Z',
    reason: null,
    actor: null,
    customer: person(email),
  } satisfies BookingEvent,
});
const seats = [told('scheduled', 'a:1', 'Anna@example.test'), told('scheduled', 'a:2', 'bert@example.test')];
const keys = (own: { event: BookingEvent }[]) => own.map(({ event }) => `${event.kind} ${event.bookingKey}`);

describe('baseKeyOf', () => {
  it.each([
    ['a:1', 'a'],
    ['a', null],
  ])('of %s is %s', (key, base) => {
    expect(baseKeyOf(key)).toBe(base);
  });
});

describe('spreadOverSeats', () => {
  it('leaves bookings without seats alone', () => {
    const events = [told('scheduled', 'b'), told('completed', 'b')];
    expect(spreadOverSeats(events)).toEqual({ own: events, shared: new Map() });
  });

  it('gives every seat what is told of the whole, without the customer that it names', () => {
    const { own, shared } = spreadOverSeats([...seats, told('completed', 'a', 'anna@example.test')]);
    expect(keys(own)).toEqual(['scheduled a:1', 'scheduled a:2', 'completed a:1', 'completed a:2']);
    expect(own[3]?.event.customer).toBeNull();
    expect([...shared.keys()]).toEqual(['a']);
  });

  it('keeps seats apart when the whole continues another booking: whose seat moved is told of that seat', () => {
    const { event } = told('completed', 'a');
    const { own } = spreadOverSeats([...seats, { event: { ...event, replacesKey: 'z' } }]);
    expect(own.map(({ event: { bookingKey, replacesKey } }) => [bookingKey, replacesKey])).toEqual([
      ['a:1', null],
      ['a:2', null],
      ['a:1', null],
      ['a:2', null],
    ]);
  });

  it.each([
    ['the seat of the one who stayed away', 'anna@EXAMPLE.test', ['noShow a:1']],
    ['no seat, when a guest stayed away', 'guest@example.test', []],
    ['every seat, when nobody is named', null, ['noShow a:1', 'noShow a:2']],
  ])('gives a no-show to %s', (_title, email, expected) => {
    const { own } = spreadOverSeats([told('noShow', 'a', email), ...seats]);
    expect(keys(own).filter((key) => key.startsWith('noShow'))).toEqual(expected);
  });
});
