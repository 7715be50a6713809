import type { OrgSchema } from '../salesforce/schema';
import type { Db } from '../store/db';

/** What the watch over an org knows of it. */
export interface WatchState {
  /** The ETag of its schema, as it was sent; null when there was none. */
  etag: string | null;
  /** When its schema was last heard of. */
  schemaCheckedAt: Date | null;
  /** When it was last looked at; null: never. */
  lookedAt: Date | null;
  /** The newest version of each team's settings; 0: the defaults. */
  settingsVersions: Record<string, number>;
  /** Those that the org was last judged by; null: never. */
  judgedVersions: Record<string, number> | null;
}

/** What the watch over an org knows of it; null when there is no such org. */
export async function readWatch(db: Db, orgId: string): Promise<WatchState | null> {
  const { rows } = await db.query<{
    schema_etag: string | null;
    schema_checked_at: Date | null;
    looked_at: Date | null;
    judged: Record<string, number> | null;
    present: Record<string, number> | null;
  }>(
    `select o.schema_etag, o.schema_checked_at, w.looked_at, w.settings_versions as judged,
       (select jsonb_object_agg(t.id, coalesce((select max(s.version) from setting s where s.team_id = t.id), 0))
        from team t where t.org_id = o.id) as present
     from org o left join drift_watch w on w.org_id = o.id where o.id = $1`,
    [orgId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    etag: row.schema_etag,
    schemaCheckedAt: row.schema_checked_at,
    lookedAt: row.looked_at,
    settingsVersions: row.present ?? {},
    judgedVersions: row.judged,
  };
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

/** What another instance, or the watch, has seen of an org since. */
export interface SeenSince {
  /** Another schema than the one that is known. */
  isOutdated: boolean;
  /** When users last came or went; null: never. */
  usersChangedAt: Date | null;
}

/** What was seen of the org since this schema was read, by whatever instance. */
export async function seenSince(db: Db, orgId: string, { stamp, readAt }: OrgSchema): Promise<SeenSince> {
  const { rows } = await db.query<{
    schema_stamp: string | null;
    schema_checked_at: Date | null;
    users_changed_at: Date | null;
  }>('select schema_stamp, schema_checked_at, users_changed_at from org where id = $1', [orgId]);
  const [known] = rows;
  const isLater =
    known?.schema_stamp != null && known.schema_checked_at !== null && known.schema_checked_at > new Date(readAt);
  return {
    isOutdated: isLater && known.schema_stamp !== stamp,
    usersChangedAt: known?.users_changed_at ?? null,
  };
}

/** Remembers the schema of an org as it was asked for. */
export async function saveSchema(
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
