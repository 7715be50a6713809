import fc from 'fast-check';
import type { BookingState } from '../src/booking/booking';
import { BOOKING_EVENT_KINDS, NO_DETAILS, type BookingEvent } from '../src/booking/booking-event';
import { endInstant, withClock } from '../src/booking/clock';
import { foldBooking } from '../src/booking/fold';
import { joinLineages, keysOf } from '../src/booking/lineage';
import { regroup, type KnownBooking } from '../src/booking/regroup';
import { baseKeyOf, spreadOverSeats } from '../src/booking/seats';
import { toEvents as appointmentEvents } from '../src/source/acuity-appointment';
import { kinds } from '../src/source/kinds';
import { arrivalsOf, drawn, type Drawn } from './histories/drawn';
import { referenceFold } from './histories/reference-fold';
import { liveShared, type SeatTruth } from './histories/seats';
import { SOURCES } from './histories/sources';
import { live, rawBodyOf, type Act, type Posted } from './histories/world';

/** Histories per source; `npm run test:histories` lives 2,000 of each. */
const RUNS = Number(process.env['HISTORIES'] ?? 60);
/** Of the draws: the same in every run, unless one is given. */
const SEED = Number(process.env['HISTORIES_SEED'] ?? 20_270_220);
jest.setTimeout(RUNS * 1_000 + 30_000);

type Folded = BookingState & { keys: string[] };

interface History {
  posted: Posted[];
  truths: SeatTruth[];
  /** What each delivery becomes. */
  told: BookingEvent[][];
  /** Every delivery at least once, some of them again, in the order in which they come. */
  arrivals: number[];
  clock: boolean[];
}

function historyOf(
  { wishes, places, clock }: Drawn,
  kind: string,
  { posted, truths }: Pick<History, 'posted' | 'truths'>,
) {
  const arrivals = arrivalsOf(posted.length, places);
  return { wishes, posted, truths, told: posted.map((delivery) => eventsOf(kind, delivery)), arrivals, clock };
}

/** What a body says, and what the API says when it is asked a little later. */
function eventsOf(kind: string, posted: Posted): BookingEvent[] {
  const { at, answer } = posted;
  const translation = kinds.get(kind)!.translate(rawBodyOf(posted), { headers: {}, receivedAt: new Date(at) });
  if ('refused' in translation) throw new Error(`Refused: ${JSON.stringify(translation.refused)}`);
  const events = 'events' in translation ? translation.events : [];
  const askedAt = new Date(Date.parse(at) + 5_000);
  return answer === undefined
    ? events
    : events.flatMap((event) => [event, ...appointmentEvents(event, answer, askedAt)]);
}

/** Folds all at once, as the command does. */
function foldAll(events: BookingEvent[]): Folded[] {
  const { own } = spreadOverSeats(events.map((event) => ({ event })));
  const lineages = joinLineages(
    own.map(({ event }) => event),
    new Map(),
  );
  return sorted(lineages.map((lineage) => ({ keys: lineage.keys.sort(), ...foldBooking(lineage.events) })));
}

function sorted<B extends { keys: string[] }>(bookings: B[]): B[] {
  return bookings.sort((a, b) => (a.keys.join() < b.keys.join() ? -1 : 1));
}

const completedByClock = (state: BookingState): BookingState => withClock(state, endInstant(state));

/** The store's part, without a store: what is known of the bookings that an event touches is given to `regroup`. */
class Memory {
  private readonly bookings = new Map<string, KnownBooking & { state: BookingState }>();
  private readonly keys = new Map<string, string>();
  private count = 0;

  receive(events: BookingEvent[]): void {
    const named = events.flatMap(keysOf).flatMap((key) => [key, baseKeyOf(key) ?? key]);
    const ids = new Set(
      [...this.keys]
        .filter(([key]) => named.some((name) => key === name || key.startsWith(`${name}:`)))
        .map(([, id]) => id),
    );
    const known = [...ids]
      .map((id) => this.bookings.get(id)!)
      .map((booking) => ({ ...booking, keys: this.keysOf(booking.id) }));
    const changed = regroup(
      known,
      events.map((event) => ({ event, deliveryId: 'new' })),
      () => `booking-${(this.count += 1)}`,
    );
    const distinct = new Set(changed.map(({ id }) => id));
    if (distinct.size < changed.length) throw new Error('One booking is written twice in one statement.');
    for (const { id, rootKey, state, mergedInto, keys, added } of changed) {
      const before = this.bookings.get(id);
      this.bookings.set(id, {
        ...{ id, rootKey: before?.rootKey ?? rootKey, mergedInto, state, keys: [] },
        createdAt: before?.createdAt ?? new Date(this.bookings.size),
        completedEndsAt: before?.completedEndsAt ?? null,
        events: [...(before?.events ?? []), ...added.map(({ event }) => event)],
      });
      for (const key of keys) this.keys.set(key, id);
    }
  }

