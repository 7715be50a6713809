import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../bench/support/until';
import { createLog } from '../src/log';
import { CALCOM_SECRET, ONCEHUB_SECRET, startConnector, type Connector } from './support/connector';
import { describeOnEmbedded } from './support/postgres';

const FIXTURES = join(__dirname, 'fixtures/source');
/** Who is quoted by what fails. */
const PERSON = { name: 'Quoted Ferreira-Lind', email: 'quoted@example.test', phone: '+819012345678' };
const QUOTE = `${PERSON.name} (${PERSON.email}, ${PERSON.phone})`;
/** Keys whose values are about people, in the bodies of the scheduling systems. */
const PERSONAL = /name|mail|phone|note|answer|response|value|label|location|reason|address|description|subject|title/i;
/** Words that bodies have there and that say nothing of anybody. */
const WORDS = /^(?:[a-z_]+|[A-Z_]+|true|false)$/;

function bodiesOf(kind: string): unknown[] {
  const folder = join(FIXTURES, kind);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}

/** Texts of a body that are about people. */
function personalIn(value: unknown, isPersonal = false): string[] {
  if (typeof value === 'string') return isPersonal && value.length >= 5 && !WORDS.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    personalIn(inner, Array.isArray(value) ? isPersonal : PERSONAL.test(key) || isPersonal),
  );
}

describeOnEmbedded('the log of a connector', (database) => {
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => void lines.push(line) });
  let connector: Connector;
  const forbidden = new Set<string>([...Object.values(PERSON), CALCOM_SECRET, ONCEHUB_SECRET]);

  beforeAll(async () => {
    connector = await startConnector(database, { log });
    const { clientSecret, accessToken, username } = connector.emulator;
    for (const secret of [clientSecret, accessToken, username]) forbidden.add(secret);
  }, 60_000);
  afterAll(() => connector.stop());

  const expectNoneQuoted = (): void => {
    const text = lines.join('').replaceAll('\\"', '"');
    expect([...forbidden].filter((one) => text.includes(one))).toEqual([]);
    expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.\w+/);
    expect(text).not.toMatch(/bearer |00D\w{12,15}!/i);
  };
  const said = (message: string): Promise<unknown> =>
    until(`the log to say "${message}"`, () => Promise.resolve(lines.some((line) => line.includes(message)) || null));
  const setFault = (fault: object): Promise<unknown> =>
    fetch(`${connector.emulator.url}/__emulator__/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
  const endFaults = (): Promise<unknown> =>
    fetch(`${connector.emulator.url}/__emulator__/faults`, { method: 'DELETE' });
  const book = async (uid: string): Promise<number> => {
    const body = JSON.parse(readFileSync(join(FIXTURES, 'calcom/BOOKING_CREATED.json'), 'utf8')) as {
      payload: { attendees: object[] };
    };
    const attendees = [{ ...body.payload.attendees[0], ...PERSON, email: `${uid}-${PERSON.email}` }];
    return (await connector.sendCalcom({ ...body, payload: { ...body.payload, uid, attendees } })).status;
  };

  it('has a line for each turn, in numbers, and nobody of all the bodies in it', async () => {
    const bodies = { calcom: bodiesOf('calcom'), oncehub: bodiesOf('oncehub') };
    for (const body of [...bodies.calcom, ...bodies.oncehub]) personalIn(body).forEach((text) => forbidden.add(text));
    expect(forbidden.size).toBeGreaterThan(50);
    for (const body of bodies.calcom) await connector.sendCalcom(body);
    for (const body of bodies.oncehub) await connector.sendOncehub(body);
    await connector.idle();
    const turns = lines.map((line) => JSON.parse(line) as { msg: string }).filter(({ msg }) => msg === 'turn');
    expect(turns.length).toBeGreaterThan(0);
    expect(turns[0]).toMatchObject({
      orgId: 'main',
      lane: 0,
      bookings: expect.any(Number),
      written: expect.any(Number),
      waiting: expect.any(Number),
      parked: expect.any(Number),
      durationMs: expect.any(Number),
      calls: expect.any(Object),
    });
    expectNoneQuoted();
  });

  it('quotes nobody when Salesforce refuses rows, a whole call and a query in words with values in them', async () => {
    await setFault({
      match: { path: '/composite', times: 2 },
      effect: { rowError: { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: QUOTE } },
    });
    expect(await book('row')).toBe(202);
    await connector.idle();
    await endFaults();
    await setFault({
      match: { path: '/composite' },
      effect: { error: { status: 400, errorCode: 'JSON_PARSER_ERROR', message: QUOTE } },
    });
    expect(await book('call')).toBe(202);
    await said('A batch could not be written as a whole');
    await endFaults();
    await connector.idle();
    await setFault({
      match: { path: '/composite' },
      effect: { error: { status: 403, errorCode: 'API_DISABLED_FOR_ORG', message: QUOTE } },
    });
    expect(await book('org')).toBe(202);
    await said('Salesforce could not be asked');
    await endFaults();
    connector.app.admin.wake();
    await connector.idle();
    expectNoneQuoted();
  });

  it('quotes nobody of deliveries that are forged or cannot be understood', async () => {
    await connector.sendCalcom({ triggerEvent: 'BOOKING_CREATED', payload: { title: QUOTE } });
    const forged = await fetch(`${connector.app.url}/webhooks/cal`, { method: 'POST', body: QUOTE });
    expect(forged.status).toBe(401);
    expectNoneQuoted();
  });

  it.each([
    ['delivery', 'insert', 'P0001', 'A request failed', 500],
    ['booking', 'insert', '22000', 'A delivery could not be folded into its booking', 202],
    ['booking_log', 'insert', 'P0001', 'The lane failed and tries again', 202],
  ])('quotes nobody when the database refuses a row of %s', async (table, action, code, message, status) => {
    const { store } = connector.app.admin;
    await store.query(`create function quote() returns trigger language plpgsql as $$ begin
      raise exception using message = '${QUOTE}', detail = '${QUOTE}', errcode = '${code}'; end $$`);
    await store.query(`create trigger quote before ${action} on ${table} for each row execute function quote()`);
    try {
      expect(await book(`fails-${table}`)).toBe(status);
      await said(message);
    } finally {
      await store.query('drop function quote() cascade');
    }
    await connector.idle();
    expectNoneQuoted();
  });
});
