import type { Db } from '../store/db';
import type { Store } from '../store/store';
import type { BookingEvent } from './booking-event';
import { lockSources, saveEvents, type FreshEvent } from './booking-event.store';

/** What one slice of folding came to. */
export interface Folded {
  /** Deliveries that were looked at. */
  deliveries: number;
  /** Those of them that told booking events: their bookings changed and are due. */
  told: number;
  /** How many are left, at most. */
  left: number;
  /** When each of them was received. */
  receivedAt: readonly Date[];
}

/**
 * Folds the next deliveries into their bookings, in the order in which they came: events are added, their bookings
 * folded anew with the revision raised, and due for the loop. One transaction, which also remembers how far it came: a
 * delivery is folded once, whoever dies, and whichever instance does it.
 *
 * Who folds meanwhile is waited for. Groups of one source follow one another, over all instances: lineages are joined
 * by whoever holds the source's lock.
 */
export async function foldDeliveries(store: Store, limit: number): Promise<Folded> {
  return store.transaction(async (client) => {
    const upTo = await holdFolding(client);
    const { rows } = await client.query<{
      id: string;
      source_id: string;
      team_id: string;
      received_at: Date;
      events: BookingEvent[] | null;
      newest: string;
    }>({
      name: 'read-unfolded',
      text: `select d.id, d.source_id, s.team_id, d.received_at, d.events, (select max(id) from delivery) as newest
       from delivery d join source s on s.id = d.source_id
       where d.id > $1::bigint order by d.id limit $2`,
      values: [upTo, limit],
    });
    const last = rows.at(-1);
    if (last === undefined) return { deliveries: 0, told: 0, left: 0, receivedAt: [] };
    const told = rows.filter(({ events }) => events !== null);
    const fresh = told.flatMap((row): FreshEvent[] =>
      (row.events ?? []).map((event) => ({
        sourceId: row.source_id,
        teamId: row.team_id,
        receivedAt: row.received_at,
        event,
        deliveryId: row.id,
      })),
    );
    if (fresh.length > 0) {
      await lockSources(client, fresh);
      await saveEvents(client, fresh);
    }
    await moveFolding(client, last.id);
    return {
      deliveries: rows.length,
      told: told.length,
      left: Number(last.newest) - Number(last.id),
      receivedAt: rows.map(({ received_at: receivedAt }) => receivedAt),
    };
  });
}

/**
 * Passes over the next delivery, which cannot be folded: it is kept as refused, so that it can be looked at again.
 * @returns its id; null when there is none.
 */
export async function refuseNextDelivery(store: Store, error: string): Promise<string | null> {
  return store.transaction(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `update delivery set outcome = 'refused', detail = $2::jsonb, events = null
       where id = (select min(id) from delivery where id > $1::bigint)
       returning id`,
      [await holdFolding(client), JSON.stringify([{ field: 'body', error }])],
    );
    const id = rows[0]?.id ?? null;
    if (id !== null) await moveFolding(client, id);
    return id;
  });
}

/**
 * Until the transaction ends nobody else folds. It does not wait for the disk: what a power cut takes of it is folded
 * again from the deliveries, to the same bookings. Whatever is written because of it is committed after it, and waits.
 *
 * @returns the id of the last delivery that was folded.
 */
async function holdFolding(client: Db): Promise<string> {
  const { rows } = await client.query<{ up_to: string }>({
    name: 'hold-folding',
    text: `select up_to, set_config('synchronous_commit', 'off', true) from folding for update`,
  });
  return rows[0]?.up_to ?? '0';
}

async function moveFolding(client: Db, upTo: string): Promise<void> {
  await client.query({ name: 'move-folding', text: 'update folding set up_to = $1::bigint', values: [upTo] });
}
