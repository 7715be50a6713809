import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSource, readStatus, retry } from '../src/admin/admin';
import { runDoctor } from '../src/admin/doctor';
import { orgViewOf } from '../src/salesforce/org-view';
import { neededRights } from '../src/settings/needed-rights';
import { rightName } from '../src/settings/right';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import { standardHeaders } from '../src/source/standard';
import { ensureBuild } from './support/build';
import { startConnector, type Connector } from './support/connector';
import { orgActions, type OrgActions } from './support/org-actions';
import { describeOnEmbedded } from './support/postgres';
import { createApiUser, putAboveHosts, rightsIn, withoutRight, type ApiUser } from './support/rights';

const ROOT = join(__dirname, '../..');
const SETS = {
  Booking_Integration: 'force-app/main/default/permissionsets/Booking_Integration.permissionset-meta.xml',
  Booking_API_User_Access: 'unpackaged/admin-kit/permissionsets/Booking_API_User_Access.permissionset-meta.xml',
};
type SetName = keyof typeof SETS;
const xmlOf = (set: SetName): string => readFileSync(join(ROOT, SETS[set]), 'utf8');
const RIGHTS = (Object.keys(SETS) as SetName[]).flatMap((set) =>
  rightsIn(xmlOf(set)).map((right): [right: string, set: SetName] => [right, set]),
);

/**
 * Rights that the default settings do without, and the rules that need them: an administrator cannot add a field to a
 * packaged permission set, so that it has those of every setting.
 */
const OF_OTHER_RULES: Readonly<Record<string, Partial<Settings['rules']>>> = {
  'Edit Account.Booking_Customer_Id__c': { unknownCustomer: 'Contact', contactAccount: 'create' },
  'Edit Case.Booking_Customer_Id__c': { alsoCreate: 'Case' },
  'Edit Case.Booking_Id__c': { alsoCreate: 'Case' },
  'Edit Opportunity.Booking_Customer_Id__c': { alsoCreate: 'Opportunity' },
  'Edit Opportunity.Booking_Id__c': { alsoCreate: 'Opportunity' },
};
/**
 * Event and Task share the rights on their fields, and an org counts a row that is missing on one as no access to both
 * (Object Reference, Task): each row of Event has its twin. Whether an org does so, only an org can prove.
 */
const isTwin = (right: string): boolean =>
  right.includes(' Task.') && RIGHTS.some(([other]) => other === right.replace(' Task.', ' Event.'));
/** An org gives no right on Contacts without these, and none on Events: it refuses the permission set. */
const DEPENDED_ON = ['Read Account', 'Access Activities'];
/** Without these nothing at all can be written: the lane pauses, no single booking is parked. */
const PAUSING = ['API Enabled', 'Edit Event.Booking_Id__c'];

const SECRET = 'whsec_cGFja2FnZSByaWdodHMgdGVzdA==';
const ORDINARY = RIGHTS.filter(
  ([right]) =>
    !isTwin(right) && OF_OTHER_RULES[right] === undefined && !DEPENDED_ON.includes(right) && !PAUSING.includes(right),
);

