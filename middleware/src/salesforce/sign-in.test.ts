import { OrgUnavailableError, SignInRefusedError } from './errors';
import { RefusedHostError } from './org-url';
import { grantForm, readTokenAnswer, signIn } from './sign-in';

const NOW = new Date('2026-11-20T10:00:00Z');
const GRANTED = {
  access_token: '00D000000000001!secret',
  instance_url: 'https://acme.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA',
  token_type: 'Bearer',
  issued_at: '1796000000000',
};
const answer = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('grantForm', () => {
  it.each([
    [
      { kind: 'clientCredentials', clientId: 'id', clientSecret: 's&cret=1' } as const,
      'grant_type=client_credentials&client_id=id&client_secret=s%26cret%3D1',
    ],
    [
      { kind: 'refreshToken', clientId: 'id', clientSecret: null, refreshToken: 'r' } as const,
      'grant_type=refresh_token&client_id=id&refresh_token=r',
    ],
    [
      {
        kind: 'authorizationCode',
        clientId: 'id',
        clientSecret: null,
        code: 'c',
        codeVerifier: 'v',
        redirectUri: 'https://x/y',
      } as const,
      'grant_type=authorization_code&client_id=id&code=c&code_verifier=v&redirect_uri=https%3A%2F%2Fx%2Fy',
    ],
    [
      { kind: 'jwtBearer', assertion: 'a.b.c' } as const,
      'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c',
    ],
  ])('fills the form for $kind', (grant, form) => {
    expect(grantForm(grant).toString()).toBe(form);
  });
});

describe('readTokenAnswer', () => {
  it('reads a granted session', () => {
    expect(readTokenAnswer(answer(200, GRANTED), NOW)).toEqual({
      accessToken: '00D000000000001!secret',
      instanceUrl: 'https://acme.my.salesforce.com',
      orgId: '00D000000000001AAA',
      userId: '005000000000001AAA',
      refreshToken: null,
      scopes: [],
      issuedAt: '2026-11-20T10:00:00.000Z',
    });
    expect(readTokenAnswer(answer(200, { ...GRANTED, refresh_token: 'next' }), NOW).refreshToken).toBe('next');
  });

  it('throws what was refused, with cause and remedy', () => {
    const refused = answer(400, { error: 'invalid_grant', error_description: 'expired access/refresh token' });
    expect(() => readTokenAnswer(refused, NOW)).toThrow(SignInRefusedError);
    expect(() => readTokenAnswer(refused, NOW)).toThrow(
      expect.objectContaining({ oauthError: 'invalid_grant', remedy: 'Connect the org again.' }),
    );
  });

  it.each([
    ['a web page', 503, '<html>Down for maintenance</html>', 'NOT_JSON'],
    ['an empty answer', 200, '', 'NOT_JSON'],
    ['JSON that is neither', 500, { message: 'oops' }, 'ERROR_HTTP_500'],
    ['a session without an org', 200, { ...GRANTED, id: 'https://login.salesforce.com/' }, 'ERROR_HTTP_200'],
  ])('counts %s as an org that could not be asked', (_, status, body, errorCode) => {
    const read = (): unknown => readTokenAnswer(answer(status, body), NOW);
    expect(read).toThrow(OrgUnavailableError);
    expect(read).toThrow(expect.objectContaining({ errorCode }));
    expect(read).not.toThrow(/secret/);
  });
});

describe('signIn', () => {
  it('sends a secret to no host but Salesforce', async () => {
    const grant = { kind: 'clientCredentials', clientId: 'id', clientSecret: 'secret' } as const;
    await expect(signIn('https://acme.example.com', grant, { now: () => NOW })).rejects.toThrow(RefusedHostError);
    await expect(signIn('http://127.0.0.1:1', grant, { now: () => NOW })).rejects.toThrow(RefusedHostError);
  });
});
