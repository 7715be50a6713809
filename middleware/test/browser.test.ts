import type { Browser } from 'playwright-core';
import { startDemo, type Demo } from '../src/cli/demo';
import { describeInBrowser, launchBrowser } from './support/browser';

describeInBrowser('the demo in a browser', () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    demo = await startDemo({ port: 0, logLevel: 'silent' });
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await demo.stop();
  });

  it('shows the booking on its Lead, and every change of it, without a reload', async () => {
    const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-US' });
    const booking = await context.newPage();
    await booking.goto(demo.schedulingUrl);
    await booking.getByRole('link', { name: /Product demo/ }).click();
    await booking.locator('a[href*="/details?start="]').last().click();
    await booking.getByLabel(/name/i).first().fill('Clara Jensen');
    await booking.getByLabel(/e-?mail/i).fill('clara.jensen@example.test');
    await booking.locator('main form button').last().click();
    await booking.getByRole('heading', { name: 'You are booked' }).waitFor();

    const record = await context.newPage();
    const address = await booking.getByRole('link', { name: /See it in Salesforce/ }).getAttribute('href');
    await record.goto(String(address));
    await record.getByRole('heading', { name: 'Clara Jensen' }).waitFor();
    const badge = record.locator('.entry .badge').first();
    await badge.filter({ hasText: 'Scheduled' }).waitFor();
    await record.evaluate('window.isSamePage = true');

    await booking.getByRole('link', { name: 'Reschedule' }).click();
    await booking.locator('a[href*="start="]').first().click();
    await booking.locator('main form button').last().click();
    await booking.getByRole('heading', { name: 'Moved to a new time' }).waitFor();
    await badge.filter({ hasText: 'Rescheduled' }).waitFor();

    await booking.getByRole('button', { name: /no-show/i }).click();
    await badge.filter({ hasText: 'No-show' }).waitFor();
    expect(await record.evaluate('window.isSamePage')).toBe(true);
    expect(await record.locator('.entry').count()).toBe(1);
  }, 60_000);
});
