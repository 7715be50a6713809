import { jsonbField, type CopyField } from '../src/store/copy-rows';
import type { Store } from '../src/store/store';
import { describeOnStores } from './support/postgres';

const COPY_NUMBERS = 'copy copied (number) from stdin (format binary)';
const COPY_ALL = 'copy copied (number, words, at, bytes, spelt, value) from stdin (format binary)';

/** A row with a number as int4 has it. */
const numbered = (number: number, ...more: CopyField[]): CopyField[] => [Buffer.from([0, 0, 0, number]), ...more];

describeOnStores('copy', ({ open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open();
    await store.query(
      `create table copied (number int primary key, words text, at timestamptz, bytes bytea, spelt json, value jsonb)`,
    );
  });
  beforeEach(() => store.query('truncate copied'));

  const numbers = async () =>
    (await store.query<{ number: number }>('select number from copied order by number')).rows.map(
      ({ number }) => number,
    );

  it('stores every type as an insert would', async () => {
    const at = new Date('2026-11-27T10:00:00.123Z');
    const early = new Date('1969-12-31T23:59:59.999Z');
    await store.copy(COPY_ALL, [
      numbered(
        1,
        'Zoë 予約 \\ "',
        at,
        Buffer.from([0, 255, 10]),
        '{"b": 1,  "a":"é"}',
        jsonbField('{"b": 1,  "a":"é"}'),
      ),
      numbered(2, '', early, Buffer.alloc(0), '[]', jsonbField('null')),
      numbered(3, null, null, null, null, jsonbField(null)),
    ]);
    const { rows } = await store.query(
      'select number, words, at, bytes, spelt::text, value from copied order by number',
    );
    expect(rows).toEqual([
      {
        number: 1,
        words: 'Zoë 予約 \\ "',
        at,
        bytes: Buffer.from([0, 255, 10]),
        spelt: '{"b": 1,  "a":"é"}',
        value: { a: 'é', b: 1 },
      },
      { number: 2, words: '', at: early, bytes: Buffer.alloc(0), spelt: '[]', value: null },
      { number: 3, words: null, at: null, bytes: null, spelt: null, value: null },
    ]);
  });

  it('stores nothing when one row is refused, nor what came before in the same statement', async () => {
    const copied = store.copy(
      `insert into copied (number) values (9); ${COPY_NUMBERS}`,
      [1, 2, 1].map((n) => numbered(n)),
    );
    await expect(copied).rejects.toMatchObject({ code: '23505' });
    expect(await numbers()).toEqual([]);
  });

  it.each([
    ['a statement that cannot be read', 'copy copied (', '42601'],
    ['a table that is not there', 'copy missing (number) from stdin (format binary)', '42P01'],
    ['fields that do not fit', COPY_ALL, '22P04'],
  ])('passes on what is wrong with %s, and works afterwards', async (_title, statement, code) => {
    await expect(store.copy(statement, [numbered(1)])).rejects.toMatchObject({ code });
    await store.copy(COPY_NUMBERS, [numbered(2)]);
    expect(await numbers()).toEqual([2]);
  });

  it('keeps copies at once apart: one that is refused takes no other with it', async () => {
    await store.query('insert into copied (number) values (4)');
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, number) => store.copy(COPY_NUMBERS, [numbered(number), numbered(number + 100)])),
    );
    expect(results.map(({ status }) => status).indexOf('rejected')).toBe(4);
    expect(await numbers()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 100, 101, 102, 103, 105, 106, 107]);
  });

  it('lets others in between however many copies follow one another', async () => {
    let isAsked = false;
    let copies = 0;
    const copyOn = async (): Promise<void> => {
      for (; !isAsked && copies < 2_000; copies += 1) await store.copy(COPY_NUMBERS, []);
    };
    const copying = [copyOn(), copyOn(), copyOn()];
    await store.query('select 1').then(() => (isAsked = true));
    await Promise.all(copying);
    expect(copies).toBeLessThan(100);
  });
});
