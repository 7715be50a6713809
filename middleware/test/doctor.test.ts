import { leastPermissions, runDoctor, type DoctorReport } from '../src/admin/doctor';
import type { SettingsInput } from 'org-emulator';
import { importSettings, readStatus, retry } from '../src/admin/admin';
import { dryRunBody } from '../src/admin/dry-run';
import type { DoctorLine } from '../src/doctor/line';
import { DEFAULT_SETTINGS, type Settings } from '../src/settings/settings';
import type { DryRun } from '../src/sync/dry-run';
import { setTimeout as sleep } from 'node:timers/promises';
import { exampleBody } from './fixtures/source/build';
import { startConnector, type Connector } from './support/connector';
import { orgActions, type OrgActions } from './support/org-actions';
import { describeOnEmbedded } from './support/postgres';
import { createApiUser, withoutRight, type ApiUser } from './support/rights';

/** Everything that rules can ask for and that no test of its own asks for. */
const asksForMuch = (defaults: Settings): Settings => ({
  ...defaults,
  rules: {
    ...defaults.rules,
    unknownCustomer: 'Contact',
    contactAccount: 'create',
    alsoCreate: 'Case',
    guests: 'invite',
  },
  required: { ...defaults.required, Lead: { Company: { text: 'Unspecified' } } },
});

/** A booking that has a value for everything that is mapped. */
const fullBooking = (visitor: string): object => ({
  ...{ kind: 'scheduled', bookingKey: `B-${visitor}`, occurredAt: '2027-02-20T08:15:30Z' },
  ...{ startsAt: '2027-03-02T09:00:00Z', durationMinutes: 30, subject: 'Planning', location: 'Showroom' },
  ...{ notes: 'Second floor', answers: { Note: 'No lift' }, campaign: { utm_campaign: 'spring' } },
  page: { id: 'kitchen', name: 'Kitchen' },
  guests: [{ email: 'guest@customer.example' }],
  customer: {
    ...{ email: `${visitor}@customer.example`, firstName: 'Pilar', lastName: 'Reyes' },
    ...{ phone: '+1 416 555 0101', company: 'Reyes Joinery' },
  },
});

/** A signed body of Cal.com's with values for everything that is mapped. */
function bookingOf(visitor: string): { payload: Record<string, unknown> } {
  const body = JSON.parse(exampleBody('calcom', 'BOOKING_CREATED').toString('utf8')) as {
    payload: { uid: string; attendees: { email: string }[] };
  };
  const text = JSON.stringify(body).replaceAll(String(body.payload.attendees[0]?.email), `${visitor}@customer.example`);
  const own = JSON.parse(text) as { payload: Record<string, unknown> };
  return { ...own, payload: { ...own.payload, uid: `uid-${visitor}` } };
}

/** Lets the API user ask for what the least permission set depends on. */
const EVERYTHING = `<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>All</label>
  <userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>
  <userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions></PermissionSet>`;

const bad = ({ lines }: DoctorReport): string[] =>
  lines.filter(({ state }) => state === 'failure').map(({ check }) => check);
const lineOf = ({ lines }: DoctorReport, check: string): DoctorLine | undefined =>
  lines.find((line) => line.check === check);

jest.setTimeout(120_000);

