import { readSettings } from '../settings/settings.store';
import type { Db } from '../store/db';
import type { Store } from '../store/store';
import { normalizeEmail } from '../customer/email';
import { readLinksOfHosts } from '../host/host-link.store';
import { learnt, type KnownUser, type UserState, type WatchedTeam } from './users';

/** Most hosts of one look: see `askedOfTeams`. */
const MAX_HOSTS = 500;

/** The teams whose bookings go to an org, with their settings and the hosts of bookings to come. */
export async function readWatchedTeams(store: Store, orgId: string, now: Date): Promise<WatchedTeam[]> {
  const { rows: teams } = await store.query<{ id: string }>('select id from team where org_id = $1 order by id', [
    orgId,
  ]);
  const ids = teams.map(({ id }) => id);
  const settings = await readSettings(store, ids);
  const { rows: hosts } = await store.query<{ team_id: string; email: string }>(
    `select b.team_id, b.state #>> '{host,email}' as email from booking b
     where b.team_id = any ($1::text[]) and b.starts_at > $2 and b.merged_into is null
       and b.status in ('Scheduled', 'Rescheduled') and b.state #>> '{host,email}' is not null
     group by 1, 2 order by min(b.starts_at) limit $3::integer`,
    [ids, now.toISOString(), MAX_HOSTS],
  );
  const emails = hosts.map(({ email }) => normalizeEmail(email)).filter((email) => email !== null);
  const links = await readLinksOfHosts(store, orgId, { teamIds: ids, hosts: emails });
  return ids.flatMap((teamId) => {
    const version = settings.get(teamId);
    if (version === undefined) return [];
    const own = hosts.filter(({ team_id: id }) => id === teamId).map(({ email }) => normalizeEmail(email));
    const ownHosts = [...new Set(own.filter((host) => host !== null))];
    const linked = ownHosts.map((host) => [host, links.of(teamId, host)] as const);
    return [
      {
        teamId,
        settings: version.settings,
        hosts: ownHosts,
        links: new Map(linked.flatMap(([host, link]) => (link === null ? [] : [[host, link] as const]))),
      },
    ];
  });
}

/** Users of an org as they are remembered, by name. */
export async function readKnownUsers(db: Db, orgId: string): Promise<Map<string, KnownUser>> {
  const { rows } = await db.query<{ name: string; user_id: string | null; is_active: boolean }>(
    'select name, user_id, is_active from drift_user where org_id = $1',
    [orgId],
  );
  return new Map(rows.map((row) => [row.name, { userId: row.user_id, isActive: row.is_active }]));
}

/**
 * Remembers what names lead to, and forgets those that nobody asks for any more.
 * @returns the names that lead to somebody else than before, or to nobody.
 */
export async function saveUsers(
  db: Db,
  orgId: string,
  states: ReadonlyMap<string, UserState>,
  now: Date,
): Promise<Set<string>> {
  const before = await readKnownUsers(db, orgId);
  const learned = [...states].map(([name, state]) => ({ name, ...learnt(before.get(name), state) }));
  await db.query('delete from drift_user where org_id = $1 and name <> all ($2::text[])', [orgId, [...states.keys()]]);
  await db.query(
    `insert into drift_user (org_id, name, user_id, is_active, seen_at)
     select $1, u.name, u.user_id, u.is_active, $5
     from unnest($2::text[], $3::text[], $4::boolean[]) as u (name, user_id, is_active)
     on conflict (org_id, name) do update set user_id = excluded.user_id, is_active = excluded.is_active,
       seen_at = excluded.seen_at`,
    [
      orgId,
      learned.map(({ name }) => name),
      learned.map(({ known }) => known.userId),
      learned.map(({ known }) => known.isActive),
      now.toISOString(),
    ],
  );
  return new Set(learned.filter(({ isChanged }) => isChanged).map(({ name }) => name));
}
