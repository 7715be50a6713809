import { createHash, randomUUID } from 'node:crypto';
import type { Db } from '../store/db';
import type { Store } from '../store/store';
import { normalizeEmail } from './email';

/** Who booked, as far as it says who he or she is. */
export interface Sighting {
  /** Our id of the booking. */
  bookingId: string;
  teamId: string;
  sourceId: string;
  /** The source's own customer id. */
  sourceCustomerId: string | null;
  email: string | null;
}

/** A Salesforce record that a customer is linked to. */
export interface RecordLink {
  sobject: string;
  recordId: string;
}

/** Which org, and which connection of it: links of another generation are void. */
export interface OrgGeneration {
  orgId: string;
  generation: number;
}

interface Identity {
  teamId: string;
  kind: string;
  value: string;
}

/**
 * Gives every booking its customer: by the source's customer id, else by the normalised e-mail, else a new customer.
 * New ids are stored before this returns, so that a write to Salesforce that is repeated uses the same key.
 *
 * @returns the customer's opaque id (the value of `Booking_Customer_Id__c`) by booking id.
 */
export async function recognizeCustomers(store: Store, sightings: Sighting[], now: Date): Promise<Map<string, string>> {
  const identified = sightings.map((sighting) => ({ sighting, identities: identitiesOf(sighting) }));
  const wanted = identified.flatMap(({ identities }) => identities);
  return store.transaction(async (client) => {
    const known = await readIdentities(client, wanted);
    const customers: { id: string; team_id: string }[] = [];
    const added: { team_id: string; kind: string; value: string; customer_id: string }[] = [];
    const byBooking = new Map<string, string>();
    for (const { sighting, identities } of identified) {
      const found = identities.map((identity) => known.get(identityKey(identity))).find((id) => id !== undefined);
      const id = found ?? newCustomerId();
      if (found === undefined) customers.push({ id, team_id: sighting.teamId });
      for (const { teamId, kind, value } of identities) {
        const key = identityKey({ teamId, kind, value });
        if (known.has(key)) continue;
        known.set(key, id);
        added.push({ team_id: teamId, kind, value, customer_id: id });
      }
      byBooking.set(sighting.bookingId, id);
    }
    if (added.length > 0) await insertCustomers(client, customers, added, now);
    return byBooking;
  });
}

/**
 * Whose bookings these are, as far as it is known: nothing is stored.
 * @returns the customer's id by booking id; none for those whom nobody has seen.
 */
export async function knownCustomers(db: Db, sightings: Sighting[]): Promise<Map<string, string>> {
  const identified = sightings.map((sighting) => ({ sighting, identities: identitiesOf(sighting) }));
  const known = await readIdentities(
    db,
    identified.flatMap(({ identities }) => identities),
  );
  return new Map(
    identified.flatMap(({ sighting, identities }) => {
      const id = identities.map((identity) => known.get(identityKey(identity))).find((one) => one !== undefined);
      return id === undefined ? [] : [[sighting.bookingId, id] as const];
    }),
  );
}

/** Whether a team has a customer of this id. */
export async function isCustomerOf(db: Db, { id, teamId }: { id: string; teamId: string }): Promise<boolean> {
  const { rows } = await db.query('select 1 from customer where id = $1 and team_id = $2', [id, teamId]);
  return rows.length > 0;
}

/** @returns the record that each customer is linked to in this org, by customer id; none for those without. */
export async function readLinks(
  store: Db,
  { orgId, generation }: OrgGeneration,
  customerIds: string[],
): Promise<Map<string, RecordLink>> {
  const { rows } = await store.query<{ customer_id: string; sobject: string; record_id: string }>(
    `select customer_id, sobject, record_id from customer_link
     where org_id = $1 and generation = $2 and customer_id = any ($3::text[])`,
    [orgId, generation, customerIds],
  );
  return new Map(rows.map((row) => [row.customer_id, { sobject: row.sobject, recordId: row.record_id }]));
}

/** Remembers the records that customers were found on or written to. */
export async function saveLinks(
  client: Db,
  { orgId, generation }: OrgGeneration,
  links: (RecordLink & { customerId: string })[],
  now: Date,
): Promise<void> {
  const distinct = [...new Map(links.map((link) => [link.customerId, link])).values()];
  await client.query(
    `insert into customer_link (customer_id, org_id, generation, sobject, record_id, linked_at)
     select customer_id, $1, $2, sobject, record_id, $6
     from unnest($3::text[], $4::text[], $5::text[]) as l (customer_id, sobject, record_id)
     on conflict (customer_id, org_id, generation) do update
       set sobject = excluded.sobject, record_id = excluded.record_id, linked_at = excluded.linked_at
       where (customer_link.sobject, customer_link.record_id) <> (excluded.sobject, excluded.record_id)`,
    [
      orgId,
      generation,
      distinct.map(({ customerId }) => customerId),
      distinct.map(({ sobject }) => sobject),
      distinct.map(({ recordId }) => recordId),
      now.toISOString(),
    ],
  );
}

/** Strongest first. A customer that says nothing of himself is known by his booking alone. */
function identitiesOf({ bookingId, teamId, sourceId, sourceCustomerId, email }: Sighting): Identity[] {
  const normal = normalizeEmail(email);
  const identities = [
    ...(sourceCustomerId === null ? [] : [{ teamId, kind: `source:${sourceId}`, value: sourceCustomerId }]),
    ...(normal === null ? [] : [{ teamId, kind: 'email', value: normal }]),
  ];
  return identities.length > 0
    ? identities.map((identity) => ({ ...identity, value: indexable(identity.value) }))
    : [{ teamId, kind: 'booking', value: bookingId }];
}

/** Longest identity that is kept as it is, in characters. */
const MAX_IDENTITY = 500;

/** An index row holds some 2,700 bytes: a longer identity would fail the whole batch, so its digest stands for it. */
function indexable(value: string): string {
  return value.length <= MAX_IDENTITY ? value : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}

async function readIdentities(client: Db, identities: Identity[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ team_id: string; kind: string; value: string; customer_id: string }>(
    `select i.team_id, i.kind, i.value, i.customer_id from customer_identity i
     join (select distinct * from unnest($1::text[], $2::text[], $3::text[])) as w (team_id, kind, value)
       using (team_id, kind, value)`,
    [identities.map(({ teamId }) => teamId), identities.map(({ kind }) => kind), identities.map(({ value }) => value)],
  );
  return new Map(
    rows.map(({ team_id: teamId, kind, value, customer_id: id }) => [identityKey({ teamId, kind, value }), id]),
  );
}

async function insertCustomers(
  client: Db,
  customers: { id: string; team_id: string }[],
  identities: { team_id: string; kind: string; value: string; customer_id: string }[],
  now: Date,
): Promise<void> {
  await client.query(
    `with added as (
       insert into customer (id, team_id, created_at)
       select id, team_id, $3 from jsonb_to_recordset($1::jsonb) as c (id text, team_id text)
     )
     insert into customer_identity (team_id, kind, value, customer_id)
     select team_id, kind, value, customer_id
     from jsonb_to_recordset($2::jsonb) as i (team_id text, kind text, value text, customer_id text)`,
    [JSON.stringify(customers), JSON.stringify(identities), now.toISOString()],
  );
}

/** Opaque, and different from every other even when case is ignored, as some of Salesforce's key checks do. */
function newCustomerId(): string {
  return `c-${randomUUID()}`;
}

function identityKey({ teamId, kind, value }: Identity): string {
  return JSON.stringify([teamId, kind, value]);
}
