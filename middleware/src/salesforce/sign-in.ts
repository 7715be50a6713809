import { createHash, randomBytes } from 'node:crypto';
import { Connection } from '@jsforce/jsforce-node';
import { OWN_CODES } from './error-table';
import { OrgUnavailableError, SignInRefusedError } from './errors';
import { exchange, type HttpAnswer } from './http-exchange';
import { isJson, parseJson } from './json';
import { classifySignInError } from './oauth-error-table';
import { orgOrigin } from './org-url';

/** A granted session. Every field but the ids is a secret or leads to one: it is stored encrypted and never logged. */
export interface Token {
  accessToken: string;
  /** Where the API is; it can change from one sign-in to the next. */
  instanceUrl: string;
  /** 18-character ids of the org and of the user who signed in. */
  orgId: string;
  userId: string;
  /** With rotation each sign-in gives a new one and the old one dies; null for flows without any. */
  refreshToken: string | null;
  /** What the session may be used for, such as `api`; empty when the answer does not say. */
  scopes: string[];
  /** ISO 8601 in UTC. Salesforce says no end: a session ends when a request is answered 401. */
  issuedAt: string;
}

/** How to prove who signs in. */
export type Grant =
  | { kind: 'clientCredentials'; clientId: string; clientSecret: string }
  /** `clientSecret` is null for apps that ask for none. */
  | { kind: 'refreshToken'; clientId: string; clientSecret: string | null; refreshToken: string }
  | {
      kind: 'authorizationCode';
      clientId: string;
      clientSecret: string | null;
      code: string;
      codeVerifier: string;
      redirectUri: string;
    }
  /** `assertion` is the signed JWT. */
  | { kind: 'jwtBearer'; assertion: string };

/** The form of the token request. Pure. */
export function grantForm(grant: Grant): URLSearchParams {
  switch (grant.kind) {
    case 'clientCredentials':
      return form({
        grant_type: 'client_credentials',
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
      });
    case 'refreshToken':
      return form({
        grant_type: 'refresh_token',
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        refresh_token: grant.refreshToken,
      });
    case 'authorizationCode':
      return form({
        grant_type: 'authorization_code',
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        code: grant.code,
        code_verifier: grant.codeVerifier,
        redirect_uri: grant.redirectUri,
      });
    case 'jwtBearer':
      return form({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: grant.assertion,
      });
  }
}

/** Where and how to ask for a token. */
export interface SignInOptions {
  /** Takes http addresses of this machine too (the org emulator). */
  allowLoopback?: boolean;
  /** Default 30 seconds. */
  timeoutMs?: number;
  now: () => Date;
}

/**
 * Signs in: one request to the token endpoint, which the API allowance does not count.
 *
 * @param loginUrl My Domain of the org, which client credentials need; else login or test.salesforce.com.
 * @throws RefusedHostError for a host that is not Salesforce's, also where the answer names one; SignInRefusedError when
 *   Salesforce says no; OrgUnavailableError when it could not be asked, or asks to wait.
 * @see https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm
 */
export async function signIn(loginUrl: string, grant: Grant, options: SignInOptions): Promise<Token> {
  const allowLoopback = options.allowLoopback === true;
  const connection = new Connection({ instanceUrl: orgOrigin(loginUrl, { allowLoopback }) });
  const body = grantForm(grant).toString();
  const answer = await exchange(
    connection,
    {
      method: 'POST',
      url: '/services/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body,
    },
    options.timeoutMs ?? 30_000,
  );
  const token = readTokenAnswer(answer, options.now());
  return {
    ...token,
    instanceUrl: orgOrigin(token.instanceUrl, { allowLoopback }),
    refreshToken: token.refreshToken ?? (grant.kind === 'refreshToken' ? grant.refreshToken : null),
  };
}

/**
 * Reads the answer of the token endpoint. Pure.
 *
 * @throws SignInRefusedError or OrgUnavailableError, as {@link signIn}. Neither holds anything of the answer but its codes.
 */
