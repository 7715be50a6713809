import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BookingEvent } from '../src/booking/booking-event';
import { foldBooking } from '../src/booking/fold';
import { DEMO_BOOKABLES } from '../src/demo/demo-booking';
import { type RunningDemoPage, startDemoPage } from '../src/demo/start-demo-page';
import { calcom } from '../src/source/calcom';

const SECRET = 'demo_example_secret';
/** A Monday, 9 o'clock in Tokyo. */
const NOW = new Date('2026-10-05T00:00:00.000Z');
const FIRST = '2026-10-06T00:00:00.000Z';
const SECOND = '2026-10-07T04:30:00.000Z';
const VISITOR = {
  name: 'Visitor Alpha',
  email: 'visitor.alpha@example.test',
  phone: '+81 3-0000-0000',
  company: 'Example Offices KK',
  note: 'Please show the reports.',
};

interface Received {
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
  body: Record<string, unknown>;
}

/** Stands in for the connector: keeps what it is sent and answers as it is told. */
class Receiver {
  readonly received: Received[] = [];
  answer = { status: 202, body: '{"outcome":"stored"}' };
  private server: Server | null = null;
  private port = 0;

  async start(): Promise<void> {
    this.server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const rawBody = Buffer.concat(chunks);
        this.received.push({ headers: req.headers, rawBody, body: JSON.parse(rawBody.toString()) });
        res.writeHead(this.answer.status, { 'content-type': 'application/json' }).end(this.answer.body);
      });
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (server === null) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhooks/demo`;
  }

  /** What the source makes of everything received: each is verified first. */
  events(): BookingEvent[] {
    return this.received.flatMap(({ headers, rawBody }) => {
      calcom.verify(headers, rawBody, [SECRET], NOW);
      const translation = calcom.translate(rawBody);
      if (!('events' in translation)) throw new Error(`Not understood: ${JSON.stringify(translation)}`);
      return translation.events;
    });
  }
}

let receiver: Receiver;
let page: RunningDemoPage;
let now: Date;

beforeEach(async () => {
  now = NOW;
  receiver = new Receiver();
  await receiver.start();
  page = await startDemoPage({
    port: 0,
    webhookUrl: receiver.url,
    secret: SECRET,
    pages: DEMO_BOOKABLES,
    hosts: [
      { name: 'Host One', email: 'host.one@example.com' },
      { name: 'Host Two', email: 'host.two@example.com' },
    ],
    recordPageUrl: (email) => `http://org.example.test/find?email=${encodeURIComponent(email)}`,
    timeZone: 'Asia/Tokyo',
    now: () => now,
  });
});

afterEach(async () => {
  await page.close();
  await receiver.stop();
});

async function get(path: string): Promise<{ status: number; html: string; headers: Headers; url: string }> {
  const response = await fetch(new URL(path, page.url));
  return { status: response.status, html: await response.text(), headers: response.headers, url: response.url };
}

/** Sends a form as a browser does, without following the answer's redirect. */
async function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; html: string; location: string }> {
  const response = await fetch(new URL(path, page.url), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
    headers,
  });
  return { status: response.status, html: await response.text(), location: response.headers.get('location') ?? '' };
}

async function book(fields: Record<string, string> = {}): Promise<string> {
  const sent = { ...VISITOR, start: FIRST, timeZone: 'Asia/Tokyo', ...fields };
  const { status, location, html } = await post('/book/product-demo', sent);
  if (status !== 303) throw new Error(`Not booked, ${status}: ${html}`);
  return location;
}

/** Every path of keys in a body; what is in lists counts once. */
function keyPaths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => keyPaths(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value);
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => keyPaths(inner, `${path}.${key}`));
}

function sample(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures/source/calcom', `${name}.json`), 'utf8'));
}

