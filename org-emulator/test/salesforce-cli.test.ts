import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HAS_SALESFORCE_CLI, SalesforceCli, type CommandResult } from './salesforce-cli';
import { TestOrg } from './support';

if (!HAS_SALESFORCE_CLI) {
  console.warn('Skipped: the Salesforce CLI against the emulator. Run "scripts/prepare --salesforce-cli" to run it.');
}

/** One emulator and one home of the CLI for all tests, which build on each other: each start of the CLI takes seconds. */
(HAS_SALESFORCE_CLI ? describe : describe.skip)('the Salesforce CLI', () => {
  jest.setTimeout(120_000);
  let org: TestOrg;
  let cli: SalesforceCli;
  let keyFile: string;

  beforeAll(async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    org = await TestOrg.start({ deployDir: [], settings: { jwtCertificate: publicKey, autoApprove: true } });
    org.emulator.org.changeSettings({ preauthorizedUserIds: [org.emulator.adminUserId] });
    cli = new SalesforceCli(await freePort());
    keyFile = join(cli.project, 'jwt.key');
    writeFileSync(keyFile, privateKey);
  });
  afterAll(async () => {
    await org.close();
    cli.remove();
  });

  /** Runs a command that must succeed and returns its result. */
  async function succeed(command: string, env?: Record<string, string>): Promise<CommandResult['json']> {
    const { code, json, text } = await cli.run(command, env);
    if (code !== 0) throw new Error(`sf ${command} ended with ${code}: ${text}`);
    return json.result;
  }

  it('signs in by access token, in a browser and by JWT', async () => {
    const { url, accessToken, username, clientId, orgId } = org.emulator;
    const byToken = await succeed(`org login access-token --instance-url ${url} --no-prompt`, {
      SF_ACCESS_TOKEN: accessToken,
    });
    const byWeb = await succeed(`org login web --instance-url ${url} --browser firefox`);
    const byJwt = await succeed(
      `org login jwt --instance-url ${url} --client-id ${clientId} --jwt-key-file ${keyFile} --username ${username} --alias emu --set-default`,
    );
    for (const result of [byToken, byWeb, byJwt]) expect(result).toMatchObject({ username, orgId });
  });

  it('displays, lists and opens the org', async () => {
    const [display, list, open] = await Promise.all([
      succeed('org display'),
      succeed('org list'),
      succeed('org open --url-only'),
    ]);
    expect(display).toMatchObject({ connectedStatus: 'Connected', apiVersion: '68.0' });
    expect(JSON.stringify(list)).toContain(org.emulator.username);
    const page = await fetch(open.url, { redirect: 'manual' });
    expect(page.status).toBe(302);
  });

  it('checks, validates and deploys the package, by SOAP and by REST, and reports every component', async () => {
    const dryRun = await succeed('project deploy start --source-dir force-app --dry-run');
    expect(dryRun).toMatchObject({ status: 'Succeeded', checkOnly: true });
    const validated = await succeed('project deploy validate --source-dir force-app --test-level RunLocalTests');
    expect(validated).toMatchObject({ status: 'Succeeded', checkOnly: true });
    expect(org.emulator.org.metadata.all).toEqual([]);

    const deployed = await succeed('project deploy start --source-dir force-app', {
      SF_ORG_METADATA_REST_DEPLOY: 'true',
    });
    expect(deployed).toMatchObject({ status: 'Succeeded', success: true, numberComponentErrors: 0 });
    const states = new Map<string, string>();
    for (const { fullName, type, state } of deployed.files as Record<string, string>[])
      states.set(`${type} ${fullName}`, state ?? '');
    const names = org.emulator.org.metadata.all.map(({ type, fullName }) => `${type} ${fullName}`);
    expect([...states.keys()].sort()).toEqual(names.sort());
    expect(new Set(states.values())).toEqual(new Set(['Created']));

    const again = await succeed('project deploy start --source-dir force-app');
    expect(new Set((again.files as { state: string }[]).map(({ state }) => state))).toEqual(new Set(['Unchanged']));
    const report = await succeed(`project deploy report --job-id ${deployed.id}`);
    expect(report).toMatchObject({ id: deployed.id, status: 'Succeeded' });
  });

  it('assigns a permission set once, and names one that is not there', async () => {
    const assigned = await succeed('org assign permset --name Booking_Integration');
    expect(assigned.successes).toMatchObject([{ value: 'Booking_Integration' }]);
    const { code, text } = await cli.run('org assign permset --name Nobody');
    expect(code).toBe(1);
    expect(text).toContain('not found in target org');
  });

  it('creates, reads, changes, deletes, upserts and imports records', async () => {
    const { id } = await succeed(
      "data create record --sobject Lead --values 'LastName=Ito Company=Acme Booking_Customer_Id__c=c1'",
    );
    await succeed(`data update record --sobject Lead --record-id ${id} --values Company=Other`);
    const { records } = await succeed(
      "data query --query 'SELECT Company, Owner.Name, Booking_Customer_Id__c FROM Lead'",
    );
    expect(records).toMatchObject([{ Company: 'Other', Owner: { Name: 'Ada Admin' }, Booking_Customer_Id__c: 'c1' }]);
    await succeed(`data delete record --sobject Lead --record-id ${id}`);
    writeFileSync(
      join(cli.project, 'leads.csv'),
      'LastName,Company,Booking_Customer_Id__c\nIto,Acme,c2\nKato,Acme,c3\n',
    );
    const bulk = await succeed(
      'data upsert bulk --sobject Lead --file leads.csv --external-id Booking_Customer_Id__c --wait 1',
    );
    expect(bulk.jobInfo).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 0 });
    const contact = { attributes: { type: 'Contact', referenceId: 'c' }, LastName: 'Mori' };
    const account = {
      attributes: { type: 'Account', referenceId: 'a' },
      Name: 'Tree',
      Contacts: { records: [contact] },
    };
    writeFileSync(join(cli.project, 'Account.json'), JSON.stringify({ records: [account] }));
    await succeed('data import tree --files Account.json');
    const { body } = await org.query("SELECT Account.Name FROM Contact WHERE LastName = 'Mori'");
    expect(body.records).toMatchObject([{ Account: { Name: 'Tree' } }]);
  });

  it('lists and describes objects, and shows the limits', async () => {
    const [listed, described, limits] = await Promise.all([
      succeed('sobject list --sobject custom'),
      succeed('sobject describe --sobject Lead'),
      succeed('org list limits'),
    ]);
    expect(listed).toEqual(['Booking_Setting__mdt']);
    expect(described.name).toBe('Lead');
    expect(limits).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'DailyApiRequests' })]));
  });

  it('is told of every mistake in a copy of the package, with its file and reason', async () => {
    const main = 'force-app/main/default';
    const sets = `${main}/permissionsets`;
    const mistakes: [file: string, find: string, replace: string, problem: string][] = [
      [
        `${sets}/Booking_Rep.permissionset-meta.xml`,
        '<field>Lead.Booking_Link__c',
        '<field>Lead.Boking_Link__c',
        'In field: field - no CustomField named Lead.Boking_Link__c found',
      ],
      [
        `${sets}/Booking_Admin.permissionset-meta.xml`,
        '<label>',
        '<labell>x</labell><label>',
        'Error parsing file: Element {http://soap.sforce.com/2006/04/metadata}labell invalid at this location in type PermissionSet',
      ],
      [
        `${sets}/Booking_Integration.permissionset-meta.xml`,
        '<field>Lead.Booking_Customer_Id__c',
        '<field>Lead.LastName',
        'You cannot deploy to a required field: Lead.LastName',
      ],
      [
        `${main}/objects/Account/webLinks/View_Customer.webLink-meta.xml`,
        '<hasMenubar>false',
        '<hasMenubar>maybe',
        "Error parsing file: 'maybe' is not a valid value for the type xsd:boolean",
      ],
      [
        `${main}/objects/Case/webLinks/View_Customer.webLink-meta.xml`,
        '<availability>online',
        '<availability>always',
        "Error parsing file: 'always' is not a valid value for the enum 'WebLinkAvailability'",
      ],
      [
        `${main}/objects/Contact/webLinks/View_Customer.webLink-meta.xml`,
        '<linkType>url</linkType>',
        '',
        'Required field is missing: linkType',
      ],
      [
        `${main}/objects/Opportunity/webLinks/View_Customer.webLink-meta.xml`,
        'Opportunity.Customer_Link__c',
        'Opportunity.Custmer_Link__c',
        'Field Opportunity.Custmer_Link__c does not exist. Check spelling.',
      ],
      [
        `${main}/objects/Lead/fields/Customer_Link__c.field-meta.xml`,
        'ISBLANK(Booking_Customer_Id__c)',
        'ISBLANK(Boking_Customer_Id__c)',
        'Field Boking_Customer_Id__c does not exist. Check spelling.',
      ],
      [
        `${main}/objects/Activity/fields/Meeting_Type__c.field-meta.xml`,
        '<type>Text</type>',
        '<formula>"x"</formula><type>Text</type>',
        'Cannot update a field to a Formula from something else',
      ],
      [
        `${main}/dashboards/Booking_Connector/Bookings.dashboard-meta.xml`,
        'Booking_Connector/Bookings_by_Status',
        'Booking_Connector/Bookings_by_Stats',
        'In field: report - no Report named Booking_Connector/Bookings_by_Stats found',
      ],
      [
        `${main}/reports/Booking_Connector/Bookings_by_Campaign.report-meta.xml`,
        '</format>',
        '',
        'Error parsing file: ',
      ],
      [
        `${main}/customMetadata/Booking_Setting.Default.md-meta.xml`,
        '<field>Record_Id_Parameter__c',
        '<field>Record_Parameter__c',
        'In field: field - no CustomField named Booking_Setting__mdt.Record_Parameter__c found',
      ],
    ];
    for (const [file, find, replace] of mistakes) {
      const path = join(cli.project, file);
      const before = readFileSync(path, 'utf8');
      expect(before).toContain(find);
      writeFileSync(path, before.replaceAll(find, replace));
    }
    const before = org.emulator.org.metadata.all.map(({ id, modifiedAt }) => [id, modifiedAt]);
    const { code, json } = await cli.run('project deploy start --source-dir force-app');
    expect(code).toBe(1);
    expect(json.result).toMatchObject({ status: 'Failed', success: false });
    const failed = (json.result.files as Record<string, string>[]).filter(({ state }) => state === 'Failed');
    for (const [file, , , problem] of mistakes) {
      const own = failed.filter(({ filePath }) => filePath?.endsWith(file));
      expect({ file, errors: own.map(({ error }) => error ?? '') }).toEqual({
        file,
        errors: expect.arrayContaining([expect.stringContaining(problem)]),
      });
    }
    expect(org.emulator.org.metadata.all.map(({ id, modifiedAt }) => [id, modifiedAt])).toEqual(before);
    cli.restore();
  });

  it('retrieves the package as it was deployed, and deletes a component with its file', async () => {
    const retrieved = await succeed('project retrieve start --source-dir force-app');
    expect(retrieved).toMatchObject({ status: 'Succeeded', success: true });
    const again = await succeed('project deploy start --source-dir force-app');
    expect(new Set((again.files as { state: string }[]).map(({ state }) => state))).toEqual(new Set(['Unchanged']));
    const file = join(cli.project, 'force-app/main/default/objects/Lead/webLinks/Book_Customer.webLink-meta.xml');
    expect(existsSync(file)).toBe(true);
    await succeed('project delete source --metadata WebLink:Lead.Book_Customer --no-prompt');
    expect(existsSync(file)).toBe(false);
    expect(org.emulator.org.metadata.has('WebLink', 'Lead.Book_Customer')).toBe(false);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
