import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { until } from '../bench/support/until';
import { describeInBrowser, launchBrowser } from './support/browser';
import { book, emulatorPost, startWorld, type World } from './support/connections';
import { describeOnEmbedded } from './support/postgres';
import { signInLink } from './support/visitor';

/** A folder for pictures of what is seen, where somebody wants to look. */
const PICTURES = process.env['CONSOLE_PICTURES'];
const HOST = 'rosa.lindqvist@host.example';

describeInBrowser('hosts in a browser', () => {
  describeOnEmbedded('without JavaScript', (database) => {
    let world: World;
    let browser: Browser;

    beforeAll(async () => {
      world = await startWorld(database);
      const { emulator, connect, app } = world;
      // Salesforce asks whoever comes who he is.
      await emulatorPost(emulator, '/settings', { autoApprove: false });
      await connect({ flow: 'clientCredentials', clientSecret: emulator.clientSecret });
      await book(app, 'browser');
      browser = await launchBrowser();
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await world.stop();
    });

    const enter = async (...who: [role: 'rep' | 'admin', more: { email?: string }]): Promise<Page> => {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto((await signInLink(world.app, ...who)).url);
      await page.getByRole('button', { name: 'Sign in to the console' }).click();
      return page;
    };
    const picture = async (page: Page, name: string): Promise<void> => {
      if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    };

    it('a rep links himself, an admin sees it and ends it', async () => {
      const rep = await enter('rep', { email: HOST });
      await rep.getByRole('link', { name: 'Your Salesforce user' }).click();
      await picture(rep, 'own-host');
      await rep.getByRole('button', { name: 'Link me to Salesforce' }).click();
      await picture(rep, 'own-host-leave');
      await rep.getByRole('link', { name: 'Go to Salesforce' }).click();
      await rep
        .getByLabel('Sign in to the emulated org as')
        .selectOption({ label: 'Hana Host (hana.host@example.com)' });
      await rep.getByRole('button', { name: 'Allow' }).click();
      await rep.getByText(`Bookings of ${HOST} and hana.host@example.com belong to hana.host@example.com`).waitFor();
      expect(new URL(rep.url()).pathname).toBe('/console/me');
      await picture(rep, 'own-host-linked');

      await until('the booking to be known', async () => {
        const { rows } = await world.app.admin.store.query(`select 1 from booking where root_key = 'browser'`);
        return rows[0] ?? null;
      });
      const admin = await enter('admin', {});
      await admin.getByRole('navigation').getByRole('link', { name: 'Hosts' }).click();
      const row = admin.getByRole('row', { name: HOST });
      await row.getByText('by link').waitFor();
      await picture(admin, 'hosts');
      await row.getByRole('button', { name: 'End the link' }).click();
      await admin.getByText(`${HOST} is linked to nobody.`).waitFor();
      await admin.getByLabel('E-mail address of the host').fill(HOST);
      await admin.getByLabel('Username in Salesforce').fill('hana.host@example.com');
      await admin.getByRole('button', { name: 'Link', exact: true }).click();
      await admin.getByText(`${HOST} is hana.host@example.com from now on.`).waitFor();
      await rep.reload();
      await rep.getByText('by an admin, test admin.').waitFor();

      await rep.getByRole('button', { name: 'Link me again' }).click();
      await rep.getByRole('link', { name: 'Go to Salesforce' }).click();
      await rep.getByRole('button', { name: 'Deny' }).click();
      await rep.getByText('Nothing was changed.').waitFor();
    }, 60_000);
  });
});
