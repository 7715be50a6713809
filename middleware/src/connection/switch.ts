import { endNotice } from '../notice/notice.store';
import type { Store } from '../store/store';
import { moveTeam, renewOrg } from '../sync/switch.store';
import { accessNoticeKey } from './access';
import { takeOtherOrg } from './other-org.store';

/** What is switched. */
export interface Switch {
  teamId: string;
  /** The connection whose org bookings are to go to. */
  orgId: string;
  /** The other Salesforce org that it leads to, to be taken; null when it leads where it did. */
  otherId: string | null;
  /** Bookings of the team go to another connection so far. */
  isMove: boolean;
}

/**
 * Has a team's bookings go to another Salesforce org: that of another connection, or the other one that a connection leads
 * to. All bookings of the teams that are struck wait from then on until an admin chooses; what a turn has in hand is not
 * written any more, and counts for nothing.
 *
 * @returns false, with nothing done, when the connection leads elsewhere again.
 */
export async function switchTo(store: Store, { teamId, orgId, otherId, isMove }: Switch, now: Date): Promise<boolean> {
  return store.transaction(async (client) => {
    if (otherId !== null) {
      if (!(await takeOtherOrg(client, orgId, otherId, now))) return false;
      await renewOrg(client, orgId, now);
      await endNotice(client, accessNoticeKey(orgId), now);
    }
    if (isMove) await moveTeam(client, { teamId, orgId }, now);
    return true;
  });
}