  /** Completes what is over, at a time after everything that is booked. */
  runClock(): void {
    for (const booking of this.bookings.values()) {
      const isOpen = booking.state.status === 'Scheduled' || booking.state.status === 'Rescheduled';
      const end = endInstant(booking.state);
      if (!isOpen || booking.mergedInto !== null || end === null) continue;
      booking.completedEndsAt = end;
      booking.state = { ...booking.state, status: 'Completed' };
    }
  }

  /** Bookings that the clock completed at an end which they no longer have, and that still count as completed. */
  wronglyCompleted(): string[] {
    return [...this.bookings.values()]
      .filter(({ events, completedEndsAt, state, mergedInto }) => {
        const { status } = mergedInto === null && events.length > 0 ? foldBooking(events) : state;
        const isOpen = status === 'Scheduled' || status === 'Rescheduled';
        return isOpen && state.status === 'Completed' && completedEndsAt !== endInstant(state);
      })
      .map(({ id }) => id);
  }

  /** What would be written to Salesforce. */
  written(): Folded[] {
    const standing = [...this.bookings.values()].filter(({ mergedInto }) => mergedInto === null);
    return sorted(standing.map(({ id, state }) => ({ keys: this.keysOf(id).sort(), ...state })));
  }

  private keysOf(id: string): string[] {
    return [...this.keys].filter(([, owner]) => owner === id).map(([key]) => key);
  }
}

function expectTruth(bookings: Folded[], truths: SeatTruth[]): void {
  const brief = sorted(
    bookings.map(({ keys, status, startsAt, endsAt, reason, host, customer }) => ({
      ...{ keys, status, startsAt, endsAt, reason },
      // Some sources name the host by id only, some by e-mail only.
      host: truths
        .map((truth) => truth.host)
        .find(({ id, email }) => host?.email === email || ((host?.email ?? null) === null && host?.id === id))?.email,
      customer: customer?.email,
    })),
  );
  expect(brief).toEqual(
    sorted(
      truths.map(({ keys, status, startsAt, endsAt, reason, host, customerEmail }) => ({
        ...{ keys: [...keys].sort(), status, startsAt, endsAt, reason },
        ...{ host: host.email, customer: customerEmail },
      })),
    ),
  );
}

function expectReference(bookings: Folded[], events: BookingEvent[]): void {
  const reference = sorted(referenceFold(events));
  const told = Object.keys(reference[0] ?? {}) as (keyof Folded)[];
  expect(bookings.map((booking) => Object.fromEntries(told.map((field) => [field, booking[field]])))).toEqual(
    reference,
  );
}

/** Bookings of the world that the deliveries make one, by the keys that they name. */
function groupsNamed(deliveries: Posted[]): Set<string>[] {
  return deliveries.reduce<Set<string>[]>((groups, { names }) => {
    const touched = groups.filter((group) => names.some((name) => group.has(name)));
    const rest = groups.filter((group) => !touched.includes(group));
    return [...rest, new Set([...names, ...touched.flatMap((group) => [...group])])];
  }, []);
}

/** Deliveries, each translated, as far as they came. */
function came({ arrivals, told }: History, places = arrivals): BookingEvent[] {
  return places.flatMap((place) => told[place]!);
}

function remembered(history: History, places = history.arrivals): Folded[] {
  const memory = new Memory();
  for (const place of places) memory.receive(history.told[place]!);
  return memory.written();
}

function expectAgreement(history: History): void {
  const inOrder = foldAll(history.told.flat());
  expect(foldAll(came(history))).toEqual(inOrder);
  expectReference(inOrder, history.told.flat());
  expectTruth(inOrder, history.truths);
  expect(remembered(history)).toEqual(inOrder);

  const clocked = new Memory();
  history.arrivals.forEach((place, index) => {
    clocked.receive(history.told[place]!);
    expect(clocked.wronglyCompleted()).toEqual([]);
    if (history.clock[index] === true) clocked.runClock();
  });
  clocked.runClock();
  expect(clocked.written()).toEqual(inOrder.map((booking) => ({ ...booking, ...completedByClock(booking) })));
}

/** A third of the arrivals, as they came: the others are lost. */
function firstThird({ arrivals }: History): number[] {
  return [...new Set(arrivals.slice(0, Math.ceil(arrivals.length / 3)))];
}

function expectAgreementWithGaps(history: History): void {
  const places = firstThird(history);
  const folded = foldAll(came(history, places));
  expectReference(folded, came(history, places));
  expect(remembered(history, places)).toEqual(folded);
}

const checked = (property: (drawn: Drawn) => void, numRuns = RUNS): void =>
  fc.assert(fc.property(drawn, property), { numRuns, seed: SEED });

