import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmulator } from 'org-emulator';
import { until } from '../bench/support/until';
import { createSource, openGate } from '../src/admin/admin';
import { connectOrg } from '../src/admin/connections';
import { runCommand } from '../src/cli/command';
import { beat } from '../src/connection/heartbeat';
import { readOpenNotices } from '../src/notice/notice.store';
import { signInErrorLines } from '../src/salesforce/oauth-error-table';
import { linkTeam, saveTeam } from '../src/sync/org.store';
import {
  book,
  emulatorPost,
  eventsIn,
  FORCE_APP,
  SECRET,
  setFault,
  signInByBrowser,
  startWorld,
  type World,
} from './support/connections';
import { describeOnEmbedded, describeOnStores, SILENT } from './support/postgres';
import { signIn } from './support/visitor';

/** What Salesforce says, and what an admin is told of it: its cause, and what he can do. */
const REFUSALS: readonly [error: string, description: string, cause: RegExp, remedy: RegExp][] = [
  ['invalid_grant', 'request not supported on this domain', /on the My Domain address of the org only/, /Enter the My/],
  ['invalid_grant', 'no client credentials user enabled', /no user to run as/, /choose its Run As user/],
  ['invalid_client', 'app must be installed into org', /not installed in this org/, /Install the app/],
  [
    'invalid_grant',
    "user hasn't approved this consumer",
    /user may not use the app/,
    /pre-authorize the permission set/,
  ],
  ['invalid_grant', 'ip restricted or invalid login hours', /login hours or trusted addresses/, /relax them/],
  ['inactive_user', 'user is inactive', /user is inactive/, /Activate the user/],
  ['inactive_org', 'organization is inactive', /locked, closed or suspended/, /Salesforce support/],
  ['invalid_grant', 'expired access/refresh token', /was revoked or has expired/, /Connect the org again/],
  ['invalid_grant', 'audience validation failed', /made out to another address/, /login for production/],
  ['invalid_grant', 'invalid assertion', /did not accept the key/, /Upload the certificate/],
  ['invalid_grant', 'expired authorization code', /took too long/, /Connect the org again/],
  ['invalid_grant', 'invalid code verifier', /begun in another window/, /Connect the org again/],
  ['invalid_grant', 'authentication failure', /did not accept the proof/, /settings of the app/],
  ['invalid_app_access', 'user is not admin approved to access this app', /may not use the app/, /pre-authorize/],
  ['OAUTH_APP_ACCESS_DENIED', 'denied', /may not use the app/, /pre-authorize/],
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', /admin has blocked the app/, /Connected Apps OAuth Usage/],
  ['invalid_client_id', 'client identifier invalid', /another one, or the app is younger than ten/, /Wait until/],
  ['invalid_client', 'invalid client credentials', /secret does not belong to the consumer key/, /Copy the consumer/],
  ['unsupported_grant_type', 'grant type not supported', /does not allow this way of signing in/, /Switch the flow on/],
  ['invalid_scope', 'the requested scope is not allowed', /does not have a scope/, /Add the scopes/],
  ['unsupported_response_type', 'response type not supported', /asks for consent/, /authorization code flow/],
  ['immediate_unsuccessful', '', /without asking the user/, /allow it on the page/],
  ['redirect_uri_mismatch', 'redirect_uri must match configuration', /does not list the address/, /callback address/],
  ['access_denied', 'end-user denied authorization', /refused on the page of Salesforce/, /allow it there/],
  ['rate_limit_exceeded', 'number of logins exceeded', /signed in too often/, /tries again later/],
  ['OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occured', /could not show its consent page/, /scopes/],
];

