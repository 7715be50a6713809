import { generateKeyPairSync } from 'node:crypto';
import { assertion, token } from './error-cases';
import { TestOrg, type Answer } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start({ redirectUris: ['http://localhost/back'] });
});
afterEach(() => org.close());

const client = (): Record<string, string> => ({
  client_id: org.emulator.clientId,
  client_secret: org.emulator.clientSecret,
});
const refresh = (): Promise<Answer> =>
  token(org, { grant_type: 'refresh_token', ...client(), refresh_token: org.emulator.refreshToken });
const authorize = (parameters: Record<string, string> = {}): Promise<Answer> => {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: org.emulator.clientId,
    redirect_uri: 'http://localhost/back',
    ...parameters,
  });
  return org.request('GET', `/services/oauth2/authorize?${query.toString()}`);
};

/** Refusals that depend on what only a real org has: its app, its policies, its hosts. A fault gives them, word for word. */
it.each([
  ['invalid_grant', 'ip restricted or invalid login hours'],
  ['invalid_grant', 'request not supported on this domain'],
  ['inactive_org', 'organization is inactive'],
  ['invalid_app_access', 'user is not admin approved to access this app'],
  ['invalid_client', 'app must be installed into org'],
  ['rate_limit_exceeded', 'number of logins exceeded'],
])('the token endpoint can be made to answer %s: %s', async (errorCode, message) => {
  const error = { status: 400, errorCode, message };
  await org.control('POST', '/faults', { match: { path: 'oauth2/token', times: 1 }, effect: { error } });
  expect(await refresh()).toMatchObject({
    status: 400,
    body: { error: errorCode, error_description: message },
  });
  expect((await refresh()).status).toBe(200);
});

it.each(['OAUTH_APP_BLOCKED', 'OAUTH_APP_ACCESS_DENIED', 'OAUTH_APPROVAL_ERROR_GENERIC'])(
  'the browser can be made to end on a page with %s',
  async (errorCode) => {
    const error = { status: 400, errorCode, message: 'this app is blocked by admin' };
    await org.control('POST', '/faults', { match: { path: 'oauth2/authorize', times: 1 }, effect: { error } });
    const answer = await authorize();
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.body).toContain(`error=${errorCode}`);
    expect((await authorize()).status).toBe(200);
  },
);

it.each<[string, string, Record<string, string>]>([
  ['unsupported_grant_type', 'grant type not supported', { grant_type: 'device' }],
  ['invalid_client_id', 'client identifier invalid', { grant_type: 'refresh_token', client_id: 'x' }],
  ['invalid_client', 'invalid client credentials', { grant_type: 'refresh_token', client_secret: 'x' }],
  ['invalid_grant', 'expired access/refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }],
  ['invalid_grant', 'expired authorization code', { grant_type: 'authorization_code', code: 'x' }],
  ['invalid_grant', 'authentication failure - Invalid Password', { grant_type: 'password' }],
])('%s: %s follows from the request itself', async (error, description, form) => {
  const answer = await token(org, { ...client(), ...form });
  expect(answer).toMatchObject({ status: 400, body: { error, error_description: description } });
});

it('tells an app that asks without a prompt that it must ask the user', async () => {
  const answer = await authorize({ prompt: 'none' });
  expect(answer.headers.get('location')).toContain('error=immediate_unsuccessful');
  await org.control('POST', '/settings', { autoApprove: true });
  expect((await authorize({ prompt: 'none' })).headers.get('location')).toContain('code=');
});

it('refuses a JWT for another audience, and one that nobody signed', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await org.control('POST', '/settings', { jwtCertificate: publicKey });
  const ask = (text: string): Promise<Answer> =>
    token(org, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: text });
  const claims = {
    iss: org.emulator.clientId,
    sub: org.emulator.username,
    aud: 'https://example.com',
    exp: Math.floor(Date.now() / 1000) + 120,
  };
  expect((await ask(assertion(privateKey, claims))).body).toEqual({
    error: 'invalid_grant',
    error_description: 'audience validation failed',
  });
  expect((await ask('x.y.z')).body).toEqual({ error: 'invalid_grant', error_description: 'invalid assertion' });
});

it('a refresh token that rested too long is dead, and each use lets it rest anew', async () => {
  await org.control('POST', '/settings', { refreshTokenIdleDays: 30 });
  const at = (day: number): Promise<Answer> =>
    org.control('POST', '/clock', { now: new Date(Date.now() + day * 86_400_000).toISOString() });
  for (const day of [20, 40, 60]) {
    await at(day);
    expect((await refresh()).status).toBe(200);
  }
  await at(91);
  expect(await refresh()).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
  });
});

it('an answer can be cut after a refresh token was rotated: the old one is dead, and nobody has the new one', async () => {
  await org.control('POST', '/settings', { rotateRefreshTokens: true });
  const effect = { drop: 'afterCommit' };
  await org.control('POST', '/faults', { match: { path: 'oauth2/token', times: 1 }, effect });
  await expect(refresh()).rejects.toThrow();
  expect(await refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});