describe('booking', () => {
  it('sends BOOKING_CREATED, signed over its bytes, that the source understands', async () => {
    await book();
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-cal-webhook-version': '2021-10-20',
      'x-cal-signature-256': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(receiver.events()).toMatchObject([
      {
        kind: 'scheduled',
        replacesKey: null,
        sequence: 0,
        occurredAt: NOW.toISOString(),
        startsAt: FIRST,
        endsAt: '2026-10-06T00:30:00.000Z',
        timeZone: 'Asia/Tokyo',
        subject: 'Product demo between Host One and Visitor Alpha',
        page: { id: '7', name: 'Product demo' },
        host: { id: '11', email: 'host.one@example.com', name: 'Host One' },
        customer: {
          email: 'visitor.alpha@example.test',
          firstName: 'Visitor',
          lastName: 'Alpha',
          phone: '+81300000000',
          company: 'Example Offices KK',
          timeZone: 'Asia/Tokyo',
        },
        answers: { notes: 'Please show the reports.', company: 'Example Offices KK' },
        guests: [],
      },
    ]);
  });

  it('leaves out what was left empty', async () => {
    await book({ phone: '', company: '', note: '', name: 'Prince' });
    const [event] = receiver.events();
    expect(event?.customer).toMatchObject({ name: 'Prince', firstName: 'Prince', phone: null, company: null });
    expect(event?.customer?.lastName).toBeNull();
  });

  it('links the booking to its own page, where the call and the booking can be opened', async () => {
    const path = await book();
    const [event] = receiver.events();
    expect(event?.manageUrl).toBe(`${page.url}${path}`);
    expect((await get(String(event?.manageUrl))).status).toBe(200);
    expect((await get(String(event?.joinUrl))).html).toContain('there is no call');
  });

  it('shows what was sent, what was answered and where to see it in Salesforce', async () => {
    const { html } = await get(await book());
    expect(html).toContain('BOOKING_CREATED');
    expect(html).toContain('The connector answered 202, <q>stored</q>');
    expect(html).toContain('&quot;triggerEvent&quot;: &quot;BOOKING_CREATED&quot;');
    expect(html).toContain('http://org.example.test/find?email=visitor.alpha%40example.test');
  });

  it('says what is wrong with every field, keeps what was typed and sends nothing', async () => {
    const sent = { start: FIRST, timeZone: 'Asia/Tokyo', name: ' ', email: 'nobody', phone: '12', note: 'kept' };
    const { status, html } = await post('/book/product-demo', sent);
    expect(status).toBe(422);
    expect(html).toContain('Enter your name.');
    expect(html).toContain('Enter an e-mail address such as ana@example.com.');
    expect(html).toContain('Enter the phone number with its country code');
    expect(html).toMatch(/id="email"[^>]*value="nobody"[^>]*aria-invalid="true"/s);
    expect(html).toContain('kept</textarea>');
    expect(receiver.received).toHaveLength(0);
  });

  it.each([
    ['in the night', '2026-10-05T15:00:00.000Z'],
    ['passed', '2026-10-04T23:00:00.000Z'],
    ['between two times', '2026-10-06T00:10:00.000Z'],
    ['months ahead', '2027-03-01T00:00:00.000Z'],
    ['no time at all', 'tomorrow'],
  ])('refuses a time that is %s', async (_why, start) => {
    const { status, html } = await post('/book/product-demo', { ...VISITOR, start, timeZone: 'Asia/Tokyo' });
    expect(status).toBe(409);
    expect(html).toContain('That time is not free any more');
    expect(receiver.received).toHaveLength(0);
  });

  it('gives a time of a host away once, also through another page of his', async () => {
    await book();
    const again = await post('/book/product-demo', { ...VISITOR, start: FIRST, timeZone: 'Asia/Tokyo' });
    const longer = await post('/book/onboarding', { ...VISITOR, start: FIRST, timeZone: 'Asia/Tokyo' });
    const otherHost = await post('/book/intro-call', { ...VISITOR, start: FIRST, timeZone: 'Asia/Tokyo' });
    expect([again.status, longer.status, otherHost.status]).toEqual([409, 409, 303]);
  });

  it('shows the times in the zone that the visitor chooses', async () => {
    const { html } = await get('/book/product-demo?timeZone=Europe/Berlin&day=2026-10-06');
    expect(html).toContain('start=2026-10-06T07:00:00.000Z&timeZone=Europe%2FBerlin');
    expect(html).toMatch(/<option value="Europe\/Berlin"\s+selected/);
    expect(html).toContain('Tuesday, October 6');
  });

  it('offers ten working days and no weekend', async () => {
    const { html } = await get('/book/product-demo?timeZone=Asia/Tokyo');
    const days = [...html.matchAll(/\?day=(\d{4}-\d\d-\d\d)/g)].map(([, day]) => day);
    expect(days).toHaveLength(10);
    expect([days[0], days[4], days[5], days[9]]).toEqual(['2026-10-05', '2026-10-09', '2026-10-12', '2026-10-16']);
  });

  it('escapes a hostile name wherever it stands', async () => {
    const name = '</pre><script>alert(1)</script>"\'&';
    const path = await book({ name, note: name, company: name });
    const pages = [await get(path), await get('/'), await get(`${path}/reschedule`)];
    const refused = await post(`/book/product-demo`, { name, start: SECOND, timeZone: 'Asia/Tokyo', email: name });
    for (const { html } of [...pages, refused]) {
      expect(html).not.toContain('<script>alert');
      expect(html).not.toContain('</pre><script');
    }
    expect(pages[0]?.html).toContain('&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(receiver.events()[0]?.customer?.name).toBe(name);
  });
});

describe('a booking’s further life', () => {
  it('moves under a new uid, keeps its calendar id and counts up', async () => {
    const oldPath = await book();
    now = new Date('2026-10-05T01:00:00.000Z');
    const moved = { start: SECOND, timeZone: 'Asia/Tokyo', reason: 'Need a later day' };
    const { status, location } = await post(`${oldPath}/reschedule`, moved);
    expect(status).toBe(303);
    expect(location).not.toBe(oldPath);
    const [created, rescheduled] = receiver.events();
    expect(rescheduled).toMatchObject({
      kind: 'rescheduled',
      bookingKey: location.replace('/booking/', ''),
      replacesKey: created?.bookingKey,
      sequence: 1,
      startsAt: SECOND,
      reason: 'Need a later day',
      actor: 'customer',
    });
    const payloads = receiver.received.map(({ body }) => body['payload'] as Record<string, unknown>);
    expect(payloads[1]?.['iCalUID']).toBe(payloads[0]?.['iCalUID']);
    expect((await get(oldPath)).html).toContain(`href="${location}"`);
    expect((await get(location)).html).toContain('BOOKING_CREATED');
  });

  it('frees the old time and refuses a time that is taken, or its own', async () => {
    const path = await book();
    const other = await book({ start: SECOND, email: 'visitor.beta@example.test' });
    const taken = await post(`${path}/reschedule`, { start: SECOND, timeZone: 'Asia/Tokyo' });
    const same = await post(`${path}/reschedule`, { start: FIRST, timeZone: 'Asia/Tokyo' });
    expect([taken.status, same.status]).toEqual([409, 409]);
    expect(same.html).toContain('That is the time it has now');
    await post(`${other}/reschedule`, { start: '2026-10-07T05:00:00.000Z', timeZone: 'Asia/Tokyo' });
    expect((await post(`${path}/reschedule`, { start: SECOND, timeZone: 'Asia/Tokyo' })).status).toBe(303);
  });

  it('is canceled with its reason, once, and can then be changed no more', async () => {
    const path = await book();
    now = new Date('2026-10-05T01:00:00.000Z');
    await post(`${path}/cancel`, { reason: 'No longer needed' });
    await post(`${path}/cancel`, { reason: 'Again' });
    await post(`${path}/reschedule`, { start: SECOND, timeZone: 'Asia/Tokyo' });
    await post(`${path}/no-show`, { noShow: 'true' });
    await post(`${path}/end`, {});
    const events = receiver.events();
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      kind: 'canceled',
      bookingKey: events[0]?.bookingKey,
      sequence: 1,
      reason: 'No longer needed',
      actor: 'customer',
    });
    const { html } = await get(path);
    expect(html).toContain('This booking is canceled');
    expect(html).not.toContain('/reschedule"');
    expect(foldBooking(events).status).toBe('Canceled');
  });

  it('refuses a reason that Salesforce could not hold', async () => {
    const path = await book();
    const { status, html } = await post(`${path}/cancel`, { reason: 'x'.repeat(256) });
    expect(status).toBe(422);
    expect(html).toContain('Enter a reason of at most 255 characters.');
    expect(receiver.received).toHaveLength(1);
  });

  it('ends, is marked as no-show and unmarked again', async () => {
    const path = await book();
    now = new Date('2026-10-06T00:31:00.000Z');
    await post(`${path}/end`, {});
    await post(`${path}/no-show`, { noShow: 'true' });
    await post(`${path}/no-show`, { noShow: 'true' });
    expect((await get(path)).html).toContain('Nobody came');
    const upToNoShow = receiver.events();
    now = new Date('2026-10-06T00:32:00.000Z');
    await post(`${path}/no-show`, { noShow: 'false' });
    const events = receiver.events();
    expect(events.map(({ kind }) => kind)).toEqual(['scheduled', 'completed', 'noShow', 'noShowCleared']);
    expect(new Set(events.map(({ bookingKey }) => bookingKey)).size).toBe(1);
    expect(foldBooking(upToNoShow).status).toBe('No-show');
    expect(foldBooking(events).status).toBe('Completed');
  });

  it('has the keys of Cal.com’s own bodies, no more and no fewer', async () => {
    const ended = await book();
    await post(`${ended}/no-show`, { noShow: 'true' });
    await post(`${ended}/end`, {});
    const moved = await post(`${await book({ start: SECOND })}/reschedule`, {
      start: '2026-10-08T00:00:00.000Z',
      timeZone: 'Asia/Tokyo',
      reason: 'Later',
    });
    await post(`${moved.location}/cancel`, { reason: 'No longer needed' });
    const sent = new Map(receiver.received.map(({ body }) => [String(body['triggerEvent']), body]));
    const triggers = [
      'BOOKING_CREATED',
      'BOOKING_RESCHEDULED',
      'BOOKING_CANCELLED',
      'BOOKING_NO_SHOW_UPDATED',
      'MEETING_ENDED',
    ];
    expect([...sent.keys()].sort()).toEqual([...triggers].sort());
    for (const trigger of triggers) {
      // A question that only the sample's page asks, and an answer that the sample's flat body does not have.
      const own = /\.team-size\.|^\.responses\.attendeePhoneNumber$/;
      const [paths, expected] = [sent.get(trigger), sample(trigger)].map((body) =>
        keyPaths(body).filter((path) => !own.test(path)),
      );
      expect([trigger, paths]).toEqual([trigger, expected]);
    }
  });
});

