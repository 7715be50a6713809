import { setTimeout as sleep } from 'node:timers/promises';
import { readDueBookings, settleBookings, type LaneHold, type Settlement } from '../src/booking/booking.store';
import { replanHosts } from '../src/booking/release.store';
import { written } from './support/candidate';
import { saveAndFold } from './support/folded';
import type { Store } from '../src/store/store';
import { readCalls } from '../src/sync/budget.store';
import { assignDueBookings } from '../src/sync/lane-of';
import { freeLanes, releaseLane, renewLane, takeLane } from '../src/sync/lane.store';
import { saveLanes } from '../src/sync/org.store';
import { bookingEvent, customer, delivery } from './support/builders';
import { describeOnStores } from './support/postgres';
import { seed } from './support/seed';

/** The one lane of an org. */
const MAIN = { orgId: 'main', lane: 0, lanes: 1 };
const LATER = new Date('2027-01-01T00:00:00.000Z');

describeOnStores('the lane of an org', ({ open }) => {
  let store: Store;
  let count = 0;

  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  beforeEach(() => store.query('truncate lane, booking_event, booking_key, booking_log, booking, delivery cascade'));

  const take = (holder: string, { leaseMs = 60_000, lane = 0, layout = 1 } = {}) =>
    takeLane(store, { orgId: 'main', lane, layout, holder, leaseMs });
  const tokenOf = async (taken: ReturnType<typeof take>): Promise<string> => (await taken)?.token ?? '';
  const hold = (token: string, generation = 1): LaneHold => ({ ...MAIN, generation, token });

  const book = async (): Promise<Settlement> => {
    count += 1;
    await saveAndFold(store, [delivery(`d${count}`, [bookingEvent({ bookingKey: `uid-${count}` })])]);
    const [due] = await readDueBookings(store, MAIN, 1, LATER);
    return {
      bookingId: due?.booking.id ?? '',
      revision: due?.booking.revision ?? 0,
      settingsVersion: 0,
      parts: { event: { state: 'written', sobject: 'Event', recordId: '00U000000000001AAA' } },
      written: null,
      dueAt: null,
      attempts: 0,
      steps: [],
    };
  };
  const recorded = async () => {
    const { rows } = await store.query<{ due: boolean; parts: object; logged: string }>(
      `select due_at is not null as due, parts, (select count(*) from booking_log) as logged from booking`,
    );
    return rows.map((row) => ({ ...row, logged: Number(row.logged) }));
  };

  it('is given to one holder, who may prolong it', async () => {
    const token = await tokenOf(take('a'));
    expect(token).not.toBe('');
    expect(await take('b')).toBeNull();
    expect(await take('a')).toBeNull();
    expect(await renewLane(store, { ...MAIN, token, leaseMs: 60_000 })).toBe(true);
  });

  it('is free when its lease has ended, and its former holder cannot prolong it', async () => {
    const first = await tokenOf(take('a', { leaseMs: 100 }));
    await sleep(200);
    const second = await tokenOf(take('b'));
    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(await renewLane(store, { ...MAIN, token: first, leaseMs: 60_000 })).toBe(false);
    expect(await renewLane(store, { ...MAIN, token: second, leaseMs: 60_000 })).toBe(true);
  });

  it('is still its holder’s after the lease has ended, when nobody else has taken it', async () => {
    const token = await tokenOf(take('a', { leaseMs: 100 }));
    await sleep(200);
    expect(await renewLane(store, { ...MAIN, token, leaseMs: 60_000 })).toBe(true);
    expect(await take('b')).toBeNull();
  });

  it('is free at once when it is given back, by its holder and by nobody else', async () => {
    const first = await tokenOf(take('a'));
    await releaseLane(store, { ...MAIN, token: first });
    const second = await tokenOf(take('b'));
    expect(second).not.toBe('');
    await releaseLane(store, { ...MAIN, token: first });
    expect(await take('a')).toBeNull();
    await freeLanes(store);
    expect(await take('a')).not.toBeNull();
  });

  it('lets its holder settle', async () => {
    const settlement = await book();
    const token = await tokenOf(take('a'));
    expect(await settleBookings(store, hold(token), [settlement], LATER)).toBe(true);
    expect(await recorded()).toEqual([{ due: false, parts: settlement.parts, logged: 1 }]);
  });

  it('keeps a plan anew that was asked for while a turn ran: what the turn wrote is looked at again', async () => {
    const before = await book();
    const token = await tokenOf(take('a'));
    const host = bookingEvent({}).host?.email ?? '';
    const asked = { teamId: 'default', hosts: [host.toLowerCase()] };
    expect(await replanHosts(store, asked, new Date('2026-01-01T00:00:00.000Z'))).toBe(1);
    const wrote = written({ host });
    await settleBookings(store, hold(token), [{ ...before, written: wrote }], LATER);
    const [again] = await readDueBookings(store, MAIN, 1, LATER);
    expect(again?.written).toEqual({ ...wrote, isStale: true, isOwnerStale: true });
    // The next turn sees it, and ends it.
    const next = { ...before, revision: again?.booking.revision ?? 0, written: wrote };
    await settleBookings(store, hold(token), [next], LATER);
    expect((await store.query('select due_at, written, replan from booking')).rows).toEqual([
      { due_at: null, written: wrote, replan: null },
    ]);
  });

  it('lets nobody settle from whom it was taken: the booking stays due for the new holder', async () => {
    const settlement = await book();
    const token = await tokenOf(take('a', { leaseMs: 100 }));
    await sleep(200);
    const taken = await tokenOf(take('b'));
    expect(await settleBookings(store, hold(token), [settlement], LATER)).toBe(false);
    expect(await recorded()).toEqual([{ due: true, parts: {}, logged: 0 }]);
    expect(await settleBookings(store, hold(taken), [settlement], LATER)).toBe(true);
    expect(await recorded()).toEqual([{ due: false, parts: settlement.parts, logged: 1 }]);
  });

  it('lets nobody take back what the new holder has settled', async () => {
    const settlement = await book();
    const token = await tokenOf(take('a'));
    await freeLanes(store);
    const taken = await tokenOf(take('b'));
    await settleBookings(store, hold(taken), [settlement], LATER);
    const late = { ...settlement, parts: {}, attempts: 3 };
    expect(await settleBookings(store, hold(token), [late], LATER)).toBe(false);
    expect(await recorded()).toMatchObject([{ parts: settlement.parts, logged: 1 }]);
  });

  describe('when the org has two lanes', () => {
    beforeEach(() => store.query('update org set lanes = 1, lane_layout = 1'));
    afterAll(() => store.query('update org set lanes = 1, lane_layout = 1'));

    it('may be held by different instances, each lane by one', async () => {
      await saveLanes(store, 'main', 2);
      expect(await take('a', { lane: 0, layout: 2 })).not.toBeNull();
      expect(await take('b', { lane: 1, layout: 2 })).not.toBeNull();
      expect(await take('c', { lane: 1, layout: 2 })).toBeNull();
    });

    it('waits for the holder of the one lane to give it back', async () => {
      const token = await tokenOf(take('a'));
      await saveLanes(store, 'main', 2);
      // Neither under the new layout nor, for somebody who does not know of it yet, under the old one.
      expect(await take('b', { lane: 1, layout: 2 })).toBeNull();
      expect(await take('b', { lane: 0, layout: 2 })).toBeNull();
      expect(await take('b', { lane: 1, layout: 1 })).toBeNull();
      // Its turn still counts.
      const settlement = await book();
      expect(await settleBookings(store, hold(token), [settlement], LATER)).toBe(true);
      await releaseLane(store, { ...MAIN, token });
      expect(await take('b', { lane: 1, layout: 2 })).not.toBeNull();
      expect(await take('a', { lane: 0, layout: 2 })).not.toBeNull();
      expect(await take('a', { lane: 0, layout: 1 })).toBeNull();
    });

    it('lets a holder under another layout, who let his lease end, neither go on nor settle', async () => {
      await saveLanes(store, 'main', 2);
      const token = await tokenOf(take('a', { lane: 1, layout: 2, leaseMs: 100 }));
      const settlement = await book();
      await saveLanes(store, 'main', 1);
      await sleep(200);
      expect(await take('b', { lane: 0, layout: 3 })).not.toBeNull();
      expect(await renewLane(store, { orgId: 'main', lane: 1, token, leaseMs: 60_000 })).toBe(false);
      const late = { ...MAIN, lane: 1, lanes: 2, generation: 1, token };
      expect(await settleBookings(store, late, [settlement], LATER)).toBe(false);
    });

    it('shows each booking to one lane, and to the same when its customer’s address changes', async () => {
      for (let count = 0; count < 40; count += 1) {
        const event = bookingEvent({
          bookingKey: `two-${count}`,
          customer: customer(`visitor${count % 20}@example.test`),
        });
        await saveAndFold(store, [delivery(`two-${count}`, [event])]);
      }
      const due = async (lane: number) =>
        (await readDueBookings(store, { orgId: 'main', lane, lanes: 2 }, 100, LATER)).map(({ booking }) => booking);
      expect([await due(0), await due(1)]).toEqual([[], []]);
      await assignDueBookings(store, 'main');
      const [first, second] = [await due(0), await due(1)];
      expect(first.length + second.length).toBe(40);
      expect(Math.min(first.length, second.length)).toBeGreaterThan(5);
      const emails = (bookings: typeof first) => new Set(bookings.map(({ state }) => state.customer?.email));
      expect([...emails(first)].filter((email) => emails(second).has(email))).toEqual([]);

      const [moved] = first;
      for (const email of ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `other.${name}@example.test`)) {
        const occurredAt = '2026-10-06T00:00:00.000Z';
        const event = bookingEvent({
          kind: 'updated',
          bookingKey: moved?.rootKey ?? '',
          occurredAt,
          customer: customer(email),
        });
        await saveAndFold(store, [delivery(email, [event])]);
        await assignDueBookings(store, 'main');
        expect((await due(0)).map(({ id }) => id)).toContain(moved?.id);
        expect((await due(1)).map(({ id }) => id)).not.toContain(moved?.id);
      }
    });
  });

  it('counts what a holder who died had set aside', async () => {
    await store.query('truncate api_calls');
    await take('a', { leaseMs: 100 });
    await store.query('update lane set claimed_calls = 12');
    await sleep(200);
    await take('b');
    expect((await readCalls(store, 'main', new Date())).byPurpose).toEqual({ unaccounted: 12 });
    await freeLanes(store);
    await take('c');
    expect((await readCalls(store, 'main', new Date())).total).toBe(12);
  });

  it('lets nobody settle under an older connection of the org', async () => {
    const settlement = await book();
    const token = await tokenOf(take('a'));
    expect(await settleBookings(store, hold(token, 0), [settlement], LATER)).toBe(false);
    expect(await recorded()).toEqual([{ due: true, parts: {}, logged: 0 }]);
  });
});