/** What makes a canceled booking one that is held again. */
const REVIVING: Act[] = ['move', 'moveAsRequest', 'revive', 'pay'];

describe.each(SOURCES.map((source) => [source.kind, source] as const))('histories of %s', (kind, source) => {
  it('come to what happened, in every order and however often each delivery comes', () => {
    checked((draw) => expectAgreement(historyOf(draw, kind, live(source, draw.wishes))));
  });

  it('stay one booking each when deliveries are missing, and no move becomes a cancel', () => {
    checked((draw) => {
      const history = historyOf(draw, kind, live(source, draw.wishes));
      expectAgreementWithGaps(history);

      const places = firstThird(history);
      const delivered = places
        .filter((place) => history.told[place]!.length > 0)
        .map((place) => history.posted[place]!);
      const folded = foldAll(came(history, places));
      expect(folded).toHaveLength(groupsNamed(delivered).length);
      for (const { keys, status } of folded) {
        expect(history.truths.filter((one) => one.keys.some((key) => keys.includes(key)))).toHaveLength(1);
        const ofBooking = delivered.filter(({ names }) => names.some((name) => keys.includes(name)));
        const last = (isIt: (delivery: Posted) => boolean): number =>
          Math.max(-1, ...ofBooking.filter(isIt).map(({ serial }) => serial));
        const canceledLast = last(({ isCancel }) => isCancel);
        // After a cancel only a new time revives: the old half of a move names none.
        const revivedLast = last((one) => !one.isCancel && !one.isOldHalf && REVIVING.includes(one.act));
        expect(status === 'Canceled').toBe(canceledLast > revivedLast);
      }
    });
  });
});

describe('histories of seats in calcom', () => {
  it('come to what happened, in every order and however often each delivery comes', () => {
    checked((draw) => expectAgreement(historyOf(draw, 'calcom', liveShared(draw.wishes))), RUNS * 3);
  });

  it('are the same all at once and one by one when deliveries are missing', () => {
    checked((draw) => expectAgreementWithGaps(historyOf(draw, 'calcom', liveShared(draw.wishes))));
  });
});

/** Nobody lives like this: rings, keys that replace themselves, everything at the same minute. */
describe('histories against all rules', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e:1', 'e:2', 'e');
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 });
  const person = fc.constantFrom('anna@visitor.example', 'Anna@visitor.example', 'bert@visitor.example');
  const anyEvent: fc.Arbitrary<BookingEvent> = fc
    .record({
      kind: fc.constantFrom(...BOOKING_EVENT_KINDS),
      bookingKey: key,
      replacesKey: maybe(fc.constantFrom('a', 'b', 'c', 'd')),
      replacedByKey: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null, freq: 4 }),
      sequence: maybe(fc.nat(2)),
      minute: fc.nat(9),
      reason: maybe(fc.constantFrom('x', 'y')),
      actor: maybe(fc.constantFrom('customer' as const, 'host' as const)),
      day: maybe(fc.integer({ min: 1, max: 9 })),
      host: maybe(person),
      customer: maybe(person),
      location: maybe(fc.constantFrom('Room 1', 'Room 2')),
      joinUrl: maybe(fc.constantFrom('https://meet.example/1', 'https://meet.example/2')),
    })
    .map(({ minute, day, host, customer, ...event }) => ({
      ...{ ...NO_DETAILS, ...event },
      // The whole of a shared booking never moves to another key: its seats do.
      ...(event.bookingKey === 'e' ? { replacesKey: null, replacedByKey: null } : {}),
      occurredAt: `2027-02-20T08:0${minute}:00.000Z`,
      startsAt: day === null ? null : `2027-03-0${day}T09:00:00.000Z`,
      endsAt: day === null ? null : `2027-03-0${day}T09:45:00.000Z`,
      allDay: day === null ? null : false,
      host: host === null ? null : { id: null, email: host, name: null },
      customer:
        customer === null || event.bookingKey.startsWith('e:')
          ? null
          : {
              ...{ id: null, email: customer, name: null, firstName: null, lastName: null },
              ...{ phone: null, company: null, timeZone: null },
            },
    }));

  it('still come to one state for every order, the one of the reference', () => {
    const events = fc.array(anyEvent, { minLength: 1, maxLength: 9 });
    const order = fc.array(fc.nat(1_000), { minLength: 18, maxLength: 18 });
    fc.assert(
      fc.property(events, order, (told, places) => {
        const arrivals = [...told, ...told.filter((_, index) => places[index]! % 2 === 0)]
          .map((event, index) => ({ event, at: places[index]! }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        const folded = foldAll(told);
        expect(foldAll(arrivals)).toEqual(folded);
        expectReference(folded, told);
        const memory = new Memory();
        for (const event of arrivals) memory.receive([event]);
        expect(memory.written()).toEqual(folded);
      }),
      { numRuns: RUNS * 3, seed: SEED },
    );
  });
});
