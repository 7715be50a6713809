/**
 * Makes the pictures of docs/images from the scene of the tests, so that they show what there is.
 *
 *   npm run screenshots
 */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Appointment } from '../middleware/test/support/appointment';
import { startScene, type Scene } from './scene';

const IMAGES = join(__dirname, '../docs/images');
/** Wide enough for two columns, narrow enough to be read in a README. */
const WIDTH = 1120;

void main();

async function main(): Promise<void> {
  const scene = await startScene();
  try {
    await scene.setUpButtons();
    const address = await makeHistory(scene);
    const page = await openRecord(scene, address, '1');
    await save(page, 'record-page', { clip: { x: 0, y: 0, width: WIDTH, height: 900 } });
    const other = await openRecord(scene, address, '2');
    await save(other.locator('.components'), 'components-slds-2');
    await saveConsole(scene);
  } finally {
    await scene.stop();
  }
}

/** One customer's bookings, as they come about: told by webhooks, one after the other. @returns the address of the Lead. */
async function makeHistory({ org, tell, connector, find }: Scene): Promise<string> {
  const email = 'ines.duarte@customer.example';
  const of = (uid: string, title: string, inDays: number, at: string): Appointment => ({
    ...{ uid, title, inDays, at },
    ...{ name: 'Ines Duarte', email },
  });
  const missed = of('b-1', 'Intro call', -15, '17:00');
  const canceled = of('b-2', 'Product demo', -6, '18:30');
  const moved = of('b-3', 'Product demo', 2, '16:00');
  for (const one of [missed, canceled, moved, of('b-4', 'Onboarding', 12, '17:30')])
    await tell({ kind: 'booked' }, one);
  await tell({ kind: 'missed' }, missed);
  await tell({ kind: 'canceled', reason: 'No longer needed this month' }, canceled);
  await tell({ kind: 'moved', uid: 'b-5', inDays: 5, at: '19:00', reason: 'Train strike' }, moved);
  await connector.untilIdle();
  const [lead] = await find(`SELECT Id FROM Lead WHERE Email = '${email}'`);
  await org.request('PATCH', `/services/data/v67.0/sobjects/Lead/${String(lead?.['Id'])}`, { Title: 'Head of Sales' });
  return `/lightning/r/Lead/${String(lead?.['Id'])}/view`;
}

async function openRecord(scene: Scene, address: string, slds: '1' | '2'): Promise<Page> {
  const page = await scene.openAsRep(address, { width: WIDTH, slds });
  await page.locator('[data-component="bookingList"]').getByText('Rescheduled', { exact: true }).waitFor();
  await page.locator('[data-component="bookingActions"]').getByRole('button').first().waitFor();
  return page;
}

/** The overview, with something that waits. */
async function saveConsole({ org, tell, untilParked, openConsole }: Scene): Promise<void> {
  const message = 'Give the phone number with its country code.';
  const rowError = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields: ['Phone'] };
  await org.fault({ match: { sobject: 'Lead' }, effect: { rowError } });
  const noor = { uid: 'b-6', title: 'Intro call', name: 'Noor Haddad', email: 'noor.haddad@customer.example' };
  await tell({ kind: 'booked' }, { ...noor, inDays: 3, at: '17:00' });
  await untilParked();
  const page = await openConsole({ width: WIDTH });
  await page.getByText(message).waitFor();
  await save(page, 'console', { fullPage: true });
}

async function save(of: Page | Locator, name: string, options: object = {}): Promise<void> {
  const path = join(IMAGES, `${name}.png`);
  await of.screenshot({ path, animations: 'disabled', ...options });
  console.log(path);
}