describe('a connector that does not answer', () => {
  it('keeps the booking, says so, and sends the same bytes again when asked', async () => {
    await receiver.stop();
    const path = await book();
    const failed = await get(path);
    expect(failed.html).toContain('You are booked');
    expect(failed.html).toContain('Nobody answers at its address: is the connector running?');
    expect(failed.html).toContain('Cal.com would not');
    const again = /action="(\/booking\/[^"]+\/deliveries\/\d+)"/.exec(failed.html)?.[1] ?? '';

    await receiver.start();
    expect((await post(again, {})).location).toBe(path);
    expect(receiver.events()).toMatchObject([{ kind: 'scheduled' }]);
    const { html } = await get(path);
    expect(html).toContain('attempt 2');
    expect(html).not.toContain('Send again');
    await post(again, {});
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    [401, '{"title":"Unauthorized","detail":"…"}', 'the secrets differ'],
    [404, 'not json', 'It knows no source at that address'],
    [503, '{"title":"Service Unavailable","detail":"The store is busy."}', 'The store is busy.'],
  ])('says what an answer of %i means', async (status, body, told) => {
    receiver.answer = { status, body };
    const { html } = await get(await book());
    expect(html).toContain(`The connector answered ${status}`);
    expect(html).toContain(told);
    expect(html).toContain('Send again');
  });
});

