import type { Page } from 'playwright-core';
import { barriers } from './accessibility';
import type { Scene } from './scene';

/** The console as an owner sees it: every page of its navigation, with something on each, and a booking's story. */
export function consoleCases(scene: () => Scene): void {
  let page: Page;

  beforeAll(async () => {
    const { org, connector } = scene();
    const refusal = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Give the phone number.', fields: [] };
    await org.fault({ match: { sobject: 'Lead' }, effect: { rowError: refusal } });
    const appointment = { uid: 'parked', title: 'Intro call', name: 'Noor Haddad', inDays: 4, at: '18:00' };
    await scene().tell({ kind: 'booked' }, { ...appointment, email: 'noor.haddad@customer.example' });
    await connector.deliver({ triggerEvent: 'BOOKING_CREATED', createdAt: 'never', payload: {} });
    await scene().untilParked();
    page = await scene().openConsole();
    await page.getByText('Give the phone number.').waitFor();
  });
  afterAll(async () => void (await scene().org.clearFaults()));

  const open = async (address: string): Promise<void> => {
    await page.goto(new URL(address, scene().connector.url).href);
  };

  it.each([
    ['/console', 'Overview'],
    ['/console/bookings', 'Bookings'],
    ['/console/problems', 'Waiting for you'],
    ['/console/deliveries', 'Refused webhooks'],
    ['/console/doctor', 'Health of the org'],
    ['/console/sources', 'Sources'],
    ['/console/sources/cal', 'cal'],
    ['/console/salesforce', 'Salesforce'],
    ['/console/hosts', 'Hosts'],
    ['/console/settings', 'Settings'],
    ['/console/dry-run', 'Dry run'],
  ])('keeps nobody out of %s', async (address, title) => {
    await open(address);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it('has a row in the table above for every page of its navigation', async () => {
    await open('/console');
    const shown = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(shown).toEqual([
      ...['Overview', 'Bookings', 'Waiting for you', 'Refused webhooks', 'Health of the org', 'Sources'],
      ...['Salesforce', 'Hosts', 'Settings', 'Dry run'],
    ]);
  });

  it("keeps nobody out of a booking's story, of one that waits and one that is written", async () => {
    for (const name of ['Noor Haddad', 'Ines Duarte']) {
      await open('/console/bookings');
      await page.getByRole('row').filter({ hasText: name }).getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Its story' }).waitFor();
      expect(await barriers(page)).toEqual([]);
    }
  });

  it('would tell: a button without a name is found', async () => {
    await open('/console');
    await page.getByRole('button', { name: 'Sign out' }).evaluate((button) => button.replaceChildren());
    expect(await barriers(page)).toEqual([expect.stringMatching(/^button-name \(critical\): /)]);
  });
}
