import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { deployByRest, manifest } from './metadata-support';
import { TestOrg, visit } from './support';

/** The package of this repository, whose components are seen here as their users see them. */
const PACKAGE = join(__dirname, '..', '..', 'force-app');
const RECORD = readFileSync(join(PACKAGE, 'main/default/customMetadata/Booking_Setting.Default.md-meta.xml'), 'utf8');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (CHROMIUM === undefined) console.warn('Skipped: the components of the package. Install chromium to run them.');

(CHROMIUM === undefined ? describe.skip : describe)('the components of the package in a browser', () => {
  let org: TestOrg;
  let browser: Browser;
  let page: Page;
  let repId: string;
  let contactId: string;

  beforeAll(async () => {
    org = await TestOrg.start({ deployDir: PACKAGE });
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ];
    browser = await chromium.launch({ executablePath: String(CHROMIUM), args });
    repId = org.emulator.users.standard[0];
    contactId = await org.create('Contact', { FirstName: 'Ana', LastName: 'Alpha' });
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
    const booking = (subject: string, days: number, fields: Record<string, unknown>) =>
      visit({
        Subject: subject,
        WhoId: contactId,
        OwnerId: repId,
        StartDateTime: day(days),
        Booking_Id__c: subject,
        ...fields,
      });
    await org.create('Event', booking('Later', 20, { Event_Status__c: 'Rescheduled' }));
    await org.create('Event', booking('Soon', 2, { Event_Status__c: 'Scheduled' }));
    const reason = { Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'No longer needed' };
    await org.create('Event', booking('Gone', -9, reason));
    await org.create('Event', visit({ Subject: 'No booking', WhoId: contactId, StartDateTime: day(3) }));
  });
  afterAll(async () => {
    await browser.close();
    await org.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 390, height: 900 } });
  });
  afterEach(() => page.close());

  const open = (path: string) => page.goto(`${org.emulator.url}${path}?user=${repId}`);
  const list = () => page.locator('[data-component="bookingList"]');
  /** Gives the rep what lets him see bookings, or takes it. */
  async function setAccess(isAllowed: boolean): Promise<void> {
    const { body } = await org.query(
      `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = '${repId}' AND PermissionSet.Name = 'Booking_Rep'`,
    );
    for (const { Id } of body.records) await org.api('DELETE', `/sobjects/PermissionSetAssignment/${Id}`);
    if (!isAllowed) return;
    const sets = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Booking_Rep'");
    await org.create('PermissionSetAssignment', { AssigneeId: repId, PermissionSetId: sets.body.records[0].Id });
  }

  it('list the bookings of a record for a rep, and open one by the keyboard', async () => {
    await setAccess(true);
    await open(`/lightning/r/Contact/${contactId}/view`);
    await list().getByText('Soon').waitFor();
    expect(await list().getByRole('link').allTextContents()).toEqual(['Soon', 'Later', 'Gone']);
    expect(await list().innerText()).toMatch(
      /Upcoming[\s\S]*Scheduled[\s\S]*Past[\s\S]*Canceled[\s\S]*No longer needed/,
    );
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await list().getByRole('link', { name: 'Soon' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/lightning/r/Event/*/view');
  });

  it('say what is the matter: no access, and an org that does not answer', async () => {
    await setAccess(false);
    await open(`/lightning/r/Contact/${contactId}/view`);
    await list().getByText('You have no access to bookings').waitFor();
    await setAccess(true);
    const error = { status: 404, errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' };
    await org.control('POST', '/faults', { match: { path: '/graphql' }, effect: { error } });
    await page.reload();
    await list().getByText('Bookings cannot be listed here').waitFor();
    await org.control('DELETE', '/faults');
    await list().getByRole('button', { name: 'Refresh' }).click();
    await list().getByText('Soon').waitFor();
  });

  it('stand beside buttons, which say what is missing while no address is set', async () => {
    await setAccess(true);
    await open(`/lightning/r/Contact/${contactId}/view`);
    const button = page.getByRole('list', { name: 'Buttons' }).getByRole('link').first();
    const address = String(await button.getAttribute('href'));
    expect(address).toMatch(/^\/resource\//);
    const { status, headers } = await org.request('GET', address);
    expect([status, headers.get('content-security-policy')?.split(';')[0]]).toEqual([200, 'sandbox']);
  });

  it('run behind quick actions, which say why they lead nowhere', async () => {
    await setAccess(true);
    await open(`/lightning/r/Contact/${contactId}/view`);
    const actions = page.getByRole('list', { name: 'Quick actions' });
    await actions.getByRole('button', { name: 'Book customer' }).click();
    await page.getByRole('status').filter({ hasText: 'An address is missing' }).waitFor();
    await actions.getByRole('button', { name: 'View customer' }).click();
    await page.getByRole('status').filter({ hasText: 'Nobody has booked with this record yet' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('open from a quick action what is set up, in a new tab', async () => {
    const { body } = await org.query('SELECT Id, DeveloperName FROM Booking_Setting__mdt');
    expect(body.records).toHaveLength(1);
    await setAccess(true);
    await org.api('PATCH', `/sobjects/Contact/${contactId}`, { Booking_Customer_Id__c: 'c-1' });
    const record = RECORD.replace(
      '</CustomMetadata>',
      '<values><field>Connector_URL__c</field><value xsi:type="xsd:string">https://connector.example.test</value></values></CustomMetadata>',
    );
    const deployed = await deployByRest(
      org,
      new Map([
        ['customMetadata/Booking_Setting.Default.md', record],
        ['package.xml', manifest({ CustomMetadata: ['Booking_Setting.Default'] })],
      ]),
    );
    expect(deployed).toMatchObject({ status: 'Succeeded' });
    await page.context().route('https://connector.example.test/**', (route) => route.fulfill({ body: 'The customer' }));
    await open(`/lightning/r/Contact/${contactId}/view`);
    const opened = page.context().waitForEvent('page');
    const actions = page.getByRole('list', { name: 'Quick actions' });
    await actions.getByRole('button', { name: 'View customer' }).click();
    const tab = await opened;
    await tab.waitForURL('https://connector.example.test/go/customers/c-1');
    await tab.close();

    // The page of the app takes the address of the console from the same setting.
    await page.goto(`${org.emulator.url}/lightning/n/connectorHome?user=${org.emulator.adminUserId}`);
    const next = page.context().waitForEvent('page');
    await page.getByRole('button', { name: 'Open the console' }).click();
    await (await next).waitForURL('https://connector.example.test/console');
  });

  it('speak Japanese, and show the steps of the set-up', async () => {
    await setAccess(true);
    await org.api('PATCH', `/sobjects/User/${repId}`, { LanguageLocaleKey: 'ja' });
    await open('/lightning/n/connectorHome');
    await page.getByRole('heading', { name: '予約の設定' }).waitFor();
    await page.getByText('この組織に予約が届いています。').waitFor();
  });
});
