import { hasScopedProblems, releaseForSchema } from '../booking/release.store';
import { answerOf } from '../salesforce/composite';
import type { OrgConnection } from '../salesforce/org-connection';
import type { OrgSchema } from '../salesforce/schema';
import { schemaRequest, schemaStamp } from '../salesforce/schema-stamp';
import type { Db } from '../store/db';
import type { Store } from '../store/store';

/** How often the schema is asked for while bookings wait for it. */
const CHECK_MS = 15 * 60_000;

interface KnownSchema {
  schema_stamp: string | null;
  schema_etag: string | null;
  schema_checked_at: Date | null;
}

/**
 * Looks whether an org's schema has changed, and lets the bookings go that were parked under another one. One call at
 * most every 15 minutes, over all instances, and none while no booking waits for such a change. For the lane, once a step.
 *
 * @returns how many bookings became due.
 * @throws as `OrgConnection.composite`.
 */
export async function watchSchema(
  orgId: string,
  { store, connection, now }: { store: Store; connection: OrgConnection; now: () => Date },
): Promise<number> {
  const known = await claimCheck(store, orgId, now());
  if (known === null) return 0;
  const answer = answerOf(
    await connection.composite([schemaRequest('schema', known.schema_etag)], 'describe'),
    'schema',
  );
  const isSame = answer.status === 304;
  // A missing right on Event is a problem of its own, which the next turn meets.
  if (answer.status !== 200 && !isSame) return 0;
  const stamp = isSame ? known.schema_stamp : schemaStamp(answer);
  const etag = isSame ? known.schema_etag : (answer.headers?.['etag'] ?? null);
  return store.transaction(async (client) => {
    await saveSchema(client, orgId, { stamp, etag, checkedAt: now() });
    return releaseForSchema(client, { orgId, stamp }, now());
  });
}

/** Remembers the schema under which bookings of an org were parked: it need not be asked for again at once. */
export async function rememberSchema(db: Db, orgId: string, { stamp, readAt }: OrgSchema): Promise<void> {
  await db.query(
    `update org set schema_stamp = $2, schema_checked_at = $3,
       schema_etag = case when schema_stamp is not distinct from $2 then schema_etag end
     where id = $1 and (schema_checked_at is null or schema_checked_at < $3)`,
    [orgId, stamp, readAt],
  );
}

/** Whether another schema of the org was seen since this one was read, by whatever instance. */
export async function isOutdated(db: Db, orgId: string, { stamp, readAt }: OrgSchema): Promise<boolean> {
  const { rows } = await db.query<KnownSchema>(
    'select schema_stamp, schema_etag, schema_checked_at from org where id = $1',
    [orgId],
  );
  const [known] = rows;
  if (known?.schema_stamp == null || known.schema_checked_at === null) return false;
  return known.schema_stamp !== stamp && known.schema_checked_at > new Date(readAt);
}

/** At most one check at a time, and none where nothing waits for it. */
async function claimCheck(store: Store, orgId: string, now: Date): Promise<KnownSchema | null> {
  const before = new Date(now.getTime() - CHECK_MS).toISOString();
  const { rows } = await store.query<KnownSchema>(
    `select schema_stamp, schema_etag, schema_checked_at from org
     where id = $1 and (schema_checked_at is null or schema_checked_at <= $2)`,
    [orgId, before],
  );
  if (rows.length === 0 || !(await hasScopedProblems(store, orgId))) return null;
  const claimed = await store.query<KnownSchema>(
    `update org set schema_checked_at = $3 where id = $1 and (schema_checked_at is null or schema_checked_at <= $2)
     returning schema_stamp, schema_etag, schema_checked_at`,
    [orgId, before, now.toISOString()],
  );
  return claimed.rows[0] ?? null;
}

async function saveSchema(
  db: Db,
  orgId: string,
  { stamp, etag, checkedAt }: { stamp: string | null; etag: string | null; checkedAt: Date },
): Promise<void> {
  await db.query('update org set schema_stamp = $2, schema_etag = $3, schema_checked_at = $4 where id = $1', [
    orgId,
    stamp,
    etag,
    checkedAt.toISOString(),
  ]);
}
