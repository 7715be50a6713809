import { leastPermissions, runDoctor, type DoctorReport } from '../src/admin/doctor';
import { readStatus, retry } from '../src/admin/admin';
import { dryRunBody } from '../src/admin/dry-run';
import type { DoctorLine } from '../src/doctor/line';
import type { Settings } from '../src/settings/settings';
import type { DryRun } from '../src/sync/dry-run';
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

/** A signed body of Cal.com's with values for everything that is mapped. */
function bookingOf(visitor: string): { payload: Record<string, unknown> } {
  const body = JSON.parse(exampleBody('calcom', 'BOOKING_CREATED').toString('utf8')) as {
    payload: { uid: string; attendees: { email: string }[] };
  };
  const text = JSON.stringify(body).replaceAll(String(body.payload.attendees[0]?.email), `${visitor}@customer.example`);
  const own = JSON.parse(text) as { payload: Record<string, unknown> };
  return { ...own, payload: { ...own.payload, uid: `uid-${visitor}` } };
}

const bad = ({ lines }: DoctorReport): string[] =>
  lines.filter(({ state }) => state === 'failure').map(({ check }) => check);
const lineOf = ({ lines }: DoctorReport, check: string): DoctorLine | undefined =>
  lines.find((line) => line.check === check);

describeOnEmbedded('the doctor of an org', (database) => {
  let connector: Connector;
  let actions: OrgActions;
  let user: ApiUser;
  let xml: string;
  let names: string[];

  const start = async (settings: (defaults: Settings) => Settings, emulator = {}): Promise<void> => {
    connector = await startConnector(database, { settings, emulator });
    actions = orgActions(connector);
    const file = await leastPermissions(connector.app.admin, { links: 'no' });
    ({ xml } = file);
    names = file.rights.map(({ name }) => name);
    user = await createApiUser(connector.emulator);
    await user.grant(xml);
  };
  afterEach(() => connector.stop());
  const doctor = (): Promise<DoctorReport> => runDoctor(connector.app.admin);
  const dry = async (visitor: string): Promise<DryRun> =>
    (await dryRunBody(connector.app.admin, { source: 'cal', body: JSON.stringify(bookingOf(visitor)) })) as DryRun;

  it('finds nothing in the way of a user who has exactly the least permission set, who then does everything', async () => {
    await start(asksForMuch);
    expect(bad(await doctor())).toEqual([]);
    await connector.sendCalcom(bookingOf('alpha'));
    const events = await connector.settled('SELECT Id, WhoId, WhatId, Event_Status__c FROM Event');
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
      if (name === 'Read Account' || name === 'Access Activities') {
        // An org gives no right that depends on these without them.
        await expect(user.grant(withoutRight(xml, name))).rejects.toThrow(/depends on permission/);
        continue;
      }
      if (name === 'API Enabled' || name === 'Edit Event.Booking_Id__c') continue;
      await user.grant(withoutRight(xml, name));
      const report = await doctor();
      expect({ without: name, named: bad(report) }).toEqual({ without: name, named: [name] });
      const why = String(lineOf(report, name)?.why);
      const waiting = await Promise.all(['new', 'lead', 'contact', 'of'].map(dry));
      const causes = waiting.flatMap(({ bookings }) =>
        bookings.flatMap(({ parts }) =>
          Object.values(parts).flatMap((part) => (part.state === 'parked' ? [part.cause] : [])),
        ),
      );
      if (causes.some((cause) => cause.includes(why))) seen.push(name);
    }
    // What only some bookings have a value for, a body of Cal.com's has not.
    const unseen = names.filter((name) => !seen.includes(name));
    expect(unseen.sort()).toEqual(['API Enabled', 'Access Activities', 'Edit Event.Booking_Id__c', 'Read Account']);
  }, 120_000);

  it('names both of two', async () => {
    await start((defaults) => defaults);
    await user.grant(withoutRight(withoutRight(xml, 'Edit Lead.Email'), 'Read Contact.Email'));
    expect(bad(await doctor()).sort()).toEqual(['Edit Lead.Email', 'Read Contact.Email']);
  });

  it('lets a booking go once the right is there and somebody tries again', async () => {
    await start((defaults) => defaults);
    await user.grant(withoutRight(xml, 'Read Contact.Email'));
    await connector.sendCalcom(bookingOf('alpha'));
    await connector.idle();
    const why = lineOf(await doctor(), 'Read Contact.Email')?.why;
    expect((await readStatus(connector.app.admin)).parked).toMatchObject([
      { part: 'person', outcome: { code: 'RIGHT_MISSING', class: 'scoped', cause: why } },
    ]);
    await user.grant(xml);
    await retry(connector.app.admin, { bookingId: null });
    expect(await connector.settled('SELECT Id FROM Event')).toHaveLength(1);
  });

  it.each(['Edit Event.Booking_Id__c', 'API Enabled'])('pauses without %s, in the same words', async (name) => {
    await start((defaults) => defaults);
    await user.grant(withoutRight(xml, name));
    expect(bad(await doctor())).toContain(name);
    await connector.sendCalcom(bookingOf('alpha'));
    await connector.folded();
    const stateOf = (): string | null | undefined => connector.app.admin.laneStates()['main']?.cause;
    for (const until = Date.now() + 10_000; stateOf() == null && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 20));
    if (name === 'API Enabled') expect(stateOf()).toContain('The API is switched off');
    else expect(stateOf()).toBe(lineOf(await doctor(), name)?.why);
  });

  it('tells private activities without a role; ignored, they hold up the change alone', async () => {
    await start((defaults) => defaults, { activitySharing: 'private' });
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

    await connector.emulator.org.changeSettings({ activitySharing: 'controlledByParent' });
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
});
