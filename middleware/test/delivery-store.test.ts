import { saveDeliveries, type Understanding } from '../src/booking/delivery.store';
import { saveAndFold } from './support/folded';
import { completeByClock } from '../src/booking/clock.store';
import { readDueBookings } from '../src/booking/booking.store';
import type { Store } from '../src/store/store';
import { bookingEvent, customer, delivery } from './support/builders';
import { describeOnStores } from './support/postgres';
import { seed } from './support/seed';

const LATER = new Date('2026-12-01T00:00:00.000Z');

describeOnStores('saveDeliveries', ({ open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  afterEach(async () => {
    await store.query('truncate booking_event, booking_key, booking_log, booking, delivery cascade');
  });

  const due = async () => readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 100, LATER);

  it('makes a booking due with its folded state', async () => {
    expect(await saveAndFold(store, [delivery('d1', [bookingEvent()])])).toEqual(['stored']);
    const [only, ...others] = await due();
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      booking: {
        rootKey: 'uid-1',
        keys: ['uid-1'],
        revision: 1,
        state: { status: 'Scheduled', subject: 'Product demo' },
      },
      attempts: 0,
      written: null,
    });
  });

  it('stores a redelivery once, also within one group', async () => {
    const one = delivery('d1', [bookingEvent()]);
    expect(await saveAndFold(store, [one, one])).toEqual(['stored', 'duplicate']);
    expect(await saveAndFold(store, [one])).toEqual(['duplicate']);
    expect((await due())[0]?.booking.revision).toBe(1);
  });

  it('stores a redelivery once among many, and tells which one it was', async () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      delivery(`d${index}`, [bookingEvent({ bookingKey: `uid-${index}` })]),
    );
    await saveAndFold(store, many.slice(3, 4));
    const outcomes = await saveAndFold(store, [...many, ...many.slice(0, 1)]);
    expect(outcomes.flatMap((outcome, place) => (outcome === 'duplicate' ? [place] : []))).toEqual([3, 20]);
    expect(await due()).toHaveLength(20);
    expect(new Set(await saveAndFold(store, many))).toEqual(new Set(['duplicate']));
  });

  it('stores a delivery the same alone and among many', async () => {
    const understandings: (Understanding | null)[] = [
      null,
      { events: [bookingEvent({ subject: 'Zoë \u0000 \ud800' })] },
      { events: [] },
      { ignored: 'a "test"' },
      { refused: [{ field: 'payload.uid', error: 'expected the uid, got none' }] },
    ];
    const groupOf = (name: string) =>
      Array.from({ length: 20 }, (_, index) =>
        delivery(`${name}${index}${index === 7 ? 'long'.repeat(100) : ''}`, [], {
          understanding: understandings[index % understandings.length] ?? null,
          rawBody: Buffer.from(`{"index":${index}}`),
        }),
      );
    const alone = groupOf('alone');
    for (const one of alone) await saveDeliveries(store, [one]);
    await saveDeliveries(store, groupOf('among'));
    const { rows } = await store.query<{ delivery_key: string }>(
      `select source_id, delivery_key, received_at, raw_body, events::text, outcome, detail, is_test from delivery order by id`,
    );
    expect(rows.map(({ delivery_key: key }) => key.length > 40).filter(Boolean)).toHaveLength(2);
    const withoutKeys = rows.map(({ delivery_key: _key, ...row }) => row);
    expect(withoutKeys.slice(20)).toEqual(withoutKeys.slice(0, 20));
  });

  it('folds the halves of a reschedule into one booking, whichever comes first', async () => {
    const moved = bookingEvent({
      kind: 'rescheduled',
      bookingKey: 'uid-2',
      replacesKey: 'uid-1',
      occurredAt: '2026-10-06T00:00:00.000Z',
    });
    await saveAndFold(store, [delivery('d2', [moved])]);
    await saveAndFold(store, [delivery('d1', [bookingEvent()])]);
    const bookings = await due();
    expect(bookings).toHaveLength(1);
    expect(bookings[0]?.booking).toMatchObject({ rootKey: 'uid-2', revision: 2, state: { status: 'Rescheduled' } });
    expect(bookings[0]?.booking.keys.sort()).toEqual(['uid-1', 'uid-2']);
  });

  it('merges two bookings when a late event tells that they are one: the older root stays', async () => {
    await saveAndFold(store, [delivery('d1', [bookingEvent()])]);
    const second = bookingEvent({ bookingKey: 'uid-2', occurredAt: '2026-10-05T02:00:00.000Z' });
    await saveAndFold(store, [delivery('d2', [second], { receivedAt: new Date('2026-10-05T02:00:00.000Z') })]);
    const link = bookingEvent({
      kind: 'rescheduled',
      bookingKey: 'uid-2',
      replacesKey: 'uid-1',
      occurredAt: '2026-10-05T03:00:00.000Z',
    });
    await saveAndFold(store, [delivery('d3', [link], { receivedAt: new Date('2026-10-05T03:00:00.000Z') })]);
    const bookings = (await due()).map(({ booking }) => booking);
    const survivor = bookings.find(({ rootKey }) => rootKey === 'uid-1');
    expect(survivor).toMatchObject({ mergedInto: null, state: { status: 'Rescheduled' } });
    expect(bookings.find(({ rootKey }) => rootKey === 'uid-2')).toMatchObject({ mergedInto: survivor?.id });
    expect(survivor?.keys.sort()).toEqual(['uid-1', 'uid-2']);
    // What comes for either key afterwards belongs to the survivor.
    const canceled = bookingEvent({ kind: 'canceled', bookingKey: 'uid-2', occurredAt: '2026-10-05T04:00:00.000Z' });
    await saveAndFold(store, [delivery('d4', [canceled])]);
    const after = (await due()).map(({ booking }) => booking).find(({ id }) => id === survivor?.id);
    expect(after?.state.status).toBe('Canceled');
  });

  describe('a booking with seats', () => {
    const seat = (name: string) =>
      bookingEvent({ bookingKey: `uid-1:${name}`, customer: customer(`${name}@example.test`) });
    const ended = bookingEvent({
      kind: 'completed',
      occurredAt: '2026-10-07T05:00:00.000Z',
      customer: customer('anna@example.test'),
    });
    const away = bookingEvent({
      kind: 'noShow',
      occurredAt: '2026-10-07T05:10:00.000Z',
      customer: customer('anna@example.test'),
      startsAt: null,
      endsAt: null,
    });
    const statuses = async () =>
      Object.fromEntries(
        (await due())
          .filter(({ booking }) => booking.mergedInto === null)
          .map(({ booking }) => [booking.rootKey, booking.state.status]),
      );

    it.each([
      ['seats first', [seat('anna'), seat('bert'), ended, away]],
      ['the whole first', [ended, away, seat('anna'), seat('bert')]],
      ['in between', [seat('anna'), ended, away, seat('bert')]],
    ])('gives every seat what is told of the whole: %s', async (_title, events) => {
      for (const [index, event] of events.entries()) await saveAndFold(store, [delivery(`d${index}`, [event])]);
      // The end names the first attendee, as the sender's snapshot does; it is everybody's all the same.
      expect(await statuses()).toEqual({
        'uid-1:anna': 'No-show',
        'uid-1:bert': 'Completed',
      });
    });
  });

  describe('the clock', () => {
    const END = new Date('2026-10-07T05:00:00.000Z');
    const at = (minutes: number) => new Date(END.getTime() + minutes * 60_000);
    beforeAll(() => store.query(`update source set complete_after_minutes = 10`));
    afterAll(() => store.query(`update source set complete_after_minutes = null`));

    it('completes a booking some time after its end, once, behind everything else', async () => {
      await saveAndFold(store, [delivery('d1', [bookingEvent()])]);
      await store.query('update booking set due_at = null');
      expect(await completeByClock(store, 'main', 10, at(9))).toBe(0);
      expect(await completeByClock(store, 'main', 10, at(10))).toBe(1);
      expect(await completeByClock(store, 'main', 10, at(11))).toBe(0);
      await saveAndFold(store, [
        delivery('d2', [
          bookingEvent({
            bookingKey: 'later',
            startsAt: '2027-01-01T00:00:00.000Z',
            endsAt: '2027-01-01T01:00:00.000Z',
          }),
        ]),
      ]);
      expect((await due()).map(({ booking }) => [booking.rootKey, booking.state.status])).toEqual([
        ['later', 'Scheduled'],
        ['uid-1', 'Completed'],
      ]);
    });

    it('takes it back when it learns that the booking had moved', async () => {
      await saveAndFold(store, [delivery('d1', [bookingEvent()])]);
      await completeByClock(store, 'main', 10, at(10));
      const moved = bookingEvent({
        kind: 'rescheduled',
        occurredAt: '2026-10-06T00:00:00.000Z',
        startsAt: '2026-10-09T04:30:00.000Z',
        endsAt: '2026-10-09T05:00:00.000Z',
      });
      await saveAndFold(store, [delivery('d2', [moved])]);
      expect((await due())[0]?.booking.state).toMatchObject({
        status: 'Rescheduled',
        startsAt: '2026-10-09T04:30:00.000Z',
      });
    });

    it('stays completed when something else is told later', async () => {
      await saveAndFold(store, [delivery('d1', [bookingEvent()])]);
      await completeByClock(store, 'main', 10, at(10));
      await saveAndFold(store, [
        delivery('d2', [bookingEvent({ kind: 'updated', occurredAt: '2026-10-06T00:00:00.000Z', location: 'Room 2' })]),
      ]);
      expect((await due())[0]?.booking.state).toMatchObject({ status: 'Completed', location: 'Room 2' });
    });
  });

  it('keeps what it does not understand, with the reason, and makes nothing due', async () => {
    const outcomes = await saveAndFold(store, [
      delivery('d1', [], { understanding: { ignored: 'a test of the webhook' } }),
      delivery('d2', [], { understanding: { refused: [{ field: 'payload', error: 'is missing' }] } }),
    ]);
    expect(outcomes).toEqual(['ignored', 'refused']);
    expect(await due()).toEqual([]);
    const { rows } = await store.query('select outcome, detail, raw_body from delivery order by delivery_key');
    expect(rows).toMatchObject([
      { outcome: 'ignored', detail: 'a test of the webhook' },
      { outcome: 'refused', detail: [{ field: 'payload', error: 'is missing' }] },
    ]);
    expect(Buffer.isBuffer(rows[0]?.raw_body)).toBe(true);
  });

  it('stores text that a database cannot hold as it is', async () => {
    const hostile = bookingEvent({ subject: 'a\u0000b\ud800', answers: { 'x\u0000': 'y\u0000' } });
    expect(await saveAndFold(store, [delivery('d\u0000', [hostile])])).toEqual(['stored']);
    expect((await due())[0]?.booking.state).toMatchObject({ subject: 'ab\ufffd', answers: { x: 'y' } });
  });

  it('takes deliveries of one booking at the same time without losing one', async () => {
    const events = Array.from({ length: 20 }, (_, index) =>
      bookingEvent({ kind: 'updated', subject: `v${index}`, occurredAt: `2026-10-05T01:12:${10 + index}.000Z` }),
    );
    await Promise.all(events.map((event, index) => saveAndFold(store, [delivery(`d${index}`, [event])])));
    const [only, ...others] = await due();
    expect(others).toEqual([]);
    expect(only?.booking.state).toMatchObject({ subject: 'v19' });
    const { rows } = await store.query('select count(*)::int as events from booking_event');
    expect(rows).toEqual([{ events: 20 }]);
  });
});
