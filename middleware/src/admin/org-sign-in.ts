import { accessNoticeKey } from '../connection/access';
import { replaceSession } from '../connection/connection.store';
import { openCredentials } from '../connection/credentials';
import { saveSignIn, takeSignIn, verifierContext } from '../connection/org-sign-in.store';
import { saveOtherOrg } from '../connection/other-org.store';
import { sessionContext } from '../connection/session-cache';
import { endNotice } from '../notice/notice.store';
import { SignInRefusedError } from '../salesforce/errors';
import { classifySignInError } from '../salesforce/oauth-error-table';
import { authorizeUrl, newCodeVerifier, signIn } from '../salesforce/sign-in';
import { newBearerSecret } from '../security/bearer-secret';
import { confirmOrg, OtherOrgError } from '../sync/org.store';
import { getConnection, orgOf, tryOrg, type ShownConnection, type Tried } from './connections';
import { AdminRefusedError } from './refused';
import { callbackUrlOf, type AdminDeps } from './deps';

/** A sign-in that was begun: what to open in the browser, and until when. */
export interface BegunOrgSignIn {
  url: string;
  expiresAt: Date;
}

/**
 * Begins to sign in to an org in a browser (authorization code with PKCE).
 *
 * @param session a secret of whoever begins it, to be shown again at the end: a sign-in that somebody else began in
 *   another browser comes to nothing.
 * @throws NotFoundError; AdminRefusedError for an org that needs no browser.
 */
export async function beginOrgSignIn(
  deps: AdminDeps,
  { id, session }: { id: string; session: string },
): Promise<BegunOrgSignIn> {
  const { store, secrets, now, allowLoopback } = deps;
  const org = await orgOf(deps, id);
  if (org.flow !== 'authorizationCode')
    throw new AdminRefusedError(`The org "${id}" is signed in to without a browser: connect it again instead.`);
  const [state, codeVerifier, callbackUrl] = [newBearerSecret(), newCodeVerifier(), callbackUrlOf(deps)];
  const verifierSealed = secrets.seal(codeVerifier, verifierContext(id));
  const expiresAt = await saveSignIn(store, { state, session, orgId: id, verifierSealed, callbackUrl }, now());
  const asked = { clientId: org.clientId, callbackUrl, state, codeVerifier };
  return { url: authorizeUrl(org.loginUrl, asked, { allowLoopback }), expiresAt };
}

/** What Salesforce came back with: a code, or an error. */
export interface ReturnedSignIn {
  state: string;
  session: string;
  code?: string | undefined;
  error?: string | undefined;
  errorDescription?: string | undefined;
}

/**
 * Ends a sign-in in the browser: exchanges the code, makes sure that it is the org of before, and keeps the session.
 * Another org is kept apart, for an admin to take.
 *
 * @throws AdminRefusedError when it was not begun in this session, or took too long; SignInRefusedError when Salesforce or
 *   the person said no; OtherOrgError; OrgUnavailableError.
 */
export async function finishOrgSignIn(
  deps: AdminDeps,
  { state, session, code, error, errorDescription = '' }: ReturnedSignIn,
): Promise<{ connection: ShownConnection; tried: Tried }> {
  const { store, secrets, now, allowLoopback, wake } = deps;
  const begun = await takeSignIn(store, { state, session, now: now() });
  if (begun === null)
    throw new AdminRefusedError(
      'This sign-in was not begun here, took longer than ten minutes, or was used. Begin it again, in one browser.',
    );
  if (code === undefined) {
    const refusal = error ?? 'no_code';
    throw new SignInRefusedError(refusal, classifySignInError({ error: refusal, description: errorDescription }));
  }
  const org = await orgOf(deps, begun.orgId);
  const { clientId, clientSecret } = openCredentials(secrets, org);
  const codeVerifier = secrets.open(begun.verifierSealed, verifierContext(org.id));
  const grant = { kind: 'authorizationCode', clientId, clientSecret, code, codeVerifier } as const;
  const token = await signIn(org.loginUrl, { ...grant, redirectUri: begun.callbackUrl }, { allowLoopback, now });
  const sealed = secrets.seal(JSON.stringify(token), sessionContext(org.id));
  try {
    await confirmOrg(store, org.id, { salesforceOrgId: token.orgId, instanceUrl: token.instanceUrl });
  } catch (failure) {
    // It may be the right one: an admin can take it without signing in once more.
    if (failure instanceof OtherOrgError)
      await saveOtherOrg(store, org.id, {
        ...{ salesforceOrgId: token.orgId, instanceUrl: token.instanceUrl, sealed },
        ...{ signInVersion: org.signInVersion, now: now() },
      });
    throw failure;
  }
  await replaceSession(store, org.id, sealed, now());
  await endNotice(store, accessNoticeKey(org.id), now());
  wake();
  const tried = await tryOrg(deps, await orgOf(deps, org.id));
  return { connection: await getConnection(deps, { id: org.id }), tried: withMissing(tried, token) };
}

/** A session that cannot be renewed works, for hours. */
function withMissing(tried: Tried, { refreshToken, scopes }: { refreshToken: string | null; scopes: string[] }): Tried {
  if (!tried.isIn || refreshToken !== null) return tried;
  const had = scopes.length === 0 ? '' : ` It gave: ${scopes.join(', ')}.`;
  return {
    isIn: true,
    said: `${tried.said} But the app gave no refresh token, so the session ends within hours.${had}`,
    remedy: 'Add the scope "refresh_token, offline_access" to the app, and sign in again.',
  };
}
