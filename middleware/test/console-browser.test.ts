import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser } from './support/browser';
import { startConnector, type Connector } from './support/connector';
import { describeOnEmbedded } from './support/postgres';
import { signInLink } from './support/visitor';

/** A folder for pictures of what is seen, where somebody wants to look. */
const PICTURES = process.env['CONSOLE_PICTURES'];

function booking(visitor: string): unknown {
  const body = JSON.parse(readFileSync(join(__dirname, 'fixtures/source/calcom/BOOKING_CREATED.json'), 'utf8')) as {
    payload: { uid: string; attendees: { email: string }[] };
  };
  const text = JSON.stringify(body)
    .replaceAll(String(body.payload.attendees[0]?.email), `${visitor}@example.test`)
    .replaceAll(body.payload.uid, `${visitor}-${body.payload.uid}`);
  return JSON.parse(text) as unknown;
}

describeInBrowser('the console in a browser', () => {
  describeOnEmbedded('without JavaScript', (database) => {
    let connector: Connector;
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];

    beforeAll(async () => {
      connector = await startConnector(database);
      browser = await launchBrowser();
      // Nothing needs a script, so none may run.
      const context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 1280, height: 900 },
        timezoneId: 'Europe/Berlin',
      });
      page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('console', (message) => faults.push(message.text()));
      page.on('response', (response) => {
        if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
      });
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await connector.stop();
    });

    const picture = async (name: string): Promise<void> => {
      if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    };
    const setFault = async (effect: object): Promise<() => Promise<void>> => {
      const url = `${connector.emulator.url}/__emulator__/faults`;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ match: { sobject: 'Lead' }, effect });
      const { id } = (await (await fetch(url, { method: 'POST', headers, body })).json()) as { id: string };
      return async () => void (await fetch(`${url}/${id}`, { method: 'DELETE' }));
    };

    it('signs in by the link, shows what waits with its remedy, and writes it after the fix', async () => {
      const mend = await setFault({
        rowError: {
          statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
          message: 'Give the phone number with its country code.',
          fields: ['Phone'],
        },
      });
      await connector.sendCalcom(booking('clara'));
      await connector.sendCalcom(booking('diego'));
      await connector.sendCalcom({ triggerEvent: 'BOOKING_CREATED', createdAt: 'never', payload: {} });
      await connector.idle();

      await page.goto((await signInLink(connector.app)).url);
      await picture('enter');
      await page.getByRole('button', { name: 'Sign in to the console' }).click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/console');
      await picture('overview');

      await page.getByRole('link', { name: 'Waiting for you', exact: true }).click();
      const problem = page.getByRole('article').filter({ hasText: 'Give the phone number with its country code.' });
      expect(await problem.innerText()).toMatch(/What to do: .*rule/);
      await picture('problems');
      await problem.getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Its story' }).waitFor();
      await picture('booking-parked');
      const story = page.url();

      await mend();
      await page.goBack();
      await page.getByRole('button', { name: 'Try all 2 again' }).click();
      await page.getByRole('status').filter({ hasText: '2 bookings tried again' }).waitFor();
      await connector.idle();
      await page.reload();
      await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
      await picture('problems-none');

      await page.goto(story);
      const event = page.getByRole('link', { name: /^Event 00U/ });
      const record = await connector.query(`SELECT Id FROM Event WHERE Id = '${(await event.innerText()).slice(6)}'`);
      expect(record).toHaveLength(1);
      await picture('booking-written');
      expect(faults).toEqual([]);
    }, 60_000);

    it('creates a source, shows its secret once, and tests it', async () => {
      await page.getByRole('link', { name: 'Sources' }).click();
      await picture('sources');
      await page.getByRole('link', { name: 'New source' }).click();
      await page.getByLabel('Name').fill('Wrong Name');
      await page.getByLabel('System', { exact: true }).selectOption('savvycal');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByText('A source id has 1 to 30 lower-case letters').waitFor();
      await picture('source-wrong');
      await page.getByLabel('Name').fill('savvy');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('heading', { name: 'savvy is created' }).waitFor();
      await page.getByText(`${connector.app.url}/webhooks/savvy`).first().waitFor();
      await picture('source-created');
      await page.getByRole('button', { name: 'Send a test' }).click();
      await page.getByText('The address answered, and took a test').waitFor();
      await picture('source-tested');
      await page.goto(`${connector.app.url}/console/sources/savvy`);
      await page.getByText('one, which is not shown again').waitFor();
      await picture('source');
    }, 60_000);

    it('shows what may be spent of API calls, and changes it', async () => {
      await page.getByRole('link', { name: 'Overview' }).click();
      const budget = page.getByRole('region', { name: 'API calls of the last 24 hours' });
      await budget.getByRole('row', { name: /writing records \d+/ }).waitFor();
      await budget.getByText('Change what it may use').click();
      await budget.getByLabel('Left to others, in percent').fill('35');
      await budget.getByLabel('Most calls in 24 hours; empty: no cap').fill('4000');
      await picture('budget');
      await budget.getByRole('button', { name: 'Save' }).click();
      await page.getByText("all but 35 % of the org's; at most 4,000 in 24 hours; 1 lane").waitFor();
    }, 60_000);

    it('shows settings, says why a document is refused, saves another, and goes back', async () => {
      await page.getByRole('link', { name: 'Settings', exact: true }).click();
      await page.getByText('Lead 5 rows').click();
      await picture('settings');
      await page.getByRole('link', { name: 'Change or import' }).click();
      const text = page.getByLabel('Document, made from version 1');
      const document = JSON.parse(await text.inputValue()) as { rules: object; mappings: { Lead: object[] } };
      const wrong = [...document.mappings.Lead, { field: 'Budget__c', from: 'answers.budget' }];
      await text.fill(JSON.stringify({ ...document, mappings: { ...document.mappings, Lead: wrong } }, null, 2));
      await page.getByRole('button', { name: 'Check and save' }).click();
      await page.getByText('They cannot work like this:').waitFor();
      await page.getByText('mappings.Lead.5.field', { exact: true }).waitFor();
      await picture('settings-refused');
      await text.fill(JSON.stringify({ ...document, rules: { ...document.rules, cancel: 'delete' } }));
      await page.getByRole('button', { name: 'Check and save' }).click();
      await page.getByText('Saved as version 2.').waitFor();
      await page.getByRole('link', { name: 'Version 1', exact: true }).click();
      await page.getByRole('heading', { name: 'What going back to it would change' }).waitFor();
      await picture('settings-version');
      await page.getByRole('button', { name: 'Go back to version 1' }).click();
      await page.getByText('Version 1 counts again, saved as version 3.').waitFor();
      await page.getByRole('button', { name: /^Switch off/ }).click();
      await page.getByText(/Bookings of cal:.* are kept, and not written/).waitFor();
      await page.getByRole('button', { name: /^Switch on/ }).click();
      await page.getByText(/Bookings of cal:.* are written/).waitFor();
    }, 60_000);

    it('plans a body and other settings, and writes nothing', async () => {
      const before = await connector.query('SELECT Id FROM Event');
      await page.getByRole('link', { name: 'Dry run', exact: true }).click();
      await page.getByLabel('Source, or kind of source').selectOption('cal');
      await page.getByLabel('Body of the webhook').fill(JSON.stringify(booking('edith')));
      await page.getByRole('button', { name: 'Try it' }).click();
      await page
        .getByRole('table', { name: 'New Lead' })
        .getByRole('row', { name: /Company/ })
        .waitFor();
      await picture('dry-run');
      const text = page.getByLabel('Settings to try: change what you think of changing');
      await text.fill((await text.inputValue()).replace('"event": "write"', '"event": "off"'));
      await page.getByLabel('as if they had never been written').check();
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.getByText('2 of 2 bookings would differ.').waitFor();
      await picture('dry-run-settings');
      expect(await connector.query('SELECT Id FROM Event')).toEqual(before);
    }, 60_000);

    it('searches bookings, looks at a refused webhook again, closes the gate and signs out', async () => {
      await page.getByRole('link', { name: 'Bookings', exact: true }).click();
      await picture('bookings');
      await page.getByLabel('Booking key').fill('clara');
      await page.getByRole('button', { name: 'Search' }).click();
      expect(await page.locator('tbody tr').count()).toBe(1);

      await page.getByRole('link', { name: 'Refused webhooks' }).click();
      await picture('deliveries');
      await page.getByRole('button', { name: /^Look at webhook \d+ again/ }).click();
      await page.getByText('It is still not understood.').waitFor();

      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('button', { name: 'Stop writing' }).click();
      await page.getByText('Nothing is written to Salesforce.').waitFor();
      await picture('overview-stopped');
      await page.getByRole('button', { name: 'Start writing' }).click();
      await page.getByText('Writing to Salesforce').waitFor();
    }, 60_000);

    it('sets what "View customer" opens', async () => {
      await page.goto(`${connector.app.url}/console/sources/cal`);
      const address = page.getByLabel("Address of a customer's page in the system");
      await address.fill('http://app.example.test/{customer.id}');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Give an address that begins with https://.').waitFor();
      await address.fill('https://app.example.test/{customer.id}');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('"View customer" opens https://app.example.test/{customer.id}.').waitFor();
      await picture('source-customer-page');
    }, 60_000);

    it('signs out', async () => {
      await page.goto(`${connector.app.url}/console`);
      await page.setViewportSize({ width: 390, height: 800 });
      await picture('overview-narrow');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await picture('signed-out');
    }, 60_000);

    it('leads a rep who pressed "View customer" to the customer, after signing in', async () => {
      const { payload, ...rest } = booking('clara') as { payload: { uid: string } };
      const over = { startTime: '2021-03-02T09:00:00Z', endTime: '2021-03-02T09:45:00Z' };
      await connector.sendCalcom({ ...rest, payload: { ...payload, ...over, uid: `over-${payload.uid}` } });
      await connector.idle();
      const ids = await connector.query(`SELECT Booking_Customer_Id__c FROM Lead WHERE Email = 'clara@example.test'`);
      faults.length = 0;
      await page.goto(`${connector.app.url}/go/customers/${String(ids[0]?.['Booking_Customer_Id__c'])}`);
      await page.getByRole('heading', { name: 'Sign in to see the customer' }).waitFor();
      await picture('customer-sign-in');
      // Not signed in: 401.
      expect(faults.splice(0)).not.toEqual([]);
      await page.goto((await signInLink(connector.app, 'rep')).url);
      await page.getByRole('button', { name: 'Sign in to the console' }).click();
      await page.getByRole('heading', { name: 'Idris Okafor', exact: true }).waitFor();
      const upcoming = page.getByRole('region', { name: 'Upcoming' });
      const event = upcoming.getByRole('link', { name: 'View in Salesforce' }).first();
      expect(await event.getAttribute('href')).toMatch(/\/lightning\/r\/Event\/00U\w+\/view$/);
      expect(await upcoming.getByRole('link', { name: 'Join' }).first().getAttribute('rel')).toContain('noreferrer');
      await page.getByRole('link', { name: 'View Lead in Salesforce' }).waitFor();
      expect(await page.getByRole('region', { name: 'Past' }).getByRole('listitem').count()).toBe(1);
      await picture('customer-narrow');
      const overflow = await page
        .locator('html')
        .evaluate((html: { scrollWidth: number; clientWidth: number }) => html.scrollWidth - html.clientWidth);
      expect(overflow).toBe(0);
      await page.setViewportSize({ width: 1280, height: 900 });
      await picture('customer');
      await page.goto(`${connector.app.url}/go/customers/nobody`);
      await page.getByRole('heading', { name: 'There is no such customer' }).waitFor();
      await picture('customer-none');
      await page.getByRole('link', { name: 'Booking Connector' }).click();
      await page.getByRole('heading', { name: 'Welcome, test rep' }).waitFor();
      await picture('rep');
    }, 60_000);
  });
});
