import { endNotice, readOpenNotices } from '../notice/notice.store';
import type { Db } from '../store/db';
import { driftNoticeKey, type Told } from './drift-notice';

/** Forgets what was found in an org for a team that leaves it, and ends what was told of it for no other team. */
export async function forgetFindings(db: Db, orgId: string, teamId: string, now: Date): Promise<void> {
  await db.query('delete from drift_finding where org_id = $1 and team_id = $2', [orgId, teamId]);
  await endUnfounded(db, orgId, now);
}

/** Forgets everything that is remembered of an org: its connection leads to another one. */
export async function forgetOrg(db: Db, orgId: string, now: Date): Promise<void> {
  for (const table of ['drift_watch', 'drift_finding', 'drift_user'])
    await db.query(`delete from ${table} where org_id = $1`, [orgId]);
  await endUnfounded(db, orgId, now);
}

/** Ends notices of changes in an org that stand for no team any more. */
async function endUnfounded(db: Db, orgId: string, now: Date): Promise<void> {
  const { rows } = await db.query<Told>(
    'select distinct kind, severity, sobject, field from drift_finding where org_id = $1',
    [orgId],
  );
  const founded = new Set(rows.map((told) => driftNoticeKey(orgId, told)));
  const open = (await readOpenNotices(db)).filter(
    (notice) => notice.orgId === orgId && notice.key.startsWith('drift:'),
  );
  for (const { key } of open) if (!founded.has(key)) await endNotice(db, key, now);
}
