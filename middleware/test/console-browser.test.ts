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

      await page.setViewportSize({ width: 390, height: 800 });
      await picture('overview-narrow');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await picture('signed-out');
    }, 60_000);
  });
});
