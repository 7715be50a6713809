import { openCredentials } from '../connection/credentials';
import { saveSignIn, takeSignIn, verifierContext, type SignInPurpose } from '../connection/org-sign-in.store';
import { SignInRefusedError } from '../salesforce/errors';
import { classifySignInError } from '../salesforce/oauth-error-table';
import { authorizeUrl, newCodeVerifier, signIn, type AskedOf, type Token } from '../salesforce/sign-in';
import { newBearerSecret } from '../security/bearer-secret';
import type { Org } from '../sync/org.store';
import { callbackUrlOf, type AdminDeps } from './deps';
import { AdminRefusedError } from './refused';

/** A sign-in that was begun: what to open in the browser, and until when. */
export interface BegunOrgSignIn {
  url: string;
  expiresAt: Date;
}

const ASKS: Record<SignInPurpose, AskedOf> = { connect: 'api', link: 'identity' };
/** Tells the page that Salesforce comes back to what was begun; what counts is the store. */
const LINK_MARK = 'link.';

/** Whether Salesforce comes back from a sign-in that was to tell who somebody is. Pure. */
export function isLinkState(state: unknown): boolean {
  return typeof state === 'string' && state.startsWith(LINK_MARK);
}

/**
 * Begins a sign-in at Salesforce in a browser: authorization code with PKCE.
 * @param session a secret of whoever begins it, to be shown again at the end: a sign-in that somebody else began in
 *   another browser comes to nothing.
 */
export async function beginBrowserSignIn(
  deps: AdminDeps,
  org: Org,
  { session, purpose }: { session: string; purpose: SignInPurpose },
): Promise<BegunOrgSignIn> {
  const { store, secrets, now, allowLoopback } = deps;
  const state = (purpose === 'link' ? LINK_MARK : '') + newBearerSecret();
  const [codeVerifier, callbackUrl] = [newCodeVerifier(), callbackUrlOf(deps)];
  const verifierSealed = secrets.seal(codeVerifier, verifierContext(org.id));
  const begun = { state, session, orgId: org.id, purpose, verifierSealed, callbackUrl };
  const expiresAt = await saveSignIn(store, begun, now());
  const asked = { clientId: org.clientId, callbackUrl, state, codeVerifier, asks: ASKS[purpose] };
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
 * Ends it: uses it up and exchanges the code. What becomes of the token is the caller's.
 *
 * @param orgFor gives the org that it was begun for, or throws when whoever ends it may not.
 * @throws AdminRefusedError when it was not begun in this session, or took too long; SignInRefusedError when Salesforce or
 *   the person said no; OrgUnavailableError.
 */
export async function endBrowserSignIn(
  { store, secrets, now, allowLoopback }: AdminDeps,
  { state, session, code, error, errorDescription = '' }: ReturnedSignIn,
  purpose: SignInPurpose,
  orgFor: (orgId: string) => Promise<Org>,
): Promise<{ org: Org; token: Token }> {
  const begun = await takeSignIn(store, { state, session, purpose, now: now() });
  if (begun === null)
    throw new AdminRefusedError(
      'This sign-in was not begun here, took longer than ten minutes, or was used. Begin it again, in one browser.',
    );
  if (code === undefined) {
    const refusal = error ?? 'no_code';
    throw new SignInRefusedError(refusal, classifySignInError({ error: refusal, description: errorDescription }));
  }
  const org = await orgFor(begun.orgId);
  const { clientId, clientSecret } = openCredentials(secrets, org);
  const codeVerifier = secrets.open(begun.verifierSealed, verifierContext(org.id));
  const grant = { kind: 'authorizationCode', clientId, clientSecret, code, codeVerifier } as const;
  const options = { allowLoopback, now };
  return { org, token: await signIn(org.loginUrl, { ...grant, redirectUri: begun.callbackUrl }, options) };
}
