import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ORDERS } from '../src/admin/orders/orders';
import { ROUTES } from '../src/http/api/routes';
import { endNotice, raiseNotice } from '../src/notice/notice.store';
import { startConnector, type Connector } from './support/connector';
import { describeOnStores } from './support/postgres';
import { apiOf, signIn, type AskApi } from './support/visitor';

/** Orders that are of the command line alone. */
const NOT_IN_THE_API: string[] = [];

type Schema = Parameters<typeof z.fromJSONSchema>[0];

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema: Schema }> }> }>>;
  components: { schemas: { Problem: Schema } };
}

function calcom(name: string, visitor: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const body = JSON.parse(readFileSync(join(__dirname, `fixtures/source/calcom/${name}.json`), 'utf8')) as {
    payload: Record<string, unknown> & { attendees: { email: string }[] };
  };
  const text = JSON.stringify(body.payload)
    .replaceAll(String(body.payload.attendees[0]?.email), `${visitor}@example.test`)
    .replaceAll(/"(uid|rescheduleUid|iCalUID)":"([^"]*)"/g, `"$1":"${visitor}-$2"`);
  return { ...body, payload: { ...(JSON.parse(text) as object), ...more } };
}

it('has a document that an answer of another shape does not fit', () => {
  const schema = z.fromJSONSchema(z.toJSONSchema(ORDERS.lanes.answer));
  const named = { environment: 'sandbox', name: 'Acme' };
  const org = { id: 'main', loginUrl: 'x', ...named, startedAt: null, held: null, lane: null };
  expect(schema.safeParse({ orgs: [org] }).success).toBe(true);
  for (const wrong of [{}, { orgs: [{ ...org, id: 1 }] }, { orgs: [{ ...org, more: 1 }] }, { orgs: [{ id: 'main' }] }])
    expect(schema.safeParse(wrong).success).toBe(false);
});

it('has a route for every order', () => {
  const routed = ROUTES.map(({ order }) => order);
  expect([...routed, ...NOT_IN_THE_API].sort()).toEqual(Object.keys(ORDERS).sort());
});

