import type { Store } from '../store/store';
import { DEFAULT_SETTINGS, parseSettings, type Settings, type SettingsVersion } from './settings';

/** @returns the newest version of each team's settings by team id; the defaults are version 0. */
export async function readSettings(store: Store, teamIds: string[]): Promise<Map<string, SettingsVersion>> {
  const { rows } = await store.query<{ team_id: string; version: number; document: unknown }>(
    `select distinct on (team_id) team_id, version, document from setting
     where team_id = any ($1::text[]) order by team_id, version desc`,
    [teamIds],
  );
  const saved = new Map(rows.map((row) => [row.team_id, row]));
  return new Map(
    teamIds.map((teamId) => {
      const row = saved.get(teamId);
      const settings = row === undefined ? DEFAULT_SETTINGS : parseSettings(row.document);
      return [teamId, { teamId, version: row?.version ?? 0, settings }];
    }),
  );
}

/**
 * Saves a new version of a team's settings and wakes what was parked: a fix may be among the changes.
 * @returns the number of the new version.
 */
export async function saveSettings(
  store: Store,
  { teamId, settings, author, now }: { teamId: string; settings: Settings; author: string; now: Date },
): Promise<number> {
  const { rows } = await store.query<{ version: number }>(
    `with saved as (
       insert into setting (team_id, version, document, author, created_at)
       select $1, coalesce(max(version), 0) + 1, $2::jsonb, $3, $4 from setting where team_id = $1
       returning version
     ), released as (
       update booking set due_at = $4, attempts = 0
       where team_id = $1 and due_at is null and jsonb_path_exists(parts, '$.* ? (@.state == "parked")')
     )
     select version from saved`,
    [teamId, JSON.stringify(settings), author, now.toISOString()],
  );
  const [saved] = rows;
  if (saved === undefined) throw new Error(`Saving the settings of team ${teamId} returned no version.`);
  return saved.version;
}
