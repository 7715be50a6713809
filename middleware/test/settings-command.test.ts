import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from 'org-emulator';
import { startApp, type App } from '../src/app';
import { runCommand } from '../src/cli/command';
import { readConfig } from '../src/config';
import { calcomSignature } from '../src/source/calcom';
import { DEFAULT_SETTINGS } from '../src/settings/settings';
import { example } from './fixtures/source/build';
import { SILENT } from './support/postgres';

const FORCE_APP = join(__dirname, '../../force-app');

interface Document {
  rules: Record<string, unknown>;
  mappings: Record<string, Record<string, unknown>[]>;
  required: Record<string, Record<string, { text: string }>>;
  pages: Record<string, unknown>;
}

describe('settings on the command line, against an org', () => {
  let folder: string;
  let emulator: Emulator;
  let env: Record<string, string>;
  let app: App | undefined;

  beforeAll(async () => {
    emulator = await startEmulator({ deployDir: FORCE_APP });
    folder = await mkdtemp(join(tmpdir(), 'test-settings-'));
    env = {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      SALESFORCE_LOGIN_URL: emulator.url,
      SALESFORCE_CLIENT_ID: emulator.clientId,
      SALESFORCE_CLIENT_SECRET: emulator.clientSecret,
      SALESFORCE_ALLOW_LOOPBACK: 'true',
    };
    app = await startApp(readConfig(env), SILENT);
    // Deploying the package into the org takes its time on a busy machine.
  }, 90_000);
  afterAll(async () => {
    await app?.stop();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const printed = { out: '', err: '' };
    const terminal = {
      stdout: (text: string) => void (printed.out += text),
      stderr: (text: string) => void (printed.err += text),
      env,
    };
    const exitCode = await runCommand(['node', 'booking-connector', 'settings', ...args], terminal);
    return { exitCode, ...printed };
  };
  const json = async <T>(...args: string[]): Promise<T> => {
    const { exitCode, out, err } = await run(...args, '--json');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    return JSON.parse(out) as T;
  };
  /** A file with the default document, owned by the org's administrator, changed in one place. */
  const file = async (name: string, change: (document: Document) => void = () => undefined): Promise<string> => {
    const document = structuredClone(DEFAULT_SETTINGS) as unknown as Document;
    document.rules['fallbackOwner'] = emulator.username;
    document.required = { Lead: { Company: { text: 'Unspecified' } } };
    change(document);
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify(document));
    return path;
  };
  const versions = async () =>
    (await json<{ versions: { version: number; author: string }[] }>('versions')).versions.map(
      ({ version }) => version,
    );

  it('refuses an import with the whole list, and saves nothing', async () => {
    const wrong = await file('wrong', (d) => {
      d.rules['fallbackOwner'] = 'nobody@example.com';
      d.rules['owner'] = { Lead: { onCreate: { kind: 'queue', queue: 'Nowhere' } } };
      d.mappings['Lead']!.push(
        { field: 'Nope__c', from: 'page.name' },
        { field: 'Title', from: 'customer.titel' },
        { field: 'Booking_Customer_Id__c', text: 'x' },
        { field: 'LeadSource', text: 'web' },
      );
    });
    const { exitCode, out, err } = await run('import', wrong);
    expect([exitCode, out]).toEqual([1, '']);
    for (const words of [
      'The settings are not saved: 6 errors.',
      'rules.owner.Lead.onCreate.queue: The org has no queue with the developer name Nowhere',
      'rules.fallbackOwner: The org has no active Standard user',
      'mappings.Lead.5.field: Lead has no field Nope__c',
      'mappings.Lead.6.from: No booking has a value called "customer.titel"',
      'mappings.Lead.7.field: Booking_Customer_Id__c is not for mappings',
      'mappings.Lead.8.text: "web" is not how LeadSource spells its value "Web". Write "Web".',
    ])
      expect(err).toContain(words);
    expect(await versions()).toEqual([]);

    const checked = await run('import', wrong, '--check-only', '--json');
    expect(checked.exitCode).toBe(1);
    const { problems } = JSON.parse(checked.out) as { problems: { severity: string }[] };
    expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(6);
  });

  it('checks what would be saved without saving it', async () => {
    const fine = await file('fine');
    expect(await json('import', fine, '--check-only')).toEqual({ isAccepted: true, problems: [], notChecked: null });
    expect((await run('import', fine, '--check-only')).out).toBe('Nothing is wrong with it.\n');
    expect(await versions()).toEqual([]);
  });

  it('saves what works, shows what changed, and rolls back', async () => {
    const first = await file('first');
    expect(await json('import', first)).toEqual({ version: 1, problems: [], notChecked: null });
    const second = await file('second', (d) => {
      d.rules['cancel'] = 'delete';
      d.mappings['Lead']!.push({ field: 'LeadSource', text: 'Web' });
    });
    expect((await run('import', second, '--expect', '7')).err).toContain('the newest version is 1, not 7');
    expect(await json('import', second, '--expect', '1')).toMatchObject({ version: 2 });

    const changes = [
      { path: 'rules.cancel', before: 'keep', after: 'delete' },
      { path: 'mappings.Lead.LeadSource', after: { field: 'LeadSource', text: 'Web', cut: false } },
    ];
    expect(await json('diff', '1', '2')).toEqual({ changes });
    expect(await json('diff', '1')).toEqual({ changes });
    expect(await json('diff', first, second)).toEqual({ changes });
    expect((await run('diff', second, '2')).out).toBe('Nothing is different.\n');
    expect((await run('diff', '1', '2')).out).toContain('rules.cancel\n  - "keep"\n  + "delete"\n');

    expect((await run('rollback', '2')).err).toContain('Version 2 is the newest already.');
    expect((await run('rollback', '9')).err).toContain('There is no version 9');
    expect(await json('rollback', '1')).toMatchObject({ version: 3, notChecked: null });
    expect(await json('diff', '1', '3')).toEqual({ changes: [] });
    expect(await versions()).toEqual([3, 2, 1]);
  });

  it('exports what imports as the same, any version', async () => {
    const path = join(folder, 'exported.json');
    expect(await json('export', path, '--version', '2')).toEqual({ version: 2, file: path });
    expect(await json('diff', '2', path)).toEqual({ changes: [] });
    const text = await readFile(path, 'utf8');
    expect((await run('export', '--version', '2')).out).toBe(text);
    expect((JSON.parse(text) as Document).rules['cancel']).toBe('delete');
  });

  it('compares with the schema of the org', async () => {
    expect((await run('diff', '--org')).out).toBe('Nothing is wrong with it.\n');
    const other = await file('other', (d) => d.mappings['Event']!.push({ field: 'Other_Org__c', text: 'x' }));
    const { exitCode, err } = await run('diff', '--org', other);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('Event has no field Other_Org__c')]);
  });

  it('shows the fields to choose from, and what is required and covered', async () => {
    const choices = await json<{ writable: { field: string }[]; notWritable: { field: string; reason: string }[] }>(
      'fields',
      'Lead',
    );
    expect(choices.writable.map(({ field }) => field)).toEqual(expect.arrayContaining(['Company', 'Title']));
    expect(choices.notWritable).toContainEqual(
      expect.objectContaining({ field: 'Booking_Customer_Id__c', kind: 'connector' }),
    );
    expect((await run('fields', 'Lead')).out).toContain('Fields that they may not:');

    const { fields } = await json<{ fields: Record<string, unknown>[] }>('required', 'Lead');
    expect(fields.map(({ field, team }) => [field, team])).toEqual([
      ['LastName', { by: 'mapping', mayBeEmpty: false }],
      ['Company', { by: 'chosen', mayBeEmpty: false }],
    ]);
    expect((await run('required')).out).toContain('Lead.Company "Company" (string): the value chosen under "required"');
    const opportunity = (await run('required', 'Opportunity')).out;
    expect(opportunity).toContain('(no rule creates such records)');
  });

  it('lists the pages of the bookings, and prints settings to start from', async () => {
    const secret = 'calcom-test-secret';
    await runCommand(['node', 'b', 'source', 'create', 'cal', '--kind', 'calcom', '--secret', secret], {
      stdout: () => undefined,
      stderr: (text) => {
        throw new Error(text);
      },
      env,
    });
    const body = JSON.stringify(example('calcom', 'BOOKING_CREATED'));
    const headers = { 'content-type': 'application/json', 'x-cal-signature-256': calcomSignature(secret, body) };
    const response = await fetch(`${app!.url}/webhooks/cal`, { method: 'POST', headers, body });
    expect(response.status).toBe(202);

    let pages: { key: string; isEnabled: boolean; bookings: number }[] = [];
    for (const until = Date.now() + 10_000; pages.length === 0 && Date.now() < until;)
      ({ pages } = await json<{ pages: typeof pages }>('pages'));
    expect(pages).toMatchObject([{ key: expect.stringMatching(/^cal:/), isEnabled: true, bookings: 1 }]);
    const key = pages[0]!.key;

    const off = await file('off', (d) => (d.pages = { [key]: { enabled: false } }));
    await json('import', off);
    expect((await run('pages')).out).toContain(`${key}`);
    expect((await json<{ pages: typeof pages }>('pages')).pages).toMatchObject([{ key, isEnabled: false }]);

    const bare = await file('bare', (d) => {
      d.required = {};
      d.mappings['Lead'] = d.mappings['Lead']!.filter(({ field }) => field !== 'Company');
      d.rules['missingRequired'] = 'placeholder';
    });
    await json('import', bare);
    expect((await run('pages', '--template', key)).err).toBe('');
    const template = await run('pages', '--template', 'cal:nobody-has-booked-it');
    expect(JSON.parse(template.out)).toEqual({ 'cal:nobody-has-booked-it': { enabled: true } });
    expect((await run('pages', '--template', 'cal')).err).toContain('Expected a page as <source id>:<page id>');
  });

  it('prints the JSON Schema and the values that can be named', async () => {
    const published: unknown = JSON.parse(await readFile(join(__dirname, '../../docs/settings.schema.json'), 'utf8'));
    expect(JSON.parse((await run('schema')).out)).toEqual(published);
    expect((await run('values')).out).toContain('customer.email (email)');
  });

  it.each([
    ['a version that is no number', ['rollback', 'x'], 2, 'number of a version'],
    ['nothing to compare', ['diff'], 2, "missing required argument 'a'"],
    ['an object that there is not', ['fields', 'Task'], 2, 'Allowed choices are Lead'],
    ['two to compare with the org', ['diff', '1', '2', '--org'], 2, '--org takes one'],
    ['a file that there is not', ['diff', '/nowhere'], 1, 'cannot be read'],
  ])('refuses %s', async (_title, args, exitCode, words) => {
    const answer = await run(...args);
    expect([answer.exitCode, answer.err]).toEqual([exitCode, expect.stringContaining(words)]);
  });

  it('does the same on the store itself when no server runs', async () => {
    await app?.stop();
    app = undefined;
    const wrong = await file('wrong-alone', (d) => d.mappings['Lead']!.push({ field: 'Nope__c', from: 'page.name' }));
    expect((await run('import', wrong)).err).toContain('Lead has no field Nope__c');
    const before = (await versions())[0]!;
    expect(await json('import', await file('fine-alone'))).toEqual({
      version: before + 1,
      problems: [],
      notChecked: null,
    });
  });

  it('saves while the org cannot be asked, and says that nothing of it was checked', async () => {
    await emulator.close();
    const path = await file('unasked', (d) => d.mappings['Lead']!.push({ field: 'Nope__c', from: 'page.name' }));
    const { exitCode, out } = await run('import', path);
    expect([exitCode, out]).toEqual([0, expect.stringContaining('The org could not be asked')]);
    const unknown = await file('unknown', (d) => d.mappings['Lead']!.push({ field: 'Title', from: 'nope' }));
    expect((await run('import', unknown)).err).toContain('No booking has a value called "nope"');
  });
});
