import type { Locator, Page } from 'playwright-core';
import { barriers } from './accessibility';
import type { Appointment } from '../middleware/test/support/appointment';
import { BOOKING_PAGE, CONNECTOR_ADDRESS, SLDS_VERSIONS, type Scene } from './scene';

const INTRO: Appointment = {
  ...{ uid: 'intro', title: 'Intro call', name: 'Ines Duarte', email: 'ines.duarte@customer.example' },
  ...{ inDays: 2, at: '18:00' },
};

/** Widths of the window in which a component's region is about 320 pixels wide, and the usual one of a desktop. */
const WIDTHS = { narrow: 344, wide: 1280 };

/** The record page of a Contact as a rep sees it, from the webhook on. The cases go on from one another. */
export function recordPageCases(scene: () => Scene): void {
  let contactId: string;
  let page: Page;
  const faults: string[] = [];

  const address = (): string => `/lightning/r/Contact/${contactId}/view`;
  const part = (name: string, on = page): Locator => on.locator(`[data-component="${name}"]`);
  const list = (on = page): Locator => part('bookingList', on);
  const timeline = (): Locator => page.locator('.entry');

  beforeAll(async () => {
    contactId = await scene().org.create('Contact', { FirstName: 'Ines', LastName: 'Duarte', Email: INTRO.email });
    page = await scene().openAsRep(address());
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
    });
  });
  afterEach(() => expect(faults.splice(0)).toEqual([]));

  /** Follows a button that opens another window. @returns the address that it asks for. */
  const whereLeads = async (button: Locator): Promise<string> => {
    const [opened] = await Promise.all([page.waitForEvent('popup'), button.click()]);
    await opened.waitForURL(/^https?:/, { waitUntil: 'commit' }).catch(() => undefined);
    const url = opened.url();
    await opened.close();
    return url;
  };

  it('says what is missing while no address is set, and that there are no bookings', async () => {
    await list().getByText('No bookings yet.').waitFor();
    await part('bookingActions').getByText('An address is missing.').waitFor();
    const buttons = part('bookingActions').getByRole('button');
    expect(await buttons.evaluateAll((all) => all.map((button) => button.matches(':disabled')))).toEqual([true, true]);
    const [help] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('list', { name: 'Buttons' }).getByRole('link', { name: 'Book customer' }).click(),
    ]);
    await help.getByText('Booking Setting').first().waitFor();
    await help.close();
  });

  it('shows a booking as Scheduled, in the timeline by itself and in the list after a refresh', async () => {
    await scene().tell({ kind: 'booked' }, INTRO);
    await timeline().getByText('Scheduled', { exact: true }).first().waitFor();
    await list().getByRole('button', { name: 'Refresh' }).click();
    await list().getByRole('link', { name: 'Intro call' }).waitFor();
    expect(await list().innerText()).toMatch(/Upcoming\s+Intro call\s+Scheduled\s[\s\S]*11:00 AM\s[\s\S]*Hana Host/);
    expect(await timeline().count()).toBe(1);
  });

  it('shows its new time and Rescheduled, on the same Event', async () => {
    await scene().tell({ kind: 'moved', uid: 'intro-2', inDays: 3, at: '20:30', reason: 'Train strike' }, INTRO);
    await timeline().locator('.badge', { hasText: 'Rescheduled' }).waitFor();
    await list().getByRole('button', { name: 'Refresh' }).click();
    await list().getByText('Rescheduled').waitFor();
    expect(await list().innerText()).toMatch(/1:30 PM\s[\s\S]*Reason:\s+Train strike/);
    expect(await timeline().count()).toBe(1);
  });

  it('shows Canceled with its reason', async () => {
    const moved = { ...INTRO, uid: 'intro-2', inDays: 3, at: '20:30' };
    await scene().tell({ kind: 'canceled', reason: 'No longer needed' }, moved);
    await timeline().locator('.badge', { hasText: 'Canceled' }).waitFor();
    await list().getByRole('button', { name: 'Refresh' }).click();
    await list().getByText('Canceled', { exact: true }).waitFor();
    expect(await list().innerText()).toMatch(/Canceled\s[\s\S]*Reason:\s+No longer needed/);
    await list().getByRole('status').getByText('Bookings refreshed').waitFor();
    expect(await timeline().count()).toBe(1);
  });

  it('leads to the booking page with the id of the record, and to the customer at the connector', async () => {
    await scene().setUpButtons();
    await page.context().route(/^https:/, (route) => route.fulfill({ body: 'Somewhere else' }));
    await page.reload();
    const [customer] = await scene().find(`SELECT Booking_Customer_Id__c FROM Contact WHERE Id = '${contactId}'`);
    const booking = `${BOOKING_PAGE}?salesforce_id=${contactId}`;
    const view = `${CONNECTOR_ADDRESS}/go/customers/${String(customer?.['Booking_Customer_Id__c'])}`;
    const buttons = page.getByRole('list', { name: 'Buttons' });
    expect(await whereLeads(buttons.getByRole('link', { name: 'Book customer' }))).toBe(booking);
    expect(await whereLeads(buttons.getByRole('link', { name: 'View customer' }))).toBe(view);
    expect(await whereLeads(part('bookingActions').getByRole('button', { name: /Book/ }))).toBe(booking);
    expect(await whereLeads(part('bookingActions').getByRole('button', { name: /View/ }))).toBe(view);
  });

  describe.each(SLDS_VERSIONS)('with SLDS %s', (slds) => {
    it.each(Object.entries(WIDTHS))('fits, works by keyboard and keeps nobody out in a %s region', async (_, width) => {
      const own = await scene().openAsRep(address(), { width, slds });
      await list(own).getByRole('link', { name: 'Intro call' }).waitFor();
      const button = part('bookingActions', own).getByRole('button').first();
      await button.waitFor();
      // What tells the two versions apart at once.
      const corner = await button.evaluate((element) => getComputedStyle(element).borderRadius);
      expect(corner === '4px').toBe(slds === '1');
      expect(await own.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      for (const region of ['bookingActions', 'bookingList']) {
        const box = await part(region, own).boundingBox();
        if (width === WIDTHS.narrow) expect(box?.width).toBeLessThanOrEqual(324);
        expect(await standingOut(part(region, own))).toEqual([]);
      }
      expect(await reachedByTab(own)).toEqual(['Book Customer', 'View Customer', 'Refresh', 'Canceled: Intro call']);
      expect(await barriers(own, ['.component'])).toEqual([]);
      expect(await barriers(own)).toEqual([]);
      await own.context().close();
    });
  });

  it('refreshes and opens a booking by the keyboard alone', async () => {
    await list().getByRole('button', { name: 'Refresh' }).focus();
    await page.keyboard.press('Enter');
    await list().getByRole('status').getByText('Bookings refreshed').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/lightning/r/Event/*/view');
    await page.getByRole('heading', { level: 1, name: 'Canceled: Intro call' }).waitFor();
  });

  it('would tell: a button without a name is found', async () => {
    await page.goto(`${scene().emulator.url}${address()}`);
    const button = list().getByRole('button', { name: 'Refresh' });
    await button.locator('.slds-assistive-text').evaluate((text) => text.setAttribute('hidden', ''));
    await button.evaluate((element) => element.removeAttribute('title'));
    expect(await barriers(page, ['.component'])).toEqual([expect.stringMatching(/^button-name \(critical\): /)]);
  });
}

/** What of a region stands out of it at its right. */
async function standingOut(region: Locator): Promise<string[]> {
  const edge = await region.evaluate((element) => element.getBoundingClientRect().right);
  return region
    .locator('*')
    .evaluateAll(
      (elements, right) =>
        elements.flatMap((element) => (element.getBoundingClientRect().right > right + 1 ? [element.outerHTML] : [])),
      edge,
    );
}

/**
 * Goes through the page by Tab.
 * @returns the texts of what is reached in the components, in order; with a remark where it does not show the focus.
 */
async function reachedByTab(page: Page): Promise<string[]> {
  const reached: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const [found] = await page.locator('.component *:focus').evaluateAll((elements) =>
      elements.map((element) => {
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return { text: element.textContent?.trim(), isShown: outlineStyle !== 'none' || boxShadow !== 'none' };
      }),
    );
    if (found !== undefined) reached.push(`${found.text}${found.isShown ? '' : ', which does not show the focus'}`);
    else if (reached.length > 0) break;
  }
  return reached;
}
