import type { Store } from '../store/store';
import { DEFAULT_SETTINGS, parseSettings, type Settings, type SettingsVersion } from './settings';

/** A saved version without its document. */
export interface SettingsVersionInfo {
  version: number;
  author: string;
  createdAt: Date;
}

/** Somebody else saved settings meanwhile. */
export class SettingsChangedError extends Error {
  override readonly name = 'SettingsChangedError';
  readonly code = 'SETTINGS_CHANGED';

  constructor(
    readonly expected: number | null,
    readonly actual: number,
  ) {
    super(
      `The settings were saved by somebody else meanwhile: the newest version is ${actual}` +
        `${expected === null ? '' : `, not ${expected}`}. Look at what changed ("booking-connector settings diff"), and save yours again on top of it.`,
    );
  }
}

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

/** One version of a team's settings; version 0 is the defaults. Null when there is none of that number. */
export async function readSettingsVersion(
  store: Store,
  teamId: string,
  version: number,
): Promise<SettingsVersion | null> {
  if (version === 0) return { teamId, version, settings: DEFAULT_SETTINGS };
  const { rows } = await store.query<{ document: unknown }>(
    'select document from setting where team_id = $1 and version = $2::integer',
    [teamId, version],
  );
  const [row] = rows;
  return row === undefined ? null : { teamId, version, settings: parseSettings(row.document) };
}

/** The saved versions of a team, newest first. */
export async function listSettingsVersions(store: Store, teamId: string): Promise<SettingsVersionInfo[]> {
  const { rows } = await store.query<{ version: number; author: string; created_at: Date }>(
    'select version, author, created_at from setting where team_id = $1 order by version desc',
    [teamId],
  );
  return rows.map(({ version, author, created_at }) => ({ version, author, createdAt: created_at }));
}

/** How often a save without an expected version is tried while others save too. */
const MAX_ATTEMPTS = 10;

/** Settings to save. */
export interface NewSettingsVersion {
  teamId: string;
  settings: Settings;
  author: string;
  now: Date;
  /** The version that these were made from; left out, they go on top of whatever is newest. */
  expectedVersion?: number | null | undefined;
}

/**
 * Saves a new version of a team's settings and wakes what was parked: a fix may be among the changes.
 *
 * @returns the number of the new version.
 * @throws SettingsChangedError when another version was saved meanwhile; then nothing is saved.
 */
export async function saveSettings(
  store: Store,
  { expectedVersion = null, ...version }: NewSettingsVersion,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const saved = await insertVersion(store, { ...version, expectedVersion });
    if (saved !== null) return saved;
    const [newest] = await listSettingsVersions(store, version.teamId);
    // Without an expectation somebody was only faster.
    if (expectedVersion !== null || attempt === MAX_ATTEMPTS) {
      throw new SettingsChangedError(expectedVersion, newest?.version ?? 0);
    }
  }
}

async function insertVersion(
  store: Store,
  { teamId, settings, author, now, expectedVersion }: NewSettingsVersion,
): Promise<number | null> {
  const { rows } = await store.query<{ version: number }>(
    `with newest as (
       select coalesce(max(version), 0) as version from setting where team_id = $1
     ), saved as (
       insert into setting (team_id, version, document, author, created_at)
       select $1, version + 1, $2::jsonb, $3, $4::timestamptz from newest
       where $5::integer is null or version = $5::integer
       on conflict (team_id, version) do nothing
       returning version
     ), released as (
       update booking set due_at = $4::timestamptz, attempts = 0
       where team_id = $1 and due_at is null and jsonb_path_exists(parts, '$.* ? (@.state == "parked")')
         and exists (select from saved)
     )
     select version from saved`,
    [teamId, JSON.stringify(settings), author, now.toISOString(), expectedVersion],
  );
  return rows[0]?.version ?? null;
}
