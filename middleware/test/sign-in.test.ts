import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../src/app';
import { readConfig } from '../src/config';
import { ROLES } from '../src/security/role';
import { SILENT } from './support/postgres';
import { apiOf, enter, signIn, signInLink } from './support/visitor';

describe('signing in', () => {
  let folder: string;
  let app: App;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-sign-in-'));
    app = await startApp(readConfig({ PORT: '0', DATA_DIR: folder }), SILENT);
  }, 30_000);
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const sql = (text: string) => app.admin.store.query(text);

  describe('by a one-time link', () => {
    it('opens it without using it up: previews of links do that too', async () => {
      const { url, token } = await signInLink(app);
      for (let time = 0; time < 3; time += 1) {
        const page = await fetch(url);
        expect(page.status).toBe(200);
        expect(page.headers.getSetCookie()).toEqual([]);
        expect(await page.text()).toContain('Sign in to the console');
      }
      expect((await enter(app, token)).status).toBe(303);
    });

    it('signs in once', async () => {
      const { token } = await signInLink(app);
      const answers = await Promise.all([enter(app, token), enter(app, token), enter(app, token)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
      const again = await enter(app, token);
      expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);
      expect(await again.text()).toContain('booking-connector link');
    });

    it('refuses a link after its 15 minutes', async () => {
      const { token } = await signInLink(app);
      await sql(`update sign_in_link set expires_at = now() - interval '1 second'`);
      expect((await enter(app, token)).status).toBe(401);
    });

    it('refuses a link that another site sends', async () => {
      const { token } = await signInLink(app);
      for (const origin of ['https://elsewhere.example', 'null'])
        expect((await enter(app, token, { origin })).status).toBe(403);
      expect((await enter(app, token, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
      expect((await enter(app, token, { origin: app.url })).status).toBe(303);
    });

    it('keeps no secret', async () => {
      const { token } = await signInLink(app);
      const { cookie } = await signIn(app);
      const bearer = await apiOf(app);
      const { rows } = await sql(
        `select to_jsonb(l)::text as kept from sign_in_link l union all select to_jsonb(s)::text from console_session s
         union all select to_jsonb(t)::text from api_token t union all select to_jsonb(a)::text from audit a`,
      );
      const kept = rows.map((row) => String(row['kept'])).join();
      for (const secret of [token, cookie.replace(/.*=/, ''), bearer.token]) {
        expect(secret.length).toBeGreaterThan(42);
        expect(kept).not.toContain(secret);
      }
    });
  });

  describe('a session', () => {
    it('is a cookie that no script and no other site can use', async () => {
      const { token } = await signInLink(app);
      const [cookie] = (await enter(app, token)).headers.getSetCookie();
      expect(cookie).toMatch(
        /^booking-connector=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      );
    });

    it.each([
      ['unused for eight hours', `seen_at = now() - interval '8 hours'`],
      ['however much it is used, after a week', `expires_at = now()`],
    ])('ends %s', async (_title, change) => {
      const { get } = await signIn(app);
      expect((await get('/')).status).toBe(200);
      await sql(`update console_session set ${change}`);
      const after = await get('/');
      expect(after.status).toBe(401);
      expect(await after.text()).toContain('booking-connector link');
    });

    it('is prolonged by use', async () => {
      const { get } = await signIn(app);
      await sql(`update console_session set seen_at = now() - interval '7 hours'`);
      await get('/');
      const { rows } = await sql(`select max(seen_at) > now() - interval '1 minute' as is_fresh from console_session`);
      expect(rows).toEqual([{ is_fresh: true }]);
    });

    it('ends when its owner signs out', async () => {
      const { get, post } = await signIn(app);
      expect((await post('/sign-out')).status).toBe(303);
      expect((await get('/')).status).toBe(401);
    });

    it.each<[string, Record<string, string>, Record<string, string>, number]>([
      ['without the token of the session', { csrf: '' }, {}, 403],
      ['with the token of another session', { csrf: 'x'.repeat(43) }, {}, 403],
      ['from another site', {}, { origin: 'https://elsewhere.example' }, 403],
      ['from a page without an origin', {}, { origin: 'null' }, 403],
      ['with all that it needs', {}, {}, 303],
      ['with the token in a header', { csrf: '' }, { 'x-csrf-token': 'own' }, 303],
    ])('answers a form %s', async (_title, fields, headers, status) => {
      const { post, csrf } = await signIn(app);
      const own = 'x-csrf-token' in headers ? { 'x-csrf-token': csrf } : headers;
      expect((await post('/sign-out', fields, own)).status).toBe(status);
    });

    it('may use the API too, with the token in a header', async () => {
      const { cookie, csrf } = await signIn(app);
      const ask = (headers: Record<string, string>) =>
        fetch(`${app.url}/api/v1/retry`, { method: 'POST', headers: { cookie, ...headers } });
      const refused = await ask({});
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'csrf' }]);
      expect((await ask({ 'x-csrf-token': csrf })).status).toBe(200);
      expect((await fetch(`${app.url}/api/v1/me`, { headers: { cookie } })).status).toBe(200);
    });
  });

  describe('by a token', () => {
    it('lets a program in, until it is revoked', async () => {
      const { id, ask } = await apiOf(app, 'member');
      expect(await ask('GET', '/me')).toEqual({
        status: 200,
        body: { name: 'program member', role: 'member', teamId: 'default', via: 'api' },
      });
      const owner = await apiOf(app);
      expect((await owner.ask('DELETE', `/tokens/${id}`)).status).toBe(200);
      expect((await owner.ask('DELETE', `/tokens/${id}`)).status).toBe(404);
      expect(await ask('GET', '/me')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    });

    it.each(ROLES)('lets the role %s do no more than it may', async (role) => {
      const { ask } = await apiOf(app, role);
      const answers = await Promise.all(
        ['/me', '/status', '/tokens'].map(async (path) => (await ask('GET', path)).status),
      );
      const create = await ask('POST', '/sources', { id: `by-${role}`, kind: 'calcom' });
      const expected = {
        rep: [200, 403, 403],
        member: [200, 200, 403],
        admin: [200, 200, 403],
        owner: [200, 200, 200],
      };
      expect(answers).toEqual(expected[role]);
      expect(create.status).toBe(role === 'admin' || role === 'owner' ? 201 : 403);
    });

    it('answers 401 without one, and with what is none', async () => {
      for (const headers of [{}, { authorization: 'Basic abc' }, { authorization: `Bearer bct_${'x'.repeat(43)}` }]) {
        const response = await fetch(`${app.url}/api/v1/status`, { headers: headers as Record<string, string> });
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
      }
    });
  });

  it('counts failed attempts, and asks for a pause', async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await enter(app, 'x'.repeat(43))).status);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    const { token } = await signInLink(app);
    expect((await enter(app, token)).status).toBe(429);
  });
});

it('marks its cookies for https only where people come by https', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'test-sign-in-'));
  const app = await startApp(
    readConfig({ PORT: '0', DATA_DIR: folder, PUBLIC_URL: 'https://bookings.example.com' }),
    SILENT,
  );
  try {
    const { url, token } = await signInLink(app);
    expect(url).toMatch(/^https:\/\/bookings\.example\.com\/console\/enter\?token=/);
    const [cookie] = (await enter(app, token, { origin: 'https://bookings.example.com' })).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-booking-connector=.*; HttpOnly; Secure; SameSite=Lax$/);
  } finally {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 30_000);
