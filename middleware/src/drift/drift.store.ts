import { byName, type ObjectSchema, type OrgSchema } from '../salesforce/schema';
import type { Db } from '../store/db';
import type { Told } from './drift-notice';
import { findingKey, type Finding } from './finding';

/** What is remembered of an org between looks. */
export interface Remembered {
  /** As it was when nothing was found of a thing. */
  schema: OrgSchema;
  lookedAt: Date;
  /** The version of each team's settings that it was judged by. */
  settingsVersions: Record<string, number>;
}

/** A finding as it stands. */
export interface StandingFinding extends Finding {
  orgId: string;
  teamId: string;
  foundAt: Date;
}

/** The schema that an org is compared with; null before the first look. */
export async function readRememberedSchema(db: Db, orgId: string): Promise<OrgSchema | null> {
  const { rows } = await db.query<{ remembered: OrgSchema }>('select remembered from drift_watch where org_id = $1', [
    orgId,
  ]);
  const schema = rows[0]?.remembered;
  return schema === undefined ? null : withoutPrototypes(schema);
}

/** A schema that went through JSON: names must find nothing that is not in it. */
function withoutPrototypes(schema: OrgSchema): OrgSchema {
  const objects = Object.values(schema.objects).map((object): ObjectSchema => ({
    ...object,
    fields: byName(Object.values(object.fields)),
  }));
  return { ...schema, objects: byName(objects) };
}

/** Remembers an org as it was seen and judged. */
export async function saveRemembered(
  db: Db,
  orgId: string,
  { schema, lookedAt, settingsVersions }: Remembered,
): Promise<void> {
  await db.query(
    `insert into drift_watch (org_id, remembered, looked_at, settings_versions) values ($1, $2::jsonb, $3, $4::jsonb)
     on conflict (org_id) do update set remembered = excluded.remembered, looked_at = excluded.looked_at,
       settings_versions = excluded.settings_versions`,
    [orgId, JSON.stringify(schema), lookedAt.toISOString(), JSON.stringify(settingsVersions)],
  );
}

/** Notes that an org was looked at and is as it was. */
export async function saveLook(db: Db, orgId: string, lookedAt: Date): Promise<void> {
  await db.query('update drift_watch set looked_at = $2 where org_id = $1', [orgId, lookedAt.toISOString()]);
}

/** What is new and what is over since the last time. */
export interface FindingsChange {
  opened: (Finding & { teamId: string; key: string })[];
  ended: Told[];
}

/** Makes an org's standing findings those that were found now, by team. @returns what that changes. */
export async function saveFindings(
  db: Db,
  orgId: string,
  found: ReadonlyMap<string, readonly Finding[]>,
  now: Date,
): Promise<FindingsChange> {
  const present = [...found].flatMap(([teamId, findings]) =>
    findings.map((finding) => ({ ...finding, teamId, key: findingKey(finding) })),
  );
  const ended = await db.query<Told>(
    `delete from drift_finding where org_id = $1 and not exists (
       select from unnest($2::text[], $3::text[]) as f (team_id, key)
       where f.team_id = drift_finding.team_id and f.key = drift_finding.key)
     returning kind, severity, sobject, field`,
    [orgId, present.map(({ teamId }) => teamId), present.map(({ key }) => key)],
  );
  const { rows } = await db.query<{ team_id: string; key: string }>(
    'select team_id, key from drift_finding where org_id = $1',
    [orgId],
  );
  const standing = new Set(rows.map((row) => JSON.stringify([row.team_id, row.key])));
  await db.query(
    `insert into drift_finding (org_id, team_id, key, kind, severity, sobject, field, pages, is_team_wide, what, remedy, found_at)
     select $1, f.team_id, f.key, f.kind, f.severity, f.sobject, f.field, f.pages, f.is_team_wide, f.what, f.remedy, $3
     from jsonb_to_recordset($2::jsonb) as f (team_id text, key text, kind text, severity text, sobject text, field text,
       pages jsonb, is_team_wide boolean, what text, remedy text)
     on conflict (org_id, team_id, key) do update set severity = excluded.severity, pages = excluded.pages,
       is_team_wide = excluded.is_team_wide, remedy = excluded.remedy`,
    [
      orgId,
      JSON.stringify(
        present.map(({ teamId, isTeamWide, ...finding }) => ({
          ...finding,
          team_id: teamId,
          is_team_wide: isTeamWide,
        })),
      ),
      now.toISOString(),
    ],
  );
  return {
    opened: present.filter(({ teamId, key }) => !standing.has(JSON.stringify([teamId, key]))),
    ended: ended.rows,
  };
}

interface FindingRow {
  org_id: string;
  team_id: string;
  kind: Finding['kind'];
  severity: Finding['severity'];
  sobject: string | null;
  field: string | null;
  pages: string[];
  is_team_wide: boolean;
  what: string;
  remedy: string;
  found_at: Date;
}

/** What stands for a team in the org that it is linked to: errors first, then the newest. */
export async function readFindings(db: Db, teamId: string): Promise<StandingFinding[]> {
  const { rows } = await db.query<FindingRow>(
    `select f.* from drift_finding f join team t on t.id = f.team_id and t.org_id = f.org_id
     where f.team_id = $1 order by f.severity, f.found_at desc, f.key`,
    [teamId],
  );
  return rows.map((row) => ({
    orgId: row.org_id,
    teamId: row.team_id,
    kind: row.kind,
    severity: row.severity,
    sobject: row.sobject,
    field: row.field,
    pages: row.pages,
    isTeamWide: row.is_team_wide,
    what: row.what,
    remedy: row.remedy,
    foundAt: row.found_at,
  }));
}
