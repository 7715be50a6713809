import { startEmulator, type Emulator } from 'org-emulator';
import { HAS_SALESFORCE_CLI, SalesforceCli } from '../../org-emulator/test/salesforce-cli';
import { ConnectorProcess } from '../bench/support/connector-process';
import type { Status } from '../src/admin/admin';
import type { DoctorReport } from '../src/admin/doctor';
import { calcomBody, type Appointment } from './support/appointment';
import { ensureBuild } from './support/build';
import { orgActions } from './support/org-actions';
import { putAboveHosts } from './support/rights';

if (!HAS_SALESFORCE_CLI) {
  console.warn('Skipped: an org set up by the Salesforce CLI. Run "scripts/prepare --salesforce-cli" to run it.');
}

/** As docs/install-package.md tells an administrator to do it, with the real CLI; three commands, as each takes seconds. */
(HAS_SALESFORCE_CLI ? describe : describe.skip)('an org that the Salesforce CLI has set up', () => {
  jest.setTimeout(120_000);
  let emulator: Emulator;
  let cli: SalesforceCli;
  let connector: ConnectorProcess;

  beforeAll(async () => {
    ensureBuild();
    emulator = await startEmulator();
    // Nobody signs in in a browser here.
    cli = new SalesforceCli(0, ['force-app', 'unpackaged/admin-kit']);
  });
  afterAll(async () => {
    await connector?.stop();
    await connector?.remove();
    await emulator.close();
    cli.remove();
  });

  const sf = async (command: string, env?: Record<string, string>): Promise<Record<string, unknown>> => {
    const { code, json, text } = await cli.run(command, env);
    if (code !== 0) throw new Error(`sf ${command} ended with ${code}: ${text}`);
    return json.result as Record<string, unknown>;
  };
  const find = async (
    soql: string,
    { accessToken }: { accessToken: string } = emulator,
  ): Promise<Record<string, unknown>[]> => {
    const actions = orgActions({ emulator: { ...emulator, accessToken } });
    const { records } = await actions.request('GET', `/services/data/v67.0/query?q=${encodeURIComponent(soql)}`);
    return records as Record<string, unknown>[];
  };

  it('takes the package and the admin kit together, and gives both permission sets to an API-only user', async () => {
    const { url, accessToken, users } = emulator;
    await sf(`org login access-token --instance-url ${url} --no-prompt --set-default`, {
      SF_ACCESS_TOKEN: accessToken,
    });
    const deployed = await sf('project deploy start --source-dir force-app --source-dir admin-kit');
    expect(deployed).toMatchObject({ status: 'Succeeded', success: true, numberComponentErrors: 0 });
    const [user] = await find(`SELECT Username, Profile.Name FROM User WHERE Id = '${users.integration}'`);
    expect(user).toMatchObject({ Profile: { Name: 'Minimum Access - API Only Integrations' } });
    const sets = '--name Booking_Integration --name Booking_API_User_Access';
    const { successes } = await sf(`org assign permset ${sets} --on-behalf-of ${String(user?.['Username'])}`);
    expect(successes).toMatchObject([{ value: 'Booking_Integration' }, { value: 'Booking_API_User_Access' }]);
  });

  it('lets the connector, signed in as that user, do all that its default settings ask for', async () => {
    const actions = orgActions({ emulator });
    await putAboveHosts(emulator, emulator.users.integration);
    await actions.request('POST', '/__emulator__/settings', { clientCredentialsUserId: emulator.users.integration });
    // What an administrator has to choose at first: who owns what no host owns, and what stands in for a company.
    const required = { Lead: { Company: { text: 'Unspecified' } } };
    connector = await ConnectorProcess.create({ ready: emulator }, { databaseUrl: null, required });
    const faults = async (): Promise<unknown[]> =>
      ((await connector.order('doctor', {})) as DoctorReport).lines.filter(({ state }) => state !== 'ok');
    // Before the first booking nobody can tell whether it may change the Events of others.
    expect(await faults()).toMatchObject([{ check: "edit hosts' Events", state: 'warning' }]);

    await actions.create('Contact', { LastName: 'Known', Email: 'contact@customer.example' });
    await actions.create('Lead', { LastName: 'Known', Company: 'Acme', Email: 'lead@customer.example' });
    const host = { name: 'Hana Host', email: 'hana.host@example.com' };
    const of = (who: string): Appointment => ({
      ...{
        uid: who,
        title: 'Intro call',
        name: 'Ines Duarte',
        email: `${who}@customer.example`,
        inDays: 3,
        at: '17:30',
      },
    });
    const known = ['new', 'contact', 'lead', 'gone'];
    for (const who of known) await connector.deliver(calcomBody({ kind: 'booked' }, of(who), host));
    await connector.untilIdle();
    const moved = { kind: 'moved', uid: 'new-2', inDays: 5, at: '18:30', reason: 'Train strike' } as const;
    await connector.deliver(calcomBody(moved, of('new'), host));
    await connector.deliver(calcomBody({ kind: 'missed' }, of('contact'), host));
    await connector.deliver(calcomBody({ kind: 'canceled', reason: 'Ill' }, of('gone'), host));
    await connector.untilIdle();

    const { parked } = (await connector.order('status', {})) as Status;
    expect(parked).toEqual([]);
    expect(await faults()).toEqual([]);
    const soql = `SELECT Booking_Id__c, Event_Status__c, Cancel_Reschedule_Reason__c, WhoId, Owner.Name
      FROM Event ORDER BY Booking_Id__c`;
    // As the API user, who sees the fields of the package: the administrator has no permission set.
    const events = await find(soql, { accessToken: emulator.signIn(emulator.users.integration) });
    expect(events.map((event) => ({ ...event, WhoId: String(event['WhoId']).slice(0, 3) }))).toMatchObject([
      { Booking_Id__c: 'cal:contact', Event_Status__c: 'No-show', WhoId: '003', Owner: { Name: 'Hana Host' } },
      { Booking_Id__c: 'cal:gone', Event_Status__c: 'Canceled', Cancel_Reschedule_Reason__c: 'Ill', WhoId: '00Q' },
      { Booking_Id__c: 'cal:lead', Event_Status__c: 'Scheduled', WhoId: '00Q' },
      { Booking_Id__c: 'cal:new', Event_Status__c: 'Rescheduled', Cancel_Reschedule_Reason__c: 'Train strike' },
    ]);
  });
});
