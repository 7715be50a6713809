import { Router, urlencoded, type Request, type Response } from 'express';
import type { EmulatedOrg } from '../server/emulated-org';
import { errorBody, apiError } from '../rest/api-error';
import { authorize, type AuthorizeAnswer } from './authorize';
import { identityUrl } from './identity-url';
import { identity, userinfo } from './identity';
import { OAuthError } from './oauth-error';
import { oauthFaults } from './oauth-faults';
import type { Session } from './session-store';
import { checkClient, tokenEndpoint, type Form } from './token-endpoint';

/** The OAuth 2.0 and OpenID Connect addresses of the org. */
export function oauthRouter(emulated: EmulatedOrg): Router {
  const router = Router();
  const form = urlencoded({ extended: false });

  router.use(oauthFaults(emulated));
  router.post('/services/oauth2/token', form, (req, res) => {
    answer(res, () => tokenEndpoint(emulated, formOf(req)));
  });
  router.post('/services/oauth2/revoke', form, (req, res) => {
    answer(res, () => {
      if (!emulated.sessions.revoke(formOf(req).token ?? '')) {
        throw new OAuthError('unsupported_token_type', 'this token type is not supported');
      }
      return undefined;
    });
  });
  router.post('/services/oauth2/introspect', form, (req, res) => {
    answer(res, () => introspect(emulated, formOf(req)));
  });
  router.get('/services/oauth2/authorize', (req, res) => {
    show(res, authorize(emulated, queryOf(req)));
  });
  router.post('/services/oauth2/authorize', form, (req, res) => {
    const { emulator_user: userId = '', emulator_decision: decision, ...asked } = formOf(req);
    show(res, authorize(emulated, asked, { isApproved: decision === 'allow', userId }));
  });
  router.all('/services/oauth2/userinfo', (req, res) => {
    const session = sessionOf(emulated, req);
    if (session) res.json(userinfo(emulated, session.userId));
    else res.status(403).type('text/plain').send('Bad_OAuth_Token');
  });
  router.get('/services/oauth2/singleaccess', (req, res) => {
    const session = sessionOf(emulated, req);
    const start = new URL(typeof req.query.redirect_uri === 'string' ? req.query.redirect_uri : '/', emulated.baseUrl);
    // The address signs a browser in: it is good for whoever has it, as in a real org.
    if (session) res.json({ frontdoor_uri: frontdoorUrl(emulated.baseUrl, session, start) });
    else res.status(401).json({ error: 'invalid_token', error_description: 'session expired or invalid' });
  });
  router.get('/secur/frontdoor.jsp', (req, res) => {
    const { sid, retURL } = req.query;
    const session = typeof sid === 'string' ? emulated.sessions.session(sid) : undefined;
    // A path of this org only: anything else would make the address a way to send people elsewhere.
    const path = typeof retURL === 'string' && /^\/(?!\/)/.test(retURL) ? retURL : '/';
    if (session) res.redirect(302, `${path}${path.includes('?') ? '&' : '?'}user=${session.userId}`);
    else res.status(401).type('html').send('<html><body><h1>Your session has ended</h1></body></html>');
  });
  router.get('/id/:organizationId/:userId', (req, res) => {
    const session = sessionOf(emulated, req);
    if (session) res.json(identity(emulated, session.userId));
    else res.status(403).type('text/plain').send('Bad_OAuth_Token');
  });
  router.get('/id/keys', (_req, res) => {
    res.json(emulated.idTokens.keySet());
  });
  router.get('/.well-known/openid-configuration', (_req, res) => {
    res.json(openidConfiguration(emulated.baseUrl));
  });
  router.all('/services/oauth2/*rest', (_req, res) => {
    res.status(404).json(errorBody(apiError(404, 'NOT_FOUND', 'The requested resource does not exist')));
  });
  return router;
}

function frontdoorUrl(baseUrl: string, { accessToken }: Session, start: URL): string {
  const query = new URLSearchParams({ sid: accessToken, retURL: start.pathname });
  return `${baseUrl}/secur/frontdoor.jsp?${query.toString()}`;
}

/** What an OpenID Connect client needs to know to sign users in. */
function openidConfiguration(issuer: string): Record<string, unknown> {
  const oauth = `${issuer}/services/oauth2`;
  return {
    issuer,
    authorization_endpoint: `${oauth}/authorize`,
    token_endpoint: `${oauth}/token`,
    revocation_endpoint: `${oauth}/revoke`,
    userinfo_endpoint: `${oauth}/userinfo`,
    introspection_endpoint: `${oauth}/introspect`,
    jwks_uri: `${issuer}/id/keys`,
    scopes_supported: ['api', 'email', 'full', 'id', 'openid', 'profile', 'refresh_token', 'web'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  };
}

function introspect(emulated: EmulatedOrg, form: Form): Record<string, unknown> {
  checkClient(emulated, form, true);
  const { sessions, client } = emulated;
  const session = sessions.session(form.token ?? '');
  if (session) {
    return {
      active: true,
      scope: session.scope,
      client_id: client.clientId,
      username: emulated.org.store.table(emulated.org.object('User')).get(session.userId)?.Username ?? null,
      sub: identityUrl(emulated.org, emulated.baseUrl, session.userId),
      token_type: 'access_token',
      exp: Math.floor(session.expiresAt.getTime() / 1000),
      iat: Math.floor(session.issuedAt.getTime() / 1000),
      nbf: Math.floor(session.issuedAt.getTime() / 1000),
    };
  }
  const grant = sessions.findGrant(form.token ?? '');
  if (!grant) return { active: false };
  return { active: true, scope: grant.scope, client_id: client.clientId, token_type: 'refresh_token' };
}

function answer(res: Response, make: () => Record<string, unknown> | undefined): void {
  try {
    const body = make();
    if (body === undefined) res.status(200).end();
    else res.json(body);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    res.status(error.status).json({ error: error.code, error_description: error.description });
  }
}

function show(res: Response, answer: AuthorizeAnswer): void {
  if ('redirect' in answer) res.redirect(302, answer.redirect);
  else res.status(answer.status).type('html').send(answer.page);
}

function formOf(req: Request): Form {
  const form = { ...((req.body ?? {}) as Form) };
  // Clients may send their id and secret as Basic authorization instead.
  const basic = /^Basic\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [clientId = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    form.client_id ??= decodeURIComponent(clientId);
    form.client_secret ??= decodeURIComponent(secret.join(':'));
  }
  return form;
}

function queryOf(req: Request): Form {
  return Object.fromEntries(new URL(req.url, 'http://localhost').searchParams);
}

function sessionOf(emulated: EmulatedOrg, req: Request): Session | undefined {
  const bearer = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  return bearer === undefined ? undefined : emulated.sessions.session(bearer);
}
