import type { Organization } from '../salesforce/organization';
import type { Db } from '../store/db';

/** Ways to sign in, as OAuth calls them. */
export type SignInFlow = 'clientCredentials' | 'jwtBearer' | 'authorizationCode';

/** Whether Salesforce lets the connector in. */
export interface OrgAccess {
  /**
   * `new`: it never did so far. `lost`: it does not any more. `disconnected`: an admin ended it. In the last two nothing
   * is written, and bookings wait.
   */
  state: 'new' | 'connected' | 'lost' | 'disconnected';
  since: Date | null;
  /** Why it does not, in words for the admin; null while it does. */
  code: string | null;
  cause: string | null;
  remedy: string | null;
}

/** An org as connected. */
export interface Org {
  id: string;
  loginUrl: string;
  /** How the connector proves who it is. */
  flow: SignInFlow;
  clientId: string;
  /** Sealed by the secret box under the context `org:<id>`; null for apps that ask for none. */
  clientSecretSealed: string | null;
  /** Of the JWT bearer flow: the key, sealed under the context `org:<id>:key`, and as whom it signs in. */
  privateKeySealed: string | null;
  username: string | null;
  /** Rises with each change of how it is signed in to, or as whom. */
  signInVersion: number;
  /** Whether a session is kept. */
  hasSession: boolean;
  /** The environment names it. */
  fromEnvironment: boolean;
  access: OrgAccess;
  salesforceOrgId: string | null;
  /** The org's own name and whether it is a sandbox or scratch org, as the last look told; null: not known yet. */
  organization: Organization | null;
  /** Of the Salesforce org that it leads to: no other has this number. */
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
  /** It stands for the other Salesforce org that the connection leads to and that no admin has taken yet: see `other-org.store.ts`. */
  isOther?: true;
}

interface OrgRow {
  id: string;
  login_url: string;
  client_id: string;
  client_secret_sealed: string | null;
  flow: SignInFlow;
  private_key_sealed: string | null;
  username: string | null;
  sign_in_version: number;
  has_session: boolean;
  from_environment: boolean;
  access: OrgAccess['state'];
  access_since: Date | null;
  access_code: string | null;
  access_cause: string | null;
  access_remedy: string | null;
  salesforce_org_id: string | null;
  organization_name: string | null;
  is_sandbox: boolean | null;
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
  const { rows } = await db.query<OrgRow>('select *, session_sealed is not null as has_session from org order by id');
  return rows.map(toOrg);
}

/** @returns null when there is no such org. */
export async function findOrg(db: Db, id: string): Promise<Org | null> {
  return (await readOrgs(db)).find((org) => org.id === id) ?? null;
}

/** The orgs of a team: the one that it is linked to, or none. */
export async function readOrgsOfTeam(db: Db, teamId: string): Promise<Org[]> {
  const { rows } = await db.query<OrgRow>(
    `select o.*, o.session_sealed is not null as has_session from org o join team t on t.org_id = o.id where t.id = $1`,
    [teamId],
  );
  return rows.map(toOrg);
}

function toOrg(row: OrgRow): Org {
  return {
    id: row.id,
    loginUrl: row.login_url,
    clientId: row.client_id,
    clientSecretSealed: row.client_secret_sealed,
    flow: row.flow,
    privateKeySealed: row.private_key_sealed,
    username: row.username,
    signInVersion: row.sign_in_version,
    hasSession: row.has_session,
    fromEnvironment: row.from_environment,
    access: {
      state: row.access,
      since: row.access_since,
      code: row.access_code,
      cause: row.access_cause,
      remedy: row.access_remedy,
    },
    salesforceOrgId: row.salesforce_org_id,
    organization:
      row.organization_name === null ? null : { name: row.organization_name, isSandbox: row.is_sandbox === true },
    generation: row.generation,
    startedAt: row.started_at,
    instanceUrl: row.instance_url,
    lanes: row.lanes,
    laneLayout: row.lane_layout,
    resumes: row.resumes,
    takesNestedKeys: row.takes_nested_keys,
  };
}

const NOBODY_SIGNED_IN = {
  cause: 'Nobody has signed in to the org yet.',
  remedy: 'Sign in to it in the console, under Salesforce.',
};

/**
 * Why trying is of no use before an admin acts; null when it is. Pure. What Salesforce refuses for reasons that pass by
 * themselves, such as login hours, is tried again now and then.
 */
