import { readDueBookings, readPending, type LanePlace } from '../src/booking/booking.store';
import type { Db } from '../src/store/db';
import type { Store } from '../src/store/store';
import { describeOnStores } from './support/postgres';
import { seed } from './support/seed';

const NOW = new Date('2026-10-05T02:00:00.000Z');
const MAIN: LanePlace = { orgId: 'main', lane: 0, lanes: 1 };
const BACKLOG = 5_000;
const BATCH = 20;

/** What EXPLAIN tells of a step of a query that was run. */
interface Step {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Step[];
}

describeOnStores('a backlog of many thousands', ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
    await seed(store);
    // Every other one is tried again later.
    await store.query(
      `insert into booking (id, team_id, source_id, root_key, revision, state, status, starts_at, due_at, priority,
                            created_at, updated_at)
       select gen_random_uuid(), t.id, s.id, 'booking' || n, 1, '{"answers": {}}', 'Scheduled',
              $1::timestamptz + make_interval(mins => n * 7919 % 10007),
              $1::timestamptz + make_interval(mins => case when n % 2 = 0 then -60 else 60 end), 0, $1, $1
       from generate_series(1, $2::integer) n, (select id from team limit 1) t, (select id from source limit 1) s`,
      [NOW.toISOString(), BACKLOG],
    );
    // As a server does by itself, and the connector for its embedded database.
    await store.query('analyze booking');
  });

  /** Rows of the table that a reading goes through. */
  const readBy = async (read: (db: Db) => Promise<unknown>): Promise<number> => {
    let rows = 0;
    const query: Db['query'] = async (sql, values = []) => {
      const asked = typeof sql === 'string' ? { text: sql, values } : sql;
      const explained = await store.query<{ 'QUERY PLAN': { Plan: Step }[] }>(
        `explain (analyze, format json) ${asked.text}`,
        asked.values,
      );
      rows += rowsOf(explained.rows[0]?.['QUERY PLAN'][0]?.Plan);
      return { ...explained, rows: [] };
    };
    await read({ query });
    return rows;
  };

  it('is read a batch at a time, and not as a whole for each', async () => {
    expect(await readBy((db) => readDueBookings(db, MAIN, BATCH, NOW))).toBeLessThan(BATCH * 10);
    expect(await readBy((db) => readPending(db, MAIN, BATCH, NOW))).toBeLessThan(BATCH * 10);
  });

  it('comes soonest start first', async () => {
    const due = await readDueBookings(store, MAIN, BACKLOG, NOW);
    const starts = due.map(({ booking }) => booking.rootKey);
    expect(due).toHaveLength(BACKLOG / 2);
    const minutes = starts.map((key) => (Number(key.slice('booking'.length)) * 7919) % 10007);
    expect(minutes).toEqual([...minutes].sort((a, b) => a - b));
    const first = await readDueBookings(store, MAIN, BATCH, NOW);
    expect(first.map(({ booking }) => booking.rootKey)).toEqual(starts.slice(0, BATCH));
  });
});

function rowsOf(step: Step | undefined): number {
  if (step === undefined) return 0;
  const own = step['Relation Name'] === 'booking' ? step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0) : 0;
  return own * step['Actual Loops'] + (step.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), 0);
}
