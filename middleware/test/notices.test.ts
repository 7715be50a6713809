import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { logChannel, mailChannel, webhookChannel } from '../src/notice/channels';
import { startMessenger, type Messenger } from '../src/notice/messenger';
import { MOST_ATTEMPTS, noticeKind, waitAfter, type Channel } from '../src/notice/notice';
import { endNotice, raiseNotice, readOpenNotices } from '../src/notice/notice.store';
import { standard } from '../src/source/standard';
import type { Store } from '../src/store/store';
import { describeOnEmbedded, describeOnStores, SILENT } from './support/postgres';

const LOST = {
  key: 'access:main',
  orgId: null,
  severity: 'error',
  what: 'The connection was revoked.',
  remedy: 'Connect the org again.',
} as const;
const AT = new Date('2026-11-20T10:00:00Z');
const consoleUrl = (): string => 'https://bookings.example.com/console';

/** Waits until something holds. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('It did not come to this within 10 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it.each([
  [1, 15_000],
  [2, 30_000],
  [12, 3_600_000],
  [MOST_ATTEMPTS, null],
])('after %i failed attempts waits %p ms', (attempts, expected) => {
  expect(waitAfter(attempts)).toBe(expected);
});

it('knows the kind of a notice', () => {
  expect(['access:main', 'drift'].map(noticeKind)).toEqual(['access', 'drift']);
});

describeOnStores('notices', (database) => {
  let store: Store;
  let running: Messenger[];
  let told: string[];
  /** Messages that are refused first. */
  let refusals: number;

  const channel: Channel = {
    name: 'test',
    send: (notice, event, messageId) => {
      refusals -= 1;
      if (refusals >= 0) return Promise.reject(new Error('No.'));
      told.push(`${messageId} ${event} ${notice.what}`);
      return Promise.resolve();
    },
  };
  const start = (now = (): Date => new Date()): void =>
    void running.push(startMessenger({ store, channels: [channel], now, log: SILENT, everyMs: 10 }));
  const messages = async (): Promise<{ event: string; attempts: number; isSent: boolean; isDue: boolean }[]> =>
    (
      await store.query<{ event: string; attempts: number; isSent: boolean; isDue: boolean }>(
        `select event, attempts, sent_at is not null as "isSent", due_at is not null as "isDue" from notice_message
         order by event desc`,
      )
    ).rows;

  beforeAll(async () => {
    store = await database.open();
  });
  beforeEach(() => {
    [running, told, refusals] = [[], [], 0];
  });
  afterEach(async () => {
    await Promise.all(running.map((messenger) => messenger.stop()));
    await store.query('delete from notice_message');
    await store.query('delete from notice');
  });

  it('are raised once while they last, and take on new words', async () => {
    expect(await raiseNotice(store, LOST, AT)).toBe(true);
    expect(await raiseNotice(store, { ...LOST, what: 'The user is inactive.' }, new Date())).toBe(false);
    expect(await readOpenNotices(store)).toMatchObject([
      { what: 'The user is inactive.', raisedAt: AT, endedAt: null },
    ]);
    expect(await endNotice(store, LOST.key, new Date())).toBe(true);
    expect(await endNotice(store, LOST.key, new Date())).toBe(false);
    expect(await readOpenNotices(store)).toEqual([]);
    expect(await raiseNotice(store, LOST, new Date())).toBe(true);
  });

  it('are told once by whichever of three looks first, and again when they are over', async () => {
    start();
    start();
    start();
    await Promise.all(Array.from({ length: 5 }, () => raiseNotice(store, LOST, new Date())));
    await until(() => told.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const id = (await readOpenNotices(store))[0]?.id ?? '';
    expect(told).toEqual([`notice-${id}-raised raised The connection was revoked.`]);
    await endNotice(store, LOST.key, new Date());
    await until(() => told.length > 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told.slice(1)).toEqual([`notice-${id}-ended ended The connection was revoked.`]);
  });

  it('are told later when nobody takes them, under the same id', async () => {
    refusals = 2;
    let now = AT;
    await raiseNotice(store, LOST, AT);
    start(() => now);
    for (const attempts of [1, 2]) {
      await until(async () => (await messages())[0]?.attempts === attempts && refusals === 2 - attempts);
      expect(told).toEqual([]);
      now = new Date(now.getTime() + 60_000);
    }
    await until(() => told.length === 1);
    await until(async () => (await messages())[0]?.isDue === false);
    expect(await messages()).toEqual([{ event: 'raised', attempts: 3, isSent: true, isDue: false }]);
  });

  it('are told again when the teller dies over it', async () => {
    await raiseNotice(store, LOST, AT);
    let now = AT;
    const hanging: Channel = { name: 'test', send: () => new Promise(() => undefined) };
    // Never stopped: it hangs, as a dead process does.
    startMessenger({ store, channels: [hanging], now: () => now, log: SILENT, everyMs: 60_000 });
    await until(async () => (await messages())[0]?.attempts === 1);
    start(() => now);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toEqual([]);
    now = new Date(now.getTime() + 121_000);
    await until(() => told.length === 1);
  });

  it('are told to nobody when they are over before anybody was told', async () => {
    refusals = 1;
    let now = AT;
    await raiseNotice(store, LOST, AT);
    start(() => now);
    await until(() => refusals === 0);
    await endNotice(store, LOST.key, AT);
    now = new Date(now.getTime() + 60_000);
    await until(async () => (await messages())[0]?.isDue === false);
    expect([told, await messages()]).toEqual([[], [{ event: 'raised', attempts: 1, isSent: false, isDue: false }]]);
  });
});

