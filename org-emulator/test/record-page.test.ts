import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ComponentBundler } from '../src/components/component-bundler';
import { FIXTURE_PACKAGE, TestOrg, visit } from './support';

/** What a browser has. */
declare const getComputedStyle: (element: unknown) => { borderRadius: string };

/** Components, buttons and labels that a package brings. */
const SCREENS = join(__dirname, 'fixtures', 'screens');

let started: TestOrg;
let org: TestOrg;
let repId: string;
let contactId: string;

beforeAll(async () => {
  started = await TestOrg.start({ deployDir: [FIXTURE_PACKAGE, SCREENS] });
});
afterAll(() => started.close());
beforeEach(async () => {
  await started.control('POST', '/reset');
  org = started.as(started.emulator.adminUserId);
  repId = started.emulator.users.standard[0];
  contactId = await org.create('Contact', { LastName: 'Alpha', Email: 'a&b@x.test', Patron_Key__c: 'p 1' });
});

const view = (): string => `/lightning/r/Contact/${contactId}/view`;

async function see(path: string, cookie = ''): Promise<{ status: number; html: string; headers: Headers }> {
  const { status, body, headers } = await org.request('GET', path, undefined, { cookie });
  return { status, html: String(body), headers };
}

/** The cookies that an answer sets, as a browser sends them back. */
function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

describe('the page of a record, as a chosen user', () => {
  it('takes the user by id or username, keeps him, and offers the active ones', async () => {
    for (const named of [repId, 'HANA.host@example.com']) {
      const { status, headers } = await see(`${view()}?user=${named}`);
      expect([status, headers.get('location')]).toEqual([303, view()]);
      expect(headers.getSetCookie()[0]).toMatch(new RegExp(`^emulator-user=${repId};.*HttpOnly; SameSite=Strict`));
      const { html } = await see(view(), cookiesOf(headers));
      expect(html).toContain(`<option value="${repId}" selected>Hana Host</option>`);
      expect(html).not.toContain('Gone Former</option>');
    }
    const search = await see(`/?q=alpha&user=${repId}`);
    expect(search.headers.get('location')).toBe('/?q=alpha');
    expect((await see('/?user=nobody')).status).toBe(400);
    expect((await see(`/?user=${started.emulator.users.inactive}`)).status).toBe(400);
  });

  it('hides the fields that he may not see', async () => {
    expect((await see(view())).html).toContain('p 1');
    expect((await see(view(), `emulator-user=${repId}`)).html).not.toContain('p 1');
  });

  it('keeps from him what is not shared with him, everywhere', async () => {
    await org.create('Event', visit({ Subject: 'Secret talk', WhoId: contactId }));
    await org.control('POST', '/settings', { privateObjects: ['Contact'] });
    const rep = `emulator-user=${repId}`;
    const page = await see(view(), rep);
    expect(page.status).toBe(403);
    expect(page.html).toContain('Hana Host may not read it');
    expect((await see(`/lightning/parts/record/${contactId}/timeline`, rep)).status).toBe(404);
    for (const path of ['/', '/?q=Alpha', '/lightning/o/Contact/list', '/lightning/o/Event/list']) {
      const { html } = await see(path, rep);
      expect(html).not.toContain(`${contactId}/view`);
      expect(html).not.toContain('Secret talk');
      expect((await see(path)).html).toContain(path.includes('Event') ? 'Secret talk' : `${contactId}/view`);
    }
    expect((await see('/lightning/find?email=a%26b@x.test', rep)).html).toContain('No record of');
  });

  it('has no page for an object without rights', async () => {
    const integration = `emulator-user=${started.emulator.users.integration}`;
    expect((await see(view(), integration)).status).toBe(403);
    expect((await see('/lightning/o/Contact/list', integration)).status).toBe(404);
    expect((await see('/', integration)).html).not.toContain('/lightning/o/Contact/list');
  });
});

describe('custom buttons', () => {
  it('have the address that their fields make of it, blank where the user does not see one', async () => {
    const address = (html: string): string | undefined => /<a class="button" href="([^"]*visits[^"]*)"/.exec(html)?.[1];
    expect(address((await see(view())).html)).toBe('https://visits.example.test/a%26b%40x.test/p 1/');
    expect(address((await see(view(), `emulator-user=${repId}`)).html)).toBe(
      'https://visits.example.test/a%26b%40x.test//',
    );
  });

  it('lead nowhere when the address is empty, or none of the web', async () => {
    expect((await see(view())).html).toContain('aria-disabled="true">Odd</span>');
    await org.api('PATCH', `/sobjects/Contact/${contactId}`, { Description: 'javascript:alert(1)' });
    const { html } = await see(view());
    expect(html).toContain('Its address is none of the web');
    expect(html).not.toContain('href="javascript');
  });
});

describe('components', () => {
  it('stand on the pages of their objects, with a tab when they are a page', async () => {
    expect((await see(view())).html).toContain('data-component="visitCard"');
    const leadId = await org.create('Lead', { LastName: 'B', Company: 'C' });
    const lead = await see(`/lightning/r/Lead/${leadId}/view`);
    expect(lead.html).not.toContain('data-component=');
    expect(lead.html).toContain('<a href="/lightning/n/visitBoard"');
    expect((await see('/lightning/n/visitBoard')).html).toContain('data-component="visitBoard"');
    expect((await see('/lightning/n/visitCard')).status).toBe(404);
  });

  it('ask with the session of the page, which is that of its user, and no call is counted', async () => {
    const { headers } = await see(view(), `emulator-user=${repId}`);
    const session = cookiesOf(headers);
    expect(session).toMatch(/^emulator-session=/);
    await org.control('DELETE', '/calls');
    const path = `/lightning/api/v67.0/ui-api/records/${contactId}?optionalFields=Contact.LastName,Contact.Patron_Key__c`;
    const { body } = await org.request('GET', path, undefined, { cookie: session });
    expect(Object.keys(body.fields)).toEqual(['LastName']);
    expect((await org.control('GET', '/calls')).body.apiCalls).toBe(0);
    expect((await org.request('GET', path, undefined, { cookie: '' })).status).toBe(401);
  });
});

