import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { BookingEvent } from '../booking/booking-event';
import { type Loose, raw } from '../../test/fixtures/source/build';
import { anySpoilt, assertWellFormed, ODD, pathsOf, replacedAt } from '../../test/fixtures/source/check';
import { SignatureMismatchError } from './source';
import { standard, standardHeaders } from './standard';
import { standardJsonSchema } from './standard-schema';

const DOCS = join(__dirname, '../../../docs/sources');
const FIXTURES = join(__dirname, '../../test/fixtures/source/standard');
const NAMES = ['scheduled', 'batch', 'all-day'];
const bodyOf = (name: string): Buffer => readFileSync(join(FIXTURES, `${name}.json`));

/** The minimal booking; each case changes one thing of it. */
const MINIMAL = {
  kind: 'scheduled',
  bookingKey: 'B-1',
  occurredAt: '2027-02-20T08:15:30Z',
  startsAt: '2027-03-02T09:00:00Z',
  durationMinutes: 30,
};

function eventOf(body: unknown): BookingEvent {
  const translation = standard.translate(raw(body));
  if (!('events' in translation)) throw new Error(`Expected an event, got ${JSON.stringify(translation)}`);
  return translation.events[0]!;
}

function faultsOf(body: unknown): string[] {
  const translation = standard.translate(raw(body));
  return 'refused' in translation ? translation.refused.map(({ field, error }) => `${field}: ${error}`) : [];
}

