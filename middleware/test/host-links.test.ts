import { until } from '../bench/support/until';
import { openGate } from '../src/admin/admin';
import { saveHostLink } from '../src/host/host-link.store';
import { runCommand } from '../src/cli/command';
import { calcomSignature } from '../src/source/calcom';
import { exampleBody } from './fixtures/source/build';
import { allow, emulatorPost, SECRET, setFault, startWorld, type World } from './support/connections';
import { describeOnStores } from './support/postgres';
import { signIn, type SignedIn } from './support/visitor';

const HOST = 'rosa@host.example';
const DAY_MS = 86_400_000;

/** Sends a booking of the host that begins in a week. */
async function book({ app }: World, uid: string, host = HOST): Promise<void> {
  const { payload, ...body } = JSON.parse(exampleBody('calcom', 'BOOKING_CREATED').toString('utf8')) as {
    payload: { organizer: object };
  };
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const times = { startTime: at(7 * DAY_MS), endTime: at(7 * DAY_MS + 1_800_000) };
  const text = JSON.stringify({
    ...body,
    payload: { ...payload, uid, ...times, organizer: { ...payload.organizer, email: host } },
  });
  const headers = { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(SECRET, text) };
  const answer = await fetch(`${app.url}/webhooks/cal`, { method: 'POST', headers, body: text });
  if (answer.status !== 202) throw new Error(`A webhook was answered ${answer.status}.`);
}

/** A user of the org, with his username. */
interface OrgUser {
  id: string;
  username: string;
}