describe('the versions of the design system', () => {
  const sheetOf = (html: string): string | undefined => /href="(\/lightning\/assets\/slds-[^"]+)"/.exec(html)?.[1];

  it('draw the components: the first, until the browser has chosen the other', async () => {
    expect(sheetOf((await see(view())).html)).toBe('/lightning/assets/slds-1.css');
    const { status, headers } = await see(`${view()}?slds=2&q=a`);
    expect([status, headers.get('location')]).toEqual([303, `${view()}?q=a`]);
    expect(headers.getSetCookie()[0]).toMatch(/^emulator-slds=2;.*HttpOnly; SameSite=Strict/);
    const { html } = await see(view(), cookiesOf(headers));
    expect(sheetOf(html)).toBe('/lightning/assets/slds-2.css');
    expect(html).toContain('<a href="?slds=1">draw them with SLDS 1</a>');
  });

  it('are served, each held to the components', async () => {
    for (const [version, mark] of [
      ['1', '@scope (.slds-scope){'],
      ['2', '.slds-scope .slds-card{'],
    ]) {
      const { status, body } = await org.request('GET', `/lightning/assets/slds-${version}.css`);
      expect([status, String(body).includes(String(mark))]).toEqual([200, true]);
    }
    expect((await org.request('GET', '/lightning/assets/slds-3.css')).status).toBe(404);
  });

  it('are two: any other is refused, with what to do', async () => {
    const { status, html } = await see(`${view()}?slds=3`);
    expect([status, html]).toEqual([400, expect.stringContaining('Choose 1 or 2.')]);
  });
});

describe('what cannot be compiled', () => {
  const bundler = new ComponentBundler();
  afterAll(() => bundler.close());
  const one = (text: string) => ({
    files: [
      { path: 'lwc/broken/broken.js', text },
      { path: 'lwc/broken/broken.html', text: '<template></template>' },
    ],
    components: ['broken'],
    labels: [],
    fields: { Contact: ['Id'] },
  });

  it.each([
    [
      'import { LightningElement } from "lwc"; import x from "lightning/unheardOf";',
      'no stand-in for lightning/unheardOf',
    ],
    ['import x from "@salesforce/label/c.Nothing"; export default x;', 'There is no custom label c.Nothing'],
    ['import x from "@salesforce/schema/Contact.Nothing__c"; export default x;', 'Contact has no field Nothing__c'],
  ])('%s', async (source, reason) => {
    const bundle = await bundler.bundle(bundler.prepare(one(source)));
    expect(bundle).toEqual({ error: expect.stringContaining(reason) });
  });
});

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (CHROMIUM === undefined) console.warn('Skipped: components in a browser. Install chromium to run them.');

(CHROMIUM === undefined ? describe.skip : describe)('components in a browser', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ];
    browser = await chromium.launch({ executablePath: String(CHROMIUM), args });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    errors.length = 0;
    page = await browser.newPage({ timezoneId: 'America/Los_Angeles' });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  });
  afterEach(() => page.close());

  it('read, refresh, change and navigate as the user of the page', async () => {
    await org.create('Event', visit({ Subject: 'Intro', WhoId: contactId, Visit_State__c: 'Planned' }));
    await page.goto(org.emulator.url + view());
    await page.getByText(`Alpha/p 1/${org.emulator.adminUserId}`).waitFor();
    await page.getByText('Intro/Planned').waitFor();
    await org.create('Event', visit({ Subject: 'Second', WhoId: contactId }));
    await page.getByRole('button', { name: 'Again' }).click();
    await page.getByText('Second/hidden').waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByText('Omega/p 1').waitFor();
    await page.getByRole('status').getByText('To Omega').waitFor();
    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL('**/lightning/r/Event/*/view');
    expect(errors).toEqual([]);
  });

  it('leave out what the user may not see, and say so when the org does not answer', async () => {
    await org.create('Event', visit({ Subject: 'Intro', WhoId: contactId, Visit_State__c: 'Planned' }));
    await page.goto(`${org.emulator.url}${view()}?user=${repId}`);
    await page.getByText(`Alpha/hidden/${repId}`).waitFor();
    await page.getByText('Intro/hidden').waitFor();
    expect(errors).toEqual([]);
    await org.control('POST', '/faults', {
      match: { path: '/graphql' },
      effect: { error: { status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'Out of order' } },
    });
    await page.reload();
    await page.locator('.fault', { hasText: 'Out of order' }).waitFor();
  });

  it('speak the language of the user, and look as the design system says', async () => {
    const fields = { LanguageLocaleKey: 'de', LocaleSidKey: 'de_DE' };
    expect((await org.api('PATCH', `/sobjects/User/${repId}`, fields)).status).toBe(204);
    await page.goto(`${org.emulator.url}${view()}?user=${repId}`);
    await page.getByRole('heading', { name: 'Besuche' }).waitFor();
    const button = page.getByRole('button', { name: 'Rename' });
    expect(await button.evaluate((element) => getComputedStyle(element).borderRadius)).toBe('4px');
    await page.goto(`${org.emulator.url}/lightning/n/visitBoard`);
    await page.getByText('Board in de-DE').waitFor();
    expect(errors).toEqual([]);
  });
});
