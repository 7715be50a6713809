import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  connectOrg,
  type CallReport,
  type ConnectOrgOptions,
  type OrgConnection,
} from '../src/salesforce/org-connection';
import { CallRefusedError, OrgUnavailableError, QueryFailedError, SignInRefusedError } from '../src/salesforce/errors';
import { queryRequest, readRecords, upsertRows } from '../src/salesforce/composite';
import type { Token } from '../src/salesforce/sign-in';

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}
type Reply = (response: ServerResponse, request: Received) => void;

const COMPOSITE = '/services/data/v67.0/composite';
const TOKEN = '/services/oauth2/token';
const CONTACTS = queryRequest('contacts', 'SELECT Id FROM Contact');

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers });
    response.end(JSON.stringify(body));
  };
const page =
  (status: number, type = 'text/html; charset=UTF-8'): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': type });
    response.end('<html><body>Down for maintenance</body></html>');
  };
const EXPIRED = json(401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);

/** Answers each query with one record, and each describe with an object of one field. */
const fine: Reply = (response, { body }) => {
  const parts = (JSON.parse(body) as { compositeRequest: { referenceId: string; url: string }[] }).compositeRequest;
  const compositeResponse = parts.map(({ referenceId, url }) => {
    const sobject = /sobjects\/(\w+)\/describe$/.exec(url)?.[1];
    if (sobject === 'Missing__c') {
      const error = { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' };
      return { referenceId, httpStatusCode: 404, httpHeaders: {}, body: [error] };
    }
    return {
      referenceId,
      httpStatusCode: 200,
      httpHeaders: sobject === undefined ? {} : { ETag: '"e8178a2d--gzip"' },
      body:
        sobject === undefined
          ? { totalSize: 1, done: true, records: [{ Id: '0031' }] }
          : { name: sobject, fields: [{ name: 'Id' }] },
    };
  });
  json(
    200,
    { compositeResponse },
    { 'Sforce-Limit-Info': 'api-usage=22/15000; per-app-api-usage=17/250(appName=x)' },
  )(response, { body } as Received);
};

let server: Server;
let url: string;
let received: Received[];
/** What answers composite calls, one after the other; the last one stays. */
let replies: Reply[];
let tokenReply: Reply;
let granted: number;
let lines: string[];
let calls: CallReport[];

beforeEach(async () => {
  received = [];
  replies = [fine];
  granted = 0;
  lines = [];
  calls = [];
  tokenReply = (response, request) =>
    json(200, {
      access_token: `00D000000000001!token${(granted += 1)}`,
      instance_url: url,
      id: `${url}/id/00D000000000001AAA/005000000000001AAA`,
    })(response, request);
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      received.push(one);
      if (one.url === TOKEN) return tokenReply(response, one);
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      reply?.(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connect(options: Partial<ConnectOrgOptions> = {}): OrgConnection {
  const write = (fields: Record<string, unknown>, message: string): void =>
    void lines.push(JSON.stringify({ ...fields, message }));
  return connectOrg({
    loginUrl: url,
    clientId: 'consumer-key',
    clientSecret: 'consumer&secret',
    allowLoopback: true,
    onCall: (call) => calls.push(call),
    log: { info: write, warn: write },
    now: () => new Date('2026-11-20T10:00:00Z'),
    ...options,
  });
}

const sent = (path: string): Received[] => received.filter((request) => request.url === path);

async function failure(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('Expected a failure');
}

describe('a composite call', () => {
  it('is one request, with its headers outside and inside', async () => {
    const rows = upsertRows('rows', 'Contact', 'K__c', [{ K__c: 'é', LastName: '佐藤' }]);
    const answers = await connect().composite([CONTACTS, rows], 'write');
    expect([...answers.keys()]).toEqual(['contacts', 'rows']);

    expect(sent(COMPOSITE)).toHaveLength(1);
    const [{ method, headers, body }] = sent(COMPOSITE) as [Received];
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      authorization: 'Bearer 00D000000000001!token1',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'sforce-auto-assign': 'FALSE',
      'sforce-duplicate-rule-header': 'allowSave=false',
    });
    expect(JSON.parse(body)).toEqual({
      allOrNone: false,
      collateSubrequests: false,
      compositeRequest: [
        { method: 'GET', referenceId: 'contacts', url: '/services/data/v67.0/query?q=SELECT%20Id%20FROM%20Contact' },
        {
          method: 'PATCH',
          referenceId: 'rows',
          url: '/services/data/v67.0/composite/sobjects/Contact/K__c',
          httpHeaders: { 'Sforce-Auto-Assign': 'FALSE', 'Sforce-Duplicate-Rule-Header': 'allowSave=false' },
          body: { allOrNone: false, records: [{ attributes: { type: 'Contact' }, K__c: 'é', LastName: '佐藤' }] },
        },
      ],
    });
  });

  it('reports what it was for, how it went and what the gauge says', async () => {
    const org = connect();
    expect(org.usage).toBeNull();
    await org.composite([CONTACTS], 'read');
    const limitInfo = { used: 22, max: 15000 };
    expect(calls).toEqual([{ purpose: 'read', durationMs: 0, status: 200, limitInfo }]);
    expect(org.usage).toEqual(limitInfo);

    replies = [page(503)];
    await failure(org.composite([CONTACTS], 'change'));
    expect(calls[1]).toEqual({ purpose: 'change', durationMs: 0, status: 503, limitInfo: null });
    expect(org.usage).toEqual(limitInfo);
  });

  it('sends nothing when it breaks the limits', async () => {
    await expect(connect().composite([], 'read')).rejects.toThrow(RangeError);
    expect(received).toEqual([]);
  });

  it.each<[string, Reply, string]>([
    ['JSON', json(503, [{ message: 'Server Unavailable', errorCode: 'SERVER_UNAVAILABLE' }]), 'SERVER_UNAVAILABLE'],
    ['a web page', page(503), 'NOT_JSON'],
    ['a web page without charset', page(503, 'text/html'), 'NOT_JSON'],
    ['a web page that claims to be JSON', page(503, 'application/json'), 'NOT_JSON'],
    ['a web page with status 200', page(200), 'NOT_JSON'],
    ['XML', page(503, 'application/xml'), 'NOT_JSON'],
  ])('is sent once when the answer is %s', async (_, reply, errorCode) => {
    replies = [reply];
    const error = await failure(connect().composite([CONTACTS], 'read'));
    expect(error).toBeInstanceOf(OrgUnavailableError);
    expect(error).toMatchObject({ errorCode, class: 'retrySoon' });
    expect(sent(COMPOSITE)).toHaveLength(1);
  });

  it.each([420, 429, 500, 502, 504])('is sent once when the answer is %s', async (status) => {
    replies = [page(status)];
    await expect(connect().composite([CONTACTS], 'read')).rejects.toThrow(OrgUnavailableError);
    expect(sent(COMPOSITE)).toHaveLength(1);
  });

  it('takes its token to no other host', async () => {
    replies = [(response) => response.writeHead(302, { location: `${url}/elsewhere` }).end()];
    await expect(connect().composite([CONTACTS], 'read')).rejects.toThrow(OrgUnavailableError);
    expect(sent('/elsewhere')).toEqual([]);
  });

  it('tells a refused call from an org that is down', async () => {
    replies = [json(400, [{ message: "Unexpected character ('Sato')", errorCode: 'JSON_PARSER_ERROR' }])];
    const error = await failure(connect().composite([CONTACTS], 'read'));
    expect(error).toBeInstanceOf(CallRefusedError);
    expect(error.message).not.toContain('Sato');
  });
});

describe('a lost answer', () => {
  it('is an org that could not be asked when the connection drops after the request', async () => {
    replies = [(response) => response.destroy()];
    const error = await failure(connect().composite([CONTACTS], 'write'));
    expect(error).toBeInstanceOf(OrgUnavailableError);
    expect(error).toMatchObject({ errorCode: 'CONNECTION_LOST', class: 'retrySoon', status: null });
    expect(sent(COMPOSITE)).toHaveLength(1);
    expect(calls).toEqual([{ purpose: 'write', durationMs: 0, status: null, limitInfo: null }]);
  });

  it('is one too when nobody listens', async () => {
    const org = connect();
    await org.composite([CONTACTS], 'read');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(org.composite([CONTACTS], 'read'))).toMatchObject({ errorCode: 'CONNECTION_LOST' });
    server.listen(0);
  });

  it('is waited for no longer than told when no answer begins', async () => {
    replies = [() => undefined];
    const error = await failure(connect().composite([CONTACTS], 'write', { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(OrgUnavailableError);
    expect(error).toMatchObject({ errorCode: 'TIMEOUT', class: 'tooMuch' });
    expect(sent(COMPOSITE)).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['stops', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"compo')],
    [
      'is cut off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"compo', () => response.destroy());
      },
    ],
    [
      'is cut off between chunks',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"compo', () => response.destroy());
      },
    ],
  ])('is waited for no longer than told when the answer %s in the middle', async (_, reply) => {
    replies = [reply];
    const error = await failure(connect().composite([CONTACTS], 'write', { timeoutMs: 200 }));
    expect(error).toBeInstanceOf(OrgUnavailableError);
    expect(error).toMatchObject({ errorCode: 'CONNECTION_LOST', class: 'retrySoon' });
    expect(sent(COMPOSITE)).toHaveLength(1);
  });
});

describe('signing in', () => {
  it('posts the client credentials as a form, once for all calls', async () => {
    const org = connect();
    await Promise.all([org.composite([CONTACTS], 'read'), org.composite([CONTACTS], 'read'), org.identity()]);
    expect(sent(TOKEN)).toHaveLength(1);
    const [{ method, headers, body }] = sent(TOKEN) as [Received];
    expect(method).toBe('POST');
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers['content-length']).toBe(String(body.length));
    expect(headers.authorization).toBeUndefined();
    expect(body).toBe('grant_type=client_credentials&client_id=consumer-key&client_secret=consumer%26secret');
  });

  it('says what is wrong and what to do when the secret is', async () => {
    tokenReply = json(400, { error: 'invalid_client', error_description: 'invalid client credentials' });
    const error = await failure(connect().composite([CONTACTS], 'read'));
    expect(error).toBeInstanceOf(SignInRefusedError);
    expect(error).toMatchObject({ oauthError: 'invalid_client', class: 'signIn' });
    expect(error.remedy).toMatch(/Copy the consumer secret/);
    expect(sent(TOKEN)).toHaveLength(1);
    expect(sent(COMPOSITE)).toEqual([]);
  });

  it.each<[string, Reply, string]>([
    ['is down', page(503), 'NOT_JSON'],
    ['drops the connection', (response) => response.destroy(), 'CONNECTION_LOST'],
  ])('is tried once when the token endpoint %s', async (_, reply, errorCode) => {
    tokenReply = reply;
    const error = await failure(connect().composite([CONTACTS], 'read'));
    expect(error).toBeInstanceOf(OrgUnavailableError);
    expect(error).toMatchObject({ errorCode });
    expect(sent(TOKEN)).toHaveLength(1);
  });

  it('works again after it failed', async () => {
    const good = tokenReply;
    tokenReply = page(503);
    const org = connect();
    await failure(org.composite([CONTACTS], 'read'));
    tokenReply = good;
    await expect(org.composite([CONTACTS], 'read')).resolves.toBeDefined();
  });

  it('trusts no instance that is not of Salesforce', async () => {
    tokenReply = json(200, {
      access_token: 'token',
      instance_url: 'https://evil.example.com',
      id: `${url}/id/00D000000000001AAA/005000000000001AAA`,
    });
    expect(await failure(connect().composite([CONTACTS], 'read'))).toMatchObject({ code: 'REFUSED_HOST' });
  });
});

describe('a session that has ended', () => {
  it('is renewed once and the call repeated once', async () => {
    replies = [EXPIRED, fine];
    await connect({ tokenCache: cacheOf(storedToken('old')) }).composite([CONTACTS], 'write');
    expect(sent(COMPOSITE).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old',
      'Bearer 00D000000000001!token1',
    ]);
    expect(sent(TOKEN)).toHaveLength(1);
    expect(calls.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('is renewed once for all calls that wait', async () => {
    replies = [
      (response, request) => (request.headers.authorization === 'Bearer old' ? EXPIRED : fine)(response, request),
    ];
    const org = connect({ tokenCache: cacheOf(storedToken('old')) });
    await Promise.all(Array.from({ length: 5 }, () => org.composite([CONTACTS], 'read')));
    expect(sent(TOKEN)).toHaveLength(1);
  });

  it('does not loop when the new one is refused as well', async () => {
    replies = [EXPIRED];
    const org = connect({ tokenCache: cacheOf(storedToken('old')) });
    const error = await failure(org.composite([CONTACTS], 'read'));
    expect(error).toBeInstanceOf(SignInRefusedError);
    expect(error).toMatchObject({ oauthError: 'session_refused' });
    expect(sent(TOKEN)).toHaveLength(1);
    expect(sent(COMPOSITE)).toHaveLength(2);
  });

  it('is not renewed when the org refuses it for the API in general', async () => {
    const message = 'This session is not valid for use with the REST API';
    replies = [json(401, [{ message, errorCode: 'INVALID_SESSION_ID' }])];
    const error = await failure(connect().composite([CONTACTS], 'read'));
    expect(error).toBeInstanceOf(OrgUnavailableError);
    expect(error).toMatchObject({ errorCode: 'INVALID_SESSION_ID', class: 'orgWide', status: 401 });
    expect(sent(TOKEN)).toHaveLength(1);
    expect(sent(COMPOSITE)).toHaveLength(1);
  });

  it('is replaced by what another process has stored meanwhile', async () => {
    const cache = cacheOf(storedToken('old'));
    replies = [
      (response, request) => {
        cache.token = storedToken('of another process');
        EXPIRED(response, request);
      },
      fine,
    ];
    await connect({ tokenCache: cache }).composite([CONTACTS], 'read');
    expect(sent(COMPOSITE)[1]?.headers.authorization).toBe('Bearer of another process');
    expect(sent(TOKEN)).toEqual([]);
  });

  it('is stored before it is used, and a rotated refresh token is the next to be shown', async () => {
    const steps: string[] = [];
    const cache = cacheOf(null, steps);
    replies = [
      (response, request) => {
        steps.push('used');
        EXPIRED(response, request);
      },
    ];
    let rotation = 0;
    tokenReply = (response, request) =>
      json(200, {
        access_token: `access${(rotation += 1)}`,
        refresh_token: `refresh${rotation}`,
        instance_url: url,
        id: `${url}/id/00D000000000001AAA/005000000000001AAA`,
      })(response, request);
    const org = connect({
      tokenCache: cache,
      grant: (previous) => ({
        kind: 'refreshToken',
        clientId: 'consumer-key',
        clientSecret: null,
        refreshToken: previous?.refreshToken ?? 'refresh0',
      }),
    });
    await failure(org.composite([CONTACTS], 'read'));
    await failure(org.composite([CONTACTS], 'read'));
    expect(steps.slice(0, 2)).toEqual(['saved access1', 'used']);
    expect(sent(TOKEN).map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual([
      'refresh0',
      'refresh1',
    ]);
  });

  it('leaves no token in errors and log lines', async () => {
    replies = [EXPIRED];
    const error = await failure(
      connect({ tokenCache: cacheOf(storedToken('old-token')) }).composite([CONTACTS], 'read'),
    );
    const told = lines.join('\n') + error.message + String(error.stack) + JSON.stringify(error);
    expect(lines.length).toBeGreaterThan(0);
    expect(told).not.toMatch(/old-token|!token|consumer&secret/);
  });
});

describe('describe', () => {
  it('reads several objects in one call, with the stamp of the org', async () => {
    const schema = await connect().describe(['Event', 'Contact', 'Missing__c', 'Event']);
    expect(Object.keys(schema.objects)).toEqual(['Event', 'Contact']);
    expect(schema).toMatchObject({ stamp: 'e8178a2d', readAt: '2026-11-20T10:00:00.000Z' });
    expect(calls.map(({ purpose }) => purpose)).toEqual(['describe']);
  });

  it('takes another call for the twenty-sixth object', async () => {
    const names = Array.from({ length: 26 }, (_, index) => `Object${index}__c`);
    expect(Object.keys((await connect().describe(names)).objects)).toEqual(names);
    expect(calls).toHaveLength(2);
  });

  it('finds no object where none is visible', async () => {
    expect(await connect().describe(['Missing__c'])).toMatchObject({ objects: {}, stamp: null });
    expect(Object.keys((await connect().describe([])).objects)).toEqual([]);
  });

  it('does not take "could not look" for "not there"', async () => {
    const body = [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'ErrorId 1' }];
    replies = [
      json(200, { compositeResponse: [{ referenceId: 'object0', httpStatusCode: 500, httpHeaders: {}, body }] }),
    ];
    await expect(connect().describe(['Event'])).rejects.toThrow(QueryFailedError);
  });
});

describe('identity', () => {
  it('says who works where', async () => {
    const found = (referenceId: string, record: object) => ({
      referenceId,
      httpStatusCode: 200,
      httpHeaders: {},
      body: { done: true, records: [record] },
    });
    replies = [
      json(200, {
        compositeResponse: [
          found('user', { Username: 'api@acme.example' }),
          found('organization', { Name: 'Acme', IsSandbox: true }),
        ],
      }),
    ];
    expect(await connect().identity()).toEqual({
      orgId: '00D000000000001AAA',
      userId: '005000000000001AAA',
      username: 'api@acme.example',
      instanceUrl: url,
      organization: { name: 'Acme', isSandbox: true },
    });
  });
});

it('gives the records that were found', async () => {
  const answers = await connect().composite([CONTACTS], 'read');
  const contacts = answers.get('contacts');
  expect(contacts && readRecords(contacts)).toEqual([{ Id: '0031' }]);
});

function storedToken(accessToken: string): Token {
  return {
    accessToken,
    instanceUrl: url,
    orgId: '00D000000000001AAA',
    userId: '005000000000001AAA',
    refreshToken: null,
    scopes: [],
    issuedAt: '2026-11-20T09:00:00.000Z',
  };
}

function cacheOf(token: Token | null, steps: string[] = []) {
  return {
    token,
    load() {
      return Promise.resolve(this.token);
    },
    save(saved: Token) {
      steps.push(`saved ${saved.accessToken}`);
      this.token = saved;
      return Promise.resolve();
    },
  };
}
