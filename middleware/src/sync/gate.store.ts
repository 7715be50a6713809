import { chooseBookings, countChoices, type Choice, type ChoiceCounts } from '../booking/hold.store';
import { endNotice } from '../notice/notice.store';
import type { Db } from '../store/db';
import type { Store } from '../store/store';

/** A team whose bookings wait until an admin chooses which of them are written to its new org. */
export interface Hold {
  since: Date;
  /** The connection that they went to before; the present one, when that leads to another Salesforce org. Null: to none. */
  from: string | null;
}

/** The key of the notice that a team's bookings wait for a choice. */
export function holdNoticeKey(teamId: string): string {
  return `hold:${teamId}`;
}

/** @returns null when the team's bookings do not wait for a choice. */
export async function readHold(db: Db, teamId: string): Promise<Hold | null> {
  const { rows } = await db.query<{ held_at: Date | null; held_from: string | null }>(
    'select held_at, held_from from team where id = $1',
    [teamId],
  );
  const [row] = rows;
  return row == null || row.held_at === null ? null : { since: row.held_at, from: row.held_from };
}

/** What a team that is held can choose from; null when it is not held. */
export async function readHeldChoices(db: Db, teamId: string, now: Date): Promise<(Hold & ChoiceCounts) | null> {
  const hold = await readHold(db, teamId);
  return hold === null ? null : { ...hold, ...(await countChoices(db, teamId, now)) };
}

/**
 * Opens the start gate of a team's org, and ends the wait of a team that was moved there. From here on bookings are
 * written to the org. For an org whose gate is open, and a team that does not wait, it changes nothing.
 *
 * @param choice which bookings are written: of the team, if it was moved; and of all teams of the org whose bookings
 *   waited for the gate only.
 */
export async function openGateOf(
  store: Store,
  { orgId, teamId, choice, now }: { orgId: string; teamId: string; choice: Choice; now: Date },
): Promise<void> {
  await store.transaction(async (client) => {
    const { rowCount: opened } = await client.query(
      'update org set started_at = $2 where id = $1 and started_at is null',
      [orgId, now.toISOString()],
    );
    const hold = await readHold(client, teamId);
    if (hold !== null) {
      await client.query('update team set held_at = null, held_from = null where id = $1', [teamId]);
      const words = movedWords(choice, orgId, hold);
      await chooseBookings(client, { teamIds: [teamId], choice, isMoved: true, words }, now);
      await endNotice(client, holdNoticeKey(teamId), now);
    }
    if (opened === 1) {
      const { rows } = await client.query<{ id: string }>(
        'select id from team where org_id = $1 and held_at is null and ($2::text is null or id <> $2)',
        [orgId, hold === null ? null : teamId],
      );
      const words = { leftOut: LEFT_OUT_AT_START[choice], chosen: null };
      await chooseBookings(client, { teamIds: rows.map(({ id }) => id), choice, isMoved: false, words }, now);
    }
  });
}

const LEFT_OUT_AT_START: Record<Choice, string> = {
  none: 'received before the connector was started',
  future: 'its time had passed when the connector was started',
  all: '',
};

function movedWords(choice: Choice, orgId: string, { from }: Hold): { leftOut: string; chosen: string } {
  const move =
    from === orgId
      ? `${orgId} leads to another Salesforce org than before`
      : from === null
        ? `the team was linked to ${orgId}`
        : `the team was moved from ${from} to ${orgId}`;
  return {
    leftOut: `left out when ${move}: ${choice === 'none' ? 'only what changes from then on is written' : 'its time had passed'}`,
    chosen: `${move}: it is written there, whether it was written before or not`,
  };
}

/** Closes the start gate again: bookings are accepted and wait. */
export async function pauseOrg(db: Db, orgId: string): Promise<void> {
  await db.query('update org set started_at = null where id = $1', [orgId]);
}
