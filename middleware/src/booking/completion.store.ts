import type { Db } from '../store/db';
import { storable } from '../store/jsonb';
import type { Store } from '../store/store';
import { inAnswerOrder } from './answer-order';
import type { BookingEvent } from './booking-event';
import { lockSources, saveEvents } from './booking-event.store';
import type { Step } from './outcome';

/** A source whose API may be asked. */
export interface AskedSource {
  id: string;
  teamId: string;
  kind: string;
  /** Sealed under the context `source:<id>:api`. */
  apiCredentialSealed: string;
}

/** An event of a booking that was not asked for yet. */
export interface UnaskedEvent {
  hash: string;
  event: BookingEvent;
}

/** A due booking that changed since it was last looked at for something to ask. */
export interface UnaskedBooking {
  id: string;
  sourceId: string;
  teamId: string;
  revision: number;
  failures: number;
  events: UnaskedEvent[];
}

/** Every source with a credential, by id. */
export async function readAskedSources(db: Db): Promise<AskedSource[]> {
  const { rows } = await db.query<{ id: string; team_id: string; kind: string; api_credential_sealed: string }>(
    `select id, team_id, kind, api_credential_sealed from source where api_credential_sealed is not null order by id`,
  );
  return rows.map((row) => ({
    id: row.id,
    teamId: row.team_id,
    kind: row.kind,
    apiCredentialSealed: row.api_credential_sealed,
  }));
}

/** Due bookings of a source that have to be looked at before they may be written: soonest start first. */
export async function readUnasked(
  db: Db,
  { id: sourceId, teamId }: AskedSource,
  limit: number,
  now: Date,
): Promise<UnaskedBooking[]> {
  const { rows } = await db.query<{
    id: string;
    revision: number;
    ask_failures: number;
    events: UnaskedEvent[] | null;
  }>(
    `select b.id, b.revision, b.ask_failures,
            (select jsonb_agg(jsonb_build_object('hash', e.hash, 'event', e.event))
             from booking_event e where e.booking_id = b.id and e.asked_at is null) as events
     from booking b
     where b.team_id = $1 and b.source_id = $2 and b.due_at <= $4 and b.asked_revision is distinct from b.revision
     order by b.priority, b.starts_at nulls first, b.id
     limit $3`,
    [teamId, sourceId, limit, now.toISOString()],
  );
  return rows.map((row) => ({
    id: row.id,
    sourceId,
    teamId,
    revision: row.revision,
    failures: row.ask_failures,
    events: (row.events ?? []).map(({ hash, event }) => ({ hash, event: inAnswerOrder(event) })),
  }));
}

/** @returns when the next booking that has to be looked at falls due; null when there is none. */
export async function readNextUnaskedAt(db: Db): Promise<Date | null> {
  const { rows } = await db.query<{ due_at: Date | null }>(
    `select min(b.due_at) as due_at from booking b join source s on s.id = b.source_id
     where s.api_credential_sealed is not null and b.due_at is not null
       and b.asked_revision is distinct from b.revision`,
  );
  return rows[0]?.due_at ?? null;
}

/** Nothing is left to ask at these revisions: the bookings may be written. A newer revision is looked at again. */
export async function markAsked(db: Db, bookings: Pick<UnaskedBooking, 'id' | 'revision'>[]): Promise<void> {
  if (bookings.length === 0) return;
  await db.query(
    // One that a turn is settling is left for the next round: two who wait for each other's rows would both fail.
    `update booking set asked_revision = revision, ask_failures = 0
     where id in (
       select b.id from unnest($1::uuid[], $2::integer[]) as i (id, revision)
       join booking b on b.id = i.id and b.revision = i.revision
       for update of b skip locked)`,
    [bookings.map(({ id }) => id), bookings.map(({ revision }) => revision)],
  );
}

/**
 * Takes a booking for asking: until then nobody else does. Should we die, it falls due again.
 * @returns false when it changed meanwhile, or somebody else has it.
 */
