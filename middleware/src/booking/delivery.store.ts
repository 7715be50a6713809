import { createHash, randomUUID } from 'node:crypto';
import { storable, storableText } from '../store/jsonb';
import type { Db } from '../store/db';
import type { Store } from '../store/store';
import type { BookingEvent } from './booking-event';
import type { BookingState } from './booking';
import { endInstant } from './clock';
import { keysOf } from './lineage';
import { regroup, type KnownBooking } from './regroup';
import { baseKeyOf } from './seats';

/** What a delivery came to: translated into booking events, or kept with the reason why not. */
export type Understanding =
  { events: BookingEvent[] } | { ignored: string } | { refused: { field: string; error: string }[] };

/** A webhook request whose signature held. */
export interface Delivery {
  sourceId: string;
  teamId: string;
  /** The same for every repetition of one delivery, different for every other: see the source's `deliveryKey`. */
  deliveryKey: string;
  receivedAt: Date;
  rawBody: Buffer;
  understanding: Understanding;
}

export type DeliveryOutcome = 'stored' | 'duplicate' | 'ignored' | 'refused';

interface BookingRow {
  id: string;
  team_id: string;
  source_id: string;
  root_key: string;
  state: BookingState;
  status: string;
  starts_at: string | null;
  ends_at: string | null;
  merged_into: string | null;
}

/**
 * Stores a group of deliveries in one transaction: each delivery once, its booking folded anew with the revision
 * raised, and due for the loop. When it returns, everything it was given is on disk.
 *
 * Groups of one source follow one another, over all instances: lineages are joined by whoever holds the source's lock.
 */
export async function saveDeliveries(store: Store, group: Delivery[]): Promise<DeliveryOutcome[]> {
  const deliveries = group.map((delivery) => ({
    ...delivery,
    deliveryKey: boundedKey(storableText(delivery.deliveryKey)),
    understanding: storable(delivery.understanding),
  }));
  return store.transaction(async (client) => {
    await lockSources(client, deliveries);
    const idByPlace = await insertDeliveries(client, deliveries);
    const fresh = deliveries.flatMap((delivery, place) => {
      const deliveryId = idByPlace.get(place);
      if (deliveryId === undefined || !('events' in delivery.understanding)) return [];
      return delivery.understanding.events.map((event) => ({ ...delivery, event, deliveryId }));
    });
    if (fresh.length > 0) await saveEvents(client, fresh);
    return deliveries.map((delivery, place) => (idByPlace.has(place) ? outcomeOf(delivery) : 'duplicate'));
  });
}

function outcomeOf({ understanding }: Delivery): Exclude<DeliveryOutcome, 'duplicate'> {
  if ('events' in understanding) return 'stored';
  return 'ignored' in understanding ? 'ignored' : 'refused';
}

/** Whoever adds events to bookings of a source holds its lock until the transaction ends. */
export async function lockSources(client: Db, deliveries: Pick<Delivery, 'sourceId'>[]): Promise<void> {
  const sourceIds = [...new Set(deliveries.map(({ sourceId }) => sourceId))].sort();
  await client.query(
    `select pg_advisory_xact_lock(hashtextextended(source_id, 1)) from unnest($1::text[]) as source_id`,
    [sourceIds],
  );
}

/** @returns the new row's id by place in the group; a repeated delivery has none. */
async function insertDeliveries(client: Db, deliveries: Delivery[]): Promise<Map<number, string>> {
  const detail = ({ understanding }: Delivery): string | null => {
    if ('ignored' in understanding) return JSON.stringify(understanding.ignored);
    return 'refused' in understanding ? JSON.stringify(understanding.refused) : null;
  };
  const bodies = deliveries.map(({ rawBody }) => rawBody);
  const { rows } = await client.query<{ id: string; source_id: string; delivery_key: string }>(
    `insert into delivery (source_id, delivery_key, received_at, raw_body, outcome, detail)
     select source_id, delivery_key, received_at, substring($4::bytea from body_from for body_length), outcome, detail
     from unnest($1::text[], $2::text[], $3::timestamptz[], $5::int[], $6::int[], $7::text[], $8::jsonb[])
       as d (source_id, delivery_key, received_at, body_from, body_length, outcome, detail)
     on conflict (source_id, delivery_key) do nothing
     returning id, source_id, delivery_key`,
    [
      deliveries.map(({ sourceId }) => sourceId),
      deliveries.map(({ deliveryKey }) => deliveryKey),
      deliveries.map(({ receivedAt }) => receivedAt.toISOString()),
      // One run of bytes goes as it is; an array of them would go as text of twice the size, to be parsed again.
      Buffer.concat(bodies),
      startsOf(bodies),
      bodies.map(({ length }) => length),
      deliveries.map(outcomeOf),
      deliveries.map(detail),
    ],
  );
  const idByKey = new Map(rows.map((row) => [placeKey(row.source_id, row.delivery_key), row.id]));
  const idByPlace = new Map<number, string>();
  deliveries.forEach(({ sourceId, deliveryKey }, place) => {
    const key = placeKey(sourceId, deliveryKey);
    const id = idByKey.get(key);
    if (id === undefined) return;
    idByPlace.set(place, id);
    idByKey.delete(key); // the same delivery twice in one group: the first one was stored
  });
  return idByPlace;
}

/** Where each one starts when they follow one another, counted from 1 as SQL does. */
function startsOf(bodies: Buffer[]): number[] {
  let next = 1;
  return bodies.map(({ length }) => (next += length) - length);
}

type FreshEvent = Pick<Delivery, 'sourceId' | 'teamId' | 'receivedAt'> & {
  event: BookingEvent;
  /** Null for an event that no delivery told. */
  deliveryId: string | null;
};

