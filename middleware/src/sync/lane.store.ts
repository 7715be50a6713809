import type { Db } from '../store/db';
import type { Store } from '../store/store';

/** Which lane of an org. */
export interface LaneName {
  orgId: string;
  /** From 0. */
  lane: number;
}

/** A lane as held: nobody else writes what goes by it until the lease ends. */
export interface LaneLease {
  /** Rises with every taker: what an older holder settles is void. */
  token: string;
}

/**
 * Takes a lane when it is free or its lease has ended, and no lane of the org is still held under another layout: a
 * change between one lane and two waits until the turns that run have ended, so that no booking is in two hands.
 *
 * @param layout the layout of the org's lanes that the taker knows.
 * @returns null while somebody else holds it, or when the layout is another by now.
 */
export async function takeLane(
  store: Store,
  { orgId, lane, layout, holder, leaseMs }: LaneName & { layout: number; holder: string; leaseMs: number },
): Promise<LaneLease | null> {
  return store.transaction(async (client) => {
    // Takers and changes of the layout go one at a time.
    const org = await client.query('select 1 from org where id = $1 and lane_layout = $2 for no key update', [
      orgId,
      layout,
    ]);
    if (org.rowCount === 0) return null;
    // The database's clock, so that instances on several machines agree.
    const { rows } = await client.query<{ lane: number; layout: number; is_held: boolean }>(
      'select lane, layout, leased_until > now() as is_held from lane where org_id = $1 for update',
      [orgId],
    );
    if (rows.some((row) => row.is_held && (row.lane === lane || row.layout !== layout))) return null;
    await countLeftover(client, { orgId, lane, layout });
    // Whoever held a lane under another layout, and let its lease end, may neither prolong it nor settle any more.
    await client.query('update lane set token = token + 1, layout = $2 where org_id = $1 and layout <> $2', [
      orgId,
      layout,
    ]);
    const taken = await client.query<{ token: string }>(
      `insert into lane (org_id, lane, layout, holder, token, leased_until)
       values ($1, $2, $3, $4, 1, now() + make_interval(secs => $5))
       on conflict (org_id, lane) do update
         set holder = excluded.holder, token = lane.token + 1, leased_until = excluded.leased_until
       returning token`,
      [orgId, lane, layout, holder, leaseMs / 1000],
    );
    return { token: taken.rows[0]?.token ?? '' };
  });
}

/** What dead holders had set aside may have been spent, and nobody can tell: it counts as made. */
async function countLeftover(client: Db, { orgId, lane, layout }: LaneName & { layout: number }): Promise<void> {
  await client.query(
    `with dead as (
       update lane l set claimed_calls = 0
       from (select lane, claimed_calls from lane where org_id = $1) old
       where l.org_id = $1 and l.lane = old.lane and (l.lane = $2 or l.layout <> $3) and old.claimed_calls > 0
       returning old.claimed_calls
     )
     insert into api_calls (org_id, hour, purpose, calls)
     select $1, date_trunc('hour', now(), 'UTC'), 'unaccounted', sum(claimed_calls) from dead having sum(claimed_calls) > 0
     on conflict (org_id, hour, purpose) do update set calls = api_calls.calls + excluded.calls`,
    [orgId, lane, layout],
  );
}

/** @returns whether the lane was still ours and its lease is prolonged. */
export async function renewLane(
  db: Db,
  { orgId, lane, token, leaseMs }: LaneName & { token: string; leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update lane set leased_until = now() + make_interval(secs => $4) where org_id = $1 and lane = $2 and token = $3`,
    [orgId, lane, token, leaseMs / 1000],
  );
  return rowCount === 1;
}

/** Gives the lane back, so that another instance need not wait for the lease to end. */
export async function releaseLane(db: Db, { orgId, lane, token }: LaneName & { token: string }): Promise<void> {
  await db.query(`update lane set leased_until = now() where org_id = $1 and lane = $2 and token = $3`, [
    orgId,
    lane,
    token,
  ]);
}

/** Ends every lease: right when whoever held a lane is known to be dead, as with an embedded store, which one process holds. */
export async function freeLanes(db: Db): Promise<void> {
  await db.query('update lane set leased_until = now()');
}
