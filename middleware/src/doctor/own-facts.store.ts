import type { Db } from '../store/db';
import type { OwnFacts } from './facts';

/** How many hosts and records of earlier bookings are looked at. */
const MOST = 200;

/** What the connector itself knows that the doctor compares an org with. */
export async function readOwnFacts(db: Db, teamId: string, now: Date): Promise<OwnFacts> {
  const hosts = await db.query<{ host: string }>(
    `select distinct lower(state #>> '{host,email}') as host from booking
     where team_id = $1 and starts_at > $2 and merged_into is null and status <> 'Canceled'
       and state #>> '{host,email}' is not null order by 1 limit ${MOST}`,
    [teamId, now.toISOString()],
  );
  const records = await db.query<{ sobject: string; record_id: string }>(
    `select l.sobject, l.record_id from customer_link l join customer c on c.id = l.customer_id
     join org o on o.id = l.org_id and o.generation = l.generation
     where c.team_id = $1 order by l.linked_at desc, l.record_id limit ${MOST}`,
    [teamId],
  );
  const duplicates = await db.query<{ count: string }>(
    `select count(*) from booking
     where team_id = $1 and jsonb_path_exists(parts, '$.* ? (@.state == "parked" && @.code == "DUPLICATES_DETECTED")')`,
    [teamId],
  );
  const nested = await db.query<{ takes_nested_keys: boolean | null }>(
    'select o.takes_nested_keys from org o join team t on t.org_id = o.id where t.id = $1',
    [teamId],
  );
  return {
    hosts: hosts.rows.map(({ host }) => host),
    records: records.rows.map(({ sobject, record_id }) => ({
      sobject: sobject === 'PersonAccount' ? 'Account' : sobject,
      recordId: record_id,
    })),
    duplicatesParked: Number(duplicates.rows[0]?.count ?? 0),
    takesNestedKeys: nested.rows[0]?.takes_nested_keys ?? null,
  };
}
