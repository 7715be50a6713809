import type { Store } from '../../src/store/store';

/** The rows that every other row hangs on: an org, its team and a source. */
export async function seed(store: Store, { started = true }: { started?: boolean } = {}): Promise<void> {
  const now = '2026-10-01T00:00:00.000Z';
  await store.query(
    `insert into org (id, login_url, client_id, client_secret_sealed, started_at, created_at) values ('main', '', '', '', $1, $2)`,
    [started ? now : null, now],
  );
  await store.query(`insert into team (id, org_id, created_at) values ('default', 'main', $1)`, [now]);
  await store.query(
    `insert into source (id, team_id, kind, secrets_sealed, created_at) values ('cal', 'default', 'calcom', '{}', $1)`,
    [now],
  );
}
