import type { Db } from '../store/db';

/** A host of bookings who is linked to a user of the org that a team's bookings go to. */
export interface HostLink {
  /** In the form that is compared. */
  hostEmail: string;
  /** 18 characters. */
  userId: string;
  /** As it was when the link was made. */
  username: string;
  /** `signIn`: somebody signed in to Salesforce as that user. `admin`: an admin said so. */
  via: 'signIn' | 'admin';
  linkedBy: string;
  linkedAt: Date;
}

/** A team, in the Salesforce org (18 characters) that a link counts in. */
export interface LinkScope {
  teamId: string;
  salesforceOrgId: string;
}

interface LinkRow {
  team_id: string;
  host_email: string;
  user_id: string;
  username: string;
  via: HostLink['via'];
  linked_by: string;
  linked_at: Date;
}

/** The links of a team that count in an org, by host. */
export async function readHostLinks(
  db: Db,
  { teamId, salesforceOrgId }: LinkScope,
): Promise<ReadonlyMap<string, HostLink>> {
  const { rows } = await db.query<LinkRow>(
    'select * from host_link where team_id = $1 and salesforce_org_id = $2 order by host_email',
    [teamId, salesforceOrgId],
  );
  return new Map(rows.map((row) => [row.host_email, toLink(row)]));
}

/** Links by team and host, for those who look for the user of a host. */
export interface LinksOfTeams {
  /** @param hostEmail in the form that is compared. @returns null when he is not linked. */
  of(teamId: string, hostEmail: string | null): HostLink | null;
}

/**
 * The links of hosts in the Salesforce org that a connection leads to.
 *
 * @param orgId the connector's name for the org.
 * @param hosts in the form that is compared; only theirs are read.
 */
export async function readLinksOfHosts(
  db: Db,
  orgId: string,
  { teamIds, hosts }: { teamIds: readonly string[]; hosts: readonly string[] },
): Promise<LinksOfTeams> {
  const key = (teamId: string, host: string): string => `${teamId} ${host}`;
  const { rows } =
    hosts.length === 0
      ? { rows: [] }
      : await db.query<LinkRow>(
          `select l.* from host_link l join org o on o.salesforce_org_id = l.salesforce_org_id
           where o.id = $1 and l.team_id = any ($2::text[]) and l.host_email = any ($3::text[])`,
          [orgId, teamIds, hosts],
        );
  const links = new Map(rows.map((row) => [key(row.team_id, row.host_email), toLink(row)]));
  return { of: (teamId, host) => (host === null ? null : (links.get(key(teamId, host)) ?? null)) };
}

/**
 * Links a host to a user, whoever he was linked to before.
 * @returns false, with nothing changed, when the new link comes of a sign-in and an admin made the one that there is.
 */
export async function saveHostLink(
  db: Db,
  { teamId, salesforceOrgId }: LinkScope,
  { hostEmail, userId, username, via, linkedBy, linkedAt }: HostLink,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into host_link (team_id, salesforce_org_id, host_email, user_id, username, via, linked_by, linked_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (team_id, salesforce_org_id, host_email) do update set user_id = excluded.user_id,
       username = excluded.username, via = excluded.via, linked_by = excluded.linked_by, linked_at = excluded.linked_at
       where host_link.via = 'signIn' or excluded.via = 'admin'`,
    [teamId, salesforceOrgId, hostEmail, userId, username, via, linkedBy, linkedAt.toISOString()],
  );
  return rowCount === 1;
}

/** Ends the link of a host. @returns it; null when there was none. */
export async function deleteHostLink(
  db: Db,
  { teamId, salesforceOrgId }: LinkScope,
  hostEmail: string,
): Promise<HostLink | null> {
  const { rows } = await db.query<LinkRow>(
    'delete from host_link where team_id = $1 and salesforce_org_id = $2 and host_email = $3 returning *',
    [teamId, salesforceOrgId, hostEmail],
  );
  return rows.map(toLink)[0] ?? null;
}

function toLink(row: LinkRow): HostLink {
  return {
    hostEmail: row.host_email,
    userId: row.user_id,
    username: row.username,
    via: row.via,
    linkedBy: row.linked_by,
    linkedAt: row.linked_at,
  };
}
