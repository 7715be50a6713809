import type { Organization } from '../salesforce/organization';
import type { Db } from '../store/db';
import type { Org } from '../sync/org.store';
import type { KeptSession } from './connection.store';

/** The other Salesforce org that a connection leads to: its sandbox was refreshed, or it was pointed elsewhere. */
export interface OtherOrg {
  salesforceOrgId: string;
  instanceUrl: string;
  organization: Organization | null;
  seenAt: Date;
}

/** @returns null while the connection leads to the Salesforce org of before. */
export async function readOtherOrg(db: Db, orgId: string): Promise<OtherOrg | null> {
  return (await readOtherOrgs(db)).get(orgId) ?? null;
}

/** Those of every connection that leads to another one. */
export async function readOtherOrgs(db: Db): Promise<Map<string, OtherOrg>> {
  const { rows } = await db.query<{
    org_id: string;
    salesforce_org_id: string;
    instance_url: string;
    organization_name: string | null;
    is_sandbox: boolean | null;
    seen_at: Date;
  }>('select * from other_org');
  return new Map(
    rows.map((row) => [
      row.org_id,
      {
        salesforceOrgId: row.salesforce_org_id,
        instanceUrl: row.instance_url,
        organization:
          row.organization_name === null ? null : { name: row.organization_name, isSandbox: row.is_sandbox === true },
        seenAt: row.seen_at,
      },
    ]),
  );
}

/**
 * Keeps where a sign-in led, and its session, so that an admin can look at the org and take it without signing in again.
 * @param signInVersion of the connection that signed in: an older one says nothing of the present one.
 */
export async function saveOtherOrg(
  db: Db,
  orgId: string,
  seen: { salesforceOrgId: string; instanceUrl: string; sealed: string; signInVersion: number; now: Date },
): Promise<void> {
  const { salesforceOrgId, instanceUrl, sealed, signInVersion, now } = seen;
  await db.query(
    `insert into other_org as o (org_id, salesforce_org_id, instance_url, session_sealed, seen_at)
     select id, $2, $3, $4, $5 from org where id = $1 and sign_in_version = $6 and access <> 'disconnected'
     on conflict (org_id) do update set
       organization_name = case when o.salesforce_org_id = excluded.salesforce_org_id then o.organization_name end,
       is_sandbox = case when o.salesforce_org_id = excluded.salesforce_org_id then o.is_sandbox end,
       seen_at = case when o.salesforce_org_id = excluded.salesforce_org_id then o.seen_at else excluded.seen_at end,
       salesforce_org_id = excluded.salesforce_org_id, instance_url = excluded.instance_url,
       session_sealed = excluded.session_sealed`,
    [orgId, salesforceOrgId, instanceUrl, sealed, now.toISOString(), signInVersion],
  );
}

/** Remembers who that org is. */
export async function saveOtherIdentity(db: Db, orgId: string, organization: Organization | null): Promise<void> {
  await db.query(
    `update other_org set organization_name = coalesce($2, organization_name), is_sandbox = coalesce($3, is_sandbox)
     where org_id = $1`,
    [orgId, organization?.name ?? null, organization?.isSandbox ?? null],
  );
}

/** The session of that org; `isPresent`: the connection still leads to this very one. */
export async function readOtherSession(
  db: Db,
  { id, signInVersion, salesforceOrgId }: Pick<Org, 'id' | 'signInVersion' | 'salesforceOrgId'>,
): Promise<KeptSession> {
  const { rows } = await db.query<KeptSession>(
    `select x.session_sealed as sealed, o.sign_in_version = $2 and o.access <> 'disconnected' as "isPresent"
     from other_org x join org o on o.id = x.org_id where x.org_id = $1 and x.salesforce_org_id = $3`,
    [id, signInVersion, salesforceOrgId],
  );
  return rows[0] ?? { sealed: null, isPresent: false };
}

/** The connection was changed or ended: where it leads is not known. */
export async function dropOtherOrg(db: Db, orgId: string): Promise<void> {
  await db.query('delete from other_org where org_id = $1', [orgId]);
}

/**
 * Makes the other Salesforce org the connection's own, with its session; what was opened before is not used any more.
 * @returns false when it is not that one any more.
 */
export async function takeOtherOrg(db: Db, orgId: string, salesforceOrgId: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `with taken as (delete from other_org where org_id = $1 and salesforce_org_id = $2 returning *)
     update org o set salesforce_org_id = taken.salesforce_org_id, instance_url = taken.instance_url,
       organization_name = taken.organization_name, is_sandbox = taken.is_sandbox, signed_in_as = null,
       session_sealed = taken.session_sealed, session_at = $3, sign_in_version = o.sign_in_version + 1,
       access = 'connected', access_since = $3, access_code = null, access_cause = null, access_remedy = null,
       renewing_by = null, renewing_until = null
     from taken where o.id = taken.org_id`,
    [orgId, salesforceOrgId, now.toISOString()],
  );
  return rowCount === 1;
}

/**
 * The connection as it will be once an admin takes the other org: to look at that org before. Nothing of what is known of
 * the present one is in it. Pure.
 */
export function asOtherOrg(org: Org, { salesforceOrgId, instanceUrl, organization }: OtherOrg): Org {
  return {
    ...org,
    salesforceOrgId,
    instanceUrl,
    organization,
    hasSession: true,
    // Of no org: nothing of it is written.
    generation: 0,
    takesNestedKeys: null,
    isOther: true,
  };
}