export async function claimUnasked(
  db: Db,
  { id, revision }: Pick<UnaskedBooking, 'id' | 'revision'>,
  { now, until }: { now: Date; until: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update booking set due_at = $4
     where id = $1 and revision = $2 and due_at <= $3 and asked_revision is distinct from revision`,
    [id, revision, now.toISOString(), until.toISOString()],
  );
  return rowCount === 1;
}

/** Asking failed and is tried again. A booking that changed meanwhile stays due. */
export async function postponeUnasked(
  db: Db,
  { id, revision }: Pick<UnaskedBooking, 'id' | 'revision'>,
  until: Date,
): Promise<void> {
  await db.query(
    `update booking set ask_failures = ask_failures + 1,
       due_at = case when revision = $2 and due_at is not null then $3 else due_at end
     where id = $1`,
    [id, revision, until.toISOString()],
  );
}

/** What asking came to: events that tell what was open, or why there are none. */
export type Answer = { events: BookingEvent[] } | { fault: string };

/**
 * Records an answer, or that there is none: the events that were open count as asked for, those of the answer join
 * their booking like any other, and its decision log says so. The booking is due at once.
 *
 * @param asked the events of the booking that the answer settles.
 */
export async function saveAnswer(
  store: Store,
  booking: UnaskedBooking,
  asked: UnaskedEvent[],
  answer: Answer,
  now: Date,
): Promise<void> {
  const fault = 'fault' in answer ? answer.fault : null;
  const events = 'events' in answer ? storable(answer.events) : [];
  const step: Step = {
    step: "the scheduling system's API",
    outcome: fault === null ? 'asked for what its webhooks leave open' : `${fault} The booking goes on without.`,
  };
  await store.transaction(async (client) => {
    await lockSources(client, [booking]);
    const { rows } = await client.query<{ delivery_id: string | null }>(
      `update booking_event set asked_at = $3, ask_fault = $4 where booking_id = $1 and hash = any($2::text[])
       returning delivery_id`,
      [booking.id, asked.map(({ hash }) => hash), now.toISOString(), fault],
    );
    const { rows: held } = await client.query<{ due_at: Date | null }>(
      'select due_at from booking where id = $1 for update',
      [booking.id],
    );
    const deliveryId = rows.find(({ delivery_id }) => delivery_id !== null)?.delivery_id ?? null;
    const { sourceId, teamId } = booking;
    if (events.length > 0) {
      await saveEvents(
        client,
        events.map((event) => ({ sourceId, teamId, receivedAt: now, event, deliveryId })),
      );
    }
    // Not due any more: the gate was opened without the backlog while the API was asked. An answer is no news.
    const dueAt = held[0]?.due_at == null ? null : now.toISOString();
    await client.query('update booking set due_at = $2, ask_failures = 0 where id = $1', [booking.id, dueAt]);
    await client.query(
      `insert into booking_log (booking_id, revision, settings_version, at, steps, parts)
       select b.id, b.revision, coalesce((select max(version) from setting s where s.team_id = b.team_id), 0),
              $2, $3::jsonb, b.parts
       from booking b where b.id = $1`,
      [booking.id, now.toISOString(), JSON.stringify([step])],
    );
  });
}

/**
 * Gives a source a credential, or takes it away. What was asked for in vain is asked for again, and so is what was
 * never asked for of bookings that have not begun.
 */
export async function saveApiCredential(
  store: Store,
  sourceId: string,
  sealed: string | null,
  now: Date,
): Promise<void> {
  await store.transaction(async (client) => {
    await lockSources(client, [{ sourceId }]);
    await client.query('update source set api_credential_sealed = $2 where id = $1', [sourceId, sealed]);
    if (sealed === null) return;
    await client.query(
      `update booking_event e set asked_at = null, ask_fault = null
       from booking b where b.id = e.booking_id and b.source_id = $1 and e.ask_fault is not null`,
      [sourceId],
    );
    await client.query(
      `update booking set asked_revision = null, ask_failures = 0, due_at = coalesce(due_at, $2)
       where source_id = $1 and merged_into is null and (starts_at is null or starts_at > $2)
         -- Received before the connector was started, and kept out of Salesforce by the admin.
         and parts #>> '{event,state}' is distinct from 'notWanted'`,
      [sourceId, now.toISOString()],
    );
  });
}