describeOnStores('a connection', (database) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld(database);
  }, 60_000);
  afterEach(() => world.stop());

  const written = (id: string) =>
    until(`${id} to be written`, async () => (await eventsIn(world.emulator)).includes(`cal:${id}`) || null);

  it('by client credentials is made while the server runs, and writes', async () => {
    const { app, emulator, connect, order } = world;
    await book(app, 'before');
    const { connection, tried } = await connect({ flow: 'clientCredentials', clientSecret: emulator.clientSecret });
    expect(tried).toEqual({ isIn: true, said: expect.stringContaining(emulator.username), remedy: null });
    expect(connection).toMatchObject({
      access: { state: 'connected' },
      signedInAs: emulator.username,
      teams: ['default'],
    });
    expect(await eventsIn(emulator)).toEqual([]);
    await openGate(app.admin, { backlog: true });
    await written('before');
    expect(JSON.stringify(await order('GET', '/orgs'))).not.toContain(emulator.clientSecret);
    const { rows } = await app.admin.store.query('select to_jsonb(o)::text as kept from org o');
    expect(String(rows[0]?.['kept'])).not.toMatch(new RegExp(`${emulator.clientSecret}|00D\\w+!`));
    const taken = await world.ask('POST', '/orgs', {
      id: 'sandbox',
      host: emulator.url,
      clientId: emulator.clientId,
      flow: 'clientCredentials',
      clientSecret: 'x',
    });
    expect(taken).toMatchObject({ status: 409, body: { detail: expect.stringContaining('already') } });
  }, 60_000);

  it('by JWT bearer shows the certificate to upload, and signs in with its key', async () => {
    const { app, emulator, connect, order } = world;
    const { connection, tried } = await connect({ flow: 'jwtBearer', username: emulator.username });
    expect(tried).toBeNull();
    const certificate = new X509Certificate(String(connection.certificate));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=Booking Connector sandbox');
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 4 * 365 * 86_400_000);

    // The app does not know it yet, then the user may not use the app, then all is well.
    const refused = await order('POST', '/orgs/sandbox/test');
    expect(refused.tried).toMatchObject({ isIn: false, remedy: expect.stringContaining('certificate') });
    await emulatorPost(emulator, '/settings', { jwtCertificate: String(connection.certificate) });
    await emulatorPost(emulator, '/revoke-tokens');
    expect((await order('POST', '/orgs/sandbox/test')).tried).toMatchObject({
      isIn: false,
      remedy: expect.stringContaining('pre-authorize'),
    });
    await emulatorPost(emulator, '/settings', { preauthorizedUserIds: [emulator.adminUserId] });
    expect((await order('POST', '/orgs/sandbox/reconnect', {})).tried).toMatchObject({ isIn: true });
    await openGate(app.admin, { backlog: true });
    await book(app, 'jwt');
    await written('jwt');

    // Sessions end; the key signs in again without anybody.
    await emulatorPost(emulator, '/end-sessions');
    await book(app, 'jwt-later');
    await written('jwt-later');
    const renewed = await order('POST', '/orgs/sandbox/reconnect', { newKey: true });
    expect(renewed.connection.certificate).not.toBe(connection.certificate);
    expect(renewed.tried).toBeNull();
  }, 60_000);

  it('by authorization code is allowed in a browser, and renews itself', async () => {
    const { app, emulator, connect, owner, order } = world;
    await emulatorPost(emulator, '/settings', { rotateRefreshTokens: true });
    const { connection, tried } = await connect({ flow: 'authorizationCode', clientSecret: emulator.clientSecret });
    expect([tried, connection.access.state]).toEqual([null, 'new']);
    expect(connection.callbackUrl).toBe(`${app.url}/console/salesforce/callback`);
    await openGate(app.admin, { backlog: true });
    await book(app, 'code');
    const waiting = await until('the lane to say why it waits', async () => {
      const { orgs } = (await order('GET', '/lanes')) as unknown as { orgs: { lane: { cause: string | null } }[] };
      return orgs[0]?.lane?.cause ?? null;
    });
    expect(waiting).toBe('Nobody has signed in to the org yet.');

    const page = await signInByBrowser(world, 'sandbox');
    expect([page.status, page.headers.get('location')]).toEqual([303, '/console/salesforce/sandbox']);
    expect((await order('GET', '/orgs/sandbox')) as unknown).toMatchObject({
      access: { state: 'connected' },
      signedInAs: emulator.username,
    });
    await written('code');
    for (const turn of ['first', 'second']) {
      await emulatorPost(emulator, '/end-sessions');
      await book(app, turn);
      await written(turn);
    }
    // What the browser came back with is good once, and in the session that began it.
    const { url } = (await order('POST', '/orgs/sandbox/sign-in', { session: owner.csrf })) as unknown as {
      url: string;
    };
    expect(new URL(url).searchParams.get('code_challenge_method')).toBe('S256');
    const other = await signIn(app);
    const back = String((await fetch(url, { redirect: 'manual' })).headers.get('location'));
    const inOther = await fetch(back, { redirect: 'manual', headers: { cookie: other.cookie } });
    expect([inOther.status, await inOther.text()]).toEqual([409, expect.stringContaining('was not begun here')]);
    expect((await fetch(back, { redirect: 'manual', headers: { cookie: owner.cookie } })).status).toBe(303);
    expect((await fetch(back, { redirect: 'manual', headers: { cookie: owner.cookie } })).status).toBe(409);
    expect((await fetch(back, { redirect: 'manual' })).status).toBe(401);
  }, 60_000);
});

