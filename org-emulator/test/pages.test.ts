import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { FIXTURE_PACKAGE, TestOrg, visit } from './support';

/** A picklist of Activity. */
function picklist(name: string, label: string): string {
  const value = (word: string): string =>
    `<value><fullName>${word}</fullName><default>false</default><label>${word}</label></value>`;
  return `<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>${name}</fullName><label>${label}</label><type>Picklist</type>
    <valueSet><valueSetDefinition><sorted>false</sorted>${value('Planned')}${value('Canceled')}</valueSetDefinition></valueSet>
  </CustomField>`;
}

/** Lets the administrator see one of the two fields below. */
const PERMISSIONS = `<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">
  <label>Moods</label>
  <fieldPermissions><editable>true</editable><field>Event.Mood__c</field><readable>true</readable></fieldPermissions>
</PermissionSet>`;

/** The org's time in these tests: a Friday noon in Los Angeles. */
const NOW = '2026-11-20T20:00:00.000Z';
const HOSTILE = '</script><script>alert(1)</script>"\'&<img src=x onerror=alert(2)>';

const folder = mkdtempSync(join(tmpdir(), 'test-pages-'));
let started: TestOrg;
/** The administrator, signed in at the org's time. */
let org: TestOrg;
let contactId: string;

beforeAll(async () => {
  const files = {
    'objects/Activity/fields/Mood__c.field-meta.xml': picklist('Mood__c', 'Visit Status'),
    'objects/Activity/fields/Secret__c.field-meta.xml': picklist('Secret__c', 'Secret Status'),
    'permissionsets/Moods.permissionset-meta.xml': PERMISSIONS,
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  started = await TestOrg.start({ deployDir: [FIXTURE_PACKAGE, folder] });
});
afterAll(async () => {
  await started.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await started.control('POST', '/reset');
  await started.control('POST', '/clock', { now: NOW });
  org = started.as(started.emulator.adminUserId);
  contactId = await org.create('Contact', { FirstName: 'Ana', LastName: 'Alpha', Email: 'Ana@example.test' });
});

/** What a browser would be shown, tags taken out and white space folded. */
function textOf(html: string): string {
  const text = html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

async function see(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; html: string; text: string }> {
  const { status, body } = await org.request('GET', path, undefined, headers);
  return { status, html: String(body), text: textOf(String(body)) };
}

async function timeline(id: string, headers?: Record<string, string>): Promise<{ html: string; text: string }> {
  return see(`/lightning/parts/record/${id}/timeline`, headers);
}

describe('a record’s timeline', () => {
  it('shows an event that came through the API, with whatever fields the org gave it', async () => {
    await org.create(
      'Event',
      visit({
        Subject: 'Product demo',
        WhoId: contactId,
        OwnerId: org.emulator.users.standard[0],
        StartDateTime: '2026-11-25T18:00:00Z',
        Location: 'Room 7',
        Description: 'Bring the reports: https://example.test/reports.',
        Mood__c: 'Planned',
        Visit_Key__c: 'key-1',
      }),
    );
    const { html, text } = await timeline(contactId);
    expect(text).toContain('Product demo Hana Host has an event with Ana Alpha');
    expect(text).toContain('Wed, Nov 25 , 10:00 – 10:30 AM');
    expect(html).toMatch(/<span class="badge calm" title="Visit Status">Planned<\/span>/);
    expect(text).toContain('Visit Status Planned');
    expect(text).toContain('Visit Key key-1');
    expect(text).toContain('Location Room 7');
    expect(html).toContain('<a href="https://example.test/reports" rel="noopener noreferrer"');
    expect(text).not.toContain('Why'); // a custom field without a value
  });

  it('hides a field that no permission set lets the administrator see', async () => {
    await org.control('POST', '/settings', { fieldLevelSecurity: false });
    const eventId = await org.create('Event', visit({ WhoId: contactId, Mood__c: 'Planned', Secret__c: 'Canceled' }));
    const paths = [`/lightning/parts/record/${contactId}/timeline`, `/lightning/r/Event/${eventId}/view`];
    for (const path of paths) expect((await see(path)).text).toContain('Secret Status Canceled');
    await org.control('POST', '/settings', { fieldLevelSecurity: true });
    for (const path of paths) {
      const { text } = await see(path);
      expect(text).toContain('Visit Status Planned');
      expect(text).not.toContain('Secret');
    }
  });

  it('parts what is to come from what has been by the org’s clock, each in its own order', async () => {
    const subjects = {
      past: '2026-09-01T18:00:00Z',
      justOver: '2026-11-20T19:00:00Z',
      running: '2026-11-20T19:45:00Z',
      later: '2026-12-05T18:00:00Z',
      soon: '2026-11-21T18:00:00Z',
    };
    for (const [Subject, StartDateTime] of Object.entries(subjects)) {
      await org.create('Event', visit({ Subject, StartDateTime, WhoId: contactId }));
    }
    const order = /Upcoming.*running.*soon.*later.*Past Activity.*November 2026.*justOver.*September 2026.*past/;
    expect((await timeline(contactId)).text).toMatch(order);
    await org.control('POST', '/clock', { now: '2026-11-22T00:00:00.000Z' });
    expect((await timeline(contactId)).text).toMatch(/Upcoming.*later.*Past Activity.*soon.*running.*justOver/);
  });

  it('leaves a whole day on its date in any time zone', async () => {
    await org.create('Event', {
      Subject: 'Fair',
      IsAllDayEvent: true,
      ActivityDate: '2026-11-25',
      WhoId: contactId,
    });
    for (const zone of ['Pacific/Honolulu', 'Pacific/Auckland']) {
      const { text } = await timeline(contactId, { cookie: `emulator-time-zone=${encodeURIComponent(zone)}` });
      expect(text).toContain('Wed, Nov 25 , All day');
      expect(text).toContain('Start Date Time Nov 25, 2026 End');
    }
  });

  it('shows an event on the account, the opportunity and with whoever was invited', async () => {
    const accountId = await org.create('Account', { Name: 'Alpha Works' });
    const opportunity = {
      Name: 'Forty seats',
      StageName: 'Prospecting',
      CloseDate: '2027-01-31',
      AccountId: accountId,
    };
    const opportunityId = await org.create('Opportunity', opportunity);
    const guestId = await org.create('Contact', { LastName: 'Guest' });
    const eventId = await org.create('Event', visit({ WhoId: contactId, WhatId: opportunityId }));
    await org.create('EventRelation', { EventId: eventId, RelationId: guestId });
    for (const id of [contactId, accountId, opportunityId, guestId]) {
      expect((await timeline(id)).text).toContain('about Forty seats');
    }
  });

  it('drops an event that was deleted', async () => {
    const eventId = await org.create('Event', visit({ WhoId: contactId }));
    expect((await timeline(contactId)).text).toContain('Intro');
    await org.api('DELETE', `/sobjects/Event/${eventId}`);
    expect((await timeline(contactId)).text).not.toContain('Intro');
  });
});

describe('a record’s page', () => {
  it('shows what has a value, and keeps the empty fields behind a button', async () => {
    const { status, html, text } = await see(`/lightning/r/Contact/${contactId}/view`);
    expect(status).toBe(200);
    expect(text).toContain('Org emulator — not Salesforce.');
    expect(html).toContain('<h1>Ana Alpha</h1>');
    expect(html).toContain('<a href="mailto:Ana@example.test">');
    const [filled, empty] = text.split('Show empty fields') as [string, string];
    expect(filled).not.toContain('Mobile Phone');
    expect(empty).toContain('Mobile Phone —');
  });

  it.each(['Lead', 'Account', 'Opportunity', 'Case', 'Event', 'User'])('exists for a %s', async (sobject) => {
    const fields: Record<string, Record<string, unknown>> = {
      Lead: { LastName: 'Shown', Company: 'Works' },
      Account: { Name: 'Shown' },
      Opportunity: { Name: 'Shown', StageName: 'Prospecting', CloseDate: '2027-01-31' },
      Case: { Subject: 'Shown' },
      Event: visit({ Subject: 'Shown' }),
    };
    const given = fields[sobject];
    const id = given ? await org.create(sobject, given) : org.emulator.users.standard[0];
    const { status, html } = await see(`/lightning/r/${sobject}/${id}/view`);
    expect(status).toBe(200);
    expect(html).toContain(`<h1>${given ? 'Shown' : 'Hana Host'}</h1>`);
  });

  it.each([
    ['without its object', (id: string) => `/lightning/r/${id}/view`],
    ['under another object', (id: string) => `/lightning/r/Lead/${id}/view`],
    ['by 15 characters', (id: string) => `/lightning/r/Contact/${id.slice(0, 15)}/view`],
    ['by its short address', (id: string) => `/${id}`],
  ])('is found %s', async (_how, address) => {
    const { status, headers } = await org.request('GET', address(contactId));
    expect(status).toBe(302);
    expect(headers.get('location')).toBe(`/lightning/r/Contact/${contactId}/view`);
  });

  it('says that a record was deleted, and that there is none', async () => {
    await org.api('DELETE', `/sobjects/Contact/${contactId}`);
    const deleted = await see(`/lightning/r/Contact/${contactId}/view`);
    expect(deleted.status).toBe(410);
    expect(deleted.text).toContain('Contact “Ana Alpha” was deleted');
    expect(deleted.text).toContain('It is in the recycle bin');
    for (const path of [
      '/lightning/r/Contact/003Em0000009999AAA/view',
      '/lightning/r/nothing/view',
      '/lightning/else',
    ]) {
      expect([path, (await see(path)).status]).toEqual([path, 404]);
    }
  });

  it('escapes whatever a record holds, wherever it is shown', async () => {
    const leadId = await org.create('Lead', {
      FirstName: 'x',
      LastName: HOSTILE.slice(0, 80),
      Company: HOSTILE,
      Website: 'javascript:alert(3)',
      Description: HOSTILE,
      Street: HOSTILE,
    });
    await org.create(
      'Event',
      visit({ WhoId: leadId, Subject: HOSTILE, Location: HOSTILE, Visit_Key__c: HOSTILE.slice(0, 60) }),
    );
    const search = encodeURIComponent(HOSTILE.slice(0, 20));
    const paths = [
      `/lightning/r/Lead/${leadId}/view`,
      `/lightning/parts/record/${leadId}/timeline`,
      '/',
      `/?q=${search}`,
      '/lightning/o/Event/list',
      `/lightning/find?email=${encodeURIComponent(HOSTILE)}`,
    ];
    for (const path of paths) {
      const { html, text } = await see(path);
      expect(html).not.toContain('<script>');
      expect(html).not.toContain('<img src=x');
      expect(html).not.toContain('href="javascript:');
      expect(text).toContain('</script><script>');
    }
  });

  it('allows no script but its own file, and no frame', async () => {
    const { headers, body } = await org.request('GET', `/lightning/r/Contact/${contactId}/view`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    const assets = [...String(body).matchAll(/"(\/lightning\/assets\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(new Set(assets)).toEqual(
      new Set(['icon.svg', 'layers.css', 'pages.js'].map((name) => `/lightning/assets/${name}`)),
    );
    for (const asset of assets) expect((await org.request('GET', asset)).status).toBe(200);
  });

  it('knows nothing of a zone that is none', async () => {
    const { html } = await see('/', { cookie: 'emulator-time-zone=%E0%A4%A' });
    expect(html).toContain('data-time-zone="America/Los_Angeles"');
    const told = await see('/', { cookie: 'other=1; emulator-time-zone=Asia%2FTokyo' });
    expect(told.html).toContain('data-time-zone="Asia/Tokyo"');
  });
});

describe('the home page', () => {
  it('tells what it is, who is there and what came last', async () => {
    await org.create('Contact', { LastName: 'Younger' });
    const { status, text } = await see('/');
    expect(status).toBe(200);
    expect(text).toContain('Emulated Org');
    expect(text).toContain('This is an emulator');
    expect(text).toContain('Contacts (2)');
    expect(text).toMatch(/Younger.*Ana Alpha/);
    expect(text).toContain('hana.host@example.com');
  });

  it('finds records by a part of a name or an e-mail address', async () => {
    await org.create('Lead', { LastName: 'Beta', Company: 'Works', Email: 'beta@elsewhere.test' });
    expect((await see('/?q=ALPH')).text).toContain('Contacts (1)');
    expect((await see('/?q=elsewhere')).text).toContain('Leads (1)');
    expect((await see('/?q=elsewhere')).text).not.toContain('Contacts (');
    expect((await see('/?q=gamma')).text).toContain('Nothing has “gamma”');
  });

  it('lists an object, deleted records left out', async () => {
    const otherId = await org.create('Contact', { LastName: 'Gone' });
    await org.api('DELETE', `/sobjects/Contact/${otherId}`);
    const { text } = await see('/lightning/o/Contact/list');
    expect(text).toContain('Contacts (1)');
    expect(text).not.toContain('Gone');
    expect((await see('/lightning/o/Nothing/list')).status).toBe(404);
  });
});

describe('finding a person by e-mail', () => {
  it('goes to the record, whatever the case of the letters', async () => {
    const { status, headers } = await org.request('GET', '/lightning/find?email=aNA@EXAMPLE.test');
    expect(status).toBe(302);
    expect(headers.get('location')).toBe(`/lightning/r/Contact/${contactId}/view`);
  });

  it('waits while there is none, and then knows where to go', async () => {
    const waiting = await see('/lightning/find?email=new%2Bone@example.test');
    expect(waiting.status).toBe(200);
    expect(waiting.text).toContain('No record of new+one@example.test yet');
    const ask = /data-wait-for="([^"]+)"/.exec(waiting.html)?.[1] ?? '';
    expect((await org.request('GET', ask)).body).toEqual({ url: null });
    const leadId = await org.create('Lead', { LastName: 'New', Company: 'Works', Email: 'new+one@example.test' });
    expect((await org.request('GET', ask)).body).toEqual({ url: `/lightning/r/Lead/${leadId}/view` });
  });

  it('wants an address', async () => {
    expect((await see('/lightning/find')).status).toBe(400);
  });
});

describe('what has just changed', () => {
  it('is pushed as it is committed', async () => {
    const response = await fetch(`${org.emulator.url}/__emulator__/changes`);
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    const eventId = await org.create('Event', visit({ WhoId: contactId }));
    let heard = '';
    while (!heard.includes(eventId)) heard += (await reader.read()).value ?? '';
    expect(heard).toContain(JSON.stringify({ sobject: 'Event', id: eventId, change: 'created' }));
    await reader.cancel();
  });
});

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (CHROMIUM === undefined) console.warn('Skipped: the pages in a browser. Install chromium to run them.');

(CHROMIUM === undefined ? describe.skip : describe)('in a browser', () => {
  const browserArgs = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quietArgs = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const launch = () => chromium.launch({ executablePath: String(CHROMIUM), args: [...browserArgs, ...quietArgs] });
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('an event appears, changes and goes without a reload, and is told to a screen reader', async () => {
    const page = await browser.newPage({ timezoneId: 'America/Los_Angeles' });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${org.emulator.url}/lightning/r/Contact/${contactId}/view`);
    await page.evaluate("window.isSamePage = true; document.querySelector('.details summary').focus()");
    await page.waitForSelector('.live:not([hidden])');

    const eventId = await org.create('Event', visit({ WhoId: contactId, Subject: 'Product demo', Mood__c: 'Planned' }));
    await page.waitForSelector(`.entry.changed[data-key="${eventId}"]`);
    expect(await page.locator('.entry .badge').textContent()).toBe('Planned');
    await page.waitForFunction("document.getElementById('announcer').textContent === 'New: Product demo'");

    await org.api('PATCH', `/sobjects/Event/${eventId}`, { Mood__c: 'Canceled' });
    await page.waitForSelector('.entry.changed .badge.bad');
    await page.waitForFunction("document.getElementById('announcer').textContent === 'Changed: Product demo'");
    expect(await page.evaluate("document.activeElement.matches('.details summary')")).toBe(true);

    await org.api('DELETE', `/sobjects/Event/${eventId}`);
    await page.waitForSelector('.entry', { state: 'detached' });
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('the page that waits for a person goes on by itself, and reads in the browser’s time zone', async () => {
    const page = await browser.newPage({ timezoneId: 'Asia/Tokyo' });
    await page.goto(`${org.emulator.url}/lightning/find?email=soon@example.test`);
    await page.waitForSelector('[data-time-zone="Asia/Tokyo"] .live:not([hidden])');
    const leadId = await org.create('Lead', { LastName: 'Soon', Company: 'Works', Email: 'soon@example.test' });
    await page.waitForURL(`**/lightning/r/Lead/${leadId}/view`);
    expect(await page.locator('.foot').textContent()).toContain('Asia/Tokyo');
    await page.close();
  });
});
