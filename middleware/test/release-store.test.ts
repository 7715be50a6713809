import { readDueBookings } from '../src/booking/booking.store';
import type { PartOutcome } from '../src/booking/outcome';
import { hasScopedProblems, releaseForSchema, releaseMended, replanFuture } from '../src/booking/release.store';
import type { Store } from '../src/store/store';
import { rememberSchema, seenSince } from '../src/sync/schema-watch';
import type { Booking } from '../src/booking/booking';
import { bookingEvent, delivery } from './support/builders';
import { saveAndFold } from './support/folded';
import { describeOnStores } from './support/postgres';
import { seed } from './support/seed';

const NOW = new Date('2026-10-05T02:00:00.000Z');
const after = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
const WRITTEN: PartOutcome = { state: 'written', sobject: 'Lead', recordId: '00Q000000000001AAA' };
const parked = (more: Partial<Extract<PartOutcome, { state: 'parked' }>> = {}): PartOutcome => ({
  state: 'parked',
  class: 'scoped',
  code: 'INVALID_FIELD_FOR_INSERT_UPDATE',
  cause: 'A field may not be written.',
  remedy: 'Give the right.',
  sobject: 'Lead',
  fields: ['Rating'],
  schemaStamp: 'one',
  ...more,
});

describeOnStores('what lets parked bookings go', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  beforeEach(() =>
    store.query('truncate booking_event, booking_key, booking_log, booking, delivery, problem_release cascade'),
  );

  /** A booking that has come to this: nothing of it is due. */
  const booked = async (key: string, person: PartOutcome, event: Partial<ReturnType<typeof bookingEvent>> = {}) => {
    await saveAndFold(store, [delivery(key, [bookingEvent({ bookingKey: key, ...event })])]);
    const [due] = await readDueBookings(store, { orgId: 'main', lane: 0, lanes: 1 }, 1, NOW);
    if (due === undefined) throw new Error('Expected the booking to be due.');
    await store.query('update booking set due_at = null, attempts = 3, parts = $2::jsonb where id = $1', [
      due.booking.id,
      JSON.stringify({ person }),
    ]);
    return due.booking;
  };
  const dueKeys = async (): Promise<string[]> => {
    const { rows } = await store.query<{ root_key: string }>(
      'update booking set due_at = null where due_at is not null and attempts = 0 returning root_key',
    );
    return rows.map(({ root_key: key }) => key).sort();
  };
  const wasWritten = (booking: Booking, before: PartOutcome | null, at: Date): Promise<number> =>
    releaseMended(
      store,
      [{ booking, before: before === null ? {} : { person: before }, after: { person: WRITTEN } }],
      at,
    );

  describe('another schema of the org', () => {
    it('frees those that were parked under another one for something in the org, and no others', async () => {
      await booked('old', parked());
      await booked('unknown', parked({ schemaStamp: null }));
      await booked('present', parked({ schemaStamp: 'two' }));
      await booked('own', parked({ class: 'booking' }));
      await booked('fine', WRITTEN);
      expect(await hasScopedProblems(store, 'main')).toBe(true);
      expect(await releaseForSchema(store, { orgId: 'other', stamp: 'two' }, NOW)).toBe(0);
      expect(await releaseForSchema(store, { orgId: 'main', stamp: 'two' }, NOW)).toBe(2);
      expect(await dueKeys()).toEqual(['old', 'unknown']);
    });

    it('is nothing to wait for where no booking waits for it', async () => {
      await booked('own', parked({ class: 'booking' }));
      expect(await hasScopedProblems(store, 'main')).toBe(false);
    });

    it('is known to every instance, and after a restart', async () => {
      const schema = (stamp: string, readAt: Date) => ({ objects: {}, stamp, readAt: readAt.toISOString() });
      expect(await seenSince(store, 'main', schema('one', NOW))).toMatchObject({ isOutdated: false });
      await rememberSchema(store, 'main', schema('two', after(10)));
      expect(await seenSince(store, 'main', schema('one', NOW))).toMatchObject({ isOutdated: true });
      expect(await seenSince(store, 'main', schema('two', NOW))).toMatchObject({ isOutdated: false });
      // What was read later is newer, whatever is remembered.
      expect(await seenSince(store, 'main', schema('three', after(20)))).toMatchObject({ isOutdated: false });
      // An instance that has slept does not bring the old one back.
      await rememberSchema(store, 'main', schema('one', NOW));
      expect(await seenSince(store, 'main', schema('one', NOW))).toMatchObject({ isOutdated: true });
    });
  });

  describe('one that had the problem and was written', () => {
    it('frees all that have the same', async () => {
      const mended = await booked('mended', parked());
      await booked('same', parked());
      await booked('same-elsewhere', parked(), { page: { id: 'other', name: 'Other' } });
      await booked('other-field', parked({ fields: ['Industry'] }));
      await booked('own', parked({ class: 'booking' }));
      expect(await wasWritten(mended, parked(), NOW)).toBe(2);
      expect(await dueKeys()).toEqual(['same', 'same-elsewhere']);
    });

    it('does so every 15 minutes at most', async () => {
      const mended = await booked('mended', WRITTEN);
      await booked('same', parked());
      expect(await wasWritten(mended, parked(), NOW)).toBe(1);
      await dueKeys();
      expect(await wasWritten(mended, parked(), after(14))).toBe(0);
      expect(await wasWritten(mended, parked(), after(15))).toBe(1);
    });
  });

  describe('one like them that never had the problem', () => {
    it('has one of them tried, the next to start', async () => {
      const other = await booked('other', WRITTEN);
      await booked('late', parked(), { startsAt: '2026-10-09T04:30:00.000Z' });
      await booked('soon', parked(), { startsAt: '2026-10-06T04:30:00.000Z' });
      expect(await wasWritten(other, null, NOW)).toBe(1);
      expect(await dueKeys()).toEqual(['soon']);
    });

    it('has one tried ever more rarely while that comes to nothing', async () => {
      const other = await booked('other', WRITTEN);
      await booked('parked', parked());
      const triedAt: number[] = [];
      for (let minutes = 0; minutes <= 240; minutes += 5) {
        if ((await wasWritten(other, null, after(minutes))) > 0) triedAt.push(minutes);
        await dueKeys();
      }
      expect(triedAt).toEqual([0, 15, 45, 105, 225]);
    });

    it.each([
      ['page', { page: { id: 'other', name: 'Other' } }],
      ['host', { host: { id: '12', email: 'host.two@example.com', name: 'Host Two' } }],
    ])('is of the same %s', async (_title, event) => {
      const other = await booked('other', WRITTEN, event);
      await booked('parked', parked());
      expect(await wasWritten(other, null, NOW)).toBe(0);
    });

    it('has none tried that was refused in the same turn', async () => {
      const other = await booked('other', WRITTEN);
      const refused = await booked('refused', parked());
      const turned = [
        { booking: other, before: {}, after: { person: WRITTEN } },
        { booking: refused, before: {}, after: { person: parked() } },
      ];
      expect(await releaseMended(store, turned, NOW)).toBe(0);
    });

    it('had a record of the same object written', async () => {
      const other = await booked('other', WRITTEN);
      await booked('parked', parked({ sobject: 'Contact' }));
      expect(await wasWritten(other, null, NOW)).toBe(0);
    });
  });

  describe('replanFuture', () => {
    it('makes future bookings due, written or not, and has their Events read first', async () => {
      const written = await booked('written', WRITTEN, { startsAt: '2026-11-01T00:00:00.000Z' });
      await store.query(`update booking set written = '{"eventId": "00U"}' where id = $1`, [written.id]);
      await booked('unwritten', parked(), { startsAt: '2026-11-01T00:00:00.000Z' });
      await booked('past', WRITTEN, { startsAt: '2026-10-01T00:00:00.000Z', endsAt: '2026-10-01T01:00:00.000Z' });
      expect(await replanFuture(store, { teamId: 'default', page: null }, NOW)).toBe(2);
      const { rows } = await store.query('select root_key, written from booking where due_at is not null order by 1');
      expect(rows).toEqual([
        { root_key: 'unwritten', written: null },
        { root_key: 'written', written: { eventId: '00U', isStale: true } },
      ]);
    });

    it('takes those of one page only, and those of no other team', async () => {
      const startsAt = '2026-11-01T00:00:00.000Z';
      await booked('this', WRITTEN, { startsAt });
      await booked('other', WRITTEN, { startsAt, page: { id: 'other', name: 'Other' } });
      const page = { sourceId: 'cal', pageId: 'product-demo' };
      expect(await replanFuture(store, { teamId: 'nobody', page: null }, NOW)).toBe(0);
      expect(await replanFuture(store, { teamId: 'default', page }, NOW)).toBe(1);
      expect(await dueKeys()).toEqual(['this']);
    });
  });
});
