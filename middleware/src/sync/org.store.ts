import type { Db } from '../store/db';

/** An org as connected. */
export interface Org {
  id: string;
  loginUrl: string;
  clientId: string;
  /** Sealed by the secret box under the context `org:<id>`. */
  clientSecretSealed: string;
  salesforceOrgId: string | null;
  generation: number;
  /** The start gate: null until the admin presses Start. */
  startedAt: Date | null;
  /** Where the org was found at the last sign-in; null before the first. */
  instanceUrl: string | null;
  /** How many lanes share its bookings. */
  lanes: number;
  /** Rises whenever that number changes. */
  laneLayout: number;
  /** Rises whenever an admin did something after which the lanes are to try again. */
  resumes: string;
  /** Whether it takes nested keys for the parents of an Event (`Who`, `What`); null: not known yet. */
  takesNestedKeys: boolean | null;
}

interface OrgRow {
  id: string;
  login_url: string;
  client_id: string;
  client_secret_sealed: string;
  salesforce_org_id: string | null;
  generation: number;
  started_at: Date | null;
  instance_url: string | null;
  lanes: number;
  lane_layout: number;
  resumes: string;
  takes_nested_keys: boolean | null;
}

/** Every connected org. */
export async function readOrgs(db: Db): Promise<Org[]> {
  const { rows } = await db.query<OrgRow>('select * from org order by id');
  return rows.map((row) => ({
    id: row.id,
    loginUrl: row.login_url,
    clientId: row.client_id,
    clientSecretSealed: row.client_secret_sealed,
    salesforceOrgId: row.salesforce_org_id,
    generation: row.generation,
    startedAt: row.started_at,
    instanceUrl: row.instance_url,
    lanes: row.lanes,
    laneLayout: row.lane_layout,
    resumes: row.resumes,
    takesNestedKeys: row.takes_nested_keys,
  }));
}

/** Lets the lanes of every org try again, in whichever process they run: those that pause look for it. */
export async function resumeLanes(db: Db): Promise<void> {
  await db.query('update org set resumes = resumes + 1');
}

/** Remembers whether an org takes nested keys for the parents of an Event. */
export async function saveTakesNestedKeys(db: Db, orgId: string, takes: boolean): Promise<void> {
  await db.query('update org set takes_nested_keys = $2 where id = $1', [orgId, takes]);
}

/** Connects an org, or changes how an already connected one is signed in to. */
export async function saveOrg(
  db: Db,
  org: Pick<Org, 'id' | 'loginUrl' | 'clientId' | 'clientSecretSealed'>,
  now: Date,
): Promise<void> {
  await db.query(
    `insert into org (id, login_url, client_id, client_secret_sealed, created_at) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set login_url = excluded.login_url, client_id = excluded.client_id,
       client_secret_sealed = excluded.client_secret_sealed`,
    [org.id, org.loginUrl, org.clientId, org.clientSecretSealed, now.toISOString()],
  );
}

/** A connection of an org that leads somewhere else than before. */
export class OtherOrgError extends Error {
  override readonly name = 'OtherOrgError';
  readonly code = 'OTHER_ORG';

  constructor(
    readonly expected: string,
    readonly actual: string,
  ) {
    super(
      `The connection leads to the Salesforce org ${actual}, but this connector has written to ${expected} so far. ` +
        'Point it back to that org, or give the connector an empty store for the new one.',
    );
  }
}

/**
 * Remembers which Salesforce org a connection leads to, and where.
 * @throws OtherOrgError when it led to another one before: ids and keys of one org mean nothing in another.
 */
export async function confirmOrg(
  db: Db,
  orgId: string,
  { salesforceOrgId, instanceUrl }: { salesforceOrgId: string; instanceUrl: string },
): Promise<void> {
  const { rows } = await db.query<{ salesforce_org_id: string }>(
    `update org set salesforce_org_id = coalesce(salesforce_org_id, $2),
       instance_url = case when coalesce(salesforce_org_id, $2) = $2 then $3 else instance_url end
     where id = $1 returning salesforce_org_id`,
    [orgId, salesforceOrgId, instanceUrl],
  );
  const known = rows[0]?.salesforce_org_id;
  if (known !== undefined && known !== salesforceOrgId) throw new OtherOrgError(known, salesforceOrgId);
}

/**
 * Opens the start gate: from here on bookings are written to the org. Pressing it again changes nothing.
 *
 * @param backlog whether the bookings received so far are written too; otherwise they stay out of Salesforce until
 *   they change.
 */
export async function startOrg(
  db: Db,
  orgId: string,
  { backlog, now }: { backlog: boolean; now: Date },
): Promise<void> {
  await db.query(
    `with opened as (
       update org set started_at = $2 where id = $1 and started_at is null returning id
     )
     update booking b set due_at = null, parts = $4::jsonb
     from team t, opened where t.id = b.team_id and t.org_id = opened.id and not $3`,
    [
      orgId,
      now.toISOString(),
      backlog,
      JSON.stringify({ event: { state: 'notWanted', cause: 'received before the connector was started' } }),
    ],
  );
}

/** Closes the start gate again: bookings are accepted and wait. */
export async function pauseOrg(db: Db, orgId: string): Promise<void> {
  await db.query('update org set started_at = null where id = $1', [orgId]);
}

/** Sets how many lanes share an org's bookings. Lanes that are held go on until their turn ends: see `takeLane`. */
export async function saveLanes(db: Db, orgId: string, lanes: number): Promise<void> {
  await db.query('update org set lanes = $2, lane_layout = lane_layout + 1 where id = $1 and lanes <> $2', [
    orgId,
    lanes,
  ]);
}

/** Creates a team unless it is there. */
export async function saveTeam(db: Db, teamId: string, now: Date): Promise<void> {
  await db.query('insert into team (id, created_at) values ($1, $2) on conflict (id) do nothing', [
    teamId,
    now.toISOString(),
  ]);
}

/** Links a team to the org that its bookings are written to. */
export async function linkTeam(db: Db, teamId: string, orgId: string): Promise<void> {
  await db.query('update team set org_id = $2 where id = $1 and org_id is distinct from $2', [teamId, orgId]);
}
