import type { Db } from '../store/db';
import type { Store } from '../store/store';
import { storable } from '../store/jsonb';
import type { BookingEvent } from './booking-event';
import { lockSources, saveEvents, type FreshEvent } from './booking-event.store';
import { detailOf, outcomeOf, type DeliveryOutcome, type ReadDelivery, type Understanding } from './delivery.store';

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
  /** What became of those that were not read before. */
  read: readonly ReadNow[];
}

/** A delivery that was read when it was folded. */
export interface ReadNow {
  sourceId: string;
  kind: string;
  outcome: Exclude<DeliveryOutcome, 'duplicate'>;
}

interface UnfoldedRow {
  id: string;
  source_id: string;
  team_id: string;
  kind: string;
  received_at: Date;
  /** Null for one that tells nothing, or is not read yet. */
  events: BookingEvent[] | null;
  /** Of one that is not read yet. */
  unread_body: Buffer | null;
  newest: string;
}

/**
 * Reads, where that is not done yet, and folds the next deliveries into their bookings, in the order in which they came: events are added, their bookings
 * folded anew with the revision raised, and due for the loop. One transaction, which also remembers how far it came: a
 * delivery is folded once, whoever dies, and whichever instance does it.
 *
 * @param readDelivery reads those of which only the bytes were kept. What tells nothing is noted with its delivery.
 *
 * Who folds meanwhile is waited for. Groups of one source follow one another, over all instances: lineages are joined
 * by whoever holds the source's lock.
 */
export async function foldDeliveries(store: Store, limit: number, readDelivery: ReadDelivery): Promise<Folded> {
  return store.transaction(async (client) => {
    const upTo = await holdFolding(client);
    const { rows } = await client.query<UnfoldedRow>({
      name: 'read-unfolded',
      text: `select d.id, d.source_id, s.team_id, s.kind, d.received_at, d.events,
              case when d.outcome = 'stored' and d.events is null then d.raw_body end as unread_body,
              (select max(id) from delivery) as newest
       from delivery d join source s on s.id = d.source_id
       where d.id > $1::bigint order by d.id limit $2`,
      values: [upTo, limit],
    });
    const last = rows.at(-1);
    if (last === undefined) return { deliveries: 0, told: 0, left: 0, receivedAt: [], read: [] };
    const read = rows.flatMap((row) => readRow(row, readDelivery) ?? []);
    const saidBy = new Map(read.map(({ id, understanding }) => [id, understanding]));
    const told = rows.flatMap((row) => {
      const events = row.events ?? eventsIn(saidBy.get(row.id));
      return events === null ? [] : [{ row, events }];
    });
    const fresh = told.flatMap(({ row, events }): FreshEvent[] =>
      events.map((event) => ({
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
    await noteSilent(client, read);
    await moveFolding(client, last.id);
    return {
      deliveries: rows.length,
      told: told.length,
      left: Number(last.newest) - Number(last.id),
      receivedAt: rows.map(({ received_at: receivedAt }) => receivedAt),
      read: read.map(({ sourceId, kind, understanding }) => ({ sourceId, kind, outcome: outcomeOf(understanding) })),
    };
  });
}

interface ReadRow {
  id: string;
  sourceId: string;
  kind: string;
  understanding: Understanding;
}

/** @returns null for one that was read before it was folded. */
function readRow(row: UnfoldedRow, readDelivery: ReadDelivery): ReadRow | null {
  const { id, source_id: sourceId, kind, unread_body: body, received_at: receivedAt } = row;
  if (body === null) return null;
  return { id, sourceId, kind, understanding: storable(readDelivery(kind, body, receivedAt)) };
}

function eventsIn(understanding: Understanding | undefined): BookingEvent[] | null {
  return understanding !== undefined && 'events' in understanding ? understanding.events : null;
}

/** Keeps with deliveries that tell nothing why they do not, unless somebody else has said so meanwhile. */
async function noteSilent(client: Db, read: ReadRow[]): Promise<void> {
  const silent = read.filter(({ understanding }) => !('events' in understanding));
  if (silent.length === 0) return;
  await client.query({
    name: 'note-silent',
    text: `update delivery d set outcome = n.outcome, detail = n.detail
     from unnest($1::bigint[], $2::text[], $3::jsonb[]) as n (id, outcome, detail)
     where d.id = n.id and d.outcome = 'stored'`,
    values: [
      silent.map(({ id }) => id),
      silent.map(({ understanding }) => outcomeOf(understanding)),
      silent.map(({ understanding }) => detailOf(understanding)),
    ],
  });
}

/**
 * Passes over the next delivery, which cannot be folded: it is kept as refused, so that it can be looked at again.
 * @returns null when there is none.
 */
export async function refuseNextDelivery(store: Store, error: string): Promise<{ id: string; read: ReadNow[] } | null> {
  return store.transaction(async (client) => {
    const { rows } = await client.query<{
      id: string;
      source_id: string;
      kind: string;
      is_unread: boolean;
    }>(
      `update delivery d set outcome = 'refused', detail = $2::jsonb, events = null
       from delivery before join source s on s.id = before.source_id
       where d.id = (select min(id) from delivery where id > $1::bigint) and before.id = d.id
       returning d.id, d.source_id, s.kind,
                 before.outcome = 'stored' and before.events is null as is_unread`,
      [await holdFolding(client), JSON.stringify([{ field: 'body', error }])],
    );
    const [row] = rows;
    if (row === undefined) return null;
    await moveFolding(client, row.id);
    const read: ReadNow = { sourceId: row.source_id, kind: row.kind, outcome: 'refused' };
    return { id: row.id, read: row.is_unread ? [read] : [] };
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