describeOnEmbedded('a connection, whatever the store is,', (database) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(database);
  }, 60_000);
  afterAll(() => world.stop());

  const written = (id: string) =>
    until(`${id} to be written`, async () => (await eventsIn(world.emulator)).includes(`cal:${id}`) || null);

  it('goes on when another API user takes over, and never with another org', async () => {
    const { app, emulator, connect, order } = world;
    await connect({ flow: 'authorizationCode', clientSecret: emulator.clientSecret }, 'takeover');
    await signInByBrowser(world, 'takeover');
    const before = emulator.org.ids.administratorId;
    emulator.org.ids.administratorId = emulator.users.standard[0];
    try {
      await signInByBrowser(world, 'takeover');
    } finally {
      emulator.org.ids.administratorId = before;
    }
    expect((await order('GET', '/orgs/takeover')) as unknown).toMatchObject({ signedInAs: 'hana.host@example.com' });

    const elsewhere = emulator.org.ids.organizationId;
    emulator.org.ids.organizationId = '00D000000000999AAA';
    try {
      const page = await signInByBrowser(world, 'takeover');
      expect([page.status, await page.text()]).toEqual([409, expect.stringContaining('00D000000000999AAA')]);
      // The session that runs is renewed, and leads elsewhere too: nothing is written there.
      await emulatorPost(emulator, '/end-sessions');
      const { tried, connection } = await order('POST', '/orgs/takeover/test');
      expect(tried).toMatchObject({ isIn: false, said: expect.stringContaining('00D000000000999AAA') });
      expect(connection.access).toMatchObject({ state: 'lost', code: 'OTHER_ORG' });
      expect(await readOpenNotices(app.admin.store)).toMatchObject([{ key: 'access:takeover', severity: 'error' }]);
    } finally {
      emulator.org.ids.organizationId = elsewhere;
    }
    await signInByBrowser(world, 'takeover');
    expect(await readOpenNotices(app.admin.store)).toEqual([]);
  }, 60_000);

  it('is ended by an admin with its token, and keeps its settings', async () => {
    const { app, emulator, connect, order } = world;
    await connect({ flow: 'authorizationCode', clientSecret: emulator.clientSecret }, 'ended');
    await signInByBrowser(world, 'ended');
    await linkTeam(app.admin.store, 'default', 'ended');
    await openGate(app.admin, { backlog: true });
    await book(app, 'before');
    await written('before');
    const ended = (await order('POST', '/orgs/ended/disconnect')) as unknown as { isRevoked: boolean };
    expect(ended).toMatchObject({ isRevoked: true, connection: { access: { state: 'disconnected' } } });
    await book(app, 'meanwhile');
    const fault = await setFault(emulator, { path: 'oauth2/token' }, { latencyMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Nobody tries: an admin wanted it so. And nobody is told of what he did himself.
    expect((await fault.look()).strikes).toBe(0);
    await fault.end();
    expect(await readOpenNotices(app.admin.store)).toEqual([]);
    expect((await order('POST', '/orgs/ended/test')).tried).toMatchObject({ isIn: false });
    expect(await eventsIn(emulator)).not.toContain('cal:meanwhile');
    await signInByBrowser(world, 'ended');
    await written('meanwhile');
  }, 60_000);

  it('tells at once all that can be told without Salesforce', async () => {
    const { ask, app } = world;
    const refused = async (typed: object): Promise<Record<string, string>> => {
      const body = { id: 'x', flow: 'clientCredentials', host: 'login', clientId: '3MVG9ConsumerKey', ...typed };
      const answer = await ask('POST', '/orgs', body);
      expect(answer.status).toBe(422);
      const { errors } = answer.body as { errors: { field: string; error: string }[] };
      return Object.fromEntries(errors.map(({ field, error }) => [field, error]));
    };
    expect(await refused({ id: 'Not a name', clientId: 'two words' })).toEqual({
      id: expect.any(String),
      host: expect.stringContaining('My Domain'),
      clientId: expect.stringContaining('no consumer key'),
      clientSecret: expect.any(String),
    });
    expect((await refused({ host: 'https://salesforce.com.evil.example' })).host).toContain('salesforce.com');
    expect((await refused({ host: 'acme.lightning.force.com' })).host).toContain('has no API');
    const jwt = { flow: 'jwtBearer', privateKey: 'no key', username: 'nobody' };
    expect(Object.keys(await refused(jwt)).sort()).toEqual(['privateKey', 'username']);
    const atHome = Object.create(app.admin, { baseUrl: { value: 'http://bookings.example' } }) as typeof app.admin;
    const browser = { flow: 'authorizationCode', host: 'test', clientId: '3MVG9ConsumerKey' } as const;
    await expect(
      connectOrg(atHome, { ...browser, id: 'x', clientSecret: null, username: null, privateKey: null }),
    ).rejects.toThrow(/PUBLIC_URL/);
    expect(await ask('GET', '/orgs/x')).toMatchObject({ status: 404 });
  }, 30_000);

  it('is one of several, each with lanes of its own in one process', async () => {
    const { app, emulator, connect, order } = world;
    const second = await startEmulator({ deployDir: FORCE_APP });
    try {
      await connect({ flow: 'clientCredentials', clientSecret: emulator.clientSecret }, 'first');
      const other = { host: second.url, clientId: second.clientId, clientSecret: second.clientSecret };
      await order('POST', '/orgs', { id: 'other', flow: 'clientCredentials', ...other }, 201);
      const { store, now } = app.admin;
      await linkTeam(store, 'default', 'first');
      await saveTeam(store, 'second', now());
      await linkTeam(store, 'second', 'other');
      await createSource(app.admin, { id: 'cal2', kind: 'calcom', secret: SECRET });
      await store.query(`update source set team_id = 'second' where id = 'cal2'`);
      await store.query(
        `insert into setting select 'second', version, document, author, created_at from setting where team_id = 'default'`,
      );
      await openGate(app.admin, { backlog: true });
      await openGate({ ...app.admin, teamId: 'second' }, { backlog: true });
      await book(app, 'one');
      await written('one');
      await book(app, 'two', 'cal2');
      await until('the booking in the other org', async () => (await eventsIn(second)).includes('cal2:two') || null);
      expect(await eventsIn(emulator)).not.toContain('cal2:two');
      expect(await eventsIn(second)).toEqual(['cal2:two']);
    } finally {
      await second.close();
    }
  }, 60_000);

  it('is made, tested, ended and taken up again by the command line', async () => {
    const { emulator, env } = world;
    const file = join(await mkdtemp(join(tmpdir(), 'test-secret-')), 'secret');
    await writeFile(file, `${emulator.clientSecret}\n`);
    const run = async (...args: string[]): Promise<[number, string]> => {
      let said = '';
      const write = (text: string): void => void (said += text);
      return [
        await runCommand(['node', 'booking-connector', 'org', ...args], { stdout: write, stderr: write, env }),
        said,
      ];
    };
    const at = ['--host', emulator.url, '--client-id', emulator.clientId];
    expect(await run('connect', 'typed', ...at, '--flow', 'secret', '--client-secret-file', file)).toEqual([
      0,
      expect.stringContaining(`as ${emulator.username}`),
    ]);
    expect(await run('connect', 'typed', ...at, '--flow', 'browser')).toEqual([1, expect.stringContaining('already')]);
    expect(await run('test', 'typed')).toEqual([0, expect.stringContaining('Signed in to')]);
    expect(await run('disconnect', 'typed')).toEqual([0, expect.stringContaining('ended at Salesforce')]);
    expect(await run('test', 'typed')).toEqual([1, expect.stringContaining('Connect it again')]);
    expect((await run('list'))[1]).toContain('typed: disconnected by an admin');
    expect(await run('reconnect', 'typed')).toEqual([0, expect.stringContaining('Signed in to')]);
    expect(await run('reconnect', 'typed', '--flow', 'key', '--username', 'api@example.com')).toEqual([
      0,
      expect.stringContaining('BEGIN CERTIFICATE'),
    ]);
    const byBrowser = await run('connect', 'clicked', ...at);
    expect(byBrowser).toEqual([0, expect.stringContaining('/console/salesforce/callback')]);
    expect(await run('connect', 'x', '--host', 'login', '--client-id', 'a b', '--flow', 'secret')).toEqual([
      1,
      expect.stringMatching(/clientId: .*host: .*My Domain/s),
    ]);
    await rm(dirname(file), { recursive: true });
  }, 60_000);

  it('tells each refusal of the table with cause and remedy, at the token endpoint and from the browser', async () => {
    const { emulator, connect, order, owner, app } = world;
    await connect({ flow: 'clientCredentials', clientSecret: emulator.clientSecret }, 'refused');
    await connect({ flow: 'authorizationCode', clientSecret: emulator.clientSecret }, 'browser');
    const seen = new Set<string>();
    for (const [error, description, cause, remedy] of REFUSALS) {
      await emulatorPost(emulator, '/faults', {
        match: { path: '/services/oauth2/token', times: 1 },
        effect: { error: { status: 400, errorCode: error, message: description } },
      });
      const { tried, connection } = await order('POST', '/orgs/refused/reconnect', {});
      const said = String(tried?.said);
      expect([error, tried?.isIn, said]).toEqual([error, false, expect.stringMatching(cause)]);
      expect([error, tried?.remedy]).toEqual([error, expect.stringMatching(remedy)]);
      // Too many sign-ins pass by themselves: nobody is disconnected for them.
      if (error !== 'rate_limit_exceeded') expect(connection.access).toMatchObject({ cause: said });
      seen.add(said);

      const { url } = (await order('POST', '/orgs/browser/sign-in', { session: owner.csrf })) as unknown as {
        url: string;
      };
      const back = new URL(`${app.url}/console/salesforce/callback`);
      back.search = new URLSearchParams({
        error,
        error_description: description,
        state: String(new URL(url).searchParams.get('state')),
      }).toString();
      const page = await fetch(back, { headers: { cookie: owner.cookie } });
      const text = (await page.text()).replaceAll('&#39;', "'").replaceAll('&quot;', '"');
      expect([page.status, text]).toEqual([409, expect.stringMatching(cause)]);
      expect(text).toMatch(remedy);
    }
    // No line of the table is left out.
    expect([...new Set(signInErrorLines().map(({ cause }) => cause))].filter((cause) => !seen.has(cause))).toEqual([]);
  }, 120_000);

  it('outlives the idle limit of its refresh token by its heartbeat', async () => {
    const { app, emulator, connect, order } = world;
    await emulatorPost(emulator, '/settings', { rotateRefreshTokens: true, refreshTokenIdleDays: 30 });
    await connect({ flow: 'authorizationCode', clientSecret: emulator.clientSecret }, 'idle');
    await signInByBrowser(world, 'idle');
    const { store, connect: open } = app.admin;
    const started = Date.now();
    const at = (days: number): Date => new Date(started + days * 86_400_000);
    const setDay = (days: number) => emulatorPost(emulator, '/clock', { now: at(days).toISOString() });
    await beat({ store, connect: open, now: () => at(0.5), log: SILENT });
    for (const day of [20, 40]) {
      await setDay(day);
      await beat({ store, connect: open, now: () => at(day), log: SILENT });
    }
    expect((await order('POST', '/orgs/idle/test')).tried).toMatchObject({ isIn: true });
    // Without it: the token dies, and that is known before any booking comes.
    await setDay(80);
    await beat({ store, connect: open, now: () => at(80), log: SILENT });
    expect((await order('GET', '/orgs/idle')) as unknown).toMatchObject({
      access: { state: 'lost', code: 'invalid_grant', remedy: 'Connect the org again.' },
    });
    expect((await readOpenNotices(store)).map(({ key }) => key)).toContain('access:idle');
  }, 60_000);
});
