import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSource } from '../src/admin/admin';
import { startApp, type App } from '../src/app';
import { readConfig } from '../src/config';
import { calcomSignature } from '../src/source/calcom';
import { endNotice, raiseNotice } from '../src/notice/notice.store';
import { example } from './fixtures/source/build';
import { SILENT } from './support/postgres';
import { signIn } from './support/visitor';

describe('the pages of the console', () => {
  let folder: string;
  let app: App;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-console-'));
    app = await startApp(readConfig({ PORT: '0', DATA_DIR: folder }), SILENT);
    const { secret } = await createSource(app.admin, { id: 'cal', kind: 'calcom' });
    const body = JSON.stringify(example('calcom', 'BOOKING_CREATED')).replaceAll(
      'Intro call',
      '<script>alert(1)</script>',
    );
    const headers = { 'x-cal-signature-256': calcomSignature(secret, body) };
    const response = await fetch(`${app.url}/webhooks/cal`, { method: 'POST', headers, body });
    expect(await response.json()).toEqual({ outcome: 'stored' });
  }, 30_000);
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('allow no script, no frame and nothing from elsewhere', async () => {
    const { get } = await signIn(app);
    for (const answer of [await get(''), await get('/enter'), await fetch(`${app.url}/api/v1/status`)]) {
      const policy = String(answer.headers.get('content-security-policy'));
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|script-src|https?:/);
    }
  });

  it('write what people typed as text', async () => {
    const { get } = await signIn(app);
    const list = await (await get('/bookings')).text();
    const address = /\/bookings\/[0-9a-f-]{36}/.exec(list)?.[0] ?? '';
    for (const page of [list, await (await get(address)).text()]) {
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page).not.toContain('<script');
    }
  });

  it('are kept by nobody on the way, but their looks are', async () => {
    const { get } = await signIn(app);
    expect((await get('/bookings')).headers.get('cache-control')).toBe('no-store');
    const looks = await fetch(`${app.url}/console/assets/console.css`);
    expect([looks.status, looks.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  });

  it.each([
    '',
    '/bookings',
    '/problems',
    '/deliveries',
    '/sources',
    '/customers/c-1',
    '/hosts',
    '/me',
    '/salesforce',
    '/salesforce/callback',
    '/salesforce/callback?state=link.x&code=y',
    '/settings',
    '/dry-run',
    '/nowhere',
  ])('show nobody who is not signed in anything at "%s"', async (path) => {
    const answer = await fetch(`${app.url}/console${path}`);
    expect(answer.status).toBe(path === '/nowhere' ? 404 : 401);
    expect(await answer.text()).not.toMatch(/<nav|alert\(1\)/);
  });

  it('show each role what it may do', async () => {
    const [rep, member, admin] = [await signIn(app, 'rep'), await signIn(app, 'member'), await signIn(app, 'admin')];
    for (const [path, status] of [
      ['', 200],
      ['/bookings', 403],
      ['/settings', 403],
      ['/hosts', 403],
      ['/me', 200],
    ] as const) {
      const answer = await rep.get(path);
      expect(answer.status).toBe(status);
      const page = await answer.text();
      expect(page).toContain('Sign out');
      expect(page).not.toMatch(/<nav|alert\(1\)/);
    }
    expect((await rep.post('/gate/close')).status).toBe(403);
    expect(await (await member.get('/settings')).text()).not.toContain('Change or import');
    expect((await member.post('/settings', { document: '{}', madeFrom: '0', do: 'save' })).status).toBe(403);
    expect(await (await member.get('/salesforce')).text()).not.toContain('Connect an org');
    expect((await member.post('/salesforce', { id: 'x', host: 'login', clientId: 'x' })).status).toBe(403);
    expect(await (await member.get('/sources')).text()).not.toContain('New source');
    expect(await (await admin.get('/sources')).text()).toContain('New source');
    expect(await (await member.get('/sources/cal')).text()).not.toContain('name="customerPage"');
    expect(await (await admin.get('/sources/cal')).text()).toContain('name="customerPage"');
    const refused = await member.post('/sources', { id: 'x', kind: 'calcom' });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('This takes the role admin');
  });

  it('tell on every page what an admin must know, while it lasts', async () => {
    const { store, now } = app.admin;
    const [member, rep] = [await signIn(app, 'member'), await signIn(app, 'rep')];
    const words = { severity: 'error', what: 'It is <broken>.', remedy: 'Mend it.' } as const;
    await raiseNotice(store, { key: 'test', orgId: null, ...words }, now());
    for (const path of ['', '/bookings', '/settings'])
      expect(await (await member.get(path)).text()).toMatch(/It is &lt;broken&gt;\.[^]*Mend it\./);
    expect(await (await rep.get('')).text()).not.toContain('Mend it.');
    await endNotice(store, 'test', now());
    expect(await (await member.get('')).text()).not.toContain('Mend it.');
  });

  it('tell once, on the next page, what came of a form', async () => {
    const { post, cookie } = await signIn(app);
    const answer = await post('/gate/close');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/']);
    const news = String(answer.headers.getSetCookie()[0]).replace(/;.*/, '');
    const page = await fetch(`${app.url}/console`, { headers: { cookie: `${cookie}; ${news}` } });
    expect(await page.text()).toContain('No org is connected yet.');
    expect(page.headers.getSetCookie().join()).toMatch(/booking-connector-news=;.*Expires=Thu, 01 Jan 1970/);
    const forged = await fetch(`${app.url}/console`, { headers: { cookie: `${cookie}; booking-connector-news=e30` } });
    expect(forged.status).toBe(200);
  });

  it('tell of what nobody expected as a page, without its details', async () => {
    const { get } = await signIn(app);
    await app.admin.store.query('alter table setting rename to hidden');
    const answer = await get('/settings');
    await app.admin.store.query('alter table hidden rename to setting');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
    const page = await answer.text();
    expect(page).toContain('Something went wrong here');
    expect(page).not.toMatch(/relation|setting|hidden/);
    expect((await get('/settings')).status).toBe(200);
  });

  it('show and save settings where no org is connected, and list what refuses them', async () => {
    const { get, post } = await signIn(app);
    expect(await (await get('/settings')).text()).toContain('No org is connected');
    const exported = await get('/settings/export');
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename=settings-0.json');
    const settings = (await exported.json()) as { rules: object };
    const save = (document: string, madeFrom = '0') => post('/settings', { document, madeFrom, do: 'save' });
    const noJson = await save('{ not json');
    expect([noJson.status, await noJson.text()]).toEqual([422, expect.stringContaining('It is no JSON')]);
    const wrong = await save(JSON.stringify({ ...settings, rules: { ...settings.rules, cancel: 'burn' } }));
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('<code>rules.cancel</code>')]);
    const saved = await save(JSON.stringify({ ...settings, rules: { ...settings.rules, cancel: 'delete' } }));
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/console/settings']);
    expect((await save(JSON.stringify(settings))).status).toBe(409);
    expect(await (await get('/settings/versions/1')).text()).toContain('rules.cancel');
    expect((await get('/settings/versions/9')).status).toBe(404);
    expect((await get('/settings/versions/what')).status).toBe(422);
    expect((await post('/settings/pages', { key: 'cal:new', enabled: 'no' })).status).toBe(303);
    expect(await (await get('/settings')).text()).toContain('Switch on');
  });

  it('tell why a dry run cannot be made, and keep what was typed', async () => {
    const { post } = await signIn(app);
    const answer = await post('/dry-run', {
      source: 'cal',
      body: JSON.stringify(example('calcom', 'BOOKING_CREATED')),
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/No org is connected yet[^]*BOOKING_CREATED/);
    const refused = await post('/dry-run', { source: 'cal', body: '{}' });
    expect(await refused.text()).toContain('The body cannot be understood.');
  });

  it('say what is not there', async () => {
    const { get } = await signIn(app);
    for (const path of ['/sources/nowhere', '/bookings/00000000-0000-4000-8000-000000000000'])
      expect((await get(path)).status).toBe(404);
    expect((await get('/bookings/what')).status).toBe(422);
    expect((await get('/bookings?progress=nonsense')).status).toBe(200);
  });
});
