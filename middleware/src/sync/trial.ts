import type { BookingEvent } from '../booking/booking-event';
import { readBookingsByKeys, readLatestBookings } from '../booking/booking.store';
import { saveEvents } from '../booking/booking-event.store';
import type { OrgGeneration } from '../customer/customer.store';
import type { Candidate } from '../match/candidate';
import { findSource, insertSource, type ConfiguredSource } from '../settings/source.store';
import type { Store } from '../store/store';
import { toCandidates } from './candidates';

/** Bookings to try something on. */
export type TriedBookings = Candidate[];

interface TrialDeps {
  store: Store;
  now: () => Date;
}

/**
 * The bookings as they would be if these events arrived now. The store is left as it was.
 *
 * @param sourceId of a source; or a kind that no source is configured for.
 */
export async function candidatesOfEvents(
  events: readonly BookingEvent[],
  { sourceId, teamId }: { sourceId: string; teamId: string },
  org: OrgGeneration,
  { store, now }: TrialDeps,
): Promise<TriedBookings> {
  return inPassing(store, async (within) => {
    if ((await findSource(within, sourceId)) === null)
      await insertSource(within, unconfigured(sourceId, teamId), now());
    const fresh = { sourceId, teamId, receivedAt: now(), deliveryId: null };
    await saveEvents(
      within,
      events.map((event) => ({ ...fresh, event })),
    );
    const keys = events.map(({ bookingKey }) => bookingKey);
    return toCandidates(await readBookingsByKeys(within, sourceId, keys), org, { store: within, now });
  });
}

/** The bookings of a team that changed last, newest first. */
export async function candidatesOfLatest(
  last: number,
  teamId: string,
  org: OrgGeneration,
  { store, now }: TrialDeps,
): Promise<TriedBookings> {
  return inPassing(store, async (within) =>
    toCandidates(await readLatestBookings(within, teamId, last), org, { store: within, now }),
  );
}

function unconfigured(kind: string, teamId: string): ConfiguredSource {
  return { id: kind, teamId, kind, secretsSealed: [], mapping: null, completeAfterMinutes: null, customerPage: null };
}

/** Thrown to roll a transaction back whose work is done. */
class RolledBack extends Error {
  constructor(readonly value: unknown) {
    super('rolled back on purpose');
  }
}

/** Does work in a transaction that is rolled back: it sees the store as it would be, and leaves it as it was. */
async function inPassing<T>(store: Store, work: (store: Store) => Promise<T>): Promise<T> {
  try {
    return await store.transaction(async (client): Promise<never> => {
      const query: Store['query'] = (sql, values) => client.query(sql as never, values as never) as never;
      const within: Store = { ...store, query, transaction: (inner) => inner(client) };
      throw new RolledBack(await work(within));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.value as T;
    throw error;
  }
}
