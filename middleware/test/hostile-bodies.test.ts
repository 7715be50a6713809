import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSource } from '../src/admin/admin';
import { startApp, type App } from '../src/app';
import { inAnswerOrder } from '../src/booking/answer-order';
import type { BookingEvent } from '../src/booking/booking-event';
import { readConfig } from '../src/config';
import { acuitySignature } from '../src/source/acuity';
import { kinds } from '../src/source/kinds';
import { standardHeaders } from '../src/source/standard';
import { exampleBody, KINDS, SENDERS, sign, type Kind, raw } from './fixtures/source/build';
import { assertWellFormed, pathsOf, replacedAt } from './fixtures/source/check';
import { SILENT } from './support/postgres';

const SECRET = `whsec_${Buffer.from('a secret for hostile bodies').toString('base64')}`;
const MEGABYTE = 1_000_000;
/** Far more than any body takes here: what runs longer hangs. */
const SLOW_MS = 5_000;

const isSender = (kind: string): kind is Kind => (KINDS as string[]).includes(kind);

/** A body of a new booking, as the system sends it. */
async function goodBody(kind: string): Promise<Buffer> {
  if (isSender(kind)) return exampleBody(kind, SENDERS[kind].booked);
  if (kind === 'acuity') return Buffer.from('action=scheduled&id=90417&calendarID=77&appointmentTypeID=312');
  const file = { standard: 'standard/scheduled', 'mapped:10to8': 'mapped/10to8.created' }[kind];
  return readFile(join(__dirname, 'fixtures/source', `${file ?? 'mapped/youcanbookme.created'}.json`));
}

function headersOf(kind: string, rawBody: Buffer, id: string): Record<string, string> {
  if (isSender(kind)) return sign(kind, SECRET, rawBody, new Date());
  if (kind === 'acuity') return { 'x-acuity-signature': acuitySignature(SECRET, rawBody) };
  return kind === 'standard' ? standardHeaders(SECRET, id, rawBody, new Date()) : { authorization: `Bearer ${SECRET}` };
}

const VALUES: [title: string, value: unknown][] = [
  ['a NUL', 'a\u0000b'],
  ['halves of surrogate pairs', '\ud800 and \udc00'],
  ['a text of nothing but spaces', '\u3000 \t'],
  ['5,000 letters', 'é'.repeat(5_000)],
  ['a number beyond all', 1e308],
  ['a number that is no safe integer', 2 ** 53],
  ['the last year of JavaScript', '+275760-09-13T00:00:00.000Z'],
  ['the year 0', '0000-01-01T00:00:00Z'],
  ['the year 9999', '9999-12-31T23:59:59Z'],
  ['a day that is none', '2027-02-30T09:00:00Z'],
  ['a list in lists', [[[[['x']]]]]],
  ['an object named like its prototype', JSON.parse('{"__proto__":{"value":"x"},"constructor":1}')],
  ['true', true],
];

/** Every value of a body made another one, by turns in one half of its fields and in the other. */
function spoilt(body: Buffer, value: unknown): Buffer[] {
  const json: unknown = JSON.parse(body.toString());
  // Inner ones first: what stands in another one is gone once that is replaced.
  const inner = pathsOf(json).slice(1).reverse();
  return [0, 1].map((turn) =>
    raw(
      inner
        .filter((_path, index) => index % 2 === turn)
        .reduce<unknown>((spoiling, path) => replacedAt(spoiling, path, value) as unknown, json),
    ),
  );
}

/** Bodies that are hostile as a whole, made of a good one. */
function hostile(text: string): [title: string, body: string | Buffer][] {
  const inside = (more: string): string => text.replace('{', `{${more},`);
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  return [
    ['nothing', ''],
    ['a body that a broken template makes', 'false'],
    ['a mark of the byte order', `\ufeff${text}`],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['half of it', text.slice(0, text.length / 2)],
    ['it twice', text + text],
    ['a megabyte of nested lists', nested(MEGABYTE / 2 - 1_000)],
    ['a megabyte of nested lists inside', inside(`"x":${nested(MEGABYTE / 2 - 10_000)}`)],
    ['a megabyte of lists beside each other', inside(`"x":[${'[],'.repeat(300_000)}[]]`)],
    ['a megabyte of keys', inside(Array.from({ length: 60_000 }, (_, index) => `"key${index}":1`).join())],
    ['a key 100,000 times', inside(`${'"id":1,'.repeat(100_000)}"id":2`)],
    ['every key twice', inside(text.slice(text.indexOf('{') + 1, text.lastIndexOf('}')))],
    ['numbers out of range', text.replace(/:\s*\d+(?=[,}\s])/g, ':1e999')],
    ['numbers below all', text.replace(/:\s*\d+(?=[,}\s])/g, ':-1e999')],
  ];
}

