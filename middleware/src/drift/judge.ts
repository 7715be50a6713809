import { readPages } from '../booking/page.store';
import { replanHosts } from '../booking/release.store';
import type { SalesforceRecord } from '../salesforce/composite';
import { orgViewOf, type OrgView } from '../salesforce/org-view';
import { endNotice, raiseNotice } from '../notice/notice.store';
import { pageKey } from '../settings/page-settings';
import type { Db } from '../store/db';
import type { Store } from '../store/store';
import { readRememberedSchema, saveFindings, saveLook, saveRemembered, type FindingsChange } from './drift.store';
import { driftNoticeKey, driftNotices } from './drift-notice';
import { findDrift } from './find-drift';
import type { Finding } from './finding';
import { rebased } from './rebased';
import { hostsOf, userFindings, userStates, type WatchedTeam } from './users';
import { readKnownUsers, saveUsers } from './watched.store';
import type { Asked } from '../match/directory';

/** An org as it was looked at. */
export interface Seen {
  orgId: string;
  teams: readonly WatchedTeam[];
  /** The newest version of each team's settings. */
  settingsVersions: Record<string, number>;
  view: OrgView;
  /** When the org was asked. */
  lookedAt: Date;
  /** The schema and the settings are those that it was judged by before. */
  isSame: boolean;
  /** Users that the org told of; null when none were asked for, or the API user could not look. */
  users: { asked: Asked; found: readonly SalesforceRecord[] } | null;
}

/** What a look came to. */
export interface Judged extends FindingsChange {
  /** Users came or went. */
  hasOtherUsers: boolean;
  /** Bookings to come whose owner is chosen anew. */
  replanned: number;
}

const NOTHING: Judged = { opened: [], ended: [], hasOtherUsers: false, replanned: 0 };

/**
 * Judges an org as it was looked at: keeps what was found, remembers the org, and has the owners of bookings to come chosen
 * anew where a host's user came or went. For one caller at a time.
 */
export async function judge(store: Store, seen: Seen, now: Date): Promise<Judged> {
  const { orgId, teams, view, users } = seen;
  const pages = new Map<string, string[]>();
  for (const { teamId } of seen.isSame ? [] : teams) pages.set(teamId, await pagesOf(store, teamId));
  return store.transaction(async (client) => {
    const changed =
      users === null ? new Set<string>() : await saveUsers(client, orgId, userStates(users.found, users.asked), now);
    if (seen.isSame && changed.size === 0) {
      await saveLook(client, orgId, seen.lookedAt);
      return NOTHING;
    }
    const before = await readRememberedSchema(client, orgId);
    const known = await readKnownUsers(client, orgId);
    const ofSchema: Finding[] = [];
    const found = new Map<string, Finding[]>();
    let replanned = 0;
    for (const team of teams) {
      const seenPages = pages.get(team.teamId) ?? (await pagesOf(client, team.teamId));
      const drift = findDrift(before === null ? null : orgViewOf(before), view, team.settings, seenPages);
      ofSchema.push(...drift);
      found.set(team.teamId, [...drift, ...userFindings(team, known)]);
      replanned += await replanHosts(client, { teamId: team.teamId, hosts: hostsOf(changed, team) }, now);
    }
    const change = await saveFindings(client, orgId, found, now);
    await saveRemembered(client, orgId, {
      schema: rebased(before, view.schema, ofSchema),
      lookedAt: seen.lookedAt,
      settingsVersions: seen.settingsVersions,
    });
    await tellNotices(client, orgId, change, [...found.values()].flat(), now);
    if (changed.size > 0)
      await client.query('update org set users_changed_at = $2 where id = $1', [orgId, now.toISOString()]);
    return { ...change, hasOtherUsers: changed.size > 0, replanned };
  });
}

/** Notices follow the findings: one stays open while it stands for any team. */
async function tellNotices(
  db: Db,
  orgId: string,
  { ended }: FindingsChange,
  standing: readonly Finding[],
  now: Date,
): Promise<void> {
  const notices = driftNotices(orgId, standing);
  const open = new Set(notices.map(({ key }) => key));
  for (const notice of notices) await raiseNotice(db, notice, now);
  for (const key of new Set(ended.map((finding) => driftNoticeKey(orgId, finding))))
    if (!open.has(key)) await endNotice(db, key, now);
}

async function pagesOf(db: Db, teamId: string): Promise<string[]> {
  return (await readPages(db, teamId)).map(({ sourceId, pageId }) => pageKey(sourceId, pageId));
}