describeOnEmbedded('the doctor of an org', (database) => {
  let connector: Connector;
  let actions: OrgActions;
  let user: ApiUser;
  let xml: string;
  let names: string[];
  let roleAbove: string;

  const setRole = (id: string, UserRoleId: string | null): Promise<unknown> =>
    actions.request('PATCH', `/services/data/v67.0/sobjects/User/${id}`, { UserRoleId });

  beforeAll(async () => {
    connector = await startConnector(database);
    actions = orgActions(connector);
    user = await createApiUser(connector.emulator);
    const { emulator } = connector;
    const above = await actions.create('UserRole', { Name: 'Above' });
    const below = await actions.create('UserRole', { Name: 'Below', ParentRoleId: above });
    for (const id of [emulator.adminUserId, ...emulator.users.standard]) await setRole(id, below);
    roleAbove = above;
  }, 120_000);
  afterAll(() => connector.stop());

  /** Settings, switches of the org and, for the API user, what the connector says that they need. */
  const start = async (settings: (defaults: Settings) => Settings, switches: SettingsInput = {}): Promise<void> => {
    const { app, emulator } = connector;
    emulator.org.changeSettings({ privateObjects: [], activitySharing: 'private', ...switches });
    const rules = { ...DEFAULT_SETTINGS.rules, fallbackOwner: emulator.username };
    await user.grant(EVERYTHING);
    await importSettings(app.admin, { document: settings({ ...DEFAULT_SETTINGS, rules }), author: 'test' });
    const file = await leastPermissions(app.admin, { links: 'no' });
    ({ xml } = file);
    names = file.rights.map(({ name }) => name);
    await user.grant(xml);
    await setRole(user.id, roleAbove);
    // The lane may pause from before, as it should.
    connector.app.admin.wake();
  };
  const doctor = (): Promise<DoctorReport> => runDoctor(connector.app.admin);
  const dry = async (body: object): Promise<DryRun> =>
    (await dryRunBody(connector.app.admin, { source: 'standard', body: JSON.stringify(body) })) as DryRun;

  it('finds nothing in the way of a user who has exactly the least permission set, who then does everything', async () => {
    await start(asksForMuch);
    expect(bad(await doctor())).toEqual([]);
    await connector.sendCalcom(bookingOf('able'));
    const events = await connector.settled(`SELECT Id, WhoId, WhatId FROM Event WHERE Booking_Id__c = 'cal:uid-able'`);
    expect(events).toMatchObject([{ WhoId: expect.stringMatching(/^003/), WhatId: expect.stringMatching(/^500/) }]);
    expect((await readStatus(connector.app.admin)).parked).toEqual([]);
  });

  it('names exactly the right that is taken away, and a booking that needs it waits in the same words', async () => {
    await start(asksForMuch);
    await actions.create('Lead', { LastName: 'Known', Company: 'Acme', Email: 'lead@customer.example' });
    await actions.create('Contact', { LastName: 'Known', Email: 'contact@customer.example' });
    const account = await actions.create('Account', { Name: 'Acme' });
    await actions.create('Contact', { LastName: 'Of', Email: 'of@customer.example', AccountId: account });
    const seen: string[] = [];
    for (const name of names) {
      if (['Read Account', 'Read Contact', 'Access Activities'].includes(name)) {
        // An org gives no right that depends on these without them.
        await expect(user.grant(withoutRight(xml, name))).rejects.toThrow(/depends on permission/);
        continue;
      }
      if (name === 'API Enabled' || name === 'Edit Event.Booking_Id__c') continue;
      await user.grant(withoutRight(xml, name));
      const report = await doctor();
      expect({ without: name, named: bad(report) }).toEqual({ without: name, named: [name] });
      const why = String(lineOf(report, name)?.why);
      const waiting = await Promise.all(
        [
          fullBooking('new'),
          fullBooking('lead'),
          fullBooking('contact'),
          fullBooking('of'),
          { ...fullBooking('canceled'), kind: 'canceled', reason: 'Ill' },
        ].map(dry),
      );
      const causes = waiting.flatMap(({ bookings }) =>
        bookings.flatMap(({ parts }) =>
          Object.values(parts).flatMap((part) => (part.state === 'parked' ? [part.cause] : [])),
        ),
      );
      if (causes.some((cause) => cause.includes(why))) seen.push(name);
    }
    const unseen = names.filter((name) => !seen.includes(name));
    expect(unseen.sort()).toEqual([
      ...['API Enabled', 'Access Activities', 'Edit Event.Booking_Id__c', 'Read Account', 'Read Contact'],
    ]);
  }, 120_000);

  it.each([
    [['Edit Lead.Email', 'Read Contact.Email'], (defaults: Settings) => defaults],
    [['Read Case', 'Read Contact'], asksForMuch],
  ])('names both of two: %j', async (two, settings) => {
    await start(settings);
    await user.grant(two.reduce(withoutRight, xml));
    expect(bad(await doctor()).sort()).toEqual(two);
  });

  it('lets a booking go once the right is there and somebody tries again', async () => {
    await start((defaults) => defaults);
    await user.grant(withoutRight(xml, 'Read Contact.Email'));
    await connector.sendCalcom(bookingOf('waiting'));
    await connector.idle();
    const why = lineOf(await doctor(), 'Read Contact.Email')?.why;
    expect((await readStatus(connector.app.admin)).parked).toMatchObject([
      { part: 'person', outcome: { code: 'RIGHT_MISSING', class: 'scoped', cause: why } },
    ]);
    await user.grant(xml);
    await retry(connector.app.admin, { bookingId: null });
    expect(await connector.settled(`SELECT Id FROM Event WHERE Booking_Id__c = 'cal:uid-waiting'`)).toHaveLength(1);
  });

  it('tells private activities without a role; ignored, they hold up the change alone', async () => {
    await start((defaults) => defaults);
    await setRole(user.id, null);
    const host = connector.emulator.users.standard[0];
    await actions.create('Event', {
      ...{ Subject: 'Old', StartDateTime: '2026-12-01T01:00:00Z', DurationInMinutes: 30, OwnerId: host },
      WhoId: await actions.create('Lead', { LastName: 'Old', Company: 'Acme' }),
    });
    const line = lineOf(await doctor(), "edit hosts' Events");
    expect(line).toMatchObject({
      state: 'failure',
      why: expect.stringContaining('has no role'),
      remedy: expect.stringMatching(/role above.*Controlled by Parent/),
      setupUrl: expect.stringContaining('/lightning/setup/'),
    });
    await connector.sendCalcom(bookingOf('alpha'));
    await connector.idle();
    const moved = bookingOf('alpha');
    await connector.sendCalcom({
      ...moved,
      triggerEvent: 'BOOKING_RESCHEDULED',
      createdAt: '2030-01-01T00:00:00.000Z',
      payload: { ...moved.payload, startTime: '2030-03-02T09:00:00Z', endTime: '2030-03-02T09:30:00Z' },
    });
    await connector.sendCalcom(bookingOf('beta'));
    await connector.idle();
    expect((await readStatus(connector.app.admin)).parked).toMatchObject([
      { part: 'event', outcome: { class: 'scoped', code: 'INSUFFICIENT_ACCESS_OR_READONLY' } },
    ]);
    expect(connector.app.admin.laneStates()['main']?.state).toBe('idle');

    await setRole(user.id, roleAbove);
    expect(lineOf(await doctor(), "edit hosts' Events")?.state).toBe('ok');
  });

  it('asks for View All where customers are private, and grants it then alone', async () => {
    await start((defaults) => defaults, { privateObjects: ['Contact'] });
    expect(names.filter((name) => name.startsWith('View All'))).toEqual(['View All Contact']);
    expect(lineOf(await doctor(), 'View All Contact')).toMatchObject({ state: 'warning' });
    const view = '<userPermissions><enabled>true</enabled><name>ViewSetup</name></userPermissions></PermissionSet>';
    await user.grant(xml.replace('</PermissionSet>', view));
    expect(lineOf(await doctor(), 'View All Contact')).toMatchObject({ state: 'ok' });
    await user.grant(withoutRight(xml, 'View All Contact').replace('</PermissionSet>', view));
    expect(bad(await doctor())).toEqual(['View All Contact']);
  });

  it('costs three API calls', async () => {
    await start((defaults) => defaults);
    await doctor();
    await connector.resetCalls();
    await doctor();
    expect((await connector.calls()).apiCalls).toBe(3);
  });

  it.each(['Edit Event.Booking_Id__c', 'API Enabled'])('pauses without %s, in the same words', async (name) => {
    await start((defaults) => defaults);
    await user.grant(withoutRight(xml, name));
    expect(bad(await doctor())).toContain(name);
    await connector.sendCalcom(bookingOf(name.replace(/\W/g, '')));
    await connector.folded();
    const stateOf = (): string | null | undefined => connector.app.admin.laneStates()['main']?.cause;
    const words = name === 'API Enabled' ? 'The API is switched off' : String(lineOf(await doctor(), name)?.why);
    connector.app.admin.wake();
    for (const until = Date.now() + 20_000; stateOf()?.includes(words) !== true && Date.now() < until;) await sleep(20);
    expect(stateOf()).toContain(words);
  });
});
