import type { Db } from '../store/db';

/** What came from a source lately; tests of our own are left out. */
export interface SourceActivity {
  /** When anything came last that proved itself; null when nothing ever did. */
  lastDeliveryAt: Date | null;
  /** Deliveries of the last 24 hours by what they came to. Repetitions of one count once. */
  last24Hours: { stored: number; ignored: number; refused: number };
}

/** What came from each source, by its id. Sources that nothing ever came from are among them. */
export async function readActivity(db: Db, now: Date): Promise<Map<string, SourceActivity>> {
  const { rows } = await db.query<{
    id: string;
    last_at: Date | null;
    stored: string;
    ignored: string;
    refused: string;
  }>(
    `select s.id, last.received_at as last_at, day.*
     from source s
     left join lateral (
       select received_at from delivery where source_id = s.id and not is_test order by received_at desc limit 1
     ) last on true
     cross join lateral (
       select count(*) filter (where outcome = 'stored') as stored,
              count(*) filter (where outcome = 'ignored') as ignored,
              count(*) filter (where outcome = 'refused') as refused
       from delivery where source_id = s.id and not is_test and received_at > $1::timestamptz - interval '24 hours'
     ) day`,
    [now.toISOString()],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        lastDeliveryAt: row.last_at,
        last24Hours: { stored: Number(row.stored), ignored: Number(row.ignored), refused: Number(row.refused) },
      },
    ]),
  );
}

/**
 * Puts a new secret in front of the only one of a source.
 * @returns whether there was exactly one: two are the most, and a third would throw the one in use away.
 */
export async function addSecret(db: Db, sourceId: string, sealed: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update source set secrets_sealed = array_prepend($2::text, secrets_sealed)
     where id = $1 and cardinality(secrets_sealed) < 2`,
    [sourceId, sealed],
  );
  return rowCount === 1;
}

/**
 * Drops every secret of a source but the newest.
 * @returns whether there were two.
 */
export async function dropOldSecret(db: Db, sourceId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update source set secrets_sealed = secrets_sealed[1:1] where id = $1 and cardinality(secrets_sealed) > 1`,
    [sourceId],
  );
  return rowCount === 1;
}

/** Replaces the mapping of a source. Its address and secrets stay. */
export async function replaceMapping(db: Db, sourceId: string, mapping: unknown): Promise<void> {
  await db.query('update source set mapping = $2::jsonb where id = $1', [sourceId, JSON.stringify(mapping)]);
}

/** Sets when bookings of a source count as completed by the clock: minutes after their end, or null for never. */
export async function replaceCompletion(db: Db, sourceId: string, minutes: number | null): Promise<void> {
  await db.query('update source set complete_after_minutes = $2 where id = $1', [sourceId, minutes]);
}

/** Sets where the system shows a customer of the source; null: nowhere. */
export async function replaceCustomerPage(db: Db, sourceId: string, template: string | null): Promise<void> {
  await db.query('update source set customer_page = $2 where id = $1', [sourceId, template]);
}

/**
 * Marks a test as such, whatever its source made of it: it is ignored, and no sender sent it.
 *
 * @param body the bytes of the test, unlike all others.
 * @returns whether it is in this store, and about no booking.
 */
export async function markTest(
  db: Db,
  { sourceId, body, since, why }: { sourceId: string; body: Buffer; since: Date; why: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update delivery set is_test = true, outcome = 'ignored', detail = to_jsonb($4::text)
     where source_id = $1 and received_at >= $2 and raw_body = $3::bytea
       -- Or not read yet: then it never will be.
       and (outcome <> 'stored' or (events is null and id > (select up_to from folding)))`,
    [sourceId, since.toISOString(), body, why],
  );
  return rowCount === 1;
}
