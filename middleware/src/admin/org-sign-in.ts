import { accessNoticeKey } from '../connection/access';
import { replaceSession } from '../connection/connection.store';
import { saveOtherOrg } from '../connection/other-org.store';
import { sessionContext } from '../connection/session-cache';
import { endNotice } from '../notice/notice.store';
import { confirmOrg, OtherOrgError } from '../sync/org.store';
import { beginBrowserSignIn, endBrowserSignIn, type BegunOrgSignIn, type ReturnedSignIn } from './browser-sign-in';
import { getConnection, orgOf, tryOrg, type ShownConnection, type Tried } from './connections';
import type { AdminDeps } from './deps';
import { AdminRefusedError } from './refused';

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
  const org = await orgOf(deps, id);
  if (org.flow !== 'authorizationCode')
    throw new AdminRefusedError(`The org "${id}" is signed in to without a browser: connect it again instead.`);
  return beginBrowserSignIn(deps, org, { session, purpose: 'connect' });
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
  returned: ReturnedSignIn,
): Promise<{ connection: ShownConnection; tried: Tried }> {
  const { store, secrets, now, wake } = deps;
  const { org, token } = await endBrowserSignIn(deps, returned, 'connect', (id) => orgOf(deps, id));
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