describe('the page itself', () => {
  it('allows no inline script, no frame and no foreign form', async () => {
    const { headers, html } = await get('/');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(html).not.toMatch(/<script>|style="| on[a-z]+="/);
    const sent = { ...VISITOR, start: FIRST, timeZone: 'Asia/Tokyo' };
    const foreign = await post('/book/product-demo', sent, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
    expect(receiver.received).toHaveLength(0);
  });

  it('serves its own stylesheet, script and icon', async () => {
    const { html } = await get('/');
    const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(new Set(assets)).toEqual(new Set(['/assets/icon.svg', '/assets/demo.css', '/assets/demo.js']));
    for (const asset of assets) expect((await get(asset)).status).toBe(200);
  });

  it('answers in words where there is nothing, and for a form that cannot be read', async () => {
    for (const path of ['/book/nothing', '/booking/nobody', '/elsewhere']) {
      const { status, html } = await get(path);
      expect([path, status]).toEqual([path, 404]);
      expect(html).toContain('There is nothing here');
    }
    const large = await post('/book/product-demo', { note: 'x'.repeat(30_000) });
    expect(large.status).toBe(413);
    expect(large.html).toContain('The form could not be read');
  });

  it('answers at its own loopback address only', async () => {
    expect((await get('/')).status).toBe(200);
    const elsewhere = page.url.replace('127.0.0.1', '127.0.0.2');
    await expect(fetch(elsewhere, { signal: AbortSignal.timeout(2000) })).rejects.toThrow();
  });
});
