import { randomUUID } from 'node:crypto';
import type { Db } from '../store/db';
import { inAnswerOrder, withAnswerOrder } from './answer-order';
import type { BookingState } from './booking';
import type { BookingEvent } from './booking-event';
import { endInstant } from './clock';
import { keysOf } from './lineage';
import { regroup, type KnownBooking } from './regroup';
import { baseKeyOf } from './seats';

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
  /** When what changed it was received. */
  at: string;
}

/** Whoever adds events to bookings of a source holds its lock until the transaction ends. */
export async function lockSources(client: Db, events: { sourceId: string }[]): Promise<void> {
  const sourceIds = [...new Set(events.map(({ sourceId }) => sourceId))].sort();
  await client.query({
    name: 'lock-sources',
    text: `select pg_advisory_xact_lock(hashtextextended(source_id, 1)) from unnest($1::text[]) as source_id`,
    values: [sourceIds],
  });
}

/** An event that is to join its booking. */
export interface FreshEvent {
  sourceId: string;
  teamId: string;
  receivedAt: Date;
  event: BookingEvent;
  /** Null for an event that no delivery told. */
  deliveryId: string | null;
}

/** Folds events into their bookings, within a transaction that holds the locks of their sources. */
export async function saveEvents(client: Db, fresh: FreshEvent[]): Promise<void> {
  const known = await readTouchedBookings(client, fresh);
  const changes: Changes = { bookings: [], keys: [], events: [] };
  const keyPlaces = new Map<string, Changes['keys'][number]>();
  const times = new Map(fresh.map(({ deliveryId, receivedAt }) => [deliveryId, receivedAt.toISOString()]));
  // What changes without an event of its own does so because of the others.
  const latest = [...times.values()].reduce((a, b) => (a > b ? a : b), '');
  for (const [sourceId, ofSource] of groupBy(fresh, (item) => item.sourceId)) {
    const [{ teamId } = { teamId: '' }] = ofSource;
    const knownHere = known.filter((booking) => booking.sourceId === sourceId);
    for (const { id, rootKey, state, mergedInto, keys, added } of regroup(knownHere, ofSource, randomUUID)) {
      const told = added.map(({ deliveryId }) => times.get(deliveryId) ?? latest);
      changes.bookings.push({
        id,
        team_id: teamId,
        source_id: sourceId,
        root_key: rootKey,
        state: withAnswerOrder(state),
        status: state.status,
        starts_at: state.startsAt,
        ends_at: endInstant(state),
        merged_into: mergedInto,
        at: told.sort().at(-1) ?? latest,
      });
      // A key that two of them claim (of a booking with seats that also moved as a whole) leads to the later one, as it
      // would if they had come one after the other.
      for (const key of keys)
        keyPlaces.set(`${sourceId} ${key}`, { source_id: sourceId, native_key: key, booking_id: id });
      for (const { event, hash, deliveryId } of added) {
        changes.events.push({
          booking_id: id,
          hash,
          event: withAnswerOrder(event),
          delivery_id: deliveryId,
          at: times.get(deliveryId) ?? latest,
        });
      }
    }
  }
  changes.keys.push(...keyPlaces.values());
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
  }>({
    name: 'read-touched-bookings',
    text: `select b.id, b.source_id, b.root_key, b.created_at, b.merged_into, b.completed_ends_at,
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
    values: [named.map(({ sourceId }) => sourceId), named.map(({ key }) => key)],
  });
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    rootKey: row.root_key,
    createdAt: row.created_at,
    mergedInto: row.merged_into,
    completedEndsAt: row.completed_ends_at,
    keys: row.keys ?? [],
    events: (row.events ?? []).map((event) => inAnswerOrder(event)),
  }));
}

interface Changes {
  bookings: BookingRow[];
  keys: { source_id: string; native_key: string; booking_id: string }[];
  events: { booking_id: string; hash: string; event: BookingEvent; delivery_id: string | null; at: string }[];
}

async function writeBookings(client: Db, { bookings, keys, events }: Changes): Promise<void> {
  await client.query({
    name: 'write-bookings',
    text: `with saved as (
       insert into booking (id, team_id, source_id, root_key, revision, state, status, starts_at, ends_at, merged_into,
                            due_at, created_at, updated_at)
       select id, team_id, source_id, root_key, 1, state, status, starts_at, ends_at, merged_into, at, at, at
       from jsonb_to_recordset($1::jsonb) as b (
         id uuid, team_id text, source_id text, root_key text, state jsonb, status text, starts_at timestamptz,
         ends_at timestamptz, merged_into uuid, at timestamptz)
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
     select booking_id, hash, event, delivery_id, at
     from jsonb_to_recordset($3::jsonb) as e (booking_id uuid, hash text, event jsonb, delivery_id bigint, at timestamptz)
     on conflict do nothing`,
    values: [JSON.stringify(bookings), JSON.stringify(keys), JSON.stringify(events)],
  });
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