describe('translate of a standard body', () => {
  it('tells everything that the body says', () => {
    expect(standard.translate(bodyOf('scheduled'))).toEqual({
      events: [
        {
          kind: 'scheduled',
          bookingKey: 'B-1042',
          replacesKey: null,
          replacedByKey: null,
          sequence: 0,
          occurredAt: '2027-02-20T08:15:30.000Z',
          reason: null,
          actor: null,
          startsAt: '2027-03-02T09:00:00.000Z',
          endsAt: '2027-03-02T09:45:00.000Z',
          allDay: false,
          timeZone: 'Europe/Berlin',
          subject: 'Kitchen planning',
          page: { id: 'kitchen', name: 'Kitchen planning' },
          host: { id: 'u-7', email: 'noor.haddad@host.example', name: 'Noor Haddad' },
          customer: {
            id: 'c-9',
            email: 'Pilar.Reyes@visitor.example',
            name: 'Pilar Reyes',
            firstName: 'Pilar',
            lastName: 'Reyes',
            phone: '+1 416 555 0101',
            company: 'Reyes Joinery',
            timeZone: 'America/Toronto',
          },
          guests: [{ email: 'sam@visitor.example' }],
          answers: { 'How many rooms?': 2, Note: 'Second floor, no lift.' },
          campaign: { utm_source: 'newsletter', utm_campaign: 'spring', utm_medium: 'mail' },
          recordId: '00Q5g00000AbCdEEAV',
          location: 'Showroom 2',
          joinUrl: 'https://meet.host.example/kit-chen',
          manageUrl: 'https://booking.host.example/m/B-1042',
          cancelUrl: null,
          payment: { amount: 50.5, currency: 'EUR', reference: 'ch_0000000000EXAMPLE' },
        },
      ],
    });
  });

  it('takes several events of one body, with keys of a lineage and a length for an end', () => {
    expect(standard.translate(bodyOf('batch'))).toMatchObject({
      events: [
        {
          kind: 'rescheduled',
          bookingKey: 'B-1043',
          replacesKey: 'B-1042',
          occurredAt: '2027-02-22T09:00:00.500Z',
          endsAt: '2027-03-05T10:45:00.000Z',
          reason: 'Another day',
          actor: 'customer',
        },
        { kind: 'canceled', bookingKey: 'B-1050', startsAt: null, allDay: null, customer: null, actor: 'host' },
      ],
    });
  });

  it('takes dates of a booking of whole days', () => {
    expect(eventOf(JSON.parse(bodyOf('all-day').toString()))).toMatchObject({
      allDay: true,
      startsAt: '2027-03-02',
      endsAt: '2027-03-03',
    });
    const oneDay = { ...MINIMAL, allDay: true, startsAt: '2027-03-02', durationMinutes: null };
    expect(eventOf(oneDay)).toMatchObject({ startsAt: '2027-03-02', endsAt: '2027-03-02' });
  });

  it.each([
    ['an end at the year 9999', { endsAt: '9999-01-01T00:00:00Z', durationMinutes: null }, 'endsAt: expected'],
    ['an end before the start', { endsAt: '2027-03-02T08:00:00Z' }, 'endsAt: expected it after startsAt'],
    [
      'no end',
      { durationMinutes: null },
      'endsAt: expected an ISO 8601 instant with Z or an offset, or durationMinutes',
    ],
    ['a length of 0', { durationMinutes: 0 }, 'durationMinutes: expected minutes above 0'],
    ['a length as text', { durationMinutes: '30' }, 'durationMinutes: expected minutes above 0 and up to a year, got'],
    ['a time without a zone', { startsAt: '2027-03-02T09:00:00' }, 'startsAt: expected an ISO 8601 instant'],
    ['a date where it is not all day', { startsAt: '2027-03-02' }, 'startsAt: expected an ISO 8601 instant'],
    ['an instant where it is all day', { allDay: true }, 'startsAt: expected a date'],
    ['an unknown kind', { kind: 'cancelled' }, 'kind: expected one of scheduled, '],
    ['a key with a colon', { bookingKey: 'a:b' }, 'bookingKey: expected an id of visible ASCII without a colon'],
    ['a key that is a number', { bookingKey: 7 }, 'bookingKey: expected an id of visible ASCII'],
    ['an e-mail that is none', { customer: { email: 'none' } }, 'customer.email: expected an e-mail address or null'],
    ['a guest without an e-mail', { guests: [{}] }, 'guests[0].email: expected an e-mail address or null, got nothing'],
    ['a link that opens nothing', { joinUrl: 'javascript:alert(1)' }, 'joinUrl: expected an http or https link'],
    ['a page without an id', { page: { name: 'x' } }, 'page.id: expected a text, got nothing'],
    ['a customer that is a text', { customer: 'Pilar' }, 'customer: expected an object or null, got a text'],
    ['answers that are a list', { answers: [] }, 'answers: expected an object or null, got a list'],
    ['half a counter', { sequence: 1.5 }, 'sequence: expected a whole number from 0 on or null, got a number'],
    ['a currency of four letters', { payment: { amount: 1, currency: 'EURO' } }, 'payment.currency: expected'],
    ['somebody else as actor', { actor: 'robot' }, 'actor: expected customer, host or null, got a text'],
  ])('refuses %s', (_title, change, expected) => {
    expect(faultsOf({ ...MINIMAL, ...change })).toEqual([expect.stringContaining(expected)]);
  });

  it('lists every fault of every event, each with its path', () => {
    const bad = { ...MINIMAL, kind: 'no', customer: { email: 7 }, startsAt: null };
    expect(faultsOf({ events: [MINIMAL, bad, 'x'] })).toEqual([
      expect.stringContaining('events[1].kind: '),
      expect.stringContaining('events[1].customer.email: expected an e-mail address or null, got a number'),
      expect.stringContaining('events[2]: expected an object, got a text'),
    ]);
    const late = { kind: 'scheduled', bookingKey: 1 };
    expect(faultsOf(late).map((fault) => fault.split(':')[0])).toEqual([
      'bookingKey',
      'occurredAt',
      'startsAt',
      'endsAt',
    ]);
  });

  it.each([
    ['no event', []],
    ['too many events', Array.from({ length: 201 }, () => MINIMAL)],
    ['events that are none', {}],
  ])('refuses %s', (_title, events) => {
    expect(faultsOf({ events })).toEqual([expect.stringContaining('events: expected a list of 1 to 200 events')]);
  });

  it.each([
    ['null for whatever is not known', { customer: null, page: null, guests: null, payment: null, sequence: null }],
    ['a record id that anybody typed into a link', { recordId: 'me' }],
    ['unknown fields', { uid: 1, customer: { shoeSize: 43 } }],
    ['times of a cancel that make no sense', { kind: 'canceled', endsAt: '2027-01-01T00:00:00Z' }],
    ['a key that points at the booking itself', { replacesKey: 'B-1' }],
  ])('tolerates %s', (_title, change) => {
    expect(eventOf({ ...MINIMAL, ...change })).toMatchObject({ bookingKey: 'B-1', recordId: null, replacesKey: null });
  });

  it('never says an e-mail or a name in a fault', () => {
    const body: Loose = JSON.parse(bodyOf('scheduled').toString());
    const said = pathsOf(body).flatMap((path) =>
      ODD.map((odd) => standard.translate(raw(replacedAt(body, path, odd) ?? null))),
    );
    expect(JSON.stringify(said.filter((translation) => !('events' in translation)))).not.toMatch(
      /@|Pilar|Reyes|Haddad/,
    );
  });

  it('is well formed whatever the body is', () => {
    fc.assert(
      fc.property(anySpoilt(NAMES.map(bodyOf)), (body) => {
        assertWellFormed(standard.translate(body));
        return /^sha256:[0-9a-f]{64}$/.test(standard.deliveryKey({}, body));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('verify of a standard delivery', () => {
  const BODY = bodyOf('scheduled');
  const NOW = new Date('2027-02-20T08:15:31Z');
  // The example of the Standard Webhooks libraries' own tests.
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const HEADERS = standardHeaders(SECRET, 'msg_1', BODY, NOW);
  const outcome = (
    change: Record<string, string | undefined>,
    { now = NOW, secrets = [SECRET], body = BODY } = {},
  ): unknown => {
    try {
      return standard.verify({ ...HEADERS, ...change }, body, secrets, now).secretIndex;
    } catch (error) {
      if (!(error instanceof SignatureMismatchError)) throw error;
      return error.code;
    }
  };
  const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

  it('makes the signature of the published example', () => {
    const headers = standardHeaders(
      SECRET,
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '{"test": 2432232314}',
      new Date(1614265330_000),
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it.each([
    ['as the sender made it', {}, 0],
    [
      'a signature of another secret beside it',
      { 'webhook-signature': `v1,${'A'.repeat(43)}= ${HEADERS['webhook-signature']}` },
      0,
    ],
    ['one of a later scheme beside it', { 'webhook-signature': `v1a,abc ${HEADERS['webhook-signature']}` }, 0],
    ['no id', { 'webhook-id': undefined }, 'missing'],
    ['no time', { 'webhook-timestamp': '' }, 'missing'],
    ['no signature', { 'webhook-signature': undefined }, 'missing'],
    ['an id of two words', { 'webhook-id': 'msg 1' }, 'malformed'],
    ['a time that is no number', { 'webhook-timestamp': '2027-02-20' }, 'malformed'],
    ['a signature without its version', { 'webhook-signature': HEADERS['webhook-signature'].slice(3) }, 'malformed'],
    ['a signature in hex', { 'webhook-signature': `v1,${'0'.repeat(64)}` }, 'malformed'],
    ['eleven signatures', { 'webhook-signature': Array(11).fill(HEADERS['webhook-signature']).join(' ') }, 'malformed'],
    ['another id', { 'webhook-id': 'msg_2' }, 'mismatch'],
    ['another time', { 'webhook-timestamp': String(Number(HEADERS['webhook-timestamp']) + 1) }, 'mismatch'],
  ])('with %s', (_title, change, expected) => {
    expect(outcome(change)).toBe(expected);
  });

  it.each([
    ['another body', { body: Buffer.from('{}') }, 'mismatch'],
    ['two secrets', { secrets: ['whsec_b3RoZXI=', SECRET] }, 1],
    ['the secret without its prefix', { secrets: [SECRET.slice(6)] }, 0],
    ['no secret', { secrets: [] }, 'mismatch'],
    ['an empty secret', { secrets: ['', 'whsec_'] }, 'mismatch'],
    ['a secret that is not base64', { secrets: ['my secret!'] }, 'mismatch'],
    ['the clock 300 seconds ahead', { now: later(300) }, 0],
    ['the clock 301 seconds ahead', { now: later(301) }, 'stale'],
    ['the clock 300 seconds behind', { now: later(-300) }, 0],
    ['the clock 301 seconds behind', { now: later(-301) }, 'stale'],
    ['no clock', { now: new Date(Number.NaN) }, 'stale'],
  ])('with %s', (_title, change, expected) => {
    expect(outcome({}, change)).toBe(expected);
  });

  it('takes names of headers in any case', () => {
    const headers = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name.toUpperCase(), value]));
    expect(standard.verify(headers, BODY, [SECRET], NOW)).toEqual({ secretIndex: 0 });
  });

  it('does not take a signature made with an empty key', () => {
    expect(() => standardHeaders('whsec_', 'msg_1', BODY, NOW)).toThrow('whsec_<base64>');
  });

  it('takes a secret that was made up for the source', () => {
    const secret = randomBytes(24).toString('hex');
    expect(standard.verify(standardHeaders(secret, 'msg_1', BODY, NOW), BODY, [secret], NOW)).toEqual({
      secretIndex: 0,
    });
  });

  it('knows a delivery by its id', () => {
    expect(standard.deliveryKey(HEADERS, BODY)).toBe('msg_1');
    expect(standard.deliveryKey({ 'webhook-id': 'a b' }, BODY)).toMatch(/^sha256:/);
  });

  it('verifies, or throws the one error, whatever the headers are', () => {
    const part = fc.constantFrom('v1,', ' ', 'v1', ',', 'A'.repeat(43), '=', HEADERS['webhook-signature']);
    const value = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(value, value, value, fc.array(fc.string(), { maxLength: 3 }), (id, time, signature, secrets) => {
        const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature };
        return typeof outcome(headers, { secrets }) === 'string'; // nobody guesses a signature
      }),
      { numRuns: 500 },
    );
  });
});

describe('docs/sources/standard.md', () => {
  const page = readFileSync(join(DOCS, 'standard.md'), 'utf8');
  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((found) => found[1]!);

  it('has a sender whose booking is taken', async () => {
    const received: { headers: Loose; body: Buffer }[] = [];
    const server = createServer((req, res) => {
      void buffer(req).then((body) => {
        received.push({ headers: req.headers, body });
        res.writeHead(202).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const file = join(mkdtempSync(join(tmpdir(), 'sender-')), 'send-booking.mjs');
    writeFileSync(file, blocks('js')[0]!);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const { port } = server.address() as AddressInfo;
    const env = { ...process.env, WEBHOOK_URL: `http://127.0.0.1:${port}/`, WEBHOOK_SECRET: secret };
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env });
    server.close();

    expect(stdout).toBe('202 {}\n');
    const { headers, body } = received[0]!;
    expect(standard.verify(headers, body, [secret], new Date())).toEqual({ secretIndex: 0 });
    expect(standard.translate(body)).toMatchObject({
      events: [{ bookingKey: 'B-1042', recordId: '00Q5g00000AbCdEEAV' }],
    });
  });

  it('has bodies that do what it says', () => {
    const [cancel, faulty] = blocks('json').map((block): Loose => JSON.parse(block));
    expect(eventOf(cancel)).toMatchObject({ kind: 'canceled', reason: 'On holiday' });
    expect(faultsOf(faulty)).toEqual(blocks('text')[0]!.trim().split('\n'));
  });

  it('has the JSON Schema of what is checked', () => {
    const published: Loose = JSON.parse(readFileSync(join(DOCS, 'standard.schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(standardJsonSchema())));
  });
});
