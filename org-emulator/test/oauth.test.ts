import { createHash, createPublicKey, verify } from 'node:crypto';
import { token } from './error-cases';
import { TestOrg, type Answer } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start({ redirectUris: ['http://localhost/back'] });
});
afterEach(() => org.close());

const redirect_uri = 'http://localhost/back';
const verifier = 'v'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');

function ask(parameters: Record<string, string> = {}): Record<string, string> {
  return {
    response_type: 'code',
    client_id: org.emulator.clientId,
    redirect_uri,
    scope: 'api refresh_token openid',
    state: 'st',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...parameters,
  };
}
function authorize(parameters: Record<string, string> = {}): Promise<Answer> {
  return org.request('GET', `/services/oauth2/authorize?${new URLSearchParams(ask(parameters)).toString()}`);
}
function decide(decision: string, userId: string): Promise<Answer> {
  const form = new URLSearchParams({ ...ask({ nonce: 'n1' }), emulator_user: userId, emulator_decision: decision });
  return org.request('POST', '/services/oauth2/authorize', form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
}
const back = (answer: Answer): URLSearchParams => new URL(answer.headers.get('location') ?? '').searchParams;
function exchange(code: string, parameters: Record<string, string> = {}): Promise<Answer> {
  return token(org, {
    grant_type: 'authorization_code',
    client_id: org.emulator.clientId,
    redirect_uri,
    code,
    code_verifier: verifier,
    ...parameters,
  });
}
async function codeFor(userId: string): Promise<string> {
  return back(await decide('allow', userId)).get('code') ?? '';
}
const refresh = (refreshToken: string): Promise<Answer> =>
  token(org, { grant_type: 'refresh_token', client_id: org.emulator.clientId, refresh_token: refreshToken });

describe('the consent page', () => {
  it('lets a person choose a user and allow or deny', async () => {
    const page = await authorize();
    expect(page.status).toBe(200);
    expect(page.body).toContain('<option value="005');
    expect(page.body).toContain('hana.host@example.com');
    expect(page.body).not.toContain('gone.former@example.com');
    const denied = back(await decide('deny', org.emulator.adminUserId));
    expect([denied.get('error'), denied.get('error_description'), denied.get('state')]).toEqual([
      'access_denied',
      'end-user denied authorization',
      'st',
    ]);
  });

  it('writes nothing into the page that the address brought', async () => {
    expect((await authorize({ state: '"><script>alert(1)</script>' })).body).not.toContain('<script>');
  });

  it('approves by itself when told, for the hinted user', async () => {
    await org.control('POST', '/settings', { autoApprove: true });
    const { body } = await exchange(back(await authorize({ login_hint: 'hana.host@example.com' })).get('code') ?? '');
    expect(body.id).toBe(`${org.emulator.url}/id/${org.emulator.orgId}/${org.emulator.users.standard[0]}`);
  });

  it.each([
    [{ client_id: 'nobody' }, 'invalid_client_id'],
    [{ redirect_uri: 'http://localhost/elsewhere' }, 'redirect_uri_mismatch'],
  ])('ends on a page for %j', async (parameters, error) => {
    const answer = await authorize(parameters);
    expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
      status: 400,
      location: null,
    });
    expect(answer.body).toContain(`error=${error}`);
  });

  it('goes back to the app with other errors', async () => {
    expect(back(await authorize({ response_type: 'token' })).get('error')).toBe('unsupported_response_type');
    expect(back(await authorize({ code_challenge_method: 'plain' })).get('error')).toBe('invalid_request');
  });
});

