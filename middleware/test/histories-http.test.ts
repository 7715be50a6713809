import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSource } from '../src/admin/admin';
import { startApp, type App } from '../src/app';
import { inAnswerOrder } from '../src/booking/answer-order';
import type { BookingState } from '../src/booking/booking';
import { runCommand } from '../src/cli/command';
import { printed } from '../src/cli/printed';
import { readConfig } from '../src/config';
import { acuitySignature } from '../src/source/acuity';
import { standardHeaders } from '../src/source/standard';
import { KINDS, sign, type Kind } from './fixtures/source/build';
import { arrivalsOf, drawn } from './histories/drawn';
import { liveShared } from './histories/seats';
import { SOURCES } from './histories/sources';
import { live, rawBodyOf, type Posted, type Wish } from './histories/world';
import { folded as waitUntilFolded } from './support/folded';
import { SILENT } from './support/postgres';

/** Lived per source. */
const HISTORIES = 8;
const SEED = 20_270_221;
/** More than the changes of one history. */
const SERIALS = 100;

const SECRET = `whsec_${Buffer.from('a secret of the histories').toString('base64')}`;

const PLACES: { id: string; kind: string; live: (wishes: Wish[], lastSerial: number) => { posted: Posted[] } }[] = [
  ...SOURCES.map((source) => ({
    ...{ id: source.kind.replace(':', '-'), kind: source.kind },
    live: (wishes: Wish[], lastSerial: number) => live(source, wishes, lastSerial),
  })),
  { id: 'seats', kind: 'calcom', live: liveShared },
];

/** Their bodies have no time, so their order is all that they tell. */
const isOrderOnly = (kind: string): boolean => kind === 'mapped:youcanbookme' || kind === 'acuity';

/** Who sends no two bodies that differ when the same happens twice: no repetition can be told from news. */
const isNeverRepeated = (kind: string): boolean => kind === 'acuity';

type Folded = ReturnType<typeof printed<BookingState>> & { keys: string[] };

describe('histories over HTTP', () => {
  let folder: string;
  let app: App;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-histories-'));
    // An org that nobody reaches: what arrives waits.
    const config = readConfig({
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9',
      SALESFORCE_CLIENT_ID: 'id',
      SALESFORCE_CLIENT_SECRET: 'org-secret',
      SALESFORCE_ALLOW_LOOPBACK: 'true',
    });
    app = await startApp(config, SILENT);
    for (const { id, kind } of PLACES) await createSource(app.admin, { id, kind, secret: SECRET });
  }, 60_000);
  afterAll(async () => {
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const headersOf = (kind: string, rawBody: Buffer, id: string): Record<string, string> => {
    const isBuiltIn = (name: string): name is Kind => (KINDS as string[]).includes(name);
    if (isBuiltIn(kind)) return sign(kind, SECRET, rawBody, new Date());
    if (kind === 'acuity') return { 'x-acuity-signature': acuitySignature(SECRET, rawBody) };
    return kind === 'standard'
      ? standardHeaders(SECRET, id, rawBody, new Date())
      : { authorization: `Bearer ${SECRET}` };
  };

  /** What the store has of a source: bookings that stand, with every key that leads to them. */
  const readStored = async (sourceId: string): Promise<Folded[]> => {
    const { rows } = await app.admin.store.query<{ state: BookingState; keys: string[] }>(
      `select b.state, (select array_agg(k.native_key) from booking_key k where k.booking_id = b.id) as keys
       from booking b where b.source_id = $1 and b.merged_into is null`,
      [sourceId],
    );
    return rows.map(({ state, keys }) => ({ ...printed(inAnswerOrder(state)), keys }));
  };

  const fold = async (kind: string, sourceId: string, bodies: Buffer[]): Promise<Folded[]> => {
    const files = bodies.map((_, index) => join(folder, `${sourceId}-${index}.json`));
    await Promise.all(files.map((file, index) => writeFile(file, bodies[index] ?? '')));
    const said = { out: '', err: '' };
    const exitCode = await runCommand(['node', 'booking-connector', 'fold', kind, ...files, '--json'], {
      stdout: (text) => void (said.out += text),
      stderr: (text) => void (said.err += text),
      env: {},
    });
    expect({ exitCode, err: said.err }).toEqual({ exitCode: 0, err: '' });
    return (JSON.parse(said.out) as { bookings: Folded[] }).bookings;
  };

  it.each(PLACES.map((place) => [place.id, place] as const))(
    'end in the store as the fold of the same bodies: %s',
    async (id, { kind, live: lived }) => {
      const draws = fc.sample(drawn, { numRuns: HISTORIES, seed: SEED });
      const posted = draws.flatMap(({ wishes }, index) => lived(wishes, index * SERIALS).posted);
      const bodies = posted.map(rawBodyOf);
      const shuffled = arrivalsOf(
        bodies.length,
        draws.flatMap(({ places }) => places),
      );
      const repeated = bodies.flatMap((_, place) => (isNeverRepeated(kind) ? [place] : [place, place]));
      const arrivals = isOrderOnly(kind) ? repeated : shuffled;

      const outcomes: string[] = [];
      for (const place of arrivals) {
        const rawBody = bodies[place] ?? Buffer.alloc(0);
        const response = await fetch(`${app.url}/webhooks/${id}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headersOf(kind, rawBody, `message-${place}`) },
          body: rawBody.toString(),
        });
        expect(response.status).toBe(202);
        outcomes.push(((await response.json()) as { outcome: string }).outcome);
      }
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(arrivals.length - bodies.length);

      await waitUntilFolded(app.admin.store);
      const { rows: refused } = await app.admin.store.query(
        `select detail from delivery where source_id = $1 and outcome = 'refused'`,
        [id],
      );
      expect(refused).toEqual([]);
      const comparable = (bookings: Folded[]) =>
        bookings
          .map((booking) => ({
            ...booking,
            ...(isOrderOnly(kind) ? { changedAt: null } : {}),
            keys: booking.keys.sort(),
          }))
          .sort((a, b) => (a.keys.join() < b.keys.join() ? -1 : 1));
      const folded = comparable(await fold(kind, id, bodies));
      expect(folded.length).toBeGreaterThanOrEqual(HISTORIES);
      expect(comparable(await readStored(id))).toEqual(folded);
    },
  );
});
