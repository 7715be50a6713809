import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOnEmbedded, MIGRATIONS } from './support/postgres';

describeOnEmbedded('a store of before orgs had numbers of their own', ({ open }) => {
  it('keeps what was believed of each org, under different numbers', async () => {
    const older = await mkdtemp(join(tmpdir(), 'test-migrations-'));
    const dataDir = await mkdtemp(join(tmpdir(), 'test-switch-store-'));
    try {
      for (const name of (await readdir(MIGRATIONS)).filter((file) => file < '015'))
        await copyFile(join(MIGRATIONS, name), join(older, name));
      const before = await open({ dataDir, migrations: older });
      await before.query(
        `insert into org (id, login_url, client_id, created_at) values
           ('uat', '', '', '2026-02-01T00:00:00Z'), ('main', '', '', '2026-01-01T00:00:00Z')`,
      );
      for (const [team, org] of [
        ['first', 'main'],
        ['second', 'uat'],
      ]) {
        await before.query('insert into team (id, org_id, created_at) values ($1, $2, now())', [team, org]);
        await before.query(
          `insert into booking (id, team_id, source_id, root_key, revision, state, status, written, created_at, updated_at)
           values ($2, $1, 'cal', $1, 1, '{}', 'Scheduled', '{"generation": 1}', now(), now())`,
          [team, randomUUID()],
        );
        await before.query(`insert into customer (id, team_id, created_at) values ($1, $1, now())`, [team]);
        await before.query(
          `insert into customer_link (customer_id, org_id, generation, sobject, record_id, linked_at)
           values ($1, $2, 1, 'Lead', 'x', now())`,
          [team, org],
        );
      }
      await before.close();
      const store = await open({ dataDir });
      const { rows } = await store.query(
        `select t.id, o.generation, (b.written ->> 'generation')::integer as written, l.generation as linked
         from team t join org o on o.id = t.org_id join booking b on b.team_id = t.id
         join customer_link l on l.customer_id = t.id order by t.id`,
      );
      expect(rows).toEqual([
        { id: 'first', generation: 1, written: 1, linked: 1 },
        { id: 'second', generation: 2, written: 2, linked: 2 },
      ]);
      const { rows: next } = await store.query(
        `insert into org (id, login_url, client_id, created_at) values ('next', '', '', now()) returning generation`,
      );
      expect(next).toEqual([{ generation: 3 }]);
      await store.close();
    } finally {
      await Promise.all([older, dataDir].map((folder) => rm(folder, { recursive: true, force: true })));
    }
  }, 60_000);
});
