import { request } from 'node:http';
import { row, TestOrg, visit, type Answer } from './support';
import { token } from './error-cases';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

interface CallView {
  n: number;
  path: string;
  state: string;
  status: number | null;
  clientGone: boolean;
  apiCalls: number;
  user: string | null;
  sobjects: Record<string, unknown>;
}
async function calls(since = 0): Promise<CallView[]> {
  return (await org.control('GET', `/calls?since=${since}`)).body.calls as CallView[];
}
/** Waits until the list of calls shows what is expected. */
async function untilCall(expected: Partial<CallView>): Promise<CallView> {
  for (let tries = 0; tries < 200; tries += 1) {
    const call = (await calls()).at(-1);
    if (call && Object.entries(expected).every(([key, value]) => call[key as keyof CallView] === value)) return call;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Never saw ${JSON.stringify(expected)}: ${JSON.stringify(await calls())}`);
}
const fault = async (match: object, effect: object): Promise<string> => {
  const { status, body } = await org.control('POST', '/faults', { match, effect });
  expect(status).toBe(201);
  return String(body.id);
};
const count = async (): Promise<number> => (await org.query('SELECT COUNT() FROM Contact')).body.totalSize as number;
const sato = { LastName: 'Sato' };

describe('the list of calls', () => {
  it('counts data calls, not versions, tokens or its own addresses', async () => {
    await fetch(`${org.emulator.url}/services/data`);
    await org.request('GET', '/services/oauth2/userinfo');
    await org.api('GET', '/limits');
    await org.api('GET', '/sobjects/Nope');
    await org.api('GET', '/limits', undefined, { authorization: 'Bearer x' });
    const { body } = await org.control('GET', '/calls');
    expect(body.apiCalls).toBe(2);
    expect((body.calls as CallView[]).map(({ n, status, apiCalls, user }) => [n, status, apiCalls, user])).toEqual([
      [1, 200, 0, null],
      [2, 200, 1, 'ada.admin@example.com'],
      [3, 404, 1, 'ada.admin@example.com'],
      [4, 401, 0, null],
    ]);
    expect(await calls(3)).toHaveLength(1);
    expect((await org.control('DELETE', '/calls')).status).toBe(204);
    expect((await org.control('GET', '/calls')).body).toEqual({ calls: [], apiCalls: 0 });
  });

  it('says what each call wrote', async () => {
    const id = await org.create('Contact', sato);
    await org.api('PATCH', `/sobjects/Contact/${id}`, { Title: 'Dr' });
    await org.api('DELETE', `/sobjects/Contact/${id}`);
    await org.api('POST', '/sobjects/Contact', {});
    expect((await calls()).map(({ sobjects }) => sobjects)).toEqual([
      { Contact: { created: 1, updated: 0, deleted: 0 } },
      { Contact: { created: 0, updated: 1, deleted: 0 } },
      { Contact: { created: 0, updated: 0, deleted: 1 } },
      {},
    ]);
  });
});

describe('the usage that answers report', () => {
  it('is a few calls off, both ways, the same in each run, and true without noise', async () => {
    const read = async (): Promise<number[]> => {
      const usage: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        const { headers } = await org.api('GET', '/limits');
        usage.push(Number(/^api-usage=(\d+)\/15000$/.exec(headers.get('sforce-limit-info') ?? '')?.[1]));
      }
      return usage;
    };
    const first = await read();
    expect(first.some((used, at) => at > 0 && used < (first[at - 1] ?? 0))).toBe(true);
    expect(first.every((used, at) => Math.abs(used - at - 1) <= 3)).toBe(true);
    await org.control('DELETE', '/calls');
    expect(await read()).toEqual(first);
    await org.control('DELETE', '/calls');
    await org.control('POST', '/settings', { limitNoise: 0 });
    expect((await read()).slice(0, 3)).toEqual([1, 2, 3]);
  });

  it('covers 24 hours', async () => {
    await org.control('POST', '/settings', { dailyApiRequests: 2, sessionMinutes: 10_000 });
    await org.control('POST', '/clock', { now: '2026-11-20T12:00:00Z' });
    const token = { authorization: `Bearer ${org.emulator.signIn(org.emulator.adminUserId)}` };
    const status = async (): Promise<number> => (await org.api('GET', '/limits', undefined, token)).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 403]);
    await org.control('POST', '/clock', { now: '2026-11-21T11:59:00Z' });
    expect(await status()).toBe(403);
    await org.control('POST', '/clock', { now: '2026-11-21T12:01:00Z' });
    expect(await status()).toBe(200);
  });
});

it('answers as slowly as a latency model says', async () => {
  await fault({}, { latencyModel: 'A' });
  const startedAt = Date.now();
  expect((await org.api('GET', '/limits')).status).toBe(200);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(145);
});

describe('a hold', () => {
  it('before the commit keeps a request unexecuted until it is released', async () => {
    const id = await fault({ method: 'POST', path: '/sobjects/Contact$' }, { hold: 'beforeCommit' });
    const held = org.api('POST', '/sobjects/Contact', sato);
    await untilCall({ state: 'held', status: null });
    expect(await count()).toBe(0);
    expect((await org.control('GET', '/faults')).body.faults).toMatchObject([{ id, strikes: 1, held: 1 }]);
    expect((await org.control('POST', `/faults/${id}/release`)).status).toBe(204);
    expect((await held).status).toBe(201);
    expect(await count()).toBe(1);
  });

  it('before the commit drops a request whose client left meanwhile', async () => {
    const id = await fault({ method: 'POST', path: '/sobjects/Contact$' }, { hold: 'beforeCommit' });
    const client = new AbortController();
    const held = org
      .request('POST', '/services/data/v67.0/sobjects/Contact', sato, {}, client.signal)
      .catch(() => 'aborted');
    await untilCall({ state: 'held' });
    client.abort();
    expect(await held).toBe('aborted');
    await untilCall({ clientGone: true });
    await org.control('DELETE', `/faults/${id}`);
    expect(await count()).toBe(0);
    expect((await calls())[0]).toMatchObject({ clientGone: true, status: null, sobjects: {}, apiCalls: 0 });
  });

  it('after the commit keeps the answer of an executed request', async () => {
    const id = await fault({ method: 'POST', sobject: 'contact', times: 1 }, { hold: 'afterCommit' });
    const held = org.api('POST', '/composite/sobjects', { records: [row('Contact', sato)] });
    await untilCall({ state: 'held' });
    expect(await count()).toBe(1);
    await org.control('DELETE', `/faults/${id}`);
    expect((await held).status).toBe(200);
    expect((await calls())[0]).toMatchObject({ state: 'answered', status: 200 });
  });

  it('after the commit stays committed when the client left', async () => {
    const id = await fault({ method: 'POST' }, { hold: 'afterCommit' });
    const client = new AbortController();
    const held = org
      .request('POST', '/services/data/v67.0/sobjects/Contact', sato, {}, client.signal)
      .catch(() => 'aborted');
    await untilCall({ state: 'held' });
    client.abort();
    await held;
    await untilCall({ clientGone: true });
    await org.control('POST', `/faults/${id}/release`);
    expect((await calls())[0]).toMatchObject({ state: 'committed', clientGone: true, status: null });
    expect(await count()).toBe(1);
  });
});

describe('a fault', () => {
  it.each([
    ['beforeCommit', 0],
    ['afterCommit', 1],
  ])('drops the connection %s: %i record is there', async (drop, records) => {
    await fault({ method: 'POST', times: 1 }, { drop });
    await expect(org.api('POST', '/sobjects/Contact', sato)).rejects.toThrow('fetch failed');
    expect(await untilCall({ state: 'dropped' })).toMatchObject({ status: null, clientGone: false });
    expect(await count()).toBe(records);
  });

  it('answers a page instead of JSON', async () => {
    await fault({ times: 1 }, { html: 503 });
    const answer = await org.api('GET', '/limits');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('text/html;charset=UTF-8');
    expect(answer.body).toMatch(/^<html>/);
  });

  it('answers late', async () => {
    await fault({ times: 1 }, { latencyMs: 80 });
    const startedAt = Date.now();
    await org.api('GET', '/limits');
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(75);
  });

  it('ends the session, so that the client must sign in again', async () => {
    await fault({ times: 1 }, { expireSession: true });
    expect((await org.api('GET', '/limits')).status).toBe(401);
    expect((await org.api('GET', '/limits')).status).toBe(401);
    expect((await org.as(org.emulator.adminUserId).api('GET', '/limits')).status).toBe(200);
  });

  it('locks the rows of one object and leaves the others alone', async () => {
    await fault({ sobject: 'Contact', times: 1 }, { rowLock: true });
    const { body } = await org.api('POST', '/composite/sobjects', {
      records: [row('Contact', sato), row('Account', { Name: 'Acme' })],
    });
    expect(body[0].errors[0]).toMatchObject({ statusCode: 'UNABLE_TO_LOCK_ROW' });
    expect(body[1].success).toBe(true);
    await org.control('POST', '/settings', { lockStatus: 400 });
    await fault({ times: 1 }, { rowLock: true });
    expect((await org.api('POST', '/sobjects/Contact', sato)).status).toBe(400);
  });

  it.each([
    [{ nth: 2 }, [200, 503, 200, 200]],
    [{ everyNth: 2 }, [200, 503, 200, 503]],
    [{ times: 2 }, [503, 503, 200, 200]],
    [{ path: 'limits\\?x' }, [200, 200, 200, 200]],
    [{ method: 'post' }, [200, 200, 200, 200]],
    [{ probability: 0 }, [200, 200, 200, 200]],
    [{ probability: 1 }, [503, 503, 503, 503]],
  ])('strikes by %j', async (match, statuses) => {
    await fault(match, { html: 503 });
    const seen: number[] = [];
    for (let n = 0; n < 4; n += 1) seen.push((await org.api('GET', '/limits')).status);
    expect(seen).toEqual(statuses);
  });

  it('strikes by chance in the same way for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      const id = await fault({ probability: 0.5, seed }, { html: 503 });
      let seen = '';
      for (let n = 0; n < 16; n += 1) seen += (await org.api('GET', '/limits')).status === 503 ? 'x' : '.';
      await org.control('DELETE', `/faults/${id}`);
      return seen;
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
  });

  it('strikes a request by the object of a subrequest or a query', async () => {
    await fault({ sobject: 'Event' }, { html: 503 });
    const url = '/services/data/v67.0/query?q=SELECT+Id+FROM+Event';
    expect(
      (await org.api('POST', '/composite', { compositeRequest: [{ method: 'GET', url, referenceId: 'q' }] })).status,
    ).toBe(503);
    expect((await org.query('SELECT Id FROM Event')).status).toBe(503);
    expect((await org.query('SELECT Id FROM Lead')).status).toBe(200);
  });

  it('strikes for a time of the org’s clock', async () => {
    const at = (minute: number): Promise<Answer> =>
      org.control('POST', '/clock', { now: new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString() });
    await org.control('POST', '/settings', { sessionMinutes: 10_000_000 });
    const headers = { authorization: `Bearer ${org.emulator.signIn(org.emulator.adminUserId)}` };
    const status = async (): Promise<number> => (await org.api('GET', '/limits', undefined, headers)).status;
    await at(0);
    await fault({ forMs: 600_000 }, { html: 503 });
    expect(await status()).toBe(503);
    await at(9);
    expect(await status()).toBe(503);
    await at(10);
    expect(await status()).toBe(200);
    await fault({ times: 1 }, { spendAllowance: { forMs: 600_000 } });
    expect(await status()).toBe(403);
    await at(19);
    expect(await status()).toBe(403);
    await at(20);
    expect(await status()).toBe(200);
  });

  it.each([{ effect: { hold: 'never' } }, { match: { path: '(' }, effect: {} }, { match: { what: 1 }, effect: {} }])(
    'that makes no sense is refused: %j',
    async (input) => {
      expect((await org.control('POST', '/faults', input)).status).toBe(400);
      expect((await org.control('GET', '/faults')).body.faults).toEqual([]);
    },
  );
});

describe('the control addresses', () => {
  it('bring everything back to the seed; tokens stay good', async () => {
    await org.create('Contact', sato);
    await org.control('POST', '/settings', { apiEnabled: false });
    await fault({}, { html: 503 });
    expect((await org.control('POST', '/reset')).status).toBe(204);
    expect(await calls()).toEqual([]);
    expect(await count()).toBe(0);
    expect((await org.query("SELECT Name FROM User WHERE Username = 'ada.admin@example.com'")).body.totalSize).toBe(1);
    await org.create('Event', visit({ Visit_Key__c: 'v' }));
  });

  it('end sessions, and revoke what users allowed', async () => {
    const { refreshToken, clientId, users } = org.emulator;
    const host = org.as(users.standard[0]);
    const refresh = (): Promise<Answer> =>
      token(org, { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken });
    await org.control('POST', '/end-sessions', { userId: users.standard[0] });
    expect((await host.api('GET', '/limits')).status).toBe(401);
    expect((await org.api('GET', '/limits')).status).toBe(200);
    await org.control('POST', '/end-sessions');
    expect((await org.api('GET', '/limits')).status).toBe(401);
    expect((await refresh()).status).toBe(200);
    expect((await org.control('POST', '/revoke-tokens')).status).toBe(204);
    expect((await refresh()).body.error_description).toBe('expired access/refresh token');
  });

  it('change what the Organization record says', async () => {
    const organization = async (): Promise<unknown> =>
      (await org.query('SELECT OrganizationType, IsSandbox, InstanceName, TrialExpirationDate FROM Organization')).body
        .records[0];
    expect(await organization()).toMatchObject({ OrganizationType: 'Developer Edition', TrialExpirationDate: null });
    const settings = {
      organizationType: 'Enterprise Edition',
      isSandbox: true,
      instanceName: 'CS42',
      trialExpirationDate: '2030-01-31T00:00:00Z',
    };
    expect((await org.control('POST', '/settings', settings)).status).toBe(200);
    expect(await organization()).toMatchObject({
      OrganizationType: 'Enterprise Edition',
      IsSandbox: true,
      InstanceName: 'CS42',
      TrialExpirationDate: '2030-01-31T00:00:00.000+0000',
    });
    await org.control('POST', '/reset');
    expect(await organization()).toMatchObject({ OrganizationType: 'Developer Edition', IsSandbox: false });
  });

  it('stop the clock and let it run', async () => {
    expect((await org.control('POST', '/clock', { now: '2030-01-01T00:00:00Z' })).body).toEqual({
      now: '2030-01-01T00:00:00.000Z',
      isStopped: true,
    });
    const token = { authorization: `Bearer ${org.emulator.signIn(org.emulator.adminUserId)}` };
    const { body } = await org.api('POST', '/sobjects/Contact', sato, token);
    const read = await org.api('GET', `/sobjects/Contact/${String(body.id)}`, undefined, token);
    expect(read.body.CreatedDate).toBe('2030-01-01T00:00:00.000+0000');
    expect((await org.control('POST', '/clock', { now: null })).body.isStopped).toBe(false);
    expect((await org.control('POST', '/clock', { now: 'soon' })).status).toBe(400);
  });

  it('refuse unknown switches and change none', async () => {
    expect((await org.control('POST', '/settings', { apiEnabled: false, colour: 'red' })).status).toBe(400);
    expect((await org.control('GET', '/settings')).body.apiEnabled).toBe(true);
    expect((await org.control('GET', '/nowhere')).status).toBe(404);
  });

  it('tell of every committed change', async () => {
    const messages: string[] = [];
    const stream = request(`${org.emulator.url}/__emulator__/changes`);
    const connected = new Promise<void>((resolve) => {
      stream.on('response', (response) => {
        response.setEncoding('utf8').on('data', (chunk: string) => {
          messages.push(chunk);
          resolve();
        });
        response.on('error', () => undefined);
      });
    });
    stream.on('error', () => undefined);
    stream.end();
    await connected;
    const id = await org.create('Contact', sato);
    await org.api('DELETE', `/sobjects/Contact/${id}`);
    await org.api('POST', '/sobjects/Contact', {});
    await org.api('GET', '/limits');
    const events = messages
      .join('')
      .split('\n\n')
      .filter((message) => message.startsWith('data: '));
    expect(events.map((event) => JSON.parse(event.slice(6)) as unknown)).toEqual([
      { sobject: 'Contact', id, change: 'created' },
      { sobject: 'Contact', id, change: 'deleted' },
    ]);
    stream.destroy();
  });
});