export function readTokenAnswer({ status, body }: HttpAnswer, now: Date): Token {
  const answer = parseJson(body);
  if (!isJson(answer)) {
    throw new OrgUnavailableError({ code: OWN_CODES.notJson, message: 'The token endpoint gave no JSON', status });
  }
  const { access_token: accessToken, instance_url: instanceUrl, id, refresh_token: refreshToken, scope } = answer;
  const [, orgId, userId] = (typeof id === 'string' ? /\/id\/(00D\w+)\/(005\w+)$/.exec(id) : null) ?? [];
  if (status < 400 && typeof accessToken === 'string' && typeof instanceUrl === 'string' && orgId && userId) {
    return {
      accessToken,
      instanceUrl,
      orgId,
      userId,
      refreshToken: typeof refreshToken === 'string' ? refreshToken : null,
      scopes: typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : [],
      issuedAt: now.toISOString(),
    };
  }
  if (typeof answer.error !== 'string') {
    throw new OrgUnavailableError({
      code: `ERROR_HTTP_${status}`,
      message: 'Neither a token nor an OAuth error',
      status,
    });
  }
  const description = typeof answer.error_description === 'string' ? answer.error_description : '';
  const isTokenDead = answer.error === 'invalid_grant' && /expired access\/refresh token/i.test(description);
  throw new SignInRefusedError(answer.error, classifySignInError({ error: answer.error, description }), {
    isTokenDead,
  });
}

/**
 * What is asked for. `api`: the API, and a session that can be renewed without anybody there; whoever is at the browser is
 * often signed in as himself, and not as the API user, so he is asked to sign in. `identity`: who he is, and nothing else;
 * there a session that he has with Salesforce is right.
 */
const ASKED = {
  api: { scope: 'api refresh_token', prompt: 'login consent' },
  identity: { scope: 'openid profile email', prompt: null },
} as const;
/** What a sign-in in a browser asks for. */
export type AskedOf = keyof typeof ASKED;

/** A secret for PKCE: goes with the code; its hash, the challenge, went before it. */
export function newCodeVerifier(): string {
  return randomBytes(48).toString('base64url');
}

/**
 * The page of Salesforce on which somebody lets the connector in. Pure.
 *
 * @param loginUrl as `signIn`. @param state comes back with the answer.
 * @throws RefusedHostError for a host that is not Salesforce's.
 * @see https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm
 */
export function authorizeUrl(
  loginUrl: string,
  {
    clientId,
    callbackUrl,
    state,
    codeVerifier,
    loginHint,
    asks = 'api',
  }: {
    clientId: string;
    callbackUrl: string;
    state: string;
    codeVerifier: string;
    loginHint?: string | null;
    asks?: AskedOf;
  },
  { allowLoopback = false }: { allowLoopback?: boolean } = {},
): string {
  const url = new URL('/services/oauth2/authorize', orgOrigin(loginUrl, { allowLoopback }));
  url.search = form({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callbackUrl,
    scope: ASKED[asks].scope,
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: ASKED[asks].prompt,
    login_hint: loginHint ?? null,
  }).toString();
  return url.href;
}

/**
 * Ends a token at Salesforce; with a refresh token its sessions end too. One that Salesforce no longer knows is no fault.
 * @throws OrgUnavailableError when it could not be asked, or did not do it; RefusedHostError.
 */
export async function revokeToken(instanceUrl: string, token: string, options: SignInOptions): Promise<void> {
  const connection = new Connection({
    instanceUrl: orgOrigin(instanceUrl, { allowLoopback: options.allowLoopback === true }),
  });
  const { status } = await exchange(
    connection,
    {
      method: 'POST',
      url: '/services/oauth2/revoke',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ token }).toString(),
    },
    options.timeoutMs ?? 30_000,
  );
  // 400: it is not good any more, which is what was wanted.
  if (status < 300 || status === 400) return;
  throw new OrgUnavailableError({ code: `ERROR_HTTP_${status}`, message: 'The token was not revoked', status });
}

function form(values: Record<string, string | null>): URLSearchParams {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null);
  return new URLSearchParams(given);
}