export function blockOf({ access, flow, hasSession }: Org): { cause: string; remedy: string | null } | null {
  const isClosed = access.state === 'disconnected' || (flow === 'authorizationCode' && !hasSession);
  if (!isClosed) return null;
  return access.cause === null ? NOBODY_SIGNED_IN : { cause: access.cause, remedy: access.remedy };
}

/** Lets the lanes of every org try again, in whichever process they run: those that pause look for it. */
export async function resumeLanes(db: Db): Promise<void> {
  await db.query('update org set resumes = resumes + 1');
}

/** Remembers what an org is called, and whether it is a sandbox. */
export async function saveOrganization(db: Db, orgId: string, { name, isSandbox }: Organization): Promise<void> {
  await db.query(
    `update org set organization_name = $2, is_sandbox = $3
     where id = $1 and (organization_name, is_sandbox) is distinct from ($2, $3)`,
    [orgId, name, isSandbox],
  );
}

/** Remembers whether an org takes nested keys for the parents of an Event. */
export async function saveTakesNestedKeys(db: Db, orgId: string, takes: boolean): Promise<void> {
  await db.query('update org set takes_nested_keys = $2 where id = $1', [orgId, takes]);
}

/** A connection that leads to another Salesforce org than before. */
export class OtherOrgError extends Error {
  override readonly name = 'OtherOrgError';
  readonly code = 'OTHER_ORG';
  /** For the admin. */
  readonly remedy: string;

  /**
   * @param orgId the connection. @param expected where it led to so far, and @param actual where it leads to now: ids of
   *   Salesforce's.
   */
  constructor(
    orgId: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(
      `The sign-in leads to the Salesforce org ${actual}, and not to ${expected}, which the connector has written to so far. A sandbox that was refreshed is another org.`,
    );
    this.remedy = `If it is the right one, have bookings go there: in the console under Salesforce, or with "booking-connector org switch ${orgId}". Settings stay, and you choose which bookings are written there. Else sign in to the org of before.`;
  }
}

/** While a turn ran, its bookings were moved to another org: what it has not written yet it must not write. */
export class SwitchedOrgError extends Error {
  override readonly name = 'SwitchedOrgError';
  readonly code = 'SWITCHED_ORG';

  constructor(orgId: string) {
    super(
      `Bookings were moved from the org ${orgId} while they were being written: nothing more of them is written there`,
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
    `with back as (
       delete from other_org o using org c
       where o.org_id = $1 and c.id = $1 and c.salesforce_org_id = $2
     )
     update org set salesforce_org_id = coalesce(salesforce_org_id, $2),
       instance_url = case when coalesce(salesforce_org_id, $2) = $2 then $3 else instance_url end
     where id = $1 returning salesforce_org_id`,
    [orgId, salesforceOrgId, instanceUrl],
  );
  const known = rows[0]?.salesforce_org_id;
  if (known !== undefined && known !== salesforceOrgId) throw new OtherOrgError(orgId, known, salesforceOrgId);
}

/** Sets how many lanes share an org's bookings. Lanes that are held go on until their turn ends: see `takeLane`. */
export async function saveLanes(db: Db, orgId: string, lanes: number): Promise<void> {
  await db.query('update org set lanes = $2, lane_layout = lane_layout + 1 where id = $1 and lanes <> $2', [
    orgId,
    lanes,
  ]);
}

/** The teams whose bookings are written to each org. */
export async function readTeamsOfOrgs(db: Db): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ org_id: string; teams: string[] }>(
    'select org_id, array_agg(id order by id) as teams from team where org_id is not null group by org_id',
  );
  return new Map(rows.map(({ org_id: orgId, teams }) => [orgId, teams]));
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

/** A team, and the org that its bookings are written to; null: none. */
export interface Team {
  id: string;
  orgId: string | null;
}

/** Every team, by id. */
export async function readTeams(db: Db): Promise<Team[]> {
  const { rows } = await db.query<{ id: string; org_id: string | null }>('select id, org_id from team order by id');
  return rows.map(({ id, org_id: orgId }) => ({ id, orgId }));
}

/** @returns null when there is none of that id. */
export async function findTeam(db: Db, id: string): Promise<Team | null> {
  return (await readTeams(db)).find((team) => team.id === id) ?? null;
}