describeOnEmbedded('a notice is told', () => {
  const notice = { ...LOST, orgId: 'main', id: '7', raisedAt: AT, endedAt: null };

  it('to a web address, signed', async () => {
    const received: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks) });
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
      const webhook = webhookChannel({ url, secret, now: () => AT, consoleUrl });
      await webhook.send(notice, 'raised', 'notice-7-raised');
      const [{ headers, body }] = received as [(typeof received)[0]];
      expect(standard.verify(headers, body, [secret], AT)).toEqual({ secretIndex: 0 });
      expect(headers['webhook-id']).toBe('notice-7-raised');
      expect(JSON.parse(body.toString())).toEqual({
        type: 'notice.raised',
        timestamp: '2026-11-20T10:00:00.000Z',
        data: {
          id: '7',
          key: 'access:main',
          org: 'main',
          severity: 'error',
          what: 'The connection was revoked.',
          remedy: 'Connect the org again.',
          raisedAt: '2026-11-20T10:00:00.000Z',
          endedAt: null,
          consoleUrl: 'https://bookings.example.com/console',
        },
      });
      for (status of [302, 401, 500]) await expect(webhook.send(notice, 'raised', 'x')).rejects.toThrow();
      expect(received).toHaveLength(4);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('by e-mail', async () => {
    const mails: { from: string; to: string[]; text: string }[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map((one) => one.address), text });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    try {
      const { port } = server.server.address() as AddressInfo;
      const mail = mailChannel({
        smtpUrl: `smtp://127.0.0.1:${port}`,
        from: 'connector@example.com',
        to: 'ops@example.com, admin@example.com',
        consoleUrl,
      });
      await mail.send(notice, 'raised', 'notice-7-raised');
      await mail.send({ ...notice, endedAt: new Date('2026-11-20T11:00:00Z') }, 'ended', 'notice-7-ended');
      expect(mails.map(({ from, to }) => [from, to])).toEqual(
        Array(2).fill(['connector@example.com', ['ops@example.com', 'admin@example.com']]),
      );
      const [raised, ended] = mails.map(({ text }) => text.replaceAll('=\r\n', ''));
      expect(raised).toMatch(/^Message-ID: <notice-7-raised@booking-connector>/im);
      expect(raised).toMatch(/^Subject: \[Booking Connector\] The connection was revoked\./m);
      expect(raised).toContain('What to do: Connect the org again.');
      expect(raised).toContain('https://bookings.example.com/console');
      expect(ended).toMatch(/^Subject: \[Booking Connector\] Over: The connection was revoked\./m);
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
    const gone = mailChannel({ smtpUrl: 'smtp://127.0.0.1:1', from: 'a@b.example', to: 'c@d.example', consoleUrl });
    await expect(gone.send(notice, 'raised', 'x')).rejects.toThrow();
  });

  it('in the log, at a level that fits', async () => {
    const lines: [string, object, string][] = [];
    const write =
      (level: string) =>
      (fields: object, message: string): void =>
        void lines.push([level, fields, message]);
    const log = logChannel({ info: write('info'), warn: write('warn'), error: write('error') });
    await log.send(notice, 'raised', 'x');
    await log.send({ ...notice, severity: 'warning', orgId: null }, 'raised', 'x');
    await log.send(notice, 'ended', 'x');
    expect(lines.map(([level, , message]) => [level, message])).toEqual([
      ['error', 'The connection was revoked.'],
      ['warn', 'The connection was revoked.'],
      ['info', 'Over: The connection was revoked.'],
    ]);
    expect(lines[0]?.[1]).toEqual({ notice: 'access:main', event: 'raised', orgId: 'main', remedy: LOST.remedy });
  });
});
