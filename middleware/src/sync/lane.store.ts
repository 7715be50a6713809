import type { Db } from '../store/db';

/** A lane as held: nobody else writes to the org until the lease ends. */
export interface LaneLease {
  /** Rises with every taker: what an older holder settles is void. */
  token: string;
}

/**
 * Takes the lane of an org when it is free, its lease has ended, or it was ours.
 *
 * @param takeOver take it from whoever holds it: right when the holder is known to be dead, as with an embedded store,
 *   which one process holds.
 * @returns null while somebody else holds it.
 */
export async function takeLane(
  db: Db,
  { orgId, holder, leaseMs, takeOver }: { orgId: string; holder: string; leaseMs: number; takeOver: boolean },
): Promise<LaneLease | null> {
  // The database's clock, so that instances on several machines agree.
  const { rows } = await db.query<{ token: string }>(
    `insert into lane (org_id, holder, token, leased_until)
     values ($1, $2, 1, now() + make_interval(secs => $3))
     on conflict (org_id) do update
       set holder = excluded.holder, token = lane.token + 1, leased_until = excluded.leased_until
       where $4 or lane.leased_until <= now()
     returning token`,
    [orgId, holder, leaseMs / 1000, takeOver],
  );
  const [row] = rows;
  return row === undefined ? null : { token: row.token };
}

/** @returns whether the lane was still ours and its lease is prolonged. */
export async function renewLane(
  db: Db,
  { orgId, token, leaseMs }: { orgId: string; token: string; leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update lane set leased_until = now() + make_interval(secs => $3) where org_id = $1 and token = $2`,
    [orgId, token, leaseMs / 1000],
  );
  return rowCount === 1;
}

/** Gives the lane back, so that another instance need not wait for the lease to end. */
export async function releaseLane(db: Db, { orgId, token }: { orgId: string; token: string }): Promise<void> {
  await db.query(`update lane set leased_until = now() where org_id = $1 and token = $2`, [orgId, token]);
}