describe('the authorization code flow', () => {
  it('gives tokens, an identity and a signed id token', async () => {
    const { status, body } = await exchange(await codeFor(org.emulator.users.standard[0]));
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      'access_token',
      'refresh_token',
      'signature',
      'scope',
      'id_token',
      'instance_url',
      'id',
      'token_type',
      'issued_at',
    ]);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      instance_url: org.emulator.url,
      scope: 'api refresh_token openid',
    });
    const authorization = { authorization: `Bearer ${String(body.access_token)}` };
    const info = await org.request('GET', '/services/oauth2/userinfo', undefined, authorization);
    expect(info.body).toMatchObject({
      user_id: org.emulator.users.standard[0],
      organization_id: org.emulator.orgId,
      preferred_username: 'hana.host@example.com',
      user_type: 'STANDARD',
      active: true,
      urls: { rest: `${org.emulator.url}/services/data/v{version}/` },
    });
    const identity = await org.request('GET', String(body.id).slice(org.emulator.url.length), undefined, authorization);
    expect(identity.body).toMatchObject({ username: 'hana.host@example.com', asserted_user: true });

    const [header = '', payload = '', signature = ''] = String(body.id_token).split('.');
    const { keys } = (await org.request('GET', '/id/keys')).body as { keys: Record<string, string>[] };
    const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
    expect(verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(
      true,
    );
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      iss: org.emulator.url,
      aud: org.emulator.clientId,
      nonce: 'n1',
      organization_id: org.emulator.orgId,
    });
  });

  it('of the identity alone tell who it is, and open nothing else', async () => {
    const [userId] = org.emulator.users.standard;
    org.emulator.org.settings.unverifiedEmailUserIds.push(userId);
    const asked = ask({ scope: 'openid profile email' });
    const form = new URLSearchParams({ ...asked, emulator_user: userId, emulator_decision: 'allow' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const decided = await org.request('POST', '/services/oauth2/authorize', form, headers);
    const { body } = await exchange(back(decided).get('code') ?? '');
    expect(body).not.toHaveProperty('refresh_token');
    const authorization = { authorization: `Bearer ${String(body.access_token)}` };
    expect(await org.request('GET', '/services/oauth2/userinfo', undefined, authorization)).toMatchObject({
      status: 200,
      body: { user_id: userId, email: 'hana.host@example.com', email_verified: false },
    });
    expect(await org.request('GET', '/services/data/v67.0/limits', undefined, authorization)).toMatchObject({
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID', message: 'This session is not valid for use with the REST API' }],
    });
  });

  it('uses a code once, within 15 minutes, with its verifier, address and secret', async () => {
    const user = org.emulator.adminUserId;
    const used = await codeFor(user);
    await exchange(used);
    expect((await exchange(used)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'expired authorization code',
    });
    expect((await exchange(await codeFor(user), { code_verifier: 'other' })).body.error_description).toBe(
      'invalid code verifier',
    );
    expect((await exchange(await codeFor(user), { redirect_uri: 'http://x' })).body.error).toBe(
      'redirect_uri_mismatch',
    );
    const old = await codeFor(user);
    await org.control('POST', '/clock', { now: new Date(Date.now() + 16 * 60_000).toISOString() });
    expect((await exchange(old)).body.error_description).toBe('expired authorization code');
  });
});

describe('a refresh', () => {
  it('keeps its token unless rotation is on, which ends the old one at once', async () => {
    const { refreshToken } = org.emulator;
    const plain = await refresh(refreshToken);
    expect(plain.status).toBe(200);
    expect(plain.body).not.toHaveProperty('refresh_token');
    await org.control('POST', '/settings', { rotateRefreshTokens: true });
    const rotated = await refresh(refreshToken);
    expect(rotated.body.refresh_token).toMatch(/^5Aep861/);
    expect((await refresh(refreshToken)).body.error_description).toBe('expired access/refresh token');
    expect((await refresh(String(rotated.body.refresh_token))).status).toBe(200);
  });

  it('is refused for a user who was deactivated', async () => {
    const { body } = await exchange(await codeFor(org.emulator.users.standard[0]));
    await org.api('PATCH', `/sobjects/User/${org.emulator.users.standard[0]}`, { IsActive: false });
    expect((await refresh(String(body.refresh_token))).body.error).toBe('inactive_user');
  });
});