describe('the rights of the admin kit', () => {
  const check = (...flags: string[]): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, [join(ROOT, 'scripts/admin-kit-rights.mjs'), '--check', ...flags], {
      encoding: 'utf8',
    });
  beforeAll(() => ensureBuild());

  it('are what "booking-connector permissions" prints for the default settings, without the fields of the package', () => {
    expect(check()).toMatchObject({ status: 0, stderr: '' });
  });

  it('are found to be others, with the command that writes them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'test-kit-'));
    const file = join(folder, 'spoiled.xml');
    writeFileSync(file, withoutRight(xmlOf('Booking_API_User_Access'), 'Create Lead'));
    expect(check('--file', file)).toMatchObject({ status: 1, stderr: expect.stringContaining('admin-kit-rights.mjs') });
    rmSync(folder, { recursive: true });
  });

  it('are granted once: none is in both sets', () => {
    const names = RIGHTS.map(([right]) => right.replace(/^(?:Read|Edit) (?=.*\.)/, ''));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('the rights of the two permission sets together', () => {
  it.each(Object.entries(OF_OTHER_RULES))('have %s for other rules, which need it', (right, rules) => {
    const settings = { ...DEFAULT_SETTINGS, rules: { ...DEFAULT_SETTINGS.rules, ...rules } };
    const needed = neededRights(settings, orgViewOf({ objects: {}, stamp: null, readAt: '' }));
    expect(needed.map((one) => rightName(one.right))).toContain(right);
  });

  it('are all asked about below, or have a reason above', () => {
    const named = [...ORDINARY.map(([right]) => right), ...DEPENDED_ON, ...PAUSING, ...Object.keys(OF_OTHER_RULES)];
    const twins = RIGHTS.map(([right]) => right).filter(isTwin);
    expect([...named, ...twins].sort()).toEqual(RIGHTS.map(([right]) => right).sort());
  });
});

describeOnEmbedded('an API user with Booking Integration and the admin kit', (database) => {
  let connector: Connector;
  let actions: OrgActions;
  let user: ApiUser;
  let sent = 0;

  beforeAll(async () => {
    connector = await startConnector(database, { settings: withCompany });
    const { app, emulator } = connector;
    actions = orgActions(connector);
    await createSource(app.admin, { id: 'std', kind: 'standard', secret: SECRET });
    user = await createApiUser(emulator);
    for (const set of Object.keys(SETS) as SetName[]) await user.grant(xmlOf(set), set);
    await putAboveHosts(emulator, user.id);
  }, 120_000);
  afterAll(() => connector.stop());

  const send = async (key: string, more: object): Promise<void> => {
    const body = JSON.stringify({ ...bodyOf(key), occurredAt: new Date().toISOString(), ...more });
    const headers = { 'content-type': 'application/json', ...standardHeaders(SECRET, randomUUID(), body, new Date()) };
    const { status } = await fetch(`${connector.app.url}/webhooks/std`, { method: 'POST', headers, body });
    expect(status).toBe(202);
  };
  /** A new Lead, one who is known as a Lead, one who is known as a Contact, and a booking that was canceled. */
  const sendEach = async (): Promise<void> => {
    sent += 1;
    await actions.create('Contact', { LastName: 'Known', Email: `contact-${sent}@customer.example` });
    await actions.create('Lead', { LastName: 'Known', Company: 'Acme', Email: `lead-${sent}@customer.example` });
    for (const who of ['new', 'contact', 'lead']) await send(`${who}-${sent}`, {});
    await send(`gone-${sent}`, { kind: 'canceled', reason: 'Ill' });
    await connector.idle();
  };
  const causes = async (): Promise<string[]> =>
    (await readStatus(connector.app.admin)).parked.map(({ outcome }) => outcome.cause);
  /** What is in the way by the doctor. */
  const failures = async (): Promise<{ check: string; why: string }[]> =>
    (await runDoctor(connector.app.admin)).lines.filter(({ state }) => state === 'failure');
  /** Acts while the user has a set in another form. */
  const spoiling = async (set: SetName, xml: string, act: () => Promise<void>): Promise<void> => {
    await user.grant(xml, set);
    await act().finally(() => user.grant(xmlOf(set), set));
  };
  /** As somebody does who presses "Try again" once the lane is at rest: the org is asked anew then. */
  const tryAgain = async (): Promise<void> => {
    const isResting = (): boolean => connector.app.admin.laneStates()['main']?.state === 'idle';
    for (const until = Date.now() + 10_000; !isResting() && Date.now() < until;) await sleep(5);
    await retry(connector.app.admin, { bookingId: null });
    await connector.idle();
  };

  it('does everything that the default settings ask for', async () => {
    expect(await failures()).toEqual([]);
    await sendEach();
    await send('new-1', { kind: 'rescheduled', startsAt: '2027-03-04T09:00:00Z', reason: 'Train strike' });
    await send('contact-1', { kind: 'noShow' });
    await send('lead-1', { kind: 'canceled', reason: 'Ill' });
    const events = await connector.settled(
      'SELECT Booking_Id__c, Event_Status__c, Cancel_Reschedule_Reason__c, WhoId FROM Event ORDER BY Booking_Id__c',
    );
    expect(await causes()).toEqual([]);
    const shown = events.map((event) => ({ ...event, WhoId: String(event['WhoId']).slice(0, 3) }));
    expect(shown).toMatchObject([
      { Booking_Id__c: 'std:contact-1', Event_Status__c: 'No-show', WhoId: '003' },
      { Booking_Id__c: 'std:gone-1', Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'Ill', WhoId: '00Q' },
      { Booking_Id__c: 'std:lead-1', Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'Ill', WhoId: '00Q' },
      { Event_Status__c: 'Rescheduled', Cancel_Reschedule_Reason__c: 'Train strike', WhoId: '00Q' },
    ]);
  });

  it.each(ORDINARY)('lets a booking wait without %s of %s, and the doctor names that alone', async (right, set) => {
    await spoiling(set, weakened(xmlOf(set), right), async () => {
      const found = await failures();
      expect(found.map(({ check }) => check)).toEqual([right]);
      await sendEach();
      // The first refusal may be in the words of Salesforce; then the org is asked anew.
      await tryAgain();
      expect(await causes()).toContainEqual(found[0]?.why);
    });
  });

  it.each(DEPENDED_ON)('cannot be without %s: an org refuses the other rights then', async (right) => {
    const xml = withoutRight(xmlOf('Booking_API_User_Access'), right);
    await expect(user.grant(xml, 'Booking_API_User_Access')).rejects.toThrow(/depends on permission/);
  });

  it('has what waited written once every right is back', async () => {
    await tryAgain();
    expect(await causes()).toEqual([]);
    const events = await connector.query('SELECT Id FROM Event');
    expect(events).toHaveLength(4 * sent);
  });

  it.each(PAUSING)('can do nothing without %s: the lane pauses, in words that the doctor has too', async (right) => {
    const [, set] = RIGHTS.find(([name]) => name === right) ?? [];
    if (set === undefined) throw new Error(`No set grants ${right}`);
    await spoiling(set, withoutRight(xmlOf(set), right), async () => {
      const found = await failures();
      expect(found.map(({ check }) => check)).toEqual([right]);
      await send(`paused-${right.length}`, {});
      await connector.folded();
      const words = right === 'API Enabled' ? 'The API is switched off' : String(found[0]?.why);
      const lane = (): string => connector.app.admin.laneStates()['main']?.cause ?? '';
      connector.app.admin.wake();
      for (const until = Date.now() + 20_000; !lane().includes(words) && Date.now() < until;) await sleep(20);
      expect(lane()).toContain(words);
    });
    connector.app.admin.wake();
    await connector.idle();
    expect(await causes()).toEqual([]);
  });
});

function withCompany(settings: Settings): Settings {
  return { ...settings, required: { Lead: { Company: { text: 'Unspecified' } } } };
}

/** The set with one right less: of a field that may be edited, only that. */
function weakened(xml: string, right: string): string {
  const [, field] = /^Edit (\w+\.\w+)$/.exec(right) ?? [];
  if (field === undefined) return withoutRight(xml, right);
  return xml.replace(new RegExp(`<editable>true</editable>(?=\\s*<field>${field}<)`), '<editable>false</editable>');
}

/** A booking that has a value for everything that the default settings write. */
function bodyOf(key: string): object {
  return {
    ...{ kind: 'scheduled', bookingKey: key, startsAt: '2027-03-02T09:00:00Z', durationMinutes: 30 },
    ...{ subject: 'Planning', location: 'Showroom', notes: 'Second floor', answers: { Note: 'No lift' } },
    ...{ page: { id: 'kitchen', name: 'Kitchen' }, campaign: { utm_campaign: 'spring' } },
    customer: {
      ...{ email: `${key}@customer.example`, firstName: 'Pilar', lastName: 'Reyes' },
      ...{ phone: '+1 416 555 0101', company: 'Reyes Joinery' },
    },
  };
}
