import { createHash } from 'node:crypto';
import { jsonbField } from '../store/copy-rows';
import type { Db } from '../store/db';
import type { Store } from '../store/store';
import { storableJson, storableText } from '../store/jsonb';
import type { BookingEvent } from './booking-event';

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
  /** Null for one that is read when it is folded: then only its bytes are kept until that. */
  understanding: Understanding | null;
}

/**
 * Reads a delivery that is on disk, by the kind of its source. Pure, and without headers, which are not kept: kinds
 * that need them read their deliveries at once.
 */
export type ReadDelivery = (kind: string, rawBody: Buffer, receivedAt: Date) => Understanding;

/** Of one that is not read yet `stored`: what it says nobody knows. */
export type DeliveryOutcome = 'stored' | 'duplicate' | 'ignored' | 'refused';

/** Any constant does: whoever stores deliveries holds this lock until they are committed. */
const STORING_LOCK = 7_301_942_665;

/** SQLSTATE of a row whose key is there already. */
const UNIQUE_VIOLATION = '23505';

/** From how many deliveries on a group is copied: under it, a copy that finds a duplicate costs more than others save. */
const LEAST_COPIED = 8;

/**
 * Stores a group of deliveries, each once. When it returns, everything it was given is on disk; to fold it into
 * bookings is the work of `folder.ts`.
 *
 * Groups follow one another, over all instances: so what has the greater id was committed later, and a folding that
 * has come to some id has missed none before it.
 */
export async function saveDeliveries(store: DeliveryStore, group: Delivery[]): Promise<DeliveryOutcome[]> {
  if (group.length >= LEAST_COPIED && (await copyAll(store, group))) {
    return group.map(({ understanding }) => outcomeOf(understanding));
  }
  return insertNew(store, group);
}

type DeliveryStore = Pick<Store, 'kind' | 'query' | 'copy'>;

const COLUMNS = 'source_id, delivery_key, received_at, raw_body, events, outcome, detail';

/**
 * Stores a whole group at half the cost of an insert, if all of it is new.
 * @returns false when one of them was stored before, or is in the group twice: then none is.
 */
async function copyAll(store: DeliveryStore, group: Delivery[]): Promise<boolean> {
  const rows = group.map((delivery) => [
    delivery.sourceId,
    storedKey(delivery),
    delivery.receivedAt,
    delivery.rawBody,
    eventsOf(delivery),
    outcomeOf(delivery.understanding),
    jsonbField(detailOf(delivery.understanding)),
  ]);
  // Held before the first id is drawn. The embedded database does one thing after another without it, at a tenth less.
  const lock = store.kind === 'pglite' ? '' : `select pg_advisory_xact_lock(${STORING_LOCK}); `;
  try {
    await store.copy(`${lock}copy delivery (${COLUMNS}) from stdin (format binary)`, rows);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

/** Stores those of a group that are new. */
async function insertNew(db: Db, group: Delivery[]): Promise<DeliveryOutcome[]> {
  const keys = group.map(storedKey);
  const bodies = group.map(({ rawBody }) => rawBody);
  const events = group.map((delivery) => Buffer.from(eventsOf(delivery) ?? ''));
  const places = placesOf([...bodies, ...events]);
  const { rows } = await db.query<{ stored: number; places: StoredPlace[] | null }>({
    name: 'save-deliveries',
    text: `with stored as (
     insert into delivery (source_id, delivery_key, received_at, raw_body, events, outcome, detail)
     select source_id, delivery_key, received_at, substring($4::bytea from body_from for body_length),
            case when events_length > 0
              then convert_from(substring($4::bytea from events_from for events_length), 'UTF8')::json end,
            outcome, detail
     from unnest($1::text[], $2::text[], $3::timestamptz[], $5::int[], $6::int[], $7::int[], $8::int[], $9::text[],
                 $10::jsonb[])
       as d (source_id, delivery_key, received_at, body_from, body_length, events_from, events_length, outcome, detail)
     -- Looked at once, before the first id is drawn.
     where (select pg_advisory_xact_lock(${STORING_LOCK})) is not null
     on conflict (source_id, delivery_key) do nothing
     returning source_id, delivery_key
     )
     -- Which ones is only asked for when some were stored before.
     select count(*)::int as stored,
            case when count(*) < cardinality($1::text[])
              then jsonb_agg(jsonb_build_object('source', source_id, 'key', delivery_key)) end as places
     from stored`,
    values: [
      group.map(({ sourceId }) => sourceId),
      keys,
      group.map(({ receivedAt }) => receivedAt.toISOString()),
      // One run of bytes goes as it is; an array of them would go as text of twice the size, to be parsed again.
      Buffer.concat([...bodies, ...events]),
      places.slice(0, group.length),
      bodies.map(({ length }) => length),
      places.slice(group.length),
      events.map(({ length }) => length),
      group.map(({ understanding }) => outcomeOf(understanding)),
      group.map(({ understanding }) => detailOf(understanding)),
    ],
  });
  const [{ stored: count, places: storedPlaces } = { stored: 0, places: null }] = rows;
  if (count === group.length) return group.map(({ understanding }) => outcomeOf(understanding));
  const stored = new Set(storedPlaces?.map(({ source, key }) => placeKey(source, key)));
  return group.map((delivery, place) => {
    // Once only: of the same delivery twice in one group, the first one was stored.
    const isStored = stored.delete(placeKey(delivery.sourceId, keys[place] ?? ''));
    return isStored ? outcomeOf(delivery.understanding) : 'duplicate';
  });
}

interface StoredPlace {
  source: string;
  key: string;
}

/** What a delivery comes to that is kept once. */
export function outcomeOf(understanding: Understanding | null): Exclude<DeliveryOutcome, 'duplicate'> {
  if (understanding === null || 'events' in understanding) return 'stored';
  return 'ignored' in understanding ? 'ignored' : 'refused';
}

/** Why a delivery tells nothing, as JSON; null for one that does, or is not read yet. */
export function detailOf(understanding: Understanding | null): string | null {
  if (understanding === null || 'events' in understanding) return null;
  return storableJson('ignored' in understanding ? understanding.ignored : understanding.refused);
}

/** JSON of the booking events; null when there are none, or none yet. */
function eventsOf({ understanding }: Delivery): string | null {
  if (understanding === null || !('events' in understanding)) return null;
  return storableJson(understanding.events);
}

/** Where each one starts when they follow one another, counted from 1 as SQL does. */
function placesOf(parts: Buffer[]): number[] {
  let next = 1;
  return parts.map(({ length }) => (next += length) - length);
}

/** Long keys are hashed: an index row has a size limit, and a sender none. */
function storedKey({ deliveryKey }: Delivery): string {
  const key = storableText(deliveryKey);
  return key.length <= 255 ? key : createHash('sha256').update(key).digest('base64url');
}

function placeKey(sourceId: string, deliveryKey: string): string {
  return `${sourceId} ${deliveryKey}`;
}
