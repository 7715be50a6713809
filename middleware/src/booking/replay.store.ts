import type { Db } from '../store/db';
import { storable } from '../store/jsonb';
import type { Store } from '../store/store';
import { lockSources, saveEvents } from './booking-event.store';
import type { Delivery, DeliveryOutcome, Understanding } from './delivery.store';

/** A delivery that was not understood, as an admin sees it: never its body, which holds personal data. */
export interface RefusedDelivery {
  id: string;
  sourceId: string;
  receivedAt: Date;
  /** What is wrong with it: field and fault, without values. */
  faults: { field: string; error: string }[];
  /** Whether its body is still kept, so that it can be replayed. */
  isKept: boolean;
}

/** A refused delivery whose body is still kept. */
export interface KeptDelivery extends Omit<Delivery, 'understanding'> {
  id: string;
}

/**
 * Deliveries of a team that are not understood: how many there are, and the newest of them.
 * @param before id of the last one that was read; null to begin with the newest.
 */
export async function readRefused(
  db: Db,
  teamId: string,
  limit: number,
  before: string | null = null,
): Promise<{ count: number; newest: RefusedDelivery[] }> {
  const { rows: counted } = await db.query<{ count: string }>(
    `select count(*) as count from delivery
     where outcome = 'refused' and source_id in (select id from source where team_id = $1)`,
    [teamId],
  );
  const { rows } = await db.query<{
    id: string;
    source_id: string;
    received_at: Date;
    detail: RefusedDelivery['faults'] | null;
    is_kept: boolean;
  }>(
    `select id, source_id, received_at, detail, raw_body is not null as is_kept
     from delivery where outcome = 'refused' and ($2::bigint is null or id < $2::bigint)
       and source_id in (select id from source where team_id = $3)
     order by id desc limit $1`,
    [limit, before, teamId],
  );
  return {
    count: Number(counted[0]?.count ?? 0),
    newest: rows.map((row) => ({
      id: row.id,
      sourceId: row.source_id,
      receivedAt: row.received_at,
      faults: row.detail ?? [],
      isKept: row.is_kept,
    })),
  };
}

/**
 * Refused deliveries of a team that can be looked at again, in the order in which they came.
 * @param after id of the last one that was; null to begin.
 */
export async function readKeptRefused(
  db: Db,
  { teamId, after }: { teamId: string; after: string | null },
  limit: number,
): Promise<KeptDelivery[]> {
  const { rows } = await db.query<{
    id: string;
    source_id: string;
    team_id: string;
    delivery_key: string;
    received_at: Date;
    raw_body: Buffer;
  }>(
    `select d.id, d.source_id, s.team_id, d.delivery_key, d.received_at, d.raw_body
     from delivery d join source s on s.id = d.source_id
     where d.outcome = 'refused' and d.raw_body is not null and d.id > $1::bigint and s.team_id = $3
     order by d.id limit $2`,
    [after ?? '0', limit, teamId],
  );
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    teamId: row.team_id,
    deliveryKey: row.delivery_key,
    receivedAt: row.received_at,
    rawBody: row.raw_body,
  }));
}

/**
 * Stores what a refused delivery is understood as now: the same delivery with another outcome, its events and their
 * bookings, in one transaction. One that somebody else has replayed meanwhile is left as it is.
 *
 * @returns its outcome; `duplicate` when it was no longer refused.
 */
export async function saveReplayed(
  store: Store,
  delivery: KeptDelivery,
  understanding: Understanding,
  now: Date,
): Promise<DeliveryOutcome> {
  const told = storable(understanding);
  const [outcome, detail] =
    'events' in told
      ? (['stored', null] as const)
      : 'ignored' in told
        ? (['ignored', told.ignored] as const)
        : (['refused', told.refused] as const);
  return store.transaction(async (client) => {
    // Before the row, as those who receive deliveries do: two who wait for each other would both fail.
    await lockSources(client, [delivery]);
    const { rowCount } = await client.query(
      `update delivery set outcome = $2, detail = $3::jsonb where id = $1::bigint and outcome = 'refused'`,
      [delivery.id, outcome, detail === null ? null : JSON.stringify(detail)],
    );
    if (rowCount !== 1) return 'duplicate';
    if ('events' in told && told.events.length > 0) {
      // The bookings change now, not when the body came: they fall due, and count as waiting, from now on.
      const fresh = { ...delivery, understanding: told, receivedAt: now, deliveryId: delivery.id };
      await saveEvents(
        client,
        told.events.map((event) => ({ ...fresh, event })),
      );
    }
    return outcome;
  });
}
