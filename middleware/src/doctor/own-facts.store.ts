import type { Db } from '../store/db';
import type { OwnFacts } from './facts';

/** How many hosts and records of earlier bookings are looked at. */
const MOST = 200;

/** The org that is looked at. */
export interface LookedAtOrg {
  id: string;
  /** Records are known by what they are called in one Salesforce org: those of another are not tried here. */
  generation: number;
  takesNestedKeys: boolean | null;
}

/** What the connector itself knows that the doctor compares an org with. */
export async function readOwnFacts(
  db: Db,
  { teamId, org }: { teamId: string; org: LookedAtOrg },
  now: Date,
): Promise<OwnFacts> {
  const hosts = await db.query<{ host: string; is_linked: boolean }>(
    `select host, exists (
       select from host_link l join org o on o.salesforce_org_id = l.salesforce_org_id
       where o.id = $3 and l.team_id = $1 and l.host_email = btrim(host)) as is_linked
     from (select distinct lower(state #>> '{host,email}') as host from booking
     where team_id = $1 and starts_at > $2 and merged_into is null and status <> 'Canceled'
       and state #>> '{host,email}' is not null order by 1 limit ${MOST}) as h`,
    [teamId, now.toISOString(), org.id],
  );
  const records = await db.query<{ sobject: string; record_id: string }>(
    `select l.sobject, l.record_id from customer_link l join customer c on c.id = l.customer_id
     where c.team_id = $1 and l.org_id = $2 and l.generation = $3 order by l.linked_at desc, l.record_id limit ${MOST}`,
    [teamId, org.id, org.generation],
  );
  const duplicates = await db.query<{ count: string }>(
    `select count(*) from booking
     where team_id = $1 and jsonb_path_exists(parts, '$.* ? (@.state == "parked" && @.code == "DUPLICATES_DETECTED")')`,
    [teamId],
  );
  return {
    hosts: hosts.rows.map(({ host }) => host),
    linkedHosts: hosts.rows.filter(({ is_linked }) => is_linked).map(({ host }) => host),
    records: records.rows.map(({ sobject, record_id }) => ({
      sobject: sobject === 'PersonAccount' ? 'Account' : sobject,
      recordId: record_id,
    })),
    duplicatesParked: Number(duplicates.rows[0]?.count ?? 0),
    takesNestedKeys: org.takesNestedKeys,
  };
}