describe('hostile bodies with a signature that holds', () => {
  let folder: string;
  let app: App;
  const idOf = (kind: string): string => kind.replace(':', '-');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-hostile-'));
    // An org that nobody reaches: what arrives waits.
    const config = readConfig({
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9',
      SALESFORCE_CLIENT_ID: 'id',
      SALESFORCE_CLIENT_SECRET: 'org-secret',
      SALESFORCE_ALLOW_LOOPBACK: 'true',
      WEBHOOK_BODY_LIMIT_BYTES: String(8 * MEGABYTE),
    });
    app = await startApp(config, SILENT);
    for (const kind of kinds.keys()) await createSource(app.admin, { id: idOf(kind), kind, secret: SECRET });
  }, 60_000);
  afterAll(async () => {
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** @returns what the server says that it did. */
  const send = async (kind: string, rawBody: Buffer, id: string): Promise<string> => {
    const type = kind === 'acuity' ? 'application/x-www-form-urlencoded' : 'application/json';
    const response = await fetch(`${app.url}/webhooks/${idOf(kind)}`, {
      method: 'POST',
      headers: { 'content-type': type, ...headersOf(kind, rawBody, id) },
      body: rawBody,
      signal: AbortSignal.timeout(SLOW_MS),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { outcome: string }).outcome;
  };

  it.each([...kinds.keys()])(
    'of %s are kept and answered, and none is stored by half',
    async (kind) => {
      const good = await goodBody(kind);
      const isForm = kind === 'acuity';
      const bodies: [title: string, body: Buffer][] = [
        ...hostile(good.toString()).map(([title, body]): [string, Buffer] => [title, Buffer.from(body)]),
        ...(isForm ? [] : VALUES).flatMap(([title, value]) =>
          spoilt(good, value).map((body, turn): [string, Buffer] => [`${title} (${turn})`, body]),
        ),
        ...(isForm ? VALUES : []).map(([title, value]): [string, Buffer] => [
          `${title} as a form`,
          Buffer.from(`action=changed&id=${encodeURIComponent(String(value).toWellFormed())}&calendarID=%00%ff`),
        ]),
        ['a form of 100,000 fields', Buffer.from(`${'a=b&'.repeat(100_000)}action=scheduled&id=1`)],
      ];
      const outcomes: string[] = [];
      for (const [index, [title, body]] of bodies.entries()) {
        const outcome = await send(kind, body, `hostile-${index}`).catch((cause: unknown) => {
          throw new Error(`With ${title}`, { cause });
        });
        outcomes.push(outcome);
      }
      // All were kept; those of the same bytes, or of the same fact, are known as such.
      const known = outcomes.filter((outcome) => outcome === 'duplicate').length;
      const { rows: deliveries } = await app.admin.store.query<{ outcome: string; told: number }>(
        `select d.outcome, (select count(*)::int from booking_event e where e.delivery_id = d.id) as told
       from delivery d where d.source_id = $1`,
        [idOf(kind)],
      );
      expect(deliveries).toHaveLength(bodies.length - known);
      expect(deliveries.filter(({ outcome, told }) => outcome !== 'stored' && told > 0)).toEqual([]);
      const { rows: events } = await app.admin.store.query<{ event: BookingEvent }>(
        `select e.event from booking_event e join booking b on b.id = e.booking_id where b.source_id = $1`,
        [idOf(kind)],
      );
      // The form of Acuity names an appointment and no times.
      for (const { event: stored } of events) {
        const event = inAnswerOrder(stored);
        assertWellFormed({ events: [isForm ? { ...event, kind: 'updated' } : event] });
      }

      expect(await send(kind, good, 'good')).toMatch(/^(stored|duplicate)$/);
    },
    120_000,
  );
});