/** Folds events into their bookings, within a transaction that holds the locks of their sources. */
export async function saveEvents(client: Db, fresh: FreshEvent[]): Promise<void> {
  const known = await readTouchedBookings(client, fresh);
  const changes: Changes = { bookings: [], keys: [], events: [], at: latest(fresh) };
  for (const [sourceId, ofSource] of groupBy(fresh, (item) => item.sourceId)) {
    const [{ teamId } = { teamId: '' }] = ofSource;
    const knownHere = known.filter((booking) => booking.sourceId === sourceId);
    for (const { id, rootKey, state, mergedInto, keys, added } of regroup(knownHere, ofSource, randomUUID)) {
      changes.bookings.push({
        id,
        team_id: teamId,
        source_id: sourceId,
        root_key: rootKey,
        state,
        status: state.status,
        starts_at: state.startsAt,
        ends_at: endInstant(state),
        merged_into: mergedInto,
      });
      for (const key of keys) changes.keys.push({ source_id: sourceId, native_key: key, booking_id: id });
      for (const { event, hash, deliveryId } of added) {
        changes.events.push({ booking_id: id, hash, event, delivery_id: deliveryId });
      }
    }
  }
  if (changes.bookings.length > 0) await writeBookings(client, changes);
}

/** Bookings that the events' keys lead to; for the key of a shared booking its seats, for a seat the whole. */
async function readTouchedBookings(client: Db, fresh: FreshEvent[]): Promise<(KnownBooking & { sourceId: string })[]> {
  const named = fresh.flatMap(({ sourceId, event }) =>
    keysOf(event)
      .flatMap((key) => [key, baseKeyOf(key) ?? key])
      .map((key) => ({ sourceId, key })),
  );
  const { rows } = await client.query<{
    id: string;
    source_id: string;
    root_key: string;
    created_at: Date;
    merged_into: string | null;
    completed_ends_at: string | null;
    keys: string[] | null;
    events: BookingEvent[] | null;
  }>(
    `select b.id, b.source_id, b.root_key, b.created_at, b.merged_into, b.completed_ends_at,
            (select array_agg(k.native_key) from booking_key k where k.booking_id = b.id) as keys,
            (select jsonb_agg(e.event) from booking_event e where e.booking_id = b.id) as events
     from booking b
     where b.id in (
       select found.booking_id from unnest($1::text[], $2::text[]) as named (source_id, native_key)
       cross join lateral (
         select booking_id from booking_key k
         where k.source_id = named.source_id and k.native_key = named.native_key
         union all
         -- The characters from the colon to the next one: every seat of the key.
         select booking_id from booking_key k
         where k.source_id = named.source_id
           and k.native_key >= named.native_key || ':' and k.native_key < named.native_key || ';'
         -- Keeps the planner at one index scan a key: joined freely, every key is compared with the whole table.
         offset 0
       ) as found)`,
    [named.map(({ sourceId }) => sourceId), named.map(({ key }) => key)],
  );
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    rootKey: row.root_key,
    createdAt: row.created_at,
    mergedInto: row.merged_into,
    completedEndsAt: row.completed_ends_at,
    keys: row.keys ?? [],
    events: row.events ?? [],
  }));
}

interface Changes {
  bookings: BookingRow[];
  keys: { source_id: string; native_key: string; booking_id: string }[];
  events: { booking_id: string; hash: string; event: BookingEvent; delivery_id: string | null }[];
  at: Date;
}

async function writeBookings(client: Db, { bookings, keys, events, at }: Changes): Promise<void> {
  await client.query(
    `with saved as (
       insert into booking (id, team_id, source_id, root_key, revision, state, status, starts_at, ends_at, merged_into,
                            due_at, created_at, updated_at)
       select id, team_id, source_id, root_key, 1, state, status, starts_at, ends_at, merged_into, $4, $4, $4
       from jsonb_to_recordset($1::jsonb) as b (
         id uuid, team_id text, source_id text, root_key text, state jsonb, status text, starts_at timestamptz,
         ends_at timestamptz, merged_into uuid)
       on conflict (id) do update set
         revision = booking.revision + 1,
         state = excluded.state,
         status = excluded.status,
         starts_at = excluded.starts_at,
         ends_at = excluded.ends_at,
         merged_into = excluded.merged_into,
         due_at = excluded.due_at,
         priority = 0,
         attempts = 0,
         updated_at = excluded.updated_at
     ), keyed as (
       insert into booking_key (source_id, native_key, booking_id)
       select source_id, native_key, booking_id
       from jsonb_to_recordset($2::jsonb) as k (source_id text, native_key text, booking_id uuid)
       on conflict (source_id, native_key) do update set booking_id = excluded.booking_id
     )
     insert into booking_event (booking_id, hash, event, delivery_id, recorded_at)
     select booking_id, hash, event, delivery_id, $4
     from jsonb_to_recordset($3::jsonb) as e (booking_id uuid, hash text, event jsonb, delivery_id bigint)
     on conflict do nothing`,
    [JSON.stringify(bookings), JSON.stringify(keys), JSON.stringify(events), at.toISOString()],
  );
}

function latest(deliveries: Pick<Delivery, 'receivedAt'>[]): Date {
  return new Date(Math.max(...deliveries.map(({ receivedAt }) => receivedAt.getTime())));
}

/** Long keys are hashed: an index row has a size limit, and a sender none. */
function boundedKey(key: string): string {
  return key.length <= 255 ? key : createHash('sha256').update(key).digest('base64url');
}

function placeKey(sourceId: string, deliveryKey: string): string {
  return JSON.stringify([sourceId, deliveryKey]);
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