describeOnStores('a host who is linked to a user', (database) => {
  let world: World;
  let hana: OrgUser;
  let other: OrgUser;
  let asAdmin: (method: string, path: string, body?: object) => Promise<Record<string, unknown>>;

  beforeAll(async () => {
    world = await startWorld(database);
    const { emulator, connect, app } = world;
    asAdmin = async (method, path, body) => {
      const answer = await fetch(`${emulator.url}/services/data/v67.0${path}`, {
        method,
        headers: {
          authorization: `Bearer ${emulator.signIn(emulator.adminUserId)}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`);
      return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    };
    const userOf = async (id: string): Promise<OrgUser> => ({
      id,
      username: String((await asAdmin('GET', `/sobjects/User/${id}`))['Username']),
    });
    const [first, second] = emulator.users.standard;
    hana = await userOf(first);
    other = await userOf(second);
    await connect({ flow: 'clientCredentials', clientSecret: emulator.clientSecret });
    await openGate(app.admin, { backlog: true });
  }, 60_000);
  afterAll(() => world.stop());
  beforeEach(async () => {
    await world.app.admin.store.query('delete from host_link');
  });

  const ownerOf = async (uid: string): Promise<string | null> => {
    const soql = `SELECT OwnerId FROM Event WHERE Booking_Id__c = 'cal:${uid}'`;
    const { records } = (await asAdmin('GET', `/query?q=${encodeURIComponent(soql)}`)) as {
      records: { OwnerId: string }[];
    };
    return records[0]?.OwnerId ?? null;
  };
  const owned = (uid: string, userId: string) =>
    until(`${uid} to belong to ${userId}`, async () => ((await ownerOf(uid)) === userId ? true : null));
  /** Its log says so once the turn is settled, which is after Salesforce has it. */
  const logged = async (uid: string, words: string): Promise<void> => {
    const { rows } = await world.app.admin.store.query('select id from booking where root_key = $1', [uid]);
    await until(`the log of ${uid} to say: ${words}`, async () => {
      const { body } = await world.ask('GET', `/bookings/${String(rows[0]?.['id'])}`);
      return JSON.stringify(body).includes(words) || null;
    });
  };
  /** The address of Salesforce that the page before it leads to. */
  const leave = async (visitor: SignedIn, as: OrgUser): Promise<string> => {
    const page = await (await visitor.post('/me/link')).text();
    const url = new URL((/href="(http[^"]+authorize[^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&'));
    url.searchParams.set('login_hint', as.username);
    return url.href;
  };
  const linkAs = async (visitor: SignedIn, as: OrgUser): Promise<Response> => allow(visitor, await leave(visitor, as));
  /** What the page says that a browser ends on. */
  const told = async (visitor: SignedIn, ended: Response): Promise<string> => {
    if (ended.status !== 303) return (await ended.text()).replace(/\s+/g, ' ');
    const path = String(ended.headers.get('location')).replace('/console', '');
    const cookies = ended.headers.getSetCookie().map((one) => one.replace(/;.*/, ''));
    const page = await fetch(`${world.app.url}/console${path}`, {
      headers: { cookie: [visitor.cookie, ...cookies].join('; ') },
    });
    return (await page.text()).replace(/\s+/g, ' ');
  };

  it('by signing in to Salesforce owns his bookings to come; no token is kept, and he can end it', async () => {
    const { app, emulator } = world;
    await book(world, 'self');
    await owned('self', emulator.adminUserId);
    const rep = await signIn(app, 'rep', { email: 'Rosa@Host.example' });
    expect(await (await rep.get('')).text()).toContain('/console/me');
    const url = await leave(rep, hana);
    expect(new URL(url).searchParams.get('scope')).toBe('openid profile email');
    const revocations = await setFault(emulator, { path: '/services/oauth2/revoke' }, { latencyMs: 1 });
    const page = await told(rep, await allow(rep, url));
    expect(page).toContain(`Bookings of ${HOST} and hana.host@example.com belong to ${hana.username} from now on.`);
    expect(page).toContain('The owner of 1 booking to come is chosen anew.');
    await owned('self', hana.id);
    await logged('self', 'the user whom the host is linked to');

    // Bookings that come after it, too; and nothing that opens Salesforce is in the store.
    await book(world, 'self-later');
    await owned('self-later', hana.id);
    const { store } = app.admin;
    const { rows: tables } = await store.query(
      `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const { rows } = await store.query(
        `select coalesce(string_agg(to_jsonb(t)::text, ' '), '') as kept from "${String(name)}" t`,
      );
      expect([name, /00D\w{12}!|5Aep861/.exec(String(rows[0]?.['kept']))?.[0] ?? null]).toEqual([name, null]);
    }
    expect((await revocations.look()).strikes).toBe(1);
    await revocations.end();

    expect(await told(rep, await rep.post('/me/unlink'))).toContain(`${HOST} is linked to nobody.`);
    await owned('self', emulator.adminUserId);
    await owned('self-later', emulator.adminUserId);
  }, 60_000);

  it('is not linked by what was begun elsewhere, used before or too late, or by a refusal', async () => {
    const { app } = world;
    const rep = await signIn(app, 'rep', { email: HOST });
    const stranger = await signIn(app, 'rep', { email: 'eve@host.example' });
    const url = await leave(rep, hana);
    const back = String((await fetch(url, { redirect: 'manual' })).headers.get('location'));
    const open = (visitor: SignedIn, address: string) =>
      fetch(address, { redirect: 'manual', headers: { cookie: visitor.cookie } });
    expect(await told(stranger, await open(stranger, back))).toContain('was not begun here');
    expect((await open(rep, back)).status).toBe(303);
    expect(await told(rep, await open(rep, back))).toContain('or was used');

    await app.admin.store.query('delete from host_link');
    const late = await leave(rep, hana);
    await app.admin.store.query(`update org_sign_in set expires_at = now() - interval '1 second'`);
    expect(await told(rep, await allow(rep, late))).toContain('longer than ten minutes');

    const state = new URL(await leave(rep, hana)).searchParams.get('state') ?? '';
    const denied = `${app.url}/console/salesforce/callback?error=access_denied&state=${state}`;
    expect(await told(rep, await open(rep, denied))).toContain('Nothing was changed');
    expect((await app.admin.store.query('select 1 from host_link')).rows).toEqual([]);

    // What was begun to link oneself connects no org, whoever ends it.
    const owner = world.owner;
    const begun = new URL(await leave(owner, hana)).searchParams.get('state') ?? '';
    const answer = await world.ask('POST', '/orgs/sign-in', { state: begun, session: owner.csrf, code: 'x' });
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('was not begun here') } });
  }, 60_000);

  it('is not linked to a user of another org, nor by an address that nobody has verified', async () => {
    const { app, emulator } = world;
    const rep = await signIn(app, 'rep', { email: HOST });
    const { rows } = await app.admin.store.query('select salesforce_org_id from org');
    await app.admin.store.query(`update org set salesforce_org_id = '00D000000000009EAA'`);
    try {
      expect(await told(rep, await linkAs(rep, hana))).toContain('You signed in to the Salesforce org');
    } finally {
      await app.admin.store.query('update org set salesforce_org_id = $1', [rows[0]?.['salesforce_org_id']]);
    }
    await emulatorPost(emulator, '/settings', { unverifiedEmailUserIds: [hana.id] });
    const nameless = await signIn(app, 'rep');
    expect(await told(nameless, await linkAs(nameless, hana))).toContain('has not verified your e-mail address');
    expect((await app.admin.store.query('select 1 from host_link')).rows).toEqual([]);
    // The address of the sign-in link counts all the same, and it alone.
    expect(await told(rep, await linkAs(rep, hana))).toContain(`Bookings of ${HOST} belong`);
    await emulatorPost(emulator, '/settings', { unverifiedEmailUserIds: [] });
  }, 60_000);

  it('by an admin keeps that user, whoever signs in; a rep changes nobody else', async () => {
    const { app, ask, env } = world;
    await book(world, 'admin', 'max@host.example');
    const linked = await ask('POST', '/hosts/link', { host: 'Max@host.example', user: other.username });
    expect(linked).toMatchObject({
      status: 200,
      body: { host: 'max@host.example', link: { via: 'admin', userId: other.id } },
    });
    await owned('admin', other.id);

    const max = await signIn(app, 'rep', { email: 'max@host.example' });
    // Also as the same user: what an admin said stays his.
    expect(await told(max, await linkAs(max, other))).toContain('An admin has linked the host max@host.example');
    expect(await told(max, await linkAs(max, hana))).toMatch(
      /Bookings of hana\.host@example\.com belong.*An admin has linked the host max@host\.example, which stays so/,
    );
    await emulatorPost(world.emulator, '/settings', { unverifiedEmailUserIds: [hana.id] });
    expect(await told(max, await linkAs(max, hana))).toContain('Not linked');
    await emulatorPost(world.emulator, '/settings', { unverifiedEmailUserIds: [] });
    expect(await told(max, await max.post('/me/unlink'))).toContain('ask an admin to end it');
    expect((await max.post('/hosts/link', { host: HOST, user: hana.username })).status).toBe(403);
    expect((await max.get('/hosts')).status).toBe(403);
    expect((await max.post('/me/link', { csrf: 'another' })).status).toBe(403);

    const hosts = await (await world.owner.get('/hosts')).text();
    expect(hosts.replace(/\s+/g, ' ')).toMatch(/max@host\.example.*by link.*linked to/);
    const terminal = { text: '', error: '' };
    const run = (...argv: string[]) =>
      runCommand(['node', 'booking-connector', ...argv], {
        stdout: (text) => void (terminal.text += text),
        stderr: (text) => void (terminal.error += text),
        env,
      });
    expect(await run('host', 'list')).toBe(0);
    expect(terminal.text).toContain(`max@host.example`);
    expect(terminal.text).toContain(`${other.username}, by a link.`);
    expect(await run('host', 'link', 'max@host.example', 'nobody@nowhere.example')).toBe(1);
    expect(terminal.error).toContain('No active user of the org is called nobody@nowhere.example');
    expect(await run('host', 'unlink', 'max@host.example')).toBe(0);
    expect(await run('host', 'unlink', 'max@host.example')).toBe(1);
    expect(terminal.error).toContain('is linked to nobody');
    await owned('admin', world.emulator.adminUserId);
    const audit = JSON.stringify((await ask('GET', '/audit')).body);
    for (const action of ['linkHost', 'unlinkHost', 'finishHostLink']) expect(audit).toContain(action);
    expect(audit).not.toContain('max@host.example');
  }, 60_000);

  it('goes by his address again where that user is not active any more, and says so', async () => {
    const { app, ask, emulator } = world;
    const { inactive } = emulator.users;
    expect(await ask('POST', '/hosts/link', { host: 'hana.host@example.com', user: inactive })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('No active user') },
    });
    // He left after he was linked.
    const scope = { teamId: 'default', salesforceOrgId: emulator.orgId };
    const gone = { userId: inactive, username: 'gone@example.com', via: 'signIn', linkedBy: 'test' } as const;
    await saveHostLink(app.admin.store, scope, { ...gone, hostEmail: 'hana.host@example.com', linkedAt: new Date() });
    await book(world, 'inactive', 'hana.host@example.com');
    await owned('inactive', hana.id);
    await logged('inactive', `${inactive} is no active user`);
    const { body } = await ask('GET', '/hosts');
    expect((body as { hosts: object[] }).hosts).toContainEqual(
      expect.objectContaining({
        email: 'hana.host@example.com',
        user: { userId: hana.id, username: hana.username, by: 'email' },
        said: 'gone@example.com, whom he is linked to, is no active user.',
      }),
    );
  }, 60_000);

  it('is linked for one team and one org only', async () => {
    const { app, ask } = world;
    await ask('POST', '/teams', { id: 'emea' });
    const team = { teamId: 'emea', salesforceOrgId: world.emulator.orgId };
    const link = { hostEmail: HOST, userId: hana.id, username: hana.username, linkedBy: 'test', linkedAt: new Date() };
    await saveHostLink(app.admin.store, team, { ...link, via: 'admin' });
    const elsewhere = { teamId: 'default', salesforceOrgId: '00D000000000009EAA' };
    await saveHostLink(app.admin.store, elsewhere, { ...link, via: 'admin' });
    const { body } = await ask('GET', '/hosts');
    expect((body as { hosts: { link: unknown }[] }).hosts.every((host) => host.link === null)).toBe(true);
    await book(world, 'teams');
    await owned('teams', world.emulator.adminUserId);
    expect(await ask('POST', '/hosts/unlink', { host: HOST })).toMatchObject({ status: 404 });
  }, 60_000);
});
