import { releaseAllParked } from '../booking/hold.store';
import { forgetFindings, forgetOrg } from '../drift/forget.store';
import { endNotice, raiseNotice, readOpenNotices } from '../notice/notice.store';
import type { Db } from '../store/db';
import { forgetSpending } from './budget.store';
import { holdNoticeKey } from './gate.store';

/**
 * Has a team's bookings go to another org from now on. They wait until an admin chooses which of them are written there.
 * In one transaction with what else is done.
 */
export async function moveTeam(db: Db, { teamId, orgId }: { teamId: string; orgId: string }, now: Date): Promise<void> {
  const { rows } = await db.query<{ org_id: string | null }>('select org_id from team where id = $1 for update', [
    teamId,
  ]);
  const from = rows[0]?.org_id ?? null;
  await db.query('update team set org_id = $2, held_at = $3, held_from = $4 where id = $1', [
    teamId,
    orgId,
    now.toISOString(),
    from,
  ]);
  await holdBookings(db, { teamId, orgId, from }, now);
  if (from === null) return;
  await forgetFindings(db, from, teamId, now);
  await restIfUnused(db, from, now);
}

/** An org that no team is linked to any more is neither written to nor watched, and what was told of it is over. */
async function restIfUnused(db: Db, orgId: string, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    'update org set started_at = null where id = $1 and not exists (select from team where org_id = $1)',
    [orgId],
  );
  if (rowCount === 0) return;
  for (const { key } of (await readOpenNotices(db)).filter((notice) => notice.orgId === orgId))
    await endNotice(db, key, now);
}

/**
 * Forgets what is known of the Salesforce org that a connection led to, now that it leads to another one, and gives it a
 * number of its own. The bookings of its teams wait until an admin chooses. In one transaction with the change itself.
 */
export async function renewOrg(db: Db, orgId: string, now: Date): Promise<void> {
  await db.query(
    `update org set generation = nextval('org_generation'), schema_stamp = null, schema_etag = null,
       schema_checked_at = null, takes_nested_keys = null, users_changed_at = $2
     where id = $1`,
    [orgId, now.toISOString()],
  );
  await forgetOrg(db, orgId, now);
  await forgetSpending(db, orgId);
  const { rows } = await db.query<{ id: string }>(
    'update team set held_at = $2, held_from = $1 where org_id = $1 returning id',
    [orgId, now.toISOString()],
  );
  for (const { id: teamId } of rows) await holdBookings(db, { teamId, orgId, from: orgId }, now);
}

async function holdBookings(
  db: Db,
  { teamId, orgId, from }: { teamId: string; orgId: string; from: string | null },
  now: Date,
): Promise<void> {
  await releaseAllParked(db, teamId, now);
  const moved = from === orgId ? `${orgId} leads to another Salesforce org` : `their team goes to the org ${orgId} now`;
  await raiseNotice(
    db,
    {
      key: holdNoticeKey(teamId),
      orgId,
      severity: 'warning',
      what: `The bookings of the team ${teamId} are accepted and wait, as ${moved}.`,
      remedy:
        'Choose which of them are written there: on the overview of the console, or with "booking-connector gate open --bookings future", "all" or "none".',
    },
    now,
  );
}
