import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../src/app';
import { runCommand } from '../src/cli/command';
import { readConfig } from '../src/config';
import { openState } from '../src/open-state';
import { calcomSignature } from '../src/source/calcom';
import { example, exampleBody } from './fixtures/source/build';
import { folded } from './support/folded';
import { SILENT } from './support/postgres';

describe('the command line', () => {
  let folder: string;
  let env: Record<string, string>;
  let app: App | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-command-'));
    // An org that nobody reaches: what arrives waits.
    env = {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9',
      SALESFORCE_CLIENT_ID: 'id',
      SALESFORCE_CLIENT_SECRET: 'org-secret',
      SALESFORCE_ALLOW_LOOPBACK: 'true',
    };
  });
  afterAll(async () => {
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const printed = { out: '', err: '' };
    const terminal = {
      stdout: (text: string) => void (printed.out += text),
      stderr: (text: string) => void (printed.err += text),
      env,
    };
    const exitCode = await runCommand(['node', 'booking-connector', ...args], terminal);
    return { exitCode, ...printed };
  };
  const json = async <T>(...args: string[]): Promise<T> => {
    const { exitCode, out, err } = await run(...args, '--json');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    return JSON.parse(out) as T;
  };

  /** Through the running server's store, or one of its own. */
  const removeSources = async (...ids: string[]) => {
    const { store } = app?.admin ?? (await openState(readConfig(env), SILENT));
    await store.query('delete from source where id = any($1)', [ids]);
    if (app === undefined) await store.close();
  };

  describe.each([
    ['without a server, on the store itself', false],
    ['through the running server', true],
  ])('%s', (_title, isRunning) => {
    const id = isRunning ? 'running' : 'stopped';

    beforeAll(async () => {
      if (isRunning) app = await startApp(readConfig(env), SILENT);
    }, 30_000);

    it('plans bookings that are still to come anew, of all pages or one', async () => {
      expect(await json('replan')).toEqual({ replanned: 0 });
      expect(await json('replan', '--page', 'cal:demo')).toEqual({ replanned: 0 });
      expect(await run('replan', '--page', 'demo')).toMatchObject({
        exitCode: 1,
        err: expect.stringContaining('<source id>:<page id>'),
      });
    });

    it('creates a source and shows its address and secret, once', async () => {
      const created = await json<Record<string, string>>('source', 'create', id, '--kind', 'calcom');
      expect(created).toMatchObject({
        id,
        kind: 'calcom',
        webhookUrl: expect.stringMatching(`^http://.*/webhooks/${id}$`),
      });
      expect(created.secret).toMatch(/^[0-9a-f]{48}$/);
      const again = await run('source', 'create', id, '--kind', 'calcom');
      expect([again.exitCode, again.err]).toEqual([
        1,
        `There is a source called ${id} already. Choose another name.\n`,
      ]);
    });

    it('tells what to do in the scheduling system, in JSON too', async () => {
      const { out } = await run('source', 'create', `${id}-told`, '--kind', 'timerex');
      expect(out).toContain('1. In TimeRex');
      expect(out).toContain('Bookings count as completed by the clock, 0 minutes after their end.');
      expect(out).toContain('More about it: docs/connect/timerex.md');
      const created = await json<{ instructions: { values?: string[] }[]; secret: string }>(
        ...['source', 'create', `${id}-json`, '--kind', 'calcom', '--never-complete'],
      );
      expect(created).toMatchObject({ completeAfterMinutes: null });
      expect(created.instructions.flatMap(({ values }) => values ?? [])).toContain(created.secret);
      await removeSources(`${id}-told`, `${id}-json`);
    });

    it('rotates a secret in two steps, and lists how many are accepted', async () => {
      const first = await json<{ secret: string }>('source', 'rotate', id);
      expect(first).toEqual({ id, secret: expect.stringMatching(/^[0-9a-f]{48}$/), secrets: 2 });
      const third = await run('source', 'rotate', id);
      expect([third.exitCode, third.err]).toEqual([1, expect.stringContaining('has two secrets already')]);
      expect((await run('source', 'list')).out).toContain(`booking-connector source rotate ${id} --finish`);
      expect(await json('source', 'rotate', id, '--finish')).toEqual({ id, secret: null, secrets: 1 });
      const again = await run('source', 'rotate', id, '--finish');
      expect([again.exitCode, again.err]).toEqual([1, expect.stringContaining('no rotation is to be finished')]);
    });

    it("gives a source the key of its system's API, sealed, and takes it away", async () => {
      await json('source', 'create', `${id}-once`, '--kind', 'oncehub');
      const apiKey = (...args: string[]) => run('source', 'api-key', `${id}-once`, ...args);
      const sealed = async (): Promise<unknown> => {
        const { store } = app?.admin ?? (await openState(readConfig(env), SILENT));
        const { rows } = await store.query<{ key: Buffer | null }>(
          'select api_credential_sealed as key from source where id = $1',
          [`${id}-once`],
        );
        if (app === undefined) await store.close();
        return rows[0]?.key;
      };
      expect(await apiKey('--key', 'once-key-1')).toMatchObject({
        exitCode: 0,
        out: expect.stringContaining('is asked'),
      });
      expect(String(await sealed())).toMatch(/./);
      expect(String(await sealed())).not.toContain('once-key-1');
      expect(await json('source', 'api-key', `${id}-once`, '--remove')).toEqual({ id: `${id}-once`, isAsked: false });
      expect(await sealed()).toBeNull();
      for (const [args, exitCode, reason] of [
        [[], 2, '--key'],
        [['--key', 'x', '--remove'], 2, 'cannot be used with'],
        [['--key', 'two words'], 1, 'Expected the API key'],
      ] as const)
        expect(await apiKey(...args)).toMatchObject({ exitCode, err: expect.stringContaining(reason) });
      const ofCalcom = await run('source', 'api-key', id, '--key', 'x');
      expect([ofCalcom.exitCode, ofCalcom.err]).toEqual([1, expect.stringContaining('Nothing is asked')]);
      await removeSources(`${id}-once`);
    });

    it.each([
      ['a kind that there is not', ['source', 'create', 'x', '--kind', 'nope'], 1, 'no kind of source called "nope"'],
      ['an id that cannot be in an address', ['source', 'create', 'A b', '--kind', 'calcom'], 1, 'lower-case'],
      ['a document that is no JSON', ['settings', 'import', __filename], 1, 'is no JSON'],
      ['a file that there is not', ['settings', 'import', '/nowhere'], 1, 'cannot be read'],
      ['a command that there is not', ['fly'], 2, 'unknown command'],
      ['a missing option', ['source', 'create'], 2, 'not specified'],
      ['a secret that is no base64', ['source', 'create', 'x', '--kind', 'standard', '--secret', 'ä'], 1, 'is base64'],
      ['a token that no header holds', ['source', 'create', 'x', '--kind', 'timerex', '--secret', 'a b'], 1, 'header'],
      [
        'two ways to complete',
        ['source', 'create', 'x', '--kind', 'jicoo', '--never-complete', '--complete-after', '5'],
        2,
        'cannot be used with',
      ],
      ['to rotate a source that there is not', ['source', 'rotate', 'nowhere'], 1, 'no source called "nowhere"'],
      ['to test a source that there is not', ['source', 'test', 'nowhere'], 1, 'no source called "nowhere"'],
    ])('refuses %s in a sentence', async (_what, args, exitCode, reason) => {
      const answer = await run(...args);
      expect(answer.exitCode).toBe(exitCode);
      expect(answer.err).toContain(reason);
      expect(answer.err).not.toContain('    at ');
    });

    it('makes a link, and tokens that can be taken back; the audit names who did', async () => {
      const link = await json<{ url: string; minutes: number }>('link', '--name', 'Ana', '--role', 'member');
      expect(link).toEqual({ url: expect.stringMatching(/\/console\/enter\?token=[\w-]{43}$/), minutes: 15 });
      const made = await json<{ id: string; token: string }>('token', 'create', 'robot', '--role', 'admin');
      expect(made).toMatchObject({ name: 'robot', role: 'admin', token: expect.stringMatching(/^bct_[\w-]{43}$/) });
      const { tokens } = await json<{ tokens: { id: string }[] }>('token', 'list');
      expect(tokens.find((token) => token.id === made.id)).toMatchObject({
        name: 'robot',
        usedAt: null,
        revokedAt: null,
      });
      expect(await json('token', 'revoke', made.id)).toEqual({ id: made.id });
      const again = await run('token', 'revoke', made.id);
      expect([again.exitCode, again.err]).toEqual([1, expect.stringContaining('There is no token')]);
      expect((await run('token', 'create', 'x', '--role', 'king')).exitCode).toBe(2);
      const { out } = await run('audit');
      expect(out).toContain(`${userInfo().username} (owner, cli)  createToken {"name":"robot","role":"admin"}: done`);
      expect(out).toContain('revokeToken');
      for (const secret of [made.token, link.url.replace(/.*=/, '')]) expect(out).not.toContain(secret);
    });

    it('exports settings, and imports them as a new version', async () => {
      const file = join(folder, `${id}.json`);
      const { version } = await json<{ version: number }>('settings', 'export', file);
      const settings = JSON.parse(await readFile(file, 'utf8')) as { rules: Record<string, unknown> };
      settings.rules.unknownCustomer = 'Contact';
      await writeFile(file, JSON.stringify(settings));
      // Of this org nothing can be asked: the document is saved, and that is told.
      expect(await json('settings', 'import', file)).toEqual({
        version: version + 1,
        problems: [],
        notChecked: expect.stringMatching(/not checked/),
      });
      const exported = await run('settings', 'export');
      expect(JSON.parse(exported.out)).toEqual(settings);
    });

    it('refuses settings with every problem at once, and saves nothing', async () => {
      const file = join(folder, 'wrong.json');
      await writeFile(file, JSON.stringify({ rules: { unknownCustomer: 'Account' }, extra: 1 }));
      const before = await json<{ version: number }>('settings', 'export', join(folder, 'x.json'));
      const answer = await run('settings', 'import', file);
      expect(answer.exitCode).toBe(1);
      for (const problem of ['rules.unknownCustomer', 'rules.searchOrder', 'mappings', 'extra'])
        expect(answer.err).toContain(problem);
      expect(await json('settings', 'export', join(folder, 'x.json'))).toMatchObject({ version: before.version });
    });
  });

  it('creates a source with a mapping of its own, which reads its webhooks', async () => {
    const file = join(folder, 'acme.json');
    const mapping = {
      name: 'acme',
      kind: "'scheduled'",
      bookingKey: 'id',
      occurredAt: 'made',
      startsAt: 'start',
      durationMinutes: '30',
      customer: { email: 'who.mail' },
    };
    await writeFile(file, JSON.stringify({ ...mapping, startsAt: 'start +' }));
    const refused = await run('source', 'create', 'acme', '--kind', 'mapped', '--mapping', file);
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain('startsAt');
    await writeFile(file, JSON.stringify(mapping));
    const { secret } = await json<{ secret: string }>(
      'source',
      'create',
      'acme',
      '--kind',
      'mapped',
      '--mapping',
      file,
    );
    const body = JSON.stringify({
      id: 'a1',
      made: '2027-01-01T00:00:00Z',
      start: '2027-02-01T10:00:00Z',
      who: { mail: 'x@example.test' },
    });
    const send = (token: string) =>
      fetch(`${app?.url}/webhooks/acme`, { method: 'POST', body, headers: { 'x-booking-token': token } });
    expect((await send('wrong')).status).toBe(401);
    const response = await send(secret);
    expect([response.status, await response.json()]).toEqual([202, { outcome: 'stored' }]);
    await folded(app!.admin.store);
    const { rows } = await app!.admin.store.query(`select state from booking where source_id = 'acme'`);
    expect(rows).toMatchObject([
      { state: { startsAt: '2027-02-01T10:00:00.000Z', endsAt: '2027-02-01T10:30:00.000Z' } },
    ]);
    await app!.admin.store.query(`update booking set due_at = null where source_id = 'acme'`);
  });

  it('replays what a mapping did not understand, once it is put right', async () => {
    const file = join(folder, 'later.json');
    const mapping = {
      name: 'later',
      when: '$exists(number)',
      kind: "'scheduled'",
      bookingKey: 'id',
      occurredAt: '$receivedAt',
      startsAt: "'2027-02-01T10:00:00Z'",
      durationMinutes: '30',
    };
    await writeFile(file, JSON.stringify(mapping));
    const { secret } = await json<{ secret: string }>(
      ...['source', 'create', 'later', '--kind', 'mapped', '--mapping', file],
    );
    const response = await fetch(`${app?.url}/webhooks/later`, {
      method: 'POST',
      body: '{"number":"n1","mail":"pilar@visitor.example"}',
      headers: { 'x-booking-token': secret },
    });
    expect([response.status, await response.json()]).toEqual([202, { outcome: 'refused' }]);
    const told = await run('status');
    expect(told.out).toMatch(/Refused webhooks: 1\n {2}\d+ of later, .* UTC: bookingKey: /);
    expect(told.out).not.toContain('pilar');
    expect(await json('retry')).toMatchObject({ replayed: { stored: 0, refused: 1 } });
    await writeFile(file, JSON.stringify({ ...mapping, bookingKey: 'number +' }));
    expect((await run('source', 'update', 'later', '--mapping', file)).err).toContain('bookingKey');
    await writeFile(file, JSON.stringify({ ...mapping, bookingKey: 'number' }));
    expect(await json('source', 'update', 'later', '--mapping', file, '--complete-after', '5')).toEqual({
      id: 'later',
      completeAfterMinutes: 5,
      customerPage: null,
    });
    const customers = 'https://app.example.test/{customer.email}';
    const shown = await run('source', 'update', 'later', '--customer-page', customers);
    expect(shown.out).toContain(`"View customer" opens ${customers}.`);
    expect((await run('source', 'update', 'later', '--customer-page', 'app.example.test')).err).toContain(
      'customerPage: Write {customer.id}',
    );
    expect(await json('source', 'update', 'later', '--no-customer-page')).toMatchObject({ customerPage: null });
    expect((await run('retry')).out).toContain('1 are understood now, 0 are ignored now, 0 are still refused');
    expect((await run('status')).out).toContain('Refused webhooks: 0');
    expect(await json('source', 'update', 'later', '--never-complete')).toMatchObject({ completeAfterMinutes: null });
    for (const [args, reason] of [
      [['later'], 'Nothing is to be changed'],
      [['running', '--mapping', file], 'has no mapping of its own'],
    ] as const)
      expect((await run('source', 'update', ...args)).err).toContain(reason);
    await app!.admin.store.query(`update booking set due_at = null where source_id = 'later'`);
  });

  it('tests a source through its own address: nothing is written for it', async () => {
    const passed = await run('source', 'test', 'running');
    expect([passed.exitCode, passed.err]).toEqual([0, '']);
    expect(passed.out).toContain('what is signed with the newest secret is accepted');
    expect(passed.out).toContain('that anybody else reaches the address: it is of this machine');
    expect(passed.out).toContain('none so far');
  });

  it('says of a source whose server does not run that nobody answers', async () => {
    const { out, err, exitCode } = await run('source', 'list');
    expect([out, err, exitCode]).toEqual([expect.stringContaining('last delivery: never'), '', 0]);
    const elsewhere = { ...env, DATA_DIR: join(folder, 'elsewhere'), PUBLIC_URL: 'http://127.0.0.1:9' };
    const printed = { out: '', err: '' };
    const terminal = {
      stdout: (text: string) => void (printed.out += text),
      stderr: (text: string) => void (printed.err += text),
      env: elsewhere,
    };
    const ask = (...args: string[]) => runCommand(['node', 'booking-connector', 'source', ...args], terminal);
    expect(await ask('create', 'lonely', '--kind', 'calcom')).toBe(0);
    expect(await ask('test', 'lonely')).toBe(1);
    expect(printed.err).toContain('cannot be reached from this machine');
  });

  it('shows and sets what may be used of the API calls of the org', async () => {
    expect(await json('budget')).toMatchObject([
      { orgId: 'main', reservePercent: 20, dailyCap: null, lanes: 1, left: null },
    ]);
    const set = await json('budget', '--reserve', '35', '--cap', '5000', '--lanes', '2');
    expect(set).toMatchObject([{ reservePercent: 35, dailyCap: 5000, lanes: 2, left: 5000, limit: 'cap' }]);
    expect(await json('budget', '--cap', 'none')).toMatchObject([{ reservePercent: 35, dailyCap: null, lanes: 2 }]);
    const { out } = await run('budget', '--cap', '700', '--lanes', '1', '--org', 'main');
    expect(out).toContain('API calls to org main in the last 24 hours: 0\n');
    expect(out).toContain("all but 35 % of the org's allowance, at most 700 in 24 hours; one lane\n");
    expect((await run('status')).out).toContain('  Left: 700, by the cap\n');

    const { exitCode, err } = await run('budget', '--org', 'other');
    expect([exitCode, err]).toEqual([1, 'There is no org "other". Known are: main.\n']);
    for (const wrong of [
      ['--cap', 'many'],
      ['--lanes', '3'],
      ['--reserve', '-5'],
    ]) {
      expect([wrong, (await run('budget', ...wrong)).exitCode]).toEqual([wrong, 2]);
    }
    for (const refused of [
      ['--cap', '9'],
      ['--reserve', '96'],
    ]) {
      expect([refused, (await run('budget', ...refused)).exitCode]).toEqual([refused, 1]);
    }
    await json('budget', '--reserve', '20', '--cap', 'none');
  });

  it('opens and closes the gate, and tells how things are', async () => {
    expect((await run('status')).out).toContain('run "booking-connector gate open"');
    expect(await json('gate', 'open', '--backlog')).toEqual({ orgs: ['main'] });
    const { secret } = await json<{ secret: string }>('source', 'create', 'told', '--kind', 'calcom');
    const body = exampleBody('calcom', 'BOOKING_CREATED');
    const headers = { 'x-cal-signature-256': calcomSignature(secret, body) };
    const response = await fetch(`${app?.url}/webhooks/told`, { method: 'POST', headers, body });
    expect(response.status).toBe(202);
    const status = await json<{ pending: number; orgs: { startedAt: string }[]; sources: { id: string }[] }>('status');
    expect(status).toMatchObject({ pending: 1, orgs: [{ id: 'main', startedAt: expect.any(String) }] });
    expect(status.sources.map(({ id }) => id)).toEqual(['acme', 'later', 'running', 'stopped', 'told']);
    expect(await json('gate', 'close')).toEqual({ orgs: ['main'] });
    expect((await json<{ orgs: { startedAt: null }[] }>('status')).orgs[0]?.startedAt).toBeNull();
    expect(await json('retry')).toEqual({
      retried: 0,
      replayed: { stored: 0, ignored: 0, refused: 0, failed: 0 },
    });
    // Neither the store's secrets nor the visitor's address belong into what an operator reads at a glance.
    const words = (await run('status')).out;
    expect(words).not.toContain('org-secret');
    expect(words).not.toContain(example('calcom', 'BOOKING_CREATED').payload.attendees[0].email);
  });
});