describe('a fault of the sign-in', () => {
  it('strikes when its path says so, in the words of these addresses', async () => {
    const error = {
      status: 400,
      errorCode: 'invalid_app_access',
      message: 'user is not admin approved to access this app',
    };
    await org.control('POST', '/faults', { match: { path: 'oauth2/token', times: 1 }, effect: { error } });
    expect(await refresh(org.emulator.refreshToken)).toMatchObject({
      status: 400,
      body: { error: 'invalid_app_access', error_description: 'user is not admin approved to access this app' },
    });
    expect((await refresh(org.emulator.refreshToken)).status).toBe(200);
  });

  it('leaves the sign-in alone when it is about data', async () => {
    await org.control('POST', '/faults', { effect: { html: 503 } });
    expect((await refresh(org.emulator.refreshToken)).status).toBe(200);
    expect((await org.api('GET', '/limits')).status).toBe(503);
  });
});

it('tells OpenID clients where everything is', async () => {
  const { body } = await org.request('GET', '/.well-known/openid-configuration');
  expect(body).toMatchObject({ issuer: org.emulator.url, jwks_uri: `${org.emulator.url}/id/keys` });
  expect((await fetch(String(body.jwks_uri))).status).toBe(200);
  expect((await org.request('GET', new URL(String(body.userinfo_endpoint)).pathname)).body.user_id).toBe(
    org.emulator.adminUserId,
  );
});

it('lets access tokens expire', async () => {
  await org.control('POST', '/clock', { now: new Date(Date.now() + 121 * 60_000).toISOString() });
  expect((await org.api('GET', '/limits')).body[0].message).toBe('Session expired or invalid');
});

it('tells whether a token is good, and revokes it', async () => {
  const { clientId, clientSecret, accessToken, refreshToken } = org.emulator;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const introspect = (value: string): Promise<Answer> =>
    org.request(
      'POST',
      '/services/oauth2/introspect',
      new URLSearchParams({ token: value, client_id: clientId, client_secret: clientSecret }).toString(),
      form,
    );
  const revoke = (value: string): Promise<Answer> =>
    org.request('POST', '/services/oauth2/revoke', `token=${value}`, form);
  expect((await introspect(accessToken)).body).toMatchObject({
    active: true,
    username: 'ada.admin@example.com',
    token_type: 'access_token',
  });
  expect((await introspect(refreshToken)).body).toMatchObject({ active: true, token_type: 'refresh_token' });
  expect((await revoke(refreshToken)).status).toBe(200);
  expect((await introspect(accessToken)).body).toEqual({ active: false });
  expect((await revoke(refreshToken)).body.error).toBe('unsupported_token_type');
  expect((await org.api('GET', '/limits')).status).toBe(401);
});

it('runs client credentials as the user that the org says', async () => {
  const { clientId, clientSecret, users } = org.emulator;
  const ask = (): Promise<Answer> =>
    token(org, { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  expect((await ask()).body.id).toContain(org.emulator.adminUserId);
  await org.control('POST', '/settings', { clientCredentialsUserId: users.integration });
  expect((await ask()).body.id).toContain(users.integration);
  await org.control('POST', '/settings', { clientCredentialsUserId: '005Em0000000999IAA' });
  expect((await ask()).body).toEqual({
    error: 'invalid_grant',
    error_description: 'no client credentials user enabled',
  });
  expect(
    (await token(org, { grant_type: 'client_credentials', client_id: clientId, client_secret: 'x' })).body.error,
  ).toBe('invalid_client');
  expect((await token(org, { grant_type: 'magic' })).body).toEqual({
    error: 'unsupported_grant_type',
    error_description: 'grant type not supported',
  });
});

it('names users by a real host when told, and can be asked at its own all the same', async () => {
  await org.control('POST', '/settings', { identityHost: 'https://login.salesforce.com' });
  const expected = `https://login.salesforce.com/id/${org.emulator.orgId}/${org.emulator.adminUserId}`;
  const { identity } = (await org.request('GET', '/services/data/v67.0')).body as { identity: string };
  expect((await org.request('GET', new URL(identity).pathname)).body.id).toBe(expected);
  expect((await org.request('GET', '/services/oauth2/userinfo')).body.sub).toBe(expected);
  const { body } = await exchange(await codeFor(org.emulator.adminUserId));
  expect(body.id).toBe(expected);
});