describeOnStores('the API', (database) => {
  let connector: Connector;
  let document: Document;
  let program: AskApi;
  /** Operations that were answered 2xx, with an answer of the published shape. */
  const seen = new Set<string>();

  beforeAll(async () => {
    connector = await startConnector(database);
    program = (await apiOf(connector.app)).ask;
    document = (await (await fetch(`${connector.app.url}/api/v1/openapi.json`)).json()) as Document;
  }, 60_000);
  afterAll(() => connector.stop());

  /** Asks, and holds the answer against the document. */
  const ask = async <Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    by: AskApi = program,
  ): Promise<{ status: number; body: Body }> => {
    const answer = await by(method, path, body);
    const bare = path.replace(/\?.*/, '');
    const template = Object.keys(document.paths)
      // What has no braces is meant before what has.
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .find((one) => new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare));
    const operation = document.paths[template ?? '']?.[method.toLowerCase()];
    if (operation === undefined) throw new Error(`${method} ${path} is not in the document.`);
    const documented = operation.responses[answer.status]?.content['application/json']?.schema;
    const schema = answer.status < 300 ? documented : document.components.schemas.Problem;
    if (schema === undefined) throw new Error(`${method} ${path} is not documented to answer ${answer.status}.`);
    const parsed = z.fromJSONSchema(schema).safeParse(answer.body);
    if (!parsed.success) throw new Error(`${method} ${path}: ${z.prettifyError(parsed.error)}`);
    if (answer.status < 300) seen.add(`${method} ${template}`);
    return answer as { status: number; body: Body };
  };

  const fault = async (match: object, effect: object): Promise<() => Promise<void>> => {
    const url = `${connector.emulator.url}/__emulator__/faults`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ match, effect }),
    });
    const { id } = (await response.json()) as { id: string };
    return async () => void (await fetch(`${url}/${id}`, { method: 'DELETE' }));
  };

  it('tells how things are', async () => {
    expect((await ask('GET', '/me')).body).toMatchObject({ role: 'owner', via: 'api' });
    expect((await ask('GET', '/status')).body).toMatchObject({ orgs: [{ id: 'main' }], sources: [{}, {}] });
    expect((await ask('GET', '/lanes')).body).toMatchObject({ orgs: [{ lane: { cause: null } }] });
    const { store, now } = connector.app.admin;
    const notice = { key: 'test:main', orgId: 'main', severity: 'warning', what: 'Look.', remedy: 'Act.' } as const;
    await raiseNotice(store, notice, now());
    expect((await ask('GET', '/notices')).body).toMatchObject({ notices: [{ ...notice, endedAt: null }] });
    await endNotice(store, notice.key, now());
    expect((await ask('GET', '/notices')).body).toEqual({ notices: [] });
    expect((await ask('GET', '/drift')).body).toEqual({ drift: [] });
  });

  it('makes teams that share the org', async () => {
    expect(await ask('POST', '/teams', { id: 'sales' })).toMatchObject({ status: 201, body: { orgId: 'main' } });
    expect((await ask('POST', '/teams', { id: 'sales' })).status).toBe(422);
    expect((await ask('POST', '/teams', { id: 'other', org: 'nowhere' })).status).toBe(404);
    expect((await ask('GET', '/teams')).body).toEqual({
      teams: [
        { id: 'default', orgId: 'main' },
        { id: 'sales', orgId: 'main' },
      ],
    });
  });

  it('looks at the org, and writes the permission set that it needs', async () => {
    const { body } = await ask<{ lines: { check: string; state: string }[] }>('GET', '/doctor');
    expect(body.lines).toContainEqual(expect.objectContaining({ check: 'Edit Lead.Phone', state: 'ok' }));
    expect(body.lines.filter(({ state }) => state === 'failure')).toEqual([]);
    expect((await ask('GET', '/permissions?links=yes')).body).toMatchObject({
      xml: expect.stringContaining('<object>Opportunity</object>'),
    });
    expect((await ask('GET', '/permissions?links=perhaps')).status).toBe(422);
  });

  it('closes and opens the gate', async () => {
    expect((await ask('POST', '/gate/close')).body).toEqual({ orgs: ['main'] });
    expect((await ask('GET', '/lanes')).body).toMatchObject({ orgs: [{ startedAt: null }] });
    expect(await ask('POST', '/gate/open', {})).toMatchObject({
      status: 422,
      body: { code: 'invalid-args', errors: [{ field: 'backlog', error: expect.any(String) }] },
    });
    expect((await ask('POST', '/gate/open', { backlog: true })).status).toBe(200);
    expect((await ask('GET', '/lanes')).body).toMatchObject({ orgs: [{ startedAt: expect.any(String) }] });
  });

  describe('sources', () => {
    it('creates one, shows its secret once and how it is set up', async () => {
      expect((await ask<{ kinds: string[] }>('GET', '/kinds')).body.kinds).toContain('timerex');
      const created = await ask<{ secret: string }>('POST', '/sources', { id: 'rex', kind: 'timerex' });
      expect([created.status, created.body]).toMatchObject([201, { webhookUrl: `${connector.app.url}/webhooks/rex` }]);
      const { secret } = created.body;
      expect(JSON.stringify(created.body)).toContain(secret);
      const read = await ask('GET', '/sources/rex');
      expect(read.body).toMatchObject({ id: 'rex', kind: 'timerex', completeAfterMinutes: 0, lastDeliveryAt: null });
      expect(JSON.stringify(read.body)).toContain('In TimeRex');
      expect(JSON.stringify(read.body)).not.toContain(secret);
    });

    it('changes, rotates and tests it', async () => {
      const customerPage = 'https://app.example.test/{customer.id}';
      const changed = { completeAfterMinutes: null, customerPage };
      expect((await ask('PATCH', '/sources/rex', changed)).body).toEqual({ id: 'rex', ...changed });
      expect((await ask('GET', '/sources/rex')).body).toMatchObject(changed);
      expect(await ask('PATCH', '/sources/rex', { customerPage: 'http://app.example.test/' })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'customerPage' }] },
      });
      expect((await ask('POST', '/sources/rex/rotate', { finish: false })).body).toMatchObject({ secrets: 2 });
      expect((await ask('POST', '/sources/rex/rotate', { finish: false })).status).toBe(409);
      expect((await ask('POST', '/sources/rex/rotate', { finish: true })).body).toMatchObject({ secrets: 1 });
      // A running server remembers the secrets for some seconds.
      const test = await ask<{ said: string }>('POST', '/sources/cal/test');
      expect(test.body).toMatchObject({ isPassed: true, id: 'cal' });
      expect((await ask('PUT', '/sources/once/api-key', { apiKey: 'k'.repeat(32) })).body).toEqual({
        id: 'once',
        isAsked: true,
      });
      expect((await ask('PUT', '/sources/once/api-key', { apiKey: null })).body).toMatchObject({ isAsked: false });
    });

    it.each<[string, string, string, unknown, number, object]>([
      ['a kind that there is not', 'POST', '/sources', { id: 'x', kind: 'no' }, 422, { errors: [{ field: 'kind' }] }],
      ['a name that cannot be', 'POST', '/sources', { id: 'A b', kind: 'calcom' }, 422, { errors: [{ field: 'id' }] }],
      ['a name that is taken', 'POST', '/sources', { id: 'cal', kind: 'calcom' }, 409, { code: 'source-exists' }],
      ['every fault at once', 'POST', '/sources', { id: 1, x: 1 }, 422, { errors: [{}, {}, {}] }],
      ['what is no object', 'POST', '/sources', [1], 422, { code: 'invalid-args' }],
      ['a source that there is not', 'GET', '/sources/nowhere', undefined, 404, { code: 'not-found' }],
      ['faults of a mapping', 'POST', '/sources', { id: 'm', kind: 'mapped', mapping: { name: 'm' } }, 422, {}],
    ])('refuses %s', async (_what, method, path, body, status, problem) => {
      const answer = await ask<{ errors?: unknown[] }>(method, path, body);
      expect([answer.status, answer.body]).toMatchObject([status, problem]);
      if (status === 422) expect(answer.body.errors).not.toEqual([]);
    });

    it('lists them', async () => {
      const { body } = await ask<{ sources: { id: string }[] }>('GET', '/sources');
      expect(body.sources.map(({ id }) => id)).toEqual(['cal', 'once', 'rex']);
    });
  });

  it('reads and saves settings', async () => {
    const { body } = await ask<{ version: number; settings: { rules: object } }>('GET', '/settings');
    const saved = await ask('PUT', `/settings?expectedVersion=${body.version}`, body.settings);
    expect(saved.body).toMatchObject({ version: body.version + 1, notChecked: null });
    expect(await ask('PUT', `/settings?expectedVersion=${body.version}`, body.settings)).toMatchObject({
      status: 409,
      body: { code: 'settings-changed' },
    });
    const refused = await ask('PUT', '/settings', { ...body.settings, rules: { unknownCustomer: 'Account' } });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ field: 'rules.unknownCustomer' })]) },
    });
  });

  it('checks, compares and takes back settings', async () => {
    type Newest = { version: number; settings: { rules: object; mappings: { Lead: object[] } } };
    const { version, settings } = (await ask<Newest>('GET', '/settings')).body;
    const wrong = { ...settings, mappings: { ...settings.mappings, Lead: [{ field: 'Nope__c', text: 'x' }] } };
    expect((await ask('POST', '/settings/check', {})).body).toMatchObject({ isAccepted: true, notChecked: null });
    expect((await ask('POST', '/settings/check', { document: wrong })).body).toMatchObject({
      isAccepted: false,
      problems: expect.arrayContaining([expect.objectContaining({ field: 'mappings.Lead.0.field', sobject: 'Lead' })]),
    });
    expect(await ask('PUT', '/settings', wrong)).toMatchObject({
      status: 422,
      body: {
        code: 'settings-refused',
        errors: expect.arrayContaining([expect.objectContaining({ field: 'mappings.Lead.0.field' })]),
      },
    });
    const other = { ...settings, rules: { ...settings.rules, cancel: 'delete' } };
    expect((await ask('POST', '/settings/diff', { from: {}, to: { document: other } })).body).toEqual({
      changes: [{ path: 'rules.cancel', before: 'keep', after: 'delete' }],
    });
    await ask('PUT', '/settings', other);
    expect((await ask('POST', '/settings/rollback', { version })).body).toMatchObject({
      version: version + 2,
      changes: [{ path: 'rules.cancel', before: 'delete', after: 'keep' }],
    });
    expect((await ask('GET', `/settings?version=${version + 1}`)).body).toMatchObject({
      version: version + 1,
      settings: { rules: { cancel: 'delete' } },
    });
    expect((await ask('GET', '/settings?version=99')).status).toBe(404);
    const { versions } = (await ask<{ versions: object[] }>('GET', '/settings/versions')).body;
    expect(versions[0]).toMatchObject({ version: version + 2, author: 'program owner' });
  });

  it('tells what settings can name', async () => {
    expect((await ask('GET', '/settings/fields/Lead')).body).toMatchObject({
      writable: expect.arrayContaining([expect.objectContaining({ field: 'Company', isRequired: true })]),
      notWritable: expect.arrayContaining([expect.objectContaining({ remedy: expect.any(String) })]),
    });
    expect((await ask('GET', '/settings/fields/Invoice')).status).toBe(422);
    expect((await ask('GET', '/settings/required?object=Lead')).body).toMatchObject({
      fields: expect.arrayContaining([expect.objectContaining({ field: 'Company', team: expect.anything() })]),
    });
  });

  it('tells and changes what may be spent of API calls', async () => {
    expect((await ask('PATCH', '/budget', { reservePercent: 30, dailyCap: 500 })).body).toMatchObject({
      budgets: [{ orgId: 'main', reservePercent: 30, dailyCap: 500, lanes: 1 }],
    });
    expect((await ask('PATCH', '/budget', { dailyCap: null })).body).toMatchObject({
      budgets: [{ reservePercent: 30, dailyCap: null }],
    });
    expect((await ask('GET', '/budget')).body).toMatchObject({ budgets: [{ reservePercent: 30 }] });
    expect((await ask('GET', '/budget?org=other')).status).toBe(404);
    expect((await ask('PATCH', '/budget', { reservePercent: 99, lanes: 3 })).body).toMatchObject({ errors: [{}, {}] });
  });

  describe('bookings', () => {
    type List = { bookings: { id: string; rootKey: string; progress: string }[]; next: string | null };
    type Problems = { problems: { id: string; samples: { bookingId: string }[] }[] };

    it('groups what is parked by cause, says whom it hits, and tries it again', async () => {
      const remove = await fault(
        { sobject: 'Lead' },
        {
          rowError: { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Only on Sundays', fields: ['Email'] },
        },
      );
      await connector.sendCalcom(calcom('BOOKING_CREATED', 'ada'));
      await connector.sendCalcom(calcom('BOOKING_CREATED', 'bob'));
      await connector.idle();
      const { problems } = (await ask<Problems>('GET', '/problems')).body;
      expect(problems).toMatchObject([
        {
          code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
          sobject: 'Lead',
          fields: ['Email'],
          count: 2,
          retrying: 0,
          scope: { kind: 'everybody' },
          cause: expect.stringContaining('Only on Sundays'),
          remedy: expect.stringContaining('rule'),
        },
      ]);
      expect(problems[0]?.samples).toHaveLength(2);
      expect((await ask<List>('GET', '/bookings?progress=parked')).body.bookings).toHaveLength(2);

      await remove();
      await connector.sendCalcom(calcom('BOOKING_CREATED', 'eve'));
      await connector.idle();
      expect((await ask('GET', '/problems')).body).toMatchObject({ problems: [{ count: 2, scope: { kind: 'some' } }] });
      expect((await ask('POST', `/problems/${problems[0]?.id}/retry`)).body).toEqual({ retried: 2 });
      await connector.idle();
      expect((await ask('GET', '/problems')).body).toEqual({ problems: [] });
      expect((await ask('POST', `/problems/${problems[0]?.id}/retry`)).status).toBe(404);
    });

    it('finds bookings by the beginning of a key, by status and by source', async () => {
      const keys = async (query: string) =>
        (await ask<List>('GET', `/bookings?${query}`)).body.bookings.map(({ rootKey }) => rootKey.replace(/-.*/, ''));
      expect(await keys('key=ada')).toEqual(['ada']);
      expect(await keys('key=cal:bob-')).toEqual(['bob']);
      expect(await keys('key=nobody')).toEqual([]);
      expect((await keys('source=cal&status=Scheduled&progress=settled')).sort()).toEqual(['ada', 'bob', 'eve']);
      expect(await keys('source=once')).toEqual([]);
      expect(await keys('status=Canceled')).toEqual([]);
      expect((await ask('GET', '/bookings?status=Nope&limit=0&x=1')).body).toMatchObject({ errors: [{}, {}, {}] });
    });

    it('pages through them, the newest first, each once', async () => {
      const found: string[] = [];
      let next: string | null = null;
      do {
        const after: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
        const { body }: { body: List } = await ask<List>('GET', `/bookings?limit=2${after}`);
        found.push(...body.bookings.map(({ rootKey }) => rootKey.replace(/-.*/, '')));
        next = body.next;
      } while (next !== null);
      expect(found).toEqual(['eve', 'bob', 'ada']);
      expect((await ask('GET', '/bookings?after=nonsense')).status).toBe(422);
    });

    it('lists their pages, with settings to start from', async () => {
      type Pages = { pages: { key: string; bookings: number }[] };
      const { pages } = (await ask<Pages>('GET', '/pages')).body;
      expect(pages).toMatchObject([{ sourceId: 'cal', bookings: 3, isEnabled: true, hasOverrides: false }]);
      const key = String(pages[0]?.key);
      expect((await ask('GET', `/pages/${encodeURIComponent(key)}/template`)).body).toMatchObject({
        key,
        page: { enabled: true },
      });
    });

    it('tells what a body and other settings would do', async () => {
      const body = JSON.stringify(calcom('BOOKING_CREATED', 'ida'));
      expect((await ask('POST', '/dry-run', { source: 'cal', body })).body).toMatchObject({
        bookings: [
          { writes: expect.arrayContaining([expect.objectContaining({ action: 'create', sobject: 'Event' })]) },
        ],
      });
      expect((await ask('POST', '/dry-run', { source: 'cal', body: '{}' })).body).toHaveProperty('refused');
      expect((await ask('POST', '/dry-run', { source: 'nowhere', body })).status).toBe(404);
      const { settings } = (await ask<{ settings: { rules: object } }>('GET', '/settings')).body;
      const document = { ...settings, rules: { ...settings.rules, event: 'off' } };
      const latest = { last: 5, asNew: true, document };
      const compared = await ask<{ bookings: number; differences: object[] }>('POST', '/dry-run/latest', latest);
      expect(compared.body.bookings).toBe(3);
      expect(compared.body.differences).toHaveLength(3);

      const remove = await fault({ path: '/composite' }, { html: 503 });
      const refused = await ask('POST', '/dry-run', { source: 'cal', body });
      await remove();
      expect(refused).toMatchObject({ status: 502, body: { code: expect.stringMatching(/^salesforce-/) } });
    });

    it('tells the story of one', async () => {
      const { body } = await ask<List>('GET', '/bookings?key=ada');
      const [booking] = body.bookings;
      await connector.sendCalcom(calcom('BOOKING_CANCELLED', 'ada', { uid: booking?.rootKey }));
      await connector.idle();
      type Story = { customerId: string; chapters: { what: string; at: string }[] };
      const story = (await ask<Story>('GET', `/bookings/${booking?.id}`)).body;
      expect(story).toMatchObject({
        rootKey: booking?.rootKey,
        state: { status: 'Canceled' },
        parts: { event: { state: 'written', sobject: 'Event' } },
        written: { eventId: expect.stringMatching(/^00U/) },
        salesforce: [{ part: 'person' }, { part: 'event', url: expect.stringContaining('/lightning/r/Event/00U') }],
        dueAt: null,
      });
      expect(story.chapters.map(({ what }) => what)).toEqual([
        ...['delivery', 'event', 'turn', 'turn', 'delivery', 'event', 'turn'],
      ]);
      expect(story.chapters).toMatchObject([
        { outcome: 'stored', isKept: true },
        { event: { kind: 'scheduled' } },
        { parts: { person: { state: 'parked' } } },
        { parts: { person: { state: 'written' } }, steps: expect.arrayContaining([expect.anything()]) },
        { outcome: 'stored' },
        { event: { kind: 'canceled' } },
        { parts: { event: { state: 'written' } } },
      ]);
      const customer = await ask('GET', `/customers/${story.customerId}`);
      expect(customer.body).toMatchObject({ email: 'ada@example.test', upcoming: [{ status: 'Canceled' }] });
      expect((await ask('GET', '/customers/nobody')).status).toBe(404);
      const times = story.chapters.map(({ at }) => at);
      expect(times).toEqual([...times].sort());
    });

    it('tries one again, or all', async () => {
      const { body } = await ask<List>('GET', '/bookings?key=eve');
      expect((await ask('POST', `/bookings/${body.bookings[0]?.id}/retry`)).body).toEqual({ retried: 0 });
      expect((await ask('POST', '/bookings/00000000-0000-4000-8000-000000000000/retry')).status).toBe(404);
      expect((await ask('POST', '/bookings/eve/retry')).status).toBe(422);
      expect((await ask('POST', '/retry')).body).toMatchObject({ retried: 0, next: null });
      await connector.idle();
    });
  });

  it('lists deliveries that are not understood, and replays one', async () => {
    await connector.sendCalcom({ triggerEvent: 'BOOKING_CREATED', createdAt: 'never', payload: {} });
    await connector.idle();
    type Refused = { count: number; deliveries: { id: string; faults: object[] }[] };
    const { body } = await ask<Refused>('GET', '/deliveries/refused?limit=10');
    expect(body).toMatchObject({ count: 1, next: null, deliveries: [{ sourceId: 'cal', isKept: true }] });
    expect(body.deliveries[0]?.faults).not.toEqual([]);
    const path = `/deliveries/${body.deliveries[0]?.id}/replay`;
    expect((await ask('POST', path)).body).toEqual({ outcome: 'refused' });
    await connector.app.admin.store.query(`update delivery set raw_body = null where outcome = 'refused'`);
    expect(await ask('POST', path)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('no longer') },
    });
  });

  it('plans again what is still to come', async () => {
    expect((await ask('POST', '/replan', { page: null })).body).toEqual({ replanned: expect.any(Number) });
    expect((await ask('POST', '/replan', { page: 'nonsense' })).status).toBe(409);
    await connector.idle();
  });

  it('connects an org, signs in to it, tests it, ends the connection and takes it up again', async () => {
    const { emulator } = connector;
    const { clientId, clientSecret, url: host } = emulator;
    const browser = { id: 'second', flow: 'authorizationCode', host, clientId, clientSecret };
    const connected = await ask('POST', '/orgs', browser);
    expect([connected.status, connected.body]).toMatchObject([201, { connection: { id: 'second' }, tried: null }]);
    expect((await ask('GET', '/orgs')).body).toMatchObject({
      connections: [
        { id: 'main', fromEnvironment: true, access: { state: 'connected' } },
        { id: 'second', teams: [] },
      ],
    });

    const session = 'a-secret-of-this-program';
    const begun = await ask<{ url: string }>('POST', '/orgs/second/sign-in', { session });
    const consent = new URLSearchParams(new URL(begun.body.url).search);
    consent.set('emulator_decision', 'allow');
    consent.set('emulator_user', emulator.adminUserId);
    const page = `${host}/services/oauth2/authorize`;
    const allowed = await fetch(page, { method: 'POST', body: consent, redirect: 'manual' });
    const back = new URL(String(allowed.headers.get('location'))).searchParams;
    const returned = { state: back.get('state'), code: back.get('code') };
    const stranger = await ask('POST', '/orgs/sign-in', { ...returned, session: 'of-somebody-else-here' });
    expect(stranger).toMatchObject({ status: 409, body: { detail: expect.stringContaining('not begun here') } });
    expect((await ask('POST', '/orgs/sign-in', { ...returned, session })).body).toMatchObject({
      tried: { isIn: true },
    });
    expect((await ask('GET', '/orgs/second')).body).toMatchObject({ signedInAs: emulator.username });

    expect((await ask('POST', '/orgs/second/test')).body).toMatchObject({ tried: { isIn: true } });
    expect((await ask('POST', '/orgs/second/disconnect')).body).toMatchObject({ isRevoked: true });
    expect((await ask('POST', '/orgs/second/sign-in', { session: 'short' })).status).toBe(422);
    const changed = await ask('POST', '/orgs/second/reconnect', { flow: 'clientCredentials' });
    expect(changed.body).toMatchObject({ connection: { access: { state: 'connected' } }, tried: { isIn: true } });

    const compared = await ask('GET', '/orgs/second/comparison');
    expect(compared.body).toMatchObject({ org: { id: 'second' }, present: { id: 'main' }, isReady: true });
    expect((await ask('POST', '/orgs/main/switch', {})).status).toBe(409);
    const elsewhere = { salesforceOrgId: '00D000000000000AAA' };
    expect((await ask('POST', '/orgs/second/switch', elsewhere)).status).toBe(409);
    expect((await ask('POST', '/orgs/second/switch', {})).body).toMatchObject({ held: { from: 'main' } });
    expect((await ask('GET', '/lanes')).body).toMatchObject({ orgs: [{ id: 'second', held: { from: 'main' } }] });
    expect((await ask('POST', '/gate/open', { backlog: false })).status).toBe(409);
    expect((await ask('POST', '/orgs/main/switch', {})).status).toBe(200);
    expect((await ask('POST', '/gate/open', { bookings: 'none' })).body).toEqual({ orgs: ['main'] });

    expect(await ask('POST', '/orgs/main/reconnect', { host: 'test' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('SALESFORCE_LOGIN_URL') },
    });
    expect((await ask('POST', '/orgs/main/sign-in', { session })).status).toBe(409);
    expect((await ask('POST', '/orgs/nowhere/test')).status).toBe(404);
  });

  it('links hosts to users, and whoever asks to his own', async () => {
    const { app, emulator } = connector;
    const settings = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"autoApprove":true}' };
    await fetch(`${emulator.url}/__emulator__/settings`, settings);
    const host = 'linked@host.example';
    expect((await ask('POST', '/hosts/link', { host, user: emulator.username })).body).toMatchObject({ replanned: 0 });
    expect((await ask('POST', '/hosts/link', { host: 'nobody', user: emulator.username })).status).toBe(422);
    expect((await ask('GET', '/hosts')).body).toMatchObject({ notAsked: null, hosts: expect.any(Array) });
    expect((await ask('POST', '/hosts/unlink', { host })).body).toEqual({ host, link: null, replanned: 0 });

    const rep = await signIn(app, 'rep', { email: host });
    const headers = { cookie: rep.cookie, 'x-csrf-token': rep.csrf, 'content-type': 'application/json' };
    const asRep: AskApi = async (method, path, body) => {
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const answer = await fetch(`${app.url}/api/v1${path}`, init);
      return { status: answer.status, body: await answer.json() };
    };
    expect((await ask('GET', '/me/host', undefined, asRep)).body).toEqual({ email: host, link: null, cannot: null });
    const session = rep.csrf;
    const { url } = (await ask<{ url: string }>('POST', '/me/host/sign-in', { session }, asRep)).body;
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
    const { code, state } = Object.fromEntries(new URL(location).searchParams);
    expect((await ask('POST', '/me/host/signed-in', { state, code, session }, asRep)).body).toMatchObject({
      username: emulator.username,
      hosts: expect.arrayContaining([host]),
    });
    expect((await ask('DELETE', '/me/host', undefined, asRep)).body).toEqual({ host, replanned: 0 });
    expect((await ask('DELETE', '/me/host', undefined, asRep)).status).toBe(404);
    expect((await ask('POST', '/hosts/link', { host, user: emulator.username }, asRep)).status).toBe(403);
  });

  it('makes tokens and links, and keeps an audit without secrets', async () => {
    const made = (await ask<{ id: string; token: string }>('POST', '/tokens', { name: 'robot', role: 'rep' })).body;
    expect((await ask<{ tokens: object[] }>('GET', '/tokens')).body.tokens).toHaveLength(2);
    expect((await ask('DELETE', `/tokens/${made.id}`)).body).toEqual({ id: made.id });
    expect((await ask('POST', '/links', {})).body).toMatchObject({ minutes: 15 });
    await ask('POST', '/sources', { id: 'secretive', kind: 'calcom', secret: 'not-for-the-audit' });
    await ask('POST', '/sources', { id: 'secretive', kind: 'calcom' });

    type Audit = { entries: { action: string; outcome: string; args: object }[]; next: string };
    const { entries } = (await ask<Audit>('GET', '/audit?limit=200')).body;
    expect(entries.slice(0, 5)).toMatchObject([
      { action: 'createSource', outcome: 'refused', args: { id: 'secretive', kind: 'calcom' }, via: 'api' },
      { action: 'createSource', outcome: 'done', name: 'program owner', role: 'owner' },
      { action: 'createLink', args: { name: 'owner', role: 'owner' } },
      { action: 'revokeToken', args: { id: made.id } },
      { action: 'createToken', args: { name: 'robot', role: 'rep' } },
    ]);
    for (const secret of [made.token, 'not-for-the-audit', 'k'.repeat(32)])
      expect(JSON.stringify(entries)).not.toContain(secret);
    const changing = Object.entries(ORDERS).filter(([, { audited }]) => audited !== null);
    const routed = changing.map(([name]) => name);
    expect([...new Set(entries.map(({ action }) => action))].sort()).toEqual(routed.sort());
    const page = (await ask<Audit>('GET', '/audit?limit=2')).body;
    expect((await ask<Audit>('GET', `/audit?limit=1&after=${page.next}`)).body.entries).toEqual(entries.slice(2, 3));
  });

  it.each<[string, RequestInit, number]>([
    ['what is no JSON', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400],
    ['a form', { method: 'POST', body: new URLSearchParams({ id: 'x' }) }, 415],
    ['an address that there is not', { method: 'DELETE' }, 404],
  ])('refuses %s', async (_what, init, status) => {
    const { token } = await apiOf(connector.app);
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
    const response = await fetch(`${connector.app.url}/api/v1/sources`, { ...init, headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('has answered every route of its document as the document says', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort());
    expect([...seen].sort()).toEqual(documented.sort());
  });
});
