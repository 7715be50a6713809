import { createHash, createHmac } from 'node:crypto';
import type { EmulatedOrg } from '../server/emulated-org';
import { identityUrl } from './identity-url';
import { verifyAssertion } from './jwt-assertion';
import { OAuthError } from './oauth-error';
import type { Session } from './session-store';

/** What an app gets when nothing was asked for. */
export const DEFAULT_SCOPE = 'api refresh_token openid profile email id';

/** The app of the Salesforce CLI, which every org knows: a public one, without a secret. */
export const SALESFORCE_CLI = { clientId: 'PlatformCLI', redirectUri: /^http:\/\/localhost:\d+\/OauthRedirect$/ };

/** The parameters of a form post; absent ones are undefined. */
export type Form = Record<string, string | undefined>;

/**
 * `POST /services/oauth2/token`.
 *
 * @throws OAuthError with the platform's code and words.
 * @see Salesforce Help, OAuth 2.0 flows
 */
export function tokenEndpoint(emulated: EmulatedOrg, form: Form): Record<string, string> {
  switch (form.grant_type) {
    case 'client_credentials':
      return clientCredentials(emulated, form);
    case 'authorization_code':
      return authorizationCode(emulated, form);
    case 'refresh_token':
      return refresh(emulated, form);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return jwtBearer(emulated, form);
    case 'password':
      // New orgs block this flow; the words are those of a wrong password.
      throw new OAuthError('invalid_grant', 'authentication failure - Invalid Password');
    default:
      throw new OAuthError('unsupported_grant_type', 'grant type not supported');
  }
}

function clientCredentials(emulated: EmulatedOrg, form: Form): Record<string, string> {
  checkClient(emulated, form, true);
  const { org } = emulated;
  const userId = org.settings.clientCredentialsUserId ?? org.ids.administratorId;
  const user = org.store.table(org.object('User')).get(userId);
  if (!user) throw new OAuthError('invalid_grant', 'no client credentials user enabled');
  checkActive(emulated, userId);
  return tokenAnswer(emulated, emulated.sessions.open(userId, emulated.client.clientId, 'api id'));
}

function authorizationCode(emulated: EmulatedOrg, form: Form): Record<string, string> {
  // An app that proves itself by PKCE may leave its secret at home.
  checkClient(emulated, form, form.code_verifier === undefined);
  const code = emulated.codes.take(form.code ?? '');
  if (!code || code.clientId !== form.client_id) throw new OAuthError('invalid_grant', 'expired authorization code');
  if (code.redirectUri !== form.redirect_uri) {
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (code.challenge !== null) {
    const verifier = form.code_verifier ?? '';
    if (createHash('sha256').update(verifier).digest('base64url') !== code.challenge) {
      throw new OAuthError('invalid_grant', 'invalid code verifier');
    }
  }
  checkActive(emulated, code.userId);
  const session = emulated.sessions.open(code.userId, code.clientId, code.scope);
  const grant = code.scope.split(' ').some((scope) => scope === 'refresh_token' || scope === 'offline_access')
    ? emulated.sessions.grant(code.userId, code.clientId, code.scope)
    : undefined;
  return tokenAnswer(emulated, session, grant?.refreshToken, code.nonce);
}

function refresh(emulated: EmulatedOrg, form: Form): Record<string, string> {
  checkClient(emulated, form, form.client_secret !== undefined);
  const { sessions, org } = emulated;
  const grant = sessions.findGrant(form.refresh_token ?? '');
  if (!grant || grant.clientId !== form.client_id)
    throw new OAuthError('invalid_grant', 'expired access/refresh token');
  checkActive(emulated, grant.userId);
  sessions.useGrant(grant);
  const session = sessions.open(grant.userId, grant.clientId, grant.scope);
  if (!org.settings.rotateRefreshTokens) return tokenAnswer(emulated, session);
  sessions.endGrant(grant.refreshToken);
  const rotated = sessions.grant(grant.userId, grant.clientId, grant.scope);
  return tokenAnswer(emulated, session, rotated.refreshToken);
}

function jwtBearer(emulated: EmulatedOrg, form: Form): Record<string, string> {
  const { org, client, sessions } = emulated;
  const claims = verifyAssertion(form.assertion ?? '', org.settings.jwtCertificate, org.clock.now());
  if (claims.iss !== client.clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  const audiences = [emulated.baseUrl, 'https://login.salesforce.com', 'https://test.salesforce.com'];
  // The Salesforce CLI ends the instance's address with a slash.
  if (!audiences.includes(claims.aud.replace(/\/$/, '')))
    throw new OAuthError('invalid_grant', 'audience validation failed');
  const users = org.object('User');
  const username = users.field('Username');
  const [user] = (username && org.store.table(users).lookup(username, claims.sub)) ?? [];
  if (!user) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  checkActive(emulated, user.Id);
  if (!org.settings.preauthorizedUserIds.includes(user.Id) && !sessions.hasGrant(user.Id, client.clientId)) {
    throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  }
  return tokenAnswer(emulated, sessions.open(user.Id, client.clientId, 'api id'));
}

/** Refuses an unknown app, or one that does not know its secret. */
export function checkClient(emulated: EmulatedOrg, form: Form, needsSecret: boolean): void {
  if (form.client_id === SALESFORCE_CLI.clientId) {
    // It has no secret to know: whatever needs one is not for it. A refresh brings an empty one.
    if (needsSecret && form.grant_type !== 'refresh_token') {
      throw new OAuthError('invalid_client', 'invalid client credentials');
    }
    return;
  }
  if (form.client_id !== emulated.client.clientId) {
    throw new OAuthError('invalid_client_id', 'client identifier invalid');
  }
  if (needsSecret && form.client_secret !== emulated.client.clientSecret) {
    throw new OAuthError('invalid_client', 'invalid client credentials');
  }
}

function checkActive({ org }: EmulatedOrg, userId: string): void {
  if (org.store.table(org.object('User')).get(userId)?.IsActive !== true) {
    throw new OAuthError('inactive_user', 'user is inactive');
  }
}

function tokenAnswer(
  emulated: EmulatedOrg,
  session: Session,
  refreshToken?: string,
  nonce?: string | null,
): Record<string, string> {
  const { org, baseUrl, client } = emulated;
  const id = identityUrl(org, baseUrl, session.userId);
  const issuedAt = String(session.issuedAt.getTime());
  const wantsIdToken = session.scope.split(' ').includes('openid');
  return {
    access_token: session.accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    signature: createHmac('sha256', client.clientSecret)
      .update(id + issuedAt)
      .digest('base64'),
    scope: session.scope,
    ...(wantsIdToken ? { id_token: emulated.idTokens.sign(session, nonce ?? null) } : {}),
    instance_url: baseUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}
