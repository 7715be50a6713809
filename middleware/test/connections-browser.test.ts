import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser } from './support/browser';
import { emulatorPost, startWorld, type World } from './support/connections';
import { describeOnEmbedded } from './support/postgres';
import { signInLink } from './support/visitor';

/** A folder for pictures of what is seen, where somebody wants to look. */
const PICTURES = process.env['CONSOLE_PICTURES'];

describeInBrowser('connecting an org in a browser', () => {
  describeOnEmbedded('without JavaScript', (database) => {
    let world: World;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      world = await startWorld(database);
      await emulatorPost(world.emulator, '/settings', { autoApprove: false });
      browser = await launchBrowser();
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
      page = await context.newPage();
      page.setDefaultTimeout(10_000);
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await world.stop();
    });

    const picture = async (name: string): Promise<void> => {
      if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    };

    it('leads through Salesforce and back, shows a loss on every page, and mends it', async () => {
      const { app, emulator } = world;
      await page.goto((await signInLink(app)).url);
      await page.getByRole('button', { name: 'Sign in to the console' }).click();
      await page.getByRole('link', { name: 'Salesforce', exact: true }).click();
      await picture('salesforce-none');
      await page.getByRole('link', { name: 'Connect an org' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Sandbox One');
      await page.getByLabel('With the secret of the app').check();
      await page.getByLabel('Address of the org').fill('login');
      await page.getByLabel('Consumer key').fill('two words');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByText('It was not connected').waitFor();
      await picture('salesforce-wrong');

      await page.getByLabel('Name', { exact: true }).fill('sandbox');
      await page.getByLabel('Allow it in a browser').check();
      await page.getByLabel('Address of the org').fill(emulator.url);
      await page.getByLabel('Consumer key').fill(emulator.clientId);
      await page.getByLabel('Consumer secret').fill(emulator.clientSecret);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByText('Not yet connected').waitFor();
      await picture('salesforce-new');
      await page.getByRole('button', { name: 'Connect through Salesforce' }).click();
      await picture('salesforce-leave');
      await page.getByRole('link', { name: 'Go to Salesforce' }).click();
      await page.getByRole('button', { name: 'Deny' }).click();
      await page.getByText('The connection was refused on the page of Salesforce.').waitFor();
      await picture('salesforce-denied');

      await page.goto(`${app.url}/console/salesforce/sandbox`);
      await page.getByRole('button', { name: 'Connect through Salesforce' }).click();
      await page.getByRole('link', { name: 'Go to Salesforce' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.getByText(`as ${emulator.username}.`).waitFor();
      expect(new URL(page.url()).pathname).toBe('/console/salesforce/sandbox');
      await picture('salesforce-connected');

      await emulatorPost(emulator, '/revoke-tokens');
      await page.getByRole('button', { name: 'Test' }).click();
      await page.getByRole('button', { name: 'Reconnect through Salesforce' }).waitFor();
      await picture('salesforce-lost');
      await page.getByRole('link', { name: 'Bookings', exact: true }).click();
      const notice = page.getByRole('region', { name: 'Notice' });
      expect(await notice.innerText()).toContain('The org sandbox is disconnected: bookings are accepted and wait.');
      await page.getByRole('link', { name: 'Salesforce', exact: true }).click();
      await picture('salesforce-list');
      await page.getByRole('link', { name: 'sandbox' }).click();
      await page.getByRole('button', { name: 'Reconnect through Salesforce' }).click();
      await page.getByRole('link', { name: 'Go to Salesforce' }).click();
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.getByText(`as ${emulator.username}.`).waitFor();
      expect(await page.getByRole('region', { name: 'Notice' }).count()).toBe(0);
    }, 60_000);

    it('gives the certificate of a key, changes how it signs in, and disconnects', async () => {
      const { app, emulator } = world;
      await page.goto(`${app.url}/console/salesforce/new`);
      await page.getByLabel('Name', { exact: true }).fill('keyed');
      await page.getByRole('radio', { name: 'With a key' }).check();
      await page.getByLabel('Address of the org').fill(emulator.url);
      await page.getByLabel('Consumer key').fill(emulator.clientId);
      await page.getByLabel('Username of the API user').fill(emulator.username);
      await page.getByRole('button', { name: 'Connect' }).click();
      const saved = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download the certificate' }).click();
      expect((await saved).suggestedFilename()).toBe('booking-connector-keyed.crt');
      await picture('salesforce-key');
      await page.getByText('Change how it signs in').click();
      await picture('salesforce-change');
      await page.getByLabel('With the secret of the app').check();
      await page.getByLabel('Consumer secret').fill('a wrong secret');
      await page.getByRole('button', { name: 'Save and reconnect' }).click();
      await page.getByText('The consumer secret does not belong to the consumer key.').waitFor();
      await picture('salesforce-refused');
      await page.getByText('Change how it signs in').click();
      await page.getByLabel('Consumer secret').fill(emulator.clientSecret);
      await page.getByRole('button', { name: 'Save and reconnect' }).click();
      await page.getByText('Connected since').waitFor();
      await page.getByRole('button', { name: 'Disconnect' }).click();
      await page.getByText('its token is ended at Salesforce').waitFor();
      await page.setViewportSize({ width: 390, height: 800 });
      await picture('salesforce-narrow');
    }, 60_000);
  });
});
